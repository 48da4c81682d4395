"""The cab's pages in a browser: both sizes, both languages, everybody can use them; a line that comes and goes.

Without the service worker (test_offline.py is about it): it fetches pages beside the page's own requests, and the
tests' database in memory takes one at a time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from tests.site import axe, browsing
from tests.site.browsing import overflow, small_targets, wait_until
from tests.site.cab.day import Day, at

from nongshi.site.base.models import Person
from nongshi.site.plans.models import OrderState, Report, WorkOrder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = ("/cab/", "/cab/hours/", "/cab/me/")
WAITING = "Object.keys(localStorage).filter((name) => name.startsWith('nongshi.report.')).length"
COUNTED = """window.asking = 0; const ask = window.fetch;
window.fetch = (...what) => { window.asking += 1; return ask(...what).finally(() => { window.asking -= 1; }); };"""
LOW = """() => [...document.querySelectorAll('main button, main .button, main summary, main label.button')]
  .filter((e) => e.checkVisibility() && !e.closest('.ol-control') && e.getBoundingClientRect().height < 55.5)
  .map((e) => e.textContent.trim())"""


@contextmanager
def opened(*args: Any, **kwargs: Any) -> Iterator[Any]:
    """A page in a browser that has no service workers."""
    with browsing.opened(*args, **kwargs) as page:
        page.add_init_script("Object.defineProperty(Navigator.prototype, 'serviceWorker', {value: undefined})")
        page.add_init_script(COUNTED)
        yield page
        settle(page)  # no request of this test runs on into the next


def settle(page: Any) -> None:
    """Until the page asks nothing of the server any more."""
    wait_until(page, "window.asking === 0")
    page.wait_for_timeout(300)  # what follows from an answer is asked by now
    wait_until(page, "window.asking === 0")


@pytest.mark.parametrize(("size", "language"), [("phone", "zh"), ("phone", "en"), ("desk", "zh"), ("desk", "en")])
def test_pages_fit_and_can_be_used_by_everybody(browser: Any, live_server: Any, size: str, language: str) -> None:
    day = Day(3)
    with opened(browser, live_server, user=day.driver.user, size=size, language=language) as page:
        for path in PAGES:
            page.goto(live_server.url + path)
            page.wait_for_selector("[data-line][data-state=ok]")
            assert overflow(page) == 0, path
            assert axe.serious(page) == [], path
            if size == "phone":
                assert small_targets(page) == [], path
                assert page.evaluate(LOW) == [], path
        page.goto(live_server.url + "/cab/")
        for opener, dialog in (("[data-report=problem]:visible", "#problem"), ("[data-dialog=sos]", "#sos")):
            page.click(opener)
            assert overflow(page) == 0, dialog
            assert axe.serious(page, within=dialog) == [], dialog
            if size == "phone":
                assert small_targets(page) == [], dialog
            page.click(f"{dialog} [data-close]")


def test_start_and_done_are_two_taps_and_the_next_field_opens(browser: Any, live_server: Any) -> None:
    day = Day(2)
    with opened(browser, live_server, user=day.driver.user, size="phone") as page:
        page.goto(live_server.url + "/cab/")
        for kind in ("start", "done"):
            page.click(f"[data-report={kind}]:visible")
            wait_until(page, f"{WAITING} === 0")
            settle(page)
        assert page.locator(".cab-job[open]").get_attribute("data-order") == str(day.orders[1].pk)
        assert page.locator(f"#order-{day.orders[0].pk}").get_attribute("data-state") == "done"
    assert [report.kind for report in Report.objects.all()] == ["start", "done"]
    assert WorkOrder.objects.get(pk=day.orders[0].pk).state == OrderState.DONE


def test_a_lost_line_is_said_and_what_waits_goes_out_when_it_is_back(browser: Any, live_server: Any) -> None:
    day = Day(1)
    with opened(browser, live_server, user=day.driver.user, size="phone", language="en", expected=("ERR_",)) as page:
        page.goto(live_server.url + "/cab/")
        page.context.set_offline(True)
        page.click("[data-report=start]:visible")
        page.wait_for_selector(".cab-reports :text('not yet sent')")
        assert "Not yet sent: 1" in page.text_content("[data-line-words]")
        page.context.set_offline(False)  # the browser tells the page
        wait_until(page, f"{WAITING} === 0")
        page.wait_for_selector(".cab-reports :text('sent ')")
    assert Report.objects.count() == 1


def test_a_page_kept_since_yesterday_calls_its_tomorrow_today(browser: Any, live_server: Any) -> None:
    day = Day(0)
    day.add(1, day=1)
    with opened(browser, live_server, user=day.driver.user, size="phone", language="en") as page:
        page.goto(live_server.url + "/cab/")
        assert page.text_content("[data-day-word]") == "Tomorrow"
        page.clock.set_fixed_time(at(7, 1))
        page.reload()
        page.wait_for_selector("[data-day-word]:has-text('Today')")


def test_a_session_that_ended_keeps_the_reports_and_says_what_to_do(browser: Any, live_server: Any) -> None:
    day = Day(1)
    with opened(browser, live_server, user=day.driver.user, size="phone", language="en", expected=("403",)) as page:
        page.goto(live_server.url + "/cab/")
        page.wait_for_selector("[data-line][data-state=ok]")
        page.context.clear_cookies(name="sessionid")
        page.click("[data-report=start]:visible")
        page.wait_for_selector("[data-line][data-state=bad]:has-text('Signed out: 1')")
        assert page.evaluate(WAITING) == 1
    assert Report.objects.count() == 0


def test_a_browser_that_keeps_nothing_is_told_so_and_offers_no_report(browser: Any, live_server: Any) -> None:
    day = Day(1)
    forbidden = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('denied'); }})"
    with opened(browser, live_server, user=day.driver.user, size="phone", language="en") as page:
        page.add_init_script(forbidden)
        page.goto(live_server.url + "/cab/")
        page.wait_for_selector("[data-line][data-state=bad]:has-text('keeps nothing')")
        assert page.locator(".cab-job[open]").count() == 1
        assert page.locator("[data-report]:visible").count() == 0


def test_a_refused_report_stays_and_is_named(browser: Any, live_server: Any) -> None:
    day = Day(1)
    with opened(browser, live_server, user=day.driver.user, size="phone", language="en", expected=("404",)) as page:
        page.goto(live_server.url + "/cab/")
        page.wait_for_selector("[data-line][data-state=ok]")
        page.evaluate("document.querySelector('.cab-job').dataset.order = '99999'")
        page.click("[data-report=start]:visible")
        page.wait_for_selector("[data-line][data-state=bad]:has-text('Not accepted: 1')")
        assert page.evaluate(WAITING) == 1


def test_reports_of_another_person_on_the_phone_are_not_sent_by_this_one(browser: Any, live_server: Any) -> None:
    day = Day(1)
    other = Person.objects.get(pk=day.dispatcher.pk)
    with opened(browser, live_server, user=day.driver.user, size="phone", language="en") as page:
        page.goto(live_server.url + "/cab/")
        name, said = f"nongshi.report.{other.pk}.k1234567", '{"key": "k1234567", "at": "2026-11-27T00:00:00Z"}'
        page.evaluate("([name, said]) => localStorage.setItem(name, said)", [name, said])
        page.reload()
        page.wait_for_selector("[data-line]:has-text('another person')")
        assert page.evaluate(WAITING) == 1
    assert Report.objects.count() == 0
