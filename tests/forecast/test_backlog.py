"""The backlog program against cases worked by hand, against another program, and against laws."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.forecast.small import batches_cost, drawn, one_town

from nongshi.core.errors import BadInput
from nongshi.forecast.arrays import Fleet, Wanted, Works, due_share, in_window_ha
from nongshi.forecast.backlog_model import WAIT_SHARE, build_model
from nongshi.forecast.backlog_parts import tied_sets
from nongshi.forecast.backlog_solve import Program, Solved, make_sides, solve_all

SEEDS = st.integers(0, 10_000)


def solve(wanted: Wanted, works: Works, fleet: Fleet) -> tuple[float, Solved]:
    model = build_model(wanted, works, fleet)
    solved = solve_all(model, make_sides(model, wanted))
    return float(solved.cost_fen(model).mean()), solved


def test_what_fits_costs_nothing() -> None:
    assert solve(*one_town([10.0, 10.0, 0.0]))[0] == pytest.approx(0.0, abs=1e-6)


def test_late_work_costs_its_delay_by_hand() -> None:
    """30 ha in week 0, 10 ha a week, due in week 1: 10 ha are late at the end of week 1, for 7 days at 100 fen."""
    assert solve(*one_town([30.0, 0.0, 0.0]))[0] == pytest.approx(10 * 7 * 100)


def test_two_weeks_late_is_counted_twice_by_hand() -> None:
    """40 ha: 20 late at the end of week 1, 10 at the end of week 2."""
    assert solve(*one_town([40.0, 0.0, 0.0, 0.0, 0.0]))[0] == pytest.approx((20 + 10) * 7 * 100)


def test_giving_up_is_never_dearer_than_waiting() -> None:
    """A hectare worth 500 fen is given up rather than late for a week at 700."""
    assert solve(*one_town([30.0, 0.0, 0.0], value_fen_ha=500.0))[0] == pytest.approx(10 * 500)


def test_work_not_yet_due_at_the_end_costs_nothing() -> None:
    assert solve(*one_town([0.0, 0.0, 30.0]))[0] == pytest.approx(0.0, abs=1e-6)


def test_operators_limit_apart_from_machines() -> None:
    """Two machines and one operator do what one machine does; the price is the operator's alone."""
    wanted, works, fleet = one_town([30.0, 0.0, 0.0], machines=2.0, operators=1.0)
    model = build_model(wanted, works, fleet)
    solved = solve_all(model, make_sides(model, wanted))
    assert solved.cost_fen(model)[0] == pytest.approx(10 * 7 * 100)
    assert solved.price[0, model.machine[0, 0, 0]] == pytest.approx(0.0, abs=1e-6)
    assert solved.price[0, model.operator[0].row] == pytest.approx(700.0, rel=2 * WAIT_SHARE)


def test_dryers_limit_the_harvest_by_hand() -> None:
    """5 t a hectare and 5 t a day: 7 ha a week; 5 t may wait, which is a hectare more of week 0. Machines would do 30.

    After 8 ha 22 wait, after 15 ha 15 are late for a week, after 22 ha 8 for a week and the two after the season.
    """
    cost, _ = solve(*one_town([30.0, 0.0, 0.0], machines=3.0, dryer_t_d=np.full(3, 5.0), hold_t=5.0))
    assert cost == pytest.approx(15 * 7 * 100 + 8 * (7 + 14) * 100)


def test_machines_from_outside_come_while_they_are_cheaper_than_being_late() -> None:
    """A hired hour does a hectare for 300 fen, which is late otherwise for 700; four hours a week can be hired."""
    hire = {"hire_machines": np.array([0.4]), "hire_fen_h": np.array([300.0])}
    cost, _ = solve(*one_town([30.0, 0.0, 0.0], **hire))
    assert cost == pytest.approx(8 * 300 + 2 * 700)


