"""Tiny regions with everything in them that can go wrong, for comparing a planner with the true optimum."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

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
from nongshi.core.times import local

# All numbers of this file are assumptions: they are drawn to make jobs compete, not to describe a place.
ZONE, START = "Asia/Shanghai", date(2026, 11, 1)
LON, LAT, SPREAD = 121.2, 30.8, 0.12  # a square of about 12 km
PARTS_MAX = 6
JOINT_PARTS_MAX = 5  # with chains or dryers


def tiny_region(seed: int, *, chains: bool = False, dryers: bool = False) -> Region:
    """A region of 2-5 jobs (at most 6 parts), 1-2 machines, 1-3 operators and 2-3 days; the same for the same seed.

    With chains or dryers it has at most 5 parts. Chains: most jobs follow the one before on its field. Dryers: grain
    of every harvest, and one or two dryers that cannot take all of it at once.
    """
    region = _plain(Random(seed), seed)
    if chains or dryers:
        region = replace(region, jobs=_few(region.jobs))
    if chains:
        region = replace(region, name=f"{region.name}-chained", jobs=_chained(Random(seed + 1_000_000), region))
    return _dried(Random(seed + 2_000_000), region) if dryers else region


def _few(jobs: tuple[Job, ...]) -> tuple[Job, ...]:
    kept: list[Job] = []
    for job in jobs:
        if sum(j.parts for j in kept) + job.parts <= JOINT_PARTS_MAX:
            kept.append(job)
    return tuple(kept)


def _chained(rng: Random, region: Region) -> tuple[Job, ...]:
    """Jobs of which most follow the one before, on the same field and, if it is harvested, with tillage."""
    jobs: list[Job] = []
    for job in region.jobs:
        before = jobs[-1] if jobs else None
        if before is None or rng.random() < 0.25:
            jobs.append(job)
            continue
        later = timedelta(hours=rng.choice((0, 6, 24)))
        operation = "till" if before.operation == "harvest" else job.operation
        pause_h = rng.choice((0.0, 0.0, 1.0, 3.0, 14.0))
        after = replace(
            job,
            field_id=before.field_id,
            operation=operation,
            after_job_id=before.id,
            after_h=pause_h,
            open=before.open,
        )
        jobs.append(replace(after, due=max(job.due, before.due) + later, close=max(job.close, before.close) + later))
    return tuple(jobs)


def _dried(rng: Random, region: Region) -> Region:
    jobs = tuple(
        replace(job, wet_t=round(9.0 * job.area_ha, 2)) if job.operation == "harvest" else job for job in region.jobs
    )
    wet_t = max(1.0, sum(job.wet_t or 0.0 for job in jobs))
    t_day = wet_t / region.horizon_days / rng.choice((0.7, 1.0, 1.5, 2.5))
    count = rng.choice((1, 2))
    dryers = []
    for k in range(count):
        idle = START + timedelta(days=rng.randrange(region.horizon_days))
        dryers.append(
            Dryer(
                id=f"D{k + 1}",
                lon=LON,
                lat=LAT,
                t_day=round(t_day / count, 2),
                hold_t=round(rng.choice((0.0, 0.0, 0.3, 1.0)) * t_day / count, 2),
                down=((idle, idle),) if rng.random() < 0.2 else (),
            )
        )
    return replace(region, name=f"{region.name}-dried", jobs=jobs, dryers=tuple(dryers))


def _plain(rng: Random, seed: int) -> Region:
    horizon = rng.choice((2, 3))
    classes = _classes(rng)
    fields = tuple(_field(rng, k) for k in range(rng.randint(2, 4)))
    machines = tuple(_machine(rng, k, classes) for k in range(rng.choice((1, 2, 2))))
    return Region(
        name=f"tiny-{seed}",
        zone=ZONE,
        start_date=START,
        horizon_days=horizon,
        detour=1.3,
        synthetic=True,
        fields=fields,
        machine_classes=classes,
        work_rates=_rates(rng, classes),
        machines=machines,
        operators=tuple(_operator(rng, k, classes, horizon) for k in range(rng.choice((1, 2, 2, 3)))),
        workdays=_workdays(rng, classes, horizon),
        jobs=_jobs(rng, fields, horizon),
        loss_curves=(
            LossCurve(id="steep", days_late=(0.0, 0.5, 1.5), loss_share=(0.0, 0.15, 0.8)),
            LossCurve(id="gentle", days_late=(0.0, 1.0), loss_share=(0.0, 0.1)),
        ),
    )


def _classes(rng: Random) -> tuple[MachineClass, ...]:
    kinds = [("combine", "S", 20.0, 20.0, 400, 12_000), ("tractor", rng.choice(("G1", None)), 25.0, 8.0, 250, 6_000)]
    return tuple(
        MachineClass(
            id=id_,
            name=id_,
            licence=licence,
            road_km_h=road_km_h,
            load_min=load_min,
            cost_fen_km=cost_fen_km,
            cost_fen_h=rng.choice((0, cost_fen_h)),
        )
        for id_, licence, road_km_h, load_min, cost_fen_km, cost_fen_h in kinds[: rng.choice((1, 2, 2))]
    )


def _rates(rng: Random, classes: tuple[MachineClass, ...]) -> tuple[WorkRate, ...]:
    """The combine harvests; the tractor tills, and harvests slowly or not at all; a lone class does both."""
    rows = [("combine", "harvest", 0.7), ("combine", "till", 0.6)]
    if len(classes) == 2:
        rows = [rows[0], ("tractor", "till", 0.9), *([("tractor", "harvest", 0.5)] if rng.random() < 0.8 else [])]
    source = "assumption: drawn for a tiny region"
    return tuple(WorkRate(machine_class=c, operation=o, rate_ha_h=r, source=source) for c, o, r in rows)


def _field(rng: Random, k: int) -> Field:
    lon, lat = (round(rng.uniform(c - SPREAD / 2, c + SPREAD / 2), 5) for c in (LON, LAT))
    d = 0.0005
    ring = ((lon, lat), (lon + d, lat), (lon + d, lat + d), (lon, lat + d), (lon, lat))
    return Field(
        id=f"F{k + 1}",
        name=f"field {k + 1}",
        place="tiny",
        grower_id=f"G{k + 1}",
        area_ha=None,
        gate_lon=lon,
        gate_lat=lat,
        polygons=((ring,),),
    )


def _machine(rng: Random, k: int, classes: tuple[MachineClass, ...]) -> Machine:
    since = until = None
    if rng.random() < 0.25:
        since = _moment(0, rng.choice((9, 10, 12)))
    if rng.random() < 0.25:
        until = _moment(rng.choice((1, 1, 2)), rng.choice((0, 12, 15)))
    return Machine(
        id=f"M{k + 1}",
        machine_class=classes[k % len(classes)].id if rng.random() < 0.7 else rng.choice(classes).id,
        owner_id=rng.choice(("A", "A", "B")),
        yard_lon=round(rng.uniform(LON - SPREAD / 2, LON + SPREAD / 2), 5),
        yard_lat=round(rng.uniform(LAT - SPREAD / 2, LAT + SPREAD / 2), 5),
        available_from=since,
        available_to=until,
    )


def _operator(rng: Random, k: int, classes: tuple[MachineClass, ...], horizon: int) -> Operator:
    names = [c.licence for c in classes if c.licence is not None]
    held = [n for n in names if k == 0 or rng.random() < 0.8] or names[:1]
    last = [START + timedelta(days=rng.choice((0, 1, 400, 400, 400, 400))) for _ in held]
    off = {START + timedelta(days=rng.randrange(horizon))} if rng.random() < 0.25 else set()
    return Operator(
        id=f"P{k + 1}",
        owner_id=rng.choice(("A", "B")),
        licences=dict(zip(held, last, strict=True)),
        hours_max=rng.choice((5.0, 6.0, 8.0, 10.0)),
        off_days=frozenset(off),
        shared=k == 0 or rng.random() < 0.7,
    )


def _workdays(rng: Random, classes: tuple[MachineClass, ...], horizon: int) -> tuple[Workday, ...]:
    rows, rain = [], rng.randrange(horizon) if rng.random() < 0.3 else None
    for d in range(horizon):
        day = START + timedelta(days=d)
        start, end = time(rng.choice((7, 8)), 30), time(rng.choice((15, 17)))
        dry = d != rain
        rows.append(Workday(date=day, machine_class="*", start=start if dry else None, end=end if dry else None))
        if dry and rng.random() < 0.3:  # dew keeps one class off the field till later
            rows.append(Workday(date=day, machine_class=classes[-1].id, start=time(10), end=end))
    return tuple(rows)


def _jobs(rng: Random, fields: tuple[Field, ...], horizon: int) -> tuple[Job, ...]:
    jobs: list[Job] = []
    for k in range(rng.randint(2, 5)):
        split = rng.random() < 0.4
        area_ha = round(rng.uniform(1.5, 4.0) if split else rng.uniform(0.4, 2.4), 2)
        part_max_ha = round(area_ha / rng.choice((1.5, 2.0, 2.5)), 3) if split else None
        opens = rng.randrange(horizon) if rng.random() < 0.3 else 0
        due = _moment(opens + rng.choice((0, 0, 1)), rng.choice((12, 13, 15)))
        close = due + timedelta(hours=rng.choice((0, 6, 24, 48)))
        job = Job(
            id=f"J{k + 1}",
            field_id=rng.choice(fields).id,
            operation=rng.choice(("harvest", "harvest", "till")),
            area_ha=area_ha,
            open=_moment(opens, rng.choice((0, 8, 9))),
            due=due,
            close=close,
            value_fen=round(area_ha * rng.choice((15_000, 60_000, 90_000, 150_000))),
            loss_curve=rng.choice(("steep", "gentle")),
            part_max_ha=part_max_ha,
        )
        if sum(j.parts for j in jobs) + job.parts <= PARTS_MAX:
            jobs.append(job)
    return tuple(jobs)


def _moment(day: int, hour: int) -> datetime:
    return local(START + timedelta(days=day), time(hour), ZoneInfo(ZONE))
