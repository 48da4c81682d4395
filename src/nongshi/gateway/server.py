"""The server that terminals connect to: sockets, limits, the clock; what a message means decides the session.

Runs on uvloop where that is installed. All state belongs to the loop's thread; the committer's thread gets batches and
gives them back.
"""

import asyncio
import hashlib
import hmac
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from nongshi.core.errors import NongshiError
from nongshi.gateway.allowance import Allowance
from nongshi.gateway.committer import Batch, Committed, Committer, PartKey
from nongshi.gateway.fix_row import Row
from nongshi.gateway.outbox import message_of
from nongshi.gateway.part_room import PartRoom
from nongshi.gateway.quick import is_quick, take_quick
from nongshi.gateway.session import Answer, Session
from nongshi.gateway.settings import GatewaySettings
from nongshi.gateway.store import PositionStore
from nongshi.tracks.device import Carrier, Device
from nongshi.tracks.jt808 import Header, ItemTable, PositionReport, standard_items

SWEEP_S = 1.0
TOKEN_LETTERS = 16
TOOL_NAME = "working"  # the item table's name for the work switch
STOP_S_MAX = 8.0
MS = 1000
_log = logging.getLogger(__name__)

Listener = Callable[[Sequence[Row]], None]


class Gateway:
    """All connections of one port, and what they share."""

    def __init__(
        self,
        store: PositionStore,
        devices: Iterable[Device],
        *,
        key: bytes,
        settings: GatewaySettings | None = None,
        items: ItemTable | None = None,
        listeners: Sequence[Listener] = (),
        people: Mapping[str, Sequence[tuple[float, float]]] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.store, self.settings = store, settings or GatewaySettings()
        self.batch = Batch()
        self.quick: list[tuple[Session, bytes]] = []  # whole plain reports, to be decoded together
        self.counts: Counter[str] = Counter()
        self.sessions: dict[Session, Connection] = {}
        self.clock = clock
        self._devices = {device.id: device for device in devices}
        self._key, self._items, self._listeners = key, items or standard_items(), tuple(listeners)
        self._people = people or {}
        self._parts = PartRoom(age_s_max=self.settings.parts_age_s_max)
        self._allowances: dict[str, Allowance] = {}
        self._writing = False
        self._kicked = False
        self._flushed_s = 0.0
        self._stopping = False
        self.was_full = False  # somebody was paused because the disk was behind
        self._unsayable: set[int] = set()  # numbers in the outbox that no terminal can be told
        self._sent: dict[tuple[str, int], int] = {}  # (device, serial) -> number in the outbox
        self._told: Counter[str] = Counter()
        self._told_s = clock()
        self._server: asyncio.Server | None = None
        self._sweeper: asyncio.Task[None] | None = None
        self._idle = asyncio.Event()

    # life

    async def start(self, host: str, port: int) -> int:
        """Listen; the port, which the system chooses where 0 is asked for."""
        self._loop = asyncio.get_running_loop()
        take_quick([], Batch(), self.settings, 0.0)  # compiled, or loaded, before anybody connects
        self._committer = Committer(self.store, self._on_committed)
        self._idle.set()
        self._take_up_parts()
        self._server = await self._loop.create_server(lambda: Connection(self), host, port, backlog=4096)
        self._sweeper = self._loop.create_task(self._sweep())
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Accept nobody, read nothing more, write and answer what came in, close: nothing is lost."""
        self._stopping = True
        assert self._server is not None
        assert self._sweeper is not None
        self._server.close()
        self._sweeper.cancel()
        for connection in self.sessions.values():
            connection.pause()
        self.flush()
        try:
            await asyncio.wait_for(self._idle.wait(), STOP_S_MAX)
        except TimeoutError:
            _log.error("the disk did not take everything within %s s; what is missing was not answered", STOP_S_MAX)
        for connection in list(self.sessions.values()):
            connection.close()
        await asyncio.sleep(0)
        await self._loop.run_in_executor(None, self._committer.close, 1.0)
        self._tell_refused()

    # what sessions ask for (session.Hub)

    def find_device(self, phone: str) -> Device | None:
        """The device with this number, if it may connect."""
        device = self._devices.get(phone)
        if device is None and self.settings.open_sign_in:
            device = self._devices[phone] = Device(id=phone)
        return device

    def token_of(self, device: Device) -> str:
        """What the device signs in with: the same after a restart, and of no use for another device."""
        return hmac.new(self._key, device.id.encode(), hashlib.sha256).hexdigest()[:TOKEN_LETTERS]

    def number_of(self, device: Device) -> int:
        """The device's number in the store."""
        return self.store.number_of(device.id)

    def tool_of(self, device: Device, report: PositionReport) -> bool | None:
        """Whether the tool works, by the device's item table; None: it does not say."""
        if not report.extra:
            return None
        value = self._items.values(report, device.vendor).get(TOOL_NAME)
        return None if value is None else bool(value)

    def join_part(self, header: Header, body: bytes, now_s: float) -> tuple[bytes | None, PartKey, list[int]]:
        """Keep a part; (whole body or None, key, numbers missing though the last part came)."""
        first = (header.serial - header.number + 1) & 0xFFFF
        key = (header.phone, header.message_id, first, header.total)
        whole = self._parts.add(header, body, now_s)
        missing = self._parts.missing(header) if whole is None and header.number == header.total else []
        return whole, key, missing

    def allowance_of(self, device: Device) -> Allowance:
        """How much the device may send, over all its connections."""
        found = self._allowances.get(device.id)
        if found is None:
            found = self._allowances[device.id] = Allowance(float(self.settings.fixes_burst), self.clock())
        return found

    def may_keep(self, device: Device, time_s: float) -> bool:
        """Whether a fix of this moment may be kept: people's only in the spans of accepted jobs with consent."""
        if device.carrier == Carrier.MACHINE:
            return True
        return any(since <= time_s < until for since, until in self._people.get(device.id, ()))

    def count(self, kind: str, number: int = 1) -> None:
        """Count what happened."""
        self.counts[kind] += number

    def answered(self, device: Device, serial: int) -> None:
        """A terminal confirmed a message that was sent to it."""
        number = self._sent.pop((device.id, serial), None)
        if number is not None:
            self.store.hot.mark("answered_ms", [number], round(self.clock() * MS))

    # from the sockets to the disk and back

    def received(self) -> None:
        """Something is in the batch: write it soon, together with what else comes in until then."""
        if self._kicked or self._writing:
            return
        self._kicked = True
        wait_s = self._flushed_s + self.settings.commit_every_s - self._loop.time()
        if wait_s > 0:
            self._loop.call_later(wait_s, self.flush)
        else:
            self._loop.call_soon(self.flush)

    def flush(self) -> None:
        """Hand the batch over."""
        self._kicked = False
        if self._writing:
            return
        self._read_quick()
        if not self.batch:
            return
        self._writing = True
        self._flushed_s = self._loop.time()
        self._idle.clear()
        batch, self.batch = self.batch, Batch()
        self._committer.submit(batch)

    def _read_quick(self) -> None:
        """Decode what came the quick way; what is not ordinary goes through its session."""
        if not self.quick:
            return
        reads, self.quick = self.quick, []
        now_s = self.clock()
        self.counts["messages"] += len(reads)
        for session, data in take_quick(reads, self.batch, self.settings, now_s):
            self.counts["messages"] -= 1
            connection = self.sessions.get(session)
            if connection is not None:
                connection.feed(data, now_s)

    def _on_committed(self, committed: Committed) -> None:
        """In the committer's thread."""
        self._loop.call_soon_threadsafe(self._answer, committed)

    def _answer(self, committed: Committed) -> None:
        batch = committed.batch
        self._writing = False
        self.counts["commits"] += 1
        self.counts["fixes_stored"] += committed.new
        self.counts["fixes_double"] += len(batch.rows) - committed.new
        frames: dict[Session, list[bytes]] = {}
        answer: Answer
        for answer in batch.answers:
            frames.setdefault(answer.session, []).append(answer.session.frame_of(answer))
        for session, serial in batch.positions:
            connection = self.sessions.get(session)
            if connection is not None:
                connection.send(session.position_answer(serial))
        self.counts["answers"] += len(batch.answers) + len(batch.positions)
        for session, pieces in frames.items():
            connection = self.sessions.get(session)
            if connection is not None:
                connection.send(b"".join(pieces))
        if batch.rows:
            self._hear(batch.rows)
        if not self.batch and not self.quick:
            self._idle.set()
        elif self._stopping:
            self.flush()
        else:
            self.received()
        if self.was_full and not self._stopping:
            self.was_full = False
            for connection in self.sessions.values():
                connection.resume()

    @property
    def full(self) -> bool:
        """Whether so much waits for the disk that reading has to pause."""
        batch = self.batch
        answers = len(batch.answers) + len(batch.positions)  # heartbeats and refused fixes wait for the disk, too
        return max(len(batch.rows), answers) + len(self.quick) > self.settings.pending_max

    def _hear(self, rows: Sequence[Row]) -> None:
        for listener in self._listeners:
            try:
                listener(sorted(rows, key=lambda row: row[:2]))
            except Exception:
                self.counts["listener_faults"] += 1
                _log.exception("a listener failed; the fixes are stored")

    def _take_up_parts(self) -> None:
        """Parts that were answered before a restart still wait for the others."""
        now_s = self.clock()
        for phone, message_id, first, total, number, body, at_s in self.store.hot.parts(
            now_s - self.settings.parts_age_s_max
        ):
            serial = (first + number - 1) & 0xFFFF
            self._parts.add(Header(message_id, phone, serial, total=total, number=number), body, at_s)

    # once a second

    async def _sweep(self) -> None:
        next_outbox_s = 0.0
        while True:
            await asyncio.sleep(SWEEP_S)
            now_s = self.clock()
            self._look_at_connections(now_s)
            if now_s >= next_outbox_s:
                next_outbox_s = now_s + self.settings.outbox_s
                try:
                    self._send_outbox()
                except Exception:  # a full disk, a locked file: timeouts and paused connections go on without it
                    self.counts["outbox_faults"] += 1
                    _log.exception("the outbox could not be sent; it is tried again")
            if now_s - self._told_s > self.settings.log_s:
                self._told_s = now_s
                self._parts.tidy(now_s)
                self._tell_refused()

    def _look_at_connections(self, now_s: float) -> None:
        settings, full = self.settings, self.full
        for session, connection in list(self.sessions.items()):
            silent = now_s - session.heard_s > settings.silent_s_max and not connection.paused
            unsigned = not session.signed_in and now_s - session.began_s > settings.unsigned_s_max
            if silent or unsigned:
                self.counts["closed_silent" if session.signed_in else "closed_unsigned"] += 1
                connection.abort()
                continue
            session.refill(now_s)
            if session.allowance > 0 and not full:
                connection.resume()

    def _send_outbox(self) -> None:
        """Messages for terminals that are connected now."""
        here = {session.device.id: session for session in self.sessions if session.device and session.signed_in}
        sent = []
        for number, device_id, kind, content in self.store.hot.unsent():
            session = here.get(device_id)
            if session is not None and session.head is not None and number not in self._unsayable:
                try:
                    serial = session.say(message_of(kind, content, session.head.version))
                except NongshiError as error:
                    self._unsayable.add(number)
                    _log.error("message %d to %s cannot be sent: %s", number, device_id, error)
                    continue
                self._sent[device_id, serial] = number
                sent.append(number)
        if sent:
            self.store.hot.mark("sent_ms", sent, round(self.clock() * MS))

    def _tell_refused(self) -> None:
        """A line for each kind that was refused since the last one."""
        refused = {kind: n for kind, n in self.counts.items() if kind.startswith(("refused_", "fixes_c", "closed_"))}
        for kind, number in sorted(refused.items()):
            if number > self._told[kind]:
                _log.warning("%s: %d since the last line, %d in all", kind, number - self._told[kind], number)
        self._told = Counter(refused)

    def metrics(self) -> Mapping[str, float]:
        """Numbers to watch."""
        return {
            **self.counts,
            "connections": len(self.sessions),
            "signed_in": sum(session.signed_in for session in self.sessions),
            "fixes_waiting": len(self.batch.rows) + len(self.quick),
            "parts_held_bytes": self._parts.held_bytes,
            "parts_given_up": self._parts.given_up,
            "store_failing": float(self._committer.failing),
            "cpu_seconds": time.process_time(),
        }


class Connection(asyncio.Protocol):
    """One socket."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._transport: Any = None
        self._paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let it in, unless the house is full."""
        gateway = self._gateway
        self._transport = transport
        self._transport.set_write_buffer_limits(high=gateway.settings.unread_bytes_max)
        self._session = Session(gateway, self.send, gateway.clock())
        if len(gateway.sessions) >= gateway.settings.connections_max:
            gateway.counts["refused_connections"] += 1
            self._transport.abort()
            return
        gateway.counts["connections_made"] += 1
        gateway.sessions[self._session] = self

    def data_received(self, data: bytes) -> None:
        """Bytes of a terminal."""
        gateway, session = self._gateway, self._session
        if session not in gateway.sessions:
            return
        gateway.counts["bytes"] += len(data)
        if is_quick(session, data) and not session.waits:
            session.heard_s = gateway.clock()
            gateway.quick.append((session, data))
        else:
            self.feed(data, gateway.clock())
        gateway.received()
        if session.allowance <= 0:
            gateway.counts["paused_fast"] += 1
            self.pause()
        elif gateway.full:
            gateway.was_full = True
            self.pause()

    def feed(self, data: bytes, now_s: float) -> None:
        """Give bytes to the session."""
        try:
            self._session.feed(data, now_s)
        except Exception:  # a fault of ours with one terminal's bytes must not cost the others theirs
            self._gateway.counts["session_faults"] += 1
            _log.exception("a connection is closed: its bytes met a fault of ours")
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """The terminal is gone; what it sent before stays in the batch."""
        self._gateway.sessions.pop(self._session, None)

    @property
    def paused(self) -> bool:
        """Whether nothing is read for now: then its silence is ours."""
        return self._paused

    def send(self, data: bytes) -> None:
        """Put bytes on the wire; whoever never reads them is let go (`pause_writing`)."""
        if not self._transport.is_closing():
            self._transport.write(data)

    def pause_writing(self) -> None:
        """The terminal reads none of its answers."""
        self._gateway.counts["closed_unread"] += 1
        self.abort()

    def pause(self) -> None:
        """Read nothing for now; the terminal's own network holds the rest."""
        if not self._paused and not self._transport.is_closing():
            self._paused = True
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        if self._paused and not self._transport.is_closing():
            self._paused = False
            self._transport.resume_reading()

    def close(self) -> None:
        """Send what is to be sent, then close."""
        self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        self._gateway.sessions.pop(self._session, None)
        self._transport.abort()