@pytest.mark.parametrize("seed", range(12))
def test_the_same_cost_as_another_program_of_batches_and_flows(seed: int) -> None:
    """With every operation's hours alike in a week, so that classes with nothing to do count the same hours."""
    wanted, works, fleet = drawn(seed, whole_hours=True)
    model = build_model(wanted, works, fleet)
    found = solve_all(model, make_sides(model, wanted)).cost_fen(model)
    for s in range(len(found)):
        expected = batches_cost(wanted, works, fleet, s)
        assert found[s] == pytest.approx(expected, rel=2 * WAIT_SHARE, abs=1.0)
        assert found[s] >= expected * (1 - 1e-7) - 1e-3  # the nudge can only cost


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, kind=st.integers(0, 2), pool=st.integers(0, 1))
def test_one_more_machine_never_costs(seed: int, kind: int, pool: int) -> None:
    wanted, works, fleet = drawn(seed)
    more = fleet.machines.copy()
    more[pool, :, kind] += 1
    before, after = solve(wanted, works, fleet)[0], solve(wanted, works, replace(fleet, machines=more))[0]
    assert after <= before * (1 + WAIT_SHARE) + 1.0


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, crew=st.integers(0, 7))
def test_one_more_operator_never_costs(seed: int, crew: int) -> None:
    wanted, works, fleet = drawn(seed)
    crews = [replace(one, count=one.count + (n == crew)) for n, one in enumerate(fleet.crews)]
    before, after = solve(wanted, works, fleet)[0], solve(wanted, works, replace(fleet, crews=tuple(crews)))[0]
    assert after <= before * (1 + WAIT_SHARE) + 1.0


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_staying_at_home_is_never_better_than_helping_neighbours(seed: int) -> None:
    wanted, works, fleet = drawn(seed)
    alone = replace(fleet, work_share=fleet.work_share * np.eye(2))
    assert solve(wanted, works, fleet)[0] <= solve(wanted, works, alone)[0] * (1 + WAIT_SHARE) + 1.0


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_every_row_and_bound_is_kept(seed: int) -> None:
    wanted, works, fleet = drawn(seed)
    model = build_model(wanted, works, fleet)
    sides = make_sides(model, wanted)
    solved = solve_all(model, sides)
    rows, columns, values = model.entries
    activity = np.zeros_like(solved.activity)
    for s in range(len(activity)):
        np.add.at(activity[s], rows, values * solved.value[s, columns])
    assert (activity <= sides.upper + 1e-5).all()
    assert (activity >= sides.lower - 1e-5).all()
    assert (solved.value >= -1e-7).all()
    assert (solved.value <= sides.most + 1e-6).all()


def test_no_work_no_cost() -> None:
    wanted, works, fleet = drawn(3)
    nothing = replace(wanted, released_ha=np.zeros_like(wanted.released_ha))
    cost, solved = solve(nothing, works, fleet)
    assert cost == 0
    assert not solved.price.any()


def test_licences_that_nobody_joins_need_no_row_together() -> None:
    assert tied_sets(frozenset({1, 2}), [frozenset({1}), frozenset({2})]) == [(1,), (2,)]
    assert tied_sets(frozenset({0, 1, 2}), [frozenset({1, 2})]) == [(1,), (2,), (1, 2), (0, 1, 2)]


@given(window_d=st.floats(0, 60), lengths=st.lists(st.floats(1, 9), min_size=1, max_size=8))
def test_all_work_falls_due_once(window_d: float, lengths: list[float]) -> None:
    share = due_share(np.array(lengths), window_d)
    assert (share >= 0).all()
    assert share.sum(axis=1) == pytest.approx(np.ones(len(lengths)))


@given(seed=SEEDS, window_d=st.floats(0, 40))
def test_what_is_in_its_window_was_released_within_it(seed: int, window_d: float) -> None:
    released = np.random.default_rng(seed).uniform(0, 9, (2, 6, 1))
    waiting = in_window_ha(released, np.full(6, 7.0), np.array([window_d]))
    assert (waiting >= 0).all()
    assert (waiting <= released.cumsum(axis=1) + 1e-9).all()
    if window_d == 0:  # work released evenly over a week is due as it is released
        assert waiting == pytest.approx(np.zeros_like(waiting), abs=1e-9)


def test_arrays_of_different_seasons_are_refused() -> None:
    wanted, _, _ = one_town([1.0, 2.0])
    with pytest.raises(BadInput, match="do not fit"):
        replace(wanted, operation_h=np.ones((1, 3, 1)))


def test_what_was_solved_before_changes_no_cost_and_each_is_told_its_own_sides() -> None:
    """Only what differs from the last time is told to HiGHS; going to and fro must find the same optima."""
    wanted, works, fleet = one_town([30.0, 0.0, 0.0])
    model = build_model(wanted, works, fleet)
    sides, program = make_sides(model, wanted), Program(model)
    least, costs = np.zeros(model.columns), []
    for hours in (1.0, 0.5, 1.0, 2.0, 1.0):
        upper = sides.upper[0].copy()
        upper[model.machine[model.machine >= 0]] *= hours
        value = program.solve(sides.lower[0], upper, least, sides.most[0])
        costs.append(float(value @ (model.cost - model.wait_cost)))
    assert costs[0] == pytest.approx(10 * 7 * 100)
    assert costs[2] == costs[4] == pytest.approx(costs[0])
    assert costs[1] > costs[0] > costs[3]
