"""The tests run on the database that they were asked to, and SQLite as it is meant: durable, one writer at a time."""

import os
from concurrent.futures import ThreadPoolExecutor

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


@pytest.mark.django_db(transaction=True)
def test_somebody_reads_while_somebody_else_writes() -> None:
    """What a live server's threads do; a database in memory would answer "database table is locked"."""
    from django.contrib.auth.models import Group
    from django.db import transaction

    def count() -> int:
        try:
            return Group.objects.count()
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as thread:
        Group.objects.create(name="half-way")
        assert thread.submit(count).result() == 0
    assert Group.objects.count() == 1
