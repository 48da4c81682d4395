"""The optimum with jobs in order and dryers: by hand, without what binds, and beside the planner and its bound."""

from dataclasses import replace
from datetime import datetime

import pytest
from tests.verify import drawn

from nongshi.core.region import Dryer, Region
from nongshi.dispatch.run import solve
from nongshi.verify import best_value, check_plan, tiny_region

KINDS = {"chained": (True, False), "dried": (False, True), "both": (True, True)}


def alone(jobs: str) -> Region:
    """The drawn region with only these jobs."""
    region = drawn.region()
    return replace(region, jobs=tuple(job for job in region.jobs if job.id in jobs))


def test_who_follows_waits_for_the_end_and_the_pause() -> None:
    """A pause that ends after the follower's window leaves the follower out, and so does a predecessor left out."""
    free = best_value(alone("AC")).objective_fen
    tied = drawn.changed_job(alone("AC"), "C", after_job_id="A")
    assert best_value(tied).objective_fen <= free + 1e-6
    for_ever = drawn.changed_job(alone("AC"), "C", after_job_id="A", after_h=10_000.0)
    assert best_value(for_ever).objective_fen == pytest.approx(best_value(alone("A")).objective_fen)
    lost = drawn.changed_job(tied, "A", close=datetime(2000, 1, 1, tzinfo=tied.tz))
    assert best_value(lost).objective_fen == 0.0


def test_a_dryer_takes_what_it_takes() -> None:
    """Grain of one part that no night can hold is left in the field; a large dryer changes nothing."""
    region = drawn.changed_job(alone("A"), "A", wet_t=30.0)
    free = best_value(region).objective_fen
    dryer = Dryer(id="D", lon=121.0, lat=30.0, t_day=100.0, hold_t=0.0)
    assert best_value(replace(region, dryers=(dryer,))).objective_fen == pytest.approx(free)
    small = replace(dryer, t_day=30.0 / region.job_of["A"].parts / 1000.0)
    assert best_value(replace(region, dryers=(small,))).objective_fen == 0.0


@pytest.mark.parametrize("kind", KINDS)
def test_what_binds_makes_nothing_better_and_pruned_rosters_lose_nothing(kind: str) -> None:
    chains, dryers = KINDS[kind]
    bound = 0
    for seed in range(30):
        region = tiny_region(seed, chains=chains, dryers=dryers)
        best = best_value(region).objective_fen
        loose = replace(region, dryers=(), jobs=tuple(replace(j, after_job_id=None, after_h=0.0) for j in region.jobs))
        bound += best < best_value(loose).objective_fen - 1.0
        assert best <= best_value(loose).objective_fen + 1.0
        if seed < 6:
            assert best == pytest.approx(best_value(region, prune=False).objective_fen)
    assert bound >= 10


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", [2, 7, 11, 22, 23, 55])
def test_plans_lie_below_the_optimum_and_bounds_above_it(kind: str, seed: int) -> None:
    """Seeds 22, 23 and 55: a first job that pays only by what follows it."""
    chains, dryers = KINDS[kind]
    region = tiny_region(seed, chains=chains, dryers=dryers)
    best_fen = best_value(region).objective_fen
    plan = solve(region, iterations=2000, seed=1)
    assert check_plan(region, plan).ok
    assert plan.bound is not None
    assert plan.bound.bound_fen >= best_fen - 1.0
    slack_fen = 2.0 + 1e-5 * abs(best_fen)
    assert 0.999 * best_fen - slack_fen <= plan.objective_fen <= best_fen + slack_fen
