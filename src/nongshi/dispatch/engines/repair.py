"""Any engine's sequences made into a plan that keeps every rule, then filled up where there is room.

Engines that cannot model a rule (nights, short shifts, parts all or none) lose by it; all of them pass through
here, so that a comparison measures their search and not their modelling alone.
"""

import math
from collections.abc import Sequence

import numpy as np
from numba import njit

from nongshi.dispatch.engines.tables import (
    Tables,
    check_plain,
    make_matrix,
    make_solution,
    make_tables,
    move_s,
    part_fen,
    road_km,
    worked_s,
)
from nongshi.dispatch.problem import Bools, Floats, Ints, Problem
from nongshi.dispatch.solution import Solution

PASSES_MAX = 5  # assumption: later passes hardly ever find room


def repair(problem: Problem, crew: Ints, routes: Sequence[Sequence[int]]) -> Solution:
    """Exact times for given sequences; what cannot be kept goes, what still fits and pays comes in.

    Parts that cannot be ended in their window are dropped. Jobs then served in some parts only are completed where
    that pays, else dropped. Last, unserved jobs go where they cost least, most value per hour of work first.

    Args:
        routes: for each machine its parts in order; may break windows, repeat parts or leave parts of a job out.

    Raises:
        NotPlannable: the problem has chains or dryers. An insertion there shifts jobs on other routes, which this
            does not follow; simple rules only append.
    """
    check_plain(problem, "the repair")
    tables = make_tables(problem, crew)
    matrix, length = make_matrix(problem, tuple(_without_repeats(routes)))
    while _drop_late(tables, matrix, length):
        pass
    _fill(tables, matrix, length, _order(problem))
    return make_solution(crew, matrix, length)


