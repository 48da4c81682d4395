"""Starting prices for the bound: a linear program over days (HiGHS) whose duals price a class's hours of each day.

Parts of like window and worth are one group, operators of like classes and hours are one crew. The program is a
model of the bound, not the bound: its prices are good for a start and any prices are valid (docs/bound.md).
"""

from collections.abc import Sequence

import highspy
import numpy as np

from nongshi.dispatch.bound_grid import Grid
from nongshi.dispatch.bound_moves import Modes
from nongshi.dispatch.linear import solve_linear
from nongshi.dispatch.problem import Floats, Ints, Problem

WORTH_STEPS = 6  # assumption: groups of worth per hour within one window


def start_prices(problem: Problem, grid: Grid, modes: Modes) -> Floats:
    """(c, d) fen per machine-second, the duals of the hours of each class on each day; 0 where there are none."""
    if not len(problem.part_job) or not grid.len_s.any():
        return np.zeros(grid.len_s.shape)
    move_s, move_fen = _least_moves(problem, modes)
    member, count = _group_parts(problem, move_s)
    fen, class_of, day_of, group_of, need_s = _columns(problem, grid, move_s, move_fen, member, count)
    crews = _crews(problem, grid)
    return _solve(grid, count, (fen, class_of, day_of, group_of, need_s), crews)


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
    member = np.full(len(usable), -1)
    for p in np.flatnonzero(usable):
        key = (
            able[:, p].tobytes(),
            int(problem.part_open_s[p] // 43_200),
            int(problem.part_due_s[p] // 43_200),
            int(problem.part_close_s[p] // 43_200),
            int(problem.part_curve[p]),
            int(np.searchsorted(cuts, density[p])),
        )
        member[p] = kinds.setdefault(key, len(kinds))
    return member, np.bincount(member[usable], minlength=len(kinds)).astype(float)


def _columns(
    problem: Problem, grid: Grid, move_s: Floats, move_fen: Floats, member: Ints, count: Floats
) -> tuple[Floats, Ints, Ints, Ints, Floats]:
    """Worth, class, day, group and seconds of serving one mean part of a group on a day by a class."""
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
    return fen, class_of.astype(np.int64), day_of.astype(np.int64), group_of.astype(np.int64), need_s


def _lost(problem: Problem, curve: Ints, late_s: Floats) -> Floats:
    beyond_s = late_s[:, None] - problem.curve_late_s[curve]
    known = beyond_s > 0.0  # padded knots lie at infinity
    rising = problem.curve_share[curve] + problem.curve_slope[curve] * np.where(known, beyond_s, 0.0)
    return np.asarray(np.minimum(1.0, np.where(known, rising, 0.0).max(axis=1, initial=0.0)))


def _crews(problem: Problem, grid: Grid) -> list[tuple[int, float, list[tuple[int, float]]]]:
    """Per day: how many operators of a kind, and the classes and seconds that each could drive."""
    crews = []
    for d, allowed in enumerate(grid.allowed):
        kinds: dict[tuple[tuple[int, float], ...], int] = {}
        for o in range(len(allowed)):
            classes = np.unique(problem.machine_class[allowed[o] > 0])
            hours = tuple((int(c), float(min(grid.len_s[c, d], problem.operator_hours_s[o]))) for c in classes)
            if hours:
                kinds[hours] = kinds.get(hours, 0) + 1
        crews += [(d, float(n), list(hours)) for hours, n in kinds.items()]
    return crews


def _solve(
    grid: Grid,
    count: Floats,
    columns: tuple[Floats, Ints, Ints, Ints, Floats],
    crews: Sequence[tuple[int, float, list[tuple[int, float]]]],
) -> Floats:
    """Duals of the class-day hours. Rows: groups, class-days' hours, class-days' machines, crews."""
    fen, class_of, day_of, group_of, need_s = columns
    classes, days = grid.len_s.shape
    groups, cells = len(count), classes * days
    machines = np.zeros(cells)
    drive = [(g, d, c, s) for g, (d, _, hours) in enumerate(crews) for c, s in hours]
    for _, d, c, _ in drive:
        machines[c * days + d] = grid.machines[c, d]
    cell_of = class_of * days + day_of
    drive_cell = np.array([c * days + d for _, d, c, _ in drive], np.int64)
    crew_of = np.array([g for g, _, _, _ in drive], np.int64)
    hours = np.array([s for _, _, _, s in drive], float)
    work_index = np.stack([group_of, groups + cell_of], axis=1).ravel()
    work_value = np.stack([np.ones(len(fen)), need_s], axis=1).ravel()
    drive_index = np.stack([groups + drive_cell, groups + cells + drive_cell, groups + 2 * cells + crew_of], axis=1)
    drive_value = np.stack([-hours, np.ones(len(hours)), np.ones(len(hours))], axis=1)
    start = np.concatenate([2 * np.arange(len(fen)), 2 * len(fen) + 3 * np.arange(len(hours) + 1)])
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(fen) + len(hours), groups + 2 * cells + len(crews)
    model.col_cost_ = np.concatenate([-fen, np.zeros(len(hours))])
    model.col_lower_ = np.zeros(model.num_col_)
    model.col_upper_ = np.full(model.num_col_, highspy.kHighsInf)
    model.row_lower_ = np.full(model.num_row_, -highspy.kHighsInf)
    model.row_upper_ = np.concatenate([count, np.zeros(cells), machines, [n for _, n, _ in crews]])
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = start.astype(np.int32)
    model.a_matrix_.index_ = np.concatenate([work_index, drive_index.ravel()]).astype(np.int32)
    model.a_matrix_.value_ = np.concatenate([work_value, drive_value.ravel()])
    duals = -solve_linear(model)[1][groups : groups + cells]
    return np.asarray(np.maximum(0.0, duals).reshape(classes, days))
