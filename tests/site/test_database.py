"""The tests run on the database that they were asked to, and SQLite as it is meant: durable, one writer at a time."""

import os

import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_database_is_the_one_asked_for() -> None:
    asked = os.environ.get("DATABASE_URL", "sqlite")
    assert asked.startswith("postgres" if connection.vendor == "postgresql" else "sqlite")


def test_sqlite_keeps_what_it_said_it_kept() -> None:
    from nongshi.site.settings import SQLITE_OPTIONS

    assert SQLITE_OPTIONS["transaction_mode"] == "IMMEDIATE"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        assert pragma in SQLITE_OPTIONS["init_command"]
