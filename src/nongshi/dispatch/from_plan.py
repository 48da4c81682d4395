"""From a plan back to arrays: who reads a plan can quote, explain or plan on from where it stands.

A plan says when things happen; a solution only says in which order and with whom, and times itself as early as
possible. The one thing that order does not tell is a deliberate wait of wet grain for a day on which the dryers
have room: it is read from the written times.
"""

from collections import Counter

import numpy as np

from nongshi.core.errors import BadInput, NotFound
from nongshi.core.plan import Plan, Route, Stop
from nongshi.core.times import seconds_between
from nongshi.dispatch.problem import Ints, Problem
from nongshi.dispatch.solution import Clock, Solution, earliest_start_s, make_clock, road_km, time_routes

LATER_S = 60.0  # what a written time may be off (docs/formats.md); a stop that starts later than so much has waited


def solution_of(problem: Problem, plan: Plan) -> Solution:
    """The crews and routes of a plan; a wet part that starts later than it could keeps the day of its end.

    A job served whole although it may be split stands as all its parts in a row, which ends no later.

    Raises:
        NotFound: the plan names a machine, an operator or a job that the region does not have.
        BadInput: it names a day outside the horizon, a part that the job does not have, or anything twice.
    """
    crew = _crew(problem, plan)
    routes, planned = _routes(problem, plan)
    if not problem.dries:
        return Solution(crew=crew, routes=routes)
    return _with_waits(
        problem, Solution(crew=crew, routes=routes, end_day=_waits(problem, crew, routes, planned)), planned
    )


def _crew(problem: Problem, plan: Plan) -> Ints:
    """(m, d) operators."""
    region = problem.region
    machines, operators = (_index(nouns) for nouns in (region.machines, region.operators))
    days = {day: d for d, day in enumerate(problem.dates)}
    crew = np.full((len(machines), len(days)), -1, np.int64)
    busy: dict[tuple[int, int], str] = {}
    for one in plan.crews:
        m, o = _find(machines, one.machine_id, "machine"), _find(operators, one.operator_id, "operator")
        d = days.get(one.date)
        if d is None:
            raise BadInput(f"plan: crew of {one.date} lies outside the region's days; plan the region as it is now")
        if crew[m, d] >= 0:
            raise BadInput(f"plan: machine {one.machine_id} has two operators on {one.date}; keep one of them")
        if (o, d) in busy:
            raise BadInput(
                f"plan: operator {one.operator_id} drives {busy[o, d]} and {one.machine_id} on {one.date}; keep one"
            )
        crew[m, d], busy[o, d] = o, one.machine_id
    return crew


def _routes(problem: Problem, plan: Plan) -> tuple[tuple[tuple[int, ...], ...], dict[int, Stop]]:
    """The parts of each machine in order, and the stop in which each part is served."""
    machines, jobs = _index(problem.region.machines), _index(problem.region.jobs)
    stops_of_job = Counter(stop.job_id for route in plan.routes for stop in route.stops)
    routes: list[tuple[int, ...]] = [()] * len(machines)
    planned: dict[int, Stop] = {}
    for route in plan.routes:
        m = _find(machines, route.machine_id, "machine")
        if routes[m]:
            raise BadInput(f"plan: machine {route.machine_id} has two routes; write its stops as one")
        parts: list[int] = []
        for stop in route.stops:
            j = _find(jobs, stop.job_id, "job")
            for part in _parts(problem, route, stop, j, stops_of_job[stop.job_id]):
                if part in planned:
                    raise BadInput(f"plan: job {stop.job_id} part {stop.part} is served twice; keep one of the stops")
                planned[part] = stop
                parts.append(part)
        routes[m] = tuple(parts)
    _check_whole(problem, planned)
    return tuple(routes), planned


def _parts(problem: Problem, route: Route, stop: Stop, j: int, stops_of_job: int) -> range:
    """The parts that a stop serves: all of them where it stands alone with the whole job's area."""
    first, count = int(problem.job_first[j]), int(problem.job_parts[j])
    area_ha = problem.region.jobs[j].area_ha
    if stops_of_job == 1 and (count == 1 or stop.area_ha > area_ha * (1 - 0.5 / count)):
        return range(first, first + count)
    if not 1 <= stop.part <= count:
        raise BadInput(
            f"plan: machine {route.machine_id} serves part {stop.part} of job {stop.job_id}, "
            f"which has {count}; number its parts from 1"
        )
    return range(first + stop.part - 1, first + stop.part)


