"""Whether events can be true of a region and its plan: who and what is known, and not over or done already."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from nongshi.core.errors import Fault
from nongshi.core.events import (
    DryerDown,
    Event,
    JobArea,
    JobCancelled,
    MachineArrived,
    MachineDown,
    OperatorIll,
    Rain,
    UrgentJob,
)
from nongshi.core.plan import Plan, Stop
from nongshi.core.region import Job, Region
from nongshi.core.times import midnight, wall

KNOWN_SHOWN_MAX = 12
Found = Iterator[tuple[str, object, str, str]]  # key, value, problem, mend


def list_faults(
    region: Region, plan: Plan, now: datetime, numbered: Sequence[tuple[int, Event]], *, file: str = "events"
) -> list[Fault]:
    """All that cannot be true, each with its place such as `events[3].job_id`.

    Args:
        region: for which the plan was made.
        plan: that the events come to.
        now: nothing that is over by then is an event.
        numbered: events with their place in the file's list; those that could not be read are left out of it.
        file: name of the file, for the faults.
    """
    checker = _Checker(region, now, _stops(plan), _horizon_end(region))
    faults = []
    if now >= checker.horizon_end:
        mend = f"the plan covers {region.start_date} and {region.horizon_days} days; correct now, or plan anew"
        faults.append(_fault(file, "now", wall(now, seconds=False), "lies after the last planned day", mend))
    for i, event in numbered:
        found = checker.check(i, event)
        faults += [_fault(file, f"events[{i}].{key}", value, problem, mend) for key, value, problem, mend in found]
    return faults


def _fault(file: str, place: str, value: object, problem: str, mend: str) -> Fault:
    return Fault(file=file, row=None, column=place, value=str(value), problem=problem, mend=mend)


def _stops(plan: Plan) -> dict[str, list[Stop]]:
    stops: dict[str, list[Stop]] = {}
    for route in plan.routes:
        for stop in route.stops:
            stops.setdefault(stop.job_id, []).append(stop)
    return stops


def _horizon_end(region: Region) -> datetime:
    return midnight(region.start_date + timedelta(days=region.horizon_days), region.tz)


@dataclass(slots=True)
class _Checker:
    """Goes through the events once and remembers which job and which new id stood where."""

    region: Region
    now: datetime
    stops: Mapping[str, list[Stop]]
    horizon_end: datetime
    job_named: dict[str, int] = field(default_factory=dict)
    added: dict[tuple[str, str], int] = field(default_factory=dict)
    new_jobs: dict[str, Job] = field(default_factory=dict)

    def check(self, i: int, event: Event) -> Found:
        """What is wrong with one event."""
        match event:
            case MachineDown():
                yield from _known("machine_id", event.machine_id, self.region.machine_of, "machine")
                yield from self._span(event.since, event.until)
            case OperatorIll():
                yield from _known("operator_id", event.operator_id, self.region.operator_of, "operator")
                yield from self._days(event.first, event.last)
            case DryerDown():
                yield from _known("dryer_id", event.dryer_id, [d.id for d in self.region.dryers], "dryer")
                yield from self._days(event.first, event.last)
            case Rain():
                if event.machine_class is not None:
                    yield from _known("machine_class", event.machine_class, self.region.class_of, "machine class")
                yield from self._span(event.since, event.until)
            case JobArea() | JobCancelled():
                yield from self._job(i, event)
            case UrgentJob():
                yield from self._urgent(i, event.job)
            case MachineArrived():
                yield from self._arrived(i, event)

    def _span(self, since: datetime, until: datetime) -> Found:
        if until <= since:
            yield "to", wall(until, seconds=False), "does not lie after from", "write a later to, or an earlier from"
        elif until <= self.now:
            problem = f"it is over: now is {wall(self.now, seconds=False)}"
            yield "to", wall(until, seconds=False), problem, "correct to or now, or leave the event out"
        elif since >= self.horizon_end:
            yield "from", wall(since, seconds=False), "lies after the last planned day", "leave the event out"

    def _days(self, first: date, last: date) -> Found:
        if last < first:
            yield "to", last, "lies before from", "write a later to, or an earlier from; both days count"
        elif last < self.now.date():
            problem = f"it is over: now is {wall(self.now, seconds=False)}"
            yield "to", last, problem, "correct to or now, or leave the event out"
        elif midnight(first, self.region.tz) >= self.horizon_end:
            yield "from", first, "lies after the last planned day", "leave the event out"

    def _job(self, i: int, event: JobArea | JobCancelled) -> Found:
        job_id, key = event.job_id, "job_id"
        yield from _known(key, job_id, self.region.job_of, "job")
        first = self.job_named.setdefault(job_id, i)
        if first != i:
            yield key, job_id, f"is named in events[{first}] already", "keep one of the two events"
        begun = [stop for stop in self.stops.get(job_id, ()) if stop.start < self.now]
        if begun and all(stop.end <= self.now for stop in self.stops[job_id]):
            ended = wall(max(stop.end for stop in begun), seconds=False)
            yield key, job_id, f"is done since {ended}", "leave the event out"
        elif begun:
            started = wall(min(stop.start for stop in begun), seconds=False)
            yield key, job_id, f"was begun at {started}", "leave the event out, or correct now"
        if isinstance(event, JobArea) and not 0 < event.area_ha < float("inf"):
            yield "area_ha", event.area_ha, "must be above 0", "write hectares such as 1.5; none at all: job_cancelled"

    def _urgent(self, i: int, job: Job) -> Found:
        yield from self._new(i, "job.id", "job", job.id, self.region.job_of)
        if job.field_id not in self.region.field_of:
            yield "job.field_id", job.field_id, "the region has no such field", "correct it, or add the field"
        if job.close <= self.now:
            problem = f"its window is over: now is {wall(self.now, seconds=False)}"
            yield "job.close", wall(job.close, seconds=False), problem, "write a later close"
        before = job.after_job_id and (self.region.job_of.get(job.after_job_id) or self.new_jobs.get(job.after_job_id))
        if job.after_job_id == job.id:
            yield "job.after_job_id", job.id, "the job waits for itself", "leave it empty, or name the job before it"
        elif job.after_job_id and not before:
            yield "job.after_job_id", job.after_job_id, "there is no such job", "correct it, or leave it empty"
        elif isinstance(before, Job) and before.field_id != job.field_id:
            problem = f"is on field {before.field_id}, this one on {job.field_id}"
            yield "job.after_job_id", before.id, problem, "a job can only wait for one on its own field"
        self.new_jobs[job.id] = job

    def _arrived(self, i: int, event: MachineArrived) -> Found:
        machine, operator = event.machine, event.operator
        yield from self._new(i, "machine.id", "machine", machine.id, self.region.machine_of)
        if machine.machine_class not in self.region.class_of:
            place = "machine.machine_class"
            yield place, machine.machine_class, "the region has no such class", "correct it, or add the class"
        if machine.available_to is not None and machine.available_to <= self.now:
            yield "machine.to", wall(machine.available_to, seconds=False), "has left already", "write a later to"
        if operator is not None:
            yield from self._new(i, "operator.id", "operator", operator.id, self.region.operator_of)

    def _new(self, i: int, key: str, noun: str, id_: str, known: Collection[str]) -> Found:
        if id_ in known:
            yield key, id_, f"the region has a {noun} {id_} already", "give it another id"
        first = self.added.setdefault((noun, id_), i)
        if first != i:
            yield key, id_, f"stands in events[{first}] already", "keep one of the two, or give it another id"


def _known(key: str, id_: str, known: Collection[str], noun: str) -> Found:
    if id_ not in known:
        few = f"; there are {', '.join(sorted(known))}" if 0 < len(known) <= KNOWN_SHOWN_MAX else ""
        yield key, id_, f"the region has no such {noun}", f"correct {key}{few}"
