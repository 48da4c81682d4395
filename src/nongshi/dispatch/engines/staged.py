"""Two ways in which real dispatchers break a season down, to compare planning all at once with.

By operation: the harvest is planned as if nothing came after it, then the tillage on what the harvest left, and so
on. Then cut: the harvest is planned as if dryers took everything, and what they cannot take is cancelled.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from nongshi.dispatch.engines.dried import Timed, cancelled_jobs, days_of, held_days
from nongshi.dispatch.engines.edd import chain_depth
from nongshi.dispatch.engines.start import plan_start
from nongshi.dispatch.problem import Bools, Ints, Problem, Wishes
from nongshi.dispatch.solution import Solution, time_routes
from nongshi.dispatch.subset import take_parts

KEEP_FEN = 1e9  # assumption: more than whatever could push a planned part aside is worth

PlanOne = Callable[[Problem, Solution], Solution]


def plan_by_operation(problem: Problem, crew: Ints, plan_one: PlanOne) -> Solution:
    """Operation by operation in the order of the chains; what is planned stays, with its times and operators.

    Args:
        problem: the region in arrays; wishes are not looked at.
        crew: (m, d) operators to begin with.
        plan_one: plans the jobs of one operation, from a start that keeps all rules. Jobs of earlier operations on
            machines that serve this one too are in the start, each in the window of its planned time, and must
            stay, as must the operators that `wishes.crew_fixed` names. A plan without them is not taken.
    """
    depth = chain_depth(problem)[problem.part_job] if len(problem.part_job) else np.zeros(0, np.int64)
    stood = Solution(crew=crew, routes=tuple(() for _ in crew), end_day=np.full(len(depth), -1, np.int64))
    for level in range(int(depth.max(initial=-1)) + 1):
        stood = _plan_level(problem, stood, depth == level, plan_one)
    return stood if problem.dries else replace(stood, end_day=None)


def plan_then_cut(problem: Problem, solution_without_dryers: Solution) -> Solution:
    """A plan made as if dryers took everything, without the jobs whose grain they cannot take.

    Day by day, the jobs worth least per tonne among those that end on a day with too much grain go, and with them
    what would follow them. The rest stays on its day, even where it could now be done earlier.
    """
    solution = solution_without_dryers
    while problem.dries:
        timed = time_routes(problem, solution)
        gone = cancelled_jobs(problem, timed)
        if not gone.any():
            break
        kept = tuple(tuple(part for part in route if not gone[problem.part_job[part]]) for route in solution.routes)
        solution = replace(solution, routes=kept, end_day=held_days(problem, solution, timed))
    return solution


def _plan_level(problem: Problem, stood: Solution, level: Bools, plan_one: PlanOne) -> Solution:
    """The solution with the jobs of one level (p,) added."""
    timed = time_routes(problem, stood)
    served = _served(stood, len(level))
    before = problem.job_after[problem.part_job]
    fresh = np.asarray(level & ((before < 0) | served[problem.job_first[before]]))
    if not fresh.any():
        return stood
    able = np.asarray(np.isfinite(problem.work_s[:, fresh]).any(axis=1))[problem.machine_class]
    fixed = _fixed(problem, stood, timed)
    mixed = _served(replace(stood, routes=_only(stood.routes, able)), len(level))
    start = _start(fixed, stood, timed, able, fresh)
    subset = take_parts(_given(fixed, timed, ~mixed), fresh | mixed)
    for found in (plan_one(subset.problem, _in_numbers(start, subset.parts)), _in_numbers(start, subset.parts)):
        routes = tuple(
            tuple(subset.parts[list(found.routes[m])].tolist()) if able[m] else stood.routes[m]
            for m in range(len(stood.routes))
        )
        end_day = held_days(problem, stood, timed)
        if found.end_day is not None:
            end_day[subset.parts] = np.maximum(end_day[subset.parts], found.end_day)
        whole = Solution(crew=found.crew, routes=routes, end_day=end_day)
        if _stands(problem, whole, served):
            return whole
    return stood


def _fixed(problem: Problem, stood: Solution, timed: Timed) -> Problem:
    """The problem with what is planned bound to its times, and the rest open only after what it follows.

    Chains are gone, for the windows say the same.
    """
    opens_s, closes_s = problem.part_open_s.copy(), problem.part_close_s.copy()
    end_s, machine = np.full(len(opens_s), -np.inf), np.full(len(opens_s), -1, np.int64)
    crew_fixed = np.zeros(stood.crew.shape, bool)
    for m, route in enumerate(timed):
        for stop in route:
            end_s[stop.part], machine[stop.part] = stop.end_s, m
        if route:
            crew_fixed[m] = problem.day_start_s[m] < route[-1].end_s
    job_end_s = np.maximum.reduceat(end_s, problem.job_first)
    before = problem.job_after
    ready_s = np.where(before >= 0, job_end_s[before] + problem.job_after_s, -np.inf)[problem.part_job]
    for stop in (stop for route in timed for stop in route):
        opens_s[stop.part], closes_s[stop.part], ready_s[stop.part] = stop.start_s, stop.end_s, -np.inf
    planned = machine >= 0
    wishes = Wishes(
        keep_fen=np.where(planned, KEEP_FEN, 0.0),
        wait_fen_s=np.zeros(len(opens_s)),
        promised_machine=machine,
        promised_start_s=np.where(planned, opens_s, np.inf),
        promised_end_s=np.where(planned, closes_s, np.inf),
        promised_day=np.where(planned, days_of(problem, end_s), -1),
        machine_fen=KEEP_FEN,
        day_fen=0.0,
        hour_fen=0.0,
        crew_fixed=crew_fixed,
    )
    nobody = np.full(len(before), -1, np.int64)
    opens_s = np.maximum(opens_s, ready_s)
    return replace(problem, part_open_s=opens_s, part_close_s=closes_s, job_after=nobody, wishes=wishes)


def _given(problem: Problem, timed: Timed, parts: Bools) -> Problem:
    """The problem with the grain of some planned parts (p,) as given."""
    given_t = np.zeros(len(problem.dates)) if problem.dry_given_t is None else problem.dry_given_t.copy()
    for stop in (stop for route in timed for stop in route if parts[stop.part]):
        given_t[days_of(problem, stop.end_s)] += problem.part_wet_t[stop.part]
    return replace(problem, dry_given_t=given_t)


def _start(fixed: Problem, stood: Solution, timed: Timed, able: Bools, fresh: Bools) -> Solution:
    """What is planned on the able machines; simple rules for the fresh parts on those that are free."""
    subset = take_parts(_given(fixed, timed, np.ones(len(fresh), bool)), fresh)
    free = able & np.array([not route for route in stood.routes], bool)
    simple = plan_start(subset.problem, np.where(free[:, None], stood.crew, -1))
    end_day = np.full(len(fresh), -1, np.int64) if stood.end_day is None else stood.end_day.copy()
    if simple.end_day is not None:
        end_day[subset.parts] = simple.end_day
    routes = tuple(
        tuple(subset.parts[list(new)].tolist()) or old
        for new, old in zip(simple.routes, _only(stood.routes, able), strict=True)
    )
    return Solution(crew=stood.crew, routes=routes, end_day=end_day)


def _only(routes: tuple[tuple[int, ...], ...], machines: Bools) -> tuple[tuple[int, ...], ...]:
    return tuple(route if machines[m] else () for m, route in enumerate(routes))


def _served(solution: Solution, parts: int) -> Bools:
    served = np.zeros(parts, bool)
    served[[part for route in solution.routes for part in route]] = True
    return served


def _in_numbers(solution: Solution, parts: Ints) -> Solution:
    """The solution in the numbers of a subset of parts."""
    number = {int(part): i for i, part in enumerate(parts)}
    routes = tuple(tuple(number[part] for part in route) for route in solution.routes)
    return replace(solution, routes=routes, end_day=None if solution.end_day is None else solution.end_day[parts])


def _stands(problem: Problem, solution: Solution, needed: Bools) -> bool:
    """Whether a solution keeps windows, order and dryers, and serves the needed parts (p,)."""
    if not _served(solution, len(needed))[needed].all():
        return False
    try:
        timed = time_routes(problem, solution)
    except ValueError:
        return False
    return not cancelled_jobs(problem, timed).any()
