"""A solution laid out for quotes: routes as rows of numbers, idle operators lent, and what may be displaced."""

from collections.abc import Set
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nongshi.core.plan import Crew
from nongshi.dispatch import quote_kernels as kernels
from nongshi.dispatch.from_plan import day_of
from nongshi.dispatch.problem import Bools, Floats, Ints, Problem
from nongshi.dispatch.quote_displace import count_waits, remove_each
from nongshi.dispatch.quote_kernels import Board
from nongshi.dispatch.quote_spans import find_idle, job_spans, lend_idle, needed_s, wet_t
from nongshi.dispatch.solution import WAIT_MARGIN_S, Solution, TimedStop, earliest_start_s, time_routes


@dataclass(frozen=True, slots=True)
class Drawn:
    """The board and what only Python asks for."""

    problem: Problem
    board: Board
    crew: Ints  # (m, d) as planned
    crew_all: Ints  # (m, d) with idle operators behind each machine's last stop; one may stand on several machines
    job_end_s: Floats  # (j,) planned end; inf: not served
    needed_s: dict[str, float]  # job -> moment at which planned followers need it ended
    stops_of_job: dict[int, list[tuple[int, int]]]  # job -> (machine, position)
    units: Ints  # (u, 3) machine, first stop, behind the last: one or two whole jobs that may be displaced
    unit_begins: Ints  # (m + 1,) units of machine m: unit_begins[m] .. unit_begins[m + 1] - 1
    unit_gains: Floats  # (u,) fen, falling on each machine
    unit_freed: Floats  # (u, 4) as quote_displace.remove_each
    no_first: Ints  # (m,) zeros
    written: Floats  # the rows for another board to begin from; the board's own where none will
    part_start_s: Floats  # (p,) planned start; inf: not served
    part_end_s: Floats  # (p,) planned end; -inf: not served
    idle: tuple[Ints, Bools]  # as find_idle

    def behind(self, job: int) -> Ints:
        """(m,) the first position on each machine that does not stand before some part of a job."""
        first = np.zeros_like(self.no_first)
        for m, k in self.stops_of_job.get(job, []):
            first[m] = max(first[m], k + 1)
        return first

    def operator_at(self, machine: int, moment_s: float) -> str:
        """Who drives a machine at a moment; empty where nobody does."""
        operator = int(self.crew_all[machine, day_of(self.problem, moment_s)])
        return "" if operator < 0 else self.problem.region.operators[operator].id

    def borrowed(self, machine: int, until_s: float) -> tuple[Crew, ...]:
        """Idle operators that a machine needs up to a working time."""
        problem, cum = self.problem, self.board.cum[machine]
        return tuple(
            Crew(
                date=problem.dates[d],
                machine_id=problem.region.machines[machine].id,
                operator_id=problem.region.operators[self.crew_all[machine, d]].id,
            )
            for d in np.flatnonzero((self.crew[machine] < 0) & (self.crew_all[machine] >= 0))
            if self.board.own_s[machine] <= cum[d] < until_s - kernels.EPS_S
        )


@dataclass(frozen=True, slots=True)
class Known:
    """Another solution of the same crews laid out, and the machines on which this one is different."""

    drawn: Drawn
    others: Set[int]


