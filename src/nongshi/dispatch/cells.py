"""Cutting a problem into cells of a few machines, and reading one cell into arrays for the compiled search."""

from dataclasses import dataclass

import numpy as np

from nongshi.dispatch.problem import Bools, Floats, Ints, Problem
from nongshi.dispatch.ruin import Cell, State, make_state
from nongshi.geo.distance import km_matrix

KEEP_FEN = 1e9  # far above any job's value, far below what a float loses fen by
LON_SHRINK = 0.74  # cos(31 deg)^2: neighbours are only compared, so one latitude serves all
NEAR_MAX = 100  # neighbours listed per job
DUE_KM_PER_DAY = 4.0  # one day between due dates counts like this many km when neighbours are listed (assumption)


@dataclass(slots=True)
class Draft:
    """The solution that the search works on; the only thing here that changes.

    crew (m, d): operator or -1. routes: parts of each machine in order. on (p,): machine or -1.
    """

    crew: Ints
    routes: list[list[int]]
    on: Ints

    @classmethod
    def of(cls, problem: Problem, crew: Ints, routes: list[list[int]]) -> "Draft":
        """A draft of given crew and routes."""
        on = np.full(len(problem.part_job), -1, np.int64)
        for m, route in enumerate(routes):
            on[route] = m
        return cls(crew.copy(), [list(r) for r in routes], on)


