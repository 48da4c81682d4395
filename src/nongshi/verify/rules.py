"""The judge's own arithmetic: distance, parts, loss, and a machine's usable time. Seconds are POSIX seconds.

POSIX seconds make every elapsed time true over a change of summer time.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from math import asin, ceil, cos, radians, sin, sqrt

from nongshi.core.plan import Crew
from nongshi.core.region import Job, LossCurve, Machine, Operator, Region, Workday
from nongshi.core.times import days, local
from nongshi.verify.verdict import WET_T, Rule

EARTH_KM = 6371.0088  # mean radius (docs/formats.md, section 2)
DAY_S = 86_400.0
HOUR_S = 3_600.0
NOISE_S = 1e-4  # far above the float noise of POSIX seconds (2e-7), far below a written second


DistanceKm = Callable[[tuple[float, float], tuple[float, float]], float]  # from (lon, lat) to (lon, lat)


def road_km(region: Region, here: tuple[float, float], there: tuple[float, float]) -> float:
    """Detour x great-circle distance (haversine) between two (lon, lat) places."""
    lon1, lat1, lon2, lat2 = map(radians, (*here, *there))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return region.detour * 2 * EARTH_KM * asin(min(1.0, sqrt(h)))


def part_count(job: Job) -> int:
    """Number of equal parts, ceil(area / part_max); a hair above a whole number is decimal text, not a part more."""
    if job.part_max_ha is None:
        return 1
    return max(1, ceil(job.area_ha / job.part_max_ha - 1e-9))


def loss_share(curve: LossCurve, late_s: float) -> float:
    """Share of the value lost `late_s` seconds after due: a walk along the curve, its last slope going on.

    >>> loss_share(LossCurve(id="x", days_late=(0.0, 1.0, 2.0), loss_share=(0.0, 0.1, 0.3)), 1.5 * DAY_S)
    0.2
    """
    late_d = late_s / DAY_S
    if late_d <= 0:
        return 0.0
    lost = slope = walked = 0.0
    knots = list(zip(curve.days_late, curve.loss_share, strict=True))
    for (x0, y0), (x1, y1) in pairwise(knots):
        slope = (y1 - y0) / (x1 - x0)
        step = min(late_d, x1) - x0
        if step <= 0:
            break
        lost, walked = y0 + slope * step, x0 + step
    return min(1.0, lost + slope * (late_d - walked))


@dataclass(frozen=True, slots=True)
class Clock:
    """A machine's usable intervals in order, and the usable seconds before each."""

    starts: tuple[float, ...]
    ends: tuple[float, ...]
    before: tuple[float, ...]

    @property
    def total_s(self) -> float:
        """All usable time."""
        return self.before[-1] + self.ends[-1] - self.starts[-1] if self.starts else 0.0

    def used_s(self, moment: float) -> float:
        """Usable time that has gone by at a moment."""
        i = bisect_right(self.starts, moment) - 1
        return 0.0 if i < 0 else self.before[i] + min(moment, self.ends[i]) - self.starts[i]

    def earliest(self, used_s: float) -> float:
        """The first moment at which that much usable time has gone by."""
        i = max(0, bisect_left(self.before, used_s - NOISE_S) - 1)
        return min(self.ends[i], self.starts[i] + used_s - self.before[i])

    def latest(self, used_s: float) -> float:
        """The last moment at which no more than that much usable time has gone by; at most the last interval's end."""
        i = max(0, bisect_right(self.before, used_s + NOISE_S) - 1)
        return max(self.starts[i], min(self.ends[i], self.starts[i] + used_s - self.before[i]))

    def is_usable(self, moment: float, *, within_s: float) -> bool:
        """Whether the moment lies in an interval, ends included, or at most `within_s` beside one."""
        i = bisect_right(self.starts, moment + within_s) - 1
        return i >= 0 and moment <= self.ends[i] + within_s