def draw_board(
    problem: Problem,
    solution: Solution,
    *,
    spare: int,
    timed: list[list[TimedStop]] | None = None,
    known: "Known | None" = None,
    displaces: bool = True,
) -> Drawn:
    """Lay a solution out, with room for `spare` more stops on each route.

    Args:
        problem: the region in arrays.
        solution: to be asked.
        spare: stops that a route may take besides.
        timed: its times, where they are known.
        known: what is the same on all machines but those named.
        displaces: also what may be displaced; without it nothing is.

    Raises:
        ValueError: the solution breaks a window.
    """
    timed_given = timed is not None
    timed = time_routes(problem, solution) if timed is None else timed
    fresh = range(len(timed)) if known is None else sorted(known.others)
    part_start_s, part_end_s = _part_spans(problem, timed, known)
    job_end_s, job_start_s = job_spans(problem, part_start_s, part_end_s)
    needed = needed_s(problem, job_start_s)
    idle = find_idle(problem, solution.crew) if known is None else known.drawn.idle
    crew_all = lend_idle(problem, solution.crew, timed, idle)
    board = _board(problem, solution, timed, crew_all, spare, wet_t(problem, part_end_s))
    if known is not None:
        board = board._replace(rows=known.drawn.written.copy())
    stops_of_job = _stops_of_job(problem, timed, known)
    for m in fresh:
        for k, stop in enumerate(timed[m]):
            _write_row(problem, board, m, k, stop, job_end_s, needed[problem.part_job[stop.part]])
    room = kernels.make_room(board)
    for m in fresh:
        kernels.retime(board, m, board.rows[m], len(timed[m]), 0, room.wet, room.waiting)
    count_waits(board)
    written = board.rows.copy() if timed_given and known is None else board.rows
    room = kernels.make_room(board)
    units = _units(problem, stops_of_job if displaces else {}, np.isfinite(job_start_s))
    gains, freed = np.zeros(len(units)), np.zeros((len(units), 4))
    remove_each(board, units, gains, freed, room)
    order = np.lexsort((-gains, units[:, 0]))
    return Drawn(
        problem=problem,
        board=board,
        crew=solution.crew,
        crew_all=crew_all,
        job_end_s=job_end_s,
        needed_s={problem.region.jobs[j].id: float(needed[j]) for j in np.flatnonzero(np.isfinite(needed))},
        stops_of_job=stops_of_job,
        units=units[order],
        unit_begins=np.searchsorted(units[order, 0], np.arange(len(timed) + 1)),
        unit_gains=gains[order],
        unit_freed=freed[order],
        no_first=np.zeros(len(timed), np.int64),
        written=written,
        part_start_s=part_start_s,
        part_end_s=part_end_s,
        idle=idle,
    )


def _part_spans(problem: Problem, timed: list[list[TimedStop]], known: Known | None) -> tuple[Floats, Floats]:
    """(p,) planned start, inf where a part is not served, and planned end, there -inf."""
    if known is None:
        start_s, end_s = np.full(len(problem.part_job), np.inf), np.full(len(problem.part_job), -np.inf)
        routes = timed
    else:
        was, start_s, end_s = known.drawn.board, known.drawn.part_start_s.copy(), known.drawn.part_end_s.copy()
        for m in known.others:
            parts = was.rows[m, : was.length[m], kernels.PART].astype(np.int64)
            start_s[parts], end_s[parts] = np.inf, -np.inf
        routes = [timed[m] for m in known.others]
    for stops in routes:
        for stop in stops:
            start_s[stop.part], end_s[stop.part] = stop.start_s, stop.end_s
    return start_s, end_s


def _stops_of_job(
    problem: Problem, timed: list[list[TimedStop]], known: Known | None
) -> dict[int, list[tuple[int, int]]]:
    """Job -> (machine, position) of its parts."""
    found: dict[int, list[tuple[int, int]]] = {}
    if known is not None:
        was = known.drawn
        parts = [was.board.rows[m, : was.board.length[m], kernels.PART].astype(np.int64) for m in known.others]
        found = dict(was.stops_of_job)
        for j in {j for some in parts for j in problem.part_job[some].tolist()}:
            found[j] = [at for at in found[j] if at[0] not in known.others]
    for m in range(len(timed)) if known is None else sorted(known.others):
        for k, j in enumerate(problem.part_job[[stop.part for stop in timed[m]]].tolist() if timed[m] else ()):
            found.setdefault(j, []).append((m, k))
    return found


