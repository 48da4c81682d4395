"""What the backlog program is made of: columns in blocks, kinds of rows, the finished model, sets of licences."""

from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import numpy.typing as npt

from nongshi.forecast.arrays import Fleet, Floats, Ints, Wanted, Works


@dataclass(slots=True)
class Columns:
    """Columns in blocks as they are added, and their entries."""

    cost: list[Floats] = field(default_factory=list)
    entries: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)  # rows, columns, values
    count: int = 0

    def add(self, cost: Floats | float, size: int) -> Ints:
        """New columns; their numbers."""
        self.cost.append(np.broadcast_to(np.asarray(cost, float), size).copy())
        self.count += size
        return np.arange(self.count - size, self.count)

    def enter(self, rows: Ints, columns: Ints, values: Floats | float) -> None:
        """Entries of the matrix; rows numbered -1 are not there."""
        kept = rows >= 0
        self.entries.append((rows[kept], columns[kept], np.broadcast_to(np.asarray(values, float), rows.shape)[kept]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Columns x: hours of one class of one pool at one operation in one town, a row each."""

    column: Ints
    pool: Ints
    kind: Ints  # machine class
    town: Ints
    operation: Ints
    period: Ints
    move_fen_h: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorRow:
    """Machine hours of one pool and period that ask for any of some licences, and how many operators hold one."""

    row: int
    pool: int
    period: int
    licences: tuple[int, ...]
    count: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The program's fixed part; -1 in a table of rows or columns: not there."""

    works: Works
    fleet: Fleet
    cost: Floats  # (columns,)
    wait_cost: Floats  # (columns,) part of cost that is no loss, only a nudge
    entries: tuple[Ints, Ints, Floats]
    waiting: Ints  # (i, t, o) column w
    late: Ints  # (i, t, o)
    given_up: Ints  # (i, t, o)
    last: Ints  # (i, o) last period that is looked at
    cut: npt.NDArray[np.bool_]  # (i, o) whether the season ends before what is late would be given up
    hired: Ints  # (i, t, o)
    hours: Hours
    balance: Ints  # (i, t, o) row
    busy: npt.NDArray[np.bool_]  # (t, k, o) whether a class can have that operation to do anywhere
    machine: Ints  # (q, t, k) row
    machine_at: Ints  # (q, t, k, o) row
    operator: tuple["OperatorRow", ...]
    hire: Ints  # (t, k) row
    dryer: Ints  # (t,) row
    held: Ints  # (t,) column: wet grain that waits
    rows: int

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return len(self.cost)


def machine_hours(wanted: Wanted, busy: npt.NDArray[np.bool_]) -> Floats:
    """(s, t, k) hours of one machine: the most that any operation has which it could do then."""
    return np.asarray(np.where(busy[None], wanted.operation_h[:, :, None, :], 0.0).max(axis=3))


def tied_sets(asked: frozenset[int], held: list[frozenset[int]]) -> list[tuple[int, ...]]:
    """The sets of licences that need a row: each alone, those that holders of several tie, and all where 0 is asked.

    Entry 0 is held by everybody: a set with it counts every operator, so only the largest such set can bind.

    >>> tied_sets(frozenset({1, 2, 3}), [frozenset({1, 3}), frozenset({2})])
    [(1,), (2,), (3,), (1, 3)]
    """
    named = sorted(asked - {0})
    sets = []
    for size in range(1, len(named) + 1):
        sets += [one for one in combinations(named, size) if _is_tied(set(one), held)]
    return [*sets, tuple(sorted(asked))] if 0 in asked else sets


def _is_tied(licences: set[int], held: list[frozenset[int]]) -> bool:
    """Whether one can go from any of the licences to any other by people who hold two of them."""
    reached = {min(licences)}
    while True:
        more = {one for have in held if have & reached for one in have & licences} - reached
        if not more:
            return reached == licences
        reached |= more
