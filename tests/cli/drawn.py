"""One field, one machine that stands at its gate, jobs of an hour each: every figure can be done in the head."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from nongshi.core.plan import Bound, Crew, Plan, Reason, Route, Stop, Totals, Unserved
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
DAY = date(2026, 11, 1)
JOB_FEN = 100_000
HOUR_FEN = 1_000
OUTLINE = ((121.0, 30.0), (121.002, 30.0), (121.002, 30.002), (121.0, 30.002), (121.0, 30.0))


def at(hour: int) -> datetime:
    return datetime(2026, 11, 1, hour, tzinfo=TZ)


def region(jobs: int = 2) -> Region:
    """`jobs` jobs of 1 ha on one field, each worth 1,000 yuan, 10 yuan an hour to do."""
    return Region(
        name="廊下镇",
        zone="Asia/Shanghai",
        start_date=DAY,
        horizon_days=1,
        detour=1.3,
        synthetic=True,
        fields=(
            Field(
                id="F1",
                name="<b>大田</b>",
                place="中联村",
                grower_id="G1",
                area_ha=4.0,
                gate_lon=121.001,
                gate_lat=30.001,
                polygons=((OUTLINE,),),
            ),
        ),
        machine_classes=(
            MachineClass(
                id="combine",
                name="履带收割机",
                licence="S",
                road_km_h=20.0,
                load_min=0.0,
                cost_fen_km=0,
                cost_fen_h=HOUR_FEN,
            ),
        ),
        work_rates=(WorkRate(machine_class="combine", operation="rice_harvest", rate_ha_h=1.0, source="test"),),
        machines=(
            Machine(
                id="M1",
                machine_class="combine",
                owner_id="C1",
                yard_lon=121.001,
                yard_lat=30.001,
                available_from=None,
                available_to=None,
            ),
        ),
        operators=(
            Operator(
                id="P1",
                owner_id="C1",
                licences={"S": date(2030, 1, 1)},
                hours_max=10.0,
                off_days=frozenset(),
                shared=False,
            ),
        ),
        workdays=(Workday(date=DAY, machine_class="*", start=time(8), end=time(18)),),
        jobs=tuple(
            Job(
                id=f"J{number}",
                field_id="F1",
                operation="rice_harvest",
                area_ha=1.0,
                open=at(8),
                due=at(18),
                close=at(18),
                value_fen=JOB_FEN,
                loss_curve="none",
            )
            for number in range(1, jobs + 1)
        ),
        loss_curves=(LossCurve(id="none", days_late=(0.0, 1.0), loss_share=(0.0, 0.5)),),
    )


def plan(region: Region, *, served: int, hour: int = 8, cpu_s: float | None = 1.0) -> Plan:
    """The first `served` jobs one after the other from `hour` on; the rest left out for want of capacity."""
    stops, leaves = [], at(8)
    for number, job in enumerate(region.jobs[:served]):
        start, end = at(hour + number), at(hour + number + 1)
        stops.append(
            Stop(job_id=job.id, part=1, area_ha=1.0, depart=leaves, arrive=leaves, start=start, end=end, km=0.0)
        )
        leaves = end
    left = region.jobs[served:]
    return Plan(
        region=region.name,
        engine="own",
        seed=1,
        cpu_s=cpu_s,
        iterations=None if cpu_s is not None else 100,
        totals=Totals(
            value_fen=float(served * JOB_FEN),
            loss_fen=0.0,
            km=0.0,
            move_cost_fen=0.0,
            work_cost_fen=float(served * HOUR_FEN),
            area_ha=float(served),
            jobs_served=served,
            jobs_unserved=len(left),
        ),
        bound=Bound(bound_fen=len(region.jobs) * float(JOB_FEN - HOUR_FEN), method="in the head"),
        crews=(Crew(date=DAY, machine_id="M1", operator_id="P1"),) if served else (),
        routes=(Route(machine_id="M1", stops=tuple(stops)),) if served else (),
        unserved=tuple(Unserved(job_id=job.id, reason=Reason.NO_CAPACITY, text="busy", text_zh="忙") for job in left),
    )


@dataclass
class FakePlanner:
    """Stands where dispatch.solve stands: serves `served` jobs from `hour` on, or raises `fault`."""

    served: int = 99
    hour: int = 8
    fault: BaseException | None = None
    calls: list[SimpleNamespace] = field(default_factory=list)

    def __call__(self, region: Region, **options: object) -> Plan:
        self.calls.append(SimpleNamespace(**options))
        if self.fault is not None:
            raise self.fault
        served = min(self.served, len(region.jobs))
        return plan(region, served=served, hour=self.hour, cpu_s=options["cpu_s"])  # type: ignore[arg-type]
