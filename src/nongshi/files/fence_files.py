"""Fences: a GeoJSON FeatureCollection of polygons with the rules of each as properties (docs/live.md)."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import shapely

from nongshi.core.errors import BadInput, NotFound
from nongshi.files.faults import Faults
from nongshi.files.tables import read_text
from nongshi.tracks.live import Fence, FenceKind, Schedule
from nongshi.tracks.live.fences import MINUTES_PER_DAY

KNOWN = ("id", "name", "kind", "days", "hours", "offset", "allowed", "dwell_min", "speed_max_km_h", "occupancy_max")
_HOURS = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})")


def read_fences(path: Path) -> list[Fence]:
    """Read a file of fences.

    Raises:
        NotFound: there is no such file.
        BadFiles: what stands in it cannot be right; `row` is the feature's number.
    """
    path, faults = Path(path), Faults()
    if not path.is_file():
        raise NotFound(f"there is no file of fences {path}")
    text = read_text(path, faults)
    faults.check()
    try:
        features = json.loads(text or "")["features"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        faults.add(path.name, f"is no GeoJSON FeatureCollection: {error}", "save the areas as one FeatureCollection")
        features = []
    faults.check()
    found, seen = [], set[str]()
    for number, feature in enumerate(features, start=1):
        fence = _fence(path.name, number, feature, faults)
        if fence is not None and fence.id in seen:
            faults.add(path.name, "the id stands twice", "give each fence its own id", row=number, column="id")
        elif fence is not None:
            seen.add(fence.id)
            found.append(fence)
    if not features:
        faults.add(path.name, "there is no fence in it", "add at least one polygon")
    faults.check()
    return found


def _fence(file: str, number: int, feature: Any, faults: Faults) -> Fence | None:
    said = feature.get("properties") if isinstance(feature, dict) else None
    values = _Values(file, number, said if isinstance(said, dict) else {}, faults)
    try:
        polygon = shapely.from_geojson(json.dumps(feature["geometry"]))
    except (KeyError, TypeError, shapely.errors.GEOSException) as error:
        values.fault("geometry", f"is no outline: {error}", "draw the area anew")
        return None
    fence_id = values.text("id")
    if not fence_id:
        values.fault("id", "the fence has no id", "give it one; it stands in every report")
    kind = values.text("kind", FenceKind.AREA.value)
    if kind not in set(FenceKind):
        values.fault("kind", "is none we know", f"write one of {', '.join(FenceKind)}")
    schedule = _schedule(values)
    allowed = said.get("allowed") if isinstance(said, dict) else None
    if allowed is not None and not (isinstance(allowed, list) and all(isinstance(one, str) for one in allowed)):
        values.fault("allowed", "is no list of device numbers", 'write ["13900000001", ...]')
    dwell_min, most = values.number("dwell_min"), values.number("occupancy_max")
    speed = values.number("speed_max_km_h")
    if values.bad:
        return None
    try:
        return Fence(
            fence_id,
            polygon,
            name=values.text("name"),
            kind=FenceKind(kind),
            schedule=schedule,
            allowed=None if allowed is None else frozenset(allowed),
            dwell_s=None if dwell_min is None else dwell_min * 60,
            speed_km_h_max=speed,
            occupancy_max=None if most is None else int(most),
        )
    except BadInput as error:
        values.fault("geometry", str(error), "draw the area anew")
        return None


class _Values:
    """Properties of one feature; faults are told by its number."""

    def __init__(self, file: str, number: int, said: Mapping[str, Any], faults: Faults) -> None:
        self.file, self.row, self.said, self._faults, self.bad = file, number, said, faults, False

    def fault(self, column: str, problem: str, mend: str) -> None:
        self.bad = True
        self._faults.add(self.file, problem, mend, row=self.row, column=column, value=self.said.get(column))

    def text(self, key: str, default: str = "") -> str:
        value = self.said.get(key)
        return default if value is None else str(value).strip()

    def number(self, key: str) -> float | None:
        value = self.said.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e6:
            self.fault(key, "is no number above 0", "write a number, or leave it out")
            return None
        return float(value)


def _schedule(values: _Values) -> Schedule:
    days = values.said.get("days", list(range(1, 8)))
    if not (isinstance(days, list) and days and all(isinstance(day, int) and 1 <= day <= 7 for day in days)):
        values.fault("days", "is no list of week days", "write numbers from 1 (Monday) to 7, such as [1, 2, 3, 4, 5]")
        days = [1]
    hours, begin, end = values.text("hours"), 0, MINUTES_PER_DAY
    if hours:
        matched = _HOURS.fullmatch(hours)
        if matched is None:
            values.fault("hours", "are no hours", "write 22:00-06:00")
        else:
            h1, m1, h2, m2 = (int(part) for part in matched.groups())
            begin, end = h1 * 60 + m1, h2 * 60 + m2
            if max(begin, end) > MINUTES_PER_DAY or max(m1, m2) > 59:
                values.fault("hours", "are no hours of a day", "write 22:00-06:00")
    matched = _OFFSET.fullmatch(values.text("offset", "+08:00"))
    if matched is None:
        values.fault("offset", "is no offset from UTC", "write +08:00")
        return Schedule()
    sign, h, m = matched.groups()
    offset = (-1 if sign == "-" else 1) * (int(h) * 60 + int(m))
    return Schedule(frozenset(day - 1 for day in days), begin, end, offset)
