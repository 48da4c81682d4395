"""From the link to "sent" in three taps, counted; both sizes, both languages, with keys alone."""

from typing import Any

import pytest
from tests.site import axe
from tests.site.browsing import opened, overflow, small_targets, wait_until
from tests.site.world import plan_season

from nongshi.site.base.models import Event, User
from nongshi.site.base.services import make_link
from nongshi.site.jobs.models import FieldJob, JobStatus

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TAPS = "document.addEventListener('click', (e) => { if (e.isTrusted && e.detail) sessionStorage.taps = Number(sessionStorage.taps || 0) + 1; }, true)"  # noqa: E501


@pytest.fixture
def farmer() -> Any:
    from nongshi.site.demo import make_demo

    season = make_demo(fields=20)[0]
    plan_season(season)
    return User.objects.get(username="farmer").person


@pytest.mark.parametrize("language", ["zh", "en"])
def test_three_taps_from_the_opened_link_to_sent(browser: Any, live_server: Any, farmer: Any, language: str) -> None:
    before = set(FieldJob.objects.values_list("pk", flat=True))
    secret = make_link(farmer, "farmer")
    with opened(browser, live_server, size="phone", language=language) as page:
        page.add_init_script(TAPS)
        page.goto(f"{live_server.url}/l/{secret}")
        page.click(".ask label.tile:has(input[name=work]:not(:checked)) >> nth=0")
        page.click(".days label.tile >> nth=4")
        wait_until(page, "document.querySelector('#quote .price') !== null")
        assert overflow(page) == 0
        assert axe.serious(page) == []
        assert small_targets(page) == []
        page.click("#send")
        page.wait_for_selector(".notice.success")
        assert page.evaluate("sessionStorage.taps") == "3"
    new = FieldJob.objects.exclude(pk__in=before).get()
    assert (new.grower_id, new.status) == (farmer.pk, JobStatus.POSTED)


def test_a_job_is_sent_with_keys_alone_and_a_field_is_tapped_on_the_map(
    browser: Any, live_server: Any, farmer: Any
) -> None:
    count = FieldJob.objects.count()
    with opened(browser, live_server, user=farmer.user, size="desk", language="en") as page:
        page.goto(f"{live_server.url}/farmer/")
        page.click("[data-field-map] summary")
        page.wait_for_selector("[data-field-map] canvas")
        page.focus("input[name=day]")
        page.keyboard.press("ArrowRight")
        wait_until(page, "document.querySelector('#quote .price') !== null")
        page.focus("#send")
        page.keyboard.press("Enter")
        page.wait_for_selector(".notice.success")
        assert axe.serious(page) == []
    assert FieldJob.objects.count() == count + 1


@pytest.mark.parametrize(("size", "language"), [("phone", "zh"), ("desk", "en"), ("phone", "en"), ("desk", "zh")])
def test_the_page_of_a_job_can_be_used_by_everybody(
    browser: Any, live_server: Any, farmer: Any, size: str, language: str
) -> None:
    job = FieldJob.objects.filter(grower=farmer, status=JobStatus.PLANNED).first()
    FieldJob.objects.filter(pk=job.pk).update(status=JobStatus.DONE)
    with opened(browser, live_server, user=farmer.user, size=size, language=language) as page:
        page.goto(f"{live_server.url}/farmer/job/{job.pk}/")
        page.click("details.panel summary")
        assert overflow(page) == 0
        assert axe.serious(page) == []
        if size == "phone":
            assert small_targets(page) == []
        page.click("label.tile:has(input[value=area])")
        page.fill("#words", "少了两亩")
        page.click("button.danger")
        page.wait_for_selector(".notice.success")
    job.refresh_from_db()
    assert job.status == JobStatus.DISPUTED


def test_a_missing_field_is_pinned_by_the_phone(browser: Any, live_server: Any, farmer: Any) -> None:
    with opened(browser, live_server, user=farmer.user, size="phone") as page:
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation({"longitude": 121.2, "latitude": 30.8})
        page.goto(f"{live_server.url}/farmer/field/")
        page.fill("input[name=name]", "西塘")
        page.fill("input[name=area]", "3")
        page.click("#here")
        wait_until(page, "document.querySelector('input[name=lon]').value !== ''")
        assert overflow(page) == 0
        assert axe.serious(page) == []
        assert small_targets(page) == []
        page.click("button.huge")
        page.wait_for_selector(".notice.success")
    asked = Event.objects.get(name="FieldAsked").data
    assert (asked["field"], asked["lon"], asked["lat"]) == ("西塘", 121.2, 30.8)
