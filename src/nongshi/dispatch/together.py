"""Routes and crews from nothing: a start that fits the problem, then the search on everything together.

Jobs in order begin operation by operation, as a dispatcher would, for a part of the budget; what the later operations
miss is then found by searching all of them at once, from there and not anew: a long chain melted hot is not put
together again.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from nongshi.dispatch.bound_chains import order_jobs
from nongshi.dispatch.engines.edd import chain_depth
from nongshi.dispatch.engines.staged import plan_by_operation, plan_then_cut
from nongshi.dispatch.engines.start import plan_start
from nongshi.dispatch.fill import fill_greedy
from nongshi.dispatch.problem import Ints, Problem
from nongshi.dispatch.search import Budget, Progress, search
from nongshi.dispatch.solution import Solution, price_solution

STAGED_SHARE = 0.3  # of the budget, for planning one after another (assumption; half of it gives 0.3 % less)
HOPE_SHARE = 0.7  # of followers' values (assumption; none gives 0.7 to 1.3 % less, all of it 0.1 to 1.2 %)
STAGED_HOT_SHARE = 0.01  # first temperature from there (assumption; a fifth of it gives 0.2 % less)


def plan_together(
    problem: Problem,
    crew: Ints,
    *,
    budget: Budget,
    seed: int,
    on_step: Callable[[Progress], None] | None = None,
) -> Solution:
    """Plan a problem from nothing; the same seed and iterations give the same solution.

    Args:
        problem: the region in arrays.
        crew: (m, d) operators to begin with.
        budget: CPU seconds or iterations.
        seed: of every random choice.
        on_step: told after every cell of the search.
    """
    start = simple_start(problem, crew, seed=seed)
    if not problem.chained and not problem.dries:
        return search(problem, start, budget=budget, seed=seed, on_step=on_step)
    first, rest = budget.split(STAGED_SHARE)
    staged = _by_operation(problem, crew, first, seed) if problem.chained else _cut(problem, crew, first, seed)
    begun = max(start, staged, key=partial(price_solution, problem))
    return search(problem, begun, budget=rest, seed=seed, hot_share=STAGED_HOT_SHARE, on_step=on_step)


def _by_operation(problem: Problem, crew: Ints, budget: Budget, seed: int) -> Solution:
    stages = iter(budget.split_even(1 + int(chain_depth(problem).max(initial=0))))

    def plan_one(part: Problem, begin: Solution) -> Solution:
        return search(part, begin, budget=next(stages), seed=seed)

    return plan_by_operation(_hopeful(problem), crew, plan_one)


def _hopeful(problem: Problem) -> Problem:
    """The same with jobs worth more by what can only be served once they are: for planning one operation at a time."""
    value_fen = np.add.reduceat(problem.part_value_fen, problem.job_first)
    hope_fen = np.zeros(len(value_fen))
    for job in order_jobs(problem)[::-1].tolist():
        if problem.job_after[job] >= 0:
            hope_fen[problem.job_after[job]] += value_fen[job] + hope_fen[job]
    more_fen = (HOPE_SHARE * hope_fen / problem.job_parts)[problem.part_job]
    return replace(problem, part_value_fen=problem.part_value_fen + more_fen)


def _cut(problem: Problem, crew: Ints, budget: Budget, seed: int) -> Solution:
    free = replace(problem, dry_t_day=np.full(len(problem.dates), np.inf))
    blind = search(free, plan_start(free, crew), budget=budget, seed=seed)
    return plan_then_cut(problem, replace(blind, end_day=None))


def simple_start(problem: Problem, crew: Ints, *, seed: int = 1) -> Solution:
    """The best of the simple dispatchers; where jobs wait for each other or for dryers, also of cheapest insertion."""
    start = plan_start(problem, crew)
    if problem.chained or problem.dries:
        start = max(start, fill_greedy(problem, crew, seed=seed), key=partial(price_solution, problem))
    return start
