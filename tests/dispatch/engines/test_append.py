"""The simple dispatchers keep the order of jobs and the dryers, by the times that the readable rules find."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dispatch.engines import drawn

from nongshi.core.errors import NotPlannable
from nongshi.core.region import Dryer
from nongshi.dispatch.engines import plan_edd, plan_nearest, repair, run_engine, simple_roster
from nongshi.dispatch.engines.append import append_job, job_end, make_standing
from nongshi.dispatch.engines.edd import chain_depth
from nongshi.dispatch.engines.start import plan_start
from nongshi.dispatch.engines.tables import end_moment_s, make_tables
from nongshi.dispatch.explain import explain_unserved
from nongshi.dispatch.problem import make_problem
from nongshi.dispatch.solution import WAIT_MARGIN_S, make_plan, time_routes
from nongshi.verify import check_plan


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), scarce=st.sampled_from([0.2, 0.5, 1.0]))
@pytest.mark.parametrize("make", [plan_edd, plan_nearest])
def test_order_and_dryers_are_kept_at_the_times_of_the_readable_rules(make, seed: int, scarce: float) -> None:
    problem = make_problem(drawn.tied_by_chance(seed, scarce=scarce))
    plan = make(problem, simple_roster(problem))
    timed = time_routes(problem, plan)  # raises where a window is broken
    assert (drawn.waiting_t(problem, plan) <= problem.dry_hold_t + 1e-9).all()
    assert drawn.times_served(problem, plan.routes) <= {0, 1}
    start_s, end_s = (
        {stop.part: moment for route in timed for stop in route for moment in [getattr(stop, name)]}
        for name in ("start_s", "end_s")
    )
    for part in start_s:
        before = problem.job_after[problem.part_job[part]]
        if before >= 0:
            ends = [end_s[problem.job_first[before] + i] for i in range(problem.job_parts[before])]
            assert start_s[part] >= max(ends) + problem.job_after_s[problem.part_job[part]] - 1e-3


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_compiled_times_are_the_readable_ones(seed: int) -> None:
    """Jobs appended by chance wherever they are allowed."""
    problem = make_problem(drawn.tied_by_chance(seed))
    crew, rng = simple_roster(problem), np.random.default_rng(seed)
    tables = make_tables(problem, crew)
    standing = make_standing(problem, tables)
    ends_s = {}
    for job in np.argsort(chain_depth(problem), kind="stable"):
        m = int(rng.integers(len(crew)))
        end = job_end(tables, standing, m, job, False) if tables.clock_count[m] else np.inf
        if np.isfinite(end):
            append_job(tables, standing, m, job)
            ends_s[int(job)] = end_moment_s(tables, m, end)
    routes = tuple(tuple(standing.matrix[m, :n].tolist()) for m, n in enumerate(standing.length))
    plan = replace(plan_edd(problem, crew), routes=routes, end_day=standing.end_day)
    timed = {stop.part: stop.end_s for route in time_routes(problem, plan) for stop in route}
    assert {job: timed[problem.job_first[job] + problem.job_parts[job] - 1] for job in ends_s} == pytest.approx(
        ends_s, abs=1e-3
    )


@pytest.mark.parametrize("engine", ["edd", "nearest", "start"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_verifier_accepts_plans_with_order_and_dryers(engine: str, seed: int) -> None:
    """Dryers that never break down: the verifier learns of those from elsewhere."""
    region = drawn.tied_by_chance(seed)
    region = replace(region, dryers=tuple(replace(dryer, down=()) for dryer in region.dryers))
    problem = make_problem(region)
    crew = simple_roster(problem)
    solution = plan_start(problem, crew) if engine == "start" else run_engine(problem, engine, crew, 0.0, 1)
    unserved = explain_unserved(problem, solution)
    facts = {"engine": engine, "seed": 1, "cpu_s": None, "iterations": None, "bound": None, "unserved": unserved}
    plan = make_plan(problem, solution, **facts)
    assert check_plan(region, plan).breaches == ()
    assert plan.totals.jobs_served > 0


def test_where_the_dryers_are_full_the_machine_waits_for_the_next_day() -> None:
    """Two jobs of 2 h and 10 t, 12 t dried a day and none kept: the second ends just after the second day begins."""
    jobs = [replace(drawn.job(f"J{i}", "F", due=1 + i / 10), wet_t=10.0) for i in (1, 2)]
    region = drawn.region([drawn.field("F", 0)], jobs, [drawn.machine("M", 0)], [drawn.operator("P")])
    region = replace(region, dryers=(Dryer(id="D", lon=121, lat=31, t_day=12, hold_t=0),))
    problem = make_problem(region)
    for make in (plan_edd, plan_nearest):
        plan = make(problem, simple_roster(problem))
        (timed,) = time_routes(problem, plan)
        assert plan.end_day is not None
        assert plan.end_day.tolist() == [-1, 1]
        assert [stop.end_s for stop in timed] == pytest.approx([10.25 * 3600, 32 * 3600 + WAIT_MARGIN_S])


def test_a_dispatcher_with_full_dryers_takes_a_dry_job_instead_of_waiting() -> None:
    jobs = [replace(drawn.job(f"J{i}", "F"), wet_t=wet_t) for i, wet_t in enumerate([10.0, 10.0, None])]
    region = drawn.region([drawn.field("F", 0)], jobs, [drawn.machine("M", 0)], [drawn.operator("P")])
    region = replace(region, dryers=(Dryer(id="D", lon=121, lat=31, t_day=12, hold_t=0),))
    problem = make_problem(region)
    assert plan_nearest(problem, simple_roster(problem)).routes == ((0, 2, 1),)


def test_an_idle_machine_is_called_when_the_job_before_is_taken() -> None:
    """The wide machine alone can do the second job; at first there is nothing for it."""
    region = drawn.region(
        [drawn.field("F", 0)],
        [drawn.job("J1", "F"), replace(drawn.job("J2", "F", operation="till"), after_job_id="J1", after_h=1.0)],
        [drawn.machine("M1", 0), drawn.machine("M2", 0, machine_class="wide")],
        [drawn.operator("P1"), drawn.operator("P2")],
    )
    rates = (replace(region.work_rates[0]), replace(region.work_rates[1], operation="till"))
    problem = make_problem(replace(region, work_rates=rates))
    for make in (plan_edd, plan_nearest):
        plan = make(problem, simple_roster(problem))
        assert plan.routes == ((0,), (1,))
        assert time_routes(problem, plan)[1][0].start_s == pytest.approx(11.25 * 3600)


@pytest.mark.parametrize("engine", ["ortools", "ortools-warm", "pyvrp", "repair"])
def test_engines_that_do_not_know_order_or_dryers_say_so(engine: str) -> None:
    problem = make_problem(drawn.tied_by_chance(1))
    crew = simple_roster(problem)
    with pytest.raises(NotPlannable, match=r"drawn has jobs that follow others.*plan it with own, edd or nearest"):
        repair(problem, crew, [[]]) if engine == "repair" else run_engine(problem, engine, crew, 0.1, 1)
