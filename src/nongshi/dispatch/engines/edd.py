"""The phone dispatcher: jobs by due date, each to the nearest machine that can still end it on time.

This is what a good dispatcher does with a telephone and a map, and the baseline that every figure is compared with.
"""

import math

import numpy as np
from numba import njit

from nongshi.dispatch.engines.append import Standing, append_job, job_end, make_standing, standing_solution
from nongshi.dispatch.engines.tables import Tables, end_moment_s, make_tables, part_fen, road_km
from nongshi.dispatch.problem import Bools, Floats, Ints, Problem
from nongshi.dispatch.solution import Solution
from nongshi.geo.distance import km_between


def plan_edd(problem: Problem, crew: Ints, *, seed: int = 1) -> Solution:
    """Jobs by due date, each appended to one machine's route; nothing is ever moved again.

    The machine: the nearest (from where it then stands) of those that end the job by `due`, else the one that ends
    it first inside the window. No machine, or none that is worth its way: the job is left out. A job that follows
    another comes after it in the order; where the dryers are full the machine waits. `seed` changes nothing.
    """
    tables = make_tables(problem, crew)
    standing = make_standing(problem, tables)
    if len(problem.job_first):
        _append_by_due(tables, standing, _due_order(problem))
    return standing_solution(problem, crew, standing)


def chain_depth(problem: Problem) -> Ints:
    """(j,) how many jobs must be done before each, one after another."""
    after, depth = problem.job_after, np.zeros(len(problem.job_after), np.int64)
    while True:
        deeper = np.where(after >= 0, depth[after] + 1, 0)
        if (deeper == depth).all() or deeper.max() >= len(after):  # a circle: none of its jobs is ever served
            return depth
        depth = deeper


def _due_order(problem: Problem) -> Ints:
    """Jobs by due date; one that follows another is due no earlier than that."""
    first, after, depth = problem.job_first, problem.job_after, chain_depth(problem)
    due_s = problem.part_due_s[first].copy()
    for level in range(1, int(depth.max()) + 1):
        mine = depth == level
        due_s[mine] = np.maximum(due_s[mine], due_s[after[mine]])
    return np.asarray(np.lexsort((np.arange(len(first)), problem.part_close_s[first], depth, due_s)))


@njit(cache=True, nogil=True)
def _append_by_due(t: Tables, s: Standing, order: Ints) -> None:
    for job in order:
        m = _choose_machine(t, s, job)
        if m >= 0:
            append_job(t, s, m, job)


@njit(cache=True, nogil=True)
def _choose_machine(t: Tables, s: Standing, job: int) -> int:
    """The machine for a whole job; -1: none."""
    first = t.job_first[job]
    best, best_km, best_late, best_on_time = -1, math.inf, math.inf, False
    for m in range(len(s.place)):
        c = t.machine_class[m]
        if t.clock_count[m] == 0 or not math.isfinite(t.work_s[c, first]):
            continue
        km = road_km(t, s.place[m], t.part_place[first])
        if best_on_time and km >= best_km:
            continue
        end = job_end(t, s, m, job, False)
        if end == math.inf:
            continue
        end_s = end_moment_s(t, m, end)
        on_time = end_s <= t.part_due_s[first]
        if not on_time and (best_on_time or end_s >= best_late):
            continue
        if t.job_parts[job] * part_fen(t, m, first, end) <= km * t.class_fen_km[c]:
            continue
        best, best_km, best_on_time = m, km, on_time
        best_late = -math.inf if on_time else end_s
    return best


def simple_roster(problem: Problem) -> Ints:
    """(m, d) operator or -1, by simple rules: own people first in id order, then idle shared ones to the nearest.

    Every cooperative puts its licensed people on its machines in the order of their ids, day by day; who is
    shared and idle then helps the nearest cooperative (by its yards' middle) that lacks one.
    """
    region = problem.region
    crew = np.full(problem.day_start_s.shape, -1, np.int64)
    machines = sorted(range(len(region.machines)), key=lambda m: region.machines[m].id)
    operators = sorted(range(len(region.operators)), key=lambda o: region.operators[o].id)
    far_km = _owner_km(problem)
    for day in range(len(problem.dates)):
        may = problem.may_drive_matrix(day)
        idle = [o for o in operators if may[o].any()]
        for m in machines:
            own = [o for o in idle if may[o, m] and problem.operator_owner[o] == problem.machine_owner[m]]
            if own:
                crew[m, day] = own[0]
                idle.remove(own[0])
        _lend(problem, crew, day, may, [o for o in idle if problem.operator_shared[o]], machines, far_km)
    return crew


def _lend(
    problem: Problem, crew: Ints, day: int, may: Bools, idle: list[int], machines: list[int], far_km: Floats
) -> None:
    """Idle shared operators, in id order, each to a machine of the nearest cooperative that lacks one."""
    for o in idle:
        lacking = [m for m in machines if crew[m, day] < 0 and may[o, m]]
        if lacking:
            km = far_km[problem.operator_owner[o], problem.machine_owner[lacking]]
            crew[lacking[int(np.argmin(km))], day] = o


def _owner_km(problem: Problem) -> Floats:
    """(owners, owners) km between the middles of their yards; an owner without machines is equally near to all."""
    owners = int(max([*problem.machine_owner.tolist(), *problem.operator_owner.tolist()], default=-1)) + 1
    middle = np.full((owners, 2), np.nan)
    for owner in range(owners):
        mine = problem.yard0 + np.flatnonzero(problem.machine_owner == owner)
        if len(mine):
            middle[owner] = problem.place_lon[mine].mean(), problem.place_lat[mine].mean()
    km = km_between(middle[:, None, 0], middle[:, None, 1], middle[None, :, 0], middle[None, :, 1])
    return np.nan_to_num(km, nan=0.0)
