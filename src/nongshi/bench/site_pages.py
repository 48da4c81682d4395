"""`nongshi bench pages`: every page that a role can reach by its links, in both languages and at both sizes.

For each page: does it answer, is anything asked of another host, is a text not translated, is the layout broken, does a
script fail, what do the rules of axe find. Pages that differ by a number only are opened a few times, not each.
"""

import re
import shutil
import sqlite3
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from nongshi.bench.page_words import foreign
from nongshi.bench.site_server import Site, served
from nongshi.core.errors import NotFound

SIZES: Mapping[str, tuple[int, int]] = {"desk": (1440, 900), "phone": (390, 844)}
LANGUAGES: Mapping[str, tuple[str, str]] = {"zh": ("zh-hans", "zh-CN"), "en": ("en", "en-US")}
ROLES = ("", "farmer", "clerk", "dispatcher", "owner", "operator", "trainer", "trainee", "officer", "auditor", "buyer")
ALIKE_MAX = 2  # pages of one shape that are opened
PAGES_MAX = 120  # of one role, size and language; a limit so that a page that links to ever new ones ends
SKIPPED = re.compile(r"^/(admin|static|accounts/(logout|social)|i18n)|/(sign-out|logout)|\.\w{2,8}$|/(print|pdf|file)/")
COMMON = re.compile(r"^/(accounts|access|link)\b")  # the same for everybody:
COMMON_FOR = ("", "farmer")  # opened as nobody and as one role
ADVICE = "willReadFrequently"  # the browser's about OpenLayers' hit detection; nothing is wrong
QUIET = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync")
WORKED_S = 1200.0  # waited for the demo's plan and forecast; without them half the pages are empty
SETTLED_MS = 400  # maps and charts draw after the page is there
LINKS = "() => [...document.querySelectorAll('a[href]:not([download])')].map((a) => a.href)"
BEYOND = "() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth)"
AXE = "() => window.axe.run(document, {resultTypes: ['violations']})"

Step = Callable[[str], None]


@dataclass(slots=True)
class Seen:
    """One page as one role saw it; empty lists are well."""

    role: str
    size: str
    language: str
    path: str
    status: int = 0
    overflow_px: int = 0
    other_hosts: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    axe: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.status < 400 and not (
            self.overflow_px or self.other_hosts or self.console or self.foreign or self.axe
        )


def bench_pages(
    *,
    chromium: str,
    axe: Path | None,
    roles: Iterable[str] = ROLES,
    sizes: Iterable[str] = tuple(SIZES),
    languages: Iterable[str] = tuple(LANGUAGES),
    pictures: Path | None = None,
    on_step: Step | None = None,
) -> dict[str, Any]:
    """Walk through the demo's site as every role; counts, and every page with something wrong."""
    from playwright.sync_api import sync_playwright

    rules = axe.read_text(encoding="utf-8") if axe is not None else ""
    seen: list[Seen] = []
    with (
        tempfile.TemporaryDirectory(prefix="nongshi-pages-") as home,
        served(home=Path(home)) as site,
        sync_playwright() as tool,
    ):
        left = wait_for_work(Path(home))
        if on_step is not None:
            on_step(f"the demo's runs are over: {not left}")
        browser = tool.chromium.launch(executable_path=chromium, args=list(QUIET))
        for role in roles:
            for size in sizes:
                for language in languages:
                    walked = list(walk(browser, site, role, size, language, rules, pictures))
                    seen += walked
                    if on_step is not None:
                        wrong = sum(not page.ok for page in walked)
                        on_step(f"{role or 'nobody'} {size} {language}: {len(walked)} pages, {wrong} with findings")
        browser.close()
    return summary(seen)


def wait_for_work(home: Path, *, wait_s: float = WORKED_S, step_s: float = 2.0) -> int:
    """Until the site's worker has nothing left to do; how many runs are still open after so long."""
    end = time.monotonic() + wait_s
    while True:
        with closing(sqlite3.connect(f"file:{home / 'nongshi.sqlite3'}?mode=ro", uri=True)) as kept:
            (left,) = kept.execute("SELECT count(*) FROM work_run WHERE state IN ('queued', 'running')").fetchone()
        if not left or time.monotonic() > end:
            return int(left)
        time.sleep(step_s)


def find_chromium(given: str | None = None) -> str:
    """The browser's program.

    Raises:
        NotFound: there is none.
    """
    found = given or shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise NotFound("there is no Chromium on this machine; install it, or name it by --chromium")
    return found