def _check_whole(problem: Problem, planned: dict[int, Stop]) -> None:
    """All parts of a job are served, or none."""
    served = np.zeros(len(problem.part_job), bool)
    served[list(planned)] = True
    for part in np.flatnonzero(~served):
        j = problem.part_job[part]
        first = problem.job_first[j]
        if served[first : first + problem.job_parts[j]].any():
            job_id, number = problem.region.jobs[j].id, problem.part_no[part]
            raise BadInput(f"plan: job {job_id} is served without its part {number}; serve all its parts, or none")


def _waits(problem: Problem, crew: Ints, routes: tuple[tuple[int, ...], ...], planned: dict[int, Stop]) -> Ints:
    """(p,) the day of its end for every wet part that is written to start later than it could; else -1."""
    end_day = np.full(len(problem.part_job), -1, np.int64)
    for m, route in enumerate(routes):
        clock = make_clock(problem, crew, m)
        if len(clock.start_s) == 0:
            continue
        place, free_s, before = problem.yard0 + m, 0.0, None
        for part in route:
            stop = planned[part]
            if stop is before:
                continue  # a whole job's parts go on where the one before has ended
            if problem.part_wet_t[part] > 0:
                could_s = _could_start_s(problem, clock, m, part, place, free_s, planned)
                if clock.worked_s(seconds_between(problem.origin, stop.start)) > could_s + LATER_S:
                    end_day[part] = _end_day(problem, stop)
            place, before = int(problem.part_place[part]), stop
            free_s = clock.worked_s(seconds_between(problem.origin, stop.end))
    return end_day


def _could_start_s(
    problem: Problem, clock: Clock, machine: int, part: int, place: int, free_s: float, planned: dict[int, Stop]
) -> float:
    """Earliest working time of start behind what is written before it, dryers left aside."""
    c, here = problem.machine_class[machine], int(problem.part_place[part])
    move_s = 0.0
    if here != place:
        move_s = road_km(problem, place, here) / problem.class_km_s[c] + problem.class_load_s[c]
    opens_s = earliest_start_s(problem, machine, part)
    j = problem.part_job[part]
    before = int(problem.job_after[j])
    if before >= 0:
        first, count = int(problem.job_first[before]), int(problem.job_parts[before])
        ends = [seconds_between(problem.origin, planned[q].end) for q in range(first, first + count) if q in planned]
        opens_s = max([opens_s, *(end_s + float(problem.job_after_s[j]) for end_s in ends)])
    return max(free_s + move_s, clock.worked_s(opens_s))


def _with_waits(problem: Problem, solution: Solution, planned: dict[int, Stop]) -> Solution:
    """The same where no wet part ends on an earlier day than written, whatever idle time the plan holds before it."""
    end_day = solution.end_day
    assert end_day is not None
    for _ in range(len(problem.dates) + 1):
        try:
            timed = time_routes(problem, solution)
        except ValueError as fault:
            raise BadInput(f"plan: {fault}; see nongshi check for every breach") from fault
        early = [
            stop.part
            for stops in timed
            for stop in stops
            if problem.part_wet_t[stop.part] > 0
            and problem.job_parts[problem.part_job[stop.part]] == _stops_like(problem, planned, stop.part)
            and end_day[stop.part] < 0
            and day_of(problem, stop.end_s) < _end_day(problem, planned[stop.part])
        ]
        if not early:
            return solution
        end_day[early] = [_end_day(problem, planned[part]) for part in early]
    return solution


def _stops_like(problem: Problem, planned: dict[int, Stop], part: int) -> int:
    """In how many stops the part's job is served."""
    j = problem.part_job[part]
    first = int(problem.job_first[j])
    return len({id(planned[q]) for q in range(first, first + int(problem.job_parts[j]))})


def _end_day(problem: Problem, stop: Stop) -> int:
    return day_of(problem, seconds_between(problem.origin, stop.end))


def day_of(problem: Problem, moment_s: float) -> int:
    """The calendar day in which a moment lies, counted from the first; the horizon's end belongs to the last."""
    d = int(np.searchsorted(problem.midnight_s, moment_s, side="right")) - 1
    return min(max(d, 0), len(problem.dates) - 1)


def _index(nouns: tuple[object, ...]) -> dict[str, int]:
    return {noun.id: i for i, noun in enumerate(nouns)}  # type: ignore[attr-defined]


def _find(index: dict[str, int], noun_id: str, what: str) -> int:
    if noun_id not in index:
        raise NotFound(f"plan: {what} {noun_id} does not stand in the region; was the plan made for another region?")
    return index[noun_id]
