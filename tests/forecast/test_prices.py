"""Prices are what one more unit really saves, ties between machines and operators included."""

import numpy as np
import pytest
from tests.forecast.small import drawn, one_town

from nongshi.forecast.backlog_model import WAIT_SHARE, build_model
from nongshi.forecast.backlog_solve import Program, make_sides
from nongshi.forecast.prices import machine_unit, make_prices, operator_rows, saved_fen

STEP = 0.05  # hours: small, so that the price does not change on the way


def test_a_machine_without_an_operator_is_worth_nothing_and_the_other_way_round() -> None:
    """One combine, one operator: one more of either alone does no more work."""
    wanted, works, fleet = one_town([30.0, 0.0, 0.0], machines=1.0, operators=1.0)
    model = build_model(wanted, works, fleet)
    prices = make_prices(model, wanted, make_sides(model, wanted), np.array([0]))
    assert not prices.machine_fen_h.any()
    assert not prices.operator_fen_h.any()


def test_the_price_of_the_scarce_one_by_hand() -> None:
    """Ten hectares are a week late at 100 fen a day; an hour does a hectare, in week 0 as in week 1."""
    wanted, works, fleet = one_town([30.0, 0.0, 0.0], machines=1.0, operators=5.0)
    model = build_model(wanted, works, fleet)
    prices = make_prices(model, wanted, make_sides(model, wanted), np.array([0]))
    assert prices.machine_fen_h[0, 0, :2, 0] == pytest.approx([700, 700], rel=5 * WAIT_SHARE)
    assert prices.machine_fen_h[0, 0, 2, 0] == pytest.approx(0, abs=1.0)


def test_a_dryer_is_worth_what_its_tonnes_are() -> None:
    wanted, works, fleet = one_town([30.0, 0.0, 0.0], machines=9.0, dryer_t_d=np.array([15.0, 15.0, 60.0]))
    model = build_model(wanted, works, fleet)
    prices = make_prices(model, wanted, make_sides(model, wanted), np.array([0]))
    assert prices.dryer_fen_t.max() < 1  # 21 ha a week, all in time: the nudge to be early alone
    wanted, works, fleet = one_town([50.0, 0.0, 0.0], machines=9.0, dryer_t_d=np.array([15.0, 15.0, 60.0]))
    prices = make_prices(model, wanted, make_sides(model, wanted), np.array([0]))
    assert prices.dryer_fen_t[0, :2] == pytest.approx([700 / 5, 700 / 5], rel=5 * WAIT_SHARE)


@pytest.mark.parametrize("seed", range(6))
def test_prices_are_what_a_little_more_saves(seed: int) -> None:
    wanted, works, fleet = drawn(seed)
    model = build_model(wanted, works, fleet)
    sides, program = make_sides(model, wanted), Program(model)
    prices = make_prices(model, wanted, sides, np.array([0]), program=program)
    units, expected = [], []
    for q, t, k in zip(*np.nonzero(model.machine >= 0), strict=True):
        units.append(machine_unit(model, wanted, 0, q, t, k))
        expected.append(prices.machine_fen_h[0, fleet.pool_town[q], t, k])
    for (q, t, one), rows in operator_rows(model).items():
        units.append((rows, np.ones(len(rows))))
        expected.append(prices.operator_fen_h[0, fleet.pool_town[q], t, one])
    saved = saved_fen(program, sides, 0, [(rows, STEP * amounts) for rows, amounts in units]) / STEP
    assert np.array(expected).any()
    assert (saved <= np.array(expected) * 1.01 + 20.0).all()  # the law: what is saved falls with every unit
    near = np.isclose(saved, expected, rtol=0.05, atol=20.0)
    assert near.mean() >= 0.95  # the rest turns within the step; commands solve the dearest cells again
