"""PyVRP as a reference: parts as optional clients with a prize, on the working clock of their group.

PyVRP knows neither soft windows nor rates per vehicle. So each part stands as several copies, of which at most one is
visited: the later a copy's window ends, the smaller its prize. The time at a client is the *end* of its work: move
and work are one arc of the class's profile. A machine with days without crew stands as one vehicle per run of days,
each from the yard; its routes are joined afterwards. :mod:`repair` then puts the exact times on.
"""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from nongshi.core.errors import MissingExtra
from nongshi.dispatch.engines.edd import plan_edd
from nongshi.dispatch.engines.groups import (
    Group,
    arrival_s,
    end_window_s,
    list_groups,
    part_km,
    share_between,
    worked_s,
)
from nongshi.dispatch.engines.repair import repair
from nongshi.dispatch.engines.tables import Tables, end_moment_s, make_tables, move_s, road_km
from nongshi.dispatch.engines.tables import worked_s as own_worked_s
from nongshi.dispatch.problem import Floats, Ints, Problem
from nongshi.dispatch.solution import Solution

COPIES = 3  # on time, first half and second half of the late days; 3 was better than 4 when tried (15 CPU-s)


def plan_pyvrp(problem: Problem, crew: Ints, *, cpu_s: float, seed: int = 1) -> Solution:
    """Routes by PyVRP's iterated local search, begun from the phone dispatcher's (its own beginning is poor here).

    The CPU limit counts the search; building the matrices comes on top.

    Raises:
        MissingExtra: PyVRP is not installed.
    """
    try:
        import pyvrp  # noqa: F401
    except ImportError as error:
        raise MissingExtra("pyvrp", extra="bench") from error
    start = plan_edd(problem, crew, seed=seed).routes
    tables = make_tables(problem, crew)
    routes: list[list[int]] = [[] for _ in problem.machine_class]
    groups = list_groups(problem, crew)
    parts = sum(len(group.parts) for group in groups)
    for group in groups:
        given = [start[m] for m in group.machines]
        found = _solve(problem, group, tables, given, cpu_s * len(group.parts) / parts, seed)
        for m, route in zip(group.machines, found, strict=True):
            routes[m] = route
    return repair(problem, crew, routes)


def _solve(
    problem: Problem, group: Group, tables: Tables, given: Sequence[tuple[int, ...]], cpu_s: float, seed: int
) -> list[list[int]]:
    import pyvrp

    clients, copies = _clients(problem, group)
    runs = [(i, span) for i, spans in enumerate(group.own) for span in spans]
    data = _data(problem, group, clients, runs)
    first = pyvrp.Solution(data, _first_routes(group, tables, data, given, copies))
    until = time.process_time() + cpu_s
    result = pyvrp.solve(
        data,
        stop=lambda best_cost: time.process_time() > until,
        seed=seed,
        collect_stats=False,
        display=False,
        initial_solution=first,
    )
    routes: list[list[int]] = [[] for _ in group.machines]
    for route in sorted(result.best.routes(), key=lambda r: r.vehicle_type()):
        i, _ = runs[route.vehicle_type()]
        routes[i] += [int(group.parts[clients[_client(visit)].location]) for visit in _visits(route)]
    return routes
