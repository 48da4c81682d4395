"""What stays in a plan while it is worked on: pinned jobs and machine-days, and all before a moment.

Pins become windows: a pinned job may begin and end only as planned, and nothing new begins before the frozen moment.
So every quote, move and re-plan keeps them without knowing of them. Kept in `PlanRow.pins`:
`jobs` job -> [machine, start], `machine_days` [[machine, day]], `until` moment or None; local wall times.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from nongshi.core.plan import Plan, Stop
from nongshi.core.region import Job, Region
from nongshi.core.times import wall

SLACK = timedelta(seconds=2)  # written times are whole seconds
MOVED = timedelta(minutes=1)  # a pin is broken by more than a written time may be off


@dataclass(frozen=True, slots=True)
class Pins:
    """What stays."""

    jobs: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # job -> machine, start as pinned
    machine_days: frozenset[tuple[str, str]] = frozenset()
    until: datetime | None = None

    @classmethod
    def read(cls, kept: Mapping[str, Any], tz: ZoneInfo) -> "Pins":
        """From `PlanRow.pins`."""
        until = kept.get("until")
        return cls(
            jobs={job_id: (machine_id, start) for job_id, (machine_id, start) in kept.get("jobs", {}).items()},
            machine_days=frozenset((machine_id, day) for machine_id, day in kept.get("machine_days", ())),
            until=None if until is None else datetime.fromisoformat(until).replace(tzinfo=tz),
        )

    def kept(self) -> dict[str, Any]:
        """For `PlanRow.pins`."""
        return {
            "jobs": {job_id: list(pin) for job_id, pin in self.jobs.items()},
            "machine_days": sorted(list(one) for one in self.machine_days),
            "until": None if self.until is None else wall(self.until, seconds=False),
        }


def fixed_jobs(plan: Plan, pins: Pins, begun: Iterable[str] = ()) -> dict[str, str]:
    """Jobs that stay as planned, and why: `pinned`, `machine_day`, `frozen` or `begun`."""
    why = dict.fromkeys(begun, "begun")
    for machine_id, stop in _stops(plan):
        if stop.job_id in pins.jobs:
            why.setdefault(stop.job_id, "pinned")
        elif (machine_id, stop.start.date().isoformat()) in pins.machine_days:
            why.setdefault(stop.job_id, "machine_day")
        elif pins.until is not None and stop.start < pins.until:
            why.setdefault(stop.job_id, "frozen")
    return why


def with_windows(region: Region, plan: Plan, pins: Pins, fixed: Mapping[str, str]) -> Region:
    """The region with windows so that what is fixed stays, and nothing else begins before the frozen moment."""
    spans: dict[str, tuple[datetime, datetime]] = {}
    for _, stop in _stops(plan):
        if stop.job_id in fixed:
            start, end = spans.get(stop.job_id, (stop.start, stop.end))
            spans[stop.job_id] = (min(start, stop.start), max(end, stop.end))
    if not spans and pins.until is None:
        return region
    return replace(region, jobs=tuple(_held(job, spans.get(job.id), pins.until) for job in region.jobs))


def broken_pins(plan: Plan, pins: Pins) -> dict[str, str]:
    """Pinned jobs that are not where they were pinned: job -> `gone`, `machine` or `hour`."""
    first: dict[str, tuple[str, Stop]] = {}
    for machine_id, stop in _stops(plan):
        if stop.job_id in pins.jobs and (stop.job_id not in first or stop.start < first[stop.job_id][1].start):
            first[stop.job_id] = (machine_id, stop)
    broken = {}
    for job_id, (machine_id, start) in pins.jobs.items():
        now = first.get(job_id)
        if now is None:
            broken[job_id] = "gone"
        elif now[0] != machine_id:
            broken[job_id] = "machine"
        elif abs(now[1].start.replace(tzinfo=None) - datetime.fromisoformat(start)) > MOVED:
            broken[job_id] = "hour"
    return broken


def _held(job: Job, span: tuple[datetime, datetime] | None, until: datetime | None) -> Job:
    if span is not None:
        return replace(job, open=max(job.open, span[0]), close=min(job.close, span[1] + SLACK))
    return job if until is None or job.open >= until else replace(job, open=min(until, job.close))


def _stops(plan: Plan) -> Iterable[tuple[str, Stop]]:
    return ((route.machine_id, stop) for route in plan.routes for stop in route.stops)
