"""One terminal's connection: what each of its messages means for the store, and what it is answered.

Knows no socket and no clock: bytes, time and answers come in and go out as values, so that a test needs no network.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from nongshi.gateway.allowance import Allowance
from nongshi.gateway.committer import Batch, PartKey
from nongshi.gateway.fix_row import IGNITION, LATE, TOOL_KNOWN, TOOL_WORKS, Row
from nongshi.gateway.replies import PositionReplies, plain_reply
from nongshi.gateway.settings import GatewaySettings
from nongshi.geo.gcj02 import from_gcj02
from nongshi.tracks.device import Carrier, Datum, Device
from nongshi.tracks.jt808 import (
    BadFrame,
    Frame,
    FrameReader,
    Header,
    PositionReport,
    Unknown,
    decode_body,
    decode_frame,
    encode_frame,
    read_position,
)
from nongshi.tracks.jt808.header import phone_bytes_of
from nongshi.tracks.jt808.platform import PartsMissing, RegisterReply, TimeAnswer, TimeSyncAnswer
from nongshi.tracks.jt808.position import ACC, FIXED
from nongshi.tracks.jt808.terminal import (
    Authentication,
    DriverCard,
    DriverCard2011,
    PositionAnswer,
    PositionBatch,
    Register,
    TerminalReply,
    TimeQuery,
    TimeSync,
)

DONE, FAILED, WRONG, UNSUPPORTED = 0, 1, 2, 3  # results of 0x8001
REGISTERED, NO_TERMINAL = 0, 4  # results of 0x8100
BLIND_ZONE = 1  # kind of 0x0704
POSITION_ID, BATCH_ID = 0x0200, 0x0704
MS = 1000


class Hub(Protocol):
    """What all sessions share."""

    settings: GatewaySettings
    batch: Batch

    def find_device(self, phone: str) -> Device | None:
        """The device with this number, if it may connect."""

    def token_of(self, device: Device) -> str:
        """What the device signs in with."""

    def number_of(self, device: Device) -> int:
        """The device's number in the store."""

    def join_part(self, header: Header, body: bytes, now_s: float) -> tuple[bytes | None, PartKey, list[int]]:
        """Keep a part; (whole body or None, key, numbers that are missing though the last part came)."""

    def tool_of(self, device: Device, report: PositionReport) -> bool | None:
        """Whether the tool works, by the device's item table; None: it does not say."""

    def may_keep(self, device: Device, time_s: float) -> bool:
        """Whether a fix of this moment may be kept: people's only on an accepted job and with consent."""

    def count(self, kind: str, number: int = 1) -> None:
        """Count what happened."""

    def allowance_of(self, device: Device) -> Allowance:
        """How much the device may send, over all its connections."""

    def answered(self, device: Device, serial: int) -> None:
        """A terminal confirmed the message that was sent to it under this serial."""


@dataclass(slots=True)
class Answer:
    """A frame to send once the batch that holds it is durable."""

    session: "Session"
    serial: int
    message_id: int
    result: int
    header: Header | None  # None: the head of the session's plain positions


