"""Planning again while the season runs: what has begun stays, every broken promise has a price.

The stops that stay are cut off; machines then stand where the last of them ends. What is left is a problem of its own,
searched from the old plan on, with prices for another machine, day or hour than was promised.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

import numpy as np

from nongshi.core.errors import NotPlannable
from nongshi.core.plan import Plan, Route, Stop
from nongshi.core.region import Region
from nongshi.core.times import after_seconds, seconds_between
from nongshi.core.units import FEN_PER_YUAN
from nongshi.dispatch.cells import KEEP_FEN, fit_routes
from nongshi.dispatch.cut import cut_to_done
from nongshi.dispatch.engines.start import plan_start
from nongshi.dispatch.events import Applied
from nongshi.dispatch.explain import explain_unserved
from nongshi.dispatch.from_plan import day_of
from nongshi.dispatch.problem import Bools, Floats, Ints, Problem, Wishes, make_problem
from nongshi.dispatch.roster import fill_roster
from nongshi.dispatch.search import HOT_SHARE as SEARCH_HOT_SHARE
from nongshi.dispatch.search import Budget, Progress, search
from nongshi.dispatch.solution import Clock, Solution, TimedStop, make_clock, make_plan, time_routes
from nongshi.dispatch.subset import Subset, take_parts

PartKey = tuple[str, int]  # job id and part


class RestNotPlannable(NotPlannable):
    """Some jobs have begun, and their rest cannot be served."""

    def __init__(self, message: str, job_ids: frozenset[str]) -> None:
        super().__init__(message)
        self.job_ids = job_ids


class Mode(StrEnum):
    """How much of what was promised may change."""

    KEEP = "keep"  # nothing: what is new or has lost its machine is fitted in between
    BOUNDED = "bounded"  # what is worth its price
    FREE = "free"  # anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What a broken promise costs; in the search only, no part of a plan's value."""

    machine_yuan: float
    day_yuan: float
    hour_yuan: float  # for each hour on the same day
    drop_yuan: float  # a promised job not served, on top of its value


PRICES = {  # assumptions: about a farmer's call, a wasted half day, an hour's wait; 2026-11
    Mode.KEEP: Prices(machine_yuan=1e6, day_yuan=1e6, hour_yuan=1e6, drop_yuan=1e6),
    Mode.BOUNDED: Prices(machine_yuan=25.0, day_yuan=40.0, hour_yuan=4.0, drop_yuan=100.0),
    Mode.FREE: Prices(machine_yuan=0.0, day_yuan=0.0, hour_yuan=0.0, drop_yuan=0.0),
}
HOT_SHARE = 0.004  # first temperature as a share of the mean job value: the old plan is not to be melted (assumption)
WRITTEN_S = 60.0  # what a written time may be off (docs/formats.md)
ROUNDS_PER_CPU_S = 6.0  # a round reads every cell anew, which takes a tenth of a second at 1,000 jobs (assumption)
ROUNDS_MIN, ROUNDS_MAX = 4, 24


def replan(
    applied: Applied,
    *,
    mode: Mode = Mode.BOUNDED,
    cpu_s: float | None = 5.0,
    iterations: int | None = None,
    seed: int = 1,
    cold: bool = False,
    on_step: Callable[[Progress], None] | None = None,
) -> Plan:
    """Plan again after events; see :func:`plan_again`."""
    return plan_again(
        applied.region,
        applied.plan,
        now=applied.now,
        frozen=applied.frozen,
        released=applied.unbound,
        barred=applied.barred,
        mode=mode,
        cpu_s=cpu_s,
        iterations=iterations,
        seed=seed,
        cold=cold,
        on_step=on_step,
    )


def replan_or_cut(
    applied: Applied,
    *,
    mode: Mode = Mode.BOUNDED,
    cpu_s: float | None = 5.0,
    iterations: int | None = None,
    seed: int = 1,
    cold: bool = False,
    on_step: Callable[[Progress], None] | None = None,
) -> tuple[Applied, Plan]:
    """Plan again after events; begun jobs whose rest cannot be served are cut to what is done, and named in `cut`.

    Every cut searches anew with the whole budget.
    """
    while True:
        try:
            plan = replan(applied, mode=mode, cpu_s=cpu_s, iterations=iterations, seed=seed, cold=cold, on_step=on_step)
        except RestNotPlannable as error:
            applied = cut_to_done(applied, error.job_ids)
        else:
            return applied, plan


