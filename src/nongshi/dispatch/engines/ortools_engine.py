"""OR-Tools routing as a reference: one vehicle a machine, on the working clock of its group.

The time at a node is the *end* of its work (the move there and the work are one transit), so that lateness is
priced where the contract prices it. Days on which a machine has no crew, or less of one than its group, are breaks
that may interrupt work. What is inexact: lateness counts working time spread evenly over the days and is linear
(the slope to `close`); parts are priced one by one, not all or none. :mod:`repair` puts the exact times on.
"""

import time
from itertools import pairwise
from typing import Any

import numpy as np

from nongshi.core.errors import MissingExtra
from nongshi.dispatch.engines.groups import (
    Group,
    arrival_s,
    end_window_s,
    list_groups,
    part_km,
    share_between,
)
from nongshi.dispatch.engines.repair import repair
from nongshi.dispatch.engines.start import plan_start
from nongshi.dispatch.engines.tables import check_plain
from nongshi.dispatch.problem import Floats, Ints, Problem
from nongshi.dispatch.solution import Solution

WALL_S_MAX = 86_400  # never reached: the CPU limit stops it; OR-Tools warns where no wall limit is given
GAP_S_MIN = 60.0  # shorter gaps are left to the repair; assumption


def plan_ortools(problem: Problem, crew: Ints, *, cpu_s: float, warm: bool = False, seed: int = 1) -> Solution:
    """Routes by OR-Tools: cheapest insertion (or, warm, the better simple rule), then guided local search.

    The CPU limit counts the search; building the model comes on top. OR-Tools takes no seed: `seed` changes nothing.

    Raises:
        NotPlannable: the problem has chains or dryers.
        MissingExtra: OR-Tools is not installed.
    """
    check_plain(problem, "OR-Tools")
    try:
        from ortools.constraint_solver import pywrapcp  # noqa: F401
    except ImportError as error:
        raise MissingExtra("ortools", extra="bench") from error
    start = plan_start(problem, crew).routes if warm else None
    routes: list[list[int]] = [[] for _ in problem.machine_class]
    groups = list_groups(problem, crew)
    parts = sum(len(group.parts) for group in groups)
    for group in groups:
        given = None if start is None else [start[m] for m in group.machines]
        found = _solve(problem, group, given, cpu_s * len(group.parts) / parts)
        for m, route in zip(group.machines, found, strict=True):
            routes[m] = route
    return repair(problem, crew, routes)


def _solve(problem: Problem, group: Group, given: list[tuple[int, ...]] | None, cpu_s: float) -> list[list[int]]:
    from ortools.constraint_solver import pywrapcp

    n, v = len(group.parts), len(group.machines)
    manager = pywrapcp.RoutingIndexManager(n + v + 1, v, list(range(n, n + v)), [n + v] * v)
    routing = pywrapcp.RoutingModel(manager)
    _add_costs_and_times(problem, group, routing)
    _add_windows(problem, group, manager, routing)
    _add_gaps(group, routing)
    routing.AddSearchMonitor(routing.solver().CustomLimit(_cpu_limit(cpu_s)))
    parameters = _parameters(pywrapcp)
    if given is None:
        found = routing.SolveWithParameters(parameters)
    else:
        routing.CloseModelWithParameters(parameters)
        node = {int(part): i for i, part in enumerate(group.parts)}
        first = routing.ReadAssignmentFromRoutes(
            [[manager.NodeToIndex(node[p]) for p in route] for route in given], True
        )
        found = routing.SolveFromAssignmentWithParameters(first, parameters) if first else None
    if found is None:  # no first solution in time, or none accepted: the repair begins from what was given
        return [list(route) for route in given] if given is not None else [[] for _ in range(v)]
    return [_route(group, manager, routing, found, i) for i in range(v)]


def _cpu_limit(cpu_s: float) -> Any:
    until = time.process_time() + cpu_s
    # OR-Tools never stops on numpy's bool; this is Python's
    return lambda: bool(time.process_time() > until)


def _parameters(pywrapcp: Any) -> Any:
    from ortools.constraint_solver import routing_enums_pb2 as enums

    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = enums.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = enums.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.seconds = WALL_S_MAX
    return parameters