def make_cells(problem: Problem, draft: Draft, size: int, rng: np.random.Generator) -> list[Ints]:
    """Machines in groups of about `size` neighbours, by where their routes lie.

    Machines of all kinds share a cell: those that never compete for a job still compete for operators.
    """
    lon, lat = _centres(problem, draft)
    left = rng.permutation(len(lon))
    cells = []
    for count in range(max(1, round(len(left) / size)), 0, -1):
        take = -(-len(left) // count)
        distance = (lon[left] - lon[left[0]]) ** 2 * LON_SHRINK + (lat[left] - lat[left[0]]) ** 2
        order = np.argsort(distance, kind="stable")
        cells.append(np.sort(left[order[:take]]))
        left = left[np.sort(order[take:])]
    return cells


def _centres(problem: Problem, draft: Draft) -> tuple[Floats, Floats]:
    lon = problem.place_lon[problem.yard0 :].copy()
    lat = problem.place_lat[problem.yard0 :].copy()
    for m, route in enumerate(draft.routes):
        if route:
            places = problem.part_place[route]
            lon[m], lat[m] = problem.place_lon[places].mean(), problem.place_lat[places].mean()
    return lon, lat


def share_unserved(problem: Problem, draft: Draft, cells: list[Ints], rng: np.random.Generator) -> list[Ints]:
    """For each cell the unserved jobs that it may try: each job goes to one of the two nearest cells that can do it."""
    unserved = np.flatnonzero(draft.on[problem.job_first] < 0)
    given: list[list[int]] = [[] for _ in cells]
    if len(unserved) == 0:
        return [np.array(g, np.int64) for g in given]
    lon, lat = _centres(problem, draft)
    centre_lon = np.array([lon[c].mean() for c in cells])
    centre_lat = np.array([lat[c].mean() for c in cells])
    first = problem.job_first[unserved]
    place = problem.part_place[first]
    distance = (problem.place_lon[place][:, None] - centre_lon) ** 2 * LON_SHRINK
    distance += (problem.place_lat[place][:, None] - centre_lat) ** 2
    able = np.stack(
        [np.isfinite(problem.work_s[:, first])[np.unique(problem.machine_class[c])].any(axis=0) for c in cells], axis=1
    )
    distance = np.where(able, distance * rng.uniform(0.5, 2.0, distance.shape), np.inf)
    chosen = distance.argmin(axis=1)
    for job, cell, reachable in zip(unserved, chosen, np.asarray(able.any(axis=1)), strict=True):
        if reachable:
            given[cell].append(int(job))
    return [np.array(g, np.int64) for g in given]


def share_operators(problem: Problem, draft: Draft, cells: list[Ints], rng: np.random.Generator) -> list[Bools]:
    """(o, d) for each cell: whether the operator is the cell's to place on that day.

    Who drives in a cell stays there; who is idle goes to a cell with machines he may drive, drawn at random.
    """
    operators, days = len(problem.operator_owner), len(problem.dates)
    cell_of = np.zeros(len(draft.crew), np.int64)
    for i, cell in enumerate(cells):
        cell_of[cell] = i
    owner_of_day = np.full((operators, days), -1, np.int64)
    for m, d in zip(*np.nonzero(draft.crew >= 0), strict=True):
        owner_of_day[draft.crew[m, d], d] = cell_of[m]
    for o in range(operators):
        idle = owner_of_day[o] < 0
        if not idle.any():
            continue
        own = problem.operator_shared[o] | (problem.machine_owner == problem.operator_owner[o])
        held = problem.licensed[o].any(axis=1)[problem.machine_class]
        homes = cell_of[np.flatnonzero(own & held)]
        if len(homes):
            owner_of_day[o, idle] = homes[rng.integers(len(homes))]
    return [owner_of_day == i for i in range(len(cells))]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A cell in arrays with the names of what stands in it."""

    cell: Cell
    state: State
    machines: Ints
    operators: Ints
    parts: Ints


def load_cell(problem: Problem, draft: Draft, machines: Ints, unserved: Ints, placeable: Bools) -> Loaded:
    """Read one cell: its machines, the jobs on their routes, some unserved jobs, its operators.

    A job with parts on machines of several cells is here with its local parts only, at a bonus that keeps them served.
    """
    inside = np.zeros(len(draft.routes) + 1, bool)  # the last for "on no machine"
    inside[machines] = True
    on_routes = [p for m in machines for p in draft.routes[m]]
    jobs = np.concatenate([np.unique(problem.part_job[on_routes]) if on_routes else [], unserved]).astype(np.int64)
    parts, count, keep = _parts_inside(problem, draft, jobs, inside)
    operators = np.flatnonzero(placeable.any(axis=1))
    cell = _cell(problem, machines, operators, parts, count, keep, placeable)
    state = make_state(cell, _local(draft.crew[machines], operators), len(parts) + 1)
    local_part = np.full(len(problem.part_job), -1, np.int64)
    local_part[parts] = np.arange(len(parts))
    for i, m in enumerate(machines):
        route = local_part[draft.routes[m]] if draft.routes[m] else np.zeros(0, np.int64)
        state.route[i, : len(route)] = route
        state.length[i] = len(route)
    return Loaded(cell, state, machines, operators, parts)


def _parts_inside(problem: Problem, draft: Draft, jobs: Ints, inside: Bools) -> tuple[Ints, Ints, Bools]:
    """Parts of the jobs that are the cell's, how many of each job, and which have sisters outside."""
    parts: list[int] = []
    count: list[int] = []
    keep: list[bool] = []
    for job in jobs:
        all_parts = range(problem.job_first[job], problem.job_first[job] + problem.job_parts[job])
        mine = [p for p in all_parts if draft.on[p] < 0 or inside[draft.on[p]]]
        parts += mine
        count.append(len(mine))
        keep += [len(mine) < len(all_parts)] * len(mine)
    return np.array(parts, np.int64), np.array(count, np.int64), np.array(keep, bool)


def _local(crew: Ints, operators: Ints) -> Ints:
    """Operator numbers within the cell."""
    lookup = {int(o): i for i, o in enumerate(operators)}
    return np.array([[lookup.get(int(o), -1) for o in row] for row in crew], np.int64).reshape(crew.shape)


def _cell(
    problem: Problem, machines: Ints, operators: Ints, parts: Ints, count: Ints, keep: Bools, placeable: Bools
) -> Cell:
    places, place = np.unique(problem.part_place[parts], return_inverse=True)
    yards = problem.yard0 + machines
    km = problem.detour * km_matrix(
        problem.place_lon[np.concatenate([places, yards])], problem.place_lat[np.concatenate([places, yards])]
    )
    classes = problem.machine_class[machines]
    first = np.concatenate([[0], np.cumsum(count)[:-1]]).astype(np.int64) if len(count) else np.zeros(0, np.int64)
    bonus = np.where(keep, KEEP_FEN, 0.0)
    work_s = problem.work_s[classes][:, parts]
    near_place, near_time = _near(km, place[first], problem.part_due_s[parts[first]])
    midnight = np.concatenate([problem.day_start_s.min(axis=0), [problem.horizon_s]])
    value = problem.part_value_fen[parts]
    may = np.zeros((len(operators), len(machines), len(problem.dates)), bool)
    for d in range(len(problem.dates)):
        may[:, :, d] = problem.may_drive_matrix(d)[np.ix_(operators, machines)] & placeable[operators, d][:, None]
    return Cell(
        job_first=first,
        job_parts=count,
        job_value=np.add.reduceat(value + bonus, first) if len(first) else np.zeros(0),
        near_place=near_place,
        near_time=near_time,
        part_job=np.repeat(np.arange(len(count)), count).astype(np.int64),
        value=value,
        keep=bonus,
        place=place.astype(np.int64),
        open_s=problem.part_open_s[parts],
        due_s=problem.part_due_s[parts],
        close_s=problem.part_close_s[parts],
        open_day=_day_of(midnight, problem.part_open_s[parts]),
        close_day=_day_of(midnight, problem.part_close_s[parts]),
        curve=problem.part_curve[parts],
        work_s=np.ascontiguousarray(work_s),
        work_fen=np.ascontiguousarray(
            np.where(np.isfinite(work_s), work_s, 0.0) * problem.class_fen_s[classes][:, None]
        ),
        km=km,
        yard=(len(places) + np.arange(len(machines))).astype(np.int64),
        s_km=1.0 / problem.class_km_s[classes],
        load_s=problem.class_load_s[classes],
        fen_km=problem.class_fen_km[classes],
        day_start=problem.day_start_s[machines],
        day_end=problem.day_end_s[machines],
        shift_start=problem.shift_start_s[machines],
        hours_s=problem.operator_hours_s[operators],
        may=may,
        late_s=problem.curve_late_s,
        share=problem.curve_share,
        slope=problem.curve_slope,
    )


def _near(km: Floats, place: Ints, due_s: Floats) -> tuple[Ints, Ints]:
    apart_km = km[np.ix_(place, place)]
    apart_d = np.abs(due_s[:, None] - due_s[None, :]) / 86_400
    count = min(len(place), NEAR_MAX)
    near = []
    for measure in (apart_km, apart_km + DUE_KM_PER_DAY * apart_d):
        measure = measure.copy()
        np.fill_diagonal(measure, -1.0)  # itself first
        near.append(np.ascontiguousarray(np.argsort(measure, axis=1, kind="stable")[:, :count].astype(np.int64)))
    return near[0], near[1]


def _day_of(midnight: Floats, moment_s: Floats) -> Ints:
    return np.clip(np.searchsorted(midnight, moment_s, side="right") - 1, 0, len(midnight) - 2).astype(np.int64)


def unload_cell(problem: Problem, draft: Draft, loaded: Loaded, state: State) -> None:
    """Write a cell's crew and routes back."""
    crew = state.crew
    draft.on[loaded.parts] = -1
    for i, m in enumerate(loaded.machines):
        route = loaded.parts[state.route[i, : state.length[i]]].tolist()
        draft.routes[m] = route
        draft.on[route] = m
        draft.crew[m] = np.where(crew[i] >= 0, loaded.operators[crew[i]] if len(loaded.operators) else -1, -1)
