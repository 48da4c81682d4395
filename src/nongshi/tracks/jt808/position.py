"""A position report (0x0200): 28 bytes of base, then items of id, length, value.

The report keeps the items' bytes as they came, so that writing gives the same frame again; `items` is a dictionary of
them, :meth:`nongshi.tracks.jt808.items.ItemTable.values` gives them names and units.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from struct import Struct
from struct import error as StructError
from typing import TYPE_CHECKING, Any

from nongshi.core.errors import BadInput
from nongshi.tracks.jt808.bcd import TIME_BYTES, local_seconds, read_time, write_time
from nongshi.tracks.jt808.errors import BadFrame

if TYPE_CHECKING:
    from nongshi.tracks.jt808.fields import Cursor

BASE = Struct(">IIIIhHH6s")
BASE_BYTES = BASE.size
ACC, FIXED, SOUTH, WEST = 1, 2, 4, 8  # bits of status
MILEAGE, FUEL, RECORDER_SPEED, RSSI, SATELLITES = 0x01, 0x02, 0x03, 0x30, 0x31
SOS_ALARM = 1  # bit of alarm: the driver pressed for help
_new = object.__new__


@dataclass(frozen=True, slots=True)
class PositionReport:
    """Where a terminal was, as it says. Numbers that cannot be (no fix, junk clock) are kept: the reader decides.

    >>> began = datetime(2026, 11, 1, 7, 30)
    >>> report = PositionReport.of(lat=30.819, lon=121.19, at=began, items={0x31: b"\\x0e"})
    >>> report.fixed, report.at_local, report.items, report.satellites
    (True, datetime.datetime(2026, 11, 1, 7, 30), {49: b'\\x0e'}, 14)
    """

    alarm: int  # 32 bits
    status: int  # 32 bits: 0 ignition, 1 fixed, 2 south, 3 west, 4 not in service, 5 coordinates shifted, 10 fuel cut
    lat: float  # degrees, negative in the south
    lon: float  # degrees, negative in the west
    altitude_m: int
    speed_km_h: float
    course_deg: int  # clockwise from north
    clock: bytes  # six bytes of decimals, as sent; `at_local` reads them
    extra: bytes = b""  # items as sent

    @classmethod
    def of(
        cls,
        *,
        lat: float,
        lon: float,
        at: datetime,
        alarm: int = 0,
        status: int = ACC | FIXED,
        altitude_m: int = 0,
        speed_km_h: float = 0.0,
        course_deg: int = 0,
        items: Mapping[int, bytes] | None = None,
    ) -> "PositionReport":
        """A report from plain values; the bits of south and west follow from the signs."""
        status = status & ~(SOUTH | WEST) | SOUTH * (lat < 0) | WEST * (lon < 0)
        extra = write_items(items or {})
        return cls(alarm, status, lat, lon, altitude_m, speed_km_h, course_deg, write_time(at), extra)

    @classmethod
    def read(cls, body: bytes) -> "PositionReport":
        """A report from a body.

        Raises:
            BadFrame: kind "body": shorter than the base.
        """
        if len(body) < BASE_BYTES:
            raise BadFrame("body", f"a position report has {BASE_BYTES} bytes at least, got {len(body)}")
        alarm, status, lat, lon, altitude_m, speed, course_deg, clock = BASE.unpack_from(body)
        draft: Any = _new(Draft)  # frozen fields cost 1.2 us each report otherwise
        draft.alarm = alarm
        draft.status = status
        draft.lat = -lat / 1e6 if status & SOUTH else lat / 1e6
        draft.lon = -lon / 1e6 if status & WEST else lon / 1e6
        draft.altitude_m = altitude_m
        draft.speed_km_h = speed / 10
        draft.course_deg = course_deg
        draft.clock = clock
        draft.extra = body[BASE_BYTES:]
        draft.__class__ = cls
        return draft  # type: ignore[no-any-return]

    @classmethod
    def read_wire(cls, cursor: "Cursor") -> "PositionReport":
        """A report that fills the rest of a body."""
        return cls.read(cursor.take(cursor.left))

    def write_wire(self) -> bytes:
        """The body of this report.

        Raises:
            BadInput: a number does not fit, or its sign contradicts the status bits.
        """
        if (self.lat < 0 and not self.status & SOUTH) or (self.lat > 0 and self.status & SOUTH):
            raise BadInput(f"lat {self.lat} contradicts bit 2 of status {self.status:#x}")
        if (self.lon < 0 and not self.status & WEST) or (self.lon > 0 and self.status & WEST):
            raise BadInput(f"lon {self.lon} contradicts bit 3 of status {self.status:#x}")
        if len(self.clock) != TIME_BYTES:
            raise BadInput(f"clock of a position report has six bytes, got {len(self.clock)}")
        lat, lon = round(abs(self.lat) * 1e6), round(abs(self.lon) * 1e6)
        speed = round(self.speed_km_h * 10)
        try:
            base = BASE.pack(
                self.alarm, self.status, lat, lon, self.altitude_m, speed, self.course_deg, self.clock
            )  # fmt: skip
        except StructError as fault:
            raise BadInput(f"a number of {self} does not fit in a position report: {fault}") from fault
        return base + self.extra

    @property
    def fixed(self) -> bool:
        """Whether the receiver had a fix; without one the coordinates are old or zero."""
        return bool(self.status & FIXED)

    @property
    def ignition(self) -> bool:
        """Whether the ignition was on."""
        return bool(self.status & ACC)

    @property
    def on_globe(self) -> bool:
        """Whether the coordinates can be on the earth at all."""
        return abs(self.lat) <= 90 and abs(self.lon) <= 180

    @property
    def at_local(self) -> datetime:
        """Time on the terminal's clock, without zone.

        Raises:
            BadFrame: kind "time": the bytes are no time.
        """
        return read_time(self.clock)

    def moment(self, tz_offset_s: int) -> int:
        """Seconds since 1970-01-01 UTC, for a clock that is so many seconds ahead of UTC (China: 28800).

        Raises:
            BadFrame: kind "time": the bytes are no time.
        """
        return local_seconds(read_time(self.clock)) - tz_offset_s

    @property
    def items(self) -> dict[int, bytes]:
        """Items by id; of an id that comes twice the last, of a cut one at the end nothing."""
        extra = self.extra  # the loop of read_items once more: a call less for every report
        found: dict[int, bytes] = {}
        at, end = 0, len(extra)
        last = end - 1
        while at < last:
            stop = at + 2 + extra[at + 1]
            if stop > end:
                break
            found[extra[at]] = extra[at + 2 : stop]
            at = stop
        return found

    @property
    def mileage_km(self) -> float | None:
        """Item 01: kilometres driven in all."""
        return _scaled(self.items.get(MILEAGE), 4, 10)

    @property
    def fuel_l(self) -> float | None:
        """Item 02: litres in the tank."""
        return _scaled(self.items.get(FUEL), 2, 10)

    @property
    def satellites(self) -> int | None:
        """Item 31: satellites in use."""
        value = self.items.get(SATELLITES)
        return value[0] if value and len(value) == 1 else None


class Draft:
    """Same slots as a PositionReport, not frozen: filled fast, then turned into one."""

    __slots__ = tuple(PositionReport.__dataclass_fields__)


def _scaled(value: bytes | None, size: int, scale: int) -> float | None:
    return int.from_bytes(value, "big") / scale if value is not None and len(value) == size else None


def read_items(extra: bytes) -> dict[int, bytes]:
    """Items of id, length, value; what is cut off at the end is left out."""
    found: dict[int, bytes] = {}
    at, end = 0, len(extra)
    last = end - 1
    while at < last:
        stop = at + 2 + extra[at + 1]
        if stop > end:
            break
        found[extra[at]] = extra[at + 2 : stop]
        at = stop
    return found


def write_items(items: Mapping[int, bytes]) -> bytes:
    """The items one behind another.

    >>> write_items({0x01: (1234).to_bytes(4, "big"), 0x31: b"\\x0e"}).hex()
    '0104000004d231010e'
    """
    pieces = []
    for item, value in items.items():
        if not 0 <= item <= 0xFF or len(value) > 0xFF:
            raise BadInput(f"item {item:#x} of {len(value)} bytes does not fit; ids and lengths are one byte")
        pieces.append(bytes((item, len(value))) + value)
    return b"".join(pieces)
