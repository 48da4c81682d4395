"""Tidying changes who drives, never what a plan is worth."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dispatch import drawn
from tests.dispatch.engines import drawn as by_chance

from nongshi.core.plan import LicencePrice
from nongshi.core.region import Region
from nongshi.dispatch.engines import plan_edd
from nongshi.dispatch.problem import Problem, Wishes, make_problem
from nongshi.dispatch.solution import Solution, time_routes
from nongshi.dispatch.tidy import tidy_crew

MACHINES = """
machine  class    owner  km
M1       combine  O      0
M2       combine  O      0
"""
JOBS = """
job  km  ha  open     due      close    yuan
A    10  12  1T00:00  2T24:00  2T24:00  9000
B    10  12  1T00:00  2T24:00  2T24:00  9000
"""


def people(*rows: str) -> str:
    return "operator owner licences\n" + "\n".join(rows)


def mixed(seed: int) -> Region:
    """A crowded region with more people than machines, of different hours and licences."""
    rng = np.random.default_rng(seed)
    region = by_chance.tied_by_chance(seed, machines=4)
    more = tuple(
        replace(
            one,
            id=f"{one.id}{twin}",
            hours_max=float(rng.choice([5.0, 9.0, 10.0, 12.0])),
            shared=bool(rng.random() < 0.6),
        )
        for one in region.operators
        for twin in "ab"
    )
    return replace(region, operators=more)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_routes_and_times_stay_to_the_second_and_nobody_is_in_two_places(seed: int) -> None:
    problem = make_problem(mixed(seed))
    crew = drawn.random_crew(problem, np.random.default_rng(seed))
    plan = plan_edd(problem, crew)
    tidied = tidy_crew(problem, plan)
    assert tidied.routes == plan.routes
    assert time_routes(problem, tidied) == time_routes(problem, plan)
    for d in range(len(problem.dates)):
        chosen = tidied.crew[:, d]
        assert len(np.unique(chosen[chosen >= 0])) == (chosen >= 0).sum()
        assert all(o < 0 or problem.may_drive(int(o), m, d) for m, o in enumerate(chosen))
        assert (plan.crew[chosen >= 0, d] >= 0).all()


def crew_of(machines: str, operators: str, crew: list[list[int]], **more: object) -> list[list[int]]:
    """The tidied crew of machines that each work 12 h of harvest over two days."""
    problem = make_problem(drawn.region(JOBS, machines, operators))
    plan = Solution(crew=np.array(crew), routes=((0,), (1,)))
    return tidy_crew(problem, plan, **more).crew.tolist()  # type: ignore[arg-type]


def test_whoever_drove_a_machine_goes_on_driving_it() -> None:
    both = people("P1 O S:2030-01-01", "P2 O S:2030-01-01")
    crew = crew_of(MACHINES, both, [[0, 1], [1, 0]])
    assert crew[0][0] == crew[0][1]
    assert crew[1][0] == crew[1][1]


def test_own_people_go_before_lent_ones() -> None:
    three = people("P1 O S:2030-01-01", "P2 X S:2030-01-01 shared", "P3 O S:2030-01-01")
    crew = crew_of(MACHINES, three, [[0, 0], [1, 1]])
    assert sorted(row[0] for row in crew) == [0, 2]


def test_a_scarce_licence_is_kept_in_reserve_where_a_plain_one_serves() -> None:
    """P1 alone could drive headers too; the header stands idle, but the reserve is worth having."""
    three = people("P1 O S:2030-01-01;H:2030-01-01", "P2 O S:2030-01-01", "P3 O S:2030-01-01")
    machines = MACHINES + "M3 header O 0\n"
    problem = make_problem(drawn.region(JOBS, machines, three))
    plan = Solution(crew=np.array([[0, 0], [1, 1], [-1, -1]]), routes=((0,), (1,), ()))
    assert 0 not in tidy_crew(problem, plan).crew


def test_by_the_bounds_prices_the_dear_licence_is_kept_in_reserve() -> None:
    three = people("P1 O S:2030-01-01;H:2030-01-01", "P2 O S:2030-01-01", "P3 O S:2030-01-01")
    prices = [LicencePrice(licence=x, fen_h=fen_h, fen_h_by_day={}) for x, fen_h in (("H", 900.0), ("S", 10.0))]
    assert 0 not in np.array(crew_of(MACHINES, three, [[0, 0], [1, 1]], licence_prices=prices))


def test_someone_of_shorter_hours_takes_over_only_where_the_day_stays_as_it_is() -> None:
    """Own P2 drives 6 h a day. The first day is used for 10 h; on the second 2 h are left."""
    both = people("P1 X S:2030-01-01 shared", "P2 O S:2030-01-01 hours=6")
    jobs = "job km ha open due close yuan\nA 10 11 1T00:00 2T24:00 2T24:00 9000"
    problem = make_problem(drawn.region(jobs, operators=both))
    plan = Solution(crew=np.array([[0, 0]]), routes=((0,),))
    assert tidy_crew(problem, plan).crew.tolist() == [[0, 1]]


def test_machine_days_that_are_fixed_keep_their_operators() -> None:
    problem = make_problem(
        drawn.region(JOBS, MACHINES, people("P1 O S:2030-01-01", "P2 X S:2030-01-01 shared", "P3 O S:2030-01-01"))
    )
    crew = np.array([[0, 0], [1, 1]])
    fixed = replace(problem, wishes=_fixing(problem, crew >= 0))
    assert tidy_crew(fixed, Solution(crew=crew, routes=((0,), (1,)))).crew.tolist() == crew.tolist()


def _fixing(problem: Problem, machine_days: np.ndarray) -> Wishes:
    parts = len(problem.part_job)
    none, nobody = np.zeros(parts), np.full(parts, -1, np.int64)
    return Wishes(
        keep_fen=none,
        wait_fen_s=none,
        promised_machine=nobody,
        promised_start_s=none,
        promised_end_s=none,
        promised_day=nobody,
        machine_fen=0.0,
        day_fen=0.0,
        hour_fen=0.0,
        crew_fixed=machine_days,
    )


def test_days_after_the_last_stop_are_released() -> None:
    jobs = "job km ha open due close yuan\nA 10 2 1T00:00 2T24:00 2T24:00 9000"
    problem = make_problem(drawn.region(jobs))
    plan = tidy_crew(problem, Solution(crew=np.array([[0, 0]]), routes=((0,),)))
    assert plan.crew.tolist() == [[0, -1]]


@pytest.mark.parametrize("seed", range(5))
def test_tidying_twice_changes_nothing_more(seed: int) -> None:
    problem = make_problem(mixed(seed))
    once = tidy_crew(problem, plan_edd(problem, drawn.random_crew(problem, np.random.default_rng(seed))))
    assert (tidy_crew(problem, once).crew == once.crew).all()
