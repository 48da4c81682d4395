"""Where machines are and how far they are today, for maps: the newest of what terminals and operators' phones said.

A terminal's position is the machine's. A phone's is a person's: it counts only where it came with a report on an order
and its person had agreed before (docs/live.md). Nobody's name is told here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import BooleanField, ExpressionWrapper, F
from django.utils import timezone

from nongshi.site.base.rights import Resource
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.feeds.assumptions import LOOK_S, REPORT_H
from nongshi.site.feeds.generated_places import generated_places
from nongshi.site.feeds.positions import Place, find_places
from nongshi.site.plans.models import OrderState, PlanState, Report, WorkOrder
from nongshi.site.register.models import Machine

__all__ = ["LOOK_S", "MachineNow", "note_reading", "read_machines"]
PLACED = ("start", "done", "problem")  # reports whose place is the machine's, too
DONE = (OrderState.DONE,)
NOTED_S = 3600  # that somebody reads positions is written down once an hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A machine's orders of today."""

    done: int = 0
    of: int = 0
    done_ha: float = 0.0
    of_ha: float = 0.0
    job: str = ""  # the field of the job in work
    since: datetime | None = None
    until: datetime | None = None  # as planned


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineNow:
    """One machine, its last position and its work today."""

    machine: int
    name: str
    org_id: int
    owner_id: int | None
    lent: bool
    place: Place
    source: str  # terminal, report, generated
    progress: Progress

    @property
    def key(self) -> int:
        """The machine."""
        return self.machine

    def seen_by(self, scope: Scope) -> bool:
        """As `Machine.objects.seen_by`."""
        if scope.everything or self.org_id in scope.orgs(Resource.MACHINE):
            return True
        if self.lent and self.org_id in scope.lenders(Resource.MACHINE):
            return True
        mine = self.owner_id is not None and self.owner_id == scope.person_id
        return mine and self.org_id in scope.own_in(Resource.MACHINE)

    def said(self) -> dict[str, Any]:
        """For a map: degrees, moments, hectares."""
        today = self.progress
        return {
            "machine": self.machine, "name": self.name, "lon": round(self.place.lon, 6),
            "lat": round(self.place.lat, 6), "at": self.place.at.isoformat(), "source": self.source,
            "done": today.done, "of": today.of, "done_ha": round(today.done_ha, 2), "of_ha": round(today.of_ha, 2),
            "job": today.job, "since": clock(today.since, self.place.at), "until": clock(today.until, self.place.at),
        }  # fmt: skip


def clock(moment: datetime | None, beside: datetime) -> str:
    """A moment by the site's clock, with its day where that is another."""
    if moment is None:
        return ""
    at = timezone.localtime(moment)
    return f"{at:%H:%M}" if at.date() == timezone.localtime(beside).date() else f"{at:%m-%d %H:%M}"


def read_machines(_people: frozenset[int] = frozenset(), now: datetime | None = None) -> list[MachineNow]:
    """Every machine of which a position is known."""
    now = now or timezone.now()
    lent = ExpressionWrapper(Machine.lent_rows(), output_field=BooleanField())
    machines = list(Machine.objects.select_related("org").annotate(lent_now=lent).order_by("pk"))
    places = find_all_places(machines, now)
    progress = find_progress(now) if places else {}
    return [
        MachineNow(
            machine=one.pk,
            name=str(one),
            org_id=one.org_id,
            owner_id=one.owner_id,
            lent=one.lent_now,
            place=places[one.pk][0],
            source=places[one.pk][1],
            progress=progress.get(one.pk, Progress()),
        )
        for one in machines
        if one.pk in places
    ]


def find_all_places(machines: Iterable[Machine], now: datetime) -> dict[int, tuple[Place, str]]:
    """Machine -> (newest place, where it comes from); generated ones only where there is no other at all."""
    found = {pk: (place, "terminal") for pk, place in find_places(machines).items()}
    for pk, place in _reported(now).items():
        if pk not in found or place.at > found[pk][0].at:
            found[pk] = (place, "report")
    without = [one for one in machines if one.pk not in found and (one.generated or one.org.generated)]
    return found | {pk: (place, "generated") for pk, place in generated_places(without, now).items()}


def _reported(now: datetime) -> dict[int, Place]:
    """Where phones said that work began, ended or stood still, of people who had agreed to it by then."""
    reports = Report.objects.filter(
        kind__in=PLACED,
        flag="",
        at__gt=now - timedelta(hours=REPORT_H),
        at__lte=now,
        order__isnull=False,
        by__tracks_consent_at__lte=F("at"),
    ).order_by("at", "pk")
    found = {}
    for machine_id, at, data in reports.values_list("order__machine_id", "at", "data"):
        if isinstance(data.get("lon"), (int, float)) and isinstance(data.get("lat"), (int, float)):
            found[machine_id] = Place(float(data["lon"]), float(data["lat"]), at)
    return found


def find_progress(now: datetime) -> Mapping[int, Progress]:
    """What of today's orders is done, and what is in work since when, by machine."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    orders = WorkOrder.objects.filter(plan__state=PlanState.PUBLISHED).exclude(state=OrderState.WITHDRAWN)
    today = orders.filter(start__gte=midnight, start__lt=midnight + timedelta(days=1))
    under_way = orders.filter(state=OrderState.STARTED)
    columns = ("machine_id", "state", "area_ha", "began_at", "end", "job__field__name", "job__field__ref")
    found: dict[int, dict[str, Any]] = {}
    for machine_id, state, area_ha, began_at, end, name, ref in (today | under_way).values_list(*columns):
        one = found.setdefault(machine_id, {"done": 0, "of": 0, "done_ha": 0.0, "of_ha": 0.0})
        one["of"], one["of_ha"] = one["of"] + 1, one["of_ha"] + area_ha
        if state in DONE:
            one["done"], one["done_ha"] = one["done"] + 1, one["done_ha"] + area_ha
        elif state == OrderState.STARTED:
            one |= {"job": name or ref, "since": began_at, "until": end}
    return {machine_id: Progress(**one) for machine_id, one in found.items()}


def note_reading(scope: Scope) -> None:
    """Write down that somebody looks at positions, what for, once an hour."""
    if scope.person_id is not None and cache.add(f"positions-read:{scope.person_id}", True, NOTED_S):
        org_id = scope.held[0].org_id if scope.held else None
        log("PositionsRead", f"person:{scope.person_id}", scope=scope, org_id=org_id, purpose="dispatch")
