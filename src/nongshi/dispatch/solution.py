"""A solution in arrays, its timing in plain Python, and the plan that is made of it.

This is the readable version of the rules; the compiled search must agree with it (tests/dispatch/test_search.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from nongshi.core.plan import Bound, Crew, Plan, Route, Stop, Totals, Unserved
from nongshi.core.times import after_seconds, seconds_between
from nongshi.core.units import SECONDS_PER_DAY
from nongshi.dispatch.problem import Floats, Ints, Problem
from nongshi.geo.distance import km_between

WAIT_MARGIN_S = 120.0  # work that waits for a day's dryers ends so long after the day begins (checkers allow 60 s)
CLOCK_EPS_S = 1e-5  # sums of working time differ by less; nothing that takes time takes less


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """crew (m, d): operator or -1. routes: for each machine its parts in order.

    end_day (p,): the day before which a part may not end, because the dryers are full till then; -1 or None: any.
    """

    crew: Ints
    routes: tuple[tuple[int, ...], ...]
    end_day: Ints | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A machine's working time: usable intervals of its crewed days, and seconds worked before each."""

    start_s: Floats  # (n,)
    end_s: Floats
    before_s: Floats

    @property
    def total_s(self) -> float:
        """All working time."""
        return float(self.before_s[-1] + self.end_s[-1] - self.start_s[-1]) if len(self.start_s) else 0.0

    def worked_s(self, moment_s: float) -> float:
        """Working time that has passed at a moment."""
        return float(np.clip(moment_s - self.start_s, 0.0, self.end_s - self.start_s).sum())

    def moment_s(self, worked_s: float, *, begins: bool) -> float:
        """The moment of a working time: the last one (something begins) or the first one (something ends)."""
        if begins:  # what begins at the end of a day, but for rounding, begins on the next
            i = int(np.searchsorted(self.before_s, worked_s + CLOCK_EPS_S, side="right")) - 1
        else:
            i = int(np.searchsorted(self.before_s, worked_s - CLOCK_EPS_S, side="left")) - 1
        i = max(0, i)
        return float(self.start_s[i] + max(0.0, worked_s - self.before_s[i]))


def make_clock(problem: Problem, crew: Ints, machine: int) -> Clock:
    """The clock of a machine under a crew: nights, rain, absent days and short shifts cut out."""
    crewed = crew[machine] >= 0
    operators = np.where(crewed, crew[machine], 0)
    hours_s = problem.operator_hours_s[operators] if len(problem.operator_hours_s) else np.zeros(crewed.shape)
    start_s = problem.day_start_s[machine]
    end_s = np.minimum(problem.day_end_s[machine], problem.shift_start_s[machine] + hours_s)
    open_days = crewed & (end_s > start_s)
    start_s, end_s = start_s[open_days], end_s[open_days]
    before_s = np.concatenate([[0.0], np.cumsum(end_s - start_s)[:-1]]) if len(start_s) else np.zeros(0)
    return Clock(start_s, end_s, before_s)


@dataclass(frozen=True, slots=True)
class TimedStop:
    """One stop of a route in seconds after the origin."""

    part: int
    depart_s: float
    arrive_s: float
    start_s: float
    end_s: float
    km: float


