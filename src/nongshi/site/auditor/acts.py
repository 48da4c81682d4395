"""The log of acts, as an auditor asks for it: by person, act, object, organisation and day."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from nongshi.files.sheets import guard
from nongshi.site.base.models import Event, Org
from nongshi.site.base.rights import Resource
from nongshi.site.base.scope import Scope
from nongshi.site.jobs.models import FieldJob
from nongshi.site.plans.models import PlanRow
from nongshi.site.register.models import Machine

EXPORT_MAX = 50_000  # rows of one file; more is asked for by days
COLUMNS = ("number", "at", "act", "object", "person_number", "person", "organisation_code", "organisation", "data")
OBJECT = re.compile(r"^[a-z_]+:\d+$")
LINKED: Mapping[str, tuple[str, Any]] = {
    "job": ("auditor:job", FieldJob),
    "plan": ("auditor:plan", PlanRow),
    "machine": ("auditor:machine", Machine),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the filters say; empty: anything."""

    person: str = ""  # part of a name, or a number
    act: str = ""
    about: str = ""  # job:12, or a kind alone: job
    org: int | None = None
    since: date | None = None
    until: date | None = None


def seen_acts(scope: Scope) -> QuerySet[Event]:
    """Acts in the organisations whose log is in reach; acts of no organisation are nobody's."""
    return Event.objects.filter(org_id__in=scope.orgs(Resource.EVENT)).select_related("by", "org")


def list_acts(scope: Scope, asked: Asked) -> QuerySet[Event]:
    """Acts that the filters let through, newest first."""
    rows = seen_acts(scope)
    if asked.person:
        who = Q(by__name__icontains=asked.person)
        rows = rows.filter(who | Q(by_id=int(asked.person)) if _is_number(asked.person) else who)
    if asked.act:
        rows = rows.filter(name=asked.act)
    if asked.about:
        rows = rows.filter(about=asked.about) if ":" in asked.about else rows.filter(about__startswith=asked.about)
    if asked.org is not None:
        rows = rows.filter(org_id=asked.org)
    if asked.since is not None:
        rows = rows.filter(at__gte=_midnight(asked.since))
    if asked.until is not None:
        rows = rows.filter(at__lt=_midnight(asked.until + timedelta(days=1)))
    return rows


def act_names(scope: Scope) -> list[str]:
    """Kinds of acts that occur in reach."""
    return sorted(seen_acts(scope).order_by().values_list("name", flat=True).distinct())


def audited_orgs(scope: Scope) -> list[Org]:
    """Organisations whose log is in reach, in the tree's order."""
    return list(Org.objects.filter(pk__in=scope.orgs(Resource.EVENT)))


def export_rows(rows: QuerySet[Event]) -> Iterator[tuple[str, ...]]:
    """Cells of the file; times are local, with their offset."""
    for event in rows[:EXPORT_MAX].iterator(chunk_size=2000):
        yield tuple(
            guard(cell)
            for cell in (
                str(event.pk),
                timezone.localtime(event.at).isoformat(timespec="seconds"),
                event.name,
                event.about,
                str(event.by_id or ""),
                event.by.name if event.by else "",
                event.org.code if event.org else "",
                event.org.name if event.org else "",
                json.dumps(event.data, ensure_ascii=False, sort_keys=True) if event.data else "",
            )
        )


def links_of(scope: Scope, abouts: Iterable[str]) -> dict[str, tuple[str, int]]:
    """Pages of the objects that acts are about, name of the address and number; none for what nobody may open."""
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for about in abouts:
        kind, _, number = about.partition(":")
        if kind in LINKED and _is_number(number):
            wanted[kind].add(int(number))
    found = {}
    for kind, numbers in wanted.items():
        address, model = LINKED[kind]
        for pk in model.objects.seen_by(scope).filter(pk__in=numbers).values_list("pk", flat=True):
            found[f"{kind}:{pk}"] = (address, pk)
    return found


def shown_data(data: Any) -> list[tuple[str, str]]:
    """What an act noted, as names and values."""
    return [(name, _shown(value)) for name, value in sorted(data.items())] if isinstance(data, dict) else []


def _shown(value: Any) -> str:
    """A text as it is, a number without the noise of its last places, the rest as JSON."""
    if isinstance(value, float):
        return f"{value:.6g}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())
