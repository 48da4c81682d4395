"""An answer to a routing instance checked stop by stop, in plain Python: no word of any search is taken."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nongshi.bench.vrplib_data import Instance, Vehicles

Route = tuple[int, Sequence[int]]  # kind of vehicle, clients in order


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an answer costs in units, and every rule it breaks."""

    cost: float
    vehicles: int
    faults: tuple[str, ...]

    @property
    def feasible(self) -> bool:
        """Whether every rule is kept."""
        return not self.faults


def check_routes(instance: Instance, routes: Sequence[Route]) -> Verdict:
    """Judge routes: capacity, windows, hours, duration, who may serve whom, and every client once."""
    used = [(kind, clients) for kind, clients in routes if len(clients)]
    faults = [fault for kind, clients in used for fault in _route_faults(instance, kind, clients)]
    times = Counter(client for _, clients in used for client in clients)
    faults += [
        f"client {client} is served {times[client]} times"
        for client in range(len(instance.demand))
        if times[client] != 1
    ]
    for kind, vehicles in enumerate(instance.vehicles):
        count = sum(k == kind for k, _ in used)
        if count > vehicles.count:
            faults.append(f"{count} vehicles of kind {kind}, there are {vehicles.count}")
    cost = sum(sum(_legs(instance, instance.vehicles[kind], clients)) for kind, clients in used)
    return Verdict(cost=cost, vehicles=len(used), faults=tuple(faults))


def _legs(instance: Instance, vehicles: Vehicles, clients: Sequence[int]) -> list[float]:
    stops = [vehicles.depot, *(instance.depots + client for client in clients), vehicles.depot]
    return [float(instance.distance[a, b]) for a, b in pairwise(stops)]


def _route_faults(instance: Instance, kind: int, clients: Sequence[int]) -> list[str]:
    vehicles, words = instance.vehicles[kind], f"route {list(clients)}"
    faults = [f"{words}: may not serve {client}" for client in clients if not vehicles.allowed[client]]
    if sum(instance.demand[client] for client in clients) > vehicles.capacity:
        faults.append(f"{words}: over capacity")
    legs = _legs(instance, vehicles, clients)
    now = vehicles.open_t
    for client, leg in zip(clients, legs, strict=False):
        now = max(now + leg, instance.open_t[client])
        if now > instance.close_t[client]:
            faults.append(f"{words}: late at {client}")
        now += instance.service_t[client]
    if now + legs[-1] > vehicles.close_t:
        faults.append(f"{words}: back too late")
    if not faults and _shortest_duration(instance, vehicles, clients, legs, now + legs[-1]) > vehicles.duration_max:
        faults.append(f"{words}: takes too long")
    return faults


def _shortest_duration(
    instance: Instance, vehicles: Vehicles, clients: Sequence[int], legs: Sequence[float], back_t: float
) -> float:
    """From the latest departure with which the earliest return is still reached."""
    leaves = back_t - legs[-1]
    for client, leg in zip(reversed(clients), reversed(legs[:-1]), strict=True):
        leaves = min(leaves - instance.service_t[client], instance.close_t[client]) - leg
    return back_t - max(leaves, vehicles.open_t)
