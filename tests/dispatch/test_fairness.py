"""Waits: measured so that they can be reckoned in the head, and priced only where small or remote fields wait too long.

Drawn: M1 stands at 0 km, eight jobs of 1 ha and 1 h on fields 10 to 80 km north; a day is 24 h of waiting.
"""

from dataclasses import replace

import numpy as np
import pytest
from tests.dispatch import drawn
from tests.dispatch.engines.drawn import by_chance

from nongshi.core.plan import Waits
from nongshi.dispatch.engines.edd import plan_edd
from nongshi.dispatch.fairness import EXTRA_D_MAX, measure_waits, remote_jobs, small_jobs, wait_wishes
from nongshi.dispatch.problem import Problem, make_problem
from nongshi.dispatch.roster import make_roster
from nongshi.dispatch.solution import Solution

JOBS = "job km ha open due close yuan\n" + "\n".join(
    f"{name} {10 * (i + 1)} {ha} 1T00:00 1T18:00 2T24:00 1000"
    for i, (name, ha) in enumerate(zip("ABCDEFGH", (1, 2, 3, 1.5, 4, 4, 4, 4), strict=True))
)
FAR = Waits(mean_d=1.0, small_d=1.0 + EXTRA_D_MAX, remote_d=1.5 + EXTRA_D_MAX, extra_d_max=EXTRA_D_MAX)
NOBODY = replace(FAR, remote_d=1.0 + EXTRA_D_MAX)


@pytest.fixture
def problem() -> Problem:
    return make_problem(drawn.region(JOBS))


def named(problem: Problem, chosen: np.ndarray) -> str:
    return "".join(job.id for job, one in zip(problem.region.jobs, chosen, strict=True) if one)


def test_a_quarter_of_the_jobs_is_small_and_a_quarter_remote(problem: Problem) -> None:
    assert named(problem, small_jobs(problem)) == "AD"
    assert named(problem, remote_jobs(problem)) == "GH"


def test_remote_is_who_is_far_from_every_machine_that_could_come(problem: Problem) -> None:
    """A combine at 75 km brings G and H near; a tractor there, which cannot harvest, does not."""
    machines = "machine class owner km\nM1 combine O 0\nM2 {} O 75"
    near = make_problem(drawn.region(JOBS, machines.format("combine")))
    assert named(near, remote_jobs(near)) == "CD"
    other = make_problem(drawn.region(JOBS, machines.format("tractor")))
    assert named(other, remote_jobs(other)) == "GH"


def test_waits_run_from_the_opening_to_the_end_and_for_who_is_left_out_to_the_close(problem: Problem) -> None:
    """M1 comes to A at 9 and ends at 10; all others wait for the end of day 2."""
    waits = measure_waits(problem, Solution(crew=np.zeros((1, 2), np.int64), routes=((0,),)))
    assert waits.small_d == pytest.approx((10 / 24 + 2) / 2, abs=1e-4)
    assert waits.mean_d == pytest.approx((10 / 24 + 7 * 2) / 8, abs=1e-4)
    assert (waits.remote_d, waits.extra_d_max) == (2.0, EXTRA_D_MAX)


def test_a_job_in_parts_waits_for_the_last_of_them() -> None:
    jobs = """
    job  km  ha  open     due      close    yuan
    A    10   4  1T00:00  1T18:00  2T24:00  1000  part_max_ha=2
    """
    problem = make_problem(drawn.region(jobs))
    waits = measure_waits(problem, Solution(crew=np.zeros((1, 2), np.int64), routes=((0, 1),)))
    assert waits.mean_d == pytest.approx(13 / 24, abs=1e-4)  # 1 h of road, 4 h of work from 8
    assert (waits.small_d, waits.remote_d) == (0.0, 0.0), "a quarter of one job is none"


@pytest.mark.parametrize("seed", range(4))
def test_one_job_less_never_shortens_a_wait(seed: int) -> None:
    """The law that keeps a plan from looking fair by serving fewer."""
    problem = make_problem(by_chance(seed))
    found = plan_edd(problem, make_roster(problem))
    waits = measure_waits(problem, found)
    left = found.routes[0][-1:]
    gone = {p for p in range(len(problem.part_job)) if problem.part_job[p] in problem.part_job[list(left)]}
    fewer = replace(found, routes=tuple(tuple(p for p in route if p not in gone) for route in found.routes))
    last = [route for route in found.routes if gone & set(route)]
    if all(set(route[-len(gone & set(route)) :]) == gone & set(route) for route in last):  # nobody else moves up
        assert measure_waits(problem, fewer).mean_d >= waits.mean_d - 1e-4
    assert waits.mean_d > 0


def test_nobody_who_waits_within_the_bound_is_priced(problem: Problem) -> None:
    assert wait_wishes(problem, NOBODY, 0) is None


def test_only_those_who_wait_too_long_are_priced_and_each_turn_doubles_it(problem: Problem) -> None:
    first, second = (wait_wishes(problem, FAR, turn) for turn in (0, 1))
    assert first is not None
    assert second is not None
    assert named(problem, first.wait_fen_s > 0) == "GH", "the small ones wait no longer than the bound"
    assert second.wait_fen_s == pytest.approx(2 * first.wait_fen_s)
    both = wait_wishes(problem, replace(FAR, small_d=3.0), 0)
    assert both is not None
    assert named(problem, both.wait_fen_s > 0) == "ADGH"


def test_to_leave_somebody_out_costs_as_much_as_to_let_him_wait_to_the_end(problem: Problem) -> None:
    wishes = wait_wishes(problem, FAR, 0)
    assert wishes is not None
    window_s = problem.part_close_s - problem.part_open_s
    assert wishes.keep_fen == pytest.approx(wishes.wait_fen_s * window_s)
    assert not wishes.crew_fixed.any()
    assert (wishes.promised_machine == -1).all()


def test_wishes_that_there_are_stay_and_are_added_to(problem: Problem) -> None:
    there = wait_wishes(problem, FAR, 0)
    assert there is not None
    promised = replace(there, promised_machine=there.promised_machine * 0, keep_fen=there.keep_fen * 0 + 7.0)
    more = wait_wishes(replace(problem, wishes=promised), FAR, 0)
    assert more is not None
    assert (more.promised_machine == 0).all()
    assert more.keep_fen == pytest.approx(7.0 + there.keep_fen)
