"""Routing instances: the checker refuses what breaks a rule; tiny ones are solved to the optimum."""

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from nongshi.bench.vrplib import solve_own, solve_pyvrp, summarise
from nongshi.bench.vrplib_check import check_routes
from nongshi.bench.vrplib_data import Instance, Vehicles, list_files, read_instance
from nongshi.core.errors import BadInput

SETS = Path(__file__).parents[3] / "shared" / "data" / "vrp"


def drawn(seed: int, *, clients: int = 5, capacity: float = 3.0, duration_max: float = np.inf) -> Instance:
    """A depot and some clients of demand 1 on a grid of 100, windows wide."""
    rng = np.random.default_rng(seed)
    x, y = rng.permutation(100)[: clients + 1].astype(float), rng.permutation(100)[: clients + 1].astype(float)
    distance = np.rint(np.hypot(x[:, None] - x, y[:, None] - y)).astype(np.int64)
    fleet = Vehicles(
        count=3,
        depot=0,
        capacity=capacity,
        open_t=0.0,
        close_t=2000.0,
        duration_max=duration_max,
        allowed=np.ones(clients, bool),
    )
    return Instance(
        name=f"drawn {seed}",
        group="drawn",
        scale=1.0,
        best_known=None,
        depots=1,
        x=x,
        y=y,
        distance=distance,
        demand=np.ones(clients),
        open_t=np.zeros(clients),
        close_t=np.full(clients, 1500.0),
        service_t=np.full(clients, 10.0),
        vehicles=(fleet,),
    )


def best_cost(instance: Instance) -> float:
    """The least cost over all orders of clients and all cuts into routes."""
    n, best = len(instance.demand), np.inf
    for order in permutations(range(n)):
        for cuts in range(2 ** (n - 1)):
            routes, start = [], 0
            for end in range(1, n + 1):
                if end == n or cuts >> (end - 1) & 1:
                    routes.append((0, order[start:end]))
                    start = end
            verdict = check_routes(instance, routes)
            if verdict.feasible:
                best = min(best, verdict.cost)
    return best


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("duration_max", [np.inf, 400.0])
def test_tiny_instances_are_solved_to_the_optimum(seed: int, duration_max: float) -> None:
    instance = drawn(seed, duration_max=duration_max)
    found = check_routes(instance, solve_own(instance, cpu_s=None, iterations=3000, seed=1))
    assert found.faults == ()
    assert found.cost == best_cost(instance)


def test_the_checker_names_what_is_broken() -> None:
    instance = drawn(1)
    sound = [(0, (0, 1, 2)), (0, (3, 4))]
    assert check_routes(instance, sound).feasible
    assert "over capacity" in check_routes(instance, [(0, (0, 1, 2, 3)), (0, (4,))]).faults[0]
    assert "client 4 is served 0 times" in check_routes(instance, [(0, (0, 1, 2)), (0, (3,))]).faults
    assert "client 0 is served 2 times" in check_routes(instance, [(0, (0, 1, 2)), (0, (3, 4, 0))]).faults
    assert "4 vehicles of kind 0, there are 3" in check_routes(instance, [(0, (i,)) for i in range(4)]).faults
    late = replace(instance, close_t=np.array([1500.0, 0.0, 1500.0, 1500.0, 1500.0]))
    assert any("late at 1" in fault for fault in check_routes(late, sound).faults)
    barred = replace(instance.vehicles[0], allowed=np.array([True, True, False, True, True]))
    assert any("may not serve 2" in f for f in check_routes(replace(instance, vehicles=(barred,)), sound).faults)
    short = replace(instance.vehicles[0], duration_max=20.0)
    assert any("takes too long" in f for f in check_routes(replace(instance, vehicles=(short,)), sound).faults)


def test_means_are_over_instances_that_both_solved() -> None:
    row = {"set": "A", "own_feasible": True, "own_gap": 1.0, "pyvrp_gap": 3.0, "pyvrp_ended_by_system": False}
    lost = {"set": "A", "own_feasible": False, "own_gap": None, "pyvrp_gap": 9.0, "pyvrp_ended_by_system": True}
    (one,) = summarise([row, lost])
    assert (one["compared"], one["own_infeasible"], one["points_worse"]) == (1, 1, -2.0)


def test_a_folder_without_instances_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no instance X"):
        list_files(tmp_path, "X")


@pytest.mark.shared_data("vrp/SDVRPTW")
def test_a_public_instance_is_read_and_solved_feasibly() -> None:
    pytest.importorskip("pyvrp", reason="PyVRP, extra bench, is not installed")
    ((group, path),) = list_files(SETS / "SDVRPTW", "PR01")
    instance, _ = read_instance(group, path)
    verdict = check_routes(instance, solve_own(instance, cpu_s=None, iterations=4000, seed=1))
    assert verdict.faults == ()
    assert instance.best_known is not None
    assert instance.best_known <= verdict.cost <= 1.1 * instance.best_known


@pytest.mark.shared_data("vrp/SDVRPTW")
def test_pyvrp_answers_from_a_process_of_its_own() -> None:
    pytest.importorskip("pyvrp", reason="PyVRP, extra bench, is not installed")
    ((group, path),) = list_files(SETS / "SDVRPTW", "PR01")
    instance, _ = read_instance(group, path)
    routes = solve_pyvrp(group, path, cpu_s=0.5, seed=1)
    assert routes is not None
    assert sorted(client for _, route in routes for client in route)
    assert check_routes(instance, routes).cost > 0
