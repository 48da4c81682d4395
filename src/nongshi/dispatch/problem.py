"""A region as arrays: what search, bound and reference engines read. Seconds after the first midnight, fen, ha, km.

The unit of search is the *part*: a job that may be split always stands here as its n equal parts. Serving
them in a row on one machine costs no move and never ends later than serving the job whole, so no plan of
whole jobs is lost; parts of one job are all served or all unserved.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nongshi.core.region import Region
from nongshi.core.times import days, midnight, seconds_between
from nongshi.core.units import SECONDS_PER_DAY, SECONDS_PER_HOUR
from nongshi.geo.distance import km_between
from nongshi.geo.roads import Roads

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

ROUNDING_SHARE = 1e-6  # rows of road km are single precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Prices and limits that steer the search but are no part of a plan's value. p parts, m machines, d days."""

    keep_fen: Floats  # (p,) worth added when served: sister parts or followers outside, or promised to somebody
    wait_fen_s: Floats  # (p,) price of a second between open and end
    promised_machine: Ints  # (p,) or -1
    promised_start_s: Floats  # (p,) inf: not promised
    promised_end_s: Floats  # (p,)
    promised_day: Ints  # (p,) day of the promised end, or -1
    machine_fen: float  # price of another machine than promised
    day_fen: float  # price of another day
    hour_fen: float  # price of an hour between promised and planned end on the same day
    crew_fixed: Bools  # (m, d) operators of these machine-days stay


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """What trucks, sprayers and drones need besides: a load, a way home, a longest shift. p parts, m machines."""

    demand: Floats  # (p,) what a part takes of the capacity
    capacity: Floats  # (m,) inf: no limit
    back: Bools  # (m,) the route ends at the yard, inside the last day's hours
    shift_s_max: Floats  # (m,) longest working time from leaving the yard to being back; inf: no limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Arrays of a region. p parts, j jobs, c classes, m machines, o operators, d days, q places, k curves.

    Places are the fields that have a job, then one yard per machine (place of machine i: yard0 + i).
    """

    region: Region
    origin: datetime  # first midnight
    horizon_s: float
    dates: tuple[date, ...]
    midnight_s: Floats  # (d + 1,) begin of each day, and the end of the last
    # parts (p,)
    part_job: Ints
    part_no: Ints  # 1-based
    part_area_ha: Floats
    part_value_fen: Floats
    part_place: Ints
    part_open_s: Floats  # clipped to the horizon, as part_close_s
    part_due_s: Floats
    part_close_s: Floats
    part_curve: Ints
    part_wet_t: Floats  # wet grain; 0 where none or where the region has no dryers
    work_s: Floats  # (c, p) working time; inf where the class cannot do it
    # jobs (j,), in the region's order
    job_first: Ints  # its parts are job_first .. job_first + job_parts - 1
    job_parts: Ints
    job_after: Ints  # the job that must be served and ended before, or -1
    job_after_s: Floats  # and so many seconds lie between
    # dryers, all together
    dry_t_day: Floats  # (d,) wet tonnes accepted a day; inf: no dryers
    dry_hold_t: float  # wet tonnes that may wait over night
    # loss curves (k, x): knots, padded by repeating the last slope; share at knot; slope after knot
    curve_late_s: Floats
    curve_share: Floats
    curve_slope: Floats  # share per second
    # places (q,)
    place_lon: Floats
    place_lat: Floats
    yard0: int
    # classes (c,)
    class_ids: tuple[str, ...]
    class_km_s: Floats  # road speed, km per second
    class_load_s: Floats
    class_fen_km: Floats
    class_fen_s: Floats  # cost of a second of work
    # machines (m,) and (m, d): usable hours if crewed; start == end: none that day
    machine_class: Ints
    machine_owner: Ints
    day_start_s: Floats
    day_end_s: Floats
    shift_start_s: Floats  # (m, d) start of the class's work hours, from which hours_max counts
    # operators
    operator_owner: Ints
    operator_shared: Bools
    operator_hours_s: Floats
    licensed: Bools  # (o, c, d): holds the licence of the class on the day and is not off
    # only while a part of a region is planned, or a plan is planned again
    wishes: "Wishes | None" = None
    fleet: Fleet | None = None
    dry_given_t: Floats | None = None  # (d,) wet tonnes that come to the dryers besides the parts here
    roads: Roads | None = None  # None: great circles times the detour
    stand: Ints | None = None  # (m,) place where a machine stands at first; None: its yard

    def first_place(self, machine: int) -> int:
        """The place from which a machine sets out first."""
        return self.yard0 + machine if self.stand is None else int(self.stand[machine])

    @property
    def chained(self) -> bool:
        """Whether some job must wait for another."""
        return bool((self.job_after >= 0).any())

    @property
    def dries(self) -> bool:
        """Whether dryers limit the harvest."""
        return bool(np.isfinite(self.dry_t_day).any() and (self.part_wet_t > 0).any())

    @property
    def detour(self) -> float:
        """Road distance over great-circle distance."""
        return self.region.detour

    @property
    def least_detour(self) -> float:
        """No two places are less than this times their great circle apart."""
        return self.region.detour if self.roads is None else 1.0 - ROUNDING_SHARE

    def km(self, places_a: Ints, places_b: Ints) -> Floats:
        """(a, b) road km from each of some places to each of others; not symmetric where there are roads."""
        lon, lat = self.place_lon, self.place_lat
        if self.roads is not None:
            a, b = (self.roads.find(lon[places], lat[places]) for places in (places_a, places_b))
            return self.roads.km(a, b)
        return self.detour * km_between(
            lon[places_a, None], lat[places_a, None], lon[None, places_b], lat[None, places_b]
        )

    def may_drive(self, operator: int, machine: int, day: int) -> bool:
        """Whether the operator may drive the machine on the day (licence, off days, owner, work hours)."""
        own = bool(self.operator_shared[operator]) or self.operator_owner[operator] == self.machine_owner[machine]
        return bool(
            own
            and self.licensed[operator, self.machine_class[machine], day]
            and self.day_end_s[machine, day] > self.day_start_s[machine, day]
        )

    def may_drive_matrix(self, day: int) -> Bools:
        """(o, m) :meth:`may_drive` of a whole day."""
        own = self.operator_shared[:, None] | (self.operator_owner[:, None] == self.machine_owner[None, :])
        works = self.day_end_s[:, day] > self.day_start_s[:, day]
        return np.asarray(own & self.licensed[:, :, day][:, self.machine_class] & works[None, :])


def make_problem(region: Region, roads: Roads | None = None) -> Problem:
    """Read a region into arrays; distances by roads if they are given, else by great circles times the detour.

    Raises:
        BadInput: the roads were made without one of the places.
    """
    origin = midnight(region.start_date, region.tz)
    dates = tuple(days(region.start_date, region.horizon_days))
    horizon_s = seconds_between(origin, midnight(days(region.start_date, region.horizon_days + 1)[-1], region.tz))
    class_index = {c.id: i for i, c in enumerate(region.machine_classes)}
    owners = {m.owner_id for m in region.machines} | {o.owner_id for o in region.operators}
    owner_index = {owner: i for i, owner in enumerate(sorted(owners))}
    parts = _Parts(region, origin, horizon_s, class_index)
    late_s, share, slope = _curves(region)
    start_s, end_s, shift_s = _machine_days(region, origin, dates)
    classes = region.machine_classes
    lon = np.array([*parts.lons, *(m.yard_lon for m in region.machines)], float)
    lat = np.array([*parts.lats, *(m.yard_lat for m in region.machines)], float)
    if roads is not None:
        roads.find(lon, lat)
    return Problem(
        region=region,
        origin=origin,
        horizon_s=horizon_s,
        dates=dates,
        midnight_s=np.array([*(seconds_between(origin, midnight(day, region.tz)) for day in dates), horizon_s], float),
        **parts.arrays(),
        curve_late_s=late_s,
        curve_share=share,
        curve_slope=slope,
        place_lon=lon,
        place_lat=lat,
        yard0=len(parts.lons),
        class_ids=tuple(class_index),
        class_km_s=np.array([c.road_km_h / SECONDS_PER_HOUR for c in classes], float),
        class_load_s=np.array([c.load_min * 60.0 for c in classes], float),
        class_fen_km=np.array([c.cost_fen_km for c in classes], float),
        class_fen_s=np.array([c.cost_fen_h / SECONDS_PER_HOUR for c in classes], float),
        machine_class=np.array([class_index[m.machine_class] for m in region.machines], np.int64),
        machine_owner=np.array([owner_index[m.owner_id] for m in region.machines], np.int64),
        day_start_s=start_s,
        day_end_s=end_s,
        shift_start_s=shift_s,
        operator_owner=np.array([owner_index[o.owner_id] for o in region.operators], np.int64),
        operator_shared=np.array([o.shared for o in region.operators], bool),
        operator_hours_s=np.array([o.hours_max * SECONDS_PER_HOUR for o in region.operators], float),
        licensed=_licensed(region, dates),
        dry_t_day=np.array([_dried_t(region, day) for day in dates], float),
        dry_hold_t=sum(d.hold_t for d in region.dryers),
        roads=roads,
    )


class _Parts:
    """Collects the part and job columns in one pass over the jobs."""

    def __init__(self, region: Region, origin: datetime, horizon_s: float, class_index: dict[str, int]) -> None:
        self.region, self.origin, self.horizon_s, self.class_index = region, origin, horizon_s, class_index
        self.curve_index = {c.id: i for i, c in enumerate(region.loss_curves)}
        place_of: dict[str, int] = {}
        for job in region.jobs:
            place_of.setdefault(job.field_id, len(place_of))
        fields = [region.field_of[f] for f in place_of]
        self.lons, self.lats = [f.gate_lon for f in fields], [f.gate_lat for f in fields]
        self.place_of = place_of

    def arrays(self) -> dict[str, Any]:
        jobs = self.region.jobs
        count = np.array([job.parts for job in jobs], np.int64)
        first = np.concatenate([[0], np.cumsum(count)[:-1]]) if len(jobs) else np.zeros(0, np.int64)
        part_job = np.repeat(np.arange(len(jobs)), count)
        job_index = {job.id: i for i, job in enumerate(jobs)}
        start_s = self.origin.timestamp()

        def spread(values: list[float]) -> Floats:
            return np.array(values, float)[part_job] if jobs else np.zeros(0)

        area_ha = spread([job.area_ha for job in jobs]) / count[part_job]
        return {
            "part_job": part_job.astype(np.int64),
            "part_no": (np.arange(len(part_job)) - first[part_job] + 1).astype(np.int64),
            "part_area_ha": area_ha,
            "part_value_fen": spread([float(job.value_fen) for job in jobs]) / count[part_job],
            "part_place": spread([self.place_of[job.field_id] for job in jobs]).astype(np.int64),
            "part_open_s": np.maximum(0.0, spread([job.open.timestamp() - start_s for job in jobs])),
            "part_due_s": spread([job.due.timestamp() - start_s for job in jobs]),
            "part_close_s": np.minimum(self.horizon_s, spread([job.close.timestamp() - start_s for job in jobs])),
            "part_curve": spread([self.curve_index[job.loss_curve] for job in jobs]).astype(np.int64),
            "part_wet_t": spread([job.wet_t or 0.0 if self.region.dryers else 0.0 for job in jobs]) / count[part_job],
            "work_s": self._work_s(part_job, area_ha),
            "job_first": first.astype(np.int64),
            "job_parts": count,
            "job_after": np.array([job_index.get(job.after_job_id or "", -1) for job in jobs], np.int64),
            "job_after_s": np.array([job.after_h * SECONDS_PER_HOUR for job in jobs], float),
        }

    def _work_s(self, part_job: Ints, area_ha: Floats) -> Floats:
        work_s = np.full((len(self.class_index), len(area_ha)), np.inf)
        operation = np.array([job.operation for job in self.region.jobs], dtype=object)[part_job]
        for (machine_class, name), rate in self.region.rate_ha_h.items():
            mine = operation == name
            work_s[self.class_index[machine_class], mine] = area_ha[mine] / rate * SECONDS_PER_HOUR
        return work_s


def _curves(region: Region) -> tuple[Floats, Floats, Floats]:
    knots = max([len(c.days_late) for c in region.loss_curves], default=1)
    late_s, share, slope = (np.zeros((len(region.loss_curves), knots)) for _ in range(3))
    for i, curve in enumerate(region.loss_curves):
        x, y = np.array(curve.days_late) * SECONDS_PER_DAY, np.array(curve.loss_share)
        n, rise = len(x), np.diff(y) / np.diff(x)
        late_s[i, :n], share[i, :n] = x, y
        late_s[i, n:], share[i, n:] = np.inf, 1.0
        slope[i, : n - 1] = rise
        slope[i, n - 1] = rise[-1] if n > 1 else 0.0
    return late_s, share, slope


def _machine_days(region: Region, origin: datetime, dates: tuple[date, ...]) -> tuple[Floats, Floats, Floats]:
    """(m, d) start and end of usable hours with an operator, and the start of the class's shift."""
    shape = (len(region.machines), len(dates))
    start_s, end_s, shift_s = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    rows = {(w.date, w.machine_class): w for w in region.workdays}
    for d, day in enumerate(dates):
        day_s = seconds_between(origin, midnight(day, region.tz))
        start_s[:, d] = end_s[:, d] = shift_s[:, d] = day_s
        for m, machine in enumerate(region.machines):
            hours = rows.get((day, machine.machine_class)) or rows.get((day, "*"))
            if hours is None or hours.start is None or hours.end is None:
                continue
            opens = seconds_between(origin, datetime.combine(day, hours.start, tzinfo=region.tz))
            closes = seconds_between(origin, datetime.combine(day, hours.end, tzinfo=region.tz))
            since = 0.0 if machine.available_from is None else seconds_between(origin, machine.available_from)
            until = np.inf if machine.available_to is None else seconds_between(origin, machine.available_to)
            shift_s[m, d] = opens
            start_s[m, d] = max(opens, since)
            end_s[m, d] = max(start_s[m, d], min(closes, until))
            for down_from, down_to in machine.down:
                span = seconds_between(origin, down_from), seconds_between(origin, down_to)
                start_s[m, d], end_s[m, d] = _without(start_s[m, d], end_s[m, d], *span)
    return start_s, end_s, shift_s


