"""A solution in arrays, its timing in plain Python, and the plan that is made of it.

This is the readable version of the rules; the compiled search must agree with it (tests/dispatch/test_search.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nongshi.core.plan import Bound, Crew, Plan, Route, Stop, Totals, Unserved
from nongshi.core.times import after_seconds, seconds_between
from nongshi.core.units import SECONDS_PER_DAY
from nongshi.dispatch.problem import Floats, Ints, Problem
from nongshi.geo.distance import km_between

CLOCK_EPS_S = 1e-5  # sums of working time differ by less; nothing that takes time takes less


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """crew (m, d): operator or -1. routes: for each machine its parts in order."""

    crew: Ints
    routes: tuple[tuple[int, ...], ...]


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


def time_route(problem: Problem, clock: Clock, machine: int, route: Sequence[int]) -> list[TimedStop] | None:
    """Earliest times of a route, or None where a part cannot be ended in its window or the horizon.

    Earliest is best: losses never fall with time, and waiting can always be done later.
    """
    c = problem.machine_class[machine]
    place, now_s = problem.yard0 + machine, 0.0
    stops = []
    for part in route:
        km = road_km(problem, place, int(problem.part_place[part]))
        moves = problem.part_place[part] != place
        arrive_s = now_s + (km / problem.class_km_s[c] + problem.class_load_s[c] if moves else 0.0)
        start_s = max(arrive_s, clock.worked_s(problem.part_open_s[part]))
        end_s = start_s + problem.work_s[c, part]
        if end_s > clock.worked_s(problem.part_close_s[part]) + 1e-6:
            return None
        stops.append(
            TimedStop(
                part,
                clock.moment_s(now_s, begins=True),
                clock.moment_s(arrive_s, begins=not moves),
                max(clock.moment_s(start_s, begins=True), problem.part_open_s[part]),
                clock.moment_s(end_s, begins=False),
                km,
            )
        )
        place, now_s = int(problem.part_place[part]), end_s
    return stops


def road_km(problem: Problem, place1: int, place2: int) -> float:
    """Road distance between two places."""
    lon, lat = problem.place_lon, problem.place_lat
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
    routes = []
    for m, machine in enumerate(region.machines):
        timed = time_route(problem, make_clock(problem, solution.crew, m), m, solution.routes[m])
        if timed is None:
            raise ValueError(f"route of machine {machine.id} breaks a window")
        routes.append(Route(machine_id=machine.id, stops=tuple(_stop(problem, t) for t in timed)))
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
    for m, route in enumerate(solution.routes):
        timed = time_route(problem, make_clock(problem, crew, m), m, route)
        end_s = timed[-1].end_s if timed else -np.inf
        crew[m, problem.day_start_s[m] >= end_s] = -1
    return Solution(crew=crew, routes=solution.routes)


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
    worth = 0.0
    for m, route in enumerate(solution.routes):
        timed = time_route(problem, make_clock(problem, solution.crew, m), m, route)
        if timed is None:
            raise ValueError(f"route of machine {problem.region.machines[m].id} breaks a window")
        c = problem.machine_class[m]
        for stop in timed:
            job = problem.region.jobs[problem.part_job[stop.part]]
            late_d = (stop.end_s - problem.part_due_s[stop.part]) / SECONDS_PER_DAY
            share = problem.region.curve_of[job.loss_curve].share(late_d)
            worth += problem.part_value_fen[stop.part] * (1 - share) - stop.km * problem.class_fen_km[c]
            worth -= problem.work_s[c, stop.part] * problem.class_fen_s[c]
    return float(worth)
