"""Tests with several processes on one database: SQLite gets a file for it, PostgreSQL is shared as it is."""

import multiprocessing
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections

FORK = multiprocessing.get_context("fork")


@contextmanager
def shared_database(folder: Path) -> Iterator[None]:
    """The test's database, with all that is committed in it, where other processes reach it."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    own, name = connection.connection, connection.settings_dict["NAME"]
    path = folder / "shared.sqlite3"
    copy = sqlite3.connect(path)
    own.backup(copy)
    copy.close()
    connection.connection, connection.settings_dict["NAME"] = None, str(path)
    try:
        yield
    finally:
        connection.close()
        connection.connection, connection.settings_dict["NAME"] = own, name


def start(work: Callable[[int, Any], None], count: int) -> list[tuple[Any, Any]]:
    """Processes, each with a pipe to read what it sends; each has a connection of its own."""
    connections.close_all()
    return [_start(work, number) for number in range(count)]


def _start(work: Callable[[int, Any], None], number: int) -> tuple[Any, Any]:
    ours, theirs = FORK.Pipe(duplex=False)

    def child() -> None:
        connection.connection = None  # the parent's is the parent's
        code = 1
        try:
            work(number, theirs)
            code = 0
        finally:
            theirs.close()
            os._exit(code)

    process = FORK.Process(target=child)
    process.start()
    theirs.close()
    return process, ours


def received(pipe: Any) -> list[Any]:
    """All that a process sent until it ended, or was killed."""
    found = []
    while True:
        try:
            found.append(pipe.recv())
        except (EOFError, OSError):
            return found