def _dried_t(region: Region, day: date) -> float:
    """Wet tonnes that all dryers together accept on a day; inf where the region has none."""
    if not region.dryers:
        return np.inf
    return sum(d.t_day for d in region.dryers if not any(first <= day <= last for first, last in d.down))


def _without(start_s: float, end_s: float, down_from_s: float, down_to_s: float) -> tuple[float, float]:
    """A day's hours without a breakdown; where it lies inside them, the longer of the two pieces that it leaves."""
    if down_to_s <= start_s or down_from_s >= end_s:
        return start_s, end_s
    before, after = (start_s, max(start_s, down_from_s)), (min(end_s, down_to_s), end_s)
    return before if before[1] - before[0] >= after[1] - after[0] else after


def _licensed(region: Region, dates: tuple[date, ...]) -> Bools:
    licensed = np.zeros((len(region.operators), len(region.machine_classes), len(dates)), bool)
    day_number = np.array([day.toordinal() for day in dates])
    for o, operator in enumerate(region.operators):
        off = np.isin(day_number, [day.toordinal() for day in operator.off_days])
        for c, machine_class in enumerate(region.machine_classes):
            if machine_class.licence is None:
                licensed[o, c] = ~off
            elif machine_class.licence in operator.licences:
                licensed[o, c] = ~off & (day_number <= operator.licences[machine_class.licence].toordinal())
    return licensed
