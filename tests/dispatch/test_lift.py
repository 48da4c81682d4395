"""A job lifted out of a plan answers as the plan without it does, job by job; a move is worth what was offered."""

import pytest

from nongshi.core.plan import Plan
from nongshi.core.region import Region
from nongshi.dispatch.edit import fit_plan, move_lifted
from nongshi.dispatch.lift import Lifter
from nongshi.dispatch.quote import Quoter
from nongshi.dispatch.run import solve
from nongshi.dispatch.solution import price_solution
from nongshi.synthetic import make_region
from nongshi.verify import check_plan

KINDS = [{"chains": True, "dryers": True}, {"chains": False, "dryers": True}, {"chains": True}, {"chains": False}]


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: "-".join(f"{k}{int(v)}" for k, v in kind.items()))
def made(request: pytest.FixtureRequest) -> tuple[Region, Plan]:
    region = make_region(fields=40, machines=None, load=1.0, season="rice-harvest", seed=4, **request.param)
    return region, solve(region, cpu_s=None, iterations=200, seed=1, engine="own")


def test_every_lifted_job_gets_the_offers_of_a_plan_without_it(made: tuple[Region, Plan]) -> None:
    region, plan = made
    lifter = Lifter(region, plan)
    for job in region.jobs:
        quoter, gain_fen = lifter.lift(job.id)
        slow = Quoter.without(lifter.problem, lifter.solution, job.id)
        assert quoter.best_by_machine(job) == slow.best_by_machine(job)
        worth_fen = price_solution(lifter.problem, lifter.solution) - price_solution(slow.problem, slow.solution)
        assert gain_fen == pytest.approx(worth_fen, abs=1.0)


def test_a_move_changes_the_plan_by_what_was_offered_and_breaks_nothing(made: tuple[Region, Plan]) -> None:
    region, plan = made
    lifter, moved = Lifter(region, plan), 0
    for job in region.jobs[::3]:
        quoter, gain_fen = lifter.lift(job.id)
        for machine_id, offer in list(quoter.best_by_machine(job).items())[:2]:
            after = move_lifted(lifter, plan, job.id, machine_id)
            told_fen = offer.gain_fen - gain_fen
            assert after.objective_fen - plan.objective_fen >= told_fen - 100  # chains: never worse than told
            assert check_plan(region, after).ok
            moved += 1
    assert moved > 0


def test_a_plan_in_the_same_region_fits_as_it_is(made: tuple[Region, Plan]) -> None:
    region, plan = made
    assert fit_plan(region, plan).objective_fen == pytest.approx(plan.objective_fen, abs=100)
