"""The flow of wet grain from fields to dryers and over the nights, as a linear program over tonnes."""

from dataclasses import dataclass

import highspy
import numpy as np

from nongshi.dispatch.linear import solve_linear
from nongshi.dispatch.problem import Floats, Ints

TOO_MUCH_KM = 1e5  # assumption: km of way that a tonne too much in a hold, or never dried, is worth; never by choice
NOISE_T = 1e-9  # less is rounding of the linear program


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """n parts, k dryers, d days."""

    wet_t: Floats  # (n,)
    day: Ints  # (n,) on which the grain comes
    field_km: Floats  # (n, k)
    dryer_km: Floats  # (k, k)
    t_day: Floats  # (k, d) accepted
    hold_t: Floats  # (k,)
    reload_km: float  # price of moving a waiting tonne, besides its way
    night_km: float  # price of a tonne waiting a night


def share_out(flow: Flow) -> tuple[Floats, Floats]:
    """(n, k) tonnes brought to each dryer, and (d - 1, k, k) those moved between dryers after each night but the last.

    Least tonne-km. Always possible: what is too much for a hold waits there all the same, at a price.
    """
    n, (k, d) = len(flow.wet_t), flow.t_day.shape
    brought, dried = np.arange(n * k).reshape(n, k), n * k + np.arange(k * d).reshape(k, d)
    waits, over = dried + k * d, dried + 2 * k * d
    moved = n * k + 3 * k * d + np.arange((d - 1) * k * k).reshape(d - 1, k, k)
    count = n * k + 3 * k * d + moved.size
    comes = n + np.arange(k * d).reshape(k, d)  # rows: parts, what a dryer gets by day, what it gives on, holds
    holds = n + k * d + k * (d - 1) + np.arange(k * d).reshape(k, d)
    goes = n + k * d + np.arange(k * (d - 1)).reshape(k, d - 1)
    entries = (
        (np.arange(n)[:, None] + 0 * brought, brought, 1.0),
        (comes[:, flow.day].T, brought, 1.0),
        (comes, dried, -1.0),
        (comes, waits, -1.0),
        (np.broadcast_to(comes[:, 1:].T[:, None, :], moved.shape), moved, 1.0),  # to dryer j on the next day
        (goes, waits[:, : d - 1], -1.0),
        (np.broadcast_to(goes.T[:, :, None], moved.shape), moved, 1.0),
        (holds, waits, 1.0),
        (holds, over, -1.0),
    )
    cost, upper = np.zeros(count), np.full(count, highspy.kHighsInf)
    cost[brought] = flow.field_km
    cost[waits], cost[over] = flow.night_km, TOO_MUCH_KM
    cost[waits[:, d - 1]] = TOO_MUCH_KM
    cost[moved] = flow.dryer_km + flow.reload_km * ~np.eye(k, dtype=bool)
    upper[dried] = flow.t_day
    rows = n + k * d + k * (d - 1) + k * d
    low, high = np.zeros(rows), np.zeros(rows)
    low[:n] = high[:n] = flow.wet_t
    low[holds], high[holds] = -highspy.kHighsInf, flow.hold_t[:, None]
    tonnes = solve_linear(_model(entries, cost, upper, low, high))[0]
    tonnes[tonnes < NOISE_T] = 0.0
    return _balanced(tonnes[brought], flow.wet_t), tonnes[moved] * ~np.eye(k, dtype=bool)


def _balanced(brought_t: Floats, wet_t: Floats) -> Floats:
    """Rows that sum to each part's tonnes in spite of rounding."""
    return np.asarray(brought_t * (wet_t / brought_t.sum(axis=1))[:, None])


def _model(
    entries: tuple[tuple[Ints, Ints, float], ...], cost: Floats, upper: Floats, low: Floats, high: Floats
) -> highspy.HighsLp:
    row = np.concatenate([rows.ravel() for rows, _, _ in entries])
    column = np.concatenate([columns.ravel() for _, columns, _ in entries])
    value = np.concatenate([np.full(columns.size, one) for _, columns, one in entries])
    order = np.lexsort((row, column))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(cost), len(low)
    model.col_cost_, model.col_lower_, model.col_upper_ = cost, np.zeros(len(cost)), upper
    model.row_lower_, model.row_upper_ = low, high
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.searchsorted(column[order], np.arange(len(cost) + 1)).astype(np.int32)
    model.a_matrix_.index_ = row[order].astype(np.int32)
    model.a_matrix_.value_ = value[order]
    return model