def plan_again(
    region: Region,
    plan: Plan,
    *,
    now: datetime,
    frozen: Set[PartKey],
    released: Set[PartKey] = frozenset(),
    barred: Set[tuple[str, date]] = frozenset(),
    mode: Mode = Mode.BOUNDED,
    prices: Prices | None = None,
    cpu_s: float | None = 5.0,
    iterations: int | None = None,
    seed: int = 1,
    cold: bool = False,
    on_step: Callable[[Progress], None] | None = None,
) -> Plan:
    """Plan again from `now` on; the answer holds the whole season, past stops included.

    Args:
        region: as it is now, with the events in it.
        plan: the plan so far; its stops of jobs that are no longer in the region are dropped.
        now: nothing that is not frozen begins before, or sets out before; a machine on its way goes on.
        frozen: stops that stay as they are; on every machine they come first.
        released: stops whose promise cannot stand.
        barred: operator and day on which he may not drive from now on, though he may have driven before.
        mode: how much may change.
        prices: of changes; None: those of the mode.
        cpu_s: budget, where `iterations` is None.
        iterations: budget; the same seed gives the same plan.
        seed: of the search.
        cold: begin from nothing, as if no plan had been made; to compare with.
        on_step: told after every cell.

    Frozen parts that have not begun are let go where the rest of their job cannot be served beside them.

    Raises:
        RestNotPlannable: the rest of jobs that have begun cannot be served.
    """
    whole = make_problem(region)
    past = _Past.of(whole, plan, now, frozen, released)
    rest = _rest(whole, past, barred, PRICES[mode] if prices is None else prices)
    start = _cold_start(rest, past, whole) if cold else fit_routes(rest.problem, _start(rest, past, whole))
    budget = Budget(cpu_s if iterations is None else None, iterations)
    rounds = ROUNDS_MAX if iterations is not None else int((cpu_s or 0.0) * ROUNDS_PER_CPU_S)
    found = search(
        rest.problem,
        start,
        budget=budget,
        seed=seed,
        hot_share=SEARCH_HOT_SHARE if cold else HOT_SHARE,
        rounds=min(ROUNDS_MAX, max(ROUNDS_MIN, rounds)),
        on_step=on_step,
    )
    halves = _halves(whole, past, rest, found)
    if halves:
        return plan_again(
            region,
            plan,
            now=now,
            frozen=frozen - _let_go(whole, past, halves),
            released=released,
            barred=barred,
            mode=mode,
            prices=prices,
            cpu_s=cpu_s,
            iterations=iterations,
            seed=seed,
            cold=cold,
            on_step=on_step,
        )
    return _merge(whole, past, rest, found, seed=seed, cpu_s=None if iterations is not None else cpu_s)


@dataclass(frozen=True, slots=True)
class _Past:
    """The old plan in the new region's numbers."""

    now_s: float
    crew: Ints  # (m, d)
    frozen: tuple[tuple[int, ...], ...]  # parts that stay, per machine
    promised: tuple[tuple[int, ...], ...]  # the parts behind them
    start_s: Floats  # (p,) as planned; nan: not planned
    end_s: Floats
    free_s: Floats  # (m,) moment at which the machine has done what stays; earlier by the way it has come since
    free_place: Ints  # (m,) where it then is
    under_way: Ints  # (m,) the promised part that it has set out for, or -1
    suffices: Bools  # (m, d) days without a crew inside promised work, which ends as promised nevertheless

    @classmethod
    def of(cls, problem: Problem, plan: Plan, now: datetime, frozen: Set[PartKey], released: Set[PartKey]) -> "_Past":
        region = problem.region
        machine_of = {machine.id: m for m, machine in enumerate(region.machines)}
        operator_of = {operator.id: o for o, operator in enumerate(region.operators)}
        job_of = {job.id: j for j, job in enumerate(region.jobs)}
        day_index = {day: d for d, day in enumerate(problem.dates)}
        crew = np.full(problem.day_start_s.shape, -1, np.int64)
        for one in plan.crews:
            if one.machine_id in machine_of and one.operator_id in operator_of and one.date in day_index:
                crew[machine_of[one.machine_id], day_index[one.date]] = operator_of[one.operator_id]
        now_s = seconds_between(problem.origin, now)
        stay: list[list[int]] = [[] for _ in region.machines]
        promised: list[list[int]] = [[] for _ in region.machines]
        start_s, end_s = np.full(len(problem.part_job), np.nan), np.full(len(problem.part_job), np.nan)
        free_s = np.full(len(region.machines), now_s)
        under_way, suffices = np.full(len(region.machines), -1, np.int64), np.zeros(crew.shape, bool)
        free_place = problem.yard0 + np.arange(len(region.machines))
        for route in plan.routes:
            m = machine_of.get(route.machine_id)
            clock = None if m is None else make_clock(problem, crew, m)
            came_s, follows = 0.0, True  # when what stays has ended, and whether the stop comes right behind
            for stop in route.stops:
                j, key = job_of.get(stop.job_id), (stop.job_id, stop.part)
                if m is None or clock is None or j is None or key in released:
                    follows = False
                    continue
                parts = _parts_of(problem, j, stop.part, stop.area_ha)
                start_s[parts] = seconds_between(problem.origin, stop.start)
                end_s[parts] = seconds_between(problem.origin, stop.end)
                (stay if key in frozen else promised)[m].extend(parts)
                if key in frozen:
                    came_s, follows = end_s[parts[0]], True
                    free_s[m], free_place[m] = max(now_s, came_s), problem.part_place[parts[0]]
                    continue
                work_s = float(problem.work_s[problem.machine_class[m], parts].sum())
                suffices[m] |= _days_spared(problem, crew[m], clock, start_s[parts[0]], end_s[parts[0]], work_s)
                way_s = _way_come_s(problem, clock, stop, came_s, now_s) if follows else 0.0
                if way_s > 0:
                    under_way[m] = parts[0]
                    free_s[m] = clock.moment_s(clock.worked_s(now_s) - way_s, begins=True)
                follows = False
        return cls(
            now_s,
            crew,
            tuple(tuple(r) for r in stay),
            tuple(tuple(r) for r in promised),
            start_s,
            end_s,
            free_s,
            free_place,
            under_way,
            suffices,
        )


