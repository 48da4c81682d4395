"""Rows of the site as the Region that the planner takes, and back: one place that knows both shapes.

An id of the region is the row's own number (`ref`); where two organisations of a season use the same number, the season
is `prefixed` and ids begin with the organisation's code.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import shapely

from nongshi.agronomy import LOSS_CURVES
from nongshi.core import region as core
from nongshi.core.errors import NotPlannable
from nongshi.core.times import midnight
from nongshi.site.jobs.models import OPEN_STATUSES, FieldJob
from nongshi.site.plans.models import Season
from nongshi.site.register.models import Dryer, Field, Machine, Operator, Registered


@dataclass(frozen=True)
class Rows:
    """The rows that a season's plan is made from."""

    season: Season
    fields: Sequence[Field]
    machines: Sequence[Machine]
    operators: Sequence[Operator]
    dryers: Sequence[Dryer]
    jobs: Sequence[FieldJob]

    @cached_property
    def prefixed(self) -> bool:
        """Whether ids begin with the organisation's code."""
        return bool(self.season.head.get("prefixed"))

    def key(self, row: Registered | FieldJob) -> str:
        """The row's id in the region."""
        return f"{row.org.code}/{row.ref}" if self.prefixed else str(row.ref)

    @cached_property
    def job_of(self) -> dict[str, FieldJob]:
        """Jobs by id."""
        return {self.key(job): job for job in self.jobs}

    @cached_property
    def machine_of(self) -> dict[str, Machine]:
        """Machines by id."""
        return {self.key(machine): machine for machine in self.machines}

    @cached_property
    def operator_of(self) -> dict[str, Operator]:
        """Operators by id."""
        return {self.key(operator): operator for operator in self.operators}


def season_rows(season: Season, *, jobs: Iterable[Any] = OPEN_STATUSES) -> Rows:
    """What the organisations that agreed bring in: their open jobs and all that could serve them."""
    org_ids = [member.org_id for member in season.members.all() if member.agreed]
    within: dict[str, Any] = {"org_id__in": org_ids}
    in_use = within | {"out_since": None}
    chosen = FieldJob.objects.filter(**within, **_of_season(season), status__in=[*jobs])
    wanted = chosen.select_related("org", "field__org", "grower", "after__org")
    return Rows(
        season=season,
        fields=list(Field.objects.filter(**within, jobs__in=chosen).select_related("org").distinct()),
        machines=list(Machine.objects.filter(**in_use).select_related("org")),
        operators=list(Operator.objects.filter(**in_use).select_related("org", "person").prefetch_related("licences")),
        dryers=list(Dryer.objects.filter(**in_use).select_related("org")),
        jobs=list(wanted),
    )


def _of_season(season: Season) -> dict[str, Any]:
    """Which jobs a season made from the register plans: its work on its days; a region folder's season has all."""
    if "operations" not in season.head:
        return {}
    first = midnight(season.start_date, ZoneInfo(season.zone))
    last = midnight(season.start_date + timedelta(days=season.horizon_days), ZoneInfo(season.zone))
    return {"operation__in": season.head["operations"], "open__lt": last, "close__gt": first}


def to_region(rows: Rows) -> core.Region:
    """The Region of a season.

    Raises:
        NotPlannable: two organisations use the same number and the season is not prefixed, or nothing is there to plan.
    """
    season = rows.season
    _check_keys(rows)
    if not rows.jobs or not rows.machines or not rows.operators:
        raise NotPlannable(
            f"season {season}: {len(rows.jobs)} jobs, {len(rows.machines)} machines, {len(rows.operators)} operators; "
            "a plan needs at least one of each, and organisations that agreed to plan together"
        )
    tz, head = ZoneInfo(season.zone), season.head
    known = {values["id"] for values in head["machine_classes"]}  # of others nobody knows what they do in a season
    return core.Region(
        name=season.name,
        zone=season.zone,
        start_date=season.start_date,
        horizon_days=season.horizon_days,
        detour=season.detour,
        synthetic=season.generated,
        fields=tuple(to_field(field, rows) for field in rows.fields),
        machine_classes=tuple(core.MachineClass(**values) for values in head["machine_classes"]),
        work_rates=tuple(core.WorkRate(**values) for values in head["work_rates"]),
        machines=tuple(_machine(machine, rows, tz) for machine in rows.machines if machine.machine_class in known),
        operators=tuple(_operator(operator, rows) for operator in rows.operators),
        workdays=tuple(_workday(values) for values in head["workdays"]),
        jobs=tuple(to_job(job, rows, tz) for job in rows.jobs),
        loss_curves=_curves(rows),
        dryers=tuple(_dryer(dryer, rows) for dryer in rows.dryers),
        extra=head.get("extra", {}),
    )


def _curves(rows: Rows) -> tuple[core.LossCurve, ...]:
    """The season's own curves, and the table's where a job posted since follows another one."""
    own = [
        core.LossCurve(id=c["id"], days_late=tuple(c["days_late"]), loss_share=tuple(c["loss_share"]))
        for c in rows.season.head["loss_curves"]
    ]
    known = {curve.id for curve in own}
    missing = sorted({job.loss_curve for job in rows.jobs} - known)
    return (*own, *(LOSS_CURVES[name].curve() for name in missing if name in LOSS_CURVES))


