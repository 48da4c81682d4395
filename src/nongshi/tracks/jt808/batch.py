"""Position reports from a long stretch of recorded bytes, compiled: for replay and import, not for connections.

Reads base fields, mileage (item 01) and satellites (item 31) of plain reports 0x0200, 2013 and 2019 form. Everything
else is counted by a code and left to the readable decoder, with which a test compares every field.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from nongshi.tracks.jt808.fast import DAY_2000, DAYS_BEFORE, DAYS_OF
from nongshi.tracks.jt808.wire import FRAME_BYTES_MAX

OK, OTHER_MESSAGE, SHORT, CHECK, BODY, TIME, OVERFLOW, PARTED, LENGTH = range(9)  # codes of frames
CODES = ("ok", "other_message", "short", "check", "body", "time", "overflow", "parted", "length")
POSITIONS = np.dtype(
    [
        ("phone_high", np.uint64),  # the ten bytes of the number: first two, then eight
        ("phone_low", np.uint64),
        ("serial", np.uint16),
        ("alarm", np.uint32),
        ("status", np.uint32),
        ("local_s", np.int64),  # seconds from 1970-01-01 on the terminal's clock
        ("lon", np.float64),
        ("lat", np.float64),
        ("altitude_m", np.int16),
        ("speed_km_h", np.float64),
        ("course_deg", np.uint16),
        ("mileage_km", np.float64),  # nan: not said
        ("satellites", np.int16),  # -1: not said
    ]
)
_BEFORE = np.array(DAYS_BEFORE, dtype=np.int64)
_OF = np.array(DAYS_OF, dtype=np.int64)


def decode_batch(buffer: bytes) -> tuple[NDArray[np.void], NDArray[np.uint8]]:
    """All position reports of concatenated frames, and a code of CODES for every frame, in order.

    The k-th row of the first array belongs to the k-th frame whose code is 0. Bytes behind the last mark are no frame.

    >>> rows, codes = decode_batch(bytes.fromhex("7e000200000139123456780001337e"))
    >>> len(rows), [CODES[code] for code in codes]
    (0, ['other_message'])
    """
    data = np.frombuffer(buffer, dtype=np.uint8)
    frames = int(np.count_nonzero(data == 0x7E))
    rows = np.zeros(frames, dtype=POSITIONS)
    codes = np.zeros(frames, dtype=np.uint8)
    found, good = _scan(data, rows, codes, _BEFORE, _OF, DAY_2000, FRAME_BYTES_MAX)
    return rows[:good], codes[:found]


@njit(cache=True, nogil=True)
def _scan(data, rows, codes, before, days_of, day_2000, bytes_max):  # type: ignore[no-untyped-def]
    plain = np.zeros(bytes_max + 1, dtype=np.uint8)
    found, good, start, end = 0, 0, -1, data.size
    at = 0
    while at < end:
        check, escaped = np.uint8(0), False
        while at < end and data[at] != 0x7E:
            check ^= data[at]
            escaped |= data[at] == 0x7D
            at += 1
        if at < end and start >= 0 and at > start:
            size = at - start
            if size > bytes_max:
                code = 6
            elif escaped:
                size, check = _unescape(data, start, at, plain)
                code = _read(plain, 0, size, check, rows[good], before, days_of, day_2000)
            else:
                code = _read(data, start, size, check, rows[good], before, days_of, day_2000)
            codes[found] = code
            found += 1
            good += code == 0
        at += 1
        start = at
    return found, good


@njit(cache=True, nogil=True)
def _unescape(data, start, stop, plain):  # type: ignore[no-untyped-def]
    size, check, at = 0, np.uint8(0), start
    while at < stop:
        byte = data[at]
        if byte == 0x7D and at + 1 < stop and (data[at + 1] == 1 or data[at + 1] == 2):
            byte = np.uint8(0x7C + data[at + 1])
            at += 1
        plain[size] = byte
        check ^= byte
        size += 1
        at += 1
    return size, check


@njit(cache=True, nogil=True)
def _read(frame, at, size, check, row, before, days_of, day_2000):  # type: ignore[no-untyped-def]
    """Code of the unescaped frame at `at`; fills the row where it is 0."""
    if check != 0:
        return 3
    if size < 13:
        return 2
    if frame[at] != 0x02 or frame[at + 1] != 0x00:
        return 1
    if frame[at + 2] & 0x3C:  # encrypted or a part
        return 7
    new = (frame[at + 2] & 0x40) != 0
    head = 17 if new else 12
    length = ((frame[at + 2] & 3) << 8) | frame[at + 3]
    if size - 1 - head != length:  # which head is meant, the readable decoder finds out
        return 8
    if length < 28:
        return 4
    body = at + head
    local_s = _clock(frame, body + 22, before, days_of, day_2000)
    if local_s < 0:
        return 5
    row["local_s"] = local_s
    row["phone_high"] = _big(frame, at + 5, 2) if new else 0
    row["phone_low"] = _big(frame, at + 7, 8) if new else _big(frame, at + 4, 6)
    row["serial"] = _big(frame, body - 2, 2)
    row["alarm"] = _big(frame, body, 4)
    status = _big(frame, body + 4, 4)
    row["status"] = status
    lat, lon = _big(frame, body + 8, 4) / 1e6, _big(frame, body + 12, 4) / 1e6
    row["lat"] = -lat if status & 4 else lat
    row["lon"] = -lon if status & 8 else lon
    row["altitude_m"] = np.int16(np.uint16(_big(frame, body + 16, 2)))
    row["speed_km_h"] = _big(frame, body + 18, 2) / 10
    row["course_deg"] = _big(frame, body + 20, 2)
    _items(frame, body + 28, at + size - 1, row)
    return 0


@njit(cache=True, nogil=True)
def _items(frame, at, end, row):  # type: ignore[no-untyped-def]
    """Mileage and satellites; of an item that comes twice the last one, whatever its length."""
    row["mileage_km"] = np.nan
    row["satellites"] = -1
    while at + 2 <= end:
        stop = at + 2 + frame[at + 1]
        if stop > end:
            break
        if frame[at] == 0x01:
            row["mileage_km"] = _big(frame, at + 2, 4) / 10 if frame[at + 1] == 4 else np.nan
        elif frame[at] == 0x31:
            row["satellites"] = frame[at + 2] if frame[at + 1] == 1 else -1
        at = stop


@njit(cache=True, nogil=True, inline="always")
def _big(frame, at, count):  # type: ignore[no-untyped-def]
    value = np.int64(0)
    for k in range(at, at + count):
        value = value << 8 | frame[k]
    return value


@njit(cache=True, nogil=True, inline="always")
def _pair(byte):  # type: ignore[no-untyped-def]
    """Two digits; above 99 where they are none."""
    high, low = np.int64(byte >> 4), np.int64(byte & 15)
    return high * 10 + low if high < 10 and low < 10 else np.int64(1000)


@njit(cache=True, nogil=True)
def _clock(frame, at, before, days_of, day_2000):  # type: ignore[no-untyped-def]
    """As fast.local_seconds_of."""
    year, month, day = _pair(frame[at]), _pair(frame[at + 1]), _pair(frame[at + 2])
    hour, minute, second = _pair(frame[at + 3]), _pair(frame[at + 4]), _pair(frame[at + 5])
    if year > 99 or month < 1 or month > 12 or day < 1 or hour > 23 or minute > 59 or second > 59:
        return np.int64(-1)
    leap = year % 4 == 0
    if day > days_of[month] + (1 if leap and month == 2 else 0):
        return np.int64(-1)
    days = day_2000 + year * 365 + (year + 3) // 4 + before[month] + (1 if leap and month > 2 else 0) + day - 1
    return ((days * 24 + hour) * 60 + minute) * 60 + second
