"""What an operator's pages are made of: own orders by day, hours and pay, what runs out, consent to positions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import shapely
from django.db import transaction
from django.db.models import Prefetch, Q
from django.utils import timezone

from nongshi.site.base.models import Org, Person
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.cab.assumptions import REMIND_DAYS, pay_fen
from nongshi.site.plans.models import OrderState, Report, WorkOrder
from nongshi.site.plans.report_words import dispatchers_of
from nongshi.site.register.models import Licence, Machine

LEFT_DAYS = 3  # work of so many days ago that is not over is still shown
SHOWN_MAX = 60  # cards: more than an operator's days in sight
SEASON_DAYS = 120  # assumption: a season's work lies within four months


@dataclass(frozen=True, slots=True)
class Reminder:
    """A paper or a service that runs out."""

    what: str  # licence, inspection, insurance, upkeep
    name: str
    until: date
    over: bool


@dataclass(frozen=True, slots=True)
class Worked:
    """One order that was worked, as hours, area and pay."""

    order: WorkOrder
    began: datetime
    ended: datetime

    @property
    def hours(self) -> float:
        """From begin to end."""
        return max(0.0, (self.ended - self.began).total_seconds() / 3600)

    @property
    def pay_fen(self) -> int:
        """By the table of assumptions."""
        return pay_fen(self.order.job.operation, self.hours, self.order.area_ha)


@dataclass(frozen=True, slots=True)
class Sum:
    """Hours, area and pay of several orders."""

    orders: int
    hours: float
    area_ha: float
    pay_fen: int


def own_orders(scope: Scope) -> Any:
    """All orders that this person drives."""
    return WorkOrder.objects.seen_by(scope).filter(operator__person_id=scope.person_id)


def orders_ahead(scope: Scope, now: datetime) -> list[WorkOrder]:
    """Today's work, done or not, what is left of the days before, and what follows; soonest first."""
    today = timezone.make_aware(datetime.combine(timezone.localdate(now), time()))
    left = Q(end__gte=today - timedelta(days=LEFT_DAYS)) & ~Q(state=OrderState.DONE)
    rows = (
        own_orders(scope)
        .exclude(state=OrderState.WITHDRAWN)
        .filter(Q(end__gte=today) | left)
        .select_related("job__field", "machine", "operator")
        .prefetch_related(Prefetch("reports", Report.objects.filter(by_id=scope.person_id)))
    )
    return list(rows[:SHOWN_MAX])


def order_facts(order: WorkOrder) -> dict[str, Any]:
    """What the phone keeps of an order: where it is, its outline, what was reported."""
    field = order.job.field
    outline = field.geometry
    return {
        "id": order.pk,
        "state": order.state,
        "gate": [round(field.gate_lon, 6), round(field.gate_lat, 6)],
        "outline": None if outline is None else shapely.geometry.mapping(shapely.set_precision(outline, 1e-6)),
        "reports": [
            {
                "key": report.key,
                "kind": report.kind,
                "at": report.at.isoformat(),
                "sent": report.received.isoformat(),
                "flag": report.flag,
            }
            for report in order.reports.all()
        ],
    }


def reminders(scope: Scope, orders: Iterable[WorkOrder], today: date) -> list[Reminder]:
    """Own licences and the machines of one's orders, where something ends within two months; soonest first."""
    until = today + timedelta(days=REMIND_DAYS)
    licences = Licence.objects.filter(operator__person_id=scope.person_id, valid_until__lte=until)
    found = [Reminder("licence", one.licence_class, one.valid_until, one.valid_until < today) for one in licences]
    machines: dict[int, Machine] = {order.machine_id: order.machine for order in orders}
    for machine in machines.values():
        for what, end in (
            ("inspection", machine.inspected_until),
            ("insurance", machine.insured_until),
            ("upkeep", machine.upkeep_due),
        ):
            if end is not None and end <= until:
                found.append(Reminder(what, str(machine), end, end < today))
    return sorted(found, key=lambda one: (one.until, one.what, one.name))


def own_licences(scope: Scope) -> list[Licence]:
    """The licences that this person holds."""
    return list(Licence.objects.filter(operator__person_id=scope.person_id).order_by("licence_class"))


def worked_orders(scope: Scope, now: datetime) -> list[Worked]:
    """Own finished orders of the season, newest first."""
    rows = (
        own_orders(scope)
        .filter(state=OrderState.DONE, ended_at__gte=now - timedelta(days=SEASON_DAYS))
        .select_related("job__field", "machine")
        .order_by("-ended_at")
    )
    return [Worked(order, order.began_at or order.ended_at, order.ended_at) for order in rows]  # no start: no hours


def sum_up(worked: Sequence[Worked]) -> Sum:
    """Hours, area and pay together."""
    return Sum(
        orders=len(worked),
        hours=sum(one.hours for one in worked),
        area_ha=sum(one.order.area_ha for one in worked),
        pay_fen=sum(one.pay_fen for one in worked),
    )


def by_day(worked: Iterable[Worked]) -> list[tuple[date, Sum]]:
    """Sums of local days, newest first."""
    days: dict[date, list[Worked]] = {}
    for one in worked:
        days.setdefault(timezone.localdate(one.ended), []).append(one)
    return [(day, sum_up(found)) for day, found in sorted(days.items(), reverse=True)]


def this_week(worked: Iterable[Worked], today: date) -> list[Worked]:
    """What was finished since Monday."""
    monday = today - timedelta(days=today.weekday())
    return [one for one in worked if timezone.localdate(one.ended) >= monday]


def help_phone(scope: Scope) -> tuple[str, str]:
    """Name and number to call: the first dispatcher with one; empty where there is none."""
    for person, _ in dispatchers_of(sorted(scope.orgs_as(RoleKind.OPERATOR))):
        if person.phone:
            return person.name, person.phone
    return "", ""


def set_consent(scope: Scope, given: bool) -> Person:
    """Give or withdraw the consent to one's positions being kept; nothing happens where it stands so already."""
    with transaction.atomic():
        person = Person.objects.select_for_update().get_changed(scope, pk=scope.person_id)
        if (person.tracks_consent_at is not None) != given:
            person.tracks_consent_at = timezone.now() if given else None
            person.version += 1
            person.save(update_fields=["tracks_consent_at", "version", "changed"])
            name = "ConsentGiven" if given else "ConsentWithdrawn"
            log(name, f"person:{person.pk}", scope=scope, org_id=person.org_id, what="positions")
    return person


def employers(scope: Scope) -> list[Org]:
    """The organisations that this person drives for."""
    return list(Org.objects.filter(pk__in=scope.orgs_as(RoleKind.OPERATOR)))
