"""The counter: requests of many threads to take a place are done together, by one thread, in one commit.

The disk is waited for once for all that came meanwhile. Whoever asked hears only after the commit; where the whole
transaction fails, everybody hears of it and nothing was done.
"""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from queue import Empty, SimpleQueue

from django.db import connection

from nongshi.core.errors import NongshiError
from nongshi.site.orders.many import Answer, Ruling, Wanted, take_all
from nongshi.site.orders.models import OrderRow

AT_ONCE = 64  # assumption: so many share a commit at most, so that nobody waits for a long one
LINGER_S = 0.002  # assumption: a commit waits so long for those who were answered together and ask again
RULING_S = 1.0  # assumption: a price, a term or a webhook that is set counts here so much later at most
Clock = Callable[[], datetime | None]


class _Asked:
    """A request, and where its answer is waited for; a plain lock wakes one thread at a fifth of a future's cost."""

    __slots__ = ("answer", "come", "fault", "wanted")

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.answer: Answer | None = None
        self.fault: BaseException | None = None
        self.come = threading.Lock()
        self.come.acquire()


class Counter:
    """One thread with a connection of its own; start it once a process."""

    def __init__(self, now: Clock = lambda: None) -> None:
        self._now = now
        self.commits = 0
        self._ruling, self._read_at = Ruling(), 0.0
        self._asked: SimpleQueue[_Asked | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="counter", daemon=True)
        self._thread.start()

    def take(self, wanted: Wanted) -> OrderRow:
        """The order, booked and on the disk.

        Raises:
            NongshiError: as `services.take`.
            DatabaseError: the commit failed; nothing was done.
        """
        asked = _Asked(wanted)
        self._asked.put(asked)
        asked.come.acquire()
        if asked.fault is not None:
            raise asked.fault
        if isinstance(asked.answer, NongshiError):
            raise asked.answer
        assert asked.answer is not None
        return asked.answer

    def close(self) -> None:
        """Answer what was asked, then end."""
        self._asked.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            while batch := self._next():
                self._do(batch)
        finally:
            connection.close()

    def _next(self) -> list[_Asked]:
        """What waits, at least one request; nothing: it is time to end."""
        first = self._asked.get()
        if first is None:
            return []
        time.sleep(LINGER_S)  # not woken by each of them
        found = [first]
        while len(found) < AT_ONCE:
            try:
                more = self._asked.get_nowait()
            except Empty:
                break
            if more is None:
                self._asked.put(None)  # after these
                break
            found.append(more)
        return found

    def _ruled(self) -> Ruling:
        now = time.monotonic()
        if now - self._read_at > RULING_S:
            self._ruling, self._read_at = Ruling(), now
        return self._ruling

    def _do(self, batch: Sequence[_Asked]) -> None:
        try:
            answers = take_all([one.wanted for one in batch], self._now(), self._ruled())
        except BaseException as fault:  # the counter stands; whoever asked hears of it
            connection.close()
            for one in batch:
                one.fault = fault
        else:
            self.commits += 1
            for one, answer in zip(batch, answers, strict=True):
                one.answer = answer
        for one in batch:
            one.come.release()