def time_route(
    problem: Problem,
    clock: Clock,
    machine: int,
    route: Sequence[int],
    *,
    ready_s: Floats | None = None,
    end_day: Ints | None = None,
) -> list[TimedStop] | None:
    """Earliest times of a route, or None where a part cannot be ended in its window or the horizon.

    Earliest is best: losses never fall with time, and waiting can always be done later.

    Args:
        problem: the region in arrays.
        clock: of the machine.
        machine: its index.
        route: its parts in order.
        ready_s: (p,) moment at which the job before has ended and its pause is over.
        end_day: (p,) as in Solution.
    """
    c = problem.machine_class[machine]
    place, now_s = problem.first_place(machine), 0.0
    stops = []
    for part in route:
        km = road_km(problem, place, int(problem.part_place[part]))
        moves = problem.part_place[part] != place
        arrive_s = now_s + (km / problem.class_km_s[c] + problem.class_load_s[c] if moves else 0.0)
        opens_s = earliest_start_s(problem, machine, part)
        if ready_s is not None:
            opens_s = max(opens_s, float(ready_s[part]))
        start_s = max(arrive_s, clock.worked_s(opens_s))
        if end_day is not None and end_day[part] >= 0:
            day_s = clock.worked_s(problem.day_start_s[machine, end_day[part]])
            start_s = max(start_s, day_s + WAIT_MARGIN_S - problem.work_s[c, part])
        end_s = start_s + problem.work_s[c, part]
        if end_s > clock.worked_s(problem.part_close_s[part]) + 1e-6:
            return None
        stops.append(
            TimedStop(
                part,
                clock.moment_s(now_s, begins=True),
                clock.moment_s(arrive_s, begins=not moves),
                max(clock.moment_s(start_s, begins=True), opens_s),
                clock.moment_s(end_s, begins=False),
                km,
            )
        )
        place, now_s = int(problem.part_place[part]), end_s
    return stops


def earliest_start_s(problem: Problem, machine: int, part: int) -> float:
    """When a machine may begin a part: its opening; on the machine that was promised, not before the promised hour."""
    opens_s = float(problem.part_open_s[part])
    wishes = problem.wishes
    if wishes is not None and wishes.promised_machine[part] == machine:
        opens_s = max(opens_s, float(wishes.promised_start_s[part]))
    return opens_s


def time_routes(problem: Problem, solution: Solution) -> list[list[TimedStop]]:
    """Earliest times of all routes together: a job that follows another waits for its end.

    Raises:
        ValueError: a part cannot be ended in its window, or jobs wait for each other in a circle.
    """
    clocks = [make_clock(problem, solution.crew, m) for m in range(len(solution.routes))]
    ready_s = np.zeros(len(problem.part_job))
    timed: list[list[TimedStop]] = [[] for _ in solution.routes]
    dirty = set(range(len(solution.routes)))
    followers = np.flatnonzero(problem.job_after >= 0)
    end_s = np.full(len(problem.part_job), np.inf)  # of parts that nobody serves: whoever follows is too early
    for _ in range(len(problem.job_first) + 2):
        for m in dirty:
            stops = time_route(problem, clocks[m], m, solution.routes[m], ready_s=ready_s, end_day=solution.end_day)
            if stops is None:
                raise ValueError(f"route of machine {problem.region.machines[m].id} breaks a window")
            timed[m] = stops
            end_s[list(solution.routes[m])] = [stop.end_s for stop in stops]
        if len(followers) == 0:
            return timed
        job_end_s = np.maximum.reduceat(end_s, problem.job_first)
        wanted = np.zeros(len(problem.job_first))
        wanted[followers] = job_end_s[problem.job_after[followers]] + problem.job_after_s[followers]
        spread = wanted[problem.part_job]
        later = spread > ready_s + 1e-6
        ready_s = np.maximum(ready_s, spread)
        dirty = {m for m, route in enumerate(solution.routes) if later[list(route)].any()}
        if not dirty:
            return timed
    raise ValueError("jobs wait for each other in a circle")


def road_km(problem: Problem, place1: int, place2: int) -> float:
    """Road distance between two places."""
    lon, lat = problem.place_lon, problem.place_lat
    if problem.roads is not None:
        return problem.roads.between((lon[place1], lat[place1]), (lon[place2], lat[place2]))
    return float(problem.detour * km_between(lon[place1], lat[place1], lon[place2], lat[place2]))


