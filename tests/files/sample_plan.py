"""A small region drawn by hand and a naive planner, so that what people see can be tested without the engine."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from nongshi.core.plan import (
    Bound,
    Crew,
    LicencePrice,
    MachinePrice,
    Plan,
    Reason,
    Route,
    Stop,
    Totals,
    Unserved,
)
from nongshi.core.region import (
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

TZ = ZoneInfo("Asia/Shanghai")
START = date(2026, 11, 1)
DAYS = 6
RAIN = START + timedelta(days=2)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Day 0 is the region's first."""
    return datetime.combine(START + timedelta(days=day), time(hour, minute), tzinfo=TZ)


def make_field(number: int, name: str, place: str = "廊下村") -> Field:
    lon, lat = 121.05 + 0.004 * (number % 5), 30.67 + 0.003 * (number // 5)
    ring = ((lon, lat), (lon + 0.002, lat), (lon + 0.002, lat + 0.0015), (lon, lat + 0.0015), (lon, lat))
    return Field(
        id=f"F{number:02d}",
        name=name,
        place=place,
        grower_id=f"G{number:02d}",
        area_ha=2.0,
        gate_lon=lon + 0.001,
        gate_lat=lat,
        polygons=((ring,),),
        extra={"town": "廊下镇"},
    )


def make_job(number: int, operation: str, *, area_ha: float = 2.0, value_fen: int = 300_000, due_day: int = 2) -> Job:
    return Job(
        id=f"J{number:02d}",
        field_id=f"F{number:02d}",
        operation=operation,
        area_ha=area_ha,
        open=at(0, 7),
        due=at(due_day, 18),
        close=at(5, 18),
        value_fen=value_fen,
        loss_curve="rice",
    )


def small_region(*, synthetic: bool = True) -> Region:
    """Eleven fields, two machines, two operators, six days, rain on the third."""
    names = [f"廊下村{i}号田" for i in range(1, 10)] + ["<script>alert('x')</script>", '=2+2 "引号" & #let x']
    fields = tuple(make_field(i, name, "廊下村" if i < 6 else "中华村") for i, name in enumerate(names))
    jobs = [make_job(i, "rice_harvest" if i % 2 == 0 else "rotary_till") for i in range(9)]
    jobs += [make_job(9, "rice_harvest"), make_job(10, "rotary_till", area_ha=5.0, value_fen=500_000)]
    jobs.append(replace(make_job(3, "spray"), id="J11"))  # no machine can spray: stays unserved
    workdays = [
        Workday(date=START + timedelta(days=d), machine_class="*", start=time(7), end=time(17, 30))
        for d in range(DAYS)
        if START + timedelta(days=d) != RAIN
    ]
    workdays.append(Workday(date=RAIN, machine_class="*", start=None, end=None))
    return Region(
        name="小样",
        zone="Asia/Shanghai",
        start_date=START,
        horizon_days=DAYS,
        detour=1.3,
        synthetic=synthetic,
        fields=fields,
        machine_classes=(
            _machine_class("combine-full", "full-feed tracked combine", "S"),
            _machine_class("tractor-wheeled", "wheeled tractor 90 hp", "G1"),
        ),
        work_rates=(
            WorkRate(machine_class="combine-full", operation="rice_harvest", rate_ha_h=0.36, source="assumption"),
            WorkRate(machine_class="tractor-wheeled", operation="rotary_till", rate_ha_h=0.5, source="assumption"),
        ),
        machines=(_machine("M1", "combine-full"), _machine("M2", "tractor-wheeled")),
        operators=(_operator("P1", "S"), _operator("P2", "G1")),
        workdays=tuple(workdays),
        jobs=tuple(jobs),
        loss_curves=(LossCurve(id="rice", days_late=(0.0, 2.0, 5.0), loss_share=(0.0, 0.06, 0.33)),),
        extra={
            "assumptions": [
                {"name": "地块面积", "value": 2.0, "unit": "ha", "source": "drawn by hand", "date": "2026-11-01"}
            ]
        },
    )


def _machine_class(id: str, name: str, licence: str) -> MachineClass:
    return MachineClass(id=id, name=name, licence=licence, road_km_h=20, load_min=20, cost_fen_km=600, cost_fen_h=7000)


def _machine(id: str, machine_class: str) -> Machine:
    return Machine(
        id=id,
        machine_class=machine_class,
        owner_id="C1",
        yard_lon=121.055,
        yard_lat=30.668,
        available_from=None,
        available_to=None,
    )


def _operator(id: str, licence: str) -> Operator:
    return Operator(
        id=id,
        owner_id="C1",
        licences={licence: date(2028, 1, 1)},
        hours_max=10,
        off_days=frozenset(),
        shared=False,
    )


def naive_plan(region: Region, *, engine: str = "naive", skip: int = 0) -> Plan:
    """Jobs by due date onto the first machine that can do them; knows hours and crews, not the loss.

    Moves are 3 km and half an hour; good enough to look at, not checked against every rule.
    """
    crews, driver = _naive_crews(region)
    clock = {m.id: 0.0 for m in region.machines}  # worked minutes used, of the machine's crewed minutes
    minutes = {m.id: _crewed_minutes(region, m, driver) for m in region.machines}
    stops: dict[str, list[Stop]] = {m.id: [] for m in region.machines}
    unserved: list[Unserved] = []
    for number, job in enumerate(sorted(region.jobs, key=lambda j: (j.due, j.id))):
        rated = [m for m in region.machines if (m.machine_class, job.operation) in region.rate_ha_h and minutes[m.id]]
        rated.sort(key=lambda m: (clock[m.id] / len(minutes[m.id]), m.id))
        if not (skip and number % skip == 0) and any(
            _place(region, job, m, clock, minutes[m.id], stops[m.id]) for m in rated
        ):
            continue
        reason = Reason.NO_CAPACITY if rated else Reason.NO_MACHINE
        text, text_zh = "Every crew that could come is busy.", "能来的农机和农机手都排满了。"
        unserved.append(Unserved(job_id=job.id, reason=reason, text=text, text_zh=text_zh))
    routes = tuple(Route(machine_id=m, stops=tuple(s)) for m, s in stops.items() if s)
    totals = _totals(region, routes, len(unserved))
    return Plan(
        region=region.name,
        engine=engine,
        seed=1,
        cpu_s=None,
        iterations=0,
        totals=totals,
        bound=_naive_bound(region, totals),
        crews=tuple(crews),
        routes=routes,
        unserved=tuple(unserved),
    )


def _naive_crews(region: Region) -> tuple[list[Crew], dict[tuple[str, date], Operator]]:
    crews: list[Crew] = []
    driver: dict[tuple[str, date], Operator] = {}
    for day in (region.start_date + timedelta(days=d) for d in range(region.horizon_days)):
        taken: set[str] = set()
        for machine in region.machines:
            licence = region.class_of[machine.machine_class].licence
            for operator in region.operators:
                allowed = operator.owner_id == machine.owner_id or operator.shared
                licensed = licence is None or operator.licences.get(licence, date.min) >= day
                if allowed and licensed and operator.id not in taken and day not in operator.off_days:
                    taken.add(operator.id)
                    driver[machine.id, day] = operator
                    crews.append(Crew(date=day, machine_id=machine.id, operator_id=operator.id))
                    break
    return crews, driver


def _crewed_minutes(region: Region, machine: Machine, driver: dict[tuple[str, date], Operator]) -> list[datetime]:
    from nongshi.files.plan_rows import crewed_spans

    spans = crewed_spans(region, machine.id, {key: operator.id for key, operator in driver.items()})
    found = []
    for first, last in spans.values():
        found += [first + timedelta(minutes=m) for m in range(int((last - first).total_seconds() // 60))]
    return found


def _place(
    region: Region, job: Job, machine: Machine, clock: dict[str, float], minutes: list[datetime], stops: list[Stop]
) -> bool:
    work_min = round(job.area_ha / region.rate_ha_h[machine.machine_class, job.operation] * 60)
    begin = int(clock[machine.id])
    start = begin + 30
    while start < len(minutes) and minutes[start] < job.open:
        start += 1
    if start + work_min > len(minutes) or minutes[start + work_min - 1] >= job.close:
        return False
    stops.append(
        Stop(
            job_id=job.id,
            part=1,
            area_ha=job.area_ha,
            depart=minutes[begin],
            arrive=minutes[begin + 29] + timedelta(minutes=1),
            start=minutes[start],
            end=minutes[start + work_min - 1] + timedelta(minutes=1),
            km=3.0,
        )
    )
    clock[machine.id] = start + work_min
    return True


def _totals(region: Region, routes: tuple[Route, ...], unserved: int) -> Totals:
    value = loss = move = work = km = area = 0.0
    for route in routes:
        kind = region.class_of[region.machine_of[route.machine_id].machine_class]
        for stop in route.stops:
            job = region.job_of[stop.job_id]
            late_d = (stop.end - job.due).total_seconds() / 86400
            value += job.value_fen
            loss += job.value_fen * region.curve_of[job.loss_curve].share(late_d)
            km, move = km + stop.km, move + stop.km * kind.cost_fen_km
            work += stop.area_ha / region.rate_ha_h[kind.id, job.operation] * kind.cost_fen_h
            area += stop.area_ha
    return Totals(
        value_fen=value,
        loss_fen=loss,
        km=km,
        move_cost_fen=move,
        work_cost_fen=work,
        area_ha=area,
        jobs_served=sum(len(r.stops) for r in routes),
        jobs_unserved=unserved,
    )


def _naive_bound(region: Region, totals: Totals) -> Bound:
    """Invented prices with the right shape."""
    dates = [region.start_date + timedelta(days=d) for d in range(region.horizon_days)]
    ids = [c.id for c in region.machine_classes]
    licences = sorted({c.licence for c in region.machine_classes if c.licence})
    by_day = [{d: max(0.0, 18000.0 - 2500 * i * (k + 1)) for i, d in enumerate(dates)} for k in range(len(ids))]
    mean = [sum(row.values()) / len(row) for row in by_day]
    return Bound(
        bound_fen=totals.objective_fen * 1.043,
        machine_prices=tuple(
            MachinePrice(machine_class=c, fen_h=m, fen_h_by_day=row)
            for c, m, row in zip(ids, mean, by_day, strict=True)
        ),
        licence_prices=tuple(
            LicencePrice(licence=c, fen_h=m / 2, fen_h_by_day={d: v / 2 for d, v in row.items()})
            for c, m, row in zip(licences, mean, by_day, strict=False)
        ),
        method="invented for looking at",
    )


def small_plan(region: Region | None = None) -> Plan:
    return naive_plan(region or small_region())


def phone_plan(region: Region | None = None) -> Plan:
    """Worse than the naive plan: every fourth job is left out."""
    plan = naive_plan(region or small_region(), engine="edd", skip=4)
    return replace(plan, bound=None)