def make_clock(shifts: Iterable[tuple[float, float]]) -> Clock:
    """The clock of some days' usable intervals, which do not overlap."""
    starts, ends, before, total = [], [], [], 0.0
    for start, end in sorted(shifts):
        starts.append(start)
        ends.append(end)
        before.append(total)
        total += end - start
    return Clock(tuple(starts), tuple(ends), tuple(before))


@dataclass(frozen=True)
class Hours:
    """Looks up when a machine can be used, day by day."""

    region: Region

    @cached_property
    def dates(self) -> frozenset[date]:
        """The days of the horizon."""
        return frozenset(days(self.region.start_date, self.region.horizon_days))

    @cached_property
    def _rows(self) -> Mapping[tuple[date, str], Workday]:
        return {(row.date, row.machine_class): row for row in self.region.workdays}

    def shift(self, machine: Machine, day: date, operator: Operator | None) -> tuple[float, float] | None:
        """The usable interval of a day with that operator (None: with anybody); None: not at all."""
        row = self._rows.get((day, machine.machine_class)) or self._rows.get((day, "*"))
        if day not in self.dates or row is None or row.start is None or row.end is None:
            return None
        begin = local(day, row.start, self.region.tz).timestamp()
        end = local(day, row.end, self.region.tz).timestamp()
        hours_end = end if operator is None else begin + operator.hours_max * HOUR_S
        if machine.available_from is not None:
            begin = max(begin, machine.available_from.timestamp())
        if machine.available_to is not None:
            end = min(end, machine.available_to.timestamp())
        for since, until in machine.down:
            begin, end = _longer_piece(begin, end, since.timestamp(), until.timestamp())
        end = min(end, hours_end)
        return (begin, end) if end > begin else None

    def clock(self, machine: Machine, crews: Iterable[Crew]) -> Clock:
        """The clock of a machine under its crews; of two crews on a day (a breach) the longer shift counts."""
        longest: dict[date, tuple[float, float]] = {}
        for crew in crews:
            shift = self.shift(machine, crew.date, self.region.operator_of.get(crew.operator_id))
            if shift is not None:
                longest[crew.date] = max(shift, longest.get(crew.date, shift))
        return make_clock(longest.values())


def dryer_nights(
    region: Region, wet_t: Mapping[date, float], horizon: Iterable[date]
) -> Iterator[tuple[date, float, bool]]:
    """For each day: tonnes of wet grain that wait over its night, and whether the dryers hold them."""
    hold_t, waiting_t = sum(d.hold_t for d in region.dryers), 0.0
    for day in horizon:
        working = (d for d in region.dryers if not any(first <= day <= last for first, last in d.down))
        waiting_t = max(0.0, waiting_t + wet_t.get(day, 0.0) - sum(d.t_day for d in working))
        yield day, waiting_t, waiting_t <= hold_t + WET_T


def _longer_piece(begin: float, end: float, since: float, until: float) -> tuple[float, float]:
    """What a breakdown leaves of a day: a day is one interval, so of two pieces the longer, of equal ones the first."""
    morning = (begin, min(end, max(begin, since)))
    evening = (max(begin, min(end, until)), end)
    if until <= begin or since >= end:
        return begin, end
    return evening if evening[1] - evening[0] > morning[1] - morning[0] else morning


def crew_fault(region: Region, crew: Crew) -> Rule | None:
    """The rule about person and machine that a crew breaks; None where the operator may drive."""
    machine, operator = region.machine_of[crew.machine_id], region.operator_of[crew.operator_id]
    licence = region.class_of[machine.machine_class].licence
    if licence is not None and licence not in operator.licences:
        return Rule.CREW_NO_LICENCE
    if licence is not None and crew.date > operator.licences[licence]:
        return Rule.CREW_LICENCE_EXPIRED
    if crew.date in operator.off_days:
        return Rule.CREW_OFF_DAY
    if operator.owner_id != machine.owner_id and not operator.shared:
        return Rule.CREW_OWNER
    return None
