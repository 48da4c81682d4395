"""The register in a browser: a field drawn, a list taken over, somebody let in; both sizes, both languages."""

from typing import Any

import pytest
from tests.site import axe
from tests.site.browsing import opened, overflow, small_targets, wait_until

from nongshi.site.base.models import Person, User
from nongshi.site.base.rights import RoleKind
from nongshi.site.register.models import CodeTable, Field, Machine, Operator, Yard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CSV = "编号,名称,经度,纬度\nYB,新机库,121.15,30.8\n"
DRAWN = ((0.35, 0.35), (0.6, 0.35), (0.6, 0.6), (0.35, 0.6))


@pytest.fixture
def dispatcher(transactional_db: None) -> Any:
    """The dispatcher of the small demo, with code tables."""
    from nongshi.site.demo import make_demo
    from nongshi.site.register.codes import keep_tables

    keep_tables()
    make_demo(fields=20)
    return User.objects.get(username="dispatcher")


def sound(page: Any, size: str) -> None:
    assert overflow(page) == 0, page.url
    assert axe.serious(page) == [], page.url
    if size == "phone":
        assert small_targets(page) == [], page.url


@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("phone", "zh"), ("phone", "en"), ("desk", "en")])
def test_every_page_is_sound(browser: Any, live_server: Any, dispatcher: Any, size: str, language: str) -> None:
    org = dispatcher.person.org
    field = Field.objects.filter(org=org).first()
    machine = Machine.objects.create(org=org, ref="MB", machine_class="combine-full", yard_lon=121.1, yard_lat=30.8)
    driver = Person.objects.filter(org=org).first()
    operator = Operator.objects.create(org=org, ref="OB", person=driver)
    assert field is not None
    pages = (
        "/register/fields/", "/register/operators/", f"/register/fields/{field.pk}/",
        f"/register/machines/{machine.pk}/", f"/register/operators/{operator.pk}/", "/register/machines/new/",
        "/register/fields/import/", "/register/lendings/", "/register/codes/",
        f"/register/codes/{CodeTable.objects.get(name='machine_class').pk}/", "/people/", "/people/new/",
        f"/people/{driver.pk}/", "/people/org/", "/people/begin/", "/seasons/", "/seasons/folder/",
    )  # fmt: skip
    with opened(browser, live_server, user=dispatcher, size=size, language=language) as page:
        for path in pages:
            page.goto(f"{live_server.url}{path}")
            sound(page, size)


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_field_is_drawn_on_the_map_and_kept(browser: Any, live_server: Any, dispatcher: Any, size: str) -> None:
    with opened(browser, live_server, user=dispatcher, size=size) as page:
        page.goto(f"{live_server.url}/register/fields/new/")
        page.fill("#id_ref", "FB1")
        page.fill("#id_name", "画出来的田")
        page.fill("#id_area_mu", "1")
        wait_until(page, "document.querySelector('#edit-map').nongshiMap?.count('near') > 0")
        page.locator("#edit-map").scroll_into_view_if_needed()
        page.click("#draw")
        box = page.locator("#edit-map").bounding_box()
        for x, y in DRAWN:
            page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
            page.wait_for_timeout(350)  # two quick clicks would be a double one
        page.click("#finish")
        wait_until(page, "document.querySelector('#drawn-area').dataset.mu > 0")
        assert page.locator("#area-differs").is_visible()
        page.click("#use-area")
        assert not page.locator("#area-differs").is_visible()
        sound(page, size)
        page.click("#row-form button.primary:not(#finish)")
        page.wait_for_url("**/register/fields/*/")
        sound(page, size)
    field = Field.objects.get(ref="FB1")
    assert field.geometry is not None
    assert len(field.geometry.exterior.coords) == 5
    assert -180 < field.gate_lon < 180


def test_a_crossing_outline_is_shown_where_it_crosses(browser: Any, live_server: Any, dispatcher: Any) -> None:
    bow = '{"type":"Polygon","coordinates":[[[121,30],[121.002,30.002],[121.002,30],[121,30.002],[121,30]]]}'
    with opened(browser, live_server, user=dispatcher, expected=("422",)) as page:
        page.goto(f"{live_server.url}/register/fields/new/")
        # Requests at the same time lock the tables of the tests' shared database in memory; a file's wait their turn.
        wait_until(page, "document.querySelector('#edit-map').nongshiMap?.count('near') > 0")
        page.fill("#id_ref", "FX")
        page.fill("#id_name", "交叉")
        page.fill("#id_area_mu", "1")
        page.fill("#id_gate_lon", "121")
        page.fill("#id_gate_lat", "30")
        page.click("details:has(#paste) summary")
        page.fill("#paste", bow)
        page.click("#take-paste")
        wait_until(page, "document.querySelector('#live-fault') !== null")
        page.click("#row-form button.primary:not(#finish)")
        page.wait_for_selector("#outline-fault")
        assert page.input_value("#id_name") == "交叉"
        wait_until(page, "document.querySelector('#live-fault') !== null")
        assert page.evaluate("document.querySelector('#edit-map').nongshiMap.count('fault')") == 1
    assert not Field.objects.filter(ref="FX").exists()


@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("phone", "en")])
def test_a_list_is_looked_at_and_taken_over(
    browser: Any, live_server: Any, dispatcher: Any, size: str, language: str
) -> None:
    with opened(browser, live_server, user=dispatcher, size=size, language=language) as page:
        page.goto(f"{live_server.url}/register/yards/import/")
        file = {"name": "y.csv", "mimeType": "text/csv", "buffer": CSV.encode("gbk")}
        page.set_input_files("#id_file", file)
        page.click("form.form button.primary")
        page.wait_for_url("**/register/files/*/")
        assert not Yard.objects.filter(ref="YB").exists()
        sound(page, size)
        page.click("form.take-over button")
        page.wait_for_url("**/register/yards/")
        sound(page, size)
    assert Yard.objects.get(ref="YB").name == "新机库"


@pytest.mark.parametrize(("size", "language"), [("desk", "en"), ("phone", "zh")])
def test_somebody_is_added_and_gets_a_card(
    browser: Any, live_server: Any, dispatcher: Any, size: str, language: str
) -> None:
    with opened(browser, live_server, user=dispatcher, size=size, language=language) as page:
        page.goto(f"{live_server.url}/people/new/")
        page.fill("#id_name", "李四")
        page.fill("#id_phone", "138 1234 5678")
        page.check("input[name=roles][value=farmer]")
        page.click("form.form button.primary")
        page.wait_for_url("**/people/*/")
        sound(page, size)
        page.click("section:has(#h-in) form.form button.primary")
        page.wait_for_selector(".link-card svg")
        sound(page, size)
    person = Person.objects.get(name="李四")
    assert person.links.count() == 1
    assert person.roles.get().kind == RoleKind.FARMER
