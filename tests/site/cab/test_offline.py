"""A day without a server: reports wait on the phone, the page is read from its memory, and each counts once."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.site.browsing import opened, wait_until
from tests.site.cab.pictures import jpeg_size, png
from tests.site.cab.serving import Site

pytestmark = pytest.mark.browser
ORDERS = 8
GONE = ("ERR_", "Failed to load resource")  # what the browser says of a server that is not there
KEPT = "caches.match('/cab/hours/', {ignoreVary: true}).then((page) => Boolean(page))"
WAITING = "Object.keys(localStorage).filter((name) => name.startsWith('nongshi.report.')).length"
QUEUE = "JSON.stringify(Object.entries(localStorage).filter(([name]) => name.startsWith('nongshi.report.')))"

SEND_AT_ONCE = """async (times) => {
  const order = document.querySelector("[data-order]").dataset.order;
  const said = {key: "eight-at-once", order, kind: "start", at: new Date().toISOString()};
  const headers = {Accept: "application/json", "X-CSRFToken": window.nongshi.csrf()};
  const send = () => {
    const body = new FormData();
    for (const [name, value] of Object.entries(said)) body.append(name, value);
    const asked = fetch("/cab/reports/", {method: "POST", headers, body});
    return asked.then(async (answer) => [answer.status, await answer.text()]);
  };
  return Promise.all(Array.from({length: times}, send));
}"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path / "home", ORDERS)
    made.start()
    yield made
    made.stop(signal.SIGKILL)


def sign_in(page: Any, site: Site) -> None:
    """By the link, and until the phone keeps all it needs."""
    page.goto(f"{site.url}/l/{site.link}")
    wait_until(page, KEPT)


def report(page: Any, kind: str) -> None:
    page.click(f".cab-job[open] [data-report={kind}]:visible")


def work_the_day(page: Any) -> None:
    for number in range(ORDERS):
        report(page, "start")
        wait_until(page, f"{WAITING} === {2 * number + 1}")
        report(page, "done")
        wait_until(page, f"{WAITING} === {2 * number + 2}")


def states(page: Any) -> list[str]:
    return list(page.evaluate("[...document.querySelectorAll('.cab-job')].map((card) => card.dataset.state)"))


def test_a_days_reports_without_a_server_arrive_once_each_even_after_a_crash_of_the_sender(
    browser: Any, site: Site
) -> None:
    with opened(browser, site, size="phone", expected=GONE) as page:
        sign_in(page, site)
        site.stop()
        work_the_day(page)
        page.reload()
        assert states(page) == ["done"] * ORDERS
        assert str(2 * ORDERS) in page.text_content("[data-line-words]")
        page.goto(f"{site.url}/cab/hours/")
        page.goto(f"{site.url}/l/{site.link}")  # the link itself opens without a server too
        assert states(page) == ["done"] * ORDERS
        queue = page.evaluate(QUEUE)
        assert len(json.loads(queue)) == 2 * ORDERS
        assert site.rows("SELECT count(*) FROM plans_report") == [(0,)]

        site.start()
        page.reload()
        wait_until(page, f"{WAITING} === 0")
        assert site.rows("SELECT count(*), count(DISTINCT key) FROM plans_report") == [(2 * ORDERS, 2 * ORDERS)]
        arrived = site.rows("SELECT key, received FROM plans_report ORDER BY id")

        # The sender dies after the answer, before the report leaves the queue: all of it is there again.
        page.evaluate(
            "(queue) => JSON.parse(queue).forEach(([name, value]) => localStorage.setItem(name, value))", queue
        )
        page.reload()
        wait_until(page, f"{WAITING} === 0")
        assert site.rows("SELECT key, received FROM plans_report ORDER BY id") == arrived

        assert site.rows("SELECT DISTINCT state FROM plans_workorder") == [("done",)]
        assert site.rows("SELECT DISTINCT status FROM jobs_fieldjob") == [("done",)]
        per_order = "SELECT count(*), sum(kind = 'start'), sum(kind = 'done') FROM plans_report GROUP BY order_id"
        assert site.rows(per_order) == [(2, 1, 1)] * ORDERS
        assert site.rows("SELECT count(*) FROM base_event WHERE name IN ('WorkStarted', 'WorkDone')") == [(2 * ORDERS,)]


