"""The simplest crew: whoever is free first drives to the nearest field that waits."""

import math

import numpy as np
from numba import njit

from nongshi.dispatch.engines.append import (
    Standing,
    append_job,
    job_end,
    job_opens,
    make_standing,
    standing_solution,
)
from nongshi.dispatch.engines.tables import Tables, end_moment_s, make_tables, move_s, part_fen, road_km
from nongshi.dispatch.problem import Bools, Floats, Ints, Problem
from nongshi.dispatch.solution import Solution


def plan_nearest(problem: Problem, crew: Ints, *, seed: int = 1) -> Solution:
    """The machine that is free first takes the nearest open job it can end in its window, again and again.

    Open: `open` has come, and the job before it has ended, when the machine would arrive, and the dryers have room.
    Where none is open it takes the one it has to wait for least. A machine that found nothing is called again when
    a job that it could do is no longer kept waiting by another. `seed` changes nothing.
    """
    tables = make_tables(problem, crew)
    standing = make_standing(problem, tables)
    followers, first = _followers(problem)
    _take_nearest(tables, standing, np.zeros(len(problem.job_first), np.bool_), followers, first)
    return standing_solution(problem, crew, standing)


def _followers(problem: Problem) -> tuple[Ints, Ints]:
    """Jobs that follow others, by the job before; those of job j stand at first[j]:first[j + 1]."""
    jobs = np.flatnonzero(problem.job_after >= 0)
    jobs = jobs[np.argsort(problem.job_after[jobs], kind="stable")]
    return jobs, np.searchsorted(problem.job_after[jobs], np.arange(len(problem.job_after) + 1)).astype(np.int64)


@njit(cache=True, nogil=True)
def _take_nearest(t: Tables, s: Standing, taken: Bools, followers: Ints, follows: Ints) -> None:
    machines = len(s.place)
    free_s = np.full(machines, math.inf)
    for m in range(machines):
        if t.clock_count[m] > 0:
            free_s[m] = t.clock_start_s[m, 0]
    while machines > 0:
        m = int(np.argmin(free_s))
        if not math.isfinite(free_s[m]):
            break
        job = _choose_job(t, s, m, taken)
        if job < 0:
            free_s[m] = math.inf
            continue
        taken[job] = True
        append_job(t, s, m, job)
        free_s[m] = end_moment_s(t, m, s.now[m])
        for follower in followers[follows[job] : follows[job + 1]]:
            _call_idle(t, s, follower, free_s)


@njit(cache=True, nogil=True)
def _call_idle(t: Tables, s: Standing, job: int, free_s: Floats) -> None:
    """Of the machines that found nothing, call the one that could end a job first."""
    best, best_s = -1, math.inf
    for m in range(len(free_s)):
        if t.clock_count[m] == 0 or math.isfinite(free_s[m]) or not _is_worth(t, s, m, job):
            continue
        end_s = end_moment_s(t, m, job_end(t, s, m, job, False))
        if end_s < best_s:
            best, best_s = m, end_s
    if best >= 0:
        free_s[best] = end_moment_s(t, best, s.now[best])


@njit(cache=True, nogil=True)
def _is_worth(t: Tables, s: Standing, m: int, job: int) -> bool:
    """Whether a machine can end a job in its window, and brings more by it than the way costs."""
    c, first = t.machine_class[m], t.job_first[job]
    if not math.isfinite(t.work_s[c, first]):
        return False
    end = job_end(t, s, m, job, False)
    if end == math.inf:
        return False
    km = road_km(t, s.place[m], t.part_place[first])
    return bool(t.job_parts[job] * part_fen(t, m, first, end) > km * t.class_fen_km[c])


@njit(cache=True, nogil=True)
def _choose_job(t: Tables, s: Standing, m: int, taken: Bools) -> int:
    """The nearest open job, else the one that has to be waited for least; -1: none."""
    c, place = t.machine_class[m], s.place[m]
    best, best_wait, best_km = -1, math.inf, math.inf
    for job in range(len(taken)):
        first = t.job_first[job]
        if taken[job] or not math.isfinite(t.work_s[c, first]):
            continue
        opens = job_opens(t, s, m, job)
        if opens == math.inf:
            continue
        km = road_km(t, place, t.part_place[first])
        arrive = s.now[m] + move_s(t, c, km, place, t.part_place[first])
        wait = max(0.0, opens - arrive)
        if wait > best_wait or (wait == best_wait and km >= best_km):
            continue
        if not _is_worth(t, s, m, job):
            continue
        if t.part_wet_t[first] > 0.0:  # the dryers may make it wait as well
            late = job_end(t, s, m, job, False) - arrive - t.job_parts[job] * t.work_s[c, first]
            wait = late if late > wait + 1.0 else wait
            if wait > best_wait or (wait == best_wait and km >= best_km):
                continue
        best, best_wait, best_km = job, wait, km
    return best
