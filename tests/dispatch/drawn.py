"""Draws a small region from tables, so that a test shows only what it is about.

Places lie on one meridian, so many km north of the first yard; a move of 10 km takes 1 h (20 km/h and 30 min
loading), work runs at 1 ha/h from 08:00 to 18:00. So the right plan can be reckoned in the head.
All numbers are assumptions, drawn for the tests.
"""

from datetime import date, datetime, time, timedelta
from math import pi
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from nongshi.core.region import Field, Job, LossCurve, Machine, MachineClass, Operator, Region, Workday, WorkRate
from nongshi.core.times import local
from nongshi.dispatch import ruin
from nongshi.dispatch.cells import Draft, Loaded, load_cell
from nongshi.dispatch.problem import Ints, Problem
from nongshi.dispatch.solution import Solution, make_clock, time_route

LAT_PER_KM = 180 / (pi * 6371.0088)
START = date(2026, 11, 1)

JOBS = """
job  km  ha  open     due      close    yuan
A    10   2  1T00:00  1T11:00  2T24:00  1000
B    20   4  1T00:00  1T15:00  2T24:00  2000  part_max_ha=2
C    30   8  1T00:00  1T14:00  2T24:00  4000
"""
MACHINES = """
machine  class    owner  km
M1       combine  O       0
"""
OPERATORS = """
operator  owner  licences
P1        O      S:2030-01-01
"""
WORKDAYS = """
day  class  start  end
1    *      08:00  18:00
2    *      08:00  18:00
"""
CLASSES = (("combine", "S", "harvest"), ("header", "H", "harvest"), ("tractor", "", "till"))


def region(
    jobs: str = JOBS,
    machines: str = MACHINES,
    operators: str = OPERATORS,
    workdays: str = WORKDAYS,
    *,
    days: int = 2,
    zone: str = "Asia/Shanghai",
    start: date = START,
) -> Region:
    """A region from four tables; what stands behind a row's columns is `key=value` or a bare `shared`."""
    at = _Moments(zone, start)
    wanted = [_job(at, *row) for row in _rows(jobs)]
    kms = {float(job.field_id[1:]) for job in wanted}
    return Region(
        name="drawn",
        zone=zone,
        start_date=start,
        horizon_days=days,
        detour=1.0,
        synthetic=True,
        fields=tuple(_field(km) for km in sorted(kms)),
        machine_classes=tuple(_class(id_, licence) for id_, licence, _ in CLASSES),
        work_rates=tuple(_rate(id_, operation) for id_, _, operation in CLASSES),
        machines=tuple(_machine(at, *row) for row in _rows(machines)),
        operators=tuple(_operator(at, *row) for row in _rows(operators)),
        workdays=tuple(_workday(at, *row) for row in _rows(workdays)),
        jobs=tuple(wanted),
        loss_curves=(
            LossCurve(id="late", days_late=(0.0, 1.0, 2.0), loss_share=(0.0, 0.1, 0.3)),
            LossCurve(id="none", days_late=(0.0,), loss_share=(0.0,)),
        ),
    )


def whole(problem: Problem, solution: Solution) -> Loaded:
    """All machines, jobs and operators of a problem as one cell, loaded."""
    draft = Draft.of(problem, solution)
    machines = np.arange(len(problem.machine_class))
    unserved = np.flatnonzero(draft.on[problem.job_first] < 0)
    placeable = np.ones((len(problem.operator_owner), len(problem.dates)), bool)
    loaded = load_cell(problem, draft, machines, unserved, placeable)
    ruin.load(loaded.cell, loaded.state)
    return loaded


