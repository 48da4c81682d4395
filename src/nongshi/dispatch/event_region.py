"""The region as it is after events: its jobs, machines, operators and dryers, and the hours that machines lose.

The planner's clock has one interval a day. Where a span would split a machine's day in two, `down` is written to
the day's begin or end, so that region, planner and verifier drop the same piece.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from nongshi.core.events import (
    DryerDown,
    Events,
    JobArea,
    JobCancelled,
    MachineArrived,
    MachineDown,
    OperatorIll,
    Rain,
    UrgentJob,
    days_of,
)
from nongshi.core.plan import Stop
from nongshi.core.region import Job, Machine, Region
from nongshi.core.times import after_seconds, local, midnight, seconds_between
from nongshi.core.units import SECONDS_PER_HOUR

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A job that is no longer wanted."""

    job_id: str
    after_job_id: str | None  # the cancelled job that it would have followed; None: cancelled itself


def change_jobs(region: Region, events: Events) -> tuple[Region, tuple[Dropped, ...]]:
    """The jobs as they are wanted now; who follows a cancelled job goes with it, or follows nobody if so told."""
    area_ha = {event.job_id: event.area_ha for event in events if isinstance(event, JobArea)}
    cancelled = {event.job_id: event for event in events if isinstance(event, JobCancelled)}
    jobs = [scaled(job, area_ha.get(job.id, job.area_ha)) for job in region.jobs]
    jobs += [event.job for event in events if isinstance(event, UrgentJob)]
    dropped = {job_id: Dropped(job_id=job_id, after_job_id=None) for job_id in cancelled}
    found = True
    while found:  # down the chains
        gone = [j for j in jobs if j.id not in dropped and j.after_job_id in dropped]
        gone = [j for j in gone if not (j.after_job_id in cancelled and cancelled[j.after_job_id].keep_followers)]
        dropped |= {job.id: Dropped(job_id=job.id, after_job_id=job.after_job_id) for job in gone}
        found = bool(gone)
    kept = [job for job in jobs if job.id not in dropped]
    freed = [replace(j, after_job_id=None, after_h=0.0) if j.after_job_id in dropped else j for j in kept]
    return replace(region, jobs=tuple(freed)), tuple(dropped.values())


def scaled(job: Job, area_ha: float) -> Job:
    """The job at another area: value and wet grain in proportion."""
    if area_ha == job.area_ha:
        return job
    share = area_ha / job.area_ha
    wet_t = None if job.wet_t is None else round(job.wet_t * share, 6)
    return replace(job, area_ha=area_ha, value_fen=round(job.value_fen * share), wet_t=wet_t)


