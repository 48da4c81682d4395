"""Public routing instances in arrays: read by PyVRP's reader, best known costs from the `.sol` files beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nongshi.core.errors import BadInput, MissingExtra
from nongshi.dispatch.problem import Bools, Floats, Ints

ROUND_OF = {"SDVRPTW": "exact", "MDVRPTW": "exact", "VRPTW": "dimacs"}  # what the best known costs are counted in
SCALE_OF = {"exact": 1000, "dimacs": 10}  # whole units of a cost of 1
SOL_SCALE_OF = {"SDVRPTW": 1000, "MDVRPTW": 1000, "VRPTW": 1}  # the same, as written in the .sol files
FORBIDDEN = 2**40  # PyVRP's reader writes arcs of 2**44 for clients that a vehicle may not serve


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicles:
    """Some vehicles that are alike. n clients; loads, distances and times are whole units of the instance."""

    count: int
    depot: int  # location from which they leave and to which they return
    capacity: float
    open_t: float  # earliest departure
    close_t: float  # latest return
    duration_max: float  # inf: no limit
    allowed: Bools  # (n,) clients that they may serve


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A routing instance in which every client must be served. d depots, n clients; the depots are locations 0..d-1.

    A unit of distance is driven in a unit of time.
    """

    name: str
    group: str  # the set it belongs to
    scale: float  # units of a cost of 1
    best_known: float | None  # in units
    depots: int
    x: Floats  # (d + n,)
    y: Floats
    distance: Ints  # (d + n, d + n)
    demand: Floats  # (n,)
    open_t: Floats  # (n,) earliest start of service
    close_t: Floats  # (n,) latest start of service
    service_t: Floats  # (n,)
    vehicles: tuple[Vehicles, ...]


def list_files(folder: Path, only: str = "", limit: int | None = None) -> list[tuple[str, Path]]:
    """(set, file) of the instances in a folder of sets, or in one set; `limit` counts for each set.

    Raises:
        BadInput: there are none.
    """
    sets = [folder] if folder.name in ROUND_OF else [folder / name for name in ROUND_OF]
    found = [
        (each.name, path)
        for each in sets
        for path in sorted(p for p in each.glob("*.vrp") if p.stem.startswith(only))[:limit]
    ]
    if not found:
        raise BadInput(f"no instance {only}*.vrp in {folder} or its folders {', '.join(ROUND_OF)}")
    return found


def read_instance(group: str, path: Path) -> tuple[Instance, Any]:
    """The instance in our arrays, and as PyVRP's data.

    Raises:
        MissingExtra: PyVRP is not installed.
    """
    try:
        import pyvrp
    except ImportError as error:
        raise MissingExtra("pyvrp", extra="bench") from error
    data = pyvrp.read(str(path), round_func=ROUND_OF[group])
    return from_pyvrp(data, name=path.stem, group=group, best_known=read_best_known(group, path)), data


def read_best_known(group: str, path: Path) -> float | None:
    """Best known cost in units of the instance, from the `.sol` beside it; None: there is none."""
    sol = path.with_suffix(".sol")
    if not sol.exists():
        return None
    line = next(line for line in sol.read_text().splitlines() if line.lower().startswith("cost"))
    units = float(line[4:].lstrip(" :")) * SCALE_OF[ROUND_OF[group]] / SOL_SCALE_OF[group]
    return float(round(units))


def from_pyvrp(data: Any, *, name: str, group: str, best_known: float | None) -> Instance:
    """PyVRP's data as an instance; all that it counts besides distance must be absent."""
    first, clients, places = data.num_depots, data.clients(), data.locations()
    x, y = (np.array([getattr(place, axis) for place in places], float) for axis in "xy")
    profiles = [data.distance_matrix(i) for i in range(data.num_profiles)]
    distance = np.min(profiles, axis=0)
    straight = np.rint(np.hypot(x[:, None] - x, y[:, None] - y)).astype(np.int64)  # of pairs that no vehicle may serve
    kinds = [
        Vehicles(
            count=kind.num_available,
            depot=kind.start_depot,
            capacity=float(kind.capacity[0]),
            open_t=float(kind.tw_early),
            close_t=float(min(kind.tw_late, data.depots()[kind.end_depot].tw_late)),
            duration_max=float(kind.shift_duration) if kind.shift_duration < FORBIDDEN else np.inf,
            allowed=np.asarray(profiles[kind.profile][kind.start_depot, first:] < FORBIDDEN),
        )
        for kind in data.vehicle_types()
    ]
    return Instance(
        name=name,
        group=group,
        scale=SCALE_OF[ROUND_OF[group]],
        best_known=best_known,
        depots=first,
        x=x,
        y=y,
        distance=np.where(distance < FORBIDDEN, distance, straight),
        demand=_column([client.delivery[0] for client in clients]),
        open_t=_column([client.tw_early for client in clients]),
        close_t=_column([client.tw_late for client in clients]),
        service_t=_column([client.service_duration for client in clients]),
        vehicles=tuple(kinds),
    )


def _column(values: Sequence[float]) -> Floats:
    return np.array(values, float)
