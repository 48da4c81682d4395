"""The nouns of an events file (docs/formats.md, Events): what has happened after a plan was made.

Times are aware datetimes of the region's zone; a span is [since, until). Days are inclusive on both ends.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from nongshi.core.region import Job, Machine, Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineDown:
    """A machine is broken and neither moves nor works."""

    kind: ClassVar[str] = "machine_down"
    machine_id: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorIll:
    """An operator cannot come, from the first to the last of these days."""

    kind: ClassVar[str] = "operator_ill"
    operator_id: str
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Rain:
    """Machines of a class (None: all) cannot work; what they have begun goes on afterwards."""

    kind: ClassVar[str] = "rain"
    since: datetime
    until: datetime
    machine_class: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobArea:
    """A job is larger or smaller than it was thought; its value and wet grain are so in proportion."""

    kind: ClassVar[str] = "job_area"
    job_id: str
    area_ha: float


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCancelled:
    """A job is no longer wanted, nor are those that follow it, unless `keep_followers`."""

    kind: ClassVar[str] = "job_cancelled"
    job_id: str
    keep_followers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentJob:
    """A job that nobody knew of."""

    kind: ClassVar[str] = "urgent_job"
    job: Job


@dataclass(frozen=True, slots=True, kw_only=True)
class DryerDown:
    """A dryer accepts nothing, from the first to the last of these days."""

    kind: ClassVar[str] = "dryer_down"
    dryer_id: str
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineArrived:
    """One more machine, perhaps with its operator."""

    kind: ClassVar[str] = "machine_arrived"
    machine: Machine
    operator: Operator | None = None


Event = MachineDown | OperatorIll | Rain | JobArea | JobCancelled | UrgentJob | DryerDown | MachineArrived


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """All that has happened, and the moment from which the plan is made anew."""

    now: datetime
    events: tuple[Event, ...]

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)


def days_of(first: date, last: date) -> list[date]:
    """All days from the first to the last.

    >>> [day.day for day in days_of(date(2026, 11, 3), date(2026, 11, 5))]
    [3, 4, 5]
    """
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]
