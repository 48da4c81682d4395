"""Planning by operation and cutting afterwards: both keep every rule, and do what they say."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dispatch.engines import drawn

from nongshi.core.region import Dryer
from nongshi.dispatch.engines import plan_edd, simple_roster
from nongshi.dispatch.engines.edd import chain_depth
from nongshi.dispatch.engines.staged import plan_by_operation, plan_then_cut
from nongshi.dispatch.problem import Problem, make_problem
from nongshi.dispatch.search import Budget, search
from nongshi.dispatch.solution import Solution, price_solution, time_routes


def searched(problem: Problem, start: Solution) -> Solution:
    return search(problem, start, budget=Budget(None, 200), seed=1, rounds=2)


def as_begun(_problem: Problem, start: Solution) -> Solution:
    return start


def forgetful(_problem: Problem, start: Solution) -> Solution:
    return replace(start, routes=tuple(() for _ in start.routes))


def assert_sound(problem: Problem, plan: Solution) -> None:
    time_routes(problem, plan)  # raises where a window is broken or a job before is missing
    assert drawn.times_served(problem, plan.routes) <= {0, 1}
    assert (drawn.waiting_t(problem, plan) <= problem.dry_hold_t + 1e-5).all()
    for d in range(len(problem.dates)):
        people = plan.crew[plan.crew[:, d] >= 0, d]
        assert len(np.unique(people)) == len(people)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
@pytest.mark.parametrize("plan_one", [searched, as_begun, forgetful])
def test_planned_by_operation_every_rule_is_kept(plan_one, seed: int) -> None:
    problem = make_problem(drawn.tied_by_chance(seed))
    assert_sound(problem, plan_by_operation(problem, simple_roster(problem), plan_one))


@pytest.mark.parametrize("seed", range(4))
def test_later_operations_never_change_when_earlier_jobs_are_done(seed: int) -> None:
    """Without followers the same search plans the first jobs at the same times."""
    problem = make_problem(drawn.tied_by_chance(seed, scarce=9.0))
    crew = simple_roster(problem)
    first = chain_depth(problem) == 0
    alone = plan_by_operation(problem, crew, lambda p, s: searched(p, s) if p.wishes.keep_fen.max() == 0 else s)
    ends_s = {stop.part: stop.end_s for route in time_routes(problem, alone) for stop in route}
    both = plan_by_operation(problem, crew, searched)
    then_s = {stop.part: stop.end_s for route in time_routes(problem, both) for stop in route}
    mine = {part for part in ends_s if first[problem.job_first.searchsorted(part, side="right") - 1]}
    assert mine
    assert {part: then_s[part] for part in mine} == pytest.approx({part: ends_s[part] for part in mine}, abs=0.01)


def test_the_harvest_is_planned_as_if_nothing_came_after_it() -> None:
    """The short job brings more by what follows it; planned by operation, the dispatcher does not see that."""
    fields = [drawn.field("A", 0), drawn.field("B", 0.1)]
    jobs = [
        drawn.job("JA", "A", area_ha=4, due=0.7, close=0.75, value_yuan=3000),
        drawn.job("JB", "B", area_ha=4, due=0.71, close=0.75, value_yuan=2900),
        replace(drawn.job("JC", "B", operation="till", value_yuan=9000), after_job_id="JB"),
    ]
    people = [drawn.operator("P1"), drawn.operator("P2")]
    region = drawn.region(fields, jobs, [drawn.machine("M1", 0), drawn.machine("M2", 0, machine_class="wide")], people)
    rates = (region.work_rates[0], replace(region.work_rates[1], operation="till"))
    problem = make_problem(replace(region, work_rates=rates))
    assert plan_by_operation(problem, simple_roster(problem), searched).routes == ((0,), ())


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), scarce=st.sampled_from([0.2, 0.5]))
def test_what_is_left_after_the_cut_keeps_every_rule(seed: int, scarce: float) -> None:
    problem = make_problem(drawn.tied_by_chance(seed, scarce=scarce))
    free = replace(problem, dry_t_day=np.full(len(problem.dates), np.inf))
    wide = plan_edd(free, simple_roster(problem))
    cut = plan_then_cut(problem, wide)
    assert_sound(problem, cut)
    assert {p for route in cut.routes for p in route} <= {p for route in wide.routes for p in route}
    assert all(list(cut.routes[m]) == [p for p in wide.routes[m] if p in cut.routes[m]] for m in range(len(cut.crew)))


def test_the_job_worth_least_per_tonne_is_cancelled_and_the_next_one_stays_on_its_day() -> None:
    """Three jobs of 10 t on one day, room for 24: the one of 1,000 yuan goes, though the first two come sooner."""
    jobs = [
        replace(drawn.job(f"J{i}", "F", due=1 + i / 10, value_yuan=yuan), wet_t=10.0)
        for i, yuan in enumerate([3000, 1000, 2000])
    ]
    region = drawn.region([drawn.field("F", 0)], jobs, [drawn.machine("M", 0)], [drawn.operator("P")])
    region = replace(region, dryers=(Dryer(id="D", lon=121, lat=31, t_day=22, hold_t=2),))
    problem = make_problem(region)
    wide = Solution(crew=simple_roster(problem), routes=((0, 1, 2),))
    cut = plan_then_cut(problem, wide)
    assert cut.routes == ((0, 2),)
    assert price_solution(problem, cut) == pytest.approx(price_solution(problem, wide) - 1000 * 100 + 2 * 1000)


def test_nothing_is_cut_where_the_dryers_take_everything() -> None:
    problem = make_problem(drawn.tied_by_chance(3, scarce=9.0))
    plan = plan_edd(problem, simple_roster(problem))
    assert plan_then_cut(problem, plan).routes == plan.routes
