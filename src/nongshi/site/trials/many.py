"""Several processes that book at once, each with a pipe to say what was acknowledged."""

import multiprocessing
import os
from collections.abc import Callable
from typing import Any

FORK = multiprocessing.get_context("fork")


def start_all(work: Callable[[int, Any], None], count: int) -> list[tuple[Any, Any]]:
    """So many processes doing `work(number, pipe)`, each with connections of its own; (process, our end) each."""
    from django.db import connections

    connections.close_all()
    return [_start(work, number) for number in range(count)]


def _start(work: Callable[[int, Any], None], number: int) -> tuple[Any, Any]:
    ours, theirs = FORK.Pipe(duplex=False)

    def child() -> None:
        code = 1
        try:
            work(number, theirs)
            code = 0
        finally:
            theirs.close()
            os._exit(code)  # nothing of the parent's is ended by us

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
