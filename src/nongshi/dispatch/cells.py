"""Cutting a problem into cells of a few machines, and reading one cell into arrays for the compiled search."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nongshi.dispatch.problem import Bools, Floats, Ints, Problem
from nongshi.dispatch.ruin import Cell, State, load, make_state, moments
from nongshi.dispatch.solution import Solution, time_routes

KEEP_FEN = 1e9  # far above any job's value, far below what a float loses fen by
LON_SHRINK = 0.74  # cos(31 deg)^2: neighbours are only compared, so one latitude serves all
KM_PER_DEGREE = 111.0
LINK_LEAST = 0.5  # links that every pair of machines counts besides its own, when chained cells are cut (assumption)
LINKED_SHARE = 0.5  # of rounds in which chained cells are cut by links, not by distance alone (assumption)
NEAR_MAX = 100  # neighbours listed per job
DUE_KM_PER_DAY = 4.0  # one day between due dates counts like this many km when neighbours are listed (assumption)


@dataclass(slots=True)
class Draft:
    """The solution that the search works on; the only thing here that changes.

    crew (m, d): operator or -1. routes: parts of each machine in order. on (p,): machine or -1. Only where there are
    chains or dryers: moments of served parts, the day on which their grain counts (-1: none) or that they waited for.
    """

    crew: Ints
    routes: list[list[int]]
    on: Ints
    start_s: Floats
    end_s: Floats
    wet_day: Ints
    wait_day: Ints

    @classmethod
    def of(cls, problem: Problem, solution: Solution) -> "Draft":
        """A draft of a solution that keeps the rules; without chains and dryers its windows need not be kept."""
        parts = len(problem.part_job)
        on, wet_day = np.full(parts, -1, np.int64), np.full(parts, -1, np.int64)
        start_s, end_s = np.zeros(parts), np.zeros(parts)
        for m, route in enumerate(solution.routes):
            on[list(route)] = m
        if problem.chained or problem.dries:
            for stop in (stop for timed in time_routes(problem, solution) for stop in timed):
                start_s[stop.part], end_s[stop.part] = stop.start_s, stop.end_s
                if problem.dries and problem.part_wet_t[stop.part] > 0:
                    wet_day[stop.part] = _day_of(_midnights(problem), np.array([stop.end_s]))[0]
        wait_day = np.full(parts, -1, np.int64) if solution.end_day is None else solution.end_day.copy()
        return cls(solution.crew.copy(), [list(r) for r in solution.routes], on, start_s, end_s, wet_day, wait_day)

    def solution(self, problem: Problem) -> Solution:
        """The draft as a solution."""
        end_day = self.wait_day.copy() if problem.dries else None
        return Solution(crew=self.crew, routes=tuple(tuple(r) for r in self.routes), end_day=end_day)

    def wet_t_by_day(self, problem: Problem) -> Floats:
        """(d,) wet tonnes harvested by day."""
        counted = self.wet_day >= 0
        tonnes = problem.part_wet_t[counted]
        return np.bincount(self.wet_day[counted], weights=tonnes, minlength=len(problem.dates)).astype(float)


def make_cells(problem: Problem, draft: Draft, size: int, rng: np.random.Generator) -> list[Ints]:
    """Machines in groups of about `size` neighbours, by where their routes lie.

    Machines of all kinds share a cell: those that never compete for a job still compete for operators.
    """
    lon, lat = _centres(problem, draft)
    left = rng.permutation(len(lon))
    if problem.chained and rng.random() < LINKED_SHARE:
        return _linked_cells(problem, draft, lon, lat, left, size)
    cells = []
    for count in range(max(1, round(len(left) / size)), 0, -1):
        take = -(-len(left) // count)
        distance = (lon[left] - lon[left[0]]) ** 2 * LON_SHRINK + (lat[left] - lat[left[0]]) ** 2
        order = np.argsort(distance, kind="stable")
        cells.append(np.sort(left[order[:take]]))
        left = left[np.sort(order[take:])]
    return cells


def _linked_cells(problem: Problem, draft: Draft, lon: Floats, lat: Floats, order: Ints, size: int) -> list[Ints]:
    """Cells of machines that work one after another on the same fields, or else lie near."""
    links = _links(problem, draft)
    near = (lon[:, None] - lon) ** 2 * LON_SHRINK + (lat[:, None] - lat) ** 2
    pull = (links + LINK_LEAST) / (np.sqrt(near) * KM_PER_DEGREE + 1.0)
    free = np.ones(len(order), bool)
    cells = []
    for count in range(max(1, round(len(order) / size)), 0, -1):
        take = -(-int(free.sum()) // count)
        first = next(int(m) for m in order if free[m])
        chosen, towards = [first], pull[first].copy()
        free[first] = False
        while len(chosen) < take:
            m = int(np.argmax(np.where(free, towards, -1.0)))
            chosen.append(m)
            free[m] = False
            towards += pull[m]
        cells.append(np.sort(np.array(chosen, np.int64)))
    return cells


def _links(problem: Problem, draft: Draft) -> Floats:
    """(m, m) how many jobs of one machine follow jobs of the other."""
    links = np.zeros((len(draft.routes), len(draft.routes)))
    follower = np.flatnonzero(problem.job_after >= 0)
    a = draft.on[problem.job_first[problem.job_after[follower]]]
    b = draft.on[problem.job_first[follower]]
    both = (a >= 0) & (b >= 0)
    np.add.at(links, (a[both], b[both]), 1.0)
    return np.asarray(links + links.T)


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
    chosen = dict(zip(unserved.tolist(), distance.argmin(axis=1).tolist(), strict=True))
    for job, reachable in zip(unserved.tolist(), np.asarray(able.any(axis=1)), strict=True):
        root = job
        while problem.job_after[root] in chosen:  # with the unserved jobs that it follows
            root = int(problem.job_after[root])
        if reachable:
            given[chosen[root]].append(job)
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
    if problem.chained:
        jobs = _with_jobs_before(problem, draft, jobs)
    parts, count, keep = _parts_inside(problem, draft, jobs, inside)
    operators = np.flatnonzero(placeable.any(axis=1))
    bonds = _bonds(problem, draft, jobs, parts, inside)
    cell = _cell(problem, machines, operators, parts, count, keep | bonds.keep, placeable, bonds)
    cell = cell._replace(
        **_dryers(problem, draft, parts), **_wishes(problem, machines, parts), **_fleet(problem, machines, parts)
    )
    state = make_state(cell, _local(draft.crew[machines], operators), len(parts) + 1)
    local_part = np.full(len(problem.part_job), -1, np.int64)
    local_part[parts] = np.arange(len(parts))
    for i, m in enumerate(machines):
        route = local_part[draft.routes[m]] if draft.routes[m] else np.zeros(0, np.int64)
        state.route[i, : len(route)] = route
        state.length[i] = len(route)
    state.wet_day[:], state.wait_day[:] = draft.wet_day[parts], draft.wait_day[parts]
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


def _with_jobs_before(problem: Problem, draft: Draft, jobs: Ints) -> Ints:
    """Without the unserved jobs that can only follow an unserved job which is not here."""
    here = {int(j) for j in jobs}
    served = draft.on[problem.job_first] >= 0
    while True:
        before = {j: int(problem.job_after[j]) for j in here}
        lost = {j for j, b in before.items() if b >= 0 and not served[j] and not served[b] and b not in here}
        if not lost:
            return np.array([j for j in jobs if int(j) in here], np.int64)
        here -= lost


@dataclass(frozen=True, slots=True)
class _Bonds:
    """What ties a cell's jobs to each other and to jobs outside. p parts, j jobs of the cell."""

    open_s: Floats  # (p,)
    close_s: Floats  # (p,)
    keep: Bools  # (p,) followed by a job outside
    job_after: Ints  # (j,)
    pause_s: Floats  # (j,)
    end_out_s: Floats  # (j,)
    next_first: Ints
    next_job: Ints