def _parts_of(problem: Problem, job: int, part: int, area_ha: float) -> list[int]:
    """Parts that a stop serves; a stop with the whole job's area serves all of them."""
    first, count = int(problem.job_first[job]), int(problem.job_parts[job])
    if count == 1 or area_ha > 1.5 * problem.part_area_ha[first]:
        return list(range(first, first + count))
    return [first + min(part, count) - 1]


def _way_come_s(problem: Problem, clock: Clock, stop: Stop, came_s: float, now_s: float) -> float:
    """Working time for which a machine has been on its way to its next stop; the whole way where it waits there."""
    set_out, arrives = (
        clock.worked_s(max(came_s, seconds_between(problem.origin, t))) for t in (stop.depart, stop.arrive)
    )
    return max(0.0, min(clock.worked_s(now_s), arrives) - set_out)


def _days_spared(problem: Problem, crew: Ints, clock: Clock, start_s: float, end_s: float, work_s: float) -> Bools:
    """(d,) days without a crew between start and end, none where the other days' crews are too few to end in time."""
    if clock.worked_s(end_s) - clock.worked_s(start_s) < work_s - WRITTEN_S:
        return np.zeros(len(crew), bool)
    return np.asarray((crew < 0) & (problem.midnight_s[1:] > start_s) & (problem.midnight_s[:-1] < end_s))


def _rest(problem: Problem, past: _Past, barred: Set[tuple[str, date]], prices: Prices) -> Subset:
    """The problem from now on: machines where they will stand, windows after what stays, promises with their price."""
    stays = np.zeros(len(problem.part_job), bool)
    stays[[p for route in past.frozen for p in route]] = True
    today = day_of(problem, past.now_s)
    lon, lat = problem.place_lon.copy(), problem.place_lat.copy()
    yards = problem.yard0 + np.arange(len(past.free_place))  # for the cold start, which knows no other first place
    lon[yards], lat[yards] = lon[past.free_place], lat[past.free_place]
    start_s = np.maximum(problem.day_start_s, past.free_s[:, None])
    begun = np.array([bool(route) for route in past.frozen], bool) | (past.under_way >= 0)
    crew_fixed = np.zeros(start_s.shape, bool)
    crew_fixed[:, :today] = True
    crew_fixed[:, today] = begun & (past.crew[:, today] >= 0)
    busy_until = np.where(begun, past.free_s, -np.inf)
    goes_on = problem.midnight_s[:-1] < busy_until[:, None]  # what stays may take days, some of them without a crew
    crew_fixed |= goes_on & ((past.crew >= 0) | (busy_until[:, None] > past.now_s))
    if prices.day_yuan >= PRICES[Mode.KEEP].day_yuan:
        crew_fixed |= past.suffices  # nobody comes to promised work earlier than promised, not even to begin later
    given_t = np.zeros(len(problem.dates))
    for p in np.flatnonzero(stays & (problem.part_wet_t > 0)):
        given_t[day_of(problem, past.end_s[p])] += problem.part_wet_t[p]
    moved = replace(
        problem,
        place_lon=lon,
        place_lat=lat,
        stand=past.free_place,
        day_start_s=start_s,
        day_end_s=np.maximum(start_s, problem.day_end_s),
        part_open_s=_opens(problem, past, stays),
        job_after=np.where(_done(problem, stays), -1, problem.job_after),
        licensed=_licensed(problem, barred),
        dry_given_t=given_t,
        wishes=_wishes(problem, past, crew_fixed, stays, prices),
    )
    return take_parts(moved, ~stays)


