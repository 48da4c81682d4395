"""Scores: worked by hand, and what a perfect and a useless forecast get."""

import numpy as np
import pytest

from nongshi.forecast.scores import pinball, score


def test_pinball_by_hand() -> None:
    """10, 50, 90 % at 0, 1, 2 and 3 happened: 0.1 x 3, 0.5 x 2, 0.9 x 1, a third of the sum."""
    assert pinball(np.array([[0.0], [1.0], [2.0]]), np.array([3.0]))[0] == pytest.approx((0.3 + 1.0 + 0.9) / 3)


def test_who_knows_it_all_loses_nothing() -> None:
    actual = np.array([3.0, 8.0, 0.0])
    found = score(np.repeat(actual[None], 5, axis=0), actual, actual + 4)
    assert (found.pinball_ha, found.coverage, found.mase, found.skill) == (0.0, 1.0, 0.0, 1.0)


def test_last_year_scores_as_last_year() -> None:
    actual, before = np.array([3.0, 8.0]), np.array([5.0, 5.0])
    found = score(np.repeat(before[None], 5, axis=0), actual, before)
    assert (found.mase, found.skill, found.coverage) == (1.0, 0.0, 0.0)


def test_draws_from_the_truth_cover_four_fifths() -> None:
    rng = np.random.default_rng(1)
    found = score(rng.normal(50, 9, (400, 3_000)), rng.normal(50, 9, 3_000), np.full(3_000, 50.0))
    assert found.coverage == pytest.approx(0.8, abs=0.02)


def test_weeks_without_work_do_not_count() -> None:
    nothing = np.zeros(4)
    assert score(np.zeros((5, 4)), nothing, nothing).cells == 0
