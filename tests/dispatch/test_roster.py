from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dispatch import drawn

from nongshi.dispatch.problem import Problem, make_problem
from nongshi.dispatch.roster import SAME_TIE, SHARED_TIE, make_roster
from nongshi.verify import tiny_region

TWO_MACHINES = """
machine  class     owner  km
M1       combine   O      0
M2       header    O      0
"""


def roster(problem: Problem, price: list[list[float]]) -> list[list[str]]:
    """Operators by name, a row for each machine; `-`: none."""
    names = [operator.id for operator in problem.region.operators]
    crew = make_roster(problem, np.array(price, float))
    return [[names[o] if o >= 0 else "-" for o in row] for row in crew]


def people(*rows: str) -> str:
    return "operator owner licences\n" + "\n".join(rows)


@pytest.mark.parametrize(
    ("price", "crew"),
    [
        ([[10, 10], [90, 90]], [["-", "-"], ["P1", "P1"]]),
        ([[10, 90], [90, 10]], [["-", "P1"], ["P1", "-"]]),
    ],
)
def test_a_scarce_licence_goes_to_the_machine_day_worth_more(price, crew) -> None:
    problem = make_problem(drawn.region(machines=TWO_MACHINES, operators=people("P1 O S:2030-01-01;H:2030-01-01")))
    assert roster(problem, price) == crew


def test_who_can_do_both_leaves_the_worse_machine_to_who_can_do_only_that() -> None:
    operators = people("both O S:2030-01-01;H:2030-01-01", "combines O S:2030-01-01")
    problem = make_problem(drawn.region(machines=TWO_MACHINES, operators=operators))
    assert roster(problem, [[90, 90], [10, 10]]) == [["combines"] * 2, ["both"] * 2]


def test_a_longer_shift_goes_to_the_machine_worth_more() -> None:
    machines = """
    machine  class    owner  km
    M1       combine  O      0
    M2       combine  O      0
    """
    operators = people("short O S:2030-01-01 hours=4", "long O S:2030-01-01 hours=10")
    problem = make_problem(drawn.region(machines=machines, operators=operators))
    assert roster(problem, [[10, 90], [90, 10]]) == [["short", "long"], ["long", "short"]]


@pytest.mark.parametrize("order", [1, -1])
def test_an_own_operator_goes_before_a_shared_one_of_equal_worth(order: int) -> None:
    operators = people(*("own O S:2030-01-01", "guest X S:2030-01-01 shared")[::order])
    problem = make_problem(drawn.region(operators=operators))
    assert roster(problem, [[50, 50]]) == [["own", "own"]]


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("first", ["P1", "P2"])
def test_who_drove_a_machine_yesterday_drives_it_today_at_equal_worth(order: int, first: str) -> None:
    """On the first day only one of them is there; on the second both are."""
    rows = [f"{o} O S:2030-01-01 {'' if o == first else 'off=1'}" for o in ("P1", "P2")]
    problem = make_problem(drawn.region(operators=people(*rows[::order])))
    assert roster(problem, [[50, 50]]) == [[first, first]]


def test_a_day_worth_nothing_is_crewed_all_the_same() -> None:
    """Prices may be zero where work is scarce; a machine that stands ready costs nothing."""
    assert roster(make_problem(drawn.region()), [[0, 0]]) == [["P1", "P1"]]


def test_without_prices_long_days_count_more() -> None:
    workdays = """
    day  class    start  end
    1    *        08:00  18:00
    1    combine  12:00  15:00
    2    *        08:00  18:00
    2    header   12:00  15:00
    """
    operators = people("P1 O S:2030-01-01;H:2030-01-01")
    problem = make_problem(drawn.region(machines=TWO_MACHINES, operators=operators, workdays=workdays))
    assert make_roster(problem).tolist() == [[-1, 0], [0, -1]]


def test_nobody_means_no_crew() -> None:
    problem = make_problem(replace(drawn.region(), operators=()))
    assert make_roster(problem).tolist() == [[-1, -1]]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), prices=st.lists(st.floats(0, 1e6), min_size=6, max_size=6))
def test_rosters_keep_the_crew_rules_and_are_worth_as_much_as_any(seed: int, prices: list[float]) -> None:
    """Every way to crew every day is tried; ties may cost as much as they count and no more."""
    problem = make_problem(tiny_region(seed))
    machines, days = problem.day_start_s.shape
    price = np.resize(np.array(prices), (machines, days))
    crew = make_roster(problem, price)

    for d in range(days):
        worth = day_worth(problem, price[:, d], d)
        operators = range(-1, len(problem.operator_owner))
        sums = {
            pick: sum(worth[o][m] for m, o in enumerate(pick) if o >= 0)
            for pick in product(operators, repeat=machines)
            if all(pick.count(o) <= 1 for o in pick if o >= 0)
            and all(o < 0 or problem.may_drive(o, m, d) for m, o in enumerate(pick))
        }
        chosen = tuple(crew[:, d].tolist())
        assert chosen in sums, "a crew that the rules do not allow"
        assert sums[chosen] >= max(sums.values()) * (1 - SHARED_TIE - SAME_TIE) - 1e-9


def day_worth(problem: Problem, price: np.ndarray, d: int) -> list[list[float]]:
    """Price of each machine's day times the share of its hours that each operator can make."""
    start_s, end_s = problem.day_start_s[:, d], problem.day_end_s[:, d]
    rows = []
    for hours_s in problem.operator_hours_s:
        until_s = np.minimum(end_s, problem.shift_start_s[:, d] + hours_s)
        rows.append((price * np.maximum(until_s - start_s, 0) / np.maximum(end_s - start_s, 1)).tolist())
    return rows
