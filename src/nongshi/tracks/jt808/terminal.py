"""Messages that a terminal sends. The number above each class is its message id."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from nongshi.core.errors import BadInput
from nongshi.tracks.jt808.bcd import read_time
from nongshi.tracks.jt808.fields import Clock, Cursor, Digits, Exact, Form, Listed, Nested, Number, Only, Text
from nongshi.tracks.jt808.header import Version
from nongshi.tracks.jt808.position import BASE_BYTES, PositionReport

U8, U16, U32 = Number(1), Number(2), Number(4)
LIVE, BLIND_ZONE = 0, 1  # kinds of a batch of positions


@dataclass(frozen=True, slots=True)
class TerminalReply:
    """0x0001: the terminal's answer to a message of the platform; result 0 done, 1 failed, 2 wrong, 3 unknown."""

    answered_serial: Annotated[int, U16]
    answered_id: Annotated[int, U16]
    result: Annotated[int, U8] = 0
    extra: Annotated[bytes, Text(raw=True)] = b""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """0x0002: still here; some terminals add battery, signal and status bytes."""

    extra: Annotated[bytes, Text(raw=True)] = b""


@dataclass(frozen=True, slots=True)
class Logout:
    """0x0003: the terminal takes itself off the platform."""


@dataclass(frozen=True, slots=True)
class TimeQuery:
    """0x0004 (2019): what time is it? Answered by 0x8004."""


@dataclass(frozen=True, slots=True)
class PartsWanted:
    """0x0005 (2019): parts of a message of the platform that the terminal has not got."""

    first_serial: Annotated[int, U16]
    numbers: Annotated[tuple[int, ...], Listed(U16, count=2)]


@dataclass(frozen=True, slots=True)
class Register:
    """0x0100: a terminal presents itself; the editions differ in the widths of maker, model and terminal id."""

    province: Annotated[int, U16]  # administrative code, first two digits: 31 Shanghai
    city: Annotated[int, U16]  # the four digits after
    maker: Annotated[str, Text(width=5, width_2019=11)]
    model: Annotated[str, Text(width=20, width_2011=8, width_2019=30)]
    terminal: Annotated[str, Text(width=7, width_2019=30)]
    plate_colour: Annotated[int, U8]  # 0: not on the road yet, then `plate` is the frame number
    plate: Annotated[str, Text()]


@dataclass(frozen=True, slots=True)
class Authentication:
    """0x0102: the token of the registration again; in 2019 also the modem's number and the software's version."""

    token: Annotated[str, Form(Text(), Text(led_by=1))]
    imei: Annotated[str, Only(Text(width=15), since=Version.V2019, absent="")] = ""
    software: Annotated[str, Only(Text(width=20), since=Version.V2019, absent="")] = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One setting of a terminal; its bytes are a number or text, by its id."""

    parameter_id: Annotated[int, U32]
    value: Annotated[bytes, Text(led_by=1, raw=True)]

    @property
    def number(self) -> int:
        """The value as a number."""
        return int.from_bytes(self.value, "big")

    @property
    def text(self) -> str:
        """The value as text."""
        return self.value.decode("gb18030", "surrogateescape")


@dataclass(frozen=True, slots=True)
class Parameters:
    """0x0104: the settings that 0x8104 or 0x8106 asked for."""

    answered_serial: Annotated[int, U16]
    parameters: Annotated[tuple[Parameter, ...], Listed(Parameter, lenient=True)]


@dataclass(frozen=True, slots=True)
class Attributes:
    """0x0107: what kind of terminal this is, its SIM card, hardware and firmware."""

    kind: Annotated[int, U16]
    maker: Annotated[str, Text(width=5)]
    model: Annotated[str, Text(width=20, width_2011=8, width_2019=30)]
    terminal: Annotated[str, Text(width=7, width_2019=30)]
    iccid: Annotated[str, Digits(10)]
    hardware: Annotated[str, Text(led_by=1)]
    firmware: Annotated[str, Text(led_by=1)]
    gnss: Annotated[int, U8]  # bits: 0 GPS, 1 BeiDou, 2 GLONASS, 3 Galileo
    radio: Annotated[int, U8]


@dataclass(frozen=True, slots=True)
class AttributesWide:
    """0x0107 as some terminals of 2019 write it: the maker in 11 bytes, as in their registration."""

    kind: Annotated[int, U16]
    maker: Annotated[str, Text(width=11)]
    model: Annotated[str, Text(width=30)]
    terminal: Annotated[str, Text(width=30)]
    iccid: Annotated[str, Digits(10)]
    hardware: Annotated[str, Text(led_by=1)]
    firmware: Annotated[str, Text(led_by=1)]
    gnss: Annotated[int, U8]
    radio: Annotated[int, U8]


@dataclass(frozen=True, slots=True)
class TimeSync:
    """0x0109: what time is it, as one family of terminals asks; answered by 0x8109."""


@dataclass(frozen=True, slots=True)
class PositionAnswer:
    """0x0201: where the terminal is, because 0x8201 asked."""

    answered_serial: Annotated[int, U16]
    report: Annotated[PositionReport, Nested(PositionReport)]


@dataclass(frozen=True, slots=True)
class ControlAnswer:
    """0x0500: where the terminal is, after 0x8500 told it to lock or unlock."""

    answered_serial: Annotated[int, U16]
    report: Annotated[PositionReport, Nested(PositionReport)]


@dataclass(frozen=True, slots=True)
class WayBill:
    """0x0701: free text or bytes, led by four bytes of length."""

    content: Annotated[bytes, Text(led_by=4, raw=True)]


@dataclass(frozen=True, slots=True)
class DriverCard:
    """0x0702 (2013, 2019): a driver put the licence card in (status 1) or took it out (2).

    The clock is kept as it came: who drives counts, even where a terminal writes the time wrongly.
    """

    status: Annotated[int, U8]
    clock: Annotated[bytes, Exact(6)]
    result: Annotated[int | None, Only(U8, if_left=True)] = None  # 0: the card was read
    driver: Annotated[str | None, Only(Text(led_by=1), if_left=True)] = None
    certificate: Annotated[str | None, Only(Text(width=20), if_left=True)] = None
    agency: Annotated[str | None, Only(Text(led_by=1), if_left=True)] = None
    valid_to: Annotated[str | None, Only(Digits(4), if_left=True)] = None  # YYYYMMDD
    identity: Annotated[str | None, Only(Text(width=20), if_left=True)] = None  # since 2019

    @property
    def at_local(self) -> datetime:
        """Time on the terminal's clock; BadFrame of kind "time" where the bytes are none."""
        return read_time(self.clock)


