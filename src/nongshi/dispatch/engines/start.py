"""Where the warm reference engines begin: the better of the two simple rules, filled up by the repair.

By due date wins where there is little work, nearest field where there is more than can be done; a search that had
to begin from the worse of them would be handicapped.
"""

from nongshi.dispatch.engines.edd import plan_edd
from nongshi.dispatch.engines.nearest import plan_nearest
from nongshi.dispatch.engines.repair import repair
from nongshi.dispatch.engines.tables import objective_fen
from nongshi.dispatch.problem import Ints, Problem
from nongshi.dispatch.solution import Solution


def plan_start(problem: Problem, crew: Ints) -> Solution:
    """The best plan that simple rules make on a given crew; with chains or dryers as they made it, not filled up."""
    plans = [make(problem, crew) for make in (plan_edd, plan_nearest)]
    if not (problem.chained or problem.dries):
        plans = [repair(problem, crew, plan.routes) for plan in plans]
    return max(plans, key=lambda plan: objective_fen(problem, plan))
