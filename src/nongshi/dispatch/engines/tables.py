"""A problem and a crew as plain arrays for compiled loops, and the small compiled rules that every engine needs.

Times inside a route are *working time* of the machine's own clock (nights, rain and absent days cut out);
the readable version of the same rules is :mod:`nongshi.dispatch.solution`, and the tests hold the two together.
"""

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from nongshi.core.errors import NotPlannable
from nongshi.dispatch.problem import Floats, Ints, Problem
from nongshi.dispatch.solution import CLOCK_EPS_S, Solution, make_clock, price_solution
from nongshi.geo.distance import EARTH_RADIUS_KM


class Tables(NamedTuple):
    """Arrays of one problem under one crew; shapes as in Problem, plus n intervals of each machine's clock."""

    job_first: Ints
    job_parts: Ints
    part_job: Ints
    part_place: Ints
    part_value_fen: Floats
    part_open_s: Floats
    part_due_s: Floats
    part_close_s: Floats
    part_curve: Ints
    work_s: Floats  # (c, p)
    curve_late_s: Floats
    curve_share: Floats
    curve_slope: Floats
    place_xyz: Floats  # (q, 3) on a sphere of road kilometres, detour included
    yard0: int
    radius_km: float
    place_km: Floats  # (q, q) over the road; (0, 0): great circles
    machine_class: Ints
    class_km_s: Floats
    class_load_s: Floats
    class_fen_km: Floats
    class_fen_s: Floats
    clock_start_s: Floats  # (m, n)
    clock_end_s: Floats
    clock_before_s: Floats
    clock_count: Ints  # (m,) intervals in use
    midnight_s: Floats  # (d + 1,)
    day_start_s: Floats  # (m, d)
    # chains and dryers; the price of whole routes (`routes_fen`) does not look at them
    job_after: Ints
    job_after_s: Floats
    part_wet_t: Floats  # all 0 where dryers limit nothing
    dry_t_day: Floats  # (d,)
    dry_hold_t: float
    dry_given_t: Floats  # (d,) comes from elsewhere


def make_tables(problem: Problem, crew: Ints) -> Tables:
    """Arrays for the compiled loops."""
    machines, day_count = len(problem.machine_class), len(problem.dates)
    start_s, end_s, before_s = (np.zeros((machines, max(1, day_count))) for _ in range(3))
    count = np.zeros(machines, np.int64)
    for m in range(machines):
        clock = make_clock(problem, crew, m)
        n = len(clock.start_s)
        start_s[m, :n], end_s[m, :n], before_s[m, :n], count[m] = clock.start_s, clock.end_s, clock.before_s, n
    return Tables(
        problem.job_first,
        problem.job_parts,
        problem.part_job,
        problem.part_place,
        problem.part_value_fen,
        problem.part_open_s,
        problem.part_due_s,
        problem.part_close_s,
        problem.part_curve,
        problem.work_s,
        problem.curve_late_s,
        problem.curve_share,
        problem.curve_slope,
        _unit_vectors(problem.place_lon, problem.place_lat),
        problem.yard0,
        EARTH_RADIUS_KM * problem.detour,
        _place_km(problem),
        problem.machine_class,
        problem.class_km_s,
        problem.class_load_s,
        problem.class_fen_km,
        problem.class_fen_s,
        start_s,
        end_s,
        before_s,
        count,
        problem.midnight_s,
        problem.day_start_s,
        problem.job_after,
        problem.job_after_s,
        problem.part_wet_t if problem.dries else np.zeros(len(problem.part_job)),
        problem.dry_t_day,
        float(problem.dry_hold_t),
        np.zeros(day_count) if problem.dry_given_t is None else problem.dry_given_t,
    )


def _place_km(problem: Problem) -> Floats:
    places = np.arange(0 if problem.roads is None else len(problem.place_lon))
    return problem.km(places, places)


def _unit_vectors(lon: Floats, lat: Floats) -> Floats:
    phi, lam = np.radians(lat), np.radians(lon)
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=1)


def make_matrix(problem: Problem, routes: tuple[tuple[int, ...], ...]) -> tuple[Ints, Ints]:
    """Routes as (m, p + 1) part indices padded with -1, and their lengths."""
    length = np.array([len(route) for route in routes], np.int64)
    matrix = np.full((len(routes), len(problem.part_job) + 1), -1, np.int64)
    for m, route in enumerate(routes):
        matrix[m, : len(route)] = route
    return matrix, length


def make_solution(crew: Ints, matrix: Ints, length: Ints, end_day: Ints | None = None) -> Solution:
    """The solution of a route matrix."""
    routes = tuple(tuple(matrix[m, : length[m]].tolist()) for m in range(len(length)))
    return Solution(crew=crew, routes=routes, end_day=end_day)


