"""Solves the backlog program scenario after scenario: HiGHS starts each from the last one's basis."""

from collections.abc import Iterable
from dataclasses import dataclass

import highspy
import numpy as np
from highspy._core import _Highs  # highspy.Highs prints a banner to standard output when it is made

from nongshi.core.errors import NongshiError
from nongshi.forecast.arrays import Floats, Ints, Wanted, in_window_ha
from nongshi.forecast.backlog_parts import Model, machine_hours

INFINITE = highspy.kHighsInf


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What scenarios change: right-hand sides of the rows, upper bounds of the columns; a row each scenario."""

    lower: Floats  # (s, rows)
    upper: Floats  # (s, rows)
    most: Floats  # (s, columns)


def make_sides(model: Model, wanted: Wanted) -> Sides:
    """Right-hand sides and bounds of every scenario."""
    fleet, count = model.fleet, len(wanted.released_ha)
    upper = np.zeros((count, model.rows))
    released = wanted.released_ha
    upper[:, model.balance[model.balance >= 0]] = released[:, model.balance >= 0]
    lower = np.full_like(upper, -INFINITE)
    lower[:, model.balance[model.balance >= 0]] = upper[:, model.balance[model.balance >= 0]]
    q, t, k = np.nonzero(model.machine >= 0)
    machine_h = machine_hours(wanted, model.busy)
    upper[:, model.machine[q, t, k]] = fleet.machines[q, t, k] * machine_h[:, t, k]
    q, t, k, o = np.nonzero(model.machine_at >= 0)
    upper[:, model.machine_at[q, t, k, o]] = fleet.machines[q, t, k] * wanted.operation_h[:, t, o]
    for row in model.operator:
        upper[:, row.row] = row.count * wanted.operator_h[:, row.period, row.licences].max(axis=1)
    if (model.hire >= 0).any():
        t, k = np.nonzero(model.hire >= 0)
        upper[:, model.hire[t, k]] = fleet.hire_machines[k] * machine_h[:, t, k]
    dries = np.flatnonzero(model.dryer >= 0)
    if len(dries):
        upper[:, model.dryer[dries]] = (fleet.dryer_t_d * wanted.length_d)[dries]
    return Sides(lower=lower, upper=upper, most=_most(model, wanted))


def _most(model: Model, wanted: Wanted) -> Floats:
    """(s, columns) upper bounds: work in its window, grain that may wait."""
    most = np.full((len(wanted.released_ha), model.columns), INFINITE)
    there = model.waiting >= 0
    most[:, model.waiting[there]] = in_window_ha(wanted.released_ha, wanted.length_d, model.works.window_d)[:, there]
    most[:, model.held[model.held >= 0]] = model.fleet.hold_t
    return most


class Program:
    """One model in HiGHS: change its sides, solve, read. Parts that share nothing are solved one after another."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.parts = [_Part(model, rows, columns) for rows, columns in split(model)]

    def solve(
        self, lower: Floats, upper: Floats, least: Floats, most: Floats, *, parts: Iterable["_Part"] | None = None
    ) -> Floats:
        """Columns at the optimum.

        Args:
            lower: (rows,) as the next.
            upper: (rows,)
            least: (columns,) as the next.
            most: (columns,)
            parts: those to solve; what is not solved is 0. None: all.

        Raises:
            NongshiError: HiGHS did not end at an optimum.
        """
        value = np.zeros(self.model.columns)
        for part in self.parts if parts is None else parts:
            part.solve(lower, upper, least, most)
            value[part.columns] = part.value()
        return value


class _Part:
    """Rows and columns that hang together, in a HiGHS of their own."""

    def __init__(self, model: Model, rows: Ints, columns: Ints) -> None:
        self.rows, self.columns = rows, columns
        self._highs = _Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("solver", "simplex"), ("presolve", "off")):
            self._highs.setOptionValue(option, value)
        self._highs.passModel(_lp(model, rows, columns))
        self._sides = np.full((2, len(rows)), np.nan)
        self._bounds = np.full((2, len(columns)), np.nan)

    def solve(self, lower: Floats, upper: Floats, least: Floats, most: Floats) -> None:
        """To the optimum, from the last one's basis; only what differs from the last time is told to HiGHS."""
        sides = np.array([lower[self.rows], upper[self.rows]])
        fresh = np.flatnonzero((sides != self._sides).any(axis=0)).astype(np.int32)
        if len(fresh):
            self._highs.changeRowsBounds(len(fresh), fresh, *sides[:, fresh])  # type: ignore[attr-defined]  # not in its stub
        bounds = np.array([least[self.columns], most[self.columns]])
        fresh = np.flatnonzero((bounds != self._bounds).any(axis=0)).astype(np.int32)
        if len(fresh):
            self._highs.changeColsBounds(len(fresh), fresh, *bounds[:, fresh])
        self._sides, self._bounds = sides, bounds
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise NongshiError(f"HiGHS ended without an optimum: {self._highs.getModelStatus()}")
        self._found = self._highs.getSolution()

    def value(self) -> Floats:
        """Columns at the optimum."""
        return np.array(self._found.col_value)

    def activity(self) -> Floats:
        """Activity of the rows."""
        return np.array(self._found.row_value)

    def price(self) -> Floats:
        """Cost saved by a unit more of each row, at most zero."""
        return np.array(self._found.row_dual)


