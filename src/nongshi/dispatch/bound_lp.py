"""Starting prices for the bound: a linear program over days (HiGHS) whose duals price hours and dryers of each day.

Parts of like window and worth are one group, operators of like classes and hours are one crew. The program is a
model of the bound, not the bound: its prices are good for a start and any prices are valid (docs/bound.md).
"""

import numpy as np

from nongshi.dispatch.bound_chains import order_jobs
from nongshi.dispatch.bound_grid import Grid
from nongshi.dispatch.bound_links import Links
from nongshi.dispatch.bound_lp_rows import Works, solve_days
from nongshi.dispatch.bound_moves import Modes
from nongshi.dispatch.problem import Floats, Ints, Problem

WORTH_STEPS = 6  # assumption: groups of worth per hour within one window


def start_prices(problem: Problem, grid: Grid, modes: Modes, links: Links) -> tuple[Floats, Floats, Floats]:
    """Duals of each class's hours by day, of the dryers by day, and of the order of jobs.

    Returns:
        (c, d) fen per machine-second, (d,) fen per wet tonne, (l, d) fen per link as in Links; 0 where there are none.
    """
    if not len(problem.part_job) or not grid.len_s.any():
        return np.zeros(grid.len_s.shape), np.zeros(len(problem.dates)), np.zeros(links.by_day.shape)
    move_s, move_fen = _least_moves(problem, modes)
    member, count = _group_parts(problem, move_s)
    works = _columns(problem, grid, move_s, move_fen, member, count)
    return solve_days(problem, grid, links, member, count, works)


def _least_moves(problem: Problem, modes: Modes) -> tuple[Floats, Floats]:
    """(c, p) least seconds and fen of coming to a part; inf where its class cannot do it at all."""
    shape = problem.work_s.shape
    part = np.repeat(np.arange(shape[1]), np.diff(modes.first))
    move_s, move_fen = np.full(shape, np.inf), np.full(shape, np.inf)
    np.minimum.at(move_s, (modes.machine_class, part), modes.move_s)
    np.minimum.at(move_fen, (modes.machine_class, part), modes.move_fen)
    return move_s, move_fen


def _group_parts(problem: Problem, move_s: Floats) -> tuple[Ints, Floats]:
    """(p,) group of each part, and how many parts each group has; -1 for parts that nobody can do."""
    able = np.isfinite(move_s)
    work_s = np.where(able, problem.work_s, np.inf).min(axis=0)
    density = problem.part_value_fen / np.where(np.isfinite(work_s), work_s, 1.0)
    usable = np.asarray(able.any(axis=0), bool)
    cuts = np.quantile(density[usable], np.linspace(0, 1, WORTH_STEPS + 1)[1:-1]) if usable.any() else np.zeros(0)
    kinds: dict[tuple[object, ...], int] = {}
    kind = np.full(len(usable), -1)
    for p in np.flatnonzero(usable):
        key = (
            able[:, p].tobytes(),
            int(problem.part_open_s[p] // 43_200),
            int(problem.part_due_s[p] // 43_200),
            int(problem.part_close_s[p] // 43_200),
            int(problem.part_curve[p]),
            int(np.searchsorted(cuts, density[p])),
            bool(problem.part_wet_t[p] > 0),
        )
        kind[p] = kinds.setdefault(key, len(kinds))
    member = np.where(usable, _group_jobs(problem, kind[problem.job_first])[problem.part_job], -1)
    named, member[usable] = np.unique(member[usable], return_inverse=True)
    return member, np.bincount(member[usable], minlength=len(named)).astype(float)


def _group_jobs(problem: Problem, kind: Ints) -> Ints:
    """(j,) group of each job: of like kind (j,), and at the like place in like chains where jobs wait for others."""
    order = order_jobs(problem)
    followers: dict[int, list[int]] = {}
    ids: dict[tuple[object, ...], int] = {}
    below, place = np.zeros(len(kind), np.int64), np.zeros(len(kind), np.int64)
    for j in reversed(order):
        mine = followers.get(j, [])
        mine.sort(key=lambda f: int(below[f]))
        chained = problem.job_after[j] >= 0 or bool(mine)
        key = (int(kind[j]), int(problem.job_parts[j]) if chained else 0, tuple(int(below[f]) for f in mine))
        below[j] = ids.setdefault(("below", *key), len(ids))
        if problem.job_after[j] >= 0:
            followers.setdefault(int(problem.job_after[j]), []).append(j)
    for j in order:
        before = problem.job_after[j]
        where = (-1, 0) if before < 0 else (int(place[before]), followers[int(before)].index(j))
        place[j] = ids.setdefault(("place", *where, int(below[j])), len(ids))
    return place


def _columns(problem: Problem, grid: Grid, move_s: Floats, move_fen: Floats, member: Ints, count: Floats) -> Works:
    """Serving one mean part of a group on a day by a class."""
    used = member >= 0

    def mean(values: Floats) -> Floats:
        return np.asarray(np.bincount(member[used], weights=values[used], minlength=len(count)) / count)

    value, opens, due, closes = (
        mean(v) for v in (problem.part_value_fen, problem.part_open_s, problem.part_due_s, problem.part_close_s)
    )
    curve = np.zeros(len(count), np.int64)
    curve[member[used]] = problem.part_curve[used]
    found: list[list[Floats]] = [[] for _ in range(5)]
    for c in range(len(problem.class_ids)):
        doable = mean(np.isfinite(move_s[c]).astype(float)) > 0
        work_s = mean(np.where(np.isfinite(move_s[c]), problem.work_s[c], 0.0))
        need_s = work_s + mean(np.where(np.isfinite(move_s[c]), move_s[c], 0.0))
        cost = work_s * problem.class_fen_s[c] + mean(np.where(np.isfinite(move_fen[c]), move_fen[c], 0.0))
        for d in np.flatnonzero(grid.len_s[c] > 0):
            low_s, high_s = grid.start_s[c, d], grid.start_s[c, d] + grid.len_s[c, d]
            mine = np.flatnonzero(doable & (opens < high_s) & (closes > low_s))
            ends_s = np.maximum(opens[mine] + work_s[mine], 0.5 * (low_s + high_s))
            fen = value[mine] * (1.0 - _lost(problem, curve[mine], ends_s - due[mine])) - cost[mine]
            for column, values in zip(
                found, (fen, np.full(len(mine), c), np.full(len(mine), d), mine, need_s[mine]), strict=True
            ):
                column.append(np.asarray(values, float))
    fen, class_of, day_of, group_of, need_s = (np.concatenate(c) if c else np.zeros(0) for c in found)
    return Works(
        fen=fen,
        class_of=class_of.astype(np.int64),
        day_of=day_of.astype(np.int64),
        group_of=group_of.astype(np.int64),
        need_s=need_s,
    )


def _lost(problem: Problem, curve: Ints, late_s: Floats) -> Floats:
    beyond_s = late_s[:, None] - problem.curve_late_s[curve]
    known = beyond_s > 0.0  # padded knots lie at infinity
    rising = problem.curve_share[curve] + problem.curve_slope[curve] * np.where(known, beyond_s, 0.0)
    return np.asarray(np.minimum(1.0, np.where(known, rising, 0.0).max(axis=1, initial=0.0)))
