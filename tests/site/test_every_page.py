"""Every page that a role reaches by its links answers, fits, speaks one language and keeps nobody out."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.site import axe
from tests.site.conftest import QUIET

from nongshi.bench import site_pages
from nongshi.bench.site_server import Site, served

# Each role at one size and in one language; over all roles every page common to several is met in both.
VIEWS = (
    ("", "phone", "en"),
    ("farmer", "phone", "zh"),
    ("clerk", "desk", "en"),
    ("dispatcher", "desk", "zh"),
    ("dispatcher", "phone", "en"),
    ("owner", "phone", "zh"),
    ("operator", "phone", "en"),
    ("trainer", "desk", "zh"),
    ("trainee", "phone", "zh"),
    ("officer", "desk", "en"),
    ("auditor", "phone", "zh"),
)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with served("--no-worker") as started:
        yield started


@pytest.mark.browser
@pytest.mark.parametrize(("role", "size", "language"), VIEWS)
def test_every_page_of_a_role_is_sound(browser: Any, site: Site, role: str, size: str, language: str) -> None:
    rules = axe.SOURCE.read_text(encoding="utf-8")
    seen = list(site_pages.walk(browser, site, role, size, language, rules, None, alike_max=1))
    assert {"/"} <= {page.path for page in seen}
    assert [page for page in seen if not page.ok] == []


def test_a_broken_page_would_be_found() -> None:
    sound = site_pages.Seen("clerk", "desk", "zh", "/", status=200)
    assert sound.ok
    for name, value in {"status": 500, "overflow_px": 3, "console": ["x"], "foreign": ["x"], "axe": ["x"]}.items():
        page = site_pages.Seen("clerk", "desk", "zh", "/", **{"status": 200, name: value})
        assert not page.ok
        assert site_pages.summary([sound, page])["wrong"]


def test_the_walk_waits_until_the_demo_has_its_plan(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "nongshi.sqlite3")) as kept:
        kept.execute("CREATE TABLE work_run (state TEXT)")
        kept.executemany("INSERT INTO work_run VALUES (?)", [("done",), ("running",), ("queued",)])
        kept.commit()
        assert site_pages.wait_for_work(tmp_path, wait_s=0.0, step_s=0.0) == 2
        kept.execute("UPDATE work_run SET state = 'done'")
        kept.commit()
    assert site_pages.wait_for_work(tmp_path, step_s=0.0) == 0


def test_pages_of_one_shape_are_told_by_their_numbers() -> None:
    assert site_pages.path_of("http://127.0.0.1:80/board/plan/3/?a=1") == "/board/plan/3/?a=1"
    for link in ("https://example.org/x", "mailto:a@b", "http://127.0.0.1/admin/", "http://127.0.0.1/x.csv"):
        assert site_pages.path_of(link) == ""
    assert site_pages.shape_of("/register/field/12/") == site_pages.shape_of("/register/field/7/")


def test_the_browser_is_started_quietly() -> None:
    assert list(site_pages.QUIET) == QUIET
