"""Plans changed by hand: still by the rules, worth what was said, and the same again when the change is taken back."""

import pytest

from nongshi import api
from nongshi.core.plan import Plan
from nongshi.core.region import Region
from nongshi.dispatch.edit import NoPlaceThere, drop_job, move_job
from nongshi.dispatch.explain_job import explain_job

REGIONS = {
    "plain": {"fields": 90, "seed": 3, "load": 0.7},
    "dryers": {"fields": 90, "seed": 4, "load": 0.7, "dryers": True},
    "chains": {"fields": 90, "seed": 5, "load": 0.7, "season": "may-turnround"},
}


@pytest.fixture(params=REGIONS, scope="module")
def made(request: pytest.FixtureRequest) -> tuple[Region, Plan]:
    region = api.make_region(**REGIONS[request.param])
    return region, api.solve(region, iterations=400)


def _moves(region: Region, plan: Plan) -> list[tuple[str, str, float]]:
    """(job, other machine, how much worse) that the explanation offers, for some jobs of the plan."""
    served = [stop.job_id for route in plan.routes for stop in route.stops]
    return [
        (job_id, one.machine_id, one.worse_fen)
        for job_id in dict.fromkeys(served[::5])
        for one in explain_job(region, plan, job_id).instead
        if one.offer is not None and one.worse_fen is not None
    ]


def test_a_moved_job_is_by_the_rules_and_costs_what_was_said(made: tuple[Region, Plan]) -> None:
    region, plan = made
    moves = _moves(region, plan)
    assert moves
    done = 0
    for job_id, machine_id, worse_fen in moves[:8]:
        try:
            moved = move_job(region, plan, job_id, machine_id)
        except NoPlaceThere:
            continue
        done += 1
        assert api.check_plan(region, moved).ok
        assert {r.machine_id for r in moved.routes for s in r.stops if s.job_id == job_id} == {machine_id}
        if not region.dryers and all(job.after_job_id is None for job in region.jobs):
            assert plan.objective_fen - moved.objective_fen == pytest.approx(worse_fen, abs=200.0)
    assert done


def test_a_dropped_job_takes_those_that_wait_for_it_along(made: tuple[Region, Plan]) -> None:
    region, plan = made
    job_id = next((job.after_job_id for job in region.jobs if job.after_job_id), None) or plan.routes[0].stops[0].job_id
    dropped = drop_job(region, plan, job_id)
    out = {one.job_id for one in dropped.unserved}
    assert job_id in out
    assert {job.id for job in region.jobs if job.after_job_id in out} <= out
    assert api.check_plan(region, dropped).ok


def test_a_job_that_fits_nowhere_on_a_machine_is_refused_by_name(made: tuple[Region, Plan]) -> None:
    region, plan = made
    for job in region.jobs:
        cannot = [one.machine_id for one in explain_job(region, plan, job.id).instead if one.offer is None]
        if cannot:
            with pytest.raises(NoPlaceThere, match=job.id):
                move_job(region, plan, job.id, cannot[0])
            return
    pytest.fail("every machine can do every job: the region tries nothing")
