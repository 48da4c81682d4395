"""`nongshi bench booking`: a clerk's lines from paste to posted, and a farmer's job in taps, in a real browser.

The site runs in a process of its own on a fresh database with the demo (generated) and its plan in force; the browser
is the machine's Chromium. Time is that of the whole machine: server, browser and page together.
"""

import csv
import io
import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nongshi.bench.site_server import served
from nongshi.core.errors import MissingExtra, NongshiError
from nongshi.files.whole import write_whole

WORKS = ("打捆", "旋耕", "打药", "收割", "种麦")
DAYS = ("12天内", "这几天", "明后天", "10天内", "一周内")
ANSWER_MS_MAX = 60_000
ARGUMENTS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update")
# only a tap of a person counts: the browser marks those as trusted
TAPS = """document.addEventListener('click', (e) => {
  if (e.isTrusted && e.detail) sessionStorage.taps = Number(sessionStorage.taps || 0) + 1;
}, true)"""
Tell = Callable[[str], None] | None


class BenchFailed(NongshiError):
    """A page did not do what it should."""

    code = "bench_failed"


def bench_booking(*, jobs: int, out: Path, on_step: Tell = None) -> dict[str, Any]:
    """Paste so many lines as a clerk, post them, then ask for one job as a farmer.

    Raises:
        MissingExtra: Playwright is not installed.
        BenchFailed: no Chromium, or a page fails.
        SiteNotUp: the site does not come up.
    """
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise BenchFailed("Chromium is not installed; install it from the distribution")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise MissingExtra("playwright", extra="dev") from None
    tell = on_step or (lambda words: None)
    tell("the demo is made and planned")
    with served("--no-worker") as site, sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        try:
            tell(f"{jobs} lines are pasted")
            clerk = _signed_in(browser, site.address, site.logins["clerk"])
            figures = _clerk(clerk, site.address, jobs)
            tell("a farmer asks for work")
            figures |= _farmer(browser, clerk, site.address)
        finally:
            browser.close()
    write_whole(out / "booking.json", json.dumps(figures, ensure_ascii=False, indent=1) + "\n")
    return figures


def _signed_in(browser: Any, address: str, login: tuple[str, str]) -> Any:
    page = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(ANSWER_MS_MAX)
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", login[0])
    page.fill("input[name=password]", login[1])
    page.press("input[name=password]", "Enter")
    page.wait_for_selector(".menu")
    return page


GROWER, FIELD = 2, 4  # columns of the clerk's list


def _clerk(page: Any, address: str, jobs: int) -> dict[str, Any]:
    """Paste, read, price, post; the clock runs from the paste to the list of posted jobs."""
    sheet = page.request.get(f"{address}/clerk/jobs.csv").text().lstrip("\ufeff")
    table = list(csv.reader(io.StringIO(sheet)))[1:]  # by place: heads are words that a translation may change
    rows = {(row[GROWER], row[FIELD]) for row in table if row[GROWER]}
    known = sorted(rows)
    lines = [
        f"{known[n % len(known)][0]} {known[n % len(known)][1]} {WORKS[n // len(known) % 5]} {DAYS[n % 2 * 3]}"
        for n in range(jobs)
    ]
    page.goto(f"{address}/clerk/")
    begun = time.perf_counter()
    page.fill("#text", "\n".join(lines))
    page.click("#read")
    page.wait_for_selector("td.price b")
    priced = time.perf_counter()
    page.click("input[name=how][value=wechat]")
    page.click("#post")
    page.wait_for_url("**/clerk/jobs/**")
    page.wait_for_selector(".notice.success")
    ended = time.perf_counter()
    return {
        "jobs": jobs,
        "paste_to_priced_s": round(priced - begun, 2),
        "priced_to_posted_s": round(ended - priced, 2),
        "paste_to_posted_s": round(ended - begun, 2),
    }


def _farmer(browser: Any, clerk: Any, address: str) -> dict[str, Any]:
    """Taps from the opened link to sent: another work, a day, send."""
    clerk.goto(f"{address}/clerk/jobs/")
    clerk.click("form[action*='/clerk/link/'] button >> nth=0")
    link = clerk.get_attribute(".link-card a", "href")
    page = browser.new_context(locale="zh-CN", viewport={"width": 390, "height": 844}, has_touch=True).new_page()
    page.set_default_timeout(ANSWER_MS_MAX)
    page.add_init_script(TAPS)
    page.goto(link)
    page.click("label.tile:has(input[name=work]:not(:checked)) >> nth=0")
    begun = time.perf_counter()
    page.click(".days label.tile >> nth=4")
    page.wait_for_selector("#quote .price")
    shown = time.perf_counter()
    page.click("#send")
    page.wait_for_selector(".notice.success")
    return {
        "farmer_taps": int(page.evaluate("sessionStorage.taps")),
        "farmer_tap_to_price_s": round(shown - begun, 2),
    }