def change_means(region: Region, events: Events, *, stays_out: Iterable[tuple[str, date]]) -> Region:
    """Operators' days off from today on, dryers' days without, and who has arrived.

    `stays_out`: (operator, day) that are no days off, because the operator has worked that day already.
    """
    today, worked = events.now.astimezone(region.tz).date(), set(stays_out)
    off: dict[str, set[date]] = {}
    idle: dict[str, list[tuple[date, date]]] = {}
    for event in events:
        if isinstance(event, OperatorIll):
            ill = (day for day in days_of(event.first, event.last) if day >= today)
            off.setdefault(event.operator_id, set()).update(d for d in ill if (event.operator_id, d) not in worked)
        elif isinstance(event, DryerDown):
            idle.setdefault(event.dryer_id, []).append((max(event.first, today), event.last))
    arrived = [event for event in events if isinstance(event, MachineArrived)]
    here = [replace(e.machine, available_from=max(e.machine.available_from or events.now, events.now)) for e in arrived]
    operators = [replace(o, off_days=o.off_days | off[o.id]) if o.id in off else o for o in region.operators]
    return replace(
        region,
        machines=(*region.machines, *here),
        operators=(*operators, *(event.operator for event in arrived if event.operator is not None)),
        dryers=tuple(replace(d, down=(*d.down, *idle[d.id])) if d.id in idle else d for d in region.dryers),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A span that takes hours from a machine."""

    machine_id: str
    since: datetime
    until: datetime
    event: MachineDown | Rain | OperatorIll


def list_losses(region: Region, events: Events) -> list[Loss]:
    """What breakdowns and rain take, in the file's order; rain that has fallen before now is history."""
    losses = []
    for event in events:
        if isinstance(event, MachineDown):
            losses.append(Loss(machine_id=event.machine_id, since=event.since, until=event.until, event=event))
        elif isinstance(event, Rain):
            since = max(event.since, events.now)
            losses += [
                Loss(machine_id=machine.id, since=since, until=event.until, event=event)
                for machine in region.machines
                if event.machine_class in (None, machine.machine_class)
            ]
    return losses


Losses = Mapping[str, Sequence[Loss]]  # by machine


def by_machine(losses: Sequence[Loss]) -> Losses:
    """Look losses up by machine."""
    found: dict[str, list[Loss]] = {}
    for loss in losses:
        found.setdefault(loss.machine_id, []).append(loss)
    return found


def change_hours(
    region: Region, losses: Sequence[Loss], *, now: datetime, is_busy_before: Callable[[str, datetime], bool]
) -> tuple[Region, list[Loss]]:
    """The region with `down` of its machines, and the losses as they are written there.

    Args:
        region: with machines, without these losses.
        losses: what is lost.
        now: hours that are over by then do not count for which piece of a day is longer.
        is_busy_before: whether a machine has a begun or frozen stop on the day of a moment and before it; then the
            earlier piece of the day stays.
    """
    machines, written = {machine.id: machine for machine in region.machines}, []
    for loss in losses:
        machine = machines[loss.machine_id]
        since, until = loss.since, loss.until
        hours = day_hours(region, machine, since.astimezone(region.tz).date())
        if hours is not None and hours[0] < since and until < hours[1]:
            if is_busy_before(machine.id, since) or seconds_between(max(now, hours[0]), since) >= seconds_between(
                until, hours[1]
            ):
                until = midnight(since.astimezone(region.tz).date() + timedelta(days=1), region.tz)
            else:
                since = midnight(since.astimezone(region.tz).date(), region.tz)
        written.append(replace(loss, since=since, until=until))
        if (since, until) not in machine.down:
            machines[machine.id] = replace(machine, down=(*machine.down, (since, until)))
    return replace(region, machines=tuple(machines.values())), written


def day_hours(region: Region, machine: Machine, day: date, hours_max: float | None = None) -> Span | None:
    """The one interval of a day in which a machine can be used, by an operator of `hours_max`; None: not at all."""
    rows = {row.machine_class: row for row in region.workdays if row.date == day}
    row = rows.get(machine.machine_class) or rows.get("*")
    if row is None or row.start is None or row.end is None:
        return None
    start, end = local(day, row.start, region.tz), local(day, row.end, region.tz)
    if hours_max is not None:
        end = min(end, after_seconds(start, hours_max * SECONDS_PER_HOUR, region.tz))
    start = max(start, machine.available_from or start)
    end = max(start, min(end, machine.available_to or end))
    for since, until in machine.down:
        if until > start and since < end:
            before, after = (start, max(start, since)), (min(end, until), end)
            start, end = before if seconds_between(*before) >= seconds_between(*after) else after
    return (start, end) if start < end else None


def takes_hours(region: Region, loss: Loss, stop: Stop) -> bool:
    """Whether a loss takes working time of a stop; a breakdown at night takes none."""
    machine = region.machine_of[loss.machine_id]
    day, last = max(loss.since, stop.start).astimezone(region.tz).date(), min(loss.until, stop.end)
    while midnight(day, region.tz) <= last:
        hours = day_hours(region, machine, day)
        if hours is not None and max(hours[0], loss.since, stop.start) < min(hours[1], last):
            return True
        day += timedelta(days=1)
    return False
