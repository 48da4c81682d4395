"""A plan told stop by stop and day by day: the rows that report, day sheets and workbook share.

Nights and rain days interrupt a job; a stop is therefore cut into the pieces that are worked on each day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nongshi.core.plan import Plan, Route, Stop
from nongshi.core.region import Field, Job, Machine, Region
from nongshi.core.times import days, local, seconds_between
from nongshi.core.units import SECONDS_PER_DAY

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRow:
    """A stop with all that a person wants to know of it."""

    machine: Machine
    order: int  # 1 is the machine's first stop
    stop: Stop
    job: Job
    field: Field
    late_d: float  # days of 24 h after due; 0 when on time
    loss_fen: float
    worked: Mapping[date, Span]  # first and last moment of work of each day
    operator_ids: tuple[str, ...]  # of the days worked, in order, each once


def stop_rows(region: Region, plan: Plan) -> list[StopRow]:
    """Every stop of the plan, machine by machine in the plan's order."""
    operator_of = {(crew.machine_id, crew.date): crew.operator_id for crew in plan.crews}
    rows: list[StopRow] = []
    for route in plan.routes:
        spans = crewed_spans(region, route.machine_id, operator_of)
        rows += _route_rows(region, route, spans, operator_of)
    return rows


def crewed_spans(region: Region, machine_id: str, operator_of: Mapping[tuple[str, date], str]) -> dict[date, Span]:
    """The hours of each day on which a machine is there, may work and has a driver."""
    machine = region.machine_of[machine_id]
    spans: dict[date, Span] = {}
    for day in days(region.start_date, region.horizon_days):
        hours = work_hours(region, machine.machine_class, day)
        if hours is None or (machine_id, day) not in operator_of:
            continue
        operator = region.operator_of[operator_of[machine_id, day]]
        first, last = hours
        home = first + timedelta(hours=operator.hours_max)
        first = max(first, machine.available_from or first)
        last = min(last, machine.available_to or last)
        for since, until in machine.down:
            if since < last and until > first:
                pieces = (first, max(first, since)), (min(last, until), last)
                first, last = max(pieces, key=lambda piece: piece[1] - piece[0])
        last = min(last, home)
        if first < last:
            spans[day] = (first, last)
    return spans


def work_hours(region: Region, machine_class: str, day: date) -> Span | None:
    """Work hours of a class on a day; its own row overrides `*`; None: no work that day."""
    rows = {w.machine_class: w for w in region.workdays if w.date == day and w.machine_class in (machine_class, "*")}
    row = rows.get(machine_class, rows.get("*"))
    if row is None or row.start is None or row.end is None:
        return None
    return local(day, row.start, region.tz), local(day, row.end, region.tz)


def part_value_fen(job: Job, area_ha: float) -> float:
    """A part's share of its job's value, by area."""
    return job.value_fen * area_ha / job.area_ha if job.area_ha else 0.0


def _route_rows(
    region: Region, route: Route, spans: Mapping[date, Span], operator_of: Mapping[tuple[str, date], str]
) -> list[StopRow]:
    rows = []
    for order, stop in enumerate(route.stops, start=1):
        job = region.job_of[stop.job_id]
        late_d = max(0.0, seconds_between(job.due, stop.end) / SECONDS_PER_DAY)
        share = region.curve_of[job.loss_curve].share(late_d)
        worked = _worked(stop, spans)
        ids = dict.fromkeys(operator_of[route.machine_id, day] for day in worked)
        rows.append(
            StopRow(
                machine=region.machine_of[route.machine_id],
                order=order,
                stop=stop,
                job=job,
                field=region.field_of[job.field_id],
                late_d=late_d,
                loss_fen=part_value_fen(job, stop.area_ha) * share,
                worked=worked,
                operator_ids=tuple(ids),
            )
        )
    return rows


def _worked(stop: Stop, spans: Mapping[date, Span]) -> dict[date, Span]:
    """Cut a stop's work at nights and days off."""
    pieces = {day: (max(first, stop.start), min(last, stop.end)) for day, (first, last) in spans.items()}
    return {day: piece for day, piece in pieces.items() if piece[0] < piece[1]}
