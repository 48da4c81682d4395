"""Tests that read the shared data beside the project say so by a marker; where it is absent they are left out.

On a desk they are skipped with a reason. In CI, where a skip is a failure, they are not collected instead: the data is
no part of the project, and no change to it can bring the data.

Tests that take long stand in `tests/slow.py`: `make test` leaves them out so that CI ends in its fifteen minutes,
`make test-all` runs them, too.

Tests marked `oracle` compare with a program that may not become a dependency; they are treated the same way.

Tests marked `postgres` are about that database alone: `make test` runs them in its second run (tests/postgres.py).

SQLite is a file with its log beside it, as on a site. Django's own way for tests is a database in memory that all
threads of a live server share: there two questions at once meet "database table is locked", whatever the timeout.
"""

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.slow import SLOW

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """A database file for each process of tests, in a folder that is gone afterwards."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        yield
        return
    folder = tmp_path_factory.mktemp("database")
    database.setdefault("TEST", {})["NAME"] = str(folder / "nongshi.sqlite3")
    options = database["OPTIONS"]  # a test's rows need not outlive the power: no waiting for the disk
    database["OPTIONS"] = options | {
        "init_command": options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    }
    yield
    shutil.rmtree(folder, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip or leave out what needs data that is not there."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):  # those run with the site's tests on PostgreSQL
        of_postgres = [item for item in items if item.get_closest_marker("postgres") is not None]
        config.hook.pytest_deselected(items=of_postgres)
        items[:] = [item for item in items if item not in of_postgres]
    for item in items:
        if item.nodeid.startswith(SLOW):
            item.add_marker(pytest.mark.slow)
    if not os.environ.get("NONGSHI_SLOW_TESTS"):
        slow = [item for item in items if item.get_closest_marker("slow") is not None]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]
    absent = []
    for item in items:
        mark = item.get_closest_marker("shared_data")
        if mark is not None and not (SHARED / mark.args[0]).exists():
            item.add_marker(pytest.mark.skip(reason=f"{mark.args[0]} of the shared data is not beside this project"))
            absent.append(item)
        oracle = item.get_closest_marker("oracle")
        if oracle is not None and find_spec(oracle.args[0]) is None:
            item.add_marker(pytest.mark.skip(reason=f"{oracle.args[0]} is no part of this project and not installed"))
            absent.append(item)
    if absent and os.environ.get("CI"):
        config.hook.pytest_deselected(items=absent)
        items[:] = [item for item in items if item not in absent]