def _done(problem: Problem, stays: np.ndarray) -> np.ndarray:
    """(j,) whether all of the job before is among what stays, so that its end is known."""
    whole = np.logical_and.reduceat(stays, problem.job_first) if len(stays) else stays
    return np.asarray((problem.job_after >= 0) & (whole[problem.job_after] if len(whole) else False))


def _opens(problem: Problem, past: _Past, stays: np.ndarray) -> Floats:
    """(p,) openings, not before now nor before the end of what stays of the job before, and the pause."""
    opens = np.maximum(problem.part_open_s, past.now_s)
    for j in np.flatnonzero(problem.job_after >= 0):
        before = int(problem.job_after[j])
        parts = np.arange(problem.job_first[before], problem.job_first[before] + problem.job_parts[before])
        ready_s = past.end_s[parts[stays[parts]]].max(initial=-np.inf) + problem.job_after_s[j]
        mine = slice(int(problem.job_first[j]), int(problem.job_first[j] + problem.job_parts[j]))
        opens[mine] = np.maximum(opens[mine], ready_s)
    return np.asarray(opens)


def _licensed(problem: Problem, barred: Set[tuple[str, date]]) -> np.ndarray:
    licensed = problem.licensed.copy()
    for o, operator in enumerate(problem.region.operators):
        for d, day in enumerate(problem.dates):
            if (operator.id, day) in barred:
                licensed[o, :, d] = False
    return licensed


def _wishes(problem: Problem, past: _Past, crew_fixed: np.ndarray, stays: np.ndarray, prices: Prices) -> Wishes:
    """What was promised to whom, and what it costs to break it."""
    machine = np.full(len(problem.part_job), -1, np.int64)
    for m, route in enumerate(past.promised):
        machine[list(route)] = m
    promised = machine >= 0
    day = np.full(len(machine), -1, np.int64)
    day[promised] = [day_of(problem, moment_s) for moment_s in past.end_s[promised]]
    begun = np.zeros(len(problem.job_first), bool)  # a job of which some parts are done is ended
    begun[np.unique(problem.part_job[stays])] = True
    return Wishes(
        keep_fen=np.where(
            begun[problem.part_job],
            KEEP_FEN,
            np.where(promised, prices.drop_yuan * FEN_PER_YUAN / problem.job_parts[problem.part_job], 0.0),
        ),
        wait_fen_s=np.zeros(len(machine)),
        promised_machine=machine if prices.machine_yuan + prices.day_yuan + prices.hour_yuan > 0 else machine * 0 - 1,
        promised_start_s=np.where(promised, past.start_s, np.inf),
        promised_end_s=np.where(promised, past.end_s, np.inf),
        promised_day=day,
        machine_fen=prices.machine_yuan * FEN_PER_YUAN,
        day_fen=prices.day_yuan * FEN_PER_YUAN,
        hour_fen=prices.hour_yuan * FEN_PER_YUAN,
        crew_fixed=crew_fixed,
    )


def _start(rest: Subset, past: _Past, whole: Problem) -> Solution:
    """The old crews and routes behind what stays; who cannot drive any more is replaced where somebody is idle."""
    number = np.full(len(whole.part_job), -1, np.int64)
    number[rest.parts] = np.arange(len(rest.parts))
    routes = [number[list(route)] for route in past.promised]
    served = np.zeros(len(rest.parts), bool)
    served[np.concatenate([*routes, number[:0]])] = True
    complete = np.logical_and.reduceat(served, rest.problem.job_first) if len(served) else served
    crew = fill_roster(rest.problem, past.crew, day_of(whole, past.now_s), spared=past.suffices)
    kept = [route[complete[rest.problem.part_job[route]]] for route in routes]
    return Solution(crew=crew, routes=tuple(tuple(route.tolist()) for route in kept))


