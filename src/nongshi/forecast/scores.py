"""How good a forecast was: pinball loss, coverage, and whether it beats last year's same week."""

from dataclasses import dataclass

import numpy as np

from nongshi.forecast.arrays import Floats

LEVELS = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Over all cells in which anything was forecast or happened."""

    cells: int
    pinball_ha: float  # mean of the three levels, per cell
    coverage: float  # share of cells inside the 10 to 90 % interval
    mase: float  # mean absolute error of the median over that of last year's same week
    skill: float  # 1 - pinball over that of last year's same week

    def as_dict(self) -> dict[str, float]:
        """Plain values."""
        return {
            "cells": self.cells,
            "pinball_ha": self.pinball_ha,
            "coverage_80": self.coverage,
            "mase": self.mase,
            "skill": self.skill,
        }


def quantiles(scenarios: Floats) -> Floats:
    """(3, ...) the 10, 50 and 90 % of the first axis."""
    return np.asarray(np.quantile(scenarios, LEVELS, axis=0))


def pinball(found: Floats, actual: Floats) -> Floats:
    """(...) mean pinball loss of the three quantiles (3, ...): each side weighed by its level.

    >>> pinball(np.array([[0.0], [1.0], [2.0]]), np.array([3.0])).round(3).tolist()
    [0.733]
    """
    losses = [np.maximum(p * (actual - q), (p - 1) * (actual - q)) for p, q in zip(LEVELS, found, strict=True)]
    return np.asarray(np.mean(losses, axis=0))


def score(scenarios: Floats, actual: Floats, last_year: Floats, *, least_ha: float = 1.0) -> Score:
    """Score scenarios (s, ...) against what happened (...) and what happened a year before (...).

    Cells in which none of the forecast's upper end, this year and last year reaches `least_ha` are left out: they are
    weeks without work, which everybody forecasts.
    """
    found = quantiles(scenarios)
    kept = np.maximum(np.maximum(found[2], actual), last_year) >= least_ha
    low, middle, high = found[:, kept]
    actual, last_year = actual[kept], last_year[kept]
    if not len(actual):
        return Score(cells=0, pinball_ha=0.0, coverage=0.0, mase=0.0, skill=0.0)
    ours = pinball(found[:, kept], actual).mean()
    theirs = pinball(np.stack([last_year] * 3), actual).mean()
    naive = max(float(np.abs(actual - last_year).mean()), 1e-9)
    return Score(
        cells=len(actual),
        pinball_ha=float(ours),
        coverage=float(((actual >= low) & (actual <= high)).mean()),
        mase=float(np.abs(actual - middle).mean() / naive),
        skill=float(1 - ours / max(float(theirs), 1e-9)),
    )
