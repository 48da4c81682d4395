"""A problem of any size, planned piece by piece: fixed pieces, fixed seeds, fixed steps, so the same plan on any pool.

Every round cuts the machines into pieces of about PART_MACHINES along another random angle, plans every piece by
itself (:func:`solve_part`, the only thing that workers do) and puts the results together.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import numpy as np

from nongshi.dispatch.cells import fit_routes
from nongshi.dispatch.engines.start import plan_start
from nongshi.dispatch.parts_bonds import allowances, bind, wet_days
from nongshi.dispatch.parts_cut import PART_MACHINES, Standing, home_of_jobs, home_of_operators
from nongshi.dispatch.parts_slice import Piece, make_piece
from nongshi.dispatch.problem import Bools, Floats, Ints, Problem
from nongshi.dispatch.roster import make_roster
from nongshi.dispatch.search import COLD_SHARE, HOT_SHARE, Budget, search
from nongshi.dispatch.solution import Solution, time_routes

ROUNDS = 4  # assumption: each border is moved three times
ITERATIONS_PER_JOB = 180  # assumption: some 8 ms of CPU a job (docs/benchmarks.md)
CUTS_A_PIECE = 6  # how often a round's search cuts its cells anew (assumption)
SETTLE_MAX = 4  # times that wet work is put off to the day that its piece reckoned with

Task = TypeVar("Task")
Result = TypeVar("Result")


class Pool(Protocol):
    """Whoever maps tasks in order; see the room compute, which a room cannot import."""

    def map(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """Results in the order of the tasks."""
        ...


@dataclass(frozen=True, slots=True)
class PartTask:
    """What a worker gets: a small problem in arrays, where to begin, how long, with which seed."""

    problem: Problem
    solution: Solution
    iterations: int  # 0: only begin
    seed: int
    hot_share: float
    begin: bool  # by simple rules, whatever the solution says


@dataclass(frozen=True, slots=True)
class PartResult:
    """What a worker gives back, in the piece's own numbers. Moments (p,) only where there are chains or dryers."""

    crew: Ints
    routes: tuple[tuple[int, ...], ...]
    end_day: Ints | None
    start_s: Floats | None
    end_s: Floats | None


def solve_parts(
    problem: Problem,
    start: Solution | None,
    *,
    rounds: int = ROUNDS,
    iterations_per_job: float = ITERATIONS_PER_JOB,
    seed: int,
    pool: Pool,
    on_round: Callable[[int, int], None] | None = None,
) -> Solution:
    """Plan a problem of any size; the same seed and numbers give the same solution, however many work at it.

    Args:
        problem: the region in arrays.
        start: a solution that keeps all rules; None: simple rules begin, piece by piece.
        rounds: how often pieces are cut anew.
        iterations_per_job: search steps for every job, over all rounds.
        seed: of every random choice.
        pool: who does the work.
        on_round: told after each round (done, all).
    """
    if len(problem.part_job) == 0 or len(problem.machine_class) == 0:
        return start or _empty(problem)
    standing = _standing(problem, start or _empty(problem))
    plan = [0, *range(1, rounds + 1)] if start is None else list(range(1, rounds + 1))
    for number in plan:
        rng = np.random.default_rng([seed, number])
        heat = HOT_SHARE * (COLD_SHARE / HOT_SHARE) ** ((number - 1) / rounds) if number else HOT_SHARE
        per_job = iterations_per_job / rounds if number else 0.0
        standing = _round(problem, standing, rng, per_job=per_job, hot_share=heat, pool=pool)
        if on_round is not None:
            on_round(number, rounds)
    return _solution(problem, standing)


def solve_part(task: PartTask) -> PartResult:
    """Plan one piece; what a worker runs."""
    problem, solution = task.problem, task.solution
    if len(problem.part_job) and len(problem.machine_class):
        if task.begin:
            solution = _begin(problem)
        if task.iterations:
            solution = search(
                problem,
                solution,
                budget=Budget(None, task.iterations),
                seed=task.seed,
                hot_share=task.hot_share,
                rounds=CUTS_A_PIECE,
            )
    start_s = end_s = None
    if problem.chained or problem.dries:
        start_s, end_s = _moments(problem, solution)
    return PartResult(solution.crew, solution.routes, solution.end_day, start_s, end_s)


def _begin(problem: Problem) -> Solution:
    """Simple rules on a roster by hours; what breaks a chain or a dryer's day is left to the search."""
    solution = plan_start(problem, make_roster(problem))
    if problem.chained or problem.dries:
        solution = fit_routes(problem, _in_order(problem, solution))
    return solution


def _in_order(problem: Problem, solution: Solution) -> Solution:
    """Without the jobs whose job before is not served: simple rules do not know that they must wait."""
    served = np.zeros(len(problem.job_first) + 1, bool)  # the last for "follows nobody"
    served[[problem.part_job[p] for route in solution.routes for p in route]] = True
    served[-1] = True
    while (lost := served[:-1] & ~served[problem.job_after]).any():
        served[:-1] &= ~lost
    routes = tuple(tuple(p for p in route if served[problem.part_job[p]]) for route in solution.routes)
    return replace(solution, routes=routes)


