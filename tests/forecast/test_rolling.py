"""Seasons without foresight: they use nothing of the future, keep every row, and never beat foresight."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.forecast.small import drawn

from nongshi.forecast.backlog_model import WAIT_SHARE, build_model
from nongshi.forecast.backlog_solve import make_sides, solve_all
from nongshi.forecast.rolling import CAUTION, known_wanted, likeness, roll

SEEDS = st.integers(0, 10_000)


@settings(max_examples=12, deadline=None)
@given(seed=SEEDS)
def test_never_better_than_foresight_and_every_row_is_kept(seed: int) -> None:
    wanted, works, fleet = drawn(seed, scenarios=4)
    model = build_model(wanted, works, fleet)
    sides = make_sides(model, wanted)
    decided = roll(model, wanted, np.arange(4))
    seen = solve_all(model, sides).cost_fen(model)
    assert (decided @ (model.cost - model.wait_cost) >= seen * (1 - 2 * WAIT_SHARE) - 1.0).all()
    rows, columns, values = model.entries
    for s in range(4):
        activity = np.zeros(model.rows)
        np.add.at(activity, rows, values * decided[s, columns])
        assert (activity <= sides.upper[s] + 1e-4).all()
        assert (activity >= sides.lower[s] - 1e-4).all()


@settings(max_examples=12, deadline=None)
@given(seed=SEEDS, week=st.integers(0, 2))
def test_what_comes_later_changes_nothing_that_was_decided_before(seed: int, week: int) -> None:
    wanted, works, fleet = drawn(seed, scenarios=4)
    later = wanted.released_ha.copy()
    later[0, :, week + 1 :] *= 1.7
    other = replace(wanted, released_ha=later)
    model = build_model(wanted, works, fleet)
    first, second = (roll(model, one, np.array([0])) for one in (wanted, other))
    past = np.concatenate([table[:, : week + 1].ravel() for table in (model.late, model.given_up, model.waiting)])
    past = past[past >= 0]
    assert first[0, past] == pytest.approx(second[0, past], abs=1e-6)


def test_the_future_of_a_scenario_is_the_mean_of_the_others_and_somewhat_worse() -> None:
    wanted, _, _ = drawn(5, scenarios=3)
    seen = known_wanted(wanted, np.array([1]), 1)
    share = likeness(wanted.released_ha, np.array([1]), 1)
    assert share[0, 1] == 0
    assert share.sum() == pytest.approx(1.0)
    assert np.array_equal(seen.released_ha[0, :, :2], wanted.released_ha[1, :, :2])
    first, third = wanted.released_ha[0], wanted.released_ha[2]
    mean = share[0, 0] * first + share[0, 2] * third
    spread = np.sqrt(share[0, 0] * (first - mean) ** 2 + share[0, 2] * (third - mean) ** 2)
    assert seen.released_ha[0, :, 2:] == pytest.approx((mean + CAUTION * spread)[:, 2:])
    assert (seen.operation_h[0, 2:] <= wanted.operation_h[[0, 2], 2:].max(axis=0) + 1e-9).all()
