"""Draws a small region and a plan for it, so that a test shows only what it is about.

Places lie on one meridian, 10 km apart; a move of 10 km takes 1 h (20 km/h and 30 min loading); work runs at 1 ha/h
from 08:00 to 18:00. So the right plan can be reckoned in the head:

    yard -10 km- F1 -10 km- F2        A: 2 ha on F1;  B: 4 ha on F1 in two parts;  C: 8 ha on F2;  D: 1 ha, not served
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from math import pi
from typing import Any
from zoneinfo import ZoneInfo

from nongshi.core.plan import Bound, Crew, Plan, Reason, Route, Stop, Totals, Unserved
from nongshi.core.region import Field, Job, LossCurve, Machine, MachineClass, Operator, Region, Workday, WorkRate
from nongshi.core.times import days, local
from nongshi.verify import score

LAT_PER_KM = 180 / (pi * 6371.0088)
DAY_1 = date(2026, 11, 1)
FAR_FUTURE = date(2030, 1, 1)

RIGHT = """
A 1  1T08:00 1T09:00 1T09:00 1T11:00  10
B 1  1T11:00 1T11:00 1T11:00 1T13:00   0
B 2  1T13:00 1T13:00 1T13:00 1T15:00   0
C 1  1T15:00 1T16:00 1T16:00 2T14:00  10
"""


def region(zone: str = "Asia/Shanghai", start: date = DAY_1, day_s: tuple[str, str] = ("08:00", "18:00")) -> Region:
    """The region above, over two days; windows are open from the first midnight to the last."""
    tz = ZoneInfo(zone)
    first, last = local(start, time(0), tz), local(start + timedelta(days=2), time(0), tz)
    opens, closes = (time.fromisoformat(t) for t in day_s)

    def job(id_: str, field_id: str, area_ha: float, value_fen: int, due: str, **more: Any) -> Job:
        window = {"open": first, "due": moment(due, tz, start), "close": last}
        fixed = {"operation": "harvest", "loss_curve": "late"}
        return Job(id=id_, field_id=field_id, area_ha=area_ha, value_fen=value_fen, **{**window, **fixed, **more})

    return Region(
        name="drawn",
        zone=zone,
        start_date=start,
        horizon_days=2,
        detour=1.0,
        synthetic=True,
        fields=(_field("F1", 10), _field("F2", 20), _field("F3", 30)),
        machine_classes=(_class("combine", "S"), _class("tractor", None)),
        work_rates=(_rate("combine", "harvest"), _rate("tractor", "till")),
        machines=(_machine("M1", "combine", 0), _machine("M2", "tractor", 20)),
        operators=(
            _operator("P1", "O", {"S": FAR_FUTURE}),
            _operator("P2", "X", {"S": FAR_FUTURE}),
            _operator("P3", "O", {}),
        ),
        workdays=tuple(Workday(date=d, machine_class="*", start=opens, end=closes) for d in days(start, 2)),
        jobs=(
            job("A", "F1", 2.0, 100_000, "1T11:00"),
            job("B", "F1", 4.0, 200_000, "1T15:00", part_max_ha=2.0),
            job("C", "F2", 8.0, 400_000, "1T14:00"),
            job("D", "F3", 1.0, 100, "2T18:00", operation="till"),
        ),
        loss_curves=(LossCurve(id="late", days_late=(0.0, 1.0, 2.0), loss_share=(0.0, 0.1, 0.3)),),
    )


def plan(region: Region, table: str = RIGHT, crews: str = "1 M1 P1, 2 M1 P1", machine_id: str = "M1") -> Plan:
    """A plan of one route, drawn as `job part depart arrive start end km`; all other jobs unserved; totals true."""
    stops = tuple(_stop(region, *line.split()) for line in table.split("\n") if line.strip())
    served = {stop.job_id for stop in stops}
    blank = Plan(
        region=region.name,
        engine="drawn",
        seed=1,
        cpu_s=None,
        iterations=None,
        totals=Totals(
            value_fen=0, loss_fen=0, km=0, move_cost_fen=0, work_cost_fen=0, area_ha=0, jobs_served=0, jobs_unserved=0
        ),
        bound=None,
        crews=tuple(crew(region, *text.split()) for text in crews.split(",") if text.strip()),
        routes=(Route(machine_id=machine_id, stops=stops),),
        unserved=tuple(
            Unserved(job_id=j.id, reason=Reason.NOT_WORTH, text="drawn") for j in region.jobs if j.id not in served
        ),
    )
    return scored(region, blank)


def scored(region: Region, plan: Plan) -> Plan:
    """The same plan with its true totals."""
    return replace(plan, totals=score(region, plan))


def edited(region: Region, plan: Plan, job_id: str, number: int = 1, **changes: Any) -> Plan:
    """The plan with one stop changed (times as drawn, `1T08:00`) and its totals made true again."""
    changes = {k: moment(v, region.tz, region.start_date) if isinstance(v, str) else v for k, v in changes.items()}
    routes = tuple(
        replace(r, stops=tuple(replace(s, **changes) if (s.job_id, s.part) == (job_id, number) else s for s in r.stops))
        for r in plan.routes
    )
    return scored(region, replace(plan, routes=routes))


def changed_job(region: Region, job_id: str, **changes: Any) -> Region:
    """The region with one job changed; times as drawn."""
    changes = {k: moment(v, region.tz, region.start_date) if _is_time(v) else v for k, v in changes.items()}
    return replace(region, jobs=tuple(replace(j, **changes) if j.id == job_id else j for j in region.jobs))


def changed_operator(region: Region, operator_id: str, **changes: Any) -> Region:
    """The region with one operator changed."""
    return replace(
        region, operators=tuple(replace(o, **changes) if o.id == operator_id else o for o in region.operators)
    )


def changed_machine(region: Region, machine_id: str, **changes: Any) -> Region:
    """The region with one machine changed; times as drawn."""
    changes = {k: moment(v, region.tz, region.start_date) if _is_time(v) else v for k, v in changes.items()}
    return replace(region, machines=tuple(replace(m, **changes) if m.id == machine_id else m for m in region.machines))


def crew(region: Region, day: str, machine_id: str, operator_id: str) -> Crew:
    """`1 M1 P1`: the first day."""
    date_ = region.start_date + timedelta(days=int(day) - 1)
    return Crew(date=date_, machine_id=machine_id, operator_id=operator_id)


def moment(text: str, tz: ZoneInfo, start: date = DAY_1) -> datetime:
    """`2T14:00`: at 14:00 on the second day."""
    day, at = text.split("T")
    return local(start + timedelta(days=int(day) - 1), time.fromisoformat(at), tz)


def bounded(plan: Plan, bound_fen: float) -> Plan:
    """The plan with a bound."""
    return replace(plan, bound=Bound(bound_fen=bound_fen))


def _is_time(value: object) -> bool:
    return isinstance(value, str) and value[1:2] == "T"


def _stop(region: Region, job_id: str, part: str, *rest: str) -> Stop:
    job = region.job_of[job_id]
    depart, arrive, start, end = (moment(t, region.tz, region.start_date) for t in rest[:4])
    area_ha = float(rest[5]) if len(rest) > 5 else job.area_ha / job.parts
    km = float(rest[4])
    return Stop(
        job_id=job_id, part=int(part), area_ha=area_ha, depart=depart, arrive=arrive, start=start, end=end, km=km
    )


def _field(id_: str, km: float) -> Field:
    lat = 30.0 + km * LAT_PER_KM
    return Field(
        id=id_, name=id_, place="drawn", grower_id="G", area_ha=None, gate_lon=121.0, gate_lat=lat, polygons=()
    )


def _class(id_: str, licence: str | None) -> MachineClass:
    return MachineClass(
        id=id_, name=id_, licence=licence, road_km_h=20.0, load_min=30.0, cost_fen_km=100, cost_fen_h=500
    )


def _rate(machine_class: str, operation: str) -> WorkRate:
    return WorkRate(machine_class=machine_class, operation=operation, rate_ha_h=1.0, source="assumption: drawn")


def _machine(id_: str, machine_class: str, km: float) -> Machine:
    return Machine(
        id=id_,
        machine_class=machine_class,
        owner_id="O",
        yard_lon=121.0,
        yard_lat=30.0 + km * LAT_PER_KM,
        available_from=None,
        available_to=None,
    )


def _operator(id_: str, owner_id: str, licences: dict[str, date]) -> Operator:
    return Operator(id=id_, owner_id=owner_id, licences=licences, hours_max=10.0, off_days=frozenset(), shared=False)
