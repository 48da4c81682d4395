import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dispatch.engines import drawn

from nongshi.dispatch.engines.edd import plan_edd, simple_roster
from nongshi.dispatch.engines.repair import repair
from nongshi.dispatch.engines.tables import objective_fen
from nongshi.dispatch.problem import make_problem
from nongshi.dispatch.solution import make_clock, price_solution, time_route


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_any_sequences_become_a_plan_of_whole_jobs_inside_their_windows(seed: int) -> None:
    """Parts thrown onto any machine, some of them twice, most of them too late."""
    problem = make_problem(drawn.by_chance(seed, fields=12))
    rng = np.random.default_rng(seed)
    parts = len(problem.part_job)
    routes = [rng.integers(0, parts, rng.integers(0, parts)).tolist() for _ in problem.machine_class]
    plan = repair(problem, simple_roster(problem), routes)
    for m, route in enumerate(plan.routes):
        assert time_route(problem, make_clock(problem, plan.crew, m), m, route) is not None
    assert drawn.times_served(problem, plan.routes) <= {0, 1}


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_plan_never_loses_value(seed: int) -> None:
    problem = make_problem(drawn.by_chance(seed))
    before = plan_edd(problem, simple_roster(problem))
    after = repair(problem, before.crew, before.routes)
    assert objective_fen(problem, after) >= objective_fen(problem, before) - 1e-6


@pytest.mark.parametrize("seed", range(6))
def test_the_compiled_price_is_the_readable_one(seed: int) -> None:
    problem = make_problem(drawn.by_chance(seed))
    plan = repair(problem, simple_roster(problem), [[] for _ in problem.machine_class])
    assert any(plan.routes)
    assert objective_fen(problem, plan) == pytest.approx(price_solution(problem, plan), abs=0.01)


def test_a_job_left_half_done_is_completed_where_that_pays() -> None:
    region = drawn.region(
        [drawn.field("F", 1)],
        [drawn.job("J", "F", area_ha=4, part_max_ha=2, due=1, close=2)],
        [drawn.machine("M1", 0), drawn.machine("M2", 2)],
        [drawn.operator("P1"), drawn.operator("P2")],
    )
    problem = make_problem(region)
    plan = repair(problem, simple_roster(problem), [[1], []])
    assert sorted(part for route in plan.routes for part in route) == [0, 1]


def test_a_job_that_cannot_be_completed_goes_whole() -> None:
    """One machine, 5 h of time before the window closes, two parts of 4 h."""
    region = drawn.region(
        [drawn.field("F", 0)],
        [drawn.job("J", "F", area_ha=4, part_max_ha=2, due=0.5, close=13 / 24)],
        [drawn.machine("M", 0)],
        [drawn.operator("P")],
    )
    problem = make_problem(region)
    assert repair(problem, simple_roster(problem), [[0]]).routes == ((),)


def test_a_job_that_costs_more_than_it_brings_is_not_inserted() -> None:
    region = drawn.region(
        [drawn.field("F", 20)], [drawn.job("J", "F", value_yuan=100)], [drawn.machine("M", 0)], [drawn.operator("P")]
    )
    problem = make_problem(region)
    assert repair(problem, simple_roster(problem), [[]]).routes == ((),)