def _round(
    problem: Problem,
    standing: Standing,
    rng: np.random.Generator,
    *,
    per_job: float,
    hot_share: float,
    pool: Pool,
) -> Standing:
    """Cut, plan every piece, put together."""
    piece_m, home, count = home_of_jobs(problem, standing, rng, PART_MACHINES)
    drivers = home_of_operators(problem, standing, piece_m, rng)
    bound, kept = bind(problem, standing, home, rng)
    dry_t = allowances(problem, standing, home, count, rng)
    seeds = rng.integers(1, 2**62, size=count)
    under_way: deque[Piece] = deque()  # tasks are drawn in the order in which results come

    def tasks() -> Iterator[PartTask]:
        for i in range(count):
            piece = make_piece(bound, standing, i, piece_m, home, drivers, dry_t)
            under_way.append(piece)
            steps = round(per_job * len(piece.problem.job_first))
            yield PartTask(piece.problem, piece.solution, steps, int(seeds[i]), hot_share, begin=per_job == 0)

    merged = Standing(
        standing.crew.copy(),
        list(standing.routes),
        standing.on.copy(),
        standing.end_day.copy(),
        standing.start_s.copy(),
        standing.end_s.copy(),
    )
    for result in pool.map(solve_part, tasks()):
        _put(merged, under_way.popleft(), result, kept)
    return _settled(problem, merged, standing)


def _put(standing: Standing, piece: Piece, result: PartResult, kept: Bools) -> None:
    """Write a piece's result back, unless it lost a part that others count on."""
    on = np.full(len(piece.parts), -1, np.int64)
    for m, route in zip(piece.machines, result.routes, strict=True):
        on[list(route)] = m
    if (kept[piece.parts] & (on < 0)).any():
        return
    standing.on[piece.parts] = on
    standing.end_day[piece.parts] = -1 if result.end_day is None else result.end_day
    if result.start_s is not None and result.end_s is not None:
        standing.start_s[piece.parts], standing.end_s[piece.parts] = result.start_s, result.end_s
    operators = np.append(piece.operators, -1)  # the last for "nobody"
    standing.crew[piece.machines] = operators[result.crew]
    for m, route in zip(piece.machines, result.routes, strict=True):
        standing.routes[m] = tuple(piece.parts[list(route)].tolist())


def _settled(problem: Problem, merged: Standing, before: Standing) -> Standing:
    """Where chains meet dryers: work that comes sooner than its piece reckoned may find its day full; it then waits.

    A piece starts followers after a drawn moment, the whole plan as soon as they are ready. If the wait cannot be
    kept, the round is lost.
    """
    if not (problem.chained and problem.dries):
        return merged
    wet = (merged.on >= 0) & (problem.part_wet_t > 0)
    reckoned = wet_days(problem, merged.end_s)
    for _ in range(SETTLE_MAX):
        try:
            start_s, end_s = _moments(problem, _solution(problem, merged))
        except ValueError:
            return before
        days = wet_days(problem, end_s)
        sooner = wet & (days < reckoned)
        if not sooner.any():
            merged.start_s, merged.end_s = start_s, end_s
            return before if (wet & (days > reckoned)).any() else merged
        merged.end_day[sooner] = reckoned[sooner]
    return before


def _moments(problem: Problem, solution: Solution) -> tuple[Floats, Floats]:
    """(p,) start and end of every served part."""
    start_s, end_s = np.zeros(len(problem.part_job)), np.zeros(len(problem.part_job))
    for timed in time_routes(problem, solution):
        for stop in timed:
            start_s[stop.part], end_s[stop.part] = stop.start_s, stop.end_s
    return start_s, end_s


def _empty(problem: Problem) -> Solution:
    shape = (len(problem.machine_class), len(problem.dates))
    return Solution(crew=np.full(shape, -1, np.int64), routes=((),) * shape[0])


def _standing(problem: Problem, solution: Solution) -> Standing:
    parts = len(problem.part_job)
    on = np.full(parts, -1, np.int64)
    for m, route in enumerate(solution.routes):
        on[list(route)] = m
    tied = (problem.chained or problem.dries) and (on >= 0).any()
    start_s, end_s = _moments(problem, solution) if tied else (np.zeros(parts), np.zeros(parts))
    end_day = np.full(parts, -1, np.int64) if solution.end_day is None else solution.end_day.copy()
    return Standing(solution.crew.copy(), list(solution.routes), on, end_day, start_s, end_s)


def _solution(problem: Problem, standing: Standing) -> Solution:
    end_day = standing.end_day.copy() if problem.dries else None
    return Solution(crew=standing.crew, routes=tuple(standing.routes), end_day=end_day)