def split(model: Model) -> list[tuple[Ints, Ints]]:
    """Rows and columns of each part of the model that shares no entry with another; rows without columns are free."""
    rows, columns, _ = model.entries
    row_label, column_label = np.arange(model.rows), np.full(model.columns, model.rows)
    while True:
        np.minimum.at(column_label, columns, row_label[rows])
        fresh = row_label.copy()
        np.minimum.at(fresh, rows, column_label[columns])
        fresh = fresh[fresh]  # a label's own label is nearer to the least of its part
        if np.array_equal(fresh, row_label):
            break
        row_label = fresh
    return [
        (np.flatnonzero(row_label == label), np.flatnonzero(column_label == label))
        for label in np.unique(column_label[columns])
    ]


def _lp(model: Model, kept_rows: Ints, kept_columns: Ints) -> highspy.HighsLp:
    """The fixed part of some rows and columns, column by column."""
    rows, columns, values = model.entries
    row_at, column_at = np.full(model.rows, -1), np.full(model.columns, -1)
    row_at[kept_rows], column_at[kept_columns] = np.arange(len(kept_rows)), np.arange(len(kept_columns))
    inside = row_at[rows] >= 0
    rows, columns, values = row_at[rows[inside]], column_at[columns[inside]], values[inside]
    order = np.lexsort((rows, columns))
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = len(kept_rows), len(kept_columns)
    lp.col_cost_ = model.cost[kept_columns]
    lp.col_lower_, lp.col_upper_ = np.zeros(len(kept_columns)), np.full(len(kept_columns), INFINITE)
    lp.row_lower_, lp.row_upper_ = np.full(len(kept_rows), -INFINITE), np.zeros(len(kept_rows))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.searchsorted(columns[order], np.arange(len(kept_columns) + 1))
    lp.a_matrix_.index_, lp.a_matrix_.value_ = rows[order], values[order]
    return lp


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """Optimum of every scenario, one row each."""

    value: Floats  # (s, columns)
    activity: Floats  # (s, rows)
    price: Floats  # (s, rows) cost saved by one unit more, 0 or more but for balances

    def cost_fen(self, model: Model) -> Floats:
        """(s,) late, given up, moves and hire."""
        return self.value @ (model.cost - model.wait_cost)


def solve_all(model: Model, sides: Sides, *, program: Program | None = None, prices: bool = True) -> Solved:
    """Every scenario with perfect foresight, likest first after each other so that each start is near.

    Without `prices` none is read: (s, 0).

    Raises:
        NongshiError: HiGHS did not end at an optimum.
    """
    program = program or Program(model)
    count = len(sides.upper)
    value, activity, price = (np.zeros((count, n)) for n in (model.columns, model.rows, prices * model.rows))
    least = np.zeros(model.columns)
    for part in program.parts:
        for s in scenario_order(sides.upper[:, np.intersect1d(part.rows, model.balance)]):
            part.solve(sides.lower[s], sides.upper[s], least, sides.most[s])
            value[s, part.columns], activity[s, part.rows] = part.value(), part.activity()
            if prices:
                price[s, part.rows] = part.price()
    return Solved(value=value, activity=activity, price=-price)


def scenario_order(features: Floats) -> Ints:
    """An order in which neighbours are alike: always on to the nearest that was not visited yet.

    >>> scenario_order(np.array([[0.0], [9.0], [1.0]])).tolist()
    [0, 2, 1]
    """
    count = len(features)
    if not count:
        return np.zeros(0, np.int64)
    square = (features**2).sum(axis=1)
    far = square[:, None] + square[None, :] - 2 * features @ features.T
    order = np.zeros(count, np.int64)
    far[:, 0] = np.inf
    for step in range(1, count):
        order[step] = far[order[step - 1]].argmin()
        far[:, order[step]] = np.inf
    return order
