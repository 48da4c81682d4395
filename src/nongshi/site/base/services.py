"""What the base does: whose scope a request has, ways in without a password, keys to the API, the log of acts."""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from nongshi.core.errors import NotFound
from nongshi.site.base.models import ApiToken, Event, Org, Person, Role, SignedLink
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import NOBODY, Held, Scope

LINK_BYTES = 24
LINK_DAYS = 200  # assumption: a season
TOKEN_BYTES = 32
TREE_KINDS = frozenset({RoleKind.OFFICER, RoleKind.AUDITOR, RoleKind.TRAINER})  # roles whose reach may go down the tree
EVENTS_BATCH = 1_000
HEARERS: list[Callable[[Sequence[Event]], object]] = []  # of acts written by `log_all`; filled in apps.ready
USED_EVERY = timedelta(minutes=5)  # how exactly it is known when a key was last used


def scope_of(person: Person | None, today: date | None = None, *, rights: str | None = None) -> Scope:
    """What a person reaches today; `rights`: only so much, as an API key says."""
    if person is None:
        return NOBODY
    today = today or timezone.localdate()
    roles = (
        Role.objects.filter(person=person)
        .filter(Q(since=None) | Q(since__lte=today), Q(until=None) | Q(until__gte=today))
        .select_related("org")
    )
    held = [(RoleKind(role.kind), role.org) for role in roles]
    org_ids = {org.pk for _, org in held}
    lent, led = _lent_to(org_ids, today), _led_by(org_ids)
    return Scope(
        person_id=person.pk,
        held=tuple(
            Held(
                kind,
                org.pk,
                below=_below(org) if kind in TREE_KINDS else frozenset(),
                above=frozenset(org.lineage) - {org.pk},
                lent_by=lent.get(org.pk, frozenset()),
                led=led.get(org.pk, frozenset()) if kind == RoleKind.DISPATCHER else frozenset(),
            )
            for kind, org in held
        ),
        token_rights=None if rights is None else frozenset(rights.split(",")),
    )


def _below(org: Org) -> frozenset[int]:
    return frozenset(Org.objects.filter(path__startswith=org.path).exclude(pk=org.pk).values_list("pk", flat=True))


def _lent_to(org_ids: Iterable[int], today: date) -> Mapping[int, frozenset[Any]]:
    lending = apps.get_model("register", "Lending")  # lent rows are the register's; it lies above this app
    return lending.lent_to(org_ids, today)


def _led_by(org_ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
    member = apps.get_model("plans", "SeasonMember")  # as above
    return member.led_by(org_ids)


def log(name: str, about: str, *, scope: Scope, org_id: int | None, **data: Any) -> Event:
    """Write down one act; no personal data but ids."""
    return Event.objects.create(name=name, about=about, by_id=scope.person_id, org_id=org_id, data=data)


def log_all(events: Sequence[Event]) -> None:
    """Write down many acts of one service at once; whoever hears of single ones hears of these."""
    made = Event.objects.bulk_create(events, batch_size=EVENTS_BATCH)
    for hear in HEARERS:
        hear(made)


def make_link(person: Person, purpose: str, *, days: int = LINK_DAYS) -> str:
    """The secret of a new signed link; only its digest is kept, so it is told this once."""
    secret = secrets.token_urlsafe(LINK_BYTES)
    SignedLink.objects.create(
        person=person, purpose=purpose, digest=_digest(secret), expires=timezone.now() + timedelta(days=days)
    )
    return secret


def follow_link(secret: str, now: datetime | None = None) -> SignedLink:
    """The link of a secret, while it holds.

    Raises:
        NotFound: no such link, revoked or out of date.
    """
    now = now or timezone.now()
    link = SignedLink.objects.filter(digest=_digest(secret), revoked=None, expires__gt=now).first()
    if link is None:
        raise NotFound("the link does not hold any more; ask for a new one")
    link.used = now
    link.save(update_fields=["used"])
    return link


def make_token(person: Person, name: str, rights: Iterable[str], *, days: int | None = None) -> str:
    """A new key to the API; told this once."""
    secret = "nst_" + secrets.token_urlsafe(TOKEN_BYTES)
    expires = None if days is None else timezone.now() + timedelta(days=days)
    ApiToken.objects.create(
        person=person, name=name, digest=_digest(secret), rights=",".join(sorted(set(rights))), expires=expires
    )
    return secret


def find_token(secret: str, now: datetime | None = None) -> ApiToken | None:
    """The key, if it opens anything now."""
    now = now or timezone.now()
    token = ApiToken.objects.select_related("person__user").filter(digest=_digest(secret), revoked=None).first()
    if token is None or (token.expires is not None and token.expires <= now):
        return None
    if token.person.user is not None and not token.person.user.is_active:
        return None  # a login that is switched off takes its keys with it
    if token.used is None or now - token.used > USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(used=now)
    return token


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
