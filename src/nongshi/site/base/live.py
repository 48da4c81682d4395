"""What happens, told as it happens: `live_events(look, last)` gives a reader's view the events in the reader's sight.

One poller a process and event loop asks the database once a second, however many read; each reader filters for itself.
Events go out in the order of their ids, each once: who comes back says the last id and gets what came since.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DatabaseError, connection
from django.db.models import Max
from django.utils import timezone

from nongshi.site.base import sse
from nongshi.site.base.faults import TooMany
from nongshi.site.base.live_rows import Happened, RunMoved, describe, in_sight, read_runs
from nongshi.site.base.live_states import TOPICS, Changed, Known, State, topics_of
from nongshi.site.base.models import Event
from nongshi.site.base.scope import Scope
from nongshi.site.base.sse import Sent

POLL_S = 1.0  # assumption: so late nobody minds
SCOPE_S = 60.0  # how long somebody still reads whose role or session ended
GAP_S = 5.0  # assumption: a transaction that got its id earlier than others is committed within this time
PAGE = 500  # events read at once
HISTORY_MAX = 5_000  # events gone through for somebody who comes back; beyond it the page is told to load again
QUEUE_MAX = 2_000  # events that wait for a reader; a slower one is cut off and comes back by its last id
READERS_MAX = 1_000  # assumption: open streams of a process
News = Happened | RunMoved | Changed
Look = Callable[[], Scope | None]  # the reader's scope as it is now; None: nobody any more

_log = logging.getLogger("nongshi.live")


@dataclass(slots=True, eq=False)
class Reader:
    """One open stream: what waits for it."""

    waiting: "asyncio.Queue[News]"
    head: int  # ids beyond it come through the queue
    topics: frozenset[str] = frozenset()
    person_id: int | None = None
    lost: bool = False  # more waited than is kept

    def tell(self, news: News) -> None:
        """Put news into the queue, never waiting."""
        try:
            self.waiting.put_nowait(news)
        except asyncio.QueueFull:
            self.lost = True


class Poller:
    """Asks the database for what is new and tells every reader of its event loop; rests while nobody reads."""

    def __init__(self) -> None:
        self.head = 0  # the last id told
        self.polls = 0  # how often the database was asked; tests look at it
        self._readers: set[Reader] = set()
        self._ready = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._runs: dict[int, RunMoved] = {}
        self._known = Known()
        self._gap: tuple[int, float] | None = None  # (head before it, since when)

    @asynccontextmanager
    async def reading(
        self, topics: frozenset[str] = frozenset(), person_id: int | None = None
    ) -> AsyncIterator[Reader]:
        """A reader, told of everything from now on."""
        if len(self._readers) >= READERS_MAX:
            raise TooMany(retry_s=30)
        if self._task is None or self._task.done():
            self._ready.clear()
            self._task = asyncio.create_task(self._poll_while_read())
        reader = Reader(asyncio.Queue(QUEUE_MAX), head=-1, topics=topics, person_id=person_id)
        self._readers.add(reader)
        try:
            await self._ready.wait()
            reader.head = self.head
            while not reader.waiting.empty():  # told before we knew from where on
                reader.waiting.get_nowait()
            for run in self._runs.values():
                reader.tell(run)
            for changed in self._known.begin(topics):
                reader.tell(changed)
            yield reader
        finally:
            self._readers.discard(reader)

    async def _poll_while_read(self) -> None:
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1, thread_name_prefix="live") as thread:  # one connection, kept while somebody reads
            try:
                while self._readers and not sse.ENDING.is_set():
                    try:
                        await self._poll(loop, thread)
                        self._ready.set()
                    except DatabaseError as fault:  # it is back some time; nobody is told anything wrong meanwhile
                        _log.warning("live events: %s", fault)
                    await asyncio.sleep(POLL_S)
            finally:
                self._task = None
                thread.submit(lambda: connection.close())  # the thread's own connection, not this one's

    async def _poll(self, loop: asyncio.AbstractEventLoop, thread: ThreadPoolExecutor) -> None:
        self.polls += 1
        if not self._ready.is_set():
            self.head = await loop.run_in_executor(thread, find_head)
        found = await loop.run_in_executor(thread, read_after, self.head)
        for happened in self._ripe(found):
            for reader in self._readers:
                reader.tell(happened)
        runs = await loop.run_in_executor(thread, read_runs, frozenset(self._runs))
        for run in runs:
            if self._runs.get(run.run) != run:
                for reader in self._readers:
                    reader.tell(run)
        self._runs = {run.run: run for run in runs if not run.ended}
        await self._poll_states(loop, thread)

    async def _poll_states(self, loop: asyncio.AbstractEventLoop, thread: ThreadPoolExecutor) -> None:
        wanted = frozenset().union(*(reader.topics for reader in self._readers))
        now_s = time.monotonic()
        for name in self._known.due(wanted, now_s):
            people = frozenset(r.person_id for r in self._readers if r.person_id is not None and name in r.topics)
            found = await loop.run_in_executor(thread, _read, name, people)
            changed = self._known.take(name, found, now_s)
            for reader in self._readers:
                if changed is not None and name in reader.topics:
                    reader.tell(changed)

    def _ripe(self, found: Iterable[Happened]) -> Iterable[Happened]:
        """Events in order; before a missing id we wait a while, because its transaction may still be open."""
        for happened in found:
            if happened.id != self.head + 1 and self._may_come(time.monotonic()):
                return
            self.head, self._gap = happened.id, None
            yield happened

    def _may_come(self, now_s: float) -> bool:
        if _one_writer():
            return False
        if self._gap is None or self._gap[0] != self.head:
            self._gap = (self.head, now_s)
        return now_s - self._gap[1] < GAP_S


def _read(name: str, people: frozenset[int]) -> list[State]:
    return list(TOPICS[name].read(people))


_pollers: "WeakKeyDictionary[asyncio.AbstractEventLoop, Poller]" = WeakKeyDictionary()


def poller() -> Poller:
    """The poller of the running event loop."""
    return _pollers.setdefault(asyncio.get_running_loop(), Poller())


async def live_events(look: Look, last: int | None = None, asked: Iterable[str] = ()) -> AsyncIterator[Sent]:
    """Events in the reader's sight, from `last` on or from now; `ready` comes first and carries the id to come back by.

    Also `run`: how far long work is; `reset`: too much happened since `last`, load the page again; and the topics of
    `live_states`, those for everybody and those that are asked for, each as `{now, rows}`.
    """
    scope = await asyncio.to_thread(_closing, look)
    if scope is None:
        return
    async with poller().reading(frozenset(topics_of(asked)), scope.person_id) as reader:
        seen = reader.head
        if last is not None:
            if await _lost(last, reader.head):
                yield Sent("reset", {"id": reader.head}, id=str(reader.head))
            else:
                async for sent in _history(scope, last, reader.head):
                    yield sent
                seen = max(last, reader.head)
        yield Sent("ready", {"id": seen}, id=str(seen))
        checked_s = time.monotonic()
        while not reader.lost:
            news = await _next(reader)
            if time.monotonic() - checked_s > SCOPE_S:
                scope, checked_s = await asyncio.to_thread(_closing, look), time.monotonic()
                if scope is None:
                    return
            if isinstance(news, Changed) and (said := news.said(scope)):
                yield Sent(news.topic, said)
            elif isinstance(news, RunMoved) and news.seen_by(scope):
                yield Sent("run", news.said())
            elif isinstance(news, Happened) and news.id > seen and in_sight(scope, news):
                yield Sent("event", news.said(), id=str(news.id))


async def _next(reader: Reader) -> News | None:
    try:
        return await asyncio.wait_for(reader.waiting.get(), SCOPE_S)
    except TimeoutError:
        return None


async def _lost(last: int, head: int) -> bool:
    """Whether nobody can go on from there: it lies too far back, or is no id of this database."""
    if last <= head:
        return head - last > HISTORY_MAX
    return last > await asyncio.to_thread(_closing, find_newest)


async def _history(scope: Scope, last: int, head: int) -> AsyncIterator[Sent]:
    """What came after `last`, up to what the poller told already."""
    while last < head:
        found = await asyncio.to_thread(_closing, read_after, last, head)
        for happened in found:
            if in_sight(scope, happened):
                yield Sent("event", happened.said(), id=str(happened.id))
        last = found[-1].id if found else head


def read_after(last: int, upto: int | None = None) -> list[Happened]:
    """The next events, in order, each with whom it concerns."""
    rows = Event.objects.filter(pk__gt=last).order_by("pk")
    if upto is not None:
        rows = rows.filter(pk__lte=upto)
    return describe(rows[:PAGE])


def find_head() -> int:
    """The id from which on events are news; where many write at once, the last seconds are gone through again."""
    rows = Event.objects.all()
    if not _one_writer():
        rows = rows.filter(at__lt=timezone.now() - timedelta(seconds=GAP_S))
    return rows.aggregate(last=Max("pk"))["last"] or 0


def find_newest() -> int:
    """The newest id of all."""
    return Event.objects.aggregate(last=Max("pk"))["last"] or 0


def _one_writer() -> bool:
    """Whether ids are committed in their order, as where only one may write at a time."""
    return bool(connection.vendor == "sqlite")


def _closing(call: Callable[..., Any], *given: Any) -> Any:
    """A query in a thread of its own: its connection ends with it."""
    try:
        return call(*given)
    finally:
        connection.close()
