"""The simplest crew: whoever is free first drives to the nearest field that waits."""

import math

import numpy as np
from numba import njit

from nongshi.dispatch.engines.tables import (
    Tables,
    end_moment_s,
    make_matrix,
    make_solution,
    make_tables,
    move_s,
    part_fen,
    road_km,
    worked_s,
)
from nongshi.dispatch.problem import Bools, Ints, Problem
from nongshi.dispatch.solution import Solution


def plan_nearest(problem: Problem, crew: Ints, *, seed: int = 1) -> Solution:
    """The machine that is free first takes the nearest open job it can end in its window, again and again.

    Open: `open` has come when the machine would arrive. Where none is open it waits for the one it can start first.
    `seed` changes nothing.
    """
    tables = make_tables(problem, crew)
    matrix, length = make_matrix(problem, tuple(() for _ in problem.machine_class))
    _take_nearest(tables, np.zeros(len(problem.job_first), np.bool_), matrix, length)
    return make_solution(crew, matrix, length)


@njit(cache=True, nogil=True)
def _take_nearest(t: Tables, taken: Bools, matrix: Ints, length: Ints) -> None:
    machines = len(length)
    place, now, free_s = t.yard0 + np.arange(machines), np.zeros(machines), np.full(machines, math.inf)
    for m in range(machines):
        if t.clock_count[m] > 0:
            free_s[m] = t.clock_start_s[m, 0]
    while machines > 0:
        m = int(np.argmin(free_s))
        if not math.isfinite(free_s[m]):
            break
        job, end = _choose_job(t, m, place[m], now[m], taken)
        if job < 0:
            free_s[m] = math.inf
            continue
        taken[job] = True
        for part in range(t.job_first[job], t.job_first[job] + t.job_parts[job]):
            matrix[m, length[m]] = part
            length[m] += 1
        place[m], now[m], free_s[m] = t.part_place[t.job_first[job]], end, end_moment_s(t, m, end)


@njit(cache=True, nogil=True)
def _choose_job(t: Tables, m: int, place: int, now: float, taken: Bools) -> tuple[int, float]:
    """The nearest open job, else the one that can start first, and the working time at its end; -1: none."""
    c = t.machine_class[m]
    best, best_end, best_wait, best_km = -1, 0.0, math.inf, math.inf
    for job in range(len(taken)):
        first = t.job_first[job]
        if taken[job] or not math.isfinite(t.work_s[c, first]):
            continue
        km = road_km(t, place, t.part_place[first])
        arrive = now + move_s(t, c, km, place, t.part_place[first])
        wait = max(0.0, worked_s(t, m, t.part_open_s[first]) - arrive)
        if wait > best_wait or (wait == best_wait and km >= best_km):
            continue
        end = arrive + wait + t.job_parts[job] * t.work_s[c, first]
        if end > worked_s(t, m, t.part_close_s[first]):
            continue
        if t.job_parts[job] * part_fen(t, m, first, end) <= km * t.class_fen_km[c]:
            continue
        best, best_end, best_wait, best_km = job, end, wait, km
    return best, best_end
