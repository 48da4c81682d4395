"""A backup of a running site, put back into an empty place, is the same site; and nowhere else is it put."""

import os
import secrets
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from tests.site.orders import processes
from tests.site.orders.shop import make_shop
from tests.site.orders.test_orders import worked

from nongshi.core.errors import BadInput, BadUsage
from nongshi.site.backup import make_backup
from nongshi.site.base import audit
from nongshi.site.orders import services
from nongshi.site.orders.models import Place
from nongshi.site.places_kept import Kept
from nongshi.site.restore import check_site, restore, unpack

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(tmp_path: Path, settings: Any) -> Iterator[Kept]:
    """A site with an order that is settled, one photo, positions in a database of their own, and its keys."""
    settings.AUDIT = str(tmp_path / "old" / "audit")
    with processes.shared_database(tmp_path):  # first: the books of the database in memory could not be emptied again
        shop = make_shop()
        worked(shop)
        services.tick(shop.now + timedelta(hours=48))
        audit.export_head()
        kept = kept_at(tmp_path / "old", url_of_test())
        (kept.folders["uploads"]).mkdir(parents=True)
        (kept.folders["uploads"] / "photo.jpg").write_bytes(b"\xff\xd8 photo")
        kept.folders["positions"].mkdir()
        with sqlite3.connect(kept.folders["positions"] / "positions.sqlite3") as positions:
            positions.execute("CREATE TABLE fix (id TEXT, time_ms INTEGER)")
            positions.executemany("INSERT INTO fix VALUES (?, ?)", [("D1", i) for i in range(100)])
        (kept.home / "field.key").write_text("a key\n")
        if connection.vendor == "sqlite":
            kept = Kept(kept.home, Path(connection.settings_dict["NAME"]), "", kept.folders)
        yield kept


def kept_at(home: Path, url: str) -> Kept:
    home.mkdir(exist_ok=True)
    folders = {name: home / name for name in ("uploads", "audit", "positions")}
    return Kept(home, home / "db.sqlite3" if connection.vendor == "sqlite" else None, url, folders)


def url_of_test() -> str:
    if connection.vendor == "sqlite":
        return ""
    given = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(given._replace(path=f"/{connection.settings_dict['NAME']}"))


@contextmanager
def empty_place(home: Path) -> Iterator[Kept]:
    """Where a backup may go: on PostgreSQL a new database."""
    if connection.vendor == "sqlite":
        yield kept_at(home, "")
        return
    import psycopg

    name, server = f"restored_{secrets.token_hex(4)}", os.environ["DATABASE_URL"].replace("postgres:", "postgresql:", 1)
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield kept_at(home, urlunsplit(urlsplit(server)._replace(path=f"/{name}")))
        finally:
            connection.close()
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def django_on(kept: Kept) -> Iterator[None]:
    connection.close()
    name = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = str(kept.sqlite) if kept.sqlite else urlsplit(kept.url).path[1:]
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name


def test_what_is_restored_is_what_was_kept(site: Kept, tmp_path: Path) -> None:
    made = make_backup(tmp_path / "site.tar.gz", site)
    assert made["tables"]["orders_settlement"]["rows"] == 1
    assert (tmp_path / "site.tar.gz").stat().st_mode & 0o077 == 0
    with empty_place(tmp_path / "new") as place:
        assert restore(tmp_path / "site.tar.gz", place)["tables"] == made["tables"]
        assert (place.folders["uploads"] / "photo.jpg").read_bytes() == b"\xff\xd8 photo"
        assert (place.home / "field.key").read_text() == "a key\n"
        assert (place.folders["audit"] / audit.HEADS).exists()
        with sqlite3.connect(place.folders["positions"] / "positions.sqlite3") as positions:
            assert positions.execute("SELECT count(*), sum(time_ms) FROM fix").fetchone() == (100, 4950)
        with django_on(place):
            assert check_site() == []
            assert Place.objects.count() == 1
        with pytest.raises(BadUsage, match="empty place") as fault:
            restore(tmp_path / "site.tar.gz", place)
        assert "field.key" in str(fault.value)
        assert "uploads" in str(fault.value)


def test_a_row_that_was_changed_shows_in_the_comparison(site: Kept, tmp_path: Path) -> None:
    one = make_backup(tmp_path / "one.tar.gz", site)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_place SET end_s = end_s + 1")
    other = make_backup(tmp_path / "two.tar.gz", site)
    assert [name for name in one["tables"] if one["tables"][name] != other["tables"][name]] == ["orders_place"]


@pytest.mark.parametrize("name", ["../out.txt", "/outside.txt", "files/link"])
def test_what_would_lie_outside_or_is_a_link_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.tar.gz"
    with tarfile.open(path, "w:gz") as packed:
        member = tarfile.TarInfo(name)
        if name.endswith("link"):
            member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        packed.addfile(member)
    (tmp_path / "in").mkdir()
    with pytest.raises(BadInput, match=r"is no plain file of a backup"):
        unpack(path, tmp_path / "in")
    assert list((tmp_path / "in").iterdir()) == []
    assert not (tmp_path / "out.txt").exists()


def test_a_damaged_backup_is_refused_and_nothing_is_put(site: Kept, tmp_path: Path) -> None:
    path = tmp_path / "site.tar.gz"
    make_backup(path, site, keys=False)
    with tarfile.open(path) as packed:
        packed.extractall(tmp_path / "open")
    (tmp_path / "open" / "files" / "uploads" / "photo.jpg").write_bytes(b"other")
    with tarfile.open(tmp_path / "changed.tar.gz", "w:gz") as packed:
        for member in (tmp_path / "open").iterdir():
            packed.add(member, member.name)
    (tmp_path / "cut.tar.gz").write_bytes(path.read_bytes()[:-300])
    (tmp_path / "none.tar.gz").write_bytes(b"none")
    with empty_place(tmp_path / "new") as place:
        for name in ("changed", "cut", "none"):
            with pytest.raises(BadInput, match="take another one"):
                restore(tmp_path / f"{name}.tar.gz", place)
            assert list(place.home.iterdir()) == []
        restore(path, place)
        assert not (place.home / "field.key").exists()
