"""Small regions for the engine tests: drawn by hand on a line, or by chance on a square."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from nongshi.core.region import (
    Dryer,
    Field,
    Job,
    LossCurve,
    Machine,
    MachineClass,
    Operator,
    Region,
    Workday,
    WorkRate,
)
from nongshi.dispatch.engines.append import day_of
from nongshi.dispatch.engines.tables import make_tables
from nongshi.dispatch.problem import Floats, Problem
from nongshi.dispatch.solution import Solution, time_routes

TZ = ZoneInfo("Asia/Shanghai")
START = date(2026, 11, 1)
KM_DEG = 111.19508  # km per degree of latitude on the contract's sphere


def at(day: int, hour: float = 0.0) -> datetime:
    """Wall time `hour` of a day of the horizon."""
    return datetime.combine(START, time(0), tzinfo=TZ) + timedelta(days=day, hours=hour)


def field(name: str, km: float, lon: float = 121.0) -> Field:
    """A field `km` road kilometres north of the origin (detour 1)."""
    return Field(
        id=name, name=name, place="", grower_id="", area_ha=None, gate_lon=lon, gate_lat=31 + km / KM_DEG, polygons=()
    )


def job(
    name: str,
    field_id: str,
    *,
    area_ha: float = 1.0,
    due: float = 2.0,
    close: float = 3.0,
    opens: float = 0.0,
    value_yuan: int = 1000,
    part_max_ha: float | None = None,
    operation: str = "harvest",
) -> Job:
    """A job; open, due and close in days after the start."""
    return Job(
        id=name,
        field_id=field_id,
        operation=operation,
        area_ha=area_ha,
        open=at(0, 24 * opens),
        due=at(0, 24 * due),
        close=at(0, 24 * close),
        value_fen=100 * value_yuan,
        loss_curve="rice",
        part_max_ha=part_max_ha,
    )


def machine(name: str, km: float, owner: str = "A", machine_class: str = "combine") -> Machine:
    """A machine whose yard is `km` north of the origin."""
    return Machine(
        id=name,
        machine_class=machine_class,
        owner_id=owner,
        yard_lon=121.0,
        yard_lat=31 + km / KM_DEG,
        available_from=None,
        available_to=None,
    )


def operator(name: str, owner: str = "A", *, shared: bool = False, off: Sequence[int] = ()) -> Operator:
    """An operator with licence R of 10 h a day."""
    return Operator(
        id=name,
        owner_id=owner,
        licences={"R": date(2030, 1, 1)},
        hours_max=10.0,
        off_days=frozenset(START + timedelta(days=d) for d in off),
        shared=shared,
    )


def region(
    fields: Sequence[Field],
    jobs: Sequence[Job],
    machines: Sequence[Machine],
    operators: Sequence[Operator],
    *,
    days: int = 4,
) -> Region:
    """A region of combines (0.5 ha/h, 20 km/h, 15 min a move, 8-18 h) and their faster kind."""
    return Region(
        name="drawn",
        zone="Asia/Shanghai",
        start_date=START,
        horizon_days=days,
        detour=1.0,
        synthetic=True,
        fields=tuple(fields),
        machine_classes=tuple(
            MachineClass(id=i, name=i, licence="R", road_km_h=20, load_min=15, cost_fen_km=800, cost_fen_h=1000)
            for i in ("combine", "wide")
        ),
        work_rates=(
            WorkRate(machine_class="combine", operation="harvest", rate_ha_h=0.5, source="assumption"),
            WorkRate(machine_class="wide", operation="harvest", rate_ha_h=0.8, source="assumption"),
        ),
        machines=tuple(machines),
        operators=tuple(operators),
        workdays=tuple(
            Workday(date=START + timedelta(days=d), machine_class="*", start=time(8), end=time(18)) for d in range(days)
        ),
        jobs=tuple(jobs),
        loss_curves=(LossCurve(id="rice", days_late=(0.0, 1.0, 3.0), loss_share=(0.0, 0.05, 0.25)),),
    )


def by_chance(seed: int, *, fields: int = 25, machines: int = 3) -> Region:
    """A crowded little region: two owners, two classes, absent days, some fields in parts."""
    rng = np.random.default_rng(seed)
    places = [field(f"F{i}", rng.uniform(0, 12), 121 + rng.uniform(0, 0.1)) for i in range(fields)]
    jobs = []
    for i in range(fields):
        area_ha, opens = float(rng.choice([0.8, 1.5, 2.5, 4.0])), float(rng.integers(0, 3)) / 2
        due = opens + float(rng.integers(1, 3))
        value_yuan, close = round(900 * area_ha), due + float(rng.integers(0, 3))
        jobs.append(
            job(
                f"J{i}",
                f"F{i}",
                area_ha=area_ha,
                opens=opens,
                due=due,
                close=close,
                value_yuan=value_yuan,
                part_max_ha=2.0,
            )
        )
    owners = "AB"
    fleet = [machine(f"M{i}", rng.uniform(0, 12), owners[i % 2], ("combine", "wide")[i % 2]) for i in range(machines)]
    people = [
        operator(f"P{i}", owners[i % 2], shared=i % 3 == 0, off=rng.integers(0, 4, 1).tolist()) for i in range(machines)
    ]
    return region(places, jobs, fleet, people)


def tied_by_chance(seed: int, *, fields: int = 25, machines: int = 3, scarce: float = 0.5) -> Region:
    """The crowded little region with jobs that follow others, and dryers for a share of its grain."""
    rng = np.random.default_rng([seed, 1])
    plain = by_chance(seed, fields=fields, machines=machines)
    jobs = list(plain.jobs)
    for i in range(1, len(jobs)):
        if rng.random() < 0.4:
            before = jobs[int(rng.integers(i))]
            jobs[i] = replace(jobs[i], after_job_id=before.id, after_h=float(rng.choice([0.0, 0.5, 12.0])))
    jobs = [replace(one, wet_t=8.0 * one.area_ha if rng.random() < 0.7 else None) for one in jobs]
    t_day = scarce * sum(one.wet_t or 0.0 for one in jobs) / plain.horizon_days
    order = rng.permutation(len(jobs))
    down = ((START + timedelta(days=1), START + timedelta(days=1)),)
    return replace(
        plain,
        jobs=tuple(jobs[i] for i in order),
        dryers=(
            Dryer(id="D1", lon=121.02, lat=31.02, t_day=0.6 * t_day, hold_t=0.5 * t_day),
            Dryer(id="D2", lon=121.08, lat=31.05, t_day=0.4 * t_day, hold_t=0.3 * t_day, down=down),
        ),
    )


def waiting_t(problem: Problem, solution: Solution) -> Floats:
    """(d,) wet tonnes waiting after each day, by the contract's rule, from times as they are written."""
    tables, wet_t = make_tables(problem, solution.crew), np.zeros(len(problem.dates))
    for stop in (stop for timed in time_routes(problem, solution) for stop in timed):
        wet_t[day_of(tables, stop.end_s)] += problem.part_wet_t[stop.part]
    waiting, before = np.zeros(len(wet_t)), 0.0
    for d, fresh_t in enumerate(wet_t):
        before = waiting[d] = max(0.0, before + fresh_t - problem.dry_t_day[d])
    return waiting


def times_served(problem: Problem, routes: Sequence[Sequence[int]]) -> set[int]:
    """How often jobs are served; fails where one is served in some of its parts only."""
    count = np.zeros(len(problem.part_job), int)
    for route in routes:
        np.add.at(count, list(route), 1)
    of_job = [set(count[a : a + n].tolist()) for a, n in zip(problem.job_first, problem.job_parts, strict=True)]
    assert all(len(times) == 1 for times in of_job), "a job is served in some of its parts only"
    return set().union(*of_job)