@dataclass(frozen=True, slots=True)
class DriverCard2011:
    """0x0702 (2011): who drives."""

    driver: Annotated[str, Text(led_by=1)]
    identity: Annotated[str, Text(width=20)]
    certificate: Annotated[str, Text(width=40)]
    agency: Annotated[str, Text(led_by=1)]


@dataclass(frozen=True, slots=True)
class PositionBatch:
    """0x0704: several positions; kind LIVE, or BLIND_ZONE for what was kept while there was no network.

    An entry that is no report does not cost the others: its bytes, with their length, go to `rest`.
    """

    kind: int
    reports: tuple[PositionReport, ...]
    rest: bytes = b""

    @classmethod
    def read_wire(cls, cursor: Cursor) -> "PositionBatch":
        """All entries to the end; the count in front is not needed to find them."""
        cursor.take(2)
        kind = cursor.take(1)[0]
        data, at, reports, rest = cursor.take(cursor.left), 0, [], b""
        while at + 2 <= len(data):
            stop = at + 2 + int.from_bytes(data[at : at + 2], "big")
            if stop > len(data):
                break
            if stop - at - 2 >= BASE_BYTES:
                reports.append(PositionReport.read(data[at + 2 : stop]))
            else:
                rest += data[at:stop]
            at = stop
        return cls(kind, tuple(reports), rest + data[at:])

    def write_wire(self) -> bytes:
        """Count, kind and entries."""
        bodies = [report.write_wire() for report in self.reports]
        if len(bodies) > 0xFFFF or not 0 <= self.kind <= 0xFF or any(len(body) > 0xFFFF for body in bodies):
            raise BadInput("a batch holds at most 65,535 positions of 65,535 bytes, and its kind is one byte")
        entries = b"".join(len(body).to_bytes(2, "big") + body for body in bodies)
        return len(bodies).to_bytes(2, "big") + bytes((self.kind,)) + entries + self.rest


@dataclass(frozen=True, slots=True)
class PassThroughUp:
    """0x0900: bytes for or from something beside the terminal; `kind` says for what."""

    kind: Annotated[int, U8]
    content: Annotated[bytes, Text(raw=True)]


@dataclass(frozen=True, slots=True)
class VendorText:
    """0x1300: a text answer of one family of terminals, in UTF-16."""

    answered_serial: Annotated[int, U16]
    content: Annotated[bytes, Text(raw=True)]

    @property
    def text(self) -> str:
        """The content as text."""
        return self.content.decode("utf-16-be", "replace").strip()


@dataclass(frozen=True, slots=True)
class VendorBattery:
    """0x0210 with seven bytes: battery level, as one family of terminals says it."""

    level_percent: Annotated[int, U8]
    at: Annotated[datetime | None, Clock()]


@dataclass(frozen=True, slots=True)
class VendorBatch:
    """0x0210: several positions, as one family of terminals sends them."""

    reports: Annotated[tuple[PositionReport, ...], Listed(Nested(PositionReport, led_by=1), count=0)]