class Session:
    """One connection. `send` puts bytes on the wire at once; answers of fixes go through the batch."""

    def __init__(self, hub: Hub, send: Callable[[bytes], None], now_s: float) -> None:
        self._hub, self._send = hub, send
        self._reader = FrameReader()
        self._serial = 0
        self.device: Device | None = None
        self.number = 0
        self.signed_in = False
        self.began_s = self.heard_s = now_s
        self.head: Header | None = None
        self._phone = ""
        self._phone_bytes = b""
        self.ahead_s = 0
        self.plain = False  # its positions need no more than the quick way
        self.phone_numbers, self.phone_width = (0, 0), 6  # the number as the compiled decoder tells it
        self._allowance = Allowance(float(hub.settings.fixes_burst), now_s)

    @property
    def allowance(self) -> float:
        """Fixes that may still come now."""
        return self._allowance.left

    def charge(self) -> None:
        """One of them came."""
        self._allowance.left -= 1.0

    @property
    def _known(self) -> Device:
        assert self.device is not None
        return self.device

    def feed(self, data: bytes, now_s: float) -> None:
        """Take bytes from the wire."""
        reader, hub = self._reader, self._hub
        for payload in reader.feed(data):
            fast = read_position(payload) if self.plain else None
            if fast is not None and fast[0] == self._phone:
                self.heard_s = now_s
                self._keep_fast(fast, now_s)
                continue
            try:
                frame = decode_frame(payload, strict=hub.settings.strict)
            except BadFrame as fault:
                hub.count(f"refused_{fault.kind}")
                continue
            self.heard_s = now_s
            self._take(frame, now_s)
        if reader.dropped:
            for kind, number in reader.dropped.items():
                hub.count(f"refused_{kind}", number)
            reader.dropped.clear()

    @property
    def waits(self) -> bool:
        """Whether the beginning of a frame waits for its rest: then no read is whole by itself."""
        return self._reader.held_bytes > 0

    def _keep_fast(self, fast: Any, now_s: float) -> None:
        _, serial, at_s, lon, lat, altitude_m, speed_km_h, course_deg, alarm, status, extra = fast
        hub, batch = self._hub, self._hub.batch
        time_s = at_s - self.ahead_s
        if not status & FIXED:
            hub.count("fixes_unfixed")
        elif time_s > now_s + hub.settings.future_s_max or time_s < now_s - hub.settings.past_s_max:
            hub.count("fixes_clock")
        elif abs(lat) > 90 or abs(lon) > 180:
            hub.count("fixes_off_globe")
        else:
            self.charge()
            batch.rows.append(
                (
                    self.number,
                    time_s * MS,
                    round(lon * 1e7),
                    round(lat * 1e7),
                    round(speed_km_h * 10),
                    course_deg,
                    altitude_m,
                    status & ACC,
                    alarm,
                    extra or None,
                )
            )
        batch.answers.append(Answer(self, serial, POSITION_ID, DONE, None))

    def _take(self, frame: Frame, now_s: float) -> None:
        header, hub = frame.header, self._hub
        hub.count("messages")
        if self.head is None or self.head.phone != header.phone:
            self._meet(header)
        self.head = header
        if self.device is None:
            hub.count("refused_unknown_device")
            self._refuse(header)
            return
        if isinstance(frame.body, Register):
            self._say(RegisterReply(header.serial, REGISTERED, hub.token_of(self.device)))
        elif isinstance(frame.body, Authentication):
            self._sign_in(header, frame.body)
        elif not self.signed_in:
            hub.count("refused_unsigned")
            self.reply(header.serial, header.message_id, FAILED, header)
        elif header.total > 1:
            self._join(header, frame.body.body, now_s)
        else:
            self._answer(header, frame.body, now_s)

    def _meet(self, header: Header) -> None:
        """The first message of a number: whose connection is this?"""
        self.signed_in = False
        self.plain = False
        self.device = self._hub.find_device(header.device_id)
        self._phone = header.phone
        self.phone_width = len(header.phone) // 2
        self._phone_bytes = phone_bytes_of(header.phone, self.phone_width)
        high = self._phone_bytes[:-8] if self.phone_width > 8 else b""
        self.phone_numbers = (int.from_bytes(high, "big"), int.from_bytes(self._phone_bytes[-8:], "big"))

    def _refuse(self, header: Header) -> None:
        if header.message_id == 0x0100:
            self._say(RegisterReply(header.serial, NO_TERMINAL))
        else:
            self.reply(header.serial, header.message_id, FAILED, header)

    def _sign_in(self, header: Header, message: Any) -> None:
        device = self._known
        if message.token != self._hub.token_of(device):
            self._hub.count("refused_token")
            self.reply(header.serial, header.message_id, FAILED, header)
            return
        self.signed_in = True
        self.number = self._hub.number_of(device)
        self._allowance = self._hub.allowance_of(device)
        self.ahead_s = device.clock_ahead_s
        plain = device.datum == Datum.WGS84 and not device.vendor
        self.plain = plain and device.carrier == Carrier.MACHINE
        self._replies = PositionReplies(self._phone_bytes, header.version)
        self.reply(header.serial, header.message_id, DONE, header)

    def _answer(self, header: Header, message: Any, now_s: float) -> None:
        """What a signed-in terminal said."""
        hub, batch = self._hub, self._hub.batch
        result = DONE
        match message:
            case PositionReport():
                self._keep(message, now_s)
            case PositionBatch():
                for report in message.reports:
                    self._keep(report, now_s, late=message.kind == BLIND_ZONE)
            case PositionAnswer():
                self._keep(message.report, now_s)
            case DriverCard() | DriverCard2011():
                self._keep_card(message, now_s)
            case TerminalReply():
                hub.answered(self._known, message.answered_serial)
                return  # an answer is not answered
            case TimeQuery():
                self._say(TimeAnswer(_utc(now_s)))
                return
            case TimeSync():
                self._say(TimeSyncAnswer.of(_utc(now_s)))
                return
            case Unknown():
                hub.count("refused_body" if message.fault else "messages_unknown")
                result = WRONG if message.fault else UNSUPPORTED
        batch.answers.append(Answer(self, header.serial, header.message_id, result, header))

    def _join(self, header: Header, body: bytes, now_s: float) -> None:
        """A part of a long message: durable as a part before it is answered, so that no restart loses it."""
        batch = self._hub.batch
        self.charge()
        whole, key, missing = self._hub.join_part(header, body, now_s)
        if whole is None:
            batch.parts.append((key, header.number, body, now_s))
            batch.answers.append(Answer(self, header.serial, header.message_id, DONE, header))
            if missing:
                self._say(PartsMissing(key[2], tuple(missing)))
            return
        batch.wholes.append(key)
        try:
            message = decode_body(header.message_id, whole, header.version)
        except BadFrame as fault:
            message = Unknown(header.message_id, whole, fault.kind)
        self._answer(header, message, now_s)

    def _keep(self, report: PositionReport, now_s: float, *, late: bool = False) -> None:
        hub, device = self._hub, self._known
        try:
            time_s = report.moment(device.clock_ahead_s)
        except BadFrame:
            hub.count("fixes_clock")
            return
        if not report.fixed:
            hub.count("fixes_unfixed")
        elif time_s > now_s + hub.settings.future_s_max or time_s < now_s - hub.settings.past_s_max:
            hub.count("fixes_clock")
        elif not report.on_globe:
            hub.count("fixes_off_globe")
        elif not hub.may_keep(device, time_s):
            hub.count("fixes_private")
        else:
            self.charge()
            hub.batch.rows.append(row_of(report, device, self.number, time_s, hub.tool_of(device, report), late=late))

    def _keep_card(self, message: Any, now_s: float) -> None:
        """Who drives, by the certificate's number alone."""
        certificate = (message.certificate or "").strip("\0 ")
        if certificate:
            status = getattr(message, "status", 1)
            self._hub.batch.cards.append((self.number, round(now_s * MS), status, certificate))

    def reply(self, serial: int, message_id: int, result: int, header: Header | None = None) -> None:
        """Send 0x8001 at once."""
        self._send(self.frame_of(Answer(self, serial, message_id, result, header)))

    def frame_of(self, answer: Answer) -> bytes:
        """The bytes of an answer."""
        header = answer.header or self.head
        assert header is not None
        self._serial = (self._serial + 1) & 0xFFFF
        phone = (
            self._phone_bytes if header.phone == self._phone else phone_bytes_of(header.phone, len(header.phone) // 2)
        )
        return plain_reply(phone, self._serial, answer.serial, answer.message_id, answer.result, header.version)

    def position_answer(self, serial: int) -> bytes:
        """The bytes that answer a position report of the quick way."""
        self._serial = own = (self._serial + 1) & 0xFFFF
        return self._replies.frame(own, serial)

    def _say(self, message: Any) -> int:
        """Send a message at once; its serial."""
        header = self.head
        assert header is not None
        self._serial = (self._serial + 1) & 0xFFFF
        for frame in encode_frame(message, phone=header.phone, serial=self._serial, version=header.version):
            self._send(frame)
        return self._serial

    def say(self, message: Any) -> int:
        """Send a message of the platform to the terminal; the serial under which it will be confirmed."""
        return self._say(message)

    def refill(self, now_s: float) -> None:
        """Give back the allowance that time brings."""
        self._allowance.refill(now_s, self._hub.settings)


def row_of(
    report: PositionReport, device: Device, number: int, time_s: int, tool: bool | None, *, late: bool = False
) -> Row:
    """The row of a report, its degrees in WGS 84."""
    lon, lat = report.lon, report.lat
    if device.datum == Datum.GCJ02:
        lon, lat = (float(value) for value in from_gcj02(lon, lat))
    flags = IGNITION if report.ignition else 0
    if tool is not None:
        flags |= TOOL_KNOWN | (TOOL_WORKS if tool else 0)
    return (
        number,
        time_s * MS,
        round(lon * 1e7),
        round(lat * 1e7),
        round(report.speed_km_h * 10),
        report.course_deg,
        report.altitude_m,
        flags | (LATE if late else 0),
        report.alarm,
        report.extra or None,
    )


def _utc(now_s: float) -> datetime:
    return datetime.fromtimestamp(now_s, UTC).replace(tzinfo=None)
