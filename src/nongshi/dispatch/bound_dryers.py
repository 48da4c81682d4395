"""The bound's dryers: what all the room for wet grain is worth at prices of a tonne by the day on which it ends."""

import numpy as np

from nongshi.dispatch.problem import Floats, Problem

WET_SLACK_T = 1e-3  # a checker overlooks so much waiting over a night


def price_dryers(problem: Problem, price: Floats) -> tuple[float, Floats]:
    """Worth of the most wet grain that may come, fen, at prices (d,) in fen per tonne, and its slope (d,) in them.

    Grain waiting after a day, W, obeys x[d] <= t_day[d] + W[d] - W[d - 1] and 0 <= W <= hold. So the sum of price x x
    is at most the sum of price x t_day, plus hold wherever the price falls overnight (after the last day to 0).
    Without dryers the worth is 0.
    """
    dries = np.isfinite(problem.dry_t_day)
    price, t_day = np.where(dries, price, 0.0), np.where(dries, problem.dry_t_day, 0.0)
    hold_t = problem.dry_hold_t + WET_SLACK_T
    falls = np.append(price[:-1] - price[1:], price[-1:])
    kept = np.where(falls > 0, hold_t, 0.0)
    slope = t_day + kept - np.concatenate([[0.0], kept[:-1]])[: len(kept)]
    return float(price @ t_day + kept @ falls), np.where(dries, slope, 0.0)
