"""The season without foresight: each period is decided on what is known then, and only the rest may still change.

What a period releases and what its weather leaves are known when it is decided (jobs are posted and rain is seen as it
goes on); of later periods only the mean of the other scenarios is, those most alike so far counting most.
"""

from dataclasses import replace

import numpy as np

from nongshi.forecast.arrays import Floats, Ints, Wanted
from nongshi.forecast.backlog_parts import Model
from nongshi.forecast.backlog_solve import INFINITE, Program, make_sides

CAUTION = 0.5  # assumption: standard deviations by which a planner takes the future to be worse than its mean
SIGHT = 5  # periods ahead that a decision looks at; windows are shorter, and what comes later hardly matters

Rows = tuple[Ints, Ints]  # number, period


def roll(model: Model, wanted: Wanted, scenarios: Ints, *, program: Program | None = None) -> Floats:
    """(n, columns) what is decided in each of the scenarios, period by period.

    Args:
        model: of all scenarios.
        wanted: all scenarios; those that are rolled know the others, as a forecast does, but not their own future.
        scenarios: (n,) which are rolled.
        program: of the model, to go on from its basis.

    Raises:
        NongshiError: HiGHS did not end at an optimum.
    """
    decided = np.zeros((len(scenarios), model.columns))
    if not len(scenarios):
        return decided
    program = program or Program(model)
    row_t, column_t = _periods(model)
    spans = [(part, row_t[part.rows].min(), row_t[part.rows].max()) for part in program.parts]
    patient = _patient(model, wanted.length_d)
    sides = {int(t): make_sides(model, known_wanted(wanted, scenarios, int(t))) for t in _busy(model)}
    for n in range(len(scenarios)):
        for t in _busy(model):
            past, beyond = column_t < t, column_t > t + SIGHT
            open_rows = (row_t < t) | (row_t > t + SIGHT)
            lower = np.where(open_rows, -INFINITE, sides[t].lower[n])
            upper = np.where(open_rows, INFINITE, sides[t].upper[n])
            least = np.where(past, decided[n], 0.0)
            most = np.where(past, decided[n], np.where(beyond, 0.0, sides[t].most[n]))
            most[patient[column_t[patient] == t]] = 0.0
            now_parts = [part for part, first, last in spans if first <= t <= last]
            value = program.solve(lower, upper, least, most, parts=now_parts)
            now = column_t == t
            decided[n, now] = np.clip(value[now], 0.0, sides[t].most[n, now])
    return decided


def _patient(model: Model, length_d: Floats) -> Ints:
    """Columns of giving up that a decision leaves alone: who waits a period more loses less than who gives up now.

    With foresight one gives up at once what will never be done; without, hope ends when the program itself ends.
    """
    worth = model.works.delay_fen_ha_d[None, :] * length_d[:, None] < model.works.value_fen_ha[None, :]
    table = np.where(worth[None], model.given_up, -1)
    return table[table >= 0]


def known_wanted(wanted: Wanted, scenarios: Ints, period: int) -> Wanted:
    """What scenarios look like from a period: their own values up to it, the mean of the others behind it."""
    share = likeness(wanted.released_ha, scenarios, period)
    names = ("released_ha", "operation_h", "operator_h")
    seen = {}
    for name in names:
        every = getattr(wanted, name)
        own = every[scenarios].copy()
        axis = 2 if name == "released_ha" else 1
        later = [slice(None)] * own.ndim
        later[axis] = slice(period + 1, None)
        mean = np.einsum("ns,s...->n...", share, every[tuple(later)])
        square = np.einsum("ns,s...->n...", share, every[tuple(later)] ** 2)
        spread = np.sqrt(np.maximum(square - mean**2, 0.0))
        own[tuple(later)] = (
            mean + CAUTION * spread if name == "released_ha" else np.maximum(mean - CAUTION * spread, 0.0)
        )
        seen[name] = own
    return replace(wanted, **seen)


def likeness(released_ha: Floats, scenarios: Ints, period: int) -> Floats:
    """(n, s) shares of the other scenarios, by how alike the work released up to the period is; 0 for oneself."""
    so_far = released_ha[:, :, : period + 1].sum(axis=(1, 2))
    apart = ((so_far[scenarios][:, None] - so_far[None]) ** 2).sum(axis=2)
    apart[np.arange(len(scenarios)), scenarios] = np.inf
    finite = np.where(np.isfinite(apart), apart, 0.0)
    usual = finite.sum(axis=1, keepdims=True) / max(1, len(released_ha) - 1)
    share = np.exp(-apart / np.maximum(usual, 1e-12))
    return np.asarray(share / np.maximum(share.sum(axis=1, keepdims=True), 1e-300))


def _busy(model: Model) -> Ints:
    """Periods in which anything can be decided."""
    return np.flatnonzero((model.balance >= 0).any(axis=(0, 2)))


def _periods(model: Model) -> Rows:
    """(rows,) and (columns,) the period of each."""
    row, column = np.zeros(model.rows, np.int64), np.zeros(model.columns, np.int64)
    for table, axis, into in (
        (model.balance, 1, row),
        (model.machine, 1, row),
        (model.machine_at, 1, row),
        (model.hire, 0, row),
        (model.dryer, 0, row),
        (model.waiting, 1, column),
        (model.late, 1, column),
        (model.given_up, 1, column),
        (model.hired, 1, column),
        (model.held, 0, column),
    ):
        there = np.nonzero(table >= 0)
        into[table[there]] = there[axis]
    row[[one.row for one in model.operator]] = [one.period for one in model.operator]
    column[model.hours.column] = model.hours.period
    return row, column
