"""A season with the training plan carried out, beside the same season without it.

What lacks is counted from the region's own jobs and machines, with days drawn from the season's weather: how often it
rains is known, when it rains is not. Who passes and who stays is drawn; graduates work from the day on which they have
their licence.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from nongshi.agronomy.licence_rules import DAY_HOURS, LICENCE_RULES, RETENTION, covers
from nongshi.core.region import Job, Operator, Region
from nongshi.core.season import OperatorShortage
from nongshi.core.times import days
from nongshi.core.training import Training
from nongshi.dispatch.problem import Floats
from nongshi.geo.distance import km_between
from nongshi.people.worth import work_days
from nongshi.simulate.truth import usual_hours

MOVE_H = 0.2  # of a job, on the road and at the gate (assumption)
SCENARIOS = 20
WEEK_D = 7
VALID_D = 6 * 365
PASSES, SKIES = 60, 61  # streams
Centres = Mapping[str, tuple[float, float]]  # town -> lon, lat


def town_of(centres: Centres, lon: float, lat: float) -> str:
    """The town whose centre is nearest."""
    names = sorted(centres)
    at = np.array([centres[name] for name in names], float)
    return names[int(np.argmin(km_between(np.array(lon), np.array(lat), at[:, 0], at[:, 1])))]


def shortage_of(
    region: Region, centres: Centres, *, seed: int = 1, scenarios: int = SCENARIOS
) -> tuple[OperatorShortage, ...]:
    """What operators lack by town, week and licence: wanted machine-hours over those that operators can work.

    Of machines and operators of a licence only those together count that stand in the region; what lacks is split among
    the towns by their idle machines, for these are what graduates would drive.
    """
    rng = np.random.default_rng([seed, SKIES])
    weeks = -(-region.horizon_days // WEEK_D)
    drawn = rng.integers(region.horizon_days, size=(scenarios, weeks, WEEK_D))
    day_h = {c.id: _hours_by_day(region, c.id) for c in region.machine_classes}
    wanted, value = _wanted(region, weeks)
    idle, crews, machines = _fleet(region, centres)
    found = []
    for licence, wanted_h in wanted.items():
        mine = [day_h[c.id] for c in region.machine_classes if c.licence == licence]
        week_h = np.mean(mine, axis=0)[drawn].sum(axis=2)  # (s, w)
        able_h = np.minimum(wanted_h, machines[licence] * week_h)
        short_h = np.maximum(0.0, able_h - crews[licence] * week_h)
        all_idle = sum(idle[licence].values())
        for town, count in idle[licence].items():
            for week in range(weeks):
                part = short_h[:, week] * count / all_idle if all_idle else short_h[:, week] * 0.0
                if part.any():
                    found.append(
                        OperatorShortage(
                            town=town,
                            week=week,
                            week_start=region.start_date + timedelta(days=WEEK_D * week),
                            licence=licence,
                            short_h=tuple(part.tolist()),
                            price_fen_h=round(value[licence]),
                            idle_machines=float(count),
                            operator_h=float(week_h[:, week].mean()),
                        )
                    )
    return tuple(found)


def _hours_by_day(region: Region, machine_class: str) -> Floats:
    """(d,) work hours, as the region's own table has them, no longer than somebody new works."""
    usual = usual_hours(region)
    rows = {(w.date, w.machine_class): w for w in region.workdays}
    name = machine_class if usual.get(machine_class) else "*"
    found = []
    for day in days(region.start_date, region.horizon_days):
        row = rows.get((day, name))
        hours = 0.0
        if row is not None and row.start is not None and row.end is not None:
            hours = (row.end.hour - row.start.hour) + (row.end.minute - row.start.minute) / 60
        found.append(min(hours, float(DAY_HOURS.value)))
    return np.array(found, float)


def _wanted(region: Region, weeks: int) -> tuple[dict[str, Floats], dict[str, float]]:
    """Licence -> machine-hours wanted by week, and the value of an hour's work in fen."""
    hours: dict[str, Floats] = {}
    value: dict[str, float] = {}
    count = {c.id: sum(m.machine_class == c.id for m in region.machines) for c in region.machine_classes}
    for job in region.jobs:
        able = {
            c: count[c] * rate
            for (c, operation), rate in region.rate_ha_h.items()
            if operation == job.operation and count[c]
        }
        for machine_class, power in able.items():
            licence = region.class_of[machine_class].licence
            if licence is None:
                continue
            share = power / sum(able.values())
            need_h = share * (job.area_ha / region.rate_ha_h[machine_class, job.operation] + MOVE_H)
            hours.setdefault(licence, np.zeros(weeks))
            hours[licence] += need_h * _by_week(region, job, weeks)
            value[licence] = value.get(licence, 0.0) + share * job.value_fen
    return hours, {name: value[name] / max(1e-9, float(wanted.sum())) for name, wanted in hours.items()}


