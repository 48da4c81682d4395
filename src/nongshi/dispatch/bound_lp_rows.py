"""Rows of the bound's first linear program: groups, hours, machines, crews, dryers and the order of jobs, by day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from nongshi.dispatch.bound_grid import Grid
from nongshi.dispatch.bound_links import Links
from nongshi.dispatch.linear import solve_linear
from nongshi.dispatch.problem import Floats, Ints, Problem

Entries = tuple[Ints, Ints, Floats]  # rows, columns, values


@dataclass(frozen=True, slots=True, kw_only=True)
class Works:
    """Columns: serving a part of a group by a class on a day."""

    fen: Floats
    class_of: Ints
    day_of: Ints
    group_of: Ints
    need_s: Floats


def solve_days(
    problem: Problem, grid: Grid, links: Links, member: Ints, count: Floats, works: Works
) -> tuple[Floats, Floats, Floats]:
    """Duals of hours (c, d), dryers (d,) and links (l, d). `member` (p,) is the group of a part, `count` their sizes.

    More columns than the works: crews by class and day, wet tonnes that wait after each day.
    """
    classes, days = grid.len_s.shape
    groups, cells, n = len(count), classes * days, len(works.fen)
    crews = _crews(problem, grid)
    drive = [(g, c * days + d, c, d, s) for g, (d, _, hours) in enumerate(crews) for c, s in hours]
    crew_of, drive_cell = (np.array([x[i] for x in drive], np.int64) for i in (0, 1))
    hours = np.array([x[4] for x in drive], float)
    machines = np.zeros(cells)
    machines[drive_cell] = grid.machines.ravel()[drive_cell]
    driver = n + np.arange(len(drive))
    entries = [
        (works.group_of, np.arange(n), np.ones(n)),
        (groups + works.class_of * days + works.day_of, np.arange(n), works.need_s),
        (groups + drive_cell, driver, -hours),
        (groups + cells + drive_cell, driver, np.ones(len(drive))),
        (groups + 2 * cells + crew_of, driver, np.ones(len(drive))),
    ]
    dryer0 = groups + 2 * cells + len(crews)
    stores = days if problem.dries else 0
    if stores:
        used = member >= 0
        wet_t = np.bincount(member[used], weights=problem.part_wet_t[used], minlength=groups) / count
        entries += _dryers(works, wet_t, dryer0, n + len(drive), days)
    linked = _Linked(problem, links, member, works)
    entries += [(dryer0 + stores + row, column, value) for row, column, value in linked.entries]
    crewed = np.array([x[1] for x in crews], float)
    limit = [count, np.zeros(cells), machines, crewed, problem.dry_t_day[:stores], np.zeros(linked.rows)]
    gain = np.concatenate([works.fen, np.zeros(len(drive) + stores)])
    most = np.concatenate([np.full(n + len(drive), highspy.kHighsInf), np.full(stores, problem.dry_hold_t)])
    duals = np.maximum(0.0, -solve_linear(_model(gain, most, np.concatenate(limit), entries))[1])
    dry_fen = duals[dryer0 : dryer0 + stores] if stores else np.zeros(days)
    return duals[groups : groups + cells].reshape(classes, days), dry_fen, linked.prices(duals[dryer0 + stores :])


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


def _dryers(works: Works, wet_t: Floats, row0: int, column0: int, days: int) -> list[Entries]:
    """Wet tonnes that end on a day and those that waited before, less those that wait after it: dried that day."""
    wet, day = np.flatnonzero(wet_t[works.group_of] > 0), np.arange(days)
    return [
        (row0 + works.day_of[wet], wet, wet_t[works.group_of[wet]]),
        (row0 + day, column0 + day, -np.ones(days)),
        (row0 + day[1:], column0 + day[:-1], np.ones(days - 1)),
    ]


class _Linked:
    """Rows: of a group of followers no more jobs are ended by a day than of the jobs before them by the day for it."""

    def __init__(self, problem: Problem, links: Links, member: Ints, works: Works) -> None:
        self.links, self.rows = links, 0
        self.entries: list[Entries] = []
        self.row_of: dict[tuple[int, int], int] = {}  # group of followers, day
        self.group = member[problem.job_first[links.after]]
        by_group = np.argsort(works.group_of, kind="stable")
        edge = np.searchsorted(works.group_of[by_group], np.arange(member.max(initial=-1) + 2))
        seen: set[int] = set()
        for link, (before, after) in enumerate(zip(links.before, links.after, strict=True)):
            group, first = int(self.group[link]), int(member[problem.job_first[before]])
            if group < 0 or first < 0 or group in seen:
                continue
            seen.add(group)
            mine, theirs = (by_group[edge[g] : edge[g + 1]] for g in (group, first))
            parts = float(problem.job_parts[after]), float(problem.job_parts[before])
            for day in self._days(works, mine, theirs, links.by_day[link]):
                self._add(works, (mine, theirs), parts, day, int(links.by_day[link, day]))
                self.row_of[group, day] = self.rows - 1

    @staticmethod
    def _days(works: Works, mine: Ints, theirs: Ints, by_day: Ints) -> Iterator[int]:
        """Days on which the order can bind, up to the first by which all can have ended."""
        for day in np.unique(works.day_of[mine]):
            yield int(day)
            if len(theirs) and by_day[day] >= works.day_of[theirs].max():
                return

    def _add(self, works: Works, columns: tuple[Ints, Ints], parts: tuple[float, float], day: int, by_day: int) -> None:
        last = by_day >= works.day_of[columns[1]].max(initial=-1)  # then it is enough to be served at all
        for column, until, sign, n in zip(columns, (np.inf if last else day, by_day), (1.0, -1.0), parts, strict=True):
            ended = column[works.day_of[column] <= until]
            self.entries.append((np.full(len(ended), self.rows), ended, np.full(len(ended), sign / n)))
        self.rows += 1

    def prices(self, duals: Floats) -> Floats:
        """(l, d) the duals of the rows, for each link of the group."""
        price = np.zeros(self.links.by_day.shape)
        for link, group in enumerate(self.group):
            for day in np.flatnonzero(self.links.binds[link]).tolist():
                price[link, day] = duals[self.row_of[group, day]] if (group, day) in self.row_of else 0.0
        return price


def _model(gain: Floats, most: Floats, limit: Floats, entries: Sequence[Entries]) -> highspy.HighsLp:
    """Greatest gain of columns in [0, most], the sum of each row at most its limit; entries: rows, columns, values."""
    row, column, value = (np.concatenate(parts) for parts in zip(*entries, strict=True))
    order = np.argsort(column, kind="stable")
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(gain), len(limit)
    model.col_cost_, model.col_lower_, model.col_upper_ = -gain, np.zeros(len(gain)), most
    model.row_lower_, model.row_upper_ = np.full(len(limit), -highspy.kHighsInf), limit
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    starts = np.concatenate([[0], np.cumsum(np.bincount(column, minlength=len(gain)))])
    model.a_matrix_.start_ = starts.astype(np.int32)
    model.a_matrix_.index_ = row[order].astype(np.int32)
    model.a_matrix_.value_ = value[order]
    return model
