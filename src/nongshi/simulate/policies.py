"""The ways of planning that are compared. Each sees one morning's problem and answers crews and routes."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from nongshi.core.units import SECONDS_PER_DAY
from nongshi.dispatch.bound import make_bound
from nongshi.dispatch.engines.edd import plan_edd, simple_roster
from nongshi.dispatch.engines.nearest import plan_nearest
from nongshi.dispatch.fairness import price_waits
from nongshi.dispatch.fill import fill_greedy
from nongshi.dispatch.problem import Problem
from nongshi.dispatch.roster import make_roster
from nongshi.dispatch.search import Budget
from nongshi.dispatch.solution import Solution
from nongshi.dispatch.together import plan_together

ITERATIONS_PER_JOB = 60  # of the own search on each morning (assumption)
PRICE_STEPS = 10  # of the bound whose prices place the operators: enough for a morning (assumption)
RISK_SHARE_DAY = (
    0.03  # of a part's value that a day's waiting risks: rain, breakdowns (assumption; 0.01 to 0.1 lose alike)
)

Policy = Callable[[Problem, int], Solution]


def own(problem: Problem, seed: int) -> Solution:
    """Our search on everything that is known this morning."""
    crew = make_roster(problem, make_bound(problem, steps=PRICE_STEPS).day_price_fen)
    budget = Budget(None, ITERATIONS_PER_JOB * len(problem.job_first))
    early_fen_s = RISK_SHARE_DAY * problem.part_value_fen / SECONDS_PER_DAY
    return plan_together(replace(problem, wishes=price_waits(problem, early_fen_s)), crew, budget=budget, seed=seed)


def edd(problem: Problem, seed: int) -> Solution:
    """The phone dispatcher: by due date, to the nearest machine that can still end it on time."""
    return plan_edd(problem, simple_roster(problem), seed=seed)


def nearest(problem: Problem, seed: int) -> Solution:
    """Every machine goes on to the nearest open field."""
    return plan_nearest(problem, simple_roster(problem), seed=seed)


def bidding(problem: Problem, seed: int) -> Solution:
    """An auction: jobs are called out by due date, each goes to the machine whose route it costs least."""
    return fill_greedy(problem, simple_roster(problem), seed=seed)


POLICIES: Mapping[str, Policy] = {"own": own, "edd": edd, "nearest": nearest, "bidding": bidding}