def test_a_server_killed_while_it_takes_reports_in_loses_and_doubles_none(browser: Any, site: Site) -> None:
    with opened(browser, site, size="phone", expected=GONE) as page:
        sign_in(page, site)
        site.stop()
        work_the_day(page)
        site.start()
        page.evaluate("window.dispatchEvent(new Event('online'))")
        wait_until(page, f"{WAITING} < {2 * ORDERS - 2}")  # some are in, most are not
        site.stop(signal.SIGKILL)
        left = page.evaluate(WAITING)
        assert left > 0
        arrived = site.rows("SELECT count(*) FROM plans_report")[0][0]
        assert 2 * ORDERS - left <= arrived  # what the phone let go of is kept
        site.start()
        page.evaluate("window.dispatchEvent(new Event('online'))")
        wait_until(page, f"{WAITING} === 0")
        assert site.rows("SELECT count(*), count(DISTINCT key) FROM plans_report") == [(2 * ORDERS, 2 * ORDERS)]
        assert site.rows("SELECT DISTINCT state FROM plans_workorder") == [("done",)]


def test_one_report_sent_eight_times_at_once_is_kept_once_and_answered_alike(browser: Any, site: Site) -> None:
    with opened(browser, site, size="phone") as page:
        page.goto(f"{site.url}/l/{site.link}")
        answers = page.evaluate(SEND_AT_ONCE, 8)
        assert {status for status, _ in answers} == {201}
        assert len({text for _, text in answers}) == 1
        assert site.rows("SELECT count(*) FROM plans_report") == [(1,)]
        assert site.rows("SELECT count(*) FROM base_event WHERE name = 'WorkStarted'") == [(1,)]


def test_a_problem_with_its_photo_waits_for_the_server_and_the_page_needs_no_service_worker(
    browser: Any, site: Site
) -> None:
    """As in browsers inside other apps: the queue is the page's own."""
    with opened(browser, site, size="phone", language="en", expected=GONE) as page:
        page.add_init_script("Object.defineProperty(Navigator.prototype, 'serviceWorker', {value: undefined})")
        page.goto(f"{site.url}/l/{site.link}")
        page.wait_for_selector("[data-line][data-state=ok]")
        site.stop()
        report(page, "start")
        report(page, "problem")
        page.click("#problem .cab-kind:nth-of-type(2)")
        page.fill("#problem textarea", "front wheel in the ditch")
        page.set_input_files(
            "#problem input[type=file]", {"name": "a.png", "mimeType": "image/png", "buffer": png(2400, 1800)}
        )
        page.wait_for_selector("[data-problem-photo]:visible")
        page.click("#problem button.primary")
        wait_until(page, f"{WAITING} === 2")
        assert page.locator(".cab-job[open] .late-ink").count() == 2
        site.start()
        page.click("[data-send]")
        wait_until(page, f"{WAITING} === 0")
        [(data, photo, state)] = site.rows(
            "SELECT r.data, r.photo, o.state FROM plans_report r JOIN plans_workorder o ON o.id = r.order_id "
            "WHERE r.kind = 'problem'"
        )
        assert json.loads(data) == {"what": "stuck", "words": "front wheel in the ditch"}
        assert state == "problem"
        assert jpeg_size((site.home / "uploads" / photo).read_bytes()) == (1600, 1200)


def test_signing_out_takes_the_kept_pages_off_the_phone(browser: Any, site: Site) -> None:
    from playwright.sync_api import Error

    with opened(browser, site, size="phone", expected=GONE) as page:
        sign_in(page, site)
        page.click(".menu summary")
        page.click(".menu form[action='/sign-out'] button")
        wait_until(page, f"{KEPT}.then((kept) => !kept)")
        site.stop()
        with pytest.raises(Error):
            page.goto(f"{site.url}/cab/")


def test_an_sos_without_a_server_says_so_and_gives_the_number(browser: Any, site: Site) -> None:
    with opened(browser, site, size="phone", language="en", expected=GONE) as page:
        sign_in(page, site)
        site.stop()
        page.click("[data-dialog=sos]")
        page.click("[data-sos]")
        page.wait_for_selector("#sos-state .notice:has-text('NOT SENT YET')")
        assert page.get_attribute("#sos-state a", "href") == "tel:13800000001"
        site.start()
        page.evaluate("window.dispatchEvent(new Event('online'))")
        page.wait_for_selector("#sos-state .notice:has-text('Your dispatchers are told')")
        assert site.rows("SELECT kind FROM plans_report") == [("sos",)]
        assert site.rows("SELECT count(*) FROM plans_notice") == [(1,)]
