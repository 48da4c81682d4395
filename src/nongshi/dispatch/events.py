"""What events do to a plan: the region as it is now, what stays as planned, what cannot, what is no longer wanted.

A plan is told stop by stop: *kept* stops have begun, or begin so soon that they are frozen; *promised* ones still
can be kept and are the re-planner's to keep; *released* ones cannot stand as promised; those of *dropped* jobs go.
Work that a breakdown interrupts is planned again whole; rain only interrupts what has begun.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from nongshi.core.errors import BadFiles
from nongshi.core.events import Events, MachineDown, OperatorIll, Rain, days_of
from nongshi.core.plan import Crew, Plan, Route, Stop
from nongshi.core.region import Region
from nongshi.core.times import after_seconds, midnight
from nongshi.core.units import SECONDS_PER_HOUR
from nongshi.dispatch.event_checks import list_faults
from nongshi.dispatch.event_keep import KeptStop, Released, Why, keep_possible
from nongshi.dispatch.event_region import (
    Dropped,
    Loss,
    Losses,
    by_machine,
    change_hours,
    change_jobs,
    change_means,
    day_hours,
    list_losses,
    takes_hours,
)
from nongshi.dispatch.from_plan import solution_of
from nongshi.dispatch.problem import make_problem

HALT_MARGIN = timedelta(minutes=1)  # written times may be off by so much (docs/formats.md)

__all__ = ["Applied", "Dropped", "KeptStop", "Promise", "Released", "Why", "apply_events"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A stop that has not begun, is not frozen, and can still come as it was promised."""

    machine_id: str
    stop: Stop  # at the job's area as it is now; its times are those promised


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What a plan is made anew from. Whatever is not kept starts no earlier than `now`."""

    region: Region  # with the events in it
    region_before: Region
    plan_before: Plan
    events: Events
    freeze_until: datetime
    plan_kept: tuple[KeptStop, ...]  # machine by machine in the old plan's order
    crews: tuple[Crew, ...]  # the old plan's, without whoever cannot come; others stand in where kept stops need them
    crews_kept: tuple[Crew, ...]  # of all days before now, and of those on which kept stops are worked
    promised: tuple[Promise, ...]
    released: tuple[Released, ...]
    dropped: tuple[Dropped, ...]
    cut: tuple[str, ...] = ()  # jobs cut to the area that is done, as the rest can no more be served
    barred: frozenset[tuple[str, date]]  # (operator, day): worked before falling ill; drives nothing more that day

    @cached_property
    def plan(self) -> Plan:
        """The old plan at the jobs' areas and the kept stops' times as they are now, without whoever cannot come."""
        now = {(one.machine_id, one.stop.job_id, one.stop.part): one.stop for one in self._placed}
        routes = [
            Route(
                machine_id=route.machine_id,
                stops=tuple(
                    now[key] for stop in route.stops if (key := (route.machine_id, stop.job_id, stop.part)) in now
                ),
            )
            for route in self.plan_before.routes
        ]
        return replace(self.plan_before, crews=self.crews, routes=tuple(route for route in routes if route.stops))

    @property
    def _placed(self) -> tuple[KeptStop | Promise | Released, ...]:
        return (*self.plan_kept, *self.promised, *self.released)

    @property
    def frozen(self) -> frozenset[tuple[str, int]]:
        """(job, part) of all stops that stay."""
        return frozenset((one.stop.job_id, one.stop.part) for one in self.plan_kept)

    @property
    def unbound(self) -> frozenset[tuple[str, int]]:
        """(job, part) of all stops that are released."""
        return frozenset((one.stop.job_id, one.stop.part) for one in self.released)

    @property
    def now(self) -> datetime:
        """The moment from which the plan is made anew."""
        return self.events.now


def apply_events(region: Region, plan: Plan, events: Events, *, freeze_h: float) -> Applied:
    """Put events into a region and sort the plan's stops by what they leave standing.

    Args:
        region: for which the plan was made.
        plan: that the events come to.
        events: what has happened, and now.
        freeze_h: stops that begin within so many hours after now stay where they are, if they can.

    Raises:
        BadFiles: events that cannot be true, all at once.
        NotFound, BadInput: the plan is not one of this region.
        NotPlannable: grain that is harvested already finds no room in the dryers.
    """
    faults = list_faults(region, plan, events.now, list(enumerate(events)))
    if faults:
        raise BadFiles(faults)
    solution_of(make_problem(region), plan)
    return _Applying(region, plan, events, freeze_h).applied()


class _Applying:
    """One plan and its events; the steps share what is known so far."""

    def __init__(self, region: Region, plan: Plan, events: Events, freeze_h: float) -> None:
        self.region, self.plan, self.events, self.now = region, plan, events, events.now
        self.today = events.now.astimezone(region.tz).date()
        self.tomorrow = midnight(self.today + timedelta(days=1), region.tz)
        self.freeze_until = after_seconds(events.now, freeze_h * SECONDS_PER_HOUR, region.tz)
        self.wanted, self.dropped = change_jobs(region, events)
        self.placed = [(route.machine_id, stop) for route in plan.routes for stop in route.stops]

    def applied(self) -> Applied:
        """All steps, in order: what people and machines lose, then what that leaves of the plan."""
        halts = self._halts()
        barred = frozenset((operator_id, self.today) for operator_id in halts)
        means = change_means(self.wanted, self.events, stays_out=barred)
        losses = [*list_losses(means, self.events), *(halt for halt in halts.values() if halt.since < halt.until)]
        self.soon = self._soon(losses)
        region, losses = change_hours(means, losses, now=self.now, is_busy_before=self._is_busy_before)
        kept, promised, released = self._sorted(region, losses)
        kept, impossible, crews = keep_possible(region, self.plan, kept, now=self.now)
        return Applied(
            region=region,
            region_before=self.region,
            plan_before=self.plan,
            events=self.events,
            freeze_until=self.freeze_until,
            plan_kept=tuple(kept),
            crews=crews,
            crews_kept=self._crews_kept(crews, kept),
            promised=tuple(promised),
            released=(*released, *impossible),
            dropped=self.dropped,
            barred=barred,
        )

    def _halts(self) -> dict[str, Loss]:
        """Operators who fall ill on a day on which they have worked already, and the machine that then stands still.

        A machine has one operator a day, so nobody can take it over; what the operator has begun is ended first.
        """
        halts = {}
        for event in self.events:
            if not isinstance(event, OperatorIll) or not event.first <= self.today <= event.last:
                continue
            for crew in self.plan.crews:
                if (crew.date, crew.operator_id) == (self.today, event.operator_id):
                    ended = self._worked_until(crew.machine_id)
                    if ended is not None:
                        since = min(max(ended + HALT_MARGIN, self.now), self.tomorrow)
                        halts[event.operator_id] = Loss(
                            machine_id=crew.machine_id, since=since, until=self.tomorrow, event=event
                        )
        return halts

    def _worked_until(self, machine_id: str) -> datetime | None:
        """When the last stop ends that has been worked on today; None: nothing yet."""
        hours = day_hours(self.region, self.region.machine_of[machine_id], self.today)
        if hours is None or hours[0] >= self.now:
            return None
        ends = [s.end for m, s in self.placed if m == machine_id and s.start < self.now and s.end > hours[0]]
        return max(ends, default=None)

    def _soon(self, losses: Sequence[Loss]) -> list[tuple[str, Stop]]:
        """Stops that have begun or are frozen, and that no loss reaches as it is told."""
        gone, reach = {dropped.job_id for dropped in self.dropped}, by_machine(losses)
        return [
            (machine_id, stop)
            for machine_id, stop in self.placed
            if stop.start <= self.freeze_until
            and stop.job_id not in gone
            and self._why(self.region, machine_id, stop, reach) is None
        ]

    def _is_busy_before(self, machine_id: str, moment: datetime) -> bool:
        day = midnight(moment.astimezone(self.region.tz).date(), self.region.tz)
        return any(m == machine_id and stop.start < moment and stop.end > day for m, stop in self.soon)

    def _sorted(self, region: Region, losses: Sequence[Loss]) -> tuple[list[KeptStop], list[Promise], list[Released]]:
        kept, promised, released = list[KeptStop](), list[Promise](), list[Released]()
        reach = by_machine(losses)
        for machine_id, old in self.placed:
            job = region.job_of.get(old.job_id)
            if job is None:
                continue
            before = self.region.job_of[old.job_id]
            share = job.area_ha / before.area_ha
            stop = old if share == 1 else replace(old, area_ha=old.area_ha * share)
            begun = old.start < self.now
            why = self._why(self.region, machine_id, old, reach)
            if why is None and job.parts != before.parts and old.area_ha < before.area_ha * (1 - 0.5 / before.parts):
                why = Why.JOB_AREA  # its parts are others now
            if why is not None:
                released.append(Released(machine_id=machine_id, stop=stop, begun=begun, why=why))
            elif begun or (old.start <= self.freeze_until and self._has_driver(region, machine_id, old)):
                kept.append(KeptStop(machine_id=machine_id, stop=stop, begun=begun))
            else:
                promised.append(Promise(machine_id=machine_id, stop=stop))
        return kept, promised, released

    def _why(self, region: Region, machine_id: str, stop: Stop, losses: Losses) -> Why | None:
        """Why a stop cannot stand; None where no loss reaches it."""
        begun = stop.start < self.now
        for loss in losses.get(machine_id, ()):
            if isinstance(loss.event, MachineDown):
                if takes_hours(region, loss, stop):
                    return Why.MACHINE_DOWN
            elif isinstance(loss.event, Rain):
                if not begun and loss.since <= stop.start < loss.until:
                    return Why.RAIN
            elif not begun and loss.since - HALT_MARGIN <= stop.start < loss.until:
                return Why.OPERATOR_ILL
        return None

    def _has_driver(self, region: Region, machine_id: str, stop: Stop) -> bool:
        """Whether whoever was to begin the stop can come."""
        day = stop.start.astimezone(region.tz).date()
        return any(
            crew.machine_id == machine_id and crew.date == day and _can_come(region, crew) for crew in self.plan.crews
        )

    def _crews_kept(self, crews: Sequence[Crew], kept: Sequence[KeptStop]) -> tuple[Crew, ...]:
        tz = self.region.tz
        spans = [
            (one.machine_id, one.stop.start.astimezone(tz).date(), one.stop.end.astimezone(tz).date()) for one in kept
        ]
        worked = {(machine_id, day) for machine_id, first, last in spans for day in days_of(first, last)}
        return tuple(crew for crew in crews if crew.date < self.today or (crew.machine_id, crew.date) in worked)


def _can_come(region: Region, crew: Crew) -> bool:
    return crew.date not in region.operator_of[crew.operator_id].off_days