def _without_repeats(routes: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    seen: set[int] = set()
    kept = []
    for route in routes:
        fresh = [part for part in dict.fromkeys(route) if part not in seen]
        seen.update(fresh)
        kept.append(tuple(fresh))
    return kept


def _order(problem: Problem) -> Ints:
    """Jobs by value per hour of the fastest work, best first."""
    first = problem.job_first
    if not len(first):
        return first
    fastest_s = problem.work_s[:, first].min(axis=0)
    return np.asarray(np.argsort(-problem.part_value_fen[first] / np.maximum(fastest_s, 1e-9), kind="stable"))


@njit(cache=True, nogil=True)
def _drop_late(t: Tables, matrix: Ints, length: Ints) -> int:
    """Drop each stop that cannot be ended in its window where it stands; how many were dropped."""
    dropped = 0
    for m in range(len(length)):
        c, place, now, kept = t.machine_class[m], t.yard0 + m, 0.0, 0
        for k in range(length[m]):
            part = matrix[m, k]
            arrive = now + move_s(t, c, road_km(t, place, t.part_place[part]), place, t.part_place[part])
            end = max(arrive, worked_s(t, m, t.part_open_s[part])) + t.work_s[c, part]
            if not end <= worked_s(t, m, t.part_close_s[part]):
                dropped += 1
                continue
            place, now = t.part_place[part], end
            matrix[m, kept] = part
            kept += 1
        matrix[m, kept : length[m]] = -1
        length[m] = kept
    return dropped


@njit(cache=True, nogil=True)
def _fill(t: Tables, matrix: Ints, length: Ints, order: Ints) -> None:
    """Complete or drop the jobs served in some parts, then insert what pays."""
    served = np.zeros(len(t.part_job), np.bool_)
    for m in range(len(length)):
        for k in range(length[m]):
            served[matrix[m, k]] = True
    for job in order:
        count = _count(t, served, job)
        if 0 < count < t.job_parts[job] and not _try_job(t, matrix, length, served, job, True):
            first, last = t.job_first[job], t.job_first[job] + t.job_parts[job]
            _take_out(t, matrix, length, first, served[first:last])
            served[first:last] = False
    for _ in range(PASSES_MAX):
        inserted = 0
        for job in order:
            if _count(t, served, job) == 0 and _try_job(t, matrix, length, served, job, False):
                inserted += 1
        if inserted == 0:
            break


@njit(cache=True, nogil=True)
def _count(t: Tables, served: Bools, job: int) -> int:
    count = 0
    for part in range(t.job_first[job], t.job_first[job] + t.job_parts[job]):
        count += served[part]
    return count


@njit(cache=True, nogil=True)
def _take_out(t: Tables, matrix: Ints, length: Ints, first: int, marked: Bools) -> None:
    """Take the marked parts of the job that begins with part `first` off every route."""
    for m in range(len(length)):
        kept = 0
        for k in range(length[m]):
            i = matrix[m, k] - first
            if 0 <= i < len(marked) and marked[i]:
                continue
            matrix[m, kept] = matrix[m, k]
            kept += 1
        matrix[m, kept : length[m]] = -1
        length[m] = kept


@njit(cache=True, nogil=True)
def _try_job(t: Tables, matrix: Ints, length: Ints, served: Bools, job: int, partly: bool) -> bool:
    """Insert the missing parts of a job, each where it costs least; undone where a part fits nowhere or none pays.

    Parts already served count as gained, since they are lost if the job is not completed.
    """
    first, parts = t.job_first[job], t.job_parts[job]
    gain = _kept_fen(t, matrix, length, job) if partly else 0.0
    placed = np.zeros(parts, np.bool_)
    for i in range(parts):
        if served[first + i]:
            continue
        m, k, gain_fen = _best_place(t, matrix, length, first + i)
        if m < 0 or (parts == 1 and gain_fen <= 0.0):
            gain = -math.inf
            break
        for j in range(length[m], k, -1):
            matrix[m, j] = matrix[m, j - 1]
        matrix[m, k] = first + i
        length[m] += 1
        placed[i] = True
        gain += gain_fen
    if gain > 0.0:
        served[first : first + parts] = True
        return True
    if placed.any():
        _take_out(t, matrix, length, first, placed)
    return False


@njit(cache=True, nogil=True)
def _kept_fen(t: Tables, matrix: Ints, length: Ints, job: int) -> float:
    """Value of a job's served parts without their losses: what keeping them can be worth at most."""
    total = 0.0
    for m in range(len(length)):
        for k in range(length[m]):
            if t.part_job[matrix[m, k]] == job:
                total += t.part_value_fen[matrix[m, k]]
    return total


@njit(cache=True, nogil=True)
def _best_place(t: Tables, matrix: Ints, length: Ints, part: int) -> tuple[int, int, float]:
    """Machine, position and gain in fen of the best insertion of one part; machine -1: it fits nowhere."""
    best_m, best_k, best_fen = -1, -1, -math.inf
    for m in range(len(length)):
        c, n = t.machine_class[m], length[m]
        work = t.work_s[c, part]
        if t.clock_count[m] == 0 or not math.isfinite(work):
            continue
        opens, closes = worked_s(t, m, t.part_open_s[part]), worked_s(t, m, t.part_close_s[part])
        if opens + work > closes:
            continue
        ends, latest = _route_slack(t, m, matrix[m], n)
        for k in range(n + 1):
            if k > 0 and ends[k - 1] + work > closes:
                break
            gain = _insertion_fen(t, m, matrix[m], n, k, part, ends, latest, opens, closes)
            if gain > best_fen:
                best_m, best_k, best_fen = m, k, gain
    return best_m, best_k, best_fen


@njit(cache=True, nogil=True)
def _route_slack(t: Tables, m: int, route: Ints, n: int) -> tuple[Floats, Floats]:
    """(n,) end of each stop, and the latest end that keeps every later stop in its window."""
    c, place, now = t.machine_class[m], t.yard0 + m, 0.0
    ends, latest = np.zeros(n), np.zeros(n)
    for k in range(n):
        to = t.part_place[route[k]]
        arrive = now + move_s(t, c, road_km(t, place, to), place, to)
        now = max(arrive, worked_s(t, m, t.part_open_s[route[k]])) + t.work_s[c, route[k]]
        place, ends[k] = to, now
    after = math.inf
    for k in range(n - 1, -1, -1):
        latest[k] = min(worked_s(t, m, t.part_close_s[route[k]]), after)
        here = t.part_place[route[k]]
        before = t.part_place[route[k - 1]] if k > 0 else t.yard0 + m
        after = latest[k] - t.work_s[c, route[k]] - move_s(t, c, road_km(t, before, here), before, here)
    return ends, latest


@njit(cache=True, nogil=True)
def _insertion_fen(
    t: Tables, m: int, route: Ints, n: int, k: int, part: int, ends: Floats, latest: Floats, opens: float, closes: float
) -> float:
    """Gain in fen of one insertion before stop k; minus infinity where it breaks a window."""
    c, here = t.machine_class[m], t.part_place[part]
    before = t.part_place[route[k - 1]] if k > 0 else t.yard0 + m
    km = road_km(t, before, here)
    start = max((ends[k - 1] if k > 0 else 0.0) + move_s(t, c, km, before, here), opens)
    now = start + t.work_s[c, part]
    if now > closes:
        return -math.inf
    gain, place = part_fen(t, m, part, now) - km * t.class_fen_km[c], here
    for i in range(k, n):
        to = t.part_place[route[i]]
        km = road_km(t, place, to)
        arrive = now + move_s(t, c, km, place, to)
        now = max(arrive, worked_s(t, m, t.part_open_s[route[i]])) + t.work_s[c, route[i]]
        if now > latest[i]:
            return -math.inf
        if i == k:
            gain -= (km - road_km(t, before, to)) * t.class_fen_km[c]
        if now <= ends[i]:
            break
        gain += part_fen(t, m, route[i], now) - part_fen(t, m, route[i], ends[i])
        place = to
    return float(gain)
