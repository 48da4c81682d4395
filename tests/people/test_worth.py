"""What graduates are worth: against scenarios counted one by one, against a linear program, and coarse from above."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.people.drawn import MONDAY, course, short, trainee, training

from nongshi.people.program import Program
from nongshi.people.worth import Worth, alone_fen, make_needs, place_value_fen

HOURS = st.lists(st.integers(0, 400), min_size=1, max_size=30)


@given(hours=HOURS, idle=st.floats(0, 8), operators=st.floats(0, 9), price=st.integers(1, 20_000))
@settings(max_examples=40, deadline=None)
def test_a_need_is_the_mean_over_the_scenarios(hours: list[int], idle: float, operators: float, price: int) -> None:
    row = short(short_h=tuple(map(float, hours)), idle_machines=idle, price_fen_h=price)
    found = sum(need.value_fen(operators) for need in make_needs([row]))
    one_by_one = [price * min(h, operators * 50.0, idle * 50.0) for h in hours]
    assert found == pytest.approx(sum(one_by_one) / len(hours), rel=1e-9, abs=1e-6)


@given(hours=HOURS, most=st.integers(1, 12))
@settings(max_examples=30, deadline=None)
def test_a_coarse_need_is_nowhere_worth_less_and_the_same_at_its_top(hours: list[int], most: int) -> None:
    for need in make_needs([short(short_h=tuple(map(float, hours)))]):
        coarse = need.coarse(most)
        assert len(coarse.length) <= max(most, 1)
        for operators in np.linspace(0, 9, 40):
            assert coarse.value_fen(operators) >= need.value_fen(operators) * (1 - 1e-9)
        assert coarse.value_fen(99.0) == pytest.approx(need.value_fen(99.0))


@given(
    hours=st.tuples(HOURS, HOURS, HOURS),
    prices=st.tuples(*[st.integers(1, 9000)] * 3),
    supply=st.dictionaries(st.sampled_from(("G1", "G2", "S")), st.floats(0, 6), max_size=3),
)
@settings(max_examples=30, deadline=None)
def test_graduates_of_several_licences_are_split_as_a_linear_program_would(
    hours: tuple[list[int], ...], prices: tuple[int, ...], supply: dict[str, float]
) -> None:
    rows = [
        short(licence=name, short_h=tuple(map(float, h)), price_fen_h=price)
        for name, h, price in zip(("G1", "G2", "S"), hours, prices, strict=True)
    ]
    needs = make_needs(rows)
    program = Program()
    serves = {"G1": ["G1"], "G2": ["G1", "G2"], "S": ["S"]}
    given_ = {(name, to): program.column() for name in supply for to in serves[name]}
    for name, operators in supply.items():
        program.row({given_[name, to]: 1.0 for to in serves[name]}, high=operators)
    for need in needs:
        pieces = {
            program.column(gain=float(s), most=float(w)): 1.0 for s, w in zip(need.slope_fen, need.length, strict=True)
        }
        program.row(pieces | {c: -1.0 for (_, to), c in given_.items() if to == need.licence}, high=0.0)
    best = program.solve().value if program.gain else 0.0
    assert place_value_fen(needs, supply) == pytest.approx(best, rel=1e-6, abs=1e-3)
    if len(supply) == 1:
        ((name, operators),) = supply.items()
        assert alone_fen(needs, name, np.array([operators]))[0] == pytest.approx(best, rel=1e-6, abs=1e-3)


def test_who_comes_late_is_worth_the_days_that_are_left() -> None:
    late = trainee("P", "K", available_from=MONDAY - timedelta(days=40), available_to=MONDAY + timedelta(days=1))
    case = training([course("K")], [late])
    assert Worth(case, (short(), short(week=1))).removed_fen([("P", "K")]) == pytest.approx(50 * 10_000 * 2 / 7)


def test_priority_is_the_dearest_hours_at_home() -> None:
    case = training([course("K", licence="G2")], [trainee("P", "K"), trainee("Q", "K", town="B")])
    worth = Worth(case, (short(licence="G1"), short(licence="G2", price_fen_h=12_000), short("B", licence="G1")))
    assert worth.first_fen(worth.course["K"], worth.trainee["P"]) == 50 * 12_000
    assert worth.first_fen(worth.course["K"], worth.trainee["Q"]) == 50 * 10_000
