"""The same plan with people it is easier to live with: who drives is settled anew, what is done when is not.

The search cares for hours only. Among all who could drive a machine-day without moving one minute of it, this takes
the one who drove the machine before, own people before lent ones, and keeps people with scarce licences in reserve.
"""

from collections.abc import Sequence
from dataclasses import replace

import highspy
import numpy as np

from nongshi.core.plan import LicencePrice
from nongshi.dispatch.linear import solve_linear
from nongshi.dispatch.problem import Bools, Floats, Ints, Problem
from nongshi.dispatch.solution import Solution, time_routes

# What a machine-day loses by its operator, in hand-overs; assumption, all three
HAND_OVER = 1.0  # somebody else than on the machine's day before
LENT = 2.0  # of another owner: a phone call and a way home; two hand-overs
SCARCE = 1.0  # the only one of the day who could drive some class; the more could, the less

SAME_S = 1e-6  # hours that end within this of each other are the same


def tidy_crew(problem: Problem, solution: Solution, licence_prices: Sequence[LicencePrice] = ()) -> Solution:
    """The same routes at the same times, with operators matched anew to the machine-days in use, day by day.

    Machine-days after a machine's last stop are released. Where the new crew is not the better one by the prices
    above, the old one stays.

    Args:
        problem: the region in arrays; `wishes.crew_fixed` machine-days keep their operators.
        solution: one that keeps all rules.
        licence_prices: of the bound; a scarce licence is then one that is worth much, else one that few hold.
    """
    if not len(problem.operator_owner):
        return solution
    used_s = _used_until_s(problem, solution)
    fixed = np.zeros(solution.crew.shape, bool) if problem.wishes is None else problem.wishes.crew_fixed
    old = np.where((used_s > problem.day_start_s) | fixed, solution.crew, -1)
    crew, old_loss, new_loss = np.full(old.shape, -1, np.int64), 0.0, 0.0
    before_old, before_new = (np.full(len(old), -1, np.int64) for _ in range(2))
    for d in range(old.shape[1]):
        reserve = _reserve(problem, d, licence_prices)
        may = _may_take(problem, old[:, d], used_s[:, d], fixed[:, d], d)
        crew[:, d] = _match(may, _loss(problem, reserve, before_new), old[:, d])
        old_loss += _sum(_loss(problem, reserve, before_old), old[:, d])
        new_loss += _sum(_loss(problem, reserve, before_new), crew[:, d])
        before_old = np.where(old[:, d] >= 0, old[:, d], before_old)
        before_new = np.where(crew[:, d] >= 0, crew[:, d], before_new)
    return replace(solution, crew=crew if new_loss < old_loss - 1e-9 else old)


def _used_until_s(problem: Problem, solution: Solution) -> Floats:
    """(m, d) moment up to which a machine-day's hours matter: all before the day of the last stop, its end on that."""
    until_s = np.full(solution.crew.shape, -np.inf)
    for m, timed in enumerate(time_routes(problem, solution)):
        if timed:
            until_s[m] = np.minimum(problem.day_end_s[m], timed[-1].end_s)
    if problem.fleet is not None:  # the way home needs hours that no stop tells of
        until_s[problem.fleet.back] = np.inf
    return until_s


def _may_take(problem: Problem, old: Ints, used_s: Floats, fixed: Bools, day: int) -> Bools:
    """(o, m) who could drive a crewed machine's day and leave its hours, as far as they are used, as they are."""
    ends_s = problem.shift_start_s[:, day] + problem.operator_hours_s[:, None]
    ends_s = np.minimum(ends_s, problem.day_end_s[:, day])
    now_s = ends_s[old, np.arange(len(old))]
    same = (np.abs(ends_s - now_s) <= SAME_S) | (np.minimum(ends_s, now_s) > used_s)
    is_old = np.arange(len(ends_s))[:, None] == old
    may = np.where(fixed, is_old, is_old | (problem.may_drive_matrix(day) & same))
    return np.asarray(may & (old >= 0))


def _reserve(problem: Problem, day: int, prices: Sequence[LicencePrice]) -> Floats:
    """(o,) 0..: what is lost by not having an operator in reserve on a day."""
    held = problem.licensed[:, :, day][:, np.unique(problem.machine_class)]
    if not prices:
        return np.asarray((held / np.maximum(held.sum(axis=0), 1)).sum(axis=1))
    date = problem.dates[day]
    fen_h = np.array([price.fen_h_by_day.get(date, price.fen_h) for price in prices])
    people = problem.region.operators
    valid = [[price.licence in o.licences and o.licences[price.licence] >= date for price in prices] for o in people]
    return np.asarray(np.array(valid, float).reshape(-1, len(prices)) @ fen_h) / max(float(fen_h.max()), 1e-9)


def _loss(problem: Problem, reserve: Floats, before: Ints) -> Floats:
    """(o, m) what each pair loses, in hand-overs."""
    lent = problem.operator_owner[:, None] != problem.machine_owner[None, :]
    other = (np.arange(len(reserve))[:, None] != before[None, :]) & (before >= 0)[None, :]
    return np.asarray(HAND_OVER * other + LENT * lent + SCARCE * reserve[:, None])


def _sum(loss: Floats, crew: Ints) -> float:
    machines = np.flatnonzero(crew >= 0)
    return float(loss[crew[machines], machines].sum())


def _match(may: Bools, loss: Floats, old: Ints) -> Ints:
    """(m,) operators of the crewed machines, each another person, at the least loss; a linear program."""
    operators, machines = np.nonzero(may)
    count = len(operators)
    if count == (old >= 0).sum():  # nobody has a choice
        return old
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, may.shape[0] + may.shape[1]
    model.col_cost_ = loss[operators, machines]
    model.col_lower_, model.col_upper_ = np.zeros(count), np.ones(count)
    model.row_lower_ = np.concatenate([np.zeros(may.shape[0]), (old >= 0).astype(float)])
    model.row_upper_ = np.concatenate([np.ones(may.shape[0]), (old >= 0).astype(float)])
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.arange(0, 2 * count + 1, 2, dtype=np.int32)
    model.a_matrix_.index_ = np.stack([operators, may.shape[0] + machines], axis=1).ravel().astype(np.int32)
    model.a_matrix_.value_ = np.ones(2 * count)
    chosen = solve_linear(model)[0] > 0.5
    crew = np.full(len(old), -1, np.int64)
    crew[machines[chosen]] = operators[chosen]
    return crew if ((crew >= 0) == (old >= 0)).all() else old
