"""Who drives what on each day: an assignment per day, weighted by what each machine's day is worth.

The weights are the bound's prices before any route is known, and the routes' own worth afterwards.
"""

import highspy
import numpy as np

from nongshi.dispatch.linear import solve_linear
from nongshi.dispatch.problem import Bools, Floats, Ints, Problem

SHARED_TIE = 1e-3  # an own operator goes before a shared one of equal worth (share of a day's worth)
SAME_TIE = 2e-3  # who drove the machine the day before goes before others


def make_roster(problem: Problem, day_price_fen: Floats | None = None) -> Ints:
    """Operators for machines on every day, (m, d), -1 for none.

    Args:
        problem: the region in arrays.
        day_price_fen: (m, d) worth of a full crewed day; None: its work hours alone.
    """
    hours_s = problem.day_end_s - problem.day_start_s
    price = hours_s if day_price_fen is None else np.maximum(day_price_fen, 1e-6 * hours_s)
    crew = np.full(price.shape, -1, np.int64)
    for d in range(price.shape[1]):
        before = crew[:, d - 1] if d else np.full(len(crew), -1)
        may = problem.may_drive_matrix(d)
        if may.any():
            crew[:, d] = _assign(may, _weights(problem, d, price[:, d], before))
    return crew


def fill_roster(problem: Problem, crew: Ints, first_day: int, *, spared: Bools | None = None) -> Ints:
    """A crew without those who may not drive any more, and idle operators on machines without one; (m, d).

    Days before `first_day` and fixed machine-days stay as they are; `spared` (m, d) get nobody new either.
    """
    filled = crew.copy()
    hours_s = problem.day_end_s - problem.day_start_s
    fixed = np.zeros(crew.shape, bool) if problem.wishes is None else problem.wishes.crew_fixed
    shut = fixed if spared is None else fixed | (spared & (crew < 0))
    for d in range(first_day, crew.shape[1]):
        may = problem.may_drive_matrix(d)
        for m in np.flatnonzero((filled[:, d] >= 0) & ~fixed[:, d]):
            if not may[filled[m, d], m]:
                filled[m, d] = -1
        busy = np.isin(np.arange(may.shape[0]), filled[:, d])
        may = may & ~busy[:, None] & ((filled[:, d] < 0) & ~shut[:, d])[None, :]
        if may.any():
            found = _assign(may, _weights(problem, d, hours_s[:, d], filled[:, d - 1] if d else filled[:, d] * 0 - 1))
            filled[:, d] = np.where(filled[:, d] < 0, found, filled[:, d])
    return filled


def _weights(problem: Problem, day: int, price: Floats, before: Ints) -> Floats:
    """(o, m) worth of each pair: the price, less where the operator's hours are shorter than the day."""
    start, end = problem.day_start_s[:, day], problem.day_end_s[:, day]
    until = np.minimum(end, problem.shift_start_s[:, day] + problem.operator_hours_s[:, None])
    share = np.clip((until - start) / np.maximum(end - start, 1.0), 0.0, 1.0)
    tie = 1.0 - SHARED_TIE * (problem.operator_owner[:, None] != problem.machine_owner)
    tie = tie + SAME_TIE * (np.arange(len(share))[:, None] == before)
    return np.asarray(price * share * tie)


def _assign(may: Bools, weight: Floats) -> Ints:
    """(m,) operator of each machine, a matching of greatest weight; a linear program, integral by its form."""
    operators, machines = np.nonzero(may)
    rows = may.shape[0] + may.shape[1]
    model = highspy.HighsLp()
    count = len(operators)
    model.num_col_, model.num_row_ = count, rows
    model.col_cost_ = -weight[operators, machines]
    model.col_lower_, model.col_upper_ = np.zeros(count), np.ones(count)
    model.row_lower_, model.row_upper_ = np.full(rows, -highspy.kHighsInf), np.ones(rows)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.arange(0, 2 * count + 1, 2, dtype=np.int32)
    model.a_matrix_.index_ = np.stack([operators, may.shape[0] + machines], axis=1).ravel().astype(np.int32)
    model.a_matrix_.value_ = np.ones(2 * count)
    chosen = solve_linear(model)[0] > 0.5
    crew = np.full(may.shape[1], -1, np.int64)
    crew[machines[chosen]] = operators[chosen]
    return crew
