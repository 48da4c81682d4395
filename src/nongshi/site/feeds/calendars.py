"""Calendars by secret address: who may make one, what one shows, and when it ends."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from nongshi.core.errors import BadInput, NotFound
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log, scope_of
from nongshi.site.feeds.assumptions import CALENDAR_AHEAD_D, CALENDAR_BACK_D
from nongshi.site.feeds.models import CalendarFeed, CalendarKind
from nongshi.site.plans.models import WorkOrder
from nongshi.site.register.models import Machine, Operator

SECRET_BYTES = 24
DAYS_MAX = 400
USED_EVERY = timedelta(minutes=5)  # how exactly it is known when a calendar was last taken
NEEDED_ROLE: Mapping[Any, RoleKind] = {CalendarKind.FARMER: RoleKind.FARMER, CalendarKind.OPERATOR: RoleKind.OPERATOR}


def list_choices(scope: Scope) -> list[tuple[str, str]]:
    """What this person may make a calendar of: (word, name); a word goes back into `make_calendar`."""
    own = [(str(kind), "") for kind, role in NEEDED_ROLE.items() if scope.has(role)]
    operators = _operators(scope)
    machines = _machines(scope)
    return [
        *own,
        *((f"operator:{one.pk}", str(one)) for one in operators),
        *((f"machine:{one.pk}", str(one)) for one in machines),
    ]


def _operators(scope: Scope) -> Sequence[Operator]:
    """Operators with a person, of organisations where this one is a dispatcher."""
    orgs = scope.orgs_as(RoleKind.DISPATCHER)
    return list(
        Operator.objects.changed_by(scope).filter(org_id__in=orgs).exclude(person=None).select_related("person")
    )


def _machines(scope: Scope) -> Sequence[Machine]:
    return list(Machine.objects.changed_by(scope))


def make_calendar(scope: Scope, what: str, *, days: int) -> tuple[CalendarFeed, str]:
    """A calendar and its secret; the secret is told this once.

    Raises:
        BadInput: nothing of that kind is in reach, or it would hold too long.
    """
    if not 1 <= days <= DAYS_MAX:
        raise BadInput(f"a calendar holds 1 to {DAYS_MAX} days, not {days}; choose again")
    feed = _feed(scope, what)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    feed.digest, feed.made_by_id = _digest(secret), scope.person_id
    feed.expires = timezone.now() + timedelta(days=days)
    feed.save()
    log("CalendarMade", f"calendar:{feed.pk}", scope=scope, org_id=feed.org_id, kind=feed.kind)
    return feed, secret


def _feed(scope: Scope, what: str) -> CalendarFeed:
    kind: Any
    kind, _, number = what.partition(":")
    pk = int(number) if number.isdecimal() else 0
    if kind == CalendarKind.MACHINE:
        machine = next((one for one in _machines(scope) if one.pk == pk), None)
        if machine is not None:
            return CalendarFeed(org_id=machine.org_id, kind=kind, person_id=scope.person_id, machine=machine)
    elif kind == CalendarKind.OPERATOR and number:
        operator = next((one for one in _operators(scope) if one.pk == pk), None)
        if operator is not None:
            return CalendarFeed(org_id=operator.org_id, kind=kind, person_id=operator.person_id)
    elif what in NEEDED_ROLE:
        orgs = scope.orgs_as(NEEDED_ROLE[CalendarKind(what)])
        if orgs:
            return CalendarFeed(org_id=min(orgs), kind=kind, person_id=scope.person_id)
    raise BadInput(f"no calendar of {what} is in your reach; choose one of the list")


def list_calendars(scope: Scope) -> Any:
    """Calendars in reach that open something, newest first."""
    found = CalendarFeed.objects.seen_by(scope).filter(revoked=None, expires__gt=timezone.now())
    return found.select_related("person", "machine", "made_by", "org").distinct().order_by("-pk")


def own_of(scope: Scope) -> Q:
    """Which calendars are one's own: of oneself, or made by oneself."""
    mine = Q(person_id=scope.person_id) | Q(made_by_id=scope.person_id)
    return Q(pk__in=CalendarFeed.objects.filter(mine).values("pk"))  # can be turned round where made_by is empty


def revoke_calendar(scope: Scope, pk: int) -> CalendarFeed:
    """A calendar shows nothing any more.

    Raises:
        NotFound: none in reach.
    """
    feed = CalendarFeed.objects.get_changed(scope, pk=pk, revoked=None)
    feed.revoked, feed.version = timezone.now(), feed.version + 1
    feed.save()
    log("CalendarRevoked", f"calendar:{feed.pk}", scope=scope, org_id=feed.org_id)
    return feed


def find_calendar(secret: str, now: datetime | None = None) -> CalendarFeed:
    """The calendar of a secret, while it holds.

    Raises:
        NotFound: no such calendar, taken back, or out of date.
    """
    now = now or timezone.now()
    feed = (
        CalendarFeed.objects.select_related("person", "machine")
        .filter(digest=_digest(secret), revoked=None, expires__gt=now)
        .first()
    )
    if feed is None:
        raise NotFound("this calendar is not there any more; make a new one under Calendars and webhooks")
    if feed.used is None or now - feed.used > USED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(used=now)
    return feed


def list_orders(feed: CalendarFeed, now: datetime | None = None) -> list[WorkOrder]:
    """The work orders that a calendar shows: what its person may see, of what it is about; withdrawn ones, too."""
    now = now or timezone.now()
    which: dict[str, Any] = {
        CalendarKind.FARMER: {"job__grower_id": feed.person_id},
        CalendarKind.OPERATOR: {"operator__person_id": feed.person_id},
        CalendarKind.MACHINE: {"machine_id": feed.machine_id},
    }[CalendarKind(feed.kind)]
    span = (now - timedelta(days=CALENDAR_BACK_D), now + timedelta(days=CALENDAR_AHEAD_D))
    rows = WorkOrder.objects.seen_by(scope_of(feed.person)).filter(**which)
    shown = rows.filter(end__gte=span[0], start__lte=span[1]).values("job_id")
    # All orders of a job that is shown: a sequence number must not fall when an old one goes out of the span.
    found = rows.filter(job_id__in=shown).select_related("job__field", "machine")
    return list(found.distinct().order_by("start", "pk"))


def address_of_calendar(secret: str) -> str:
    """Where a calendar program takes it."""
    return f"{settings.SITE_URL}{reverse('feeds:calendar', args=[secret])}"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