def _add_costs_and_times(problem: Problem, group: Group, routing: Any) -> None:
    """Per class: cost of the move and the work in fen, and its time; rounded down, so that no plan of ours is cut."""
    n = len(group.parts)
    km = part_km(problem, group)
    cost, transit = {}, {}
    for c in group.classes.tolist():
        seconds = arrival_s(problem, group, c, km)
        fen = km * problem.class_fen_km[c]
        work_s = problem.work_s[c, group.parts]
        fen[:, :n] += np.where(np.isfinite(work_s), work_s, 0.0)[None, :] * problem.class_fen_s[c]
        cost[c] = routing.RegisterTransitMatrix(_with_end(fen))
        transit[c] = routing.RegisterTransitMatrix(_with_end(seconds))
    classes = problem.machine_class[group.machines].tolist()
    for i, c in enumerate(classes):
        routing.SetArcCostEvaluatorOfVehicle(cost[c], i)
    total_s = int(np.ceil(group.clock.total_s)) + 1
    routing.AddDimensionWithVehicleTransits([transit[c] for c in classes], total_s, total_s, False, "time")


def _with_end(matrix: Floats) -> list[list[int]]:
    """Whole numbers, with a last node that costs nothing to reach: a machine stays where it stopped."""
    size = len(matrix)
    whole = np.zeros((size + 1, size + 1), np.int64)
    whole[:size, :size] = np.minimum(np.floor(matrix), 2.0**40)
    np.fill_diagonal(whole, 0)
    return [list(row) for row in whole.tolist()]


def _add_windows(problem: Problem, group: Group, manager: Any, routing: Any) -> None:
    """Hard windows of ends, linear lateness, value as the price of leaving a part out, and who may come."""
    dimension = routing.GetDimensionOrDie("time")
    earliest_s, due_s, close_s = end_window_s(problem, group)
    per_s = _late_fen_s(problem, group, due_s, close_s)
    classes = problem.machine_class[group.machines]
    can = np.isfinite(problem.work_s[classes][:, group.parts])
    for i, part in enumerate(group.parts.tolist()):
        index = manager.NodeToIndex(i)
        routing.AddDisjunction([index], max(0, round(problem.part_value_fen[part])))
        if earliest_s[i] > close_s[i]:
            routing.solver().Add(routing.ActiveVar(index) == 0)
            continue
        dimension.CumulVar(index).SetRange(int(earliest_s[i]), int(np.ceil(close_s[i])))
        if per_s[i] > 0:
            dimension.SetCumulVarSoftUpperBound(index, int(np.ceil(due_s[i])), int(per_s[i]))
        if not can[:, i].all():
            routing.SetAllowedVehiclesForIndex([*np.flatnonzero(can[:, i]).tolist()], index)


def _late_fen_s(problem: Problem, group: Group, due_s: Floats, close_s: Floats) -> Floats:
    """(n,) fen lost per second of the group's clock after due: the slope from due to close."""
    parts = group.parts
    span_s = problem.part_close_s[parts] - problem.part_due_s[parts]
    lost_fen = problem.part_value_fen[parts] * share_between(problem, parts, span_s)
    return np.asarray(np.rint(lost_fen / np.maximum(close_s - due_s, 1.0)))


def _add_gaps(group: Group, routing: Any) -> None:
    """A machine starts with its first crewed hour, ends with its last, and rests in its gaps between."""
    dimension = routing.GetDimensionOrDie("time")
    nothing = [0] * routing.Size()
    for i, spans in enumerate(group.own):
        dimension.CumulVar(routing.Start(i)).SetMin(int(spans[0][0]))
        dimension.CumulVar(routing.End(i)).SetMax(int(np.ceil(spans[-1][1])))
        gaps = [(a[1], b[0]) for a, b in pairwise(spans) if b[0] - a[1] > GAP_S_MIN]
        if gaps:
            breaks = [
                routing.solver().FixedDurationIntervalVar(int(a), int(a), int(b) - int(a), False, f"gap{i}")
                for a, b in gaps
            ]
            dimension.SetBreakIntervalsOfVehicle(breaks, i, nothing)


def _route(group: Group, manager: Any, routing: Any, found: Any, vehicle: int) -> list[int]:
    route = []
    index = found.Value(routing.NextVar(routing.Start(vehicle)))
    while not routing.IsEnd(index):
        route.append(int(group.parts[manager.IndexToNode(index)]))
        index = found.Value(routing.NextVar(index))
    return route
