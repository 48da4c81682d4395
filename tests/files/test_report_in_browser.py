import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from tests.files.sample_plan import phone_plan, small_plan, small_region

from nongshi.files.report import write_report

pytestmark = pytest.mark.browser
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def need(thing: object, what: str) -> None:
    if not thing:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{what} is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    need(chromium, "Chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        need(None, "playwright")
    with sync_playwright() as tool:
        found = tool.chromium.launch(executable_path=chromium, args=QUIET)
        yield found
        found.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "report.html"
    region = small_region()
    write_report(path, region, small_plan(region), baseline=phone_plan(region))
    return path.as_uri()


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(browser: Any, address: str, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The report opened; anything said on the console or asked of the network fails the test."""
    context = browser.new_context(viewport=request.param, timezone_id="America/New_York", locale="en-US")
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("console", lambda message: troubles.append(message.text))
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("request", lambda r: None if r.url.startswith((address, "data:")) else troubles.append(r.url))
    opened.goto(address)
    yield opened
    context.close()
    assert troubles == []


def test_it_opens_in_chinese_and_says_that_data_is_generated(page: Any) -> None:
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert page.locator("#synthetic").inner_text() == "生成数据"
    assert "30,148 元" in page.locator("#cards").inner_text()


def test_the_language_switches_and_is_remembered(page: Any) -> None:
    page.click("#lang")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert "30,148 yuan" in page.locator("#cards").inner_text()
    page.reload()
    assert page.locator("#synthetic").inner_text() == "generated data"


def test_choosing_a_machine_draws_its_route_with_numbered_stops(page: Any) -> None:
    assert page.locator("#way").count() == 0
    page.select_option("#route-of", "M1")
    page.wait_for_selector("#way", state="attached")
    assert page.locator("text.pin-n").first.text_content() == "1"


def test_nothing_reaches_beyond_the_sides_of_the_screen(page: Any) -> None:
    for _ in ("zh", "en"):
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.click("#lang")


def test_a_tapped_field_tells_its_job_even_with_a_wicked_name(page: Any) -> None:
    page.evaluate("chooseField(FIELDS.findIndex((f) => f.label.includes('script')))")
    assert page.locator("#sheet h2").inner_text() == "<script>alert('x')</script>"
    page.click("#sheet-close")
    assert page.locator("#sheet").is_hidden()


def test_times_are_the_regions_wall_time_wherever_the_browser_is(page: Any) -> None:
    page.evaluate("chooseStop(D.stops[0])")
    assert "11月1日 07:30–13:03" in page.locator("#sheet").inner_text()


def test_search_leaves_only_the_machines_that_match(page: Any) -> None:
    page.fill("#find", "P2")
    shown = ".g-row" if page.viewport_size == DESK else "#agenda details"
    assert page.locator(shown).evaluate_all("rows => rows.map(r => r.dataset.m)") == ["M2"]


def test_buttons_are_large_enough_for_a_thumb_or_a_mouse(page: Any) -> None:
    """44 px for a thumb (WCAG 2.2, 2.5.5), 24 px for a mouse (2.5.8)."""
    least = 24 if page.viewport_size == DESK else 44
    low = "(all, px) => all.filter(b => b.offsetParent && b.getBoundingClientRect().height < px).map(b => b.outerHTML)"
    assert page.locator("button, select, input, summary").evaluate_all(low, least) == []