def _cold_start(rest: Subset, past: _Past, whole: Problem) -> Solution:
    """New crews and simple routes; operators of machine-days that stay do not move."""
    wishes = rest.problem.wishes
    assert wishes is not None
    crew = fill_roster(rest.problem, np.where(wishes.crew_fixed, past.crew, -1), day_of(whole, past.now_s))
    return plan_start(rest.problem, crew)


def _halves(whole: Problem, past: _Past, rest: Subset, found: Solution) -> set[int]:
    """Jobs of which some parts stay and others are not served."""
    served = np.zeros(len(whole.part_job), bool)
    served[[p for route in past.frozen for p in route]] = True
    served[rest.parts[[p for route in found.routes for p in route]]] = True
    missing = np.unique(whole.part_job[~served])
    return {int(j) for j in missing if served[whole.part_job == j].any()}


def _let_go(whole: Problem, past: _Past, halves: Set[int]) -> Set[PartKey]:
    """What of half served jobs need not stay, as none of the job has begun; and of the jobs that follow them."""
    keys, jobs, stuck = set[PartKey](), set(halves), dict[str, str]()
    while more := {int(j) for j in np.flatnonzero(np.isin(whole.job_after, list(jobs)))} - jobs:
        jobs |= more
    for m, route in enumerate(past.frozen):
        for p in (p for p in route if whole.part_job[p] in jobs):
            job_id, part = whole.region.jobs[whole.part_job[p]].id, int(whole.part_no[p])
            if past.start_s[p] < past.now_s and whole.part_job[p] in halves:
                stuck[job_id] = (
                    f"part {part} of job {job_id} is done or begun by {whole.region.machines[m].id}, but no machine "
                    f"can do the rest in its window; write a later close in jobs.csv, or cut its area to what is done"
                )
            keys.add((job_id, part))
    if stuck:
        raise RestNotPlannable("; ".join(stuck.values()), frozenset(stuck))
    return keys


def _merge(whole: Problem, past: _Past, rest: Subset, found: Solution, *, seed: int, cpu_s: float | None) -> Plan:
    """Past and future as one plan; every stop is timed as it was found."""
    starts_s = np.where(np.isnan(past.start_s), 0.0, past.start_s)
    behind = time_routes(rest.problem, found)
    for stop in (stop for timed in behind for stop in timed):
        starts_s[rest.parts[stop.part]] = stop.start_s
    routes = tuple(
        (*before, *rest.parts[list(after)].tolist()) for before, after in zip(past.frozen, found.routes, strict=True)
    )
    pinned = replace(whole, part_open_s=np.maximum(whole.part_open_s, starts_s))
    crew = _without_idle(whole, past, rest, found)
    solution = Solution(crew=crew, routes=routes)
    plan = make_plan(
        pinned,
        solution,
        engine="own",
        seed=seed,
        cpu_s=cpu_s,
        iterations=None,
        bound=None,
        unserved=explain_unserved(whole, solution),
    )
    return replace(plan, routes=tuple(_set_out(whole, past, rest, behind, route) for route in plan.routes))


def _set_out(whole: Problem, past: _Past, rest: Subset, behind: list[list[TimedStop]], route: Route) -> Route:
    """A route whose first stop behind what stays is not set out for before now, unless the machine was on its way."""
    m = next(i for i, machine in enumerate(whole.region.machines) if machine.id == route.machine_id)
    if not behind[m] or behind[m][0].km == 0 or rest.parts[behind[m][0].part] == past.under_way[m]:
        return route
    first, at = behind[m][0], len(past.frozen[m])
    depart, arrive = (after_seconds(whole.origin, t, whole.region.tz) for t in (first.depart_s, first.arrive_s))
    stops = list(route.stops)
    stops[at] = replace(stops[at], depart=depart, arrive=arrive)
    return replace(route, stops=tuple(stops))


def _without_idle(whole: Problem, past: _Past, rest: Subset, found: Solution) -> Ints:
    """(m, d) crews, without operators on machines that have done their last stop."""
    crew = found.crew.copy()
    last_s = np.where([bool(route) for route in past.frozen], past.free_s, -np.inf)
    for m, timed in enumerate(time_routes(rest.problem, found)):
        if timed:
            last_s[m] = timed[-1].end_s
    crew[whole.day_start_s >= last_s[:, None]] = -1
    return crew
