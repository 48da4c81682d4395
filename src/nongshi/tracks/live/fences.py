"""Fences: areas with hours, with machines that may be there, and with rules inside; found quickly by a grid."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import shapely

from nongshi.core.errors import BadInput

CELL_DEG = 0.01  # about 1 km: a handful of fences a cell
CONVEX_SLACK = 1e-9  # of the area, for rounding
CELLS_MAX = 10_000  # a fence of more cells is looked at for every fix
MINUTES_PER_DAY = 1440
CHINA_OFFSET_MIN = 480


class FenceKind(StrEnum):
    """What an area is; the last three raise an alarm."""

    FIELD = "field"
    YARD = "yard"
    AREA = "area"
    NO_GO = "no_go"
    STRAW_BURNING = "straw_burning"  # zone in which burning straw is forbidden: people and machines there are watched
    PERMIT = "permit"  # only those named may be there


ALARMING = frozenset({FenceKind.NO_GO, FenceKind.STRAW_BURNING, FenceKind.PERMIT})


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a fence counts: days of the week (0 Monday), minutes of the day; an end before the begin is next morning."""

    days: frozenset[int] = frozenset(range(7))
    begin_min: int = 0
    end_min: int = MINUTES_PER_DAY
    offset_min: int = CHINA_OFFSET_MIN  # local time ahead of UTC

    def holds(self, at_s: float) -> bool:
        """Whether the fence counts at a moment.

        >>> night = Schedule(days=frozenset({0}), begin_min=22 * 60, end_min=6 * 60)
        >>> monday = 1_793_577_600.0  # 2026-11-02 00:00 UTC, 08:00 in China
        >>> [night.holds(monday + hour * 3600) for hour in (0, 15, 21, 23)]
        [False, True, True, False]
        """
        local = datetime.fromtimestamp(at_s, UTC) + timedelta(minutes=self.offset_min)
        minute, day = local.hour * 60 + local.minute, local.weekday()
        if self.begin_min <= self.end_min:
            return day in self.days and self.begin_min <= minute < self.end_min
        return (day in self.days and minute >= self.begin_min) or ((day - 1) % 7 in self.days and minute < self.end_min)


@dataclass(frozen=True, slots=True, eq=False)
class Fence:
    """One area and what is watched in it."""

    id: str
    polygon: Any  # shapely polygon or multipolygon, degrees, WGS 84
    name: str = ""
    kind: FenceKind = FenceKind.AREA
    schedule: Schedule = Schedule()
    allowed: frozenset[str] | None = None  # devices that may be there; None: all, in kinds that alarm nobody
    dwell_s: float | None = None  # who stays so long is told
    speed_km_h_max: float | None = None
    occupancy_max: int | None = None
    convex: bool = field(default=True, init=False, repr=False)  # a way between two points inside stays inside

    def __post_init__(self) -> None:
        """Refuse what is no area."""
        if self.polygon.is_empty or self.polygon.geom_type not in ("Polygon", "MultiPolygon"):
            raise BadInput(f"fence {self.id} needs a polygon, got {self.polygon.geom_type}")
        if not self.polygon.is_valid:
            raise BadInput(f"fence {self.id}: {shapely.is_valid_reason(self.polygon)}; draw it without crossing itself")
        shapely.prepare(self.polygon)
        hull = self.polygon.convex_hull.area
        object.__setattr__(self, "convex", hull - self.polygon.area <= CONVEX_SLACK * hull)

    def holds(self, lon: float, lat: float) -> bool:
        """Whether a point lies inside or on the border."""
        return bool(shapely.intersects_xy(self.polygon, lon, lat))

    def alarms(self, device_id: str, at_s: float) -> bool:
        """Whether it is an alarm that this device is there at this moment."""
        if not self.schedule.holds(at_s):
            return False
        if self.allowed is not None:
            return device_id not in self.allowed
        return self.kind in ALARMING

    def left_between(self, lon1: float, lat1: float, lon2: float, lat2: float) -> bool:
        """Whether the straight way between two points inside leads outside on its way."""
        return not self.convex and not self.polygon.covers(shapely.LineString([(lon1, lat1), (lon2, lat2)]))

    def crossings(self, lon1: float, lat1: float, lon2: float, lat2: float) -> list[float]:
        """Shares (0..1) of the straight way at which it crosses the border, in order."""
        way = shapely.LineString([(lon1, lat1), (lon2, lat2)])
        met = shapely.intersection(way, shapely.boundary(self.polygon))
        points = [part for part in shapely.get_parts(met) if not part.is_empty]
        length = way.length
        if not points or length == 0:
            return []
        ends = {
            min(1.0, max(0.0, way.project(shapely.Point(corner)) / length))
            for part in points
            for corner in shapely.get_coordinates(part).tolist()
        }
        return sorted(ends)


class FenceIndex:
    """Fences by grid cell, so that a fix is held against those nearby only."""

    def __init__(self, fences: Iterable[Fence]) -> None:
        self.by_id: dict[str, Fence] = {}
        self._cells: dict[tuple[int, int], list[Fence]] = {}
        self._wide: list[Fence] = []
        for fence in fences:
            if fence.id in self.by_id:
                raise BadInput(f"two fences are called {fence.id}; every id stands once")
            self.by_id[fence.id] = fence
            self._add(fence)

    def _add(self, fence: Fence) -> None:
        west, south, east, north = (int(value // CELL_DEG) for value in fence.polygon.bounds)
        if (east - west + 1) * (north - south + 1) > CELLS_MAX:
            self._wide.append(fence)
            return
        for x in range(west, east + 1):
            for y in range(south, north + 1):
                self._cells.setdefault((x, y), []).append(fence)

    def near(self, lon: float, lat: float) -> Sequence[Fence]:
        """Fences that a point may lie in."""
        found = self._cells.get((int(lon // CELL_DEG), int(lat // CELL_DEG)), ())
        return [*found, *self._wide] if self._wide else found

    def along(self, lon1: float, lat1: float, lon2: float, lat2: float) -> Sequence[Fence]:
        """Fences that a straight way may touch."""
        x1, x2 = sorted((int(lon1 // CELL_DEG), int(lon2 // CELL_DEG)))
        y1, y2 = sorted((int(lat1 // CELL_DEG), int(lat2 // CELL_DEG)))
        if x1 == x2 and y1 == y2:
            return self.near(lon1, lat1)
        if (x2 - x1 + 1) * (y2 - y1 + 1) > CELLS_MAX:
            return list(self.by_id.values())
        found = {id(f): f for x in range(x1, x2 + 1) for y in range(y1, y2 + 1) for f in self._cells.get((x, y), ())}
        return [*found.values(), *self._wide]

    def __len__(self) -> int:
        return len(self.by_id)
