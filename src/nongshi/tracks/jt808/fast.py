"""The commonest frame, a position report with a plain head, read in one go.

Nothing here decides anything that the readable decoder does not: both must agree, and a test holds them to it.
"""

from struct import Struct
from typing import Any

from nongshi.tracks.jt808.bcd import PAIRS
from nongshi.tracks.jt808.frame import Frame
from nongshi.tracks.jt808.header import Header, Version
from nongshi.tracks.jt808.position import SOUTH, WEST, Draft, PositionReport
from nongshi.tracks.jt808.wire import FOLDED, check_byte

_HEAD_AND_BASE = Struct(">HH6sHIIIIhHH6s")
_UNPACK = _HEAD_AND_BASE.unpack_from
_PLAIN_BYTES_MIN = _HEAD_AND_BASE.size + 1
_OVERHEAD_BYTES = 13  # head and check byte around the body
_V2013 = Version.V2013
_from_bytes = int.from_bytes
_new = object.__new__  # frozen dataclasses are filled as drafts of the same slots, then turned: 2 us less a frame
DAYS_BEFORE = (0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
DAYS_OF = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
DAY_2000 = 10957  # days from 1970-01-01 to 2000-01-01

# phone, serial, seconds on the terminal's clock, lon, lat, altitude_m, speed_km_h, course_deg, alarm, status, extra
FastPosition = tuple[str, int, int, float, float, int, float, int, int, int, bytes]


def read_plain(payload: bytes) -> Frame | None:
    """The frame of a plain position report with a right check byte; None: it is to be read the long way."""
    size = len(payload)
    if size < _PLAIN_BYTES_MIN or payload[0] != 2:
        return None
    message_id, length, phone, serial, alarm, status, lat, lon, altitude_m, speed, course_deg, clock = _UNPACK(payload)
    if message_id != 0x0200 or length != size - _OVERHEAD_BYTES or length > 0x3FF:
        return None
    if size > 64:
        if check_byte(payload):
            return None
    else:  # check_byte once more without its call
        folded = _from_bytes(payload)
        folded ^= folded >> 256
        folded ^= folded >> 128
        folded ^= folded >> 64
        folded ^= folded >> 32
        if FOLDED[(folded ^ folded >> 16) & 0xFFFF]:
            return None
    body: Any = _new(Draft)
    body.alarm = alarm
    body.status = status
    body.lat = -lat / 1e6 if status & SOUTH else lat / 1e6
    body.lon = -lon / 1e6 if status & WEST else lon / 1e6
    body.altitude_m = altitude_m
    body.speed_km_h = speed / 10
    body.course_deg = course_deg
    body.clock = clock
    body.extra = payload[40:-1]
    body.__class__ = PositionReport
    header: Any = _new(_HeaderDraft)
    header.message_id = message_id
    header.phone = phone.hex()
    header.serial = serial
    header.version = _V2013
    header.protocol_version = 1
    header.total = header.number = header.encryption = header.spare = 0
    header.length = length
    header.__class__ = Header
    frame: Any = _new(_FrameDraft)
    frame.header = header
    frame.body = body
    frame.__class__ = Frame
    return frame  # type: ignore[no-any-return]


def read_position(payload: bytes) -> FastPosition | None:
    """A plain position report with a right check byte and a time that exists, as a bare tuple; else None.

    For servers that read very many: what is None here goes to :func:`nongshi.tracks.jt808.decode_frame`.

    >>> fast = read_position(bytes.fromhex("0200001c0139123456780007" + "00" * 4 + "00000003" + "01d3" + "28c8" * 2
    ...     + "07" + "00" * 7 + "261101073000" + "00"))
    >>> fast is None
    True
    """
    size = len(payload)
    if size < _PLAIN_BYTES_MIN or payload[0] != 2:
        return None
    message_id, length, phone, serial, alarm, status, lat, lon, altitude_m, speed, course_deg, clock = _UNPACK(payload)
    if message_id != 0x0200 or length != size - _OVERHEAD_BYTES or length > 0x3FF or check_byte(payload):
        return None
    at_s = local_seconds_of(clock)
    if at_s < 0:
        return None
    return (
        phone.hex(),
        serial,
        at_s,
        -lon / 1e6 if status & WEST else lon / 1e6,
        -lat / 1e6 if status & SOUTH else lat / 1e6,
        altitude_m,
        speed / 10,
        course_deg,
        alarm,
        status,
        payload[40:-1],
    )


def local_seconds_of(clock: bytes) -> int:
    """Seconds from 1970-01-01 00:00 on the terminal's clock; -1: no time."""
    pairs = PAIRS
    year, month, day = pairs[clock[0]], pairs[clock[1]], pairs[clock[2]]
    hour, minute, second = pairs[clock[3]], pairs[clock[4]], pairs[clock[5]]
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60 and 1 <= month <= 12 and year >= 0):
        return -1
    leap = not year & 3  # of the years 2000 to 2099 every fourth has a 29 February
    if not 1 <= day <= DAYS_OF[month] + (leap and month == 2):
        return -1
    days = DAY_2000 + year * 365 + (year + 3 >> 2) + DAYS_BEFORE[month] + (leap and month > 2) + day - 1
    return ((days * 24 + hour) * 60 + minute) * 60 + second


class _HeaderDraft:
    """Same slots as a Header, not frozen."""

    __slots__ = tuple(Header.__dataclass_fields__)


class _FrameDraft:
    """Same slots as a Frame, not frozen."""

    __slots__ = tuple(Frame.__dataclass_fields__)
