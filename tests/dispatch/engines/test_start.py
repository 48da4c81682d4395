import pytest
from tests.dispatch.engines import drawn

from nongshi.dispatch.engines import plan_edd, plan_nearest, simple_roster
from nongshi.dispatch.engines.start import plan_start
from nongshi.dispatch.engines.tables import objective_fen
from nongshi.dispatch.problem import make_problem


@pytest.mark.parametrize("seed", range(6))
def test_the_warm_start_is_never_worse_than_either_simple_rule(seed: int) -> None:
    problem = make_problem(drawn.by_chance(seed))
    crew = simple_roster(problem)
    start_fen = objective_fen(problem, plan_start(problem, crew))
    for plan in (plan_edd(problem, crew), plan_nearest(problem, crew)):
        assert start_fen >= objective_fen(problem, plan) - 1e-6