def _bonds(problem: Problem, draft: Draft, jobs: Ints, parts: Ints, inside: Bools) -> _Bonds:
    """Chains inside the cell, and windows that the jobs outside leave to those inside."""
    open_s, close_s = problem.part_open_s[parts].copy(), problem.part_close_s[parts].copy()
    keep = np.zeros(len(parts), bool)
    after, end_out_s = np.full(len(jobs), -1, np.int64), np.zeros(len(jobs))
    if problem.chained:
        local = {int(j): i for i, j in enumerate(jobs)}
        on_out = np.append(draft.on, -1)[:-1]
        outside = (on_out >= 0) & ~inside[on_out]
        for i, job in enumerate(jobs):
            mine = problem.part_job[parts] == job
            sisters = _job_parts(problem, job)
            out = sisters[outside[sisters]]
            end_out_s[i] = draft.end_s[out].max(initial=0.0)
            before, pause_s = int(problem.job_after[job]), problem.job_after_s[job]
            if before in local:
                after[i] = local[before]
            elif before >= 0:
                ready_s = draft.end_s[_job_parts(problem, before)].max() + pause_s
                open_s[mine] = np.maximum(open_s[mine], ready_s)
        for follower in np.flatnonzero(np.isin(problem.job_after, jobs)):
            out = _job_parts(problem, follower)
            out = out[outside[out]]
            if len(out):
                mine = problem.part_job[parts] == problem.job_after[follower]
                until_s = draft.start_s[out].min() - problem.job_after_s[follower]
                close_s[mine], keep[mine] = np.minimum(close_s[mine], until_s), True
    order = np.flatnonzero(after >= 0)
    order = order[np.argsort(after[order], kind="stable")]
    first = np.searchsorted(after[order], np.arange(len(jobs) + 1)).astype(np.int64)
    return _Bonds(open_s, close_s, keep, after, problem.job_after_s[jobs], end_out_s, first, order.astype(np.int64))


