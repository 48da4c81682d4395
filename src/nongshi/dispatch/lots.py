"""Which dryer takes which harvested grain on which day, at the fewest tonne-kilometres by truck.

The plan's rule pools the dryers. Here the grain is shared out: a flow of tonnes from fields to dryers and over the
nights. Grain may wait at one dryer and be reloaded for another, which is what makes every plan that keeps the pooled
rule possible (without it, hold space at one dryer would be of no use to another that stands idle next day).
Distances are great circles times the detour. A dryer dries what came first from the field first.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

import numpy as np

from nongshi.agronomy.assumption import Assumption
from nongshi.core.plan import Lot, Plan
from nongshi.core.region import Dryer, Region
from nongshi.core.times import days
from nongshi.dispatch.lots_flow import Flow, share_out
from nongshi.dispatch.problem import Floats
from nongshi.geo.distance import km_between

_DATE = "2026-11-24"
TRUCKS: Mapping[str, Assumption] = {
    row.name: row
    for row in (
        Assumption(
            name="truck.load",
            value=5.0,
            unit="t of wet grain a load",
            source="assumption: a light farm lorry, loaded from the combine's tank at the field's edge",
            date=_DATE,
        ),
        Assumption(
            name="truck.reload",
            value=20.0,
            unit="km of way that loading waiting grain again is worth",
            source="assumption: about an hour with a loader",
            date=_DATE,
        ),
        Assumption(
            name="truck.night",
            value=0.1,
            unit="km of way that a night's wait is worth",
            source="assumption: only so much that nothing waits without need",
            date=_DATE,
        ),
    )
}
EXTRA_DAYS_MAX = 60  # assumption: days after the horizon in which what still waits is dried
SLIVER_T = 1e-6  # less is not worth a lot of its own: rounding


@dataclass(slots=True)
class _Heap:
    """Tonnes of one part that lie at a dryer."""

    source: int
    wet_t: float
    km: float


@dataclass(frozen=True, slots=True)
class _Source:
    """A harvested part with wet grain."""

    job_id: str
    part: int
    harvested: date
    day: int
    wet_t: float
    lon: float
    lat: float


def assign_lots(region: Region, plan: Plan) -> tuple[Lot, ...]:
    """The lots of a plan in the order of harvest; their tonnes sum to the plan's wet grain.

    None without dryers. Should a plan bring more than may wait, the least possible waits too much.
    """
    sources = _list_sources(region, plan)
    if not region.dryers or not sources:
        return ()
    dates = _dates(region, sources)
    return _name_lots(region, sources, dates, _flow(region, sources, dates))


def count_loads(lots: Iterable[Lot]) -> int:
    """Truck loads from the fields: what one part sends to one dryer is fetched by itself."""
    load_t = float(TRUCKS["truck.load"].value)
    sent_t: defaultdict[tuple[str, int, str], float] = defaultdict(float)
    for lot in lots:
        sent_t[lot.job_id, lot.part, lot.dryer_id] += lot.wet_t
    return sum(ceil(wet_t / load_t - 1e-9) for wet_t in sent_t.values())


def _list_sources(region: Region, plan: Plan) -> list[_Source]:
    sources = []
    for stop in (stop for route in plan.routes for stop in route.stops):
        job = region.job_of[stop.job_id]
        wet_t = (job.wet_t or 0.0) * stop.area_ha / job.area_ha
        if wet_t > 0:
            field, harvested = region.field_of[job.field_id], stop.end.astimezone(region.tz).date()
            day = min((harvested - region.start_date).days, region.horizon_days - 1)
            sources.append(_Source(job.id, stop.part, harvested, day, wet_t, field.gate_lon, field.gate_lat))
    return sorted(sources, key=lambda s: (s.harvested, s.job_id, s.part))


def _flow(region: Region, sources: list[_Source], dates: list[date]) -> Flow:
    lon, lat = (np.array([getattr(d, name) for d in region.dryers]) for name in ("lon", "lat"))
    from_lon, from_lat = np.array([s.lon for s in sources]), np.array([s.lat for s in sources])
    return Flow(
        wet_t=np.array([s.wet_t for s in sources]),
        day=np.array([s.day for s in sources], np.int64),
        field_km=np.asarray(region.detour * km_between(from_lon[:, None], from_lat[:, None], lon, lat)),
        dryer_km=np.asarray(region.detour * km_between(lon[:, None], lat[:, None], lon, lat)),
        t_day=np.array([[_takes_t(d, day) for day in dates] for d in region.dryers], float),
        hold_t=np.array([d.hold_t for d in region.dryers], float),
        reload_km=float(TRUCKS["truck.reload"].value),
        night_km=float(TRUCKS["truck.night"].value),
    )


def _takes_t(dryer: Dryer, day: date) -> float:
    """Wet tonnes that a dryer accepts on a day."""
    return 0.0 if any(first <= day <= last for first, last in dryer.down) else dryer.t_day


def _dates(region: Region, sources: list[_Source]) -> list[date]:
    """The horizon, and after it days enough for every dryer to empty its own hold."""
    dates, wet_t = days(region.start_date, region.horizon_days), np.zeros(region.horizon_days)
    for source in sources:
        wet_t[source.day] += source.wet_t
    left_t = 0.0
    for day, fresh_t in zip(dates, wet_t, strict=True):
        left_t = max(0.0, left_t + fresh_t - sum(_takes_t(dryer, day) for dryer in region.dryers))
    room_t = {dryer.id: 0.0 for dryer in region.dryers}
    for _ in range(EXTRA_DAYS_MAX):
        full = any(dryer.t_day > 0 and room_t[dryer.id] < dryer.hold_t for dryer in region.dryers)
        if not full and sum(room_t.values()) >= left_t:
            break
        dates.append(dates[-1] + timedelta(days=1))
        for dryer in region.dryers:
            room_t[dryer.id] += _takes_t(dryer, dates[-1])
    return dates


def _name_lots(region: Region, sources: list[_Source], dates: list[date], flow: Flow) -> tuple[Lot, ...]:
    """Follow the tonnes day by day: what waits moves, what comes joins it, the oldest is dried."""
    brought_t, moved_t = share_out(flow)
    at: list[list[_Heap]] = [[] for _ in region.dryers]
    found: dict[tuple[int, int, int], _Heap] = {}  # source, dryer, day (or -1: never)
    for d in range(len(dates)):
        if d:
            _move(at, moved_t[d - 1], flow)
        for i in np.flatnonzero(flow.day == d).tolist():
            for k in np.flatnonzero(brought_t[i] > 0).tolist():
                at[k].append(_Heap(i, float(brought_t[i, k]), float(flow.field_km[i, k])))
        for k, heaps in enumerate(at):
            heaps.sort(key=lambda heap: heap.source)
            for heap in _take(heaps, float(flow.t_day[k, d])):
                _join(found, (heap.source, k, d), heap)
    for k, left in enumerate(at):
        for heap in left:
            _join(found, (heap.source, k, -1), heap)
    return tuple(
        Lot(
            job_id=sources[i].job_id,
            part=sources[i].part,
            harvested=sources[i].harvested,
            dryer_id=region.dryers[k].id,
            dried=None if d < 0 else dates[d],
            wet_t=heap.wet_t,
            km=heap.km,
        )
        for (i, k, d), heap in sorted(found.items(), key=lambda item: (item[0][0], item[0][2] % len(dates), item[0][1]))
    )


def _move(at: list[list[_Heap]], moved_t: Floats, flow: Flow) -> None:
    """Reload what waited over a night: the youngest, for the oldest is dried next where it lies."""
    arriving: list[tuple[int, _Heap]] = []
    for k, j in np.argwhere(moved_t > SLIVER_T).tolist():
        at[k].reverse()
        way_km = float(flow.dryer_km[k, j])
        taken = _take(at[k], float(moved_t[k, j]))
        arriving += [(j, _Heap(heap.source, heap.wet_t, heap.km + way_km)) for heap in taken]
        at[k].reverse()
    for j, heap in arriving:
        at[j].append(heap)


def _take(heaps: list[_Heap], amount_t: float) -> list[_Heap]:
    """Take so many tonnes off the front; slivers go with what is taken."""
    taken = []
    while heaps and amount_t > SLIVER_T:
        heap = heaps[0]
        if heap.wet_t <= amount_t + SLIVER_T:
            taken.append(heaps.pop(0))
        else:
            taken.append(_Heap(heap.source, amount_t, heap.km))
            heap.wet_t -= amount_t
        amount_t -= taken[-1].wet_t
    return taken


def _join(found: dict[tuple[int, int, int], _Heap], key: tuple[int, int, int], heap: _Heap) -> None:
    """One lot of what came on different ways; its km are the mean by tonnes."""
    if key in found:
        old = found[key]
        wet_t = old.wet_t + heap.wet_t
        heap = _Heap(heap.source, wet_t, (old.km * old.wet_t + heap.km * heap.wet_t) / wet_t)
    found[key] = heap
