"""Disk full, database gone: 503 in words for people and programs, nothing half done, and well again by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client
from tests.site.orders import processes
from tests.site.orders.shop import Shop, make_shop
from tests.site.texts import foreign

from nongshi.site.base.away import why_away
from nongshi.site.base.models import Event, User
from nongshi.site.base.services import make_token
from nongshi.site.orders.models import OrderRow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with processes.shared_database(tmp_path):
        yield make_shop()


@contextmanager
def database_gone() -> Iterator[None]:
    """The address of the database leads nowhere."""
    connection.close()
    kept = dict(connection.settings_dict)
    connection.settings_dict |= {"NAME": "/nowhere/none.sqlite3"} if connection.vendor == "sqlite" else {
        "HOST": "/nowhere"
    }  # fmt: skip
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(kept)


@contextmanager
def disk_full() -> Iterator[None]:
    """The database gets no page more; SQLite says then what it says on a full disk."""
    connection.close()
    real = connection.get_new_connection

    def small(params: Any) -> Any:
        made = real(params)
        made.execute("PRAGMA max_page_count = 1")  # as many as there are already, and no more
        return made

    connection.get_new_connection = small
    try:
        yield
    finally:
        connection.get_new_connection = real
        connection.close()


def api_of(shop: Shop) -> dict[str, Any]:
    token = make_token(shop.farmers[0], "phone", ["read", "write"])
    return {"HTTP_AUTHORIZATION": f"Bearer {token}"}


def test_a_database_that_is_gone_is_said_and_comes_back_without_a_restart(shop: Shop) -> None:
    client, key = Client(raise_request_exception=False), api_of(shop)
    assert client.get("/api/v1/me", **key).status_code == 200
    shown = {}
    with database_gone():
        said = client.get("/api/v1/me", **key)
        for lang in ("zh", "en"):
            shown[lang] = client.get("/", headers={"accept-language": lang})
        assert client.get("/health").status_code == 503
    assert (said.status_code, said["Content-Type"]) == (503, "application/problem+json")
    assert said.json()["type"] == "urn:nongshi:unavailable"
    assert int(said["Retry-After"]) > 0
    for lang, page in shown.items():
        if page.status_code != 200:  # a page that asks nothing of the database is none the worse
            assert page.status_code == 503
            assert foreign(page.content.decode(), lang) == []
    assert client.get("/api/v1/me", **key).status_code == 200


def test_pages_of_people_say_it_too(shop: Shop, client: Client) -> None:
    shop.dispatcher.user = User.objects.create(username="d")
    shop.dispatcher.save()
    client.force_login(shop.dispatcher.user)
    client.raise_request_exception = False
    with database_gone():
        page = client.get("/")
    assert page.status_code == 503
    assert "没有任何改动" in page.content.decode()
    assert client.get("/").status_code in (200, 302)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own limit; PostgreSQL's words stand below")
def test_on_a_full_disk_nothing_is_acknowledged_and_nothing_half_kept(shop: Shop) -> None:
    client, key = Client(raise_request_exception=False), api_of(shop)
    jobs, answers = [shop.job().pk for _ in range(120)], []
    with disk_full():
        for job in jobs:  # what fits into the pages that are there is kept; then no more
            made = client.post("/api/v1/orders", {"job_id": job}, "application/json", **key)
            answers.append(made.status_code)
            if made.status_code != 201:
                break
    assert (answers[-1], made.json()["type"]) == (503, "urn:nongshi:disk_full")
    assert OrderRow.objects.count() == answers.count(201)
    assert Event.objects.filter(name="OrderOpened").count() == answers.count(201)
    assert client.post("/api/v1/orders", {"job_id": jobs[-1]}, "application/json", **key).status_code == 201


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (OperationalError("database or disk is full"), "disk_full"),
        (OperationalError('could not extend file "base/1/2": No space left on device'), "disk_full"),
        (OperationalError("database is locked"), "busy"),
        (OperationalError("connection is closed"), "unavailable"),
        (OSError(28, "No space left on device"), "disk_full"),
        (OperationalError("no such table: orders_orderrow"), None),
        (FileNotFoundError(2, "none"), None),
        (ValueError("x"), None),
    ],
)
def test_what_passes_is_told_from_faults_of_the_code(fault: Exception, code: str | None) -> None:
    why = why_away(fault)
    assert (why[0] if why else None) == code
