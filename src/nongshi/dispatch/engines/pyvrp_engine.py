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
from nongshi.dispatch.engines.start import plan_start
from nongshi.dispatch.engines.tables import check_plain
from nongshi.dispatch.problem import Floats, Ints, Problem
from nongshi.dispatch.solution import Solution

STEPS = (0.0, 0.5, 1.0)  # ends of the copies' windows from due to close; 3 did better than 4 when tried (15 CPU-s)

Run = tuple[int, float, float]  # machine of the group, first and last second of one run of crewed days


def plan_pyvrp(problem: Problem, crew: Ints, *, cpu_s: float, seed: int = 1) -> Solution:
    """Routes by PyVRP's iterated local search, begun from the better simple rule (its own start is poor).

    The CPU limit counts the search; building the matrices comes on top.

    Raises:
        NotPlannable: the problem has chains or dryers.
        MissingExtra: PyVRP is not installed.
    """
    check_plain(problem, "PyVRP")
    try:
        import pyvrp  # noqa: F401
    except ImportError as error:
        raise MissingExtra("pyvrp", extra="bench") from error
    start = plan_start(problem, crew).routes
    routes: list[list[int]] = [[] for _ in problem.machine_class]
    groups = list_groups(problem, crew)
    parts = sum(len(group.parts) for group in groups)
    for group in groups:
        given = [start[m] for m in group.machines]
        found = _solve(problem, group, given, cpu_s * len(group.parts) / parts, seed)
        for m, route in zip(group.machines, found, strict=True):
            routes[m] = route
    return repair(problem, crew, routes)


def _solve(
    problem: Problem, group: Group, given: Sequence[tuple[int, ...]], cpu_s: float, seed: int
) -> list[list[int]]:
    import pyvrp

    runs = [(i, begin, end) for i, spans in enumerate(group.own) for begin, end in spans]
    km = part_km(problem, group)
    seconds = {c: _with_end(arrival_s(problem, group, c, km)) for c in group.classes.tolist()}
    clients, groups = _clients(problem, group)
    data = _data(problem, group, runs, km, seconds, clients, groups)
    first = _first_routes(problem, group, runs, seconds, clients, given)
    begun = pyvrp.Solution(data, [pyvrp.Route(data, visits, i) for i, visits in enumerate(first) if visits])
    until = time.process_time() + cpu_s
    result = pyvrp.solve(
        data,
        stop=lambda best_cost: time.process_time() > until,
        seed=seed,
        collect_stats=False,
        display=False,
        initial_solution=begun,
    )
    routes: list[list[int]] = [[] for _ in group.machines]
    for route in sorted(result.best.routes(), key=lambda r: int(r.vehicle_type())):
        visits = [clients[a.idx].location for a in route if a.is_client()]
        routes[runs[route.vehicle_type()][0]] += group.parts[visits].tolist()
    return routes


def _clients(problem: Problem, group: Group) -> tuple[list[Any], list[Any]]:
    """Copies of each part, earliest window first, and the groups of which at most one copy is visited."""
    import pyvrp

    earliest_s, _, _ = end_window_s(problem, group)
    parts = group.parts
    span_s = np.maximum(problem.part_close_s[parts] - problem.part_due_s[parts], 0.0)
    late_s = [step * span_s for step in STEPS]
    until_s = [
        worked_s(group.clock, np.minimum(problem.part_due_s[parts] + x, problem.part_close_s[parts])) for x in late_s
    ]
    lost = [share_between(problem, parts, x) for x in late_s]
    clients: list[Any] = []
    groups: list[Any] = []
    for i, part in enumerate(parts.tolist()):
        copies, last_s = [], -1
        for k in range(len(STEPS)):
            end_s = int(np.ceil(until_s[k][i]))
            if end_s < int(earliest_s[i]) or end_s <= last_s:
                continue
            mean_lost = (lost[max(0, k - 1)][i] + lost[k][i]) / 2
            prize = max(0, int(problem.part_value_fen[part] * (1.0 - mean_lost)))
            copies.append((end_s, prize))
            last_s = end_s
        alone = len(copies) < 2
        for end_s, prize in copies:
            clients.append(
                pyvrp.Client(
                    location=i,
                    tw_early=int(earliest_s[i]),
                    tw_late=end_s,
                    prize=prize,
                    required=False,
                    group=None if alone else len(groups),
                )
            )
        if not alone:
            indices = list(range(len(clients) - len(copies), len(clients)))
            groups.append(pyvrp.ClientGroup(indices, required=False))
    return clients, groups


def _data(
    problem: Problem,
    group: Group,
    runs: list[Run],
    km: Floats,
    seconds: dict[int, Any],
    clients: list[Any],
    groups: list[Any],
) -> Any:
    """Parts, yards and one end that costs nothing as locations; the distance is money, fen."""
    import pyvrp

    n, v = len(group.parts), len(group.machines)
    fen = []
    for c in group.classes.tolist():
        cost = km * problem.class_fen_km[c]
        work_s = problem.work_s[c, group.parts]
        cost[:, :n] += np.where(
            np.isfinite(work_s), work_s * problem.class_fen_s[c], problem.part_value_fen[group.parts]
        )
        fen.append(_with_end(cost))
    profile = {c: i for i, c in enumerate(group.classes.tolist())}
    vehicles = [
        pyvrp.VehicleType(
            num_available=1,
            start_depot=i,
            end_depot=v,
            tw_early=int(begin),
            tw_late=int(np.ceil(end)),
            profile=profile[int(problem.machine_class[group.machines[i]])],
        )
        for i, begin, end in runs
    ]
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in range(n + v + 1)],
        clients=clients,
        depots=[pyvrp.Depot(location=n + i) for i in range(v + 1)],
        vehicle_types=vehicles,
        distance_matrices=fen,
        duration_matrices=[seconds[c] for c in group.classes.tolist()],
        groups=groups,
    )


def _with_end(matrix: Floats) -> Any:
    """Whole numbers, with a last location that is reached for nothing: a machine stays where it stopped."""
    size = len(matrix)
    whole = np.zeros((size + 1, size + 1), np.int64)
    whole[:size, :size] = np.floor(matrix)
    np.fill_diagonal(whole, 0)
    return whole


def _first_routes(
    problem: Problem,
    group: Group,
    runs: list[Run],
    seconds: dict[int, Any],
    clients: list[Any],
    given: Sequence[tuple[int, ...]],
) -> list[list[int]]:
    """Given routes as visits of each run, at the copy whose window holds the end; what does not fit is left out."""
    copies: dict[int, list[int]] = {}
    for index, client in enumerate(clients):
        copies.setdefault(int(group.parts[client.location]), []).append(index)
    visits: list[list[int]] = [[] for _ in runs]
    for i, route in enumerate(given):
        way_s = seconds[int(problem.machine_class[group.machines[i]])]
        left = list(route)
        for r, (machine, begin, end) in enumerate(runs):
            if machine != i:
                continue
            place, now = len(group.parts) + i, int(begin)
            while left:
                options = copies.get(left[0], [])
                done = (
                    max(now + int(way_s[place, clients[options[0]].location]), clients[options[0]].tw_early)
                    if options
                    else 0
                )
                if done > end:
                    break
                left.pop(0)
                fits = [x for x in options if done <= clients[x].tw_late]
                if fits:
                    visits[r].append(fits[0])
                    place, now = clients[fits[0]].location, done
    return visits