def _board(
    problem: Problem,
    solution: Solution,
    timed: list[list[TimedStop]],
    crew_all: Ints,
    spare: int,
    wet: Floats,
) -> Board:
    machines, days = solution.crew.shape
    classes = problem.machine_class
    hours_s = (
        np.where(crew_all >= 0, problem.operator_hours_s[crew_all], 0.0)
        if machines and len(problem.operator_hours_s)
        else np.zeros((machines, days))
    )
    end_s = np.minimum(problem.day_end_s, problem.shift_start_s + hours_s)
    span_s = np.where(crew_all >= 0, np.maximum(0.0, end_s - problem.day_start_s), 0.0)
    cum = np.concatenate([np.zeros((machines, 1)), np.cumsum(span_s, axis=1)], axis=1)
    lent = (solution.crew < 0) & (span_s > 0)
    first_lent = np.where(lent.any(axis=1), lent.argmax(axis=1), days)
    yards = slice(problem.yard0, problem.yard0 + machines)
    lon, lat = np.radians(problem.place_lon[yards]), np.radians(problem.place_lat[yards])
    longest = max([len(stops) for stops in timed], default=0)
    return Board(
        rows=np.zeros((machines, longest + spare + 1, kernels.COLUMNS)),
        length=np.array([len(stops) for stops in timed], np.int64),
        start=problem.day_start_s.copy(),
        cum=cum,
        own_s=np.take_along_axis(cum, first_lent[:, None], axis=1)[:, 0],
        yard=np.stack([lon, lat, np.cos(lat)], axis=1),
        s_km=1.0 / problem.class_km_s[classes],
        load_s=problem.class_load_s[classes],
        fen_km=problem.class_fen_km[classes].astype(float),
        late_s=problem.curve_late_s,
        share=problem.curve_share,
        slope=problem.curve_slope,
        wet=wet,
        dry_t=problem.dry_t_day,
        hold_t=float(problem.dry_hold_t),
        dries=bool(problem.region.dryers),
        detour=float(problem.detour),
    )


def _write_row(
    problem: Problem, board: Board, m: int, k: int, stop: TimedStop, job_end_s: Floats, needed_s: float
) -> None:
    """One stop as a row; END, LOSS and LATEST follow when the route is timed."""
    part, c, row = stop.part, problem.machine_class[m], board.rows[m, k]
    place, j, work_s = problem.part_place[part], problem.part_job[part], problem.work_s[c, part]
    row[[kernels.LON, kernels.LAT, kernels.COS]] = kernels.spot(problem.place_lon[place], problem.place_lat[place])
    opens_s, before = earliest_start_s(problem, m, part), problem.job_after[j]
    if before >= 0:
        opens_s = max(opens_s, job_end_s[before] + problem.job_after_s[j])
    opens = kernels.worked(board, m, opens_s)
    ends = float(kernels.worked(board, m, stop.end_s))
    day = day_of(problem, stop.end_s)
    if problem.part_wet_t[part] > 0:  # its grain comes no earlier than planned, even if the machine could
        opens = max(opens, min(ends, board.cum[m, day] + WAIT_MARGIN_S) - work_s)
    closes = kernels.worked(board, m, min(problem.part_close_s[part], needed_s))
    row[kernels.FIELD], row[kernels.PART] = place, part
    row[kernels.OPENS], row[kernels.CLOSES], row[kernels.WORK] = opens, max(closes, ends) + kernels.EPS_S, work_s
    row[kernels.WORK_FEN] = work_s * problem.class_fen_s[c]
    row[kernels.VALUE], row[kernels.DUE] = problem.part_value_fen[part], problem.part_due_s[part]
    row[kernels.CURVE], row[kernels.WET] = problem.part_curve[part], problem.part_wet_t[part]
    row[kernels.LEG], row[kernels.DAY] = stop.km, day


def _units(problem: Problem, stops_of_job: dict[int, list[tuple[int, int]]], served: Bools) -> Ints:
    """(u, 3) jobs that may be displaced: in a row on one machine, nobody waiting for them; single, then pairs."""
    if not stops_of_job:
        return np.empty((0, 3), np.int64)
    awaited = {int(problem.job_after[f]) for f in np.flatnonzero((problem.job_after >= 0) & served)}
    singles = []
    for j, at in stops_of_job.items():
        (m, first), last = at[0], at[-1][1]
        in_a_row = all(m2 == m for m2, _ in at) and last - first == len(at) - 1
        if in_a_row and j not in awaited:
            singles.append((m, first, last + 1))
    singles.sort()
    pairs = [(m, a, c) for (m, a, b), (m2, b2, c) in pairwise(singles) if m == m2 and b == b2]
    return np.array(singles + pairs, np.int64).reshape(-1, 3)
