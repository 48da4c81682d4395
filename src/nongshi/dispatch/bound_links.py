"""The bound's links: a job that ends by a day had the job before it ended by some day. Prices on that tie the two.

For a link and a day d: the share of the follower's parts ended by d is at most the share of the parts of the job before
ended by day g(d), the last on which they can end if the follower is to end by d. Both are 0 where not served.
"""

from dataclasses import dataclass

import numpy as np

from nongshi.dispatch.bound_grid import SLACK_S, Grid
from nongshi.dispatch.bound_items import Items
from nongshi.dispatch.problem import Bools, Floats, Ints, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """l links, d days."""

    before: Ints  # (l,) job that must have ended
    after: Ints  # (l,) job that follows it
    by_day: Ints  # (l, d) g(d); -1: no price
    binds: Bools  # (l, d) where there can be a price: the follower can end by d, the job before can end after g(d)

    def day_fen(self, items: Items, price: Floats) -> Floats:
        """(q, d) what ending an item on a day costs at prices (l, d): its own links' prices less its followers'."""
        price = np.where(self.binds, price, 0.0)
        cost = np.zeros((len(items.job_whole), price.shape[1]))
        cost[self.after] = price[:, ::-1].cumsum(axis=1)[:, ::-1]
        gain = np.zeros_like(cost)
        link, day = np.nonzero(price)
        np.add.at(gain, (self.before[link], self.by_day[link, day]), price[link, day])
        cost -= gain[:, ::-1].cumsum(axis=1)[:, ::-1]
        return np.asarray(cost[items.job] * items.share[:, None])

    def slope(self, items: Items, served: Bools, last_day: Ints) -> Floats:
        """(l, d) share of the job before ended by g(d) less share of the follower ended by d."""
        ended = np.zeros((len(items.job_whole), self.by_day.shape[1]))
        np.add.at(ended, (items.job[served], last_day[served]), items.share[served])
        ended = ended.cumsum(axis=1)
        return np.where(self.binds, ended[self.before[:, None], self.by_day] - ended[self.after], 0.0)


def make_links(problem: Problem, grid: Grid) -> Links:
    """One link for every job that waits for another."""
    days = len(problem.dates)
    after = np.flatnonzero(problem.job_after >= 0)
    before = problem.job_after[after]
    head = problem.job_first[after]
    latest_s = np.full((len(after), days), -np.inf)
    for c in range(len(problem.class_ids)):
        if (grid.len_s[c] > 0).any():
            starts_s = _latest_starts(problem, grid, c, head)
            latest_s = np.maximum(latest_s, starts_s - problem.job_after_s[after, None])
    by_day = np.searchsorted(problem.midnight_s[:-1], latest_s + SLACK_S, side="right") - 1
    last_s = problem.part_close_s[problem.job_first[before]]
    last_day = np.searchsorted(problem.midnight_s[:-1], last_s, side="left") - 1
    return Links(before=before, after=after, by_day=by_day, binds=(by_day >= 0) & (by_day < last_day[:, None]))


def _latest_starts(problem: Problem, grid: Grid, c: int, parts: Ints) -> Floats:
    """(l, d) latest moment at which a class can begin a part that it ends by the end of a day; -inf where it cannot."""
    start_s, end_s = grid.open_intervals(c)
    before_s = np.concatenate([[0.0], np.cumsum(end_s - start_s)[:-1]])
    by_s = np.minimum(problem.midnight_s[None, 1:], problem.part_close_s[parts, None])
    left_s = grid.worked_s(c, by_s.ravel()).reshape(by_s.shape) - problem.work_s[c, parts, None]
    day = np.clip(np.searchsorted(before_s, left_s + SLACK_S, side="right") - 1, 0, len(start_s) - 1)
    return np.where(left_s >= -SLACK_S, start_s[day] + left_s - before_s[day], -np.inf)