def at_random(problem: Problem, seed: int, *, full: bool = True) -> Solution:
    """A crew by chance and jobs appended or inserted by chance, by the readable rules alone; `full`: as many as fit."""
    rng = np.random.default_rng(seed)
    crew = random_crew(problem, rng)
    clocks = [make_clock(problem, crew, m) for m in range(len(crew))]
    routes: list[list[int]] = [[] for _ in crew]
    jobs = rng.permutation(len(problem.job_first))
    for job in jobs if full else jobs[: len(jobs) // 2]:
        trial = [list(route) for route in routes]
        for part in range(problem.job_first[job], problem.job_first[job] + problem.job_parts[job]):
            m = int(rng.integers(len(crew)))
            trial[m].insert(int(rng.integers(len(trial[m]) + 1)), int(part))
        if all(time_route(problem, clocks[m], m, route) is not None for m, route in enumerate(trial)):
            routes = trial
    return Solution(crew=crew, routes=tuple(tuple(route) for route in routes))


def random_crew(problem: Problem, rng: np.random.Generator) -> Ints:
    """Operators on machines by chance, as the rules allow."""
    crew = np.full((len(problem.machine_class), len(problem.dates)), -1, np.int64)
    for d in range(len(problem.dates)):
        for o in rng.permutation(len(problem.operator_owner)):
            free = [m for m in range(len(crew)) if crew[m, d] < 0 and problem.may_drive(int(o), m, d)]
            if free and rng.random() < 0.9:
                crew[rng.choice(free), d] = o
    return crew


def moment(text: str, zone: str = "Asia/Shanghai", start: date = START) -> datetime:
    """`2T14:00`: at 14:00 on the second day; 24:00 is the next midnight."""
    return _Moments(zone, start)(text)


class _Moments:
    def __init__(self, zone: str, start: date) -> None:
        self.tz, self.start = ZoneInfo(zone), start

    def day(self, number: int) -> date:
        return self.start + timedelta(days=number - 1)

    def __call__(self, text: str) -> datetime:
        day, at = text.split("T")
        if at == "24:00":
            return local(self.day(int(day) + 1), time(0), self.tz)
        return local(self.day(int(day)), time.fromisoformat(at), self.tz)


def _rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()[1:]]


def _more(texts: tuple[str, ...]) -> dict[str, str]:
    return dict(text.split("=") if "=" in text else (text, "yes") for text in texts)


def _job(at: _Moments, id_: str, km: str, ha: str, opens: str, due: str, close: str, yuan: str, *texts: str) -> Job:
    more: dict[str, Any] = _more(texts)
    if "part_max_ha" in more:
        more["part_max_ha"] = float(more["part_max_ha"])
    fixed = {"operation": "harvest", "loss_curve": "late"}
    window = {"open": at(opens), "due": at(due), "close": at(close)}
    return Job(
        id=id_, field_id=f"F{km}", area_ha=float(ha), value_fen=round(float(yuan) * 100), **window, **(fixed | more)
    )


def _field(km: float) -> Field:
    id_, lat = f"F{km:g}", 30.0 + km * LAT_PER_KM
    return Field(
        id=id_, name=id_, place="drawn", grower_id="G", area_ha=None, gate_lon=121.0, gate_lat=lat, polygons=()
    )


def _class(id_: str, licence: str) -> MachineClass:
    return MachineClass(
        id=id_, name=id_, licence=licence or None, road_km_h=20.0, load_min=30.0, cost_fen_km=100, cost_fen_h=500
    )


def _rate(machine_class: str, operation: str) -> WorkRate:
    return WorkRate(machine_class=machine_class, operation=operation, rate_ha_h=1.0, source="assumption: drawn")


def _machine(at: _Moments, id_: str, machine_class: str, owner: str, km: str, *texts: str) -> Machine:
    more = _more(texts)
    return Machine(
        id=id_,
        machine_class=machine_class,
        owner_id=owner,
        yard_lon=121.0,
        yard_lat=30.0 + float(km) * LAT_PER_KM,
        available_from=at(more["from"]) if "from" in more else None,
        available_to=at(more["to"]) if "to" in more else None,
    )


def _operator(at: _Moments, id_: str, owner: str, licences: str, *texts: str) -> Operator:
    more = _more(texts)
    held = (text.split(":") for text in licences.split(";") if text != "-")
    return Operator(
        id=id_,
        owner_id=owner,
        licences={licence: date.fromisoformat(last) for licence, last in held},
        hours_max=float(more.get("hours", 10)),
        off_days=frozenset(at.day(int(d)) for d in more["off"].split(",")) if "off" in more else frozenset(),
        shared="shared" in more,
    )


def _workday(at: _Moments, day: str, machine_class: str, *hours: str) -> Workday:
    start, end = (time.fromisoformat(text) for text in hours) if hours else (None, None)
    return Workday(date=at.day(int(day)), machine_class=machine_class, start=start, end=end)
