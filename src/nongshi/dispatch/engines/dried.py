"""The dryers' side of a timed plan: on which day its grain comes, and which jobs go where that is too much."""

from collections.abc import Sequence

import numpy as np

from nongshi.core.units import SECONDS_PER_DAY
from nongshi.dispatch.engines.edd import chain_depth
from nongshi.dispatch.problem import Bools, Floats, Ints, Problem
from nongshi.dispatch.solution import WAIT_MARGIN_S, Solution, TimedStop

HOLD_SLACK_T = 1e-6  # rounding of sums; a checker overlooks a thousand times as much

Timed = Sequence[Sequence[TimedStop]]  # the stops of each machine


def cancelled_jobs(problem: Problem, timed: Timed) -> Bools:
    """(j,) jobs that go, so that the dryers take the grain of the rest on the days on which it now comes.

    Of those that end on the first day with too much, the job worth least per tonne, counted with all that follows
    it, and so on. None where the dryers take everything.
    """
    worth_fen, wet_t = _worth_fen(problem, timed), _wet_t(problem, timed)
    gone = np.zeros(len(worth_fen), bool)
    while problem.dries:
        over = _first_day_over(problem, wet_t[~gone].sum(axis=0))
        if over < 0:
            break
        mine = (wet_t[:, over] > 0) & ~gone
        if not mine.any():  # what comes from elsewhere is too much by itself: room must be made before
            mine = (wet_t[:, :over].sum(axis=1) > 0) & ~gone
        if not mine.any():
            break
        kept_fen = _with_followers(problem, np.where(gone, 0.0, worth_fen))
        kept_t = _with_followers(problem, np.where(gone, 0.0, wet_t.sum(axis=1)))
        per_t = np.full(len(gone), np.inf)
        per_t[mine] = kept_fen[mine] / kept_t[mine]
        gone |= _after(problem, int(np.argmin(per_t)))
    return gone


def held_days(problem: Problem, solution: Solution, timed: Timed) -> Ints:
    """(p,) each wet part held on its day, but for one that ends sooner in it than what waits for a day may."""
    end_day = np.full(len(problem.part_job), -1, np.int64) if solution.end_day is None else solution.end_day.copy()
    for m, route in enumerate(timed):
        for stop in route:
            day = days_of(problem, stop.end_s)
            if problem.part_wet_t[stop.part] > 0 and stop.end_s >= problem.day_start_s[m, day] + WAIT_MARGIN_S:
                end_day[stop.part] = day
    return end_day


def days_of(problem: Problem, moment_s: Floats | float) -> Ints:
    """The days of moments as they will be written, in whole seconds; the horizon's end belongs to the last."""
    day = np.searchsorted(problem.midnight_s, np.rint(moment_s), side="right") - 1
    return np.asarray(np.clip(day, 0, len(problem.dates) - 1), np.int64)


def _first_day_over(problem: Problem, wet_t: Floats) -> int:
    """The first day after which more grain waits than may; -1: none."""
    given_t = np.zeros(len(wet_t)) if problem.dry_given_t is None else problem.dry_given_t
    waiting_t = 0.0
    for day, fresh_t in enumerate(wet_t + given_t):
        waiting_t = max(0.0, waiting_t + fresh_t - problem.dry_t_day[day])
        if waiting_t > problem.dry_hold_t + HOLD_SLACK_T:
            return day
    return -1


def _worth_fen(problem: Problem, timed: Timed) -> Floats:
    """(j,) value less loss and work; what the way costs is left out."""
    worth_fen = np.zeros(len(problem.job_first))
    for m, route in enumerate(timed):
        c = problem.machine_class[m]
        for stop in route:
            j = problem.part_job[stop.part]
            late_d = (stop.end_s - problem.part_due_s[stop.part]) / SECONDS_PER_DAY
            share = problem.region.loss_curves[problem.part_curve[stop.part]].share(late_d)
            worth_fen[j] += problem.part_value_fen[stop.part] * (1 - share)
            worth_fen[j] -= problem.work_s[c, stop.part] * problem.class_fen_s[c]
    return worth_fen


def _wet_t(problem: Problem, timed: Timed) -> Floats:
    """(j, d) wet tonnes by job and by the day on which they come."""
    wet_t = np.zeros((len(problem.job_first), len(problem.dates)))
    for stop in (stop for route in timed for stop in route):
        wet_t[problem.part_job[stop.part], days_of(problem, stop.end_s)] += problem.part_wet_t[stop.part]
    return wet_t


def _with_followers(problem: Problem, amount: Floats) -> Floats:
    """(j,) sum of an amount over each job and all that come after it."""
    depth, total = chain_depth(problem), amount.copy()
    for level in range(int(depth.max(initial=0)), 0, -1):
        mine = depth == level
        np.add.at(total, problem.job_after[mine], total[mine])
    return total


def _after(problem: Problem, job: int) -> Bools:
    """(j,) a job and all that come after it."""
    found = np.arange(len(problem.job_after)) == job
    while True:
        more = found | ((problem.job_after >= 0) & found[problem.job_after])
        if (more == found).all():
            return np.asarray(found)
        found = more
