"""A routing instance as a problem of ours: clients are jobs, vehicles machines that return, all on one long day.

Every job is worth far more than any detour, so what is maximised is minus the distance. One machine stands for each
vehicle, one operator for each machine; moving operators is switched off.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from nongshi.bench.vrplib_data import Instance
from nongshi.core.region import Region
from nongshi.dispatch.problem import Fleet, Floats, Ints, Problem
from nongshi.dispatch.solution import Solution

VALUE_LEGS = 1000.0  # a job is worth so many mean legs: no detour is longer
TIME_STRETCH = 2048.0  # seconds of a unit: sets how far windows count beside distance among neighbours; a power of 2
LEG_NEAR = 10  # nearest clients over whose distance the mean leg is taken


class Table:
    """Distances of an instance, asked for as roads are: by coordinates."""

    def __init__(self, instance: Instance) -> None:
        self.distance = instance.distance.astype(float)
        self.index = {place: i for i, place in enumerate(zip(instance.x.tolist(), instance.y.tolist(), strict=True))}

    def find(self, lon: Floats, lat: Floats) -> Ints:
        """Locations at these coordinates."""
        return np.array([self.index[place] for place in zip(lon.tolist(), lat.tolist(), strict=True)], np.int64)

    def km(self, a: Ints, b: Ints) -> Floats:
        """(a, b) distances."""
        return self.distance[np.ix_(a, b)]

    def between(self, here: tuple[float, float], there: tuple[float, float]) -> float:
        """One distance."""
        return float(self.distance[self.index[here], self.index[there]])


def mean_leg(instance: Instance) -> float:
    """Mean distance of a client to its ten nearest: what an insertion costs, roughly."""
    between = np.sort(instance.distance[instance.depots :, instance.depots :], axis=1)
    return float(max(1.0, between[:, 1 : LEG_NEAR + 1].mean()))


def list_kinds(instance: Instance) -> list[int]:
    """The kind of vehicle of each machine."""
    return [kind for kind, vehicles in enumerate(instance.vehicles) for _ in range(vehicles.count)]


def make_routing_problem(instance: Instance) -> Problem:
    """The instance in the search's arrays; a unit of distance is a km and a fen."""
    kinds, n = np.array(list_kinds(instance)), len(instance.demand)
    machines, each = len(kinds), instance.vehicles
    depot = np.array([v.depot for v in each])[kinds]
    first = instance.depots
    horizon_s = max(v.close_t for v in each) * TIME_STRETCH
    end_s = (instance.close_t + instance.service_t) * TIME_STRETCH
    begin_s, close_s = (
        np.array([getattr(v, name) for v in each])[kinds] * TIME_STRETCH for name in ("open_t", "close_t")
    )
    work_s = np.stack([np.where(v.allowed, instance.service_t * TIME_STRETCH, np.inf) for v in each])
    one = np.arange(n, dtype=np.int64)
    return Problem(
        region=_empty_region(instance.name),
        origin=datetime(2001, 1, 1, tzinfo=UTC),
        horizon_s=horizon_s,
        dates=(date(2001, 1, 1),),
        midnight_s=np.array([0.0, horizon_s]),
        part_job=one,
        part_no=np.ones(n, np.int64),
        part_area_ha=np.ones(n),
        part_value_fen=VALUE_LEGS * mean_leg(instance) * (1.0 + 1e-3 * instance.demand / instance.demand.max()),
        part_place=one,
        part_open_s=instance.open_t * TIME_STRETCH,
        part_due_s=end_s,
        part_close_s=end_s,
        part_curve=np.zeros(n, np.int64),
        part_wet_t=np.zeros(n),
        work_s=work_s,
        job_first=one,
        job_parts=np.ones(n, np.int64),
        job_after=np.full(n, -1, np.int64),
        job_after_s=np.zeros(n),
        dry_t_day=np.full(1, np.inf),
        dry_hold_t=0.0,
        curve_late_s=np.zeros((1, 1)),
        curve_share=np.zeros((1, 1)),
        curve_slope=np.zeros((1, 1)),
        place_lon=np.concatenate([instance.x[first:], instance.x[depot]]),
        place_lat=np.concatenate([instance.y[first:], instance.y[depot]]),
        yard0=n,
        class_ids=tuple(str(kind) for kind in range(len(each))),
        class_km_s=np.full(len(each), 1.0 / TIME_STRETCH),
        class_load_s=np.zeros(len(each)),
        class_fen_km=np.ones(len(each)),
        class_fen_s=np.zeros(len(each)),
        machine_class=kinds.astype(np.int64),
        machine_owner=np.zeros(machines, np.int64),
        day_start_s=begin_s[:, None],
        day_end_s=close_s[:, None],
        shift_start_s=begin_s[:, None],
        operator_owner=np.zeros(machines, np.int64),
        operator_shared=np.ones(machines, bool),
        operator_hours_s=np.full(machines, horizon_s),
        licensed=np.ones((machines, len(each), 1), bool),
        fleet=Fleet(
            demand=instance.demand,
            capacity=np.array([v.capacity for v in each])[kinds],
            back=np.ones(machines, bool),
            shift_s_max=np.array([v.duration_max for v in each])[kinds] * TIME_STRETCH,
        ),
        roads=_as_roads(Table(instance)),
    )


def empty_start(problem: Problem) -> Solution:
    """Every machine with its operator, and no route."""
    machines = len(problem.machine_class)
    crew = np.arange(machines, dtype=np.int64)[:, None]
    return Solution(crew=crew, routes=tuple(() for _ in range(machines)))


def as_routes(instance: Instance, solution: Solution) -> list[tuple[int, Sequence[int]]]:
    """The solution's routes as (kind of vehicle, clients)."""
    return [(kind, route) for kind, route in zip(list_kinds(instance), solution.routes, strict=True) if route]


def _as_roads(table: Table) -> Any:
    return table  # the search asks no more of roads than find, km and between


def _empty_region(name: str) -> Region:
    return Region(
        name=name,
        zone="UTC",
        start_date=date(2001, 1, 1),
        horizon_days=1,
        detour=1.0,
        synthetic=True,
        fields=(),
        machine_classes=(),
        work_rates=(),
        machines=(),
        operators=(),
        workdays=(),
        jobs=(),
        loss_curves=(),
    )
