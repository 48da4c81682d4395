"""One writer for all connections: what came in since the last commit goes in with the next, and then is answered.

The thread writes while the server reads on; a connection is answered only when its fix is on the disk. Where the disk
refuses, nothing is answered and nothing forgotten: the same batch is tried again until it goes in.
"""

import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any

from nongshi.gateway.fix_row import Row
from nongshi.gateway.store import PositionStore

RETRY_S = 0.5
_log = logging.getLogger(__name__)

PartKey = tuple[str, int, int, int]  # phone, message id, first serial, total


@dataclass(slots=True)
class Batch:
    """What one commit takes."""

    rows: list[Row] = field(default_factory=list)
    parts: list[tuple[PartKey, int, bytes, float]] = field(default_factory=list)  # key, number, body, when it came
    wholes: list[PartKey] = field(default_factory=list)  # long messages whose fixes are among the rows
    cards: list[tuple[int, int, int, str]] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)  # handed back when durable
    positions: list[tuple[Any, int]] = field(default_factory=list)  # the commonest answers: session and serial

    def __bool__(self) -> bool:
        return bool(self.rows or self.parts or self.wholes or self.cards or self.answers or self.positions)


@dataclass(slots=True)
class Committed:
    """What came of a commit."""

    batch: Batch
    new: int


class Committer:
    """Writes one batch after another in a thread of its own; `done` is called in that thread after each.

    Batches are handed over whole and never touched again by who made them: no lock is needed around their lists.
    """

    def __init__(self, store: PositionStore, done: Callable[[Committed], None]) -> None:
        self._store, self._done = store, done
        self._queue: SimpleQueue[Batch | None] = SimpleQueue()
        self._stopping = Event()
        self._failing = False
        self._thread = Thread(target=self._run, name="committer", daemon=True)
        self._thread.start()

    @property
    def failing(self) -> bool:
        """Whether the last try did not reach the disk."""
        return self._failing

    def submit(self, batch: Batch) -> None:
        """Have a batch written."""
        self._queue.put(batch)

    def close(self, timeout_s: float | None = None) -> None:
        """Write what was handed over, then stop; a disk that refuses gets one more try."""
        self._stopping.set()
        self._queue.put(None)
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while (batch := self._queue.get()) is not None:
            if not self._write(batch):
                return

    def _write(self, batch: Batch) -> bool:
        """Whether it is on the disk; on trouble again and again, unless the server stops."""
        while True:
            stopping = self._stopping.is_set()
            try:
                new = self._store.hot.commit(batch.rows, batch.parts, batch.wholes, batch.cards)
            except (sqlite3.Error, OSError) as error:
                if not self._failing:
                    _log.error("fixes cannot be stored, trying again: %s", error)
                self._failing = True
                if stopping:
                    _log.error("%d fixes that nobody was told are stored are given up", len(batch.rows))
                    return False
                self._stopping.wait(RETRY_S)
                continue
            if self._failing:
                _log.warning("fixes are stored again")
            self._failing = False
            self._done(Committed(batch, new))
            return True