def _job_parts(problem: Problem, job: int | np.int64) -> Ints:
    return np.arange(problem.job_first[job], problem.job_first[job] + problem.job_parts[job])


def _dryers(problem: Problem, draft: Draft, parts: Ints) -> dict[str, Any]:
    """What the dryers take, and what comes to them from outside the cell."""
    dries = problem.dries and bool((problem.part_wet_t[parts] > 0).any())
    base = np.zeros(len(problem.dates))
    if problem.dry_given_t is not None:
        base = base + problem.dry_given_t
    if dries:
        mine = parts[draft.wet_day[parts] >= 0]
        base += draft.wet_t_by_day(problem)
        np.subtract.at(base, draft.wet_day[mine], problem.part_wet_t[mine])
    return {"dries": dries, "dry_base": base}


def _wishes(problem: Problem, machines: Ints, parts: Ints) -> dict[str, Any]:
    """Prices of wishes in the cell's own numbers; nothing where there are none."""
    wishes = problem.wishes
    if wishes is None:
        return {}
    local = {int(m): i for i, m in enumerate(machines)}
    promised = [-2 if m < 0 else local.get(int(m), -1) for m in wishes.promised_machine[parts]]
    return {
        "wait_fen_s": wishes.wait_fen_s[parts],
        "promised_machine": np.array(promised, np.int64),
        "promised_start": wishes.promised_start_s[parts],
        "promised_end": wishes.promised_end_s[parts],
        "promised_day": wishes.promised_day[parts],
        "promise_fen": np.array([wishes.machine_fen, wishes.day_fen, wishes.hour_fen]),
        "crew_fixed": wishes.crew_fixed[machines],
        "wished": True,
    }


def _fleet(problem: Problem, machines: Ints, parts: Ints) -> dict[str, Any]:
    """Loads and ways home, where a fleet has them."""
    fleet = problem.fleet
    if fleet is None:
        return {}
    return {
        "demand": fleet.demand[parts],
        "capacity": fleet.capacity[machines],
        "back": fleet.back[machines],
        "shift_max": fleet.shift_s_max[machines],
    }


def fit_routes(problem: Problem, solution: Solution) -> Solution:
    """The solution without the jobs that its crews cannot keep any more; the order of the rest stays.

    Jobs that follow one which is not served, or not whole, go as well.
    """
    everywhere = np.arange(len(solution.routes))
    solution = replace(solution, routes=_without_unled(problem, solution.routes))
    free = replace(
        problem,
        job_after=np.full(len(problem.job_after), -1, np.int64),
        dry_t_day=np.full(len(problem.dates), np.inf),
    )
    draft = Draft.of(free, replace(solution, end_day=None))
    none = np.zeros(0, np.int64)
    placeable = np.ones((len(problem.operator_owner), len(problem.dates)), bool)
    loaded = load_cell(problem, draft, everywhere, none, placeable)
    load(loaded.cell, loaded.state)
    unload_cell(problem, draft, loaded, loaded.state)
    return draft.solution(problem)


