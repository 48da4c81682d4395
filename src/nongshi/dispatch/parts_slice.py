"""One piece of a problem as a problem of its own: small arrays, light enough to be sent to another process."""

from dataclasses import dataclass, replace

import numpy as np

from nongshi.core.region import Region
from nongshi.dispatch.parts_cut import Standing
from nongshi.dispatch.problem import Floats, Ints, Problem, Wishes
from nongshi.dispatch.solution import Solution
from nongshi.dispatch.subset import take_parts


@dataclass(frozen=True, slots=True)
class Piece:
    """A small problem, its part of the solution, and what its numbers are in the whole."""

    problem: Problem
    solution: Solution
    machines: Ints
    operators: Ints
    parts: Ints


def make_piece(
    bound: Problem, standing: Standing, number: int, piece_m: Ints, home: Ints, driver_home: Ints, dry_t: Floats | None
) -> Piece:
    """Cut one piece out of a problem whose ties between pieces are already limits."""
    machines = np.flatnonzero(piece_m == number)
    mine = driver_home == number  # (o, d)
    operators = np.flatnonzero(mine.any(axis=1))
    subset = take_parts(bound, home == number)
    places, place = np.unique(subset.problem.part_place, return_inverse=True)
    corners = np.concatenate([places, bound.yard0 + machines])
    problem = replace(
        subset.problem,
        region=_stub(bound.region, machines, subset.jobs),
        part_place=place.astype(np.int64),
        place_lon=bound.place_lon[corners],
        place_lat=bound.place_lat[corners],
        yard0=len(places),
        machine_class=bound.machine_class[machines],
        machine_owner=bound.machine_owner[machines],
        day_start_s=bound.day_start_s[machines],
        day_end_s=bound.day_end_s[machines],
        shift_start_s=bound.shift_start_s[machines],
        operator_owner=bound.operator_owner[operators],
        operator_shared=bound.operator_shared[operators],
        operator_hours_s=bound.operator_hours_s[operators],
        licensed=bound.licensed[operators] & mine[operators][:, None, :],
        wishes=_wishes(subset.problem.wishes, machines),
    )
    if dry_t is not None:
        problem = replace(problem, dry_t_day=dry_t[number], dry_hold_t=0.0, dry_given_t=None)
    return Piece(problem, _solution(standing, machines, operators, subset.parts), machines, operators, subset.parts)


def _stub(region: Region, machines: Ints, jobs: Ints) -> Region:
    """What errors and prices need of a region, and nothing heavy."""
    return replace(
        region,
        fields=(),
        machines=tuple(region.machines[m] for m in machines),
        operators=(),
        workdays=(),
        jobs=tuple(region.jobs[j] for j in jobs),
        dryers=(),
        extra={},
    )


def _wishes(wishes: Wishes | None, machines: Ints) -> Wishes | None:
    """Promises of machines elsewhere stand as a machine that nobody is; none are left where nothing is wished."""
    if wishes is None:
        return None
    local = {int(m): i for i, m in enumerate(machines)}
    promised = [-1 if m < 0 else local.get(int(m), len(machines)) for m in wishes.promised_machine]
    crew_fixed = wishes.crew_fixed[machines]
    wished = (wishes.keep_fen != 0).any() or (wishes.wait_fen_s != 0).any() or crew_fixed.any()
    if not wished and all(m == -1 for m in promised):
        return None
    return replace(wishes, promised_machine=np.array(promised, np.int64), crew_fixed=crew_fixed)


def _solution(standing: Standing, machines: Ints, operators: Ints, parts: Ints) -> Solution:
    crew = standing.crew[machines]
    local_operator = np.searchsorted(operators, crew) if len(operators) else crew
    routes = tuple(tuple(np.searchsorted(parts, standing.routes[m]).tolist()) for m in machines)
    return Solution(
        crew=np.where(crew >= 0, local_operator, -1).astype(np.int64), routes=routes, end_day=standing.end_day[parts]
    )
