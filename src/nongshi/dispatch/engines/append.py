"""Appending a job to a machine's route, with the job before it and the dryers: what the simple dispatchers share.

Nothing that stands is ever moved, so times are final when a job is appended; `solution.time_routes` finds the same.
Wet grain counts on the day on which its part ends. A part whose day is full ends on the next day with room: the
machine waits for that day and the day is noted, so that whoever times the routes anew waits as well.
"""

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from nongshi.dispatch.engines.tables import Tables, end_moment_s, make_matrix, make_solution, move_s, road_km, worked_s
from nongshi.dispatch.problem import Floats, Ints, Problem
from nongshi.dispatch.solution import WAIT_MARGIN_S, Solution

DRY_SPARE_T = 2e-6  # wet tonnes a day kept free, for rounding


class Standing(NamedTuple):
    """What has been appended so far, and where that leaves machines and dryers."""

    matrix: Ints  # (m, p + 1) parts in order
    length: Ints
    place: Ints  # (m,) where each machine stands
    now: Floats  # (m,) working time at which it is free
    job_end_s: Floats  # (j,) moment; inf: not served
    end_day: Ints  # (p,) day waited for, or -1
    part_day: Ints  # (p,) day on which the grain of an appended or tried part counts
    wet_t: Floats  # (d,)
    waiting_t: Floats  # (d,) over the night that follows


def make_standing(problem: Problem, t: Tables) -> Standing:
    """Every machine at its yard, nothing served."""
    machines, parts = len(problem.machine_class), len(problem.part_job)
    matrix, length = make_matrix(problem, tuple(() for _ in range(machines)))
    standing = Standing(
        matrix,
        length,
        t.yard0 + np.arange(machines),
        np.zeros(machines),
        np.full(len(problem.job_first), math.inf),
        np.full(parts, -1, np.int64),
        np.full(parts, -1, np.int64),
        t.dry_given_t.copy(),
        np.zeros(len(problem.dates)),
    )
    fill_dryers(t, standing, 0)
    return standing


def standing_solution(problem: Problem, crew: Ints, standing: Standing) -> Solution:
    """The solution of what has been appended."""
    end_day = standing.end_day if problem.dries else None
    return make_solution(crew, standing.matrix, standing.length, end_day)


@njit(cache=True, nogil=True)
def append_job(t: Tables, s: Standing, m: int, job: int) -> None:
    """Append all parts of a job that :func:`job_end` allows."""
    first, end = t.job_first[job], job_end(t, s, m, job, True)
    for part in range(first, first + t.job_parts[job]):
        s.matrix[m, s.length[m]] = part
        s.length[m] += 1
    s.place[m], s.now[m] = t.part_place[first], end
    s.job_end_s[job] = end_moment_s(t, m, end)


@njit(cache=True, nogil=True)
def job_opens(t: Tables, s: Standing, m: int, job: int) -> float:
    """Working time from which machine m may begin a job; inf while the job before is not served."""
    opens = worked_s(t, m, t.part_open_s[t.job_first[job]])
    before = t.job_after[job]
    if before < 0:
        return opens
    if s.job_end_s[before] == math.inf:
        return math.inf
    return max(opens, worked_s(t, m, s.job_end_s[before] + t.job_after_s[job]))


@njit(cache=True, nogil=True)
def job_end(t: Tables, s: Standing, m: int, job: int, keep: bool) -> float:
    """Working time at which machine m ends all parts of a job in a row; inf: not inside its window.

    keep: the grain stays counted and the days waited for are noted, as for a job that is appended.
    """
    c, first = t.machine_class[m], t.job_first[job]
    last = first + t.job_parts[job]
    opens, closes = job_opens(t, s, m, job), worked_s(t, m, t.part_close_s[first])
    to = t.part_place[first]
    now = max(opens, s.now[m] + move_s(t, c, road_km(t, s.place[m], to), s.place[m], to))
    if now + t.job_parts[job] * t.work_s[c, first] > closes:
        return math.inf
    counted = first
    while counted < last:
        now += t.work_s[c, counted]
        waited = -1
        if t.part_wet_t[counted] > 0.0:
            now, waited = dried_end(t, s, m, counted, now)
        if now > closes:
            now = math.inf
            break
        if t.part_wet_t[counted] > 0.0:
            count_wet(t, s, counted, day_of(t, end_moment_s(t, m, now)))
        if keep:
            s.end_day[counted] = waited
        counted += 1
    if not keep:
        for part in range(first, counted):
            count_wet(t, s, part, -1)
    return float(now)


@njit(cache=True, nogil=True)
def dried_end(t: Tables, s: Standing, m: int, part: int, now: float) -> tuple[float, int]:
    """(working time, day waited for or -1) at which the grain of a part can be in; time inf: never."""
    days, n, waited = len(s.wet_t), t.clock_count[m], -1
    total = t.clock_before_s[m, n - 1] + t.clock_end_s[m, n - 1] - t.clock_start_s[m, n - 1]
    while now <= total:
        day = day_of(t, end_moment_s(t, m, now))
        room = first_room(t, s, t.part_wet_t[part], day)
        if room == day:
            return now, waited
        if room >= days:
            break
        waited, now = room, worked_s(t, m, t.day_start_s[m, room]) + WAIT_MARGIN_S
    return math.inf, waited


@njit(cache=True, nogil=True)
def day_of(t: Tables, moment_s: float) -> int:
    """The day of a moment as it will be written, in whole seconds; the horizon's end belongs to the last."""
    written_s, day = np.rint(moment_s), len(t.midnight_s) - 2
    while day > 0 and t.midnight_s[day] > written_s:
        day -= 1
    return day


@njit(cache=True, nogil=True)
def first_room(t: Tables, s: Standing, wet_t: float, day: int) -> int:
    """First day from `day` on at which the dryers take so many tonnes more; the number of days: none."""
    days = len(s.wet_t)
    for first in range(day, days):
        before = s.waiting_t[first - 1] if first > 0 else 0.0
        extra, fits = wet_t, True
        for d in range(first, days):
            before = max(0.0, before + s.wet_t[d] + extra - t.dry_t_day[d] + DRY_SPARE_T)
            extra = 0.0
            if before > t.dry_hold_t:
                fits = False
                break
            if before <= s.waiting_t[d]:
                break
        if fits:
            return first
    return days


@njit(cache=True, nogil=True)
def count_wet(t: Tables, s: Standing, part: int, day: int) -> None:
    """Count the grain of a part on a day; -1: on none."""
    old = s.part_day[part]
    if old >= 0:
        s.wet_t[old] -= t.part_wet_t[part]
        fill_dryers(t, s, old)
    if day >= 0:
        s.wet_t[day] += t.part_wet_t[part]
        fill_dryers(t, s, day)
    s.part_day[part] = day


@njit(cache=True, nogil=True)
def fill_dryers(t: Tables, s: Standing, from_day: int) -> None:
    """Grain waiting over night, from a day on."""
    before = s.waiting_t[from_day - 1] if from_day > 0 else 0.0
    for d in range(from_day, len(s.wet_t)):
        before = max(0.0, before + s.wet_t[d] - t.dry_t_day[d])
        s.waiting_t[d] = before
