"""Whom an event concerns: the organisations and people of the row that it is about, as the table of rights counts them.

Rows are read once for everybody, however many look on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Q

from nongshi.site.base.models import Event
from nongshi.site.base.rights import Resource
from nongshi.site.base.scope import Scope

# What stands before the colon of `about`: kind of row, and its model. A new kind of row that pages should hear of is
# added here; what must not be told stands in SILENT. A test finds what stands in neither.
ABOUT: Mapping[str, tuple[Resource, str]] = {
    "job": (Resource.JOB, "jobs.FieldJob"),
    "plan": (Resource.PLAN, "plans.PlanRow"),
    "season": (Resource.SEASON, "plans.Season"),
    "order": (Resource.WORK_ORDER, "plans.WorkOrder"),
    "booking": (Resource.ORDER, "orders.OrderRow"),
    "notice": (Resource.NOTICE, "plans.Notice"),
    "run": (Resource.RUN, "work.Run"),
    "field": (Resource.FIELD, "register.Field"),
    "machine": (Resource.MACHINE, "register.Machine"),
    "operator": (Resource.OPERATOR, "register.Operator"),
    "dryer": (Resource.DRYER, "register.Dryer"),
    "yard": (Resource.YARD, "register.Yard"),
    "lending": (Resource.LENDING, "register.Lending"),
    "forecast": (Resource.FORECAST, "forecasts.Forecast"),
    "course": (Resource.COURSE, "training.Course"),
    "enrolment": (Resource.ENROLMENT, "training.Enrolment"),
    "vacancy": (Resource.VACANCY, "training.Vacancy"),
    "answer": (Resource.ANSWER, "training.Answer"),
}
SILENT = frozenset(  # ways in and people; and what no page shows live
    {
        "link",
        "session",
        "signedlink",
        "apitoken",
        "token",
        "person",
        "org",
        "ask",
        "payment",
        "price",
        "cap",
        "terms",
        "account",
        "statement",
        "netting",
        "user",
        "calendar",
        "webhook",
        "report",
        "code",
        "codes",
    }
)
ACTIVE = ("queued", "running")  # states of a run that goes on


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An event with whom it concerns."""

    id: int
    name: str
    about: str
    at: datetime
    resource: Resource | None = None  # None: nobody is told
    orgs: frozenset[int] = frozenset()  # organisations that see the row
    people: frozenset[int] = frozenset()  # people whose own row it is

    def said(self) -> dict[str, Any]:
        """What a reader is told."""
        return {"id": self.id, "name": self.name, "about": self.about, "at": self.at.isoformat()}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunMoved:
    """How far a run is."""

    run: int
    org_id: int
    kind: str
    state: str
    share: float
    words: str

    @property
    def ended(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state not in ACTIVE

    def seen_by(self, scope: Scope) -> bool:
        """Whether the reader may see runs of its organisation."""
        return scope.may(Resource.RUN, self.org_id)

    def said(self) -> dict[str, Any]:
        """What a reader is told."""
        return {"run": self.run, "kind": self.kind, "state": self.state, "share": self.share, "words": self.words}


def in_sight(scope: Scope, happened: Happened) -> bool:
    """Whether the scope may see the row that it is about; the same rule as `ScopedQuerySet.seen_by`."""
    if happened.resource is None:
        return False
    if scope.everything or scope.orgs(happened.resource) & happened.orgs:
        return True
    return scope.person_id in happened.people and bool(scope.own_in(happened.resource) & happened.orgs)


def describe(events: Iterable[Event]) -> list[Happened]:
    """Events with whom they concern: one query a kind of row."""
    rows = [(event, *_split(event.about)) for event in events]
    concerned = {kind: _concerned(kind, {pk for _, k, pk in rows if k == kind}) for kind in {k for _, k, _ in rows}}
    return [_happened(event, kind, concerned[kind].get(pk)) for event, kind, pk in rows]


def _split(about: str) -> tuple[str, int]:
    kind, _, number = about.partition(":")
    return (kind, int(number)) if kind in ABOUT and number.isdecimal() else ("", 0)


def _happened(event: Event, kind: str, found: tuple[set[int], set[int]] | None) -> Happened:
    said: dict[str, Any] = {"id": event.pk, "name": event.name, "about": event.about, "at": event.at}
    if not kind:
        return Happened(**said)
    orgs, people = found or ({event.org_id}, set())  # the row is gone: its organisation may know
    return Happened(**said, resource=ABOUT[kind][0], orgs=frozenset(orgs), people=frozenset(people))


def _concerned(kind: str, pks: set[int]) -> dict[int, tuple[set[int], set[int]]]:
    if not kind:
        return {}
    model = apps.get_model(ABOUT[kind][1])  # rows of apps that lie above this one
    cut = len(model.org_paths)
    found: dict[int, tuple[set[int], set[int]]] = {}
    for pk, *ids in model.objects.filter(pk__in=pks).values_list("pk", *model.org_paths, *model.self_paths):
        orgs, people = found.setdefault(pk, (set(), set()))
        orgs |= {one for one in ids[:cut] if one is not None}
        people |= {one for one in ids[cut:] if one is not None}
    return found


def read_runs(known: frozenset[int]) -> list[RunMoved]:
    """Runs that go on, and those that did when looked at before."""
    rows = apps.get_model("work.Run").objects.filter(Q(state__in=ACTIVE) | Q(pk__in=known)).order_by("pk")
    columns = ("pk", "org_id", "kind", "state", "share", "words")
    return [
        RunMoved(run=pk, org_id=org_id, kind=kind, state=state, share=round(share, 3), words=words)
        for pk, org_id, kind, state, share, words in rows.values_list(*columns)
    ]
