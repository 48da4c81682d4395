"""`nongshi bench vrplib`: the search core on public routing instances, beside PyVRP at equal CPU time."""

import json
import math
import multiprocessing
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from nongshi.bench.vrplib_check import Verdict, check_routes
from nongshi.bench.vrplib_data import Instance, list_files, read_instance
from nongshi.bench.vrplib_problem import VALUE_LEGS, as_routes, empty_start, make_routing_problem
from nongshi.dispatch.search import Budget, search
from nongshi.files.whole import write_whole

HOT_LEGS, COLD_LEGS = 4.0, 0.02  # temperatures in mean legs (assumption, tuned on PR09, R1_10_1 and R2_10_2)
CELL_MACHINES = 24  # assumption, as above
ROUNDS = 60  # assumption, as above
PYVRP_OVERRUN, PYVRP_GRACE_S = 1.25, 10.0  # a run that takes more than this of its time hangs


def bench_vrplib(
    folder: Path,
    *,
    cpu_s: float,
    only: str = "",
    limit: int | None = None,
    seed: int = 1,
    out: Path,
    on_step: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Solve every instance with both; writes `vrplib.json` into `out`.

    Raises:
        BadInput: there are no instances.
        MissingExtra: PyVRP is not installed.
    """
    rows = []
    for group, path in list_files(folder, only, limit):
        instance, _ = read_instance(group, path)
        if on_step is not None:
            on_step(f"{group} {instance.name}: {len(instance.demand)} clients")
        ours = check_routes(instance, solve_own(instance, cpu_s=cpu_s, seed=seed))
        routes = solve_pyvrp(group, path, cpu_s=cpu_s, seed=seed)
        theirs = None if routes is None else check_routes(instance, routes)
        rows.append(_row(instance, ours, theirs))
    figures = {"format": "nongshi-bench-vrplib/1", "cpu_s": cpu_s, "seed": seed, "rows": rows, "sets": summarise(rows)}
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / "vrplib.json", json.dumps(figures, indent=1) + "\n")
    return figures


def solve_own(
    instance: Instance, *, cpu_s: float | None, iterations: int | None = None, seed: int
) -> list[tuple[int, Sequence[int]]]:
    """Routes by the search that plans fields, from nothing; CPU seconds or iterations."""
    problem = make_routing_problem(instance)
    found = search(
        problem,
        empty_start(problem),
        budget=Budget(cpu_s, iterations),
        seed=seed,
        crew_share=0.0,
        hot_share=HOT_LEGS / VALUE_LEGS,
        cold_share=COLD_LEGS / VALUE_LEGS,
        cell_machines=CELL_MACHINES,
        rounds=ROUNDS,
    )
    return as_routes(instance, found)


def solve_pyvrp(group: str, path: Path, *, cpu_s: float, seed: int) -> list[tuple[int, Sequence[int]]] | None:
    """PyVRP's routes, from a process of its own; None where it did not come back and the system had to end it.

    PyVRP looks at its stop between iterations only, and on some instances one iteration never ends.
    """
    context = multiprocessing.get_context("spawn")
    mine, its = context.Pipe(duplex=False)
    child = context.Process(target=_pyvrp_child, args=(its, group, str(path), cpu_s, seed), daemon=True)
    child.start()
    its.close()
    try:
        return list(mine.recv())
    except EOFError:
        return None
    finally:
        child.join()


def _pyvrp_child(out: Any, group: str, path: str, cpu_s: float, seed: int) -> None:
    """In the child: solve, send the routes; the system ends it when it uses far more CPU than it was given."""
    import pyvrp

    _, data = read_instance(group, Path(path))
    used_s = time.process_time()
    most_s = math.ceil(used_s + PYVRP_OVERRUN * cpu_s + PYVRP_GRACE_S)
    resource.setrlimit(resource.RLIMIT_CPU, (most_s, most_s))
    result = pyvrp.solve(data, stop=lambda _: time.process_time() - used_s >= cpu_s, seed=seed, display=False)
    out.send([(route.vehicle_type(), [a.idx for a in route if a.is_client()]) for route in result.best.routes()])


def _row(instance: Instance, ours: Verdict, theirs: Verdict | None) -> dict[str, Any]:
    def gap(verdict: Verdict | None) -> float | None:
        if instance.best_known is None or verdict is None or not verdict.feasible:
            return None
        return 100.0 * (verdict.cost / instance.best_known - 1.0)

    return {
        "set": instance.group,
        "name": instance.name,
        "clients": len(instance.demand),
        "best_known": None if instance.best_known is None else instance.best_known / instance.scale,
        "own": ours.cost / instance.scale,
        "pyvrp": None if theirs is None else theirs.cost / instance.scale,
        "own_gap": gap(ours),
        "pyvrp_gap": gap(theirs),
        "own_feasible": ours.feasible,
        "pyvrp_feasible": theirs is not None and theirs.feasible,
        "pyvrp_ended_by_system": theirs is None,
        "own_faults": list(ours.faults[:3]),
    }


def summarise(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Mean gaps of each set in %, over the instances that both solved, and how many points ours is worse."""
    found = []
    for name in dict.fromkeys(row["set"] for row in rows):
        mine = [row for row in rows if row["set"] == name]
        both = [row for row in mine if row["own_gap"] is not None and row["pyvrp_gap"] is not None]
        own, other = (sum(row[key] for row in both) / len(both) if both else None for key in ("own_gap", "pyvrp_gap"))
        found.append(
            {
                "set": name,
                "instances": len(mine),
                "compared": len(both),
                "own_infeasible": sum(not row["own_feasible"] for row in mine),
                "pyvrp_ended_by_system": sum(row["pyvrp_ended_by_system"] for row in mine),
                "own_gap": own,
                "pyvrp_gap": other,
                "points_worse": None if own is None or other is None else own - other,
            }
        )
    return found
