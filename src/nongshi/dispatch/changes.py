"""What is different between two plans for people: who was promised what, why it changed, and whom to call.

One change a job. Parts of a job are alike, so they are compared as a set, in the order of their hours.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from nongshi.core.events import Events
from nongshi.core.plan import Plan
from nongshi.core.region import Region
from nongshi.core.times import seconds_between
from nongshi.dispatch.change_reasons import Planned, Reasons, Said, Served, planned

__all__ = ["Call", "Change", "Kind", "Role", "Said", "Served", "list_calls", "list_changes"]

HOUR_SLACK_S = 1800.0  # assumption: nobody needs a call for half an hour


class Kind(StrEnum):
    """What is different, the gravest first."""

    CANCELLED = "cancelled"
    UNSERVED = "unserved"
    SERVED = "served"  # newly
    MACHINE = "machine"
    DAY = "day"
    HOUR = "hour"
    OPERATOR = "operator"


class Role(StrEnum):
    """Who is called."""

    GROWER = "grower"
    OWNER = "owner"  # of a machine
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody to call about a change."""

    role: Role
    id: str
    place: str  # village of the field, for growers; else empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A job that is not as it was promised."""

    job_id: str
    kind: Kind  # the gravest
    kinds: tuple[Kind, ...]
    before: tuple[Served, ...]  # by hour; empty: it was not served
    after: tuple[Served, ...]
    reason: Said
    call: tuple[Person, ...]

    @property
    def at(self) -> datetime | None:
        """The first hour that it touches, old or new."""
        return min((served.start for served in (*self.before, *self.after)), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One person and all that is to be said."""

    person: Person
    changes: tuple[Change, ...]  # by hour


def list_changes(
    region_before: Region, plan_before: Plan, region_after: Region, plan_after: Plan, events: Events
) -> tuple[Change, ...]:
    """Every job that another machine, day, hour or operator serves, or nobody, or newly somebody; by hour."""
    before, after = planned(region_before, plan_before), planned(region_after, plan_after)
    reasons = Reasons(region_before, before, region_after, after, events)
    job_ids = dict.fromkeys([*(job.id for job in region_before.jobs), *(job.id for job in region_after.jobs)])
    changes = []
    for job_id in job_ids:
        kinds = tuple(_kinds(job_id, before, region_after, after))
        if kinds:
            changes.append(
                Change(
                    job_id=job_id,
                    kind=kinds[0],
                    kinds=kinds,
                    before=before.stops.get(job_id, ()),
                    after=after.stops.get(job_id, ()),
                    reason=reasons.reason(job_id),
                    call=tuple(_people(job_id, kinds, (region_before, before), (region_after, after))),
                )
            )
    return tuple(sorted(changes, key=lambda change: (change.at is None, change.at or events.now, change.job_id)))


def list_calls(changes: Sequence[Change]) -> tuple[Call, ...]:
    """The changes by person, those first whose hour comes first."""
    found: dict[tuple[Role, str], list[tuple[Person, Change]]] = {}
    for change in changes:
        for person in change.call:
            found.setdefault((person.role, person.id), []).append((person, change))
    return tuple(
        Call(
            person=Person(role=role, id=id_, place=", ".join(dict.fromkeys(p.place for p, _ in pairs if p.place))),
            changes=tuple(change for _, change in pairs),
        )
        for (role, id_), pairs in found.items()
    )


def _kinds(job_id: str, before: Planned, region_after: Region, after: Planned) -> Iterator[Kind]:
    old, new = before.stops.get(job_id, ()), after.stops.get(job_id, ())
    if job_id not in region_after.job_of:
        yield Kind.CANCELLED
    elif old and not new:
        yield Kind.UNSERVED
    elif new and not old:
        yield Kind.SERVED
    elif old and new:
        yield from _differences(old, new)


def _differences(old: Sequence[Served], new: Sequence[Served]) -> Iterator[Kind]:
    """Parts served in a row by one machine count as one visit, as does the whole job."""
    if {s.machine_id for s in old} != {s.machine_id for s in new}:
        yield Kind.MACHINE
    was, now = _visits(old), _visits(new)
    if {start.date() for start in was} != {start.date() for start in now}:
        yield Kind.DAY
    elif len(was) != len(now) or any(abs(seconds_between(a, b)) > HOUR_SLACK_S for a, b in zip(was, now, strict=True)):
        yield Kind.HOUR
    if {s.operator_id for s in old} != {s.operator_id for s in new}:
        yield Kind.OPERATOR


def _visits(served: Sequence[Served]) -> list[datetime]:
    """When machines begin on the field, in order: a part that goes on where the same machine's last ended does not."""
    ended: dict[str, datetime] = {}
    starts = []
    for one in served:
        if (
            ended.get(one.machine_id) is None
            or one.start.timestamp() > ended[one.machine_id].timestamp() + HOUR_SLACK_S
        ):
            starts.append(one.start)
        ended[one.machine_id] = one.end
    return starts


def _people(
    job_id: str, kinds: Sequence[Kind], old: tuple[Region, Planned], new: tuple[Region, Planned]
) -> Iterator[Person]:
    """Grower and machine owners, unless only the operator is another; and all operators of before and after."""
    found: dict[Person, None] = {}
    for region, _ in (old, new):
        job = region.job_of.get(job_id)
        if job is not None and kinds[0] is not Kind.OPERATOR:
            field = region.field_of[job.field_id]
            found[Person(role=Role.GROWER, id=field.grower_id, place=field.place)] = None
    for region, plan in (old, new):
        for served in plan.stops.get(job_id, ()):
            if kinds[0] is not Kind.OPERATOR:
                owner_id = region.machine_of[served.machine_id].owner_id
                found[Person(role=Role.OWNER, id=owner_id, place="")] = None
            if served.operator_id is not None:
                found[Person(role=Role.OPERATOR, id=served.operator_id, place="")] = None
    yield from sorted(found, key=lambda person: list(Role).index(person.role))
