"""The wall's map: each town a ring where its fields lie, filled as far as its work is done, red as far as it is late.

Pure: from facts to places on a sheet. Rings that would lie upon each other are moved apart, so the map shows who lies
beside whom and not how far.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from nongshi.site.officer.figures import JobFacts, Progress

WIDTH, HEIGHT, EDGE = 1000.0, 720.0, 130.0
RING_MIN, RING_MAX = 42.0, 74.0  # radius by area
GAP = 84.0  # between rings: room for names
STEPS = 60
DOTS_MAX = 2_500  # more make the page heavy and show no more


@dataclass(frozen=True, slots=True, kw_only=True)
class TownRing:
    """One town on the sheet."""

    name: str
    x: float
    y: float
    r: float
    done: float  # 0..100 of the area
    late: float
    percent: int
    late_jobs: int
    open_jobs: bool  # something has no place

    @property
    def kind(self) -> str:
        """ok, late or bad."""
        return "bad" if self.late >= 10 else "late" if self.late_jobs else "ok"  # assumption: a tenth is bad

    @property
    def inner(self) -> float:
        """Radius of the inner ring, which shows what is late."""
        return round(self.r - 16, 1)

    @property
    def label_y(self) -> float:
        """Where the name stands, below the ring."""
        return round(self.y + self.r + 42, 1)

    @property
    def many_y(self) -> float:
        """Where the number of late jobs stands, below the name."""
        return round(self.label_y + 30, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A field with work."""

    x: float
    y: float
    kind: str  # done, late or open


@dataclass(frozen=True, slots=True)
class WallMap:
    """Rings and dots; empty where no field has a place."""

    rings: Sequence[TownRing]
    dots: Sequence[Dot]
    width: float = WIDTH
    height: float = HEIGHT


class _Projection:
    """Degrees to the sheet, north up, both axes alike."""

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        lons, lats = [lon for lon, _lat in points], [lat for _lon, lat in points]
        self.lon, self.lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
        self.flat = math.cos(math.radians(self.lat))
        wide, high = (max(lons) - min(lons)) * self.flat, max(lats) - min(lats)
        scales = [(side - 2 * EDGE) / size for side, size in ((WIDTH, wide), (HEIGHT, high)) if size > 1e-9]
        self.scale = min(scales, default=1.0)

    def __call__(self, point: tuple[float, float]) -> tuple[float, float]:
        x = WIDTH / 2 + (point[0] - self.lon) * self.flat * self.scale
        return x, HEIGHT / 2 - (point[1] - self.lat) * self.scale


def make_wall_map(facts: Sequence[JobFacts], towns: Iterable[tuple[str, Progress]], now: datetime) -> WallMap:
    """The sheet of a moment; towns without a place are left out."""
    placed = [one for one in facts if one.lonlat is not None]
    if not placed:
        return WallMap((), ())
    project = _Projection([one.lonlat for one in placed if one.lonlat is not None])
    gates: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for one in placed:
        if one.lonlat is not None:
            gates[one.town].append(project(one.lonlat))
    sums = [(name, found) for name, found in towns if name in gates]
    most = max((found.area_ha for _name, found in sums), default=1.0) or 1.0
    centres = [(_mean(x for x, _y in gates[name]), _mean(y for _x, y in gates[name])) for name, _found in sums]
    radii = [RING_MIN + (RING_MAX - RING_MIN) * math.sqrt(found.area_ha / most) for _name, found in sums]
    rings = [
        TownRing(
            name=name, x=round(x, 1), y=round(y, 1), r=round(r, 1), done=found.percent(found.done_ha),
            late=found.percent(found.late_ha), percent=round(100 * found.done_share), late_jobs=found.late_jobs,
            open_jobs=found.open_ha > 0,
        )
        for (name, found), (x, y), r in zip(sums, _apart(centres, radii), radii, strict=True)
    ]  # fmt: skip
    step = max(1, -(-len(placed) // DOTS_MAX))
    return WallMap(rings, [_dot(one, project, now) for one in placed[::step]])


def _dot(one: JobFacts, project: _Projection, now: datetime) -> Dot:
    x, y = project(one.lonlat or (0.0, 0.0))
    kind = "late" if one.late_d(now) > 0 else "done" if one.done else "open"
    return Dot(x=round(x, 1), y=round(y, 1), kind=kind)


def _apart(centres: Sequence[tuple[float, float]], radii: Sequence[float]) -> list[tuple[float, float]]:
    """Centres moved until no two rings touch (as far as the sheet allows), each pair by halves."""
    found = [list(one) for one in centres]
    for _ in range(STEPS):
        moved = False
        for i, a in enumerate(found):
            for j in range(i + 1, len(found)):
                b = found[j]
                dx, dy = b[0] - a[0], b[1] - a[1]
                far = math.hypot(dx, dy)
                lack = radii[i] + radii[j] + GAP - far
                if lack <= 0:
                    continue
                moved = True
                ux, uy = (dx / far, dy / far) if far > 1e-6 else (math.cos(i + j), math.sin(i + j))
                for one, sign in ((a, -0.5), (b, 0.5)):
                    one[0] += sign * lack * ux
                    one[1] += sign * lack * uy
        for one, r in zip(found, radii, strict=True):
            one[0] = min(max(one[0], r + 30), WIDTH - r - 30)
            one[1] = min(max(one[1], r + 10), HEIGHT - r - 84)
        if not moved:
            break
    return [(x, y) for x, y in found]


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found)