def summary(seen: list[Seen]) -> dict[str, Any]:
    """What was found, in numbers, and the pages with something wrong."""
    shapes = {shape_of(page.path) for page in seen}
    return {
        "pages": len(shapes),
        "views": len(seen),
        "by_role": dict(Counter(page.role or "nobody" for page in seen)),
        "other_hosts": sum(len(page.other_hosts) for page in seen),
        "not_translated": sum(bool(page.foreign) for page in seen),
        "broken_layout": sum(page.overflow_px > 0 for page in seen),
        "axe_grave": sum(len(page.axe) for page in seen),
        "console": sum(len(page.console) for page in seen),
        "bad_status": sum(page.status >= 400 for page in seen),
        "wrong": [asdict(page) for page in seen if not page.ok],
    }


def walk(
    browser: Any,
    site: Site,
    role: str,
    size: str,
    language: str,
    rules: str,
    pictures: Path | None,
    *,
    alike_max: int = ALIKE_MAX,
) -> Iterator[Seen]:
    """Every page in reach of a role's links, breadth first; of one shape at most so many."""
    width, height = SIZES[size]
    cookie, locale = LANGUAGES[language]
    context = browser.new_context(viewport={"width": width, "height": height}, locale=locale, has_touch=size == "phone")
    context.add_cookies([{"name": "django_language", "value": cookie, "url": site.address}])
    page = context.new_page()
    page.set_default_timeout(60_000)  # only to end instead of hanging: a busy machine takes its time
    if role:
        sign_in(page, site, role)
    waiting, opened, known = deque(["/"]), Counter[str](), {"/"}
    while waiting and sum(opened.values()) < PAGES_MAX:
        path = waiting.popleft()
        if role not in COMMON_FOR and COMMON.match(path):
            continue
        if opened[shape_of(path)] >= alike_max:
            continue
        opened[shape_of(path)] += 1
        found = Seen(role, size, language, path)
        links = look(page, site, found, rules)
        if pictures is not None and opened[shape_of(path)] == 1:
            picture(page, pictures, found)
        yield found
        for link in links:
            if link not in known:
                known.add(link)
                waiting.append(link)
    context.close()


def look(page: Any, site: Site, found: Seen, rules: str) -> list[str]:
    """Open one page and note what is wrong with it; the pages that it links to."""
    home = urlsplit(site.address).netloc

    def heard(message: Any) -> None:
        if message.type in ("error", "warning") and ADVICE not in message.text:
            found.console.append(message.text[:300])

    def failed(fault: Any) -> None:
        found.console.append(str(fault)[:300])

    def asked(request: Any) -> None:
        if urlsplit(request.url).netloc != home and not request.url.startswith(("data:", "blob:")):
            found.other_hosts.append(request.url)

    heed = {"console": heard, "pageerror": failed, "request": asked}
    for name, function in heed.items():
        page.on(name, function)
    answer = page.goto(site.address + found.path, wait_until="load")
    page.wait_for_timeout(SETTLED_MS)
    found.status = answer.status
    found.overflow_px = int(page.evaluate(BEYOND))
    found.foreign = foreign(page.content(), found.language)
    if rules:
        page.evaluate(rules)
        found.axe = [
            f"{one['id']}: {node['html'][:120]}"
            for one in page.evaluate(AXE)["violations"]
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]
    for name, function in heed.items():
        page.remove_listener(name, function)
    return [path for path in map(path_of, page.evaluate(LINKS)) if path] if page.url.startswith(site.address) else []


def sign_in(page: Any, site: Site, role: str) -> None:
    """As a user does, by login and password."""
    page.goto(f"{site.address}/accounts/login/")
    page.fill("input[name=login]", site.logins[role][0])
    page.fill("input[name=password]", site.logins[role][1])
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/accounts/login" not in url)


def picture(page: Any, folder: Path, found: Seen) -> None:
    """The first screen of a page."""
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^a-z0-9]+", "-", shape_of(found.path).lower()).strip("-") or "start"
    page.screenshot(path=folder / f"{found.role or 'nobody'}-{name}-{found.size}-{found.language}.png")


def path_of(link: str) -> str:
    """The path and query of a link to another page of the site; empty for what is no page."""
    parts = urlsplit(link)
    if parts.scheme not in ("http", "https") or parts.hostname not in ("127.0.0.1", "localhost"):
        return ""
    if SKIPPED.search(parts.path):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def shape_of(path: str) -> str:
    """A path without its numbers and values: pages of one shape come from one template.

    >>> shape_of("/board/plan/12/?day=2026-11-02")
    '/board/plan/N/?day'
    """
    parts = urlsplit(path)
    names = "&".join(sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}))
    bare = re.sub(r"\d[\w-]*", "N", parts.path)
    return bare + (f"?{names}" if names else "")
