"""A first plan by cheapest insertion: it keeps windows, order and dryers, whatever the region."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dispatch import drawn
from tests.dispatch.engines.drawn import tied_by_chance, times_served, waiting_t

from nongshi.core.plan import Plan, Reason, Unserved
from nongshi.core.region import Region
from nongshi.dispatch.fill import fill_greedy
from nongshi.dispatch.problem import Problem, make_problem
from nongshi.dispatch.roster import make_roster
from nongshi.dispatch.solution import Solution, make_plan, time_routes
from nongshi.synthetic import make_region
from nongshi.verify import check_plan

WET_T = 1e-6  # sums of tonnes differ by less


def plan_of(problem: Problem, solution: Solution) -> Plan:
    served = {int(problem.part_job[p]) for route in solution.routes for p in route}
    out = [
        Unserved(job_id=job.id, reason=Reason.NOT_WORTH, text="left")
        for j, job in enumerate(problem.region.jobs)
        if j not in served
    ]
    return make_plan(problem, solution, engine="own", seed=1, cpu_s=None, iterations=1, bound=None, unserved=out)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 500), machines=st.integers(1, 14), scarce=st.sampled_from([0.2, 0.5, 1.0]))
def test_windows_order_and_dryers_are_kept_and_jobs_served_whole(seed: int, machines: int, scarce: float) -> None:
    """More machines than a cell holds among them, so that what stands in other cells counts."""
    problem = make_problem(tied_by_chance(seed, fields=30, machines=machines, scarce=scarce))
    crew = make_roster(problem)
    found = fill_greedy(problem, crew, seed=seed)

    assert (found.crew == crew).all()
    assert times_served(problem, found.routes) <= {0, 1}
    served = np.zeros(len(problem.job_first), bool)
    served[[problem.part_job[p] for route in found.routes for p in route]] = True
    led = problem.job_after >= 0
    assert served[problem.job_after[led & served]].all(), "nobody is served before whom he waits for"
    assert (waiting_t(problem, found) <= problem.dry_hold_t + WET_T).all()
    end_s = {stop.part: stop.end_s for timed in time_routes(problem, found) for stop in timed}  # raises out of windows
    assert all(end_s[p] <= problem.part_close_s[p] + 1e-3 for p in end_s)


def _generated(season: str) -> Region:
    return make_region(fields=40, machines=9, load=1.2, season=season, seed=2, chains=True, dryers=True)


@pytest.mark.parametrize("season", ["rice-harvest", "may-turnround"])
def test_the_verifier_accepts_it_on_generated_regions(season: str) -> None:
    region = _generated(season)
    problem = make_problem(region)
    plan = plan_of(problem, fill_greedy(problem, make_roster(problem)))
    assert check_plan(region, plan).breaches == ()
    assert plan.totals.jobs_served > len(region.jobs) / 2


def test_the_same_seed_gives_the_same_routes() -> None:
    problem = make_problem(_generated("may-turnround"))
    one, two = (fill_greedy(problem, make_roster(problem), seed=4) for _ in range(2))
    assert one.routes == two.routes


def test_a_chain_is_filled_in_its_order_whatever_the_due_dates_say() -> None:
    """B is due first, but waits for A; both are late, so that no place costs nothing."""
    jobs = """
    job  km  ha  open     due      close    yuan
    B    10   2  1T00:00  1T08:00  2T24:00  1000  after_job_id=A
    A    10   2  1T00:00  1T09:00  2T24:00  1000
    """
    problem = make_problem(drawn.region(jobs))
    found = fill_greedy(problem, np.zeros((1, 2), np.int64))
    assert found.routes == ((1, 0),)


def test_nothing_to_do_and_nobody_to_do_it_give_empty_routes() -> None:
    no_jobs = make_problem(drawn.region("job km ha open due close yuan"))
    assert fill_greedy(no_jobs, np.zeros((1, 2), np.int64)).routes == ((),)
    idle = make_problem(drawn.region())
    assert fill_greedy(idle, np.full((1, 2), -1, np.int64)).routes == ((),)
    nobody = make_problem(drawn.region(machines="machine class owner km"))
    assert fill_greedy(nobody, np.zeros((0, 2), np.int64)).routes == ()
