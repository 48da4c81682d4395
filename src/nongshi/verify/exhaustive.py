"""The true optimum of a tiny region, by trying every roster, every sharing of the parts and every order.

Why this is exact:

- *Parts are enough.* A job that may be split always stands here as its equal parts: n parts in a row on one
  machine cost no move, end with the whole job at the latest, and lie in the same window.
- *Earliest is best.* For one roster and one order, starting a stop later makes no later stop earlier; losses never
  fall with time, distances and work hours do not change, and a window that is missed early is missed late. So only
  earliest times are tried, and an order is given up as soon as one of its stops misses its window.
- *More usable time is never worse.* If a machine's usable time contains another's, then by induction over the stops
  of one order each end comes no later: a leg ends when enough usable time has gone by since it began, which comes
  no later in the larger set, nor for an earlier begin. Crews cost nothing. So of a day's crews those are left out
  that give every machine the same or a shorter day than another choice does (`prune=False` tries them all).
- For one roster machines do not touch each other except that each part is served once and a job in all its parts
  or none; parts of one job are alike, so that a sharing is a count of parts per job and machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product

from nongshi.core.errors import NotPlannable
from nongshi.core.plan import Crew, Plan, Reason, Route, Stop, Totals, Unserved
from nongshi.core.region import Machine, Region
from nongshi.core.times import midnight
from nongshi.verify.exhaustive_joint import best_joint
from nongshi.verify.rosters import Shift, TooLarge, list_rosters
from nongshi.verify.rules import HOUR_S, NOISE_S, Clock, Hours, loss_share, make_clock, part_count, road_km
from nongshi.verify.sums import score

MACHINES_MAX, OPERATORS_MAX, PARTS_MAX = 3, 6, 7  # seconds of CPU at most; assumption
JOINT_PARTS_MAX = 5  # all machines at once: far more to try

Counts = tuple[int, ...]  # parts per job
Order = tuple[int, ...]  # job numbers, in the region's order


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """The best that any plan of a region can be worth, and one way to do it."""

    objective_fen: float
    crews: tuple[Crew, ...]
    routes: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]  # machine id, (job id, part) in order


def best_value(region: Region, *, prune: bool = True) -> Best:
    """The optimum of a tiny region in fen, not rounded; the empty plan is worth 0.

    Raises:
        TooLarge: more than can be enumerated.
    """
    _check_size(region)
    if _is_joint(region):
        joint = best_joint(region, prune=prune)
        return Best(objective_fen=joint.objective_fen, crews=joint.crews, routes=_number_parts(region, joint.orders))
    counts = tuple(part_count(job) for job in region.jobs)
    rosters = list_rosters(region, prune=prune)
    sharings = _list_sharings(counts)
    tables: dict[tuple[int, tuple[Shift, ...]], Mapping[Counts, tuple[float, Order]]] = {}
    best: tuple[float, tuple[Crew, ...], tuple[Order, ...]] = (0.0, (), ())
    for roster in rosters:
        chosen = []
        for m, machine in enumerate(region.machines):
            key = m, tuple(day.shifts[m] for day in roster)
            if key not in tables:
                clock = make_clock(shift for shift in key[1] if shift is not None)
                tables[key] = _best_orders(region, machine, clock, counts)
            chosen.append(tables[key])
        value, orders = _share_out(chosen, sharings, counts)
        if value > best[0]:
            best = value, tuple(crew for day in roster for crew in day.crews), orders
    return Best(objective_fen=best[0], crews=best[1], routes=_number_parts(region, best[2]))


def _is_joint(region: Region) -> bool:
    """Whether machines wait for each other or for dryers."""
    return bool(region.dryers) or any(job.after_job_id is not None for job in region.jobs)


def _check_size(region: Region) -> None:
    parts, most = sum(part_count(job) for job in region.jobs), JOINT_PARTS_MAX if _is_joint(region) else PARTS_MAX
    if len(region.machines) > MACHINES_MAX:
        raise TooLarge(region, "machines", len(region.machines), MACHINES_MAX)
    if len(region.operators) > OPERATORS_MAX:
        raise TooLarge(region, "operators", len(region.operators), OPERATORS_MAX)
    if parts > most:
        raise TooLarge(region, "parts", parts, most)


@dataclass(frozen=True, slots=True)
class _Timed:
    """One stop by its earliest times, POSIX seconds."""

    depart: float
    arrive: float
    start: float
    end: float
    km: float
    used_s: float  # usable time gone by at the end


def _time_stop(
    region: Region, machine: Machine, clock: Clock, before: int | None, j: int, used_s: float
) -> _Timed | None:
    """The earliest times of a part of job j after a stop at job `before`; None where it misses its window."""
    machine_class, job = region.class_of[machine.machine_class], region.jobs[j]
    rate_ha_h = region.rate_ha_h.get((machine_class.id, job.operation))
    if rate_ha_h is None or not clock.starts:
        return None
    field, km, move_s = region.field_of[job.field_id], 0.0, 0.0
    if before is None or region.jobs[before].field_id != job.field_id:
        last = None if before is None else region.field_of[region.jobs[before].field_id]
        here = (machine.yard_lon, machine.yard_lat) if last is None else (last.gate_lon, last.gate_lat)
        km = road_km(region, here, (field.gate_lon, field.gate_lat))
        move_s = km / machine_class.road_km_h * HOUR_S + machine_class.load_min * 60
    arrive_s = used_s + move_s
    opens = max(job.open, midnight(region.start_date, region.tz), key=datetime.timestamp).timestamp()
    start_s = max(arrive_s, clock.used_s(opens))
    end_s = start_s + job.area_ha / part_count(job) / rate_ha_h * HOUR_S
    if end_s > clock.total_s + NOISE_S or clock.earliest(end_s) > job.close.timestamp() + NOISE_S:
        return None
    arrive = clock.earliest(arrive_s) if move_s > 0 else clock.latest(arrive_s)
    start = max(clock.latest(start_s), arrive, opens)
    return _Timed(clock.latest(used_s), arrive, start, clock.earliest(end_s), km, end_s)


def _best_orders(
    region: Region, machine: Machine, clock: Clock, counts: Counts
) -> Mapping[Counts, tuple[float, Order]]:
    """For each count of parts per job that the machine can serve: its best value alone, and the order."""
    none = tuple(0 for _ in counts)
    best: dict[Counts, tuple[float, Order]] = {none: (0.0, ())}
    machine_class = region.class_of[machine.machine_class]

    def extend(served: Counts, order: Order, value: float, used_s: float) -> None:
        for j, job in enumerate(region.jobs):
            if served[j] == counts[j]:
                continue
            timed = _time_stop(region, machine, clock, order[-1] if order else None, j, used_s)
            if timed is None:
                continue
            late_s = timed.end - job.due.timestamp()
            gain = job.value_fen / counts[j] * (1 - loss_share(region.curve_of[job.loss_curve], late_s))
            work_h = job.area_ha / counts[j] / region.rate_ha_h[machine_class.id, job.operation]
            now = value + gain - timed.km * machine_class.cost_fen_km - work_h * machine_class.cost_fen_h
            more, longer = (*served[:j], served[j] + 1, *served[j + 1 :]), (*order, j)
            if more not in best or now > best[more][0]:
                best[more] = now, longer
            extend(more, longer, now, timed.used_s)

    extend(none, (), 0.0, 0.0)
    return best


def _list_sharings(counts: Counts) -> list[tuple[Counts, list[tuple[Counts, Counts]]]]:
    """Every count of parts, with all ways to split it in two."""
    every = list(product(*(range(n + 1) for n in counts)))
    return [
        (
            whole,
            [
                (part, tuple(w - p for w, p in zip(whole, part, strict=True)))
                for part in product(*(range(w + 1) for w in whole))
            ],
        )
        for whole in every
    ]


def _share_out(
    tables: list[Mapping[Counts, tuple[float, Order]]],
    sharings: list[tuple[Counts, list[tuple[Counts, Counts]]]],
    counts: Counts,
) -> tuple[float, tuple[Order, ...]]:
    """The best sharing of whole jobs among the machines, one machine after the other."""
    total: dict[Counts, tuple[float, tuple[Order, ...]]] = {tuple(0 for _ in counts): (0.0, ())}
    for table in tables:
        joined: dict[Counts, tuple[float, tuple[Order, ...]]] = {}
        for whole, splits in sharings:
            pairs = ((total[a], table[b]) for a, b in splits if a in total and b in table)
            found = max(pairs, key=lambda pair: pair[0][0] + pair[1][0], default=None)
            if found is not None:
                joined[whole] = found[0][0] + found[1][0], (*found[0][1], found[1][1])
        total = joined
    whole_jobs = [v for served, v in total.items() if all(s in (0, n) for s, n in zip(served, counts, strict=True))]
    return max(whole_jobs, key=lambda v: v[0])


def _number_parts(region: Region, orders: tuple[Order, ...]) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    """Give the parts of each job their numbers, as the machines and their stops come."""
    given = [0] * len(region.jobs)
    routes = []
    for machine, order in zip(region.machines, orders, strict=bool(orders)):
        stops = []
        for j in order:
            given[j] += 1
            stops.append((region.jobs[j].id, given[j]))
        if stops:
            routes.append((machine.id, tuple(stops)))
    return tuple(routes)


def best_plan(region: Region) -> Plan:
    """The plan of :func:`best_value`, with times to the second, as the judge would write it.

    Raises:
        NotPlannable: jobs in order or dryers; the best worth may then be a limit that no plan reaches.
    """
    if _is_joint(region):
        raise NotPlannable(f"{region.name} has jobs in order or dryers; its best worth may be a limit without a plan")
    best = best_value(region)
    number = {job.id: j for j, job in enumerate(region.jobs)}
    routes = []
    for machine_id, parts in best.routes:
        machine = region.machine_of[machine_id]
        clock = Hours(region).clock(machine, (crew for crew in best.crews if crew.machine_id == machine_id))
        stops, before, used_s = [], None, 0.0
        for job_id, part in parts:
            timed = _time_stop(region, machine, clock, before, number[job_id], used_s)
            if timed is None:
                raise ValueError(f"job {job_id} part {part} misses its window in the order that was found")
            stops.append(_write_stop(region, job_id, part, timed))
            before, used_s = number[job_id], timed.used_s
        routes.append(Route(machine_id=machine_id, stops=tuple(stops)))
    return _write_plan(region, best, tuple(routes))


def _write_stop(region: Region, job_id: str, part: int, timed: _Timed) -> Stop:
    job = region.job_of[job_id]
    depart, arrive, start, end = (
        datetime.fromtimestamp(round(t), region.tz) for t in (timed.depart, timed.arrive, timed.start, timed.end)
    )
    area_ha = job.area_ha / part_count(job)
    km = round(timed.km, 3)
    return Stop(job_id=job_id, part=part, area_ha=area_ha, depart=depart, arrive=arrive, start=start, end=end, km=km)


def _write_plan(region: Region, best: Best, routes: tuple[Route, ...]) -> Plan:
    served = {stop.job_id for route in routes for stop in route.stops}
    text, text_zh = "the best of all plans leaves it out", "所有可行方案里最好的那个也没排上这块活"
    left_out = [job.id for job in region.jobs if job.id not in served]
    unserved = [Unserved(job_id=j, reason=Reason.NO_CAPACITY, text=text, text_zh=text_zh) for j in left_out]
    plan = Plan(
        region=region.name,
        engine="exhaustive",
        seed=0,
        cpu_s=None,
        iterations=None,
        totals=_NOTHING,
        bound=None,
        crews=best.crews,
        routes=routes,
        unserved=tuple(unserved),
    )
    return replace(plan, totals=score(region, plan))


_NOTHING = Totals(
    value_fen=0, loss_fen=0, km=0, move_cost_fen=0, work_cost_fen=0, area_ha=0, jobs_served=0, jobs_unserved=0
)