def _check_keys(rows: Rows) -> None:
    for kind, found in (
        ("field", rows.fields),
        ("machine", rows.machines),
        ("operator", rows.operators),
        ("dryer", rows.dryers),
        ("job", rows.jobs),
    ):
        seen: dict[str, Any] = {}
        for row in found:
            other = seen.setdefault(rows.key(row), row)
            if other is not row:
                raise NotPlannable(
                    f"{kind} {row.ref} stands with {other.org} and with {row.org}; "
                    "rename one, or plan a season whose numbers carry the organisation's code"
                )


def to_field(field: Field, rows: Rows) -> core.Field:
    """One field."""
    return core.Field(
        id=rows.key(field),
        name=field.name,
        place=field.place,
        grower_id="" if field.grower_id is None else str(field.grower_id),
        area_ha=field.area_ha,
        gate_lon=field.gate_lon,
        gate_lat=field.gate_lat,
        polygons=polygons_of(field.geometry),
        extra={"town": field.org.name},
    )


def polygons_of(geometry: Any | None) -> tuple[core.Polygon, ...]:
    """A shapely outline as the tuples of the region."""
    if geometry is None:
        return ()
    parts = geometry.geoms if geometry.geom_type == "MultiPolygon" else [geometry]
    return tuple(
        tuple(tuple((float(x), float(y)) for x, y in ring.coords) for ring in (part.exterior, *part.interiors))
        for part in parts
    )


def geometry_of(polygons: Sequence[core.Polygon]) -> Any | None:
    """The tuples of the region as a shapely outline."""
    if not polygons:
        return None
    shapes = [shapely.Polygon(rings[0], rings[1:]) for rings in polygons]
    return shapes[0] if len(shapes) == 1 else shapely.MultiPolygon(shapes)


def to_job(job: FieldJob, rows: Rows, tz: ZoneInfo) -> core.Job:
    """One job; the job before it counts only while it is open itself and stands in the season."""
    after = job.after if job.after is not None and job.after.status in OPEN_STATUSES else None
    after = after if after is not None and rows.key(after) in rows.job_of else None
    return core.Job(
        id=rows.key(job),
        field_id=rows.key(job.field),
        operation=job.operation,
        area_ha=job.area_ha,
        open=job.open.astimezone(tz),
        due=job.due.astimezone(tz),
        close=job.close.astimezone(tz),
        value_fen=job.value_fen,
        loss_curve=job.loss_curve,
        part_max_ha=job.part_max_ha,
        after_job_id=None if after is None else rows.key(after),
        after_h=job.after_h if after is not None else 0.0,
        wet_t=job.wet_t,
    )


def _machine(machine: Machine, rows: Rows, tz: ZoneInfo) -> core.Machine:
    return core.Machine(
        id=rows.key(machine),
        machine_class=machine.machine_class,
        owner_id=machine.owner_ref or machine.org.code,
        yard_lon=machine.yard_lon,
        yard_lat=machine.yard_lat,
        available_from=None if machine.available_from is None else machine.available_from.astimezone(tz),
        available_to=None if machine.available_to is None else machine.available_to.astimezone(tz),
        down=tuple(
            (datetime.fromisoformat(since).replace(tzinfo=tz), datetime.fromisoformat(until).replace(tzinfo=tz))
            for since, until in machine.down
        ),
    )


def _operator(operator: Operator, rows: Rows) -> core.Operator:
    return core.Operator(
        id=rows.key(operator),
        owner_id=operator.owner_ref or operator.org.code,
        licences={licence.licence_class: licence.valid_until for licence in operator.licences.all()},
        hours_max=operator.hours_max,
        off_days=frozenset(date.fromisoformat(day) for day in operator.off_days),
        shared=operator.shared,
    )


def _dryer(dryer: Dryer, rows: Rows) -> core.Dryer:
    return core.Dryer(
        id=rows.key(dryer),
        lon=dryer.lon,
        lat=dryer.lat,
        t_day=dryer.t_day,
        hold_t=dryer.hold_t,
        down=tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in dryer.down),
    )


def _workday(values: dict[str, Any]) -> core.Workday:
    def clock(text: str | None) -> time | None:
        return None if text is None else time.fromisoformat(text)

    return core.Workday(
        date=date.fromisoformat(values["date"]),
        machine_class=values["machine_class"],
        start=clock(values["start"]),
        end=clock(values["end"]),
    )


def head_of(region: core.Region, *, prefixed: bool = False) -> dict[str, Any]:
    """What of a region is kept with the season: classes, rates, days and curves."""
    return {
        "prefixed": prefixed,
        "machine_classes": [values_of(c) for c in region.machine_classes],
        "work_rates": [values_of(r) for r in region.work_rates],
        "workdays": [
            {
                "date": w.date.isoformat(),
                "machine_class": w.machine_class,
                "start": None if w.start is None else w.start.isoformat(),
                "end": None if w.end is None else w.end.isoformat(),
            }
            for w in region.workdays
        ],
        "loss_curves": [
            {"id": c.id, "days_late": list(c.days_late), "loss_share": list(c.loss_share)} for c in region.loss_curves
        ],
        "extra": dict(region.extra),
    }


def values_of(noun: Any) -> dict[str, Any]:
    """A noun of the region as plain values."""
    return {name: getattr(noun, name) for name in noun.__slots__}
