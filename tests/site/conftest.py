"""What tests of the site share: a small world of rows, and a browser where one is there."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from tests.site import serving, world

QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def need(thing: object, what: str) -> None:
    """Skip where something is missing; in CI that is a failure."""
    if not thing:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{what} is not installed")


@pytest.fixture(autouse=True)
def _fresh_counts() -> Iterator[None]:
    """Requests counted in one test do not count in the next."""
    from django.core.cache import cache

    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """The real hash is slow on purpose; no test is about it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def coop(db: None) -> Any:
    """A cooperative in a town of a district."""
    return world.make_coop()


@pytest.fixture
def demo(db: None) -> Any:
    """The demo, small: its season; logins are named by their role."""
    from nongshi.site.demo import make_demo

    return make_demo(fields=20)[0]


@pytest.fixture(scope="session")
def live_server() -> Iterator[serving.Served]:
    """The site as it is served, streams too; pytest-django's own speaks WSGI, under which a stream never ends."""
    with serving.served() as url:
        yield serving.Served(url)


@pytest.fixture(scope="module")  # no longer: its loop would stand in the way of other tests
def browser() -> Iterator[Any]:
    """The machine's Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    need(chromium, "Chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        need(None, "playwright")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in the thread of the test
        with sync_playwright() as tool:
            found = tool.chromium.launch(executable_path=chromium, args=QUIET)
            yield found
            found.close()