def check_plain(problem: Problem, engine: str) -> None:
    """Refuse a problem with rules that a reference engine does not know.

    Raises:
        NotPlannable: jobs that wait for others, or dryers.
    """
    if problem.chained or problem.dries:
        rule = "jobs that follow others (after_job_id)" if problem.chained else "dryers (dryers.csv)"
        raise NotPlannable(
            f"{problem.region.name} has {rule}, which {engine} does not know; plan it with own, edd or nearest"
        )


@njit(cache=True, nogil=True)
def road_km(t: Tables, place1: int, place2: int) -> float:
    """Road distance: great circle from the chord, as geo.distance says, times the detour."""
    if place1 == place2:
        return 0.0
    if t.place_km.shape[0] > 0:
        return float(t.place_km[place1, place2])
    a, b = t.place_xyz[place1], t.place_xyz[place2]
    chord = math.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2)
    return 2.0 * t.radius_km * math.asin(min(1.0, chord / 2.0))


@njit(cache=True, nogil=True)
def move_s(t: Tables, c: int, km: float, place1: int, place2: int) -> float:
    """Moving time of a class between two places; none between stops of one field."""
    if place1 == place2:
        return 0.0
    return float(km / t.class_km_s[c] + t.class_load_s[c])


@njit(cache=True, nogil=True)
def worked_s(t: Tables, m: int, moment_s: float) -> float:
    """Working time of a machine that has passed at a moment."""
    for i in range(t.clock_count[m] - 1, -1, -1):
        if moment_s > t.clock_start_s[m, i]:
            return float(t.clock_before_s[m, i] + min(moment_s, t.clock_end_s[m, i]) - t.clock_start_s[m, i])
    return 0.0


@njit(cache=True, nogil=True)
def end_moment_s(t: Tables, m: int, worked: float) -> float:
    """The first moment at which a working time has passed: when something ends."""
    for i in range(t.clock_count[m] - 1, 0, -1):
        if worked > t.clock_before_s[m, i] + CLOCK_EPS_S:
            return float(t.clock_start_s[m, i] + worked - t.clock_before_s[m, i])
    return float(t.clock_start_s[m, 0] + worked)


@njit(cache=True, nogil=True)
def loss_share(t: Tables, part: int, end_s: float) -> float:
    """Share of a part's value lost when its work ends at a moment."""
    late_s = end_s - t.part_due_s[part]
    if late_s <= 0.0:
        return 0.0
    k, i = t.part_curve[part], 0
    while i + 1 < t.curve_late_s.shape[1] and t.curve_late_s[k, i + 1] <= late_s:
        i += 1
    return float(min(1.0, t.curve_share[k, i] + t.curve_slope[k, i] * (late_s - t.curve_late_s[k, i])))


@njit(cache=True, nogil=True)
def part_fen(t: Tables, m: int, part: int, end_worked_s: float) -> float:
    """What a part is worth when machine m ends it then: value less loss less the work's cost."""
    share = loss_share(t, part, end_moment_s(t, m, end_worked_s))
    c = t.machine_class[m]
    return float(t.part_value_fen[part] * (1.0 - share) - t.work_s[c, part] * t.class_fen_s[c])


@njit(cache=True, nogil=True)
def routes_fen(t: Tables, matrix: Ints, length: Ints) -> float:
    """Objective of routes, fen; minus infinity where a stop cannot be ended in its window."""
    total = 0.0
    for m in range(len(length)):
        c, place, now = t.machine_class[m], t.yard0 + m, 0.0
        for k in range(length[m]):
            part = matrix[m, k]
            km = road_km(t, place, t.part_place[part])
            arrive = now + move_s(t, c, km, place, t.part_place[part])
            now = max(arrive, worked_s(t, m, t.part_open_s[part])) + t.work_s[c, part]
            if now > worked_s(t, m, t.part_close_s[part]) + 1e-6:
                return -math.inf
            total += part_fen(t, m, part, now) - km * t.class_fen_km[c]
            place = t.part_place[part]
    return total


def objective_fen(problem: Problem, solution: Solution) -> float:
    """Objective of a solution, fen; minus infinity where it breaks a window. Rounding as written is not in it."""
    if problem.chained or solution.end_day is not None:  # routes wait for each other or for a day
        try:
            return price_solution(problem, solution)
        except ValueError:
            return -math.inf
    matrix, length = make_matrix(problem, solution.routes)
    return float(routes_fen(make_tables(problem, solution.crew), matrix, length))
