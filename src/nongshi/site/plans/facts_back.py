"""What a season remembers, as entries that can be taken back one by one, with who did so and why.

Nothing is forgotten: an entry that is taken back stands with the season (`head["facts_back"]`), and in the log.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from nongshi.core.errors import BadInput, NotFound
from nongshi.site.base.faults import Outdated
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.plans.facts import Facts
from nongshi.site.plans.models import Season

WHY_MAX = 300
SPANS = ("down", "off", "dryers")  # a thing -> what it cannot: spans of hours, days, spans of days


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that was said to have happened, to one machine, operator, dryer or job, or to several at once."""

    kind: str  # down, off, dryers, area, out
    what: str  # "from/to", a day, hectares; empty for a job that is out
    ids: tuple[str, ...]  # of the region
    by: int | None = None  # who said so, where that is known
    at: str = ""

    @property
    def key(self) -> str:
        """By which it is taken back."""
        return f"{self.kind}|{self.what}"


def list_facts(season: Season) -> list[Fact]:
    """All that the season remembers; what befell several at once (rain) is one entry."""
    said: Mapping[str, Mapping[str, Any]] = season.head.get("facts_said", {})
    found: dict[tuple[str, str], list[str]] = {}
    for kind, what, id_ in _singles(season.head.get("facts", {})):
        found.setdefault((kind, what), []).append(id_)
    return [
        Fact(
            kind=kind, what=what, ids=tuple(ids), by=said.get(f"{kind}|{what}", {}).get("by"),
            at=said.get(f"{kind}|{what}", {}).get("at", ""),
        )
        for (kind, what), ids in sorted(found.items())
    ]  # fmt: skip


def _singles(facts: Mapping[str, Any]) -> Iterable[tuple[str, str, str]]:
    for kind in SPANS:
        for id_, many in facts.get(kind, {}).items():
            for one in many:
                yield kind, one if isinstance(one, str) else "/".join(one), id_
    for id_, area_ha in facts.get("area", {}).items():
        yield "area", f"{area_ha:g}", id_
    for id_ in facts.get("out", ()):
        yield "out", "", id_


def note_said(head: dict[str, Any], facts: Facts, by: int | None) -> dict[str, Any]:
    """The season's head with new facts, and who said which of them when."""
    before = {f"{kind}|{what}" for kind, what, _id in _singles(head.get("facts", {}))}
    said = dict(head.get("facts_said", {}))
    now = timezone.now().isoformat(timespec="seconds")
    for kind, what, _id in _singles(facts):
        if (key := f"{kind}|{what}") not in before:
            said[key] = {"by": by, "at": now}
    return {**head, "facts": facts, "facts_said": said}


def take_back_fact(scope: Scope, season_id: int, key: str, *, only: str = "", why: str, version: int) -> Season:
    """The season knows no more of a fact, or of it for one machine, operator, dryer or job (`only`).

    Plans that are there stay as they are; every later one is made without it.

    Raises:
        BadInput: no reason is given.
        NotFound: the season remembers nothing of the kind.
        Outdated: somebody changed the season since.
    """
    why = why.strip()[:WHY_MAX]
    if not why:
        raise BadInput("say why it is taken back; it stands in the record")
    with transaction.atomic():
        season = Season.objects.select_for_update(of=("self",)).get_changed(scope, pk=season_id)
        if season.version != version:
            raise Outdated(f"season {season}")
        fact = next((one for one in list_facts(season) if one.key == key), None)
        if fact is None or (only and only not in fact.ids):
            raise NotFound("the season remembers no such thing; load the page again")
        ids = (only,) if only else fact.ids
        now = timezone.now().isoformat(timespec="seconds")
        gone = {"kind": fact.kind, "what": fact.what, "ids": list(ids), "why": why, "by": scope.person_id, "at": now,
                "said_by": fact.by, "said_at": fact.at}  # fmt: skip
        season.head = {
            **season.head,
            "facts": _without(season.head["facts"], fact, ids),
            "facts_back": [*season.head.get("facts_back", []), gone],
        }
        season.version += 1
        season.save()
        data = {"kind": fact.kind, "what": fact.what, "ids": list(ids), "why": why}
        log("FactTakenBack", f"season:{season.pk}", scope=scope, org_id=season.org_id, **data)
    return season


def _without(facts: Facts, fact: Fact, ids: Iterable[str]) -> Facts:
    gone = set(ids)
    if fact.kind == "out":
        return {**facts, "out": [one for one in facts["out"] if one not in gone]}
    if fact.kind == "area":
        return {**facts, "area": {one: ha for one, ha in facts["area"].items() if one not in gone}}
    kept: dict[str, Any] = {}
    for id_, many in facts[fact.kind].items():
        left = [one for one in many if id_ not in gone or (one if isinstance(one, str) else "/".join(one)) != fact.what]
        if left:
            kept[id_] = left
    return {**facts, fact.kind: kept}