def _by_week(region: Region, job: Job, weeks: int) -> Floats:
    """(w,) share of the job's days from open to due."""
    first = max(0, (job.open.date() - region.start_date).days)
    last = min(WEEK_D * weeks - 1, max(first, (job.due.date() - region.start_date).days))
    count = np.bincount(np.arange(first, last + 1) // WEEK_D, minlength=weeks)[:weeks]
    return np.asarray(count / max(1, count.sum()), float)


def _fleet(region: Region, centres: Centres) -> tuple[dict[str, dict[str, float]], dict[str, float], dict[str, float]]:
    """By licence: idle machines of each town, operators, machines. Everybody counts at the licence named first."""
    idle: dict[str, dict[str, float]] = {}
    crews: dict[str, float] = {}
    machines: dict[str, float] = {}
    home = owner_towns(region, centres)
    for machine in region.machines:
        licence = region.class_of[machine.machine_class].licence
        if licence is not None:
            here = idle.setdefault(licence, dict.fromkeys(sorted(centres), 0.0))
            here[town_of(centres, machine.yard_lon, machine.yard_lat)] += 1.0
            machines[licence] = machines.get(licence, 0.0) + 1.0
    for operator in region.operators:
        licence = next(iter(operator.licences), None)
        if licence in idle and licence is not None:
            there = 1.0 - len(operator.off_days) / region.horizon_days
            crews[licence] = crews.get(licence, 0.0) + there
            town = home.get(operator.owner_id)
            if town is not None:
                idle[licence][town] = max(0.0, idle[licence][town] - there)
    return idle, {name: crews.get(name, 0.0) for name in idle}, machines


def owner_towns(region: Region, centres: Centres) -> dict[str, str]:
    """Owner -> the town of their first machine's yard."""
    found: dict[str, str] = {}
    for machine in region.machines:
        found.setdefault(machine.owner_id, town_of(centres, machine.yard_lon, machine.yard_lat))
    return found


def with_graduates(
    region: Region, training: Training, enrolled: Iterable[tuple[str, str]], centres: Centres, *, seed: int
) -> Region:
    """The region with those who pass and stay, drawn by the seed; each works for an owner of the own town.

    The owner is the one with most machines for the licence a person that works for them; everybody new may drive for
    others too.
    """
    course = {one.id: one for one in training.courses}
    person = {one.id: one for one in training.trainees}
    home = owner_towns(region, centres)
    added: list[Operator] = []
    retention = float(RETENTION.value) if training.retention is None else training.retention
    for who, course_id in sorted(enrolled):
        rng = np.random.default_rng([seed, PASSES, *who.encode()])
        passed, stays = rng.random(2) < (course[course_id].pass_share, retention)
        if not (passed and stays):
            continue
        first, last = work_days(course[course_id], person[who], LICENCE_RULES)
        calendar = days(region.start_date, region.horizon_days)
        away = frozenset(day for day in calendar if not first <= day <= last)
        if len(away) == len(calendar):
            continue
        owner = _owner(region, [*region.operators, *added], home, person[who].town, course[course_id].licence)
        until = course[course_id].end + timedelta(days=VALID_D)
        added.append(
            Operator(
                id=f"new-{who}",
                owner_id=owner,
                licences=dict.fromkeys(covers(course[course_id].licence), until),
                hours_max=float(DAY_HOURS.value),
                off_days=away,
                shared=True,
            )
        )
    return replace(region, operators=(*region.operators, *added))


def _owner(region: Region, operators: Sequence[Operator], home: Mapping[str, str], town: str, licence: str) -> str:
    """Whose machines of the licence lack operators most; of the town, where anybody there has one."""
    can = covers(licence)

    def lack(owner: str) -> float:
        machines = sum(m.owner_id == owner and region.class_of[m.machine_class].licence in can for m in region.machines)
        people = sum(o.owner_id == owner and any(name in can for name in o.licences) for o in operators)
        return machines - people

    near = sorted(owner for owner, place in home.items() if place == town) or sorted(home)
    return max(near, key=lambda owner: (lack(owner), owner))


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """How short a region is of operators, for whoever reads the comparison."""

    machines: int
    operators: int
    graduates: int
    first_day: date


def how_short(region: Region, trained: Region) -> Short:
    """Machines, operators, and those who came."""
    return Short(
        machines=len(region.machines),
        operators=len(region.operators),
        graduates=len(trained.operators) - len(region.operators),
        first_day=region.start_date,
    )