def make_plan(
    problem: Problem,
    solution: Solution,
    *,
    engine: str,
    seed: int,
    cpu_s: float | None,
    iterations: int | None,
    bound: Bound | None,
    unserved: Sequence[Unserved],
) -> Plan:
    """The plan of a solution, priced from the times as they are written (whole seconds)."""
    region = problem.region
    routes = [
        Route(machine_id=machine.id, stops=tuple(_stop(problem, t) for t in timed))
        for machine, timed in zip(region.machines, time_routes(problem, solution), strict=True)
    ]
    crews = [
        Crew(date=day, machine_id=machine.id, operator_id=region.operators[solution.crew[m, d]].id)
        for d, day in enumerate(problem.dates)
        for m, machine in enumerate(region.machines)
        if solution.crew[m, d] >= 0
    ]
    return Plan(
        region=region.name,
        engine=engine,
        seed=seed,
        cpu_s=cpu_s,
        iterations=iterations,
        totals=price_routes(problem, routes),
        bound=bound,
        crews=tuple(crews),
        routes=tuple(route for route in routes if route.stops),
        unserved=tuple(unserved),
    )


def release_idle(problem: Problem, solution: Solution) -> Solution:
    """The same routes without operators on machines that have done their last stop."""
    crew = solution.crew.copy()
    for m, timed in enumerate(time_routes(problem, solution)):
        end_s = timed[-1].end_s if timed else -np.inf
        crew[m, problem.day_start_s[m] >= end_s] = -1
    return replace(solution, crew=crew)


def _stop(problem: Problem, timed: TimedStop) -> Stop:
    tz, origin = problem.region.tz, problem.origin
    job = problem.region.jobs[problem.part_job[timed.part]]
    return Stop(
        job_id=job.id,
        part=int(problem.part_no[timed.part]),
        area_ha=float(problem.part_area_ha[timed.part]),
        depart=after_seconds(origin, timed.depart_s, tz),
        arrive=after_seconds(origin, timed.arrive_s, tz),
        start=after_seconds(origin, timed.start_s, tz),
        end=after_seconds(origin, timed.end_s, tz),
        km=round(timed.km, 3),
    )


def price_routes(problem: Problem, routes: Sequence[Route]) -> Totals:
    """Value, loss and costs of routes as written, rounded to the fen."""
    region = problem.region
    value = loss = km = move = work = area_ha = 0.0
    served = set()
    for route in routes:
        machine_class = region.class_of[region.machine_of[route.machine_id].machine_class]
        for stop in route.stops:
            job = region.job_of[stop.job_id]
            part_value = job.value_fen * stop.area_ha / job.area_ha
            late_d = seconds_between(job.due, stop.end) / SECONDS_PER_DAY
            value += part_value
            loss += part_value * region.curve_of[job.loss_curve].share(late_d)
            km += stop.km
            move += stop.km * machine_class.cost_fen_km
            rate = region.rate_ha_h[machine_class.id, job.operation]
            work += stop.area_ha / rate * machine_class.cost_fen_h
            area_ha += stop.area_ha
            served.add(job.id)
    return Totals(
        value_fen=round(value),
        loss_fen=round(loss),
        km=round(km, 3),
        move_cost_fen=round(move),
        work_cost_fen=round(work),
        area_ha=round(area_ha, 6),
        jobs_served=len(served),
        jobs_unserved=len(region.jobs) - len(served),
    )


def price_solution(problem: Problem, solution: Solution) -> float:
    """What a solution is worth, fen, by exact times."""
    return float(sum(price_route(problem, m, timed) for m, timed in enumerate(time_routes(problem, solution))))


def price_route(problem: Problem, machine: int, timed: Sequence[TimedStop]) -> float:
    """What a machine's timed stops are worth, fen."""
    worth, c = 0.0, problem.machine_class[machine]
    for stop in timed:
        job = problem.region.jobs[problem.part_job[stop.part]]
        late_d = (stop.end_s - problem.part_due_s[stop.part]) / SECONDS_PER_DAY
        share = problem.region.curve_of[job.loss_curve].share(late_d)
        worth += problem.part_value_fen[stop.part] * (1 - share) - stop.km * problem.class_fen_km[c]
        worth -= problem.work_s[c, stop.part] * problem.class_fen_s[c]
    return float(worth)