def _without_unled(problem: Problem, routes: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
    """The routes without jobs that lack a part, and without those that follow a job which is not served."""
    served = np.zeros(len(problem.part_job), bool)
    served[[p for route in routes for p in route]] = True
    whole = np.logical_and.reduceat(served, problem.job_first) if len(served) else served
    while True:
        alone = whole & (problem.job_after >= 0) & ~whole[problem.job_after] if len(whole) else whole
        if not alone.any():
            return tuple(tuple(p for p in route if whole[problem.part_job[p]]) for route in routes)
        whole &= ~alone


def _local(crew: Ints, operators: Ints) -> Ints:
    """Operator numbers within the cell."""
    lookup = {int(o): i for i, o in enumerate(operators)}
    return np.array([[lookup.get(int(o), -1) for o in row] for row in crew], np.int64).reshape(crew.shape)


def _cell(
    problem: Problem,
    machines: Ints,
    operators: Ints,
    parts: Ints,
    count: Ints,
    keep: Bools,
    placeable: Bools,
    bonds: _Bonds,
) -> Cell:
    places, place = np.unique(problem.part_place[parts], return_inverse=True)
    first_places = np.array([problem.first_place(int(m)) for m in machines], np.int64)
    stand = np.concatenate([places, first_places])
    km = problem.km(stand, stand)
    yard = len(places) + np.arange(len(machines))
    if len(places):  # a machine that stands on a field of the cell needs no move to work there
        at = np.minimum(np.searchsorted(places, first_places), len(places) - 1)
        yard = np.where(places[at] == first_places, at, yard)
    classes = problem.machine_class[machines]
    first = np.concatenate([[0], np.cumsum(count)[:-1]]).astype(np.int64) if len(count) else np.zeros(0, np.int64)
    bonus = np.where(keep, KEEP_FEN, 0.0)
    if problem.wishes is not None:
        bonus += problem.wishes.keep_fen[parts]
    work_s = problem.work_s[classes][:, parts]
    near_place, near_time = _near(km, place[first], problem.part_due_s[parts[first]])
    midnight = _midnights(problem)
    value = problem.part_value_fen[parts]
    may = np.zeros((len(operators), len(machines), len(problem.dates)), bool)
    for d in range(len(problem.dates)):
        may[:, :, d] = problem.may_drive_matrix(d)[np.ix_(operators, machines)] & placeable[operators, d][:, None]
    job_value = np.add.reduceat(value + bonus, first) if len(first) else np.zeros(0)
    return Cell(
        job_first=first,
        job_parts=count,
        job_value=job_value,
        job_hope=_hope(job_value, bonds.job_after),
        near_place=near_place,
        near_time=near_time,
        part_job=np.repeat(np.arange(len(count)), count).astype(np.int64),
        value=value,
        keep=bonus,
        place=place.astype(np.int64),
        open_s=bonds.open_s,
        due_s=problem.part_due_s[parts],
        close_s=bonds.close_s,
        open_day=_day_of(midnight, bonds.open_s),
        close_day=_day_of(midnight, bonds.close_s),
        curve=problem.part_curve[parts],
        wet_t=problem.part_wet_t[parts],
        demand=np.zeros(len(parts)),
        work_s=np.ascontiguousarray(work_s),
        work_fen=np.ascontiguousarray(
            np.where(np.isfinite(work_s), work_s, 0.0) * problem.class_fen_s[classes][:, None]
        ),
        km=km,
        yard=yard.astype(np.int64),
        s_km=1.0 / problem.class_km_s[classes],
        load_s=problem.class_load_s[classes],
        fen_km=problem.class_fen_km[classes],
        day_start=problem.day_start_s[machines],
        day_end=problem.day_end_s[machines],
        shift_start=problem.shift_start_s[machines],
        hours_s=problem.operator_hours_s[operators],
        may=may,
        crew_fixed=np.zeros((len(machines), len(problem.dates)), bool),
        capacity=np.full(len(machines), np.inf),
        back=np.zeros(len(machines), bool),
        shift_max=np.full(len(machines), np.inf),
        late_s=problem.curve_late_s,
        share=problem.curve_share,
        slope=problem.curve_slope,
        job_after=bonds.job_after,
        job_pause=bonds.pause_s,
        job_end_out=bonds.end_out_s,
        next_first=bonds.next_first,
        next_job=bonds.next_job,
        dry_t=problem.dry_t_day,
        dry_base=np.zeros(len(problem.dates)),
        dry_hold=problem.dry_hold_t,
        wait_fen_s=np.zeros(len(parts)),
        promised_machine=np.full(len(parts), -2, np.int64),
        promised_start=np.zeros(len(parts)),
        promised_end=np.zeros(len(parts)),
        promised_day=np.full(len(parts), -1, np.int64),
        promise_fen=np.zeros(3),
        chained=problem.chained,
        dries=False,
        wished=False,
    )


def _hope(job_value: Floats, job_after: Ints) -> Floats:
    """(j,) worth of all jobs of the cell that can only be served once this one is."""
    hope = np.zeros(len(job_value))
    for j in np.flatnonzero(job_after >= 0):
        before, steps = int(job_after[j]), 0
        while before >= 0 and steps < len(job_after):  # a circle ends too
            hope[before] += job_value[j]
            before, steps = int(job_after[before]), steps + 1
    return hope


def _midnights(problem: Problem) -> Floats:
    """(d + 1,) begin of each day, and the end of the last."""
    return np.asarray(problem.midnight_s)


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
    if loaded.cell.chained or loaded.cell.dries:
        start_s, end_s = np.zeros(len(loaded.parts)), np.zeros(len(loaded.parts))
        moments(loaded.cell, state, start_s, end_s)
        draft.start_s[loaded.parts], draft.end_s[loaded.parts] = start_s, end_s
        draft.wet_day[loaded.parts], draft.wait_day[loaded.parts] = state.wet_day, state.wait_day
