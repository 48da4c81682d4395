"""JT/T 808 frames of a folder against the codec: which are decoded, and which expectations beside them are met.

Reads hex lines (`*.txt`) and the JSON of converted test vectors (`{"vectors": [{"hex", "kind", "expect"}]}`) whose
expectations are written as in Traccar's tests.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nongshi.core.errors import NotFound
from nongshi.tracks.jt808 import (
    BadFrame,
    Frame,
    PositionReport,
    Unknown,
    check_byte,
    decode_frame,
    encode_decoded,
    escape,
    standard_items,
    unescape,
)
from nongshi.tracks.jt808.item_rows import Value
from nongshi.tracks.jt808.terminal import DriverCard, PassThroughUp, VendorBattery, VendorText, WayBill
from nongshi.tracks.jt808.vendor import LockReport, passed_values

HEAD_BYTES_MIN = 13  # below this nothing can be a frame, whatever its last byte is
NAMES = {
    "KEY_SATELLITES": "satellites", "KEY_POWER": "power_v", "KEY_BATTERY": "battery_v", "KEY_CHARGE": "charging",
    "KEY_BATTERY_LEVEL": "battery_percent", "KEY_DEVICE_TEMP": "device_c", "KEY_DOOR": "door",
    "KEY_DRIVER_UNIQUE_ID": "driver_id", "KEY_DTCS": "fault_codes", "KEY_EVENT": "event", "KEY_ICCID": "iccid",
    "KEY_FUEL_USED": "fuel_used_l", "KEY_MOTION": "moving", "KEY_RESULT": "result", "KEY_RPM": "engine_rpm",
    "KEY_STEPS": "steps", "PREFIX_TEMP + 1": "temperature1_c", "alarmLabel": "alarm_label", "cardCode": "certificate",
    "driver": "driver", "fuel1": "fuel1", "fuel2": "fuel2", "lock1Locked": "lock1_locked", "tag1Mac": "tag1_mac",
    "timezone": "timezone", "tire1Pressure": "tyre1_pressure_bar", "unlockResult": "unlock_result",
    "videoAlarm": "video_alarm",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Vector:
    """One frame as published: raw between its marks, and what another decoder says of it."""

    name: str
    payload: bytes
    kind: str = ""
    expect: str = ""


def bench_vectors(folder: Path) -> dict[str, Any]:
    """Counts over all frames of a folder.

    Raises:
        NotFound: no such folder, or no frames in it.
    """
    vectors = list(read_vectors(folder))
    if not vectors:
        raise NotFound(f"no frames (*.txt with hex, *.json with vectors) in {folder}")
    counts: Counter[str] = Counter()
    unmet = []
    for vector in vectors:
        right = len(vector.payload) >= HEAD_BYTES_MIN and check_byte(vector.payload) == 0
        counts["frames"] += 1
        counts["right_check_byte"] += right
        try:
            frame = decode_frame(vector.payload, strict=right)
        except BadFrame as fault:
            counts[f"{'right' if right else 'wrong'}_check_byte_refused_{fault.kind}"] += 1
            continue
        if right:
            counts["decoded"] += 1
            if isinstance(frame.body, Unknown):
                counts["kept_as_bytes_" + (frame.body.fault or "unknown_id_or_part")] += 1
            counts["same_bytes_again"] += encode_decoded(frame) == escape(vector.payload)
        if vector.expect or vector.kind.startswith("verifyPosition"):
            met = is_met(vector, frame)
            counts["expectations"] += 1
            counts["expectations_met"] += met
            counts["expectations_met_by_common_rows"] += is_met(vector, frame, vendors=("",))
            if not met:
                unmet.append(f"{vector.name}: {vector.expect or vector.kind}")
    return {"format": "nongshi-bench-jt808-vectors/1", **dict(sorted(counts.items())), "unmet": unmet}


def read_vectors(folder: Path) -> Iterator[Vector]:
    """Frames of a folder, file by file."""
    if not folder.is_dir():
        raise NotFound(f"there is no folder {folder}")
    for path in sorted(folder.iterdir()):
        if path.suffix == ".txt":
            for line, word in enumerate(path.read_text(encoding="utf-8").split(), start=1):
                pieces = bytes.fromhex(word).split(b"\x7e")
                for part, piece in enumerate((one for one in pieces if one), start=1):
                    yield Vector(f"{path.name}:{line}.{part}", unescape(piece))
        elif path.suffix == ".json":
            for number, one in enumerate(json.loads(path.read_text(encoding="utf-8"))["vectors"]):
                data = bytes.fromhex(one["hex"])
                if data[:1] == b"\x7e":  # what begins otherwise is no JT/T 808
                    yield Vector(f"{path.name}:{number}", data[1:-1], one["kind"], one["expect"])


def is_met(vector: Vector, frame: Frame, vendors: tuple[str, ...] | None = None) -> bool:
    """Whether the codec says what is expected, by the common rows of the item table or those of one vendor.

    Published vectors do not name the terminal's model, which the other decoder was told.
    """
    if vector.kind.startswith("verifyPosition"):
        return has_position(frame)
    wanted = expected(vector.expect)
    tried = ("", *standard_items().vendors) if vendors is None else vendors
    return any(
        all(found.get(name) == value for name, value in wanted.items())
        for vendor in tried
        for found in all_values(frame, vendor)
    )


def expected(words: str) -> dict[str, Value]:
    """`Position.KEY_POWER, 11.4` as `{"power_v": 11.4}`; alarms as flags."""
    key, _, value = words.partition(", ")
    key = key.replace("Position.", "").strip('"')
    if key == "KEY_ALARM":
        return {f"alarm_{alarm.lower()}": True for alarm in re.findall(r"ALARM_(\w+)", value)}
    if value.startswith('"'):
        return {NAMES.get(key, key): json.loads(value)}
    if value in ("true", "false"):
        return {NAMES.get(key, key): value == "true"}
    return {NAMES.get(key, key): int(value, 16) if value.startswith("0x") else float(value.rstrip("L"))}


def all_values(frame: Frame, vendor: str) -> list[dict[str, Value]]:
    """What each report of a frame says, by name."""
    body, table = frame.body, standard_items()
    if isinstance(body, PassThroughUp):
        found = table.passed_through(body.kind, body.content, vendor)
        return [found or passed_values(body.kind, body.content)]
    if isinstance(body, LockReport):
        return [body.values()]
    if isinstance(body, DriverCard):
        return [{"certificate": body.certificate or ""}]
    if isinstance(body, WayBill):
        return [{"result": body.content.decode("gb18030", "replace")}]
    if isinstance(body, VendorText):
        return [{"result": body.text}]
    if isinstance(body, VendorBattery):
        return [{"battery_percent": body.level_percent}]
    return [table.values(report, vendor) for report in reports_of(body)]


def reports_of(body: Any) -> tuple[PositionReport, ...]:
    """The position reports inside a message."""
    if isinstance(body, PositionReport):
        return (body,)
    single = getattr(body, "report", None)
    return (single,) if single is not None else getattr(body, "reports", ())


def has_position(frame: Frame) -> bool:
    """Whether every report has a place on the globe and a time."""
    try:
        found = all_values(frame, "")
        for report in reports_of(frame.body):
            _ = report.at_local
            if not report.on_globe:
                return False
    except BadFrame:
        return False
    return bool(reports_of(frame.body)) or any("lat" in one and "lon" in one for one in found)
