"""`nongshi bench board`: the dispatcher's board in headless Chromium: until it can be used, a drag's answer, bytes.

The site runs in a process of its own with a home that is thrown away; what is measured is what a browser sees.
"""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from nongshi.bench.site_server import Site, managed, served
from nongshi.core.errors import MissingExtra, NotFound

SIZE: Any = {"width": 1440, "height": 900}
ARGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
FIRST_MS = 120_000.0  # only to end instead of hanging
CARRY = """async ([id]) => {
  const { board, carrier } = window.nongshiBoard;
  board.asked.clear();
  performance.clearMeasures("board-drag");
  performance.clearResourceTimings();
  await carrier.start(board.byId.get(id), "pointer");
  while (!performance.getEntriesByName("board-drag").length) await new Promise(requestAnimationFrame);
  const took = performance.getEntriesByName("board-drag")[0].duration;
  const rows = document.querySelectorAll(".g-row.can, .g-row.cannot").length;
  const [asked] = performance.getEntriesByType("resource").filter((one) => one.name.endsWith("/places"));
  carrier.cancel();
  return { drag: took, answer: asked.responseEnd - asked.startTime, rows };
}"""


def bench_board(
    *,
    jobs: int = 1000,
    machines: int = 150,
    days: int = 10,
    cpu_s: float = 5.0,
    drags: int = 30,
    loads: int = 5,
    seed: int = 1,
    on_step: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Milliseconds from navigation to a board that can be used, and of a drag's answer drawn; bytes of a first load.

    A drag's answer: asked anew for every job, from the moment the job is lifted until every row in sight is drawn
    with its cost or reason; nothing is asked ahead of time.

    Raises:
        MissingExtra: the site or Playwright is not installed.
        NotFound: there is no Chromium.
    """
    chromium = _check_installed()
    tell = on_step or (lambda words: None)
    with tempfile.TemporaryDirectory(prefix="nongshi-board-") as home:
        tell(f"making and planning {jobs} jobs, {machines} machines, {days} days")
        season = _make_season(Path(home), jobs=jobs, machines=machines, days=days, cpu_s=cpu_s, seed=seed)
        with served("--no-demo", "--no-worker", home=Path(home)) as site:
            tell(f"measuring {loads} loads and {drags} drags")
            measured = _measure(site, season, chromium, drags=drags, loads=loads)
    sizes = {name: season[name] for name in ("jobs", "machines", "days", "served")}
    return {"format": "nongshi-bench-board/1", **sizes, **measured}


def _check_installed() -> str:
    for package, extra in (("django", "site"), ("playwright", "dev")):
        if find_spec(package) is None:
            raise MissingExtra(package, extra=extra)
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        raise NotFound("there is no Chromium on this machine; install the system's package chromium")
    return found


def _make_season(home: Path, **sizes: float) -> dict[str, Any]:
    managed(home, "migrate", "-v0")
    options = [f"--{name.replace('_', '-')}={value}" for name, value in sizes.items()]
    found: dict[str, Any] = json.loads(managed(home, "make_board_season", *options))
    return found


def _measure(site: Site, season: dict[str, Any], chromium: str, *, drags: int, loads: int) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=chromium, args=ARGS)
        try:
            context = browser.new_context(viewport=SIZE, locale="zh-CN")
            page = context.new_page()
            page.set_default_timeout(FIRST_MS)
            _sign_in(page, site.address, season)
            url = f"{site.address}/board/plan/{season['draft']}/"
            first_ms, sent = _first_load(context, url)
            again_ms = [_load(page, url) for _ in range(loads)]
            page.wait_for_timeout(2000)
            before_ms = site.cpu_ms()
            found = _drags(page, drags)
            spent_ms = site.cpu_ms() - before_ms
        finally:
            browser.close()
    return {
        "usable_first_ms": round(first_ms),  # empty cache of the browser, plan not yet read by the server
        "usable_ms": round(float(np.median(again_ms))),
        **{
            f"{name}_p{share}_ms": round(float(np.percentile([one[name] for one in found[1:]], share)), 1)
            for name in ("drag", "answer")
            for share in (50, 95)
        },
        "server_cpu_ms": round(spent_ms / len(found), 1),  # by drag
        "drags": len(found) - 1,
        "rows_answered": min(int(one["rows"]) for one in found[1:]),
        "load": round(os.getloadavg()[0], 1),
        "bytes_sent": sum(sent.values()),
        "largest": dict(sorted(sent.items(), key=lambda one: -one[1])[:5]),
    }


def _sign_in(page: Any, address: str, season: dict[str, Any]) -> None:
    page.goto(f"{address}/accounts/login/?next=/health")
    page.fill("input[name=login]", season["login"])
    page.fill("input[name=password]", season["password"])
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/health")


def _first_load(context: Any, url: str) -> tuple[float, dict[str, int]]:
    """(ms until usable, bytes over the line by name) of a page with an empty cache."""
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    names: dict[str, str] = {}
    sent: dict[str, int] = {}

    def ended(event: Any) -> None:
        name = names.get(event["requestId"], "?")
        sent[name] = sent.get(name, 0) + int(event["encodedDataLength"])

    def begun(event: Any) -> None:
        names[event["requestId"]] = urlsplit(event["request"]["url"]).path

    line.on("Network.requestWillBeSent", begun)
    line.on("Network.loadingFinished", ended)
    took_ms = _load(page, url)
    page.wait_for_timeout(3000)  # the map and its outlines come behind
    page.close()
    return took_ms, sent


def _load(page: Any, url: str) -> float:
    page.goto(url)
    until = time.monotonic() + FIRST_MS / 1000
    while time.monotonic() < until:
        found = page.evaluate("performance.getEntriesByName('board-usable')[0]?.startTime ?? null")
        if found is not None:
            return float(found)
        page.wait_for_timeout(20)
    raise NotFound("the board never came; see the server's log")


def _drags(page: Any, count: int) -> list[dict[str, float]]:
    """{drag, answer: ms until drawn and until the server has answered; rows} of jobs spread over the plan, the first
    one too much: it warms up."""
    ids = page.evaluate("window.nongshiBoard.board.jobs.filter((job) => !job.fixed).map((job) => job.id)")
    chosen = [ids[round(k * (len(ids) - 1) / max(1, count))] for k in range(count + 1)]
    return [page.evaluate(CARRY, [job_id]) for job_id in chosen]
