"""What some makers send beside the standard: lock reports (0x5501, 0x5502) and telemetry inside 0x0900.

Their layouts follow the open decoder of Traccar (August 2026); no specification of the makers was at hand.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from nongshi.tracks.jt808.errors import BadFrame
from nongshi.tracks.jt808.fields import Cursor, Text
from nongshi.tracks.jt808.header import Version
from nongshi.tracks.jt808.item_rows import Value
from nongshi.tracks.jt808.position import SOUTH, WEST, read_items

LOCK_BASE_BYTES = 34
_CHARGING = (0xAA, 0xAB)  # values of the battery byte


@dataclass(frozen=True, slots=True)
class LockReport:
    """0x5501 and, kept while there was no fix, 0x5502: the report of an electronic lock; bytes as sent."""

    content: Annotated[bytes, Text(raw=True)]

    @property
    def at_utc(self) -> datetime:
        """DDMMYYhhmmss; BadFrame of kind "time" where it is none."""
        digits = self.content[:6].hex()
        try:
            return datetime.strptime(digits, "%d%m%y%H%M%S")
        except ValueError as fault:
            raise BadFrame("time", f"{digits} is no time") from fault

    def values(self) -> dict[str, Value]:
        """What the report says, by the names of the item table.

        Raises:
            BadFrame: kind "body": cut short, or coordinates that are no digits.
        """
        data = self.content
        digits = data[6:15].hex()
        if len(data) < LOCK_BASE_BYTES or not digits[:17].isdigit():
            raise BadFrame("body", "a lock report is cut short or has no coordinates")
        flags = data[14] & 15
        lat, lon = _degrees(digits[:8]), _degrees(digits[8:17])
        found: dict[str, Value] = {
            "lat": lat if flags & 2 else -lat,
            "lon": lon if flags & 4 else -lon,
            "fixed": bool(flags & 1),
            "rssi": data[17],
            "satellites": data[18],
            "mileage_km": int.from_bytes(data[19:23], "big"),
        }
        if data[23] <= 100:
            found["battery_percent"] = data[23]
        elif data[23] in _CHARGING:
            found["charging"] = True
        items = read_items(data[35:])
        lock = items.get(0x0B, b"")
        if lock and len(lock) % 2 == 0:
            found["unlock_result"] = lock[-1]
        return found


def _degrees(digits: str) -> float:
    """DDMMmmmm or DDDMMmmmm."""
    return int(digits[:-6]) + int(digits[-6:]) / 10000 / 60


def passed_values(kind: int, content: bytes) -> dict[str, Value]:
    """Telemetry inside a 0x0900: position, engine, fault codes, tags, by kind; empty for a kind that is not known.

    Raises:
        BadFrame: kind "body": cut short.
    """
    cursor = Cursor(content, Version.V2013)
    if kind == 0xF0:
        return _engine(cursor)
    if kind in (0x53, 0x54):
        found = _coordinates(cursor)
        cursor.take(12)  # altitude, speed, course, clock
        return found | (_tags(cursor) if kind == 0x53 else _samples(cursor))
    return {}


def _coordinates(cursor: Cursor) -> dict[str, Value]:
    status, lat, lon = (int.from_bytes(cursor.take(4), "big") for _ in range(3))
    return {
        "ignition": bool(status & 1),
        "fixed": bool(status & 2),
        "lat": -lat / 1e6 if status & SOUTH else lat / 1e6,
        "lon": -lon / 1e6 if status & WEST else lon / 1e6,
    }


_ENGINE: dict[int, tuple[str, float, float]] = {
    0x0102: ("mileage_km", 0.1, 0), 0x0528: ("mileage_km", 0.1, 0), 0x0546: ("mileage_km", 0.1, 0),
    0x0103: ("fuel_l", 0.01, 0), 0x052A: ("fuel_l", 0.01, 0), 0x052B: ("fuel_percent", 1, 0),
    0x0105: ("fuel_used_l", 0.01, 0), 0x052C: ("fuel_used_l", 0.01, 0), 0x052D: ("coolant_c", 1, -40),
    0x052E: ("air_c", 1, -40), 0x0530: ("power_v", 0.001, 0), 0x0535: ("engine_speed_km_h", 0.1, 0),
    0x0536: ("engine_rpm", 1, 0), 0x0547: ("throttle_percent", 1, 0),
}  # fmt: skip


def _engine(cursor: Cursor) -> dict[str, Value]:
    cursor.take(8)  # clock, kept or live, kind of vehicle
    part = cursor.take(1)[0]
    found: dict[str, Value] = {}
    if part == 1:
        for _ in range(cursor.take(1)[0]):
            key, size = int.from_bytes(cursor.take(2), "big"), cursor.take(1)[0]
            number = int.from_bytes(cursor.take(size), "big")
            if key in _ENGINE:
                name, scale, add = _ENGINE[key]
                found[name] = round(number * scale + add, 6)
    elif part == 2:
        codes = []
        for _ in range(min(int.from_bytes(cursor.take(2), "big"), cursor.left)):
            cursor.take(4)  # system
            for _ in range(min(int.from_bytes(cursor.take(2), "big"), cursor.left)):
                cursor.take(8)  # code as a number, its state
                words = cursor.take(int.from_bytes(cursor.take(2), "big"))
                codes.append(words.decode("latin-1").strip("\0 "))
        found["fault_codes"] = " ".join(codes)
    elif part == 3:
        for _ in range(cursor.take(1)[0]):
            cursor.take(1)
            cursor.take(cursor.take(1)[0])
    else:
        return found
    return found | _coordinates(cursor)


def _tags(cursor: Cursor) -> dict[str, Value]:
    found: dict[str, Value] = {}
    cursor.take(1)  # tags over all parts
    while cursor.left >= 9:
        number = cursor.take(1)[0] + 1
        found[f"tag{number}_mac"] = cursor.take(6).hex()
        found[f"tag{number}_rssi"] = int.from_bytes(cursor.take(1), "big", signed=True)
        found[f"tag{number}_data"] = cursor.take(cursor.take(1)[0]).hex()
    return found


def _samples(cursor: Cursor) -> dict[str, Value]:
    """Several samples; of each value the last."""
    found: dict[str, Value] = {}

    def number() -> int:
        return int.from_bytes(cursor.take(2), "big", signed=True)

    while cursor.left >= 8:
        mask = number()
        cursor.take(6)  # clock
        if mask & 1:
            found["light"] = number()
        if mask & 2:
            found["device_c"], found["humidity_percent"] = number() / 10, number() / 10
        if mask & 4:
            found["temperature3_c"] = number() / 10
        if mask & 8:
            cursor.take(6)  # acceleration
        if mask & 16:
            found["air_pressure"] = number()
    return found
