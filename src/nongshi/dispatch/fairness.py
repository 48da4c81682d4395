"""Small and remote fields wait no longer than a stated bound beyond the mean; measured, and priced where broken.

A job waits from its opening (or the plan's first day) until its work ends; one left out waits until its window closes.
"""

from dataclasses import replace

import numpy as np

from nongshi.core.plan import Waits
from nongshi.core.units import SECONDS_PER_DAY
from nongshi.dispatch.problem import Bools, Floats, Problem, Wishes
from nongshi.dispatch.solution import Solution, time_routes

EXTRA_D_MAX = 1.0  # assumption: days that small or remote fields may wait longer than the mean
QUARTER = 0.25  # the smallest and the most remote quarter of the jobs
PRICE_SHARE_DAY = 0.02  # first price of a day's wait as a share of the mean part's value; doubled while it is too low


def measure_waits(problem: Problem, solution: Solution) -> Waits:
    """Mean waits of all jobs, of the smallest and of the most remote quarter, in days."""
    wait_d = _wait_d(problem, solution)
    small, remote = small_jobs(problem), remote_jobs(problem)

    def mean(of: Bools) -> float:
        return round(float(wait_d[of].mean()), 4) if of.any() else 0.0

    return Waits(
        mean_d=mean(np.ones(len(wait_d), bool)), small_d=mean(small), remote_d=mean(remote), extra_d_max=EXTRA_D_MAX
    )


def wait_wishes(problem: Problem, waits: Waits, turn: int) -> Wishes | None:
    """A price on the waiting of those who wait too long, doubled each turn; None: nobody does."""
    groups = [
        group
        for group, wait_d in ((small_jobs(problem), waits.small_d), (remote_jobs(problem), waits.remote_d))
        if wait_d > waits.mean_d + waits.extra_d_max
    ]
    if not groups:
        return None
    parts = np.logical_or.reduce(groups)[problem.part_job]
    price = 2.0**turn * PRICE_SHARE_DAY * float(problem.part_value_fen.mean()) / SECONDS_PER_DAY
    return price_waits(problem, np.where(parts, price, 0.0))


def price_waits(problem: Problem, fen_s: Floats) -> Wishes:
    """The problem's wishes with a price on every second from a part's opening to its end; (p,) fen a second.

    A part left out waits longest of all: as long as its window.
    """
    parts = len(problem.part_job)
    nobody = np.full(parts, -1, np.int64)
    wishes = problem.wishes or Wishes(
        keep_fen=np.zeros(parts),
        wait_fen_s=np.zeros(parts),
        promised_machine=nobody,
        promised_start_s=np.zeros(parts),
        promised_end_s=np.zeros(parts),
        promised_day=nobody,
        machine_fen=0.0,
        day_fen=0.0,
        hour_fen=0.0,
        crew_fixed=np.zeros(problem.day_start_s.shape, bool),
    )
    window_s = np.maximum(0.0, problem.part_close_s - problem.part_open_s)
    return replace(wishes, wait_fen_s=fen_s, keep_fen=wishes.keep_fen + fen_s * window_s)


def small_jobs(problem: Problem) -> Bools:
    """(j,) the quarter of the jobs with the least area."""
    area_ha = np.bincount(problem.part_job, weights=problem.part_area_ha, minlength=len(problem.job_first))
    return _lowest_quarter(np.asarray(area_ha, float))


def remote_jobs(problem: Problem) -> Bools:
    """(j,) the quarter of the jobs whose field is farthest from the nearest yard of a machine that could come."""
    far_km = np.zeros(len(problem.job_first))
    places = problem.part_place[problem.job_first]
    yards = problem.yard0 + np.arange(len(problem.machine_class))
    able = np.isfinite(problem.work_s[problem.machine_class][:, problem.job_first])
    for begin in range(0, len(places), 512):  # never the whole matrix
        some = slice(begin, begin + 512)
        km = np.where(able[:, some], problem.km(yards, places[some]), np.inf)
        far_km[some] = km.min(axis=0, initial=np.inf)
    return _lowest_quarter(-np.where(np.isfinite(far_km), far_km, 0.0))


def _lowest_quarter(measure: Floats) -> Bools:
    chosen = np.zeros(len(measure), bool)
    chosen[np.argsort(measure, kind="stable")[: int(QUARTER * len(measure))]] = True
    return chosen


def _wait_d(problem: Problem, solution: Solution) -> Floats:
    """(j,) days."""
    first = problem.job_first
    end_s = problem.part_close_s[first].copy()
    served = np.full(len(first), -np.inf)
    for stop in (stop for timed in time_routes(problem, solution) for stop in timed):
        j = problem.part_job[stop.part]
        served[j] = max(served[j], stop.end_s)
    end_s = np.where(np.isfinite(served), served, end_s)
    return np.asarray(np.maximum(0.0, end_s - problem.part_open_s[first]) / SECONDS_PER_DAY)
