"""Fitting the interval: variance as a sum of squared features, and how many deviations hold 95 %."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nongshi.tracks.area_error import REGIMES

Floats = NDArray[np.float64]

ROUNDS = 3000
TAIL = 0.02  # and not 0.025: the fit has seen these cases, those to come it has not
CASES_MIN = 60  # fewer say nothing of a tail of one in forty
ENDS, ENDS_MIN = 1, 1.0  # open ends are uniform draws whatever the fit makes of them
UNSEEN = 1.05  # the same, for the coefficients
FLOOR = 0.3  # an interval has two sides


def calibrate(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Coefficients for `tracks.area_error` from measured cases of known truth, each class with equal weight.

    Args:
        rows: of `bench.area`: `name`, `truth_ha`, `worked_ha`, `features`, `missing_ha`, `lone_share`, `regime`.

    Returns:
        variance (in the order of MEASURES) and, for each regime, deviations below and above.
    """
    use = [row for row in rows if row["missing_ha"] <= 0 and row["lone_share"] < 0.5]
    features = np.array([row["features"] for row in use]) / np.array([row["truth_ha"] for row in use])[:, None]
    error = np.array([row["worked_ha"] / row["truth_ha"] - 1 for row in use])
    names = [row["name"] for row in use]
    regimes = np.array([row["regime"] for row in use])
    weight = np.array([1.0 / names.count(name) for name in names])
    variance = _variance(features**2, error, weight)
    variance[ENDS] = max(variance[ENDS], ENDS_MIN)
    standard = error / np.sqrt(features**2 @ variance)
    return {
        "variance": variance.tolist(),
        "reach": [_reach(standard, weight, regimes == number) for number in range(REGIMES)],
        "cases": len(use),
    }


def _variance(squares: Floats, error: Floats, weight: Floats) -> Floats:
    """Non-negative coefficients of greatest likelihood under normal errors, by multiplicative steps."""
    found = np.full(squares.shape[1], float((error**2).mean()) / squares.shape[1]) / squares.mean(axis=0)
    clipped = np.minimum(error**2, np.quantile(error**2, 0.99))  # a few wild cases are for the reach to hold
    for _ in range(ROUNDS):
        variance = squares @ found
        up = (squares * (weight * clipped / variance**2)[:, None]).sum(axis=0)
        down = (squares * (weight / variance)[:, None]).sum(axis=0)
        found = np.asarray(found * np.sqrt(up / down))
    return np.asarray(found)


def _reach(standard: Floats, weight: Floats, here: NDArray[np.bool_]) -> tuple[float, float]:
    """Deviations below and above that hold 95 % in one regime; with few cases, in all of them."""
    if here.sum() < CASES_MIN:
        here = np.ones(len(standard), dtype=bool)
    values, shares = standard[here], weight[here]
    below, above = _quantile(values, shares, 1 - TAIL), -_quantile(values, shares, TAIL)
    return max(FLOOR, UNSEEN * below), max(FLOOR, UNSEEN * above)


def _quantile(values: Floats, weight: Floats, share: float) -> float:
    order = np.argsort(values)
    held = np.cumsum(weight[order]) / weight.sum()
    return float(values[order][min(len(order) - 1, int(np.searchsorted(held, share)))])
