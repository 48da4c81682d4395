"""Pages in a browser: both sizes, both languages, signed in without a password, every trouble noticed.

    with opened(browser, live_server, user=user, size="phone", language="en") as page:
        page.goto(f"{live_server.url}/board/")
        assert overflow(page) == 0
        assert axe.serious(page) == []

Anything asked of another host, any error on the console and any fault of a script fails at the end of the block.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
LOCALES = {"zh": "zh-CN", "en": "en-US"}
LANGUAGES = {"zh": "zh-hans", "en": "en"}
TOUCH_PX = 44
SMALL = """(px) => [...document.querySelectorAll(
    "button, .button, select, summary, .bottom-bar a, .menu-list a, .chip, .tabs a, "
    + "input:not([type=hidden]):not([type=checkbox]):not([type=radio])")]
  .filter((e) => e.checkVisibility({visibilityProperty: true}) && !e.closest(".sr, .ol-control"))
  .map((e) => [e, e.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.height < px - 0.5 || box.width < px - 0.5))
  .map(([e, box]) => `${e.tagName} ${e.textContent.trim().slice(0, 30)} ${box.width}x${box.height}`)
"""
ADVICE = "willReadFrequently"  # the browser's about OpenLayers' hit detection; nothing is wrong


@contextmanager
def opened(
    browser: Any,
    server: Any,
    *,
    user: Any = None,
    size: str = "desk",
    language: str = "zh",
    expected: tuple[str, ...] = (),
) -> Iterator[Any]:
    """A page of its own; `expected`: words of console messages that are meant, such as "404"."""
    context = browser.new_context(
        viewport=SIZES[size], locale=LOCALES[language], timezone_id="America/New_York", has_touch=size == "phone"
    )
    cookies = {"django_language": LANGUAGES[language]}
    if user is not None:
        cookies["sessionid"] = session_of(user)
    context.add_cookies([{"name": name, "value": value, "url": server.url} for name, value in cookies.items()])
    page = context.new_page()
    page.set_default_timeout(60_000)  # only to end instead of hanging: a busy machine takes its time
    troubles: list[str] = []
    home = urlsplit(server.url).netloc

    def heard(message: Any) -> None:
        meant = any(words in message.text for words in (ADVICE, *expected))
        if message.type in ("error", "warning") and not meant:
            troubles.append(message.text)

    def asked(request: Any) -> None:
        if urlsplit(request.url).netloc != home and not request.url.startswith(("data:", "blob:")):
            troubles.append(f"another host was asked: {request.url}")

    page.on("console", heard)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", asked)
    try:
        yield page
    finally:
        context.close()
    assert troubles == [], troubles


def session_of(user: Any) -> str:
    """The session key of somebody signed in."""
    from django.test import Client

    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return str(client.cookies["sessionid"].value)


def wait_until(page: Any, expression: str, *, tries: int = 600) -> None:
    """Wait for something to be true; Playwright's own way is an eval, which the page's policy forbids."""
    for _ in range(tries):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never true: {expression}")


def overflow(page: Any) -> int:
    """How many pixels of the page lie beyond the side of the screen."""
    return int(page.evaluate("Math.max(0, document.documentElement.scrollWidth - window.innerWidth)"))


def small_targets(page: Any) -> list[str]:
    """Buttons, links that stand alone and fields that are too small for a thumb (seen ones only)."""
    return list(page.evaluate(SMALL, TOUCH_PX))
