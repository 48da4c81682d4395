"""What is done with people: added, given and taken roles, let in and shut out, two that are one joined."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from nongshi.core.errors import BadInput, BadUsage, NotFound
from nongshi.site.base.faults import Forbidden, Outdated
from nongshi.site.base.models import ApiToken, Org, Person, Role, SignedLink, User
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log, make_link
from nongshi.site.people.giving import may_give, may_manage

PURPOSES = {
    RoleKind.FARMER: "farmer",
    RoleKind.OPERATOR: "cab",
    RoleKind.TRAINEE: "trainee",
}  # what a link opens, by role
FIRST = "first"  # purpose of a one-time code
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that look alike
CODE_LENGTH = 10
CODE_DAYS = 7  # assumption: a new clerk signs in within a week


def add_person(scope: Scope, org: Org, name: str, phone: str, kinds: Iterable[RoleKind], until: date | None) -> Person:
    """Somebody new, with roles.

    Raises:
        Forbidden: one of the roles is not this person's to give.
    """
    kinds = list(kinds)
    _check_give(scope, org, kinds)
    with transaction.atomic():
        person = Person.objects.create(org=org, name=name, phone=phone)
        Role.objects.bulk_create(Role(person=person, org=org, kind=kind, until=until) for kind in kinds)
        log("PersonAdded", f"person:{person.pk}", scope=scope, org_id=org.pk, roles=[str(kind) for kind in kinds])
    return person


def change_person(scope: Scope, pk: int, version: int, name: str, phone: str) -> Person:
    """Name and phone.

    Raises:
        Outdated: somebody else changed it since.
    """
    with transaction.atomic():
        person = _managed(scope, pk, lock=True)
        if person.version != version:
            raise Outdated(f"person {person.pk}")
        person.name, person.phone, person.version = name, phone, person.version + 1
        person.save(update_fields=["name", "phone", "version", "changed"])
        log("PersonChanged", f"person:{pk}", scope=scope, org_id=person.org_id)
    return person


def set_id_number(scope: Scope, pk: int, number: str) -> None:
    """Keep an ID number, encrypted; nobody reads it in clear on a page."""
    person = _managed(scope, pk)
    person.set_id_number(number)
    person.version += 1
    person.save(update_fields=["id_sealed", "id_digest", "version", "changed"])
    log("IdNumberSet", f"person:{pk}", scope=scope, org_id=person.org_id)


def give_role(
    scope: Scope, person: Person, org: Org, kind: RoleKind, since: date | None = None, until: date | None = None
) -> Role:
    """Give a role; one that is held gets these days.

    Raises:
        Forbidden: not this person's to give, or a person with more rights.
        BadInput: the days lie the wrong way round.
    """
    _check_give(scope, org, [kind])
    if since and until and until < since:
        raise BadInput("the last day lies before the first; correct them")
    with transaction.atomic():
        role, _ = Role.objects.update_or_create(
            person=person, org=org, kind=kind, defaults={"since": since, "until": until}
        )
        log("RoleGiven", f"person:{person.pk}", scope=scope, org_id=org.pk, role=str(kind))
    return role


def take_role(scope: Scope, pk: int) -> Role:
    """Take a role away; an organisation keeps its last dispatcher.

    Raises:
        NotFound: no such role in reach.
        BadUsage: the last dispatcher.
    """
    role = Role.objects.select_related("org", "person").filter(pk=pk).first()
    if role is None or RoleKind(role.kind) not in may_give(scope, role.org):
        raise NotFound(f"no role {pk}")
    if role.kind == RoleKind.DISPATCHER and _dispatchers(role.org).exclude(pk=pk).count() == 0:
        raise BadUsage("this is the last dispatcher of the organisation; appoint another one first")
    role.delete()
    log("RoleTaken", f"person:{role.person_id}", scope=scope, org_id=role.org_id, role=role.kind)
    return role


def _dispatchers(org: Org) -> Any:
    today = timezone.localdate()
    held = Role.objects.filter(Q(until=None) | Q(until__gte=today), Q(since=None) | Q(since__lte=today))
    return held.filter(org=org, kind=RoleKind.DISPATCHER)


def appoint(scope: Scope, org: Org, name: str, phone: str) -> tuple[Person, str, str]:
    """A dispatcher for an organisation below: person, login and one-time code.

    Raises:
        Forbidden: the organisation is not in reach.
    """
    _check_give(scope, org, [RoleKind.DISPATCHER])
    with transaction.atomic():
        person = Person.objects.create(org=org, name=name, phone=phone)
        give_role(scope, person, org, RoleKind.DISPATCHER)
        login, code = _login(person)
        log("LoginMade", f"person:{person.pk}", scope=scope, org_id=org.pk)
    return person, login, code


def invite(scope: Scope, pk: int, kind: RoleKind, days: int) -> str:
    """The secret of a signed link to the pages of a role that the person holds.

    Raises:
        BadUsage: the person does not hold it, or it has no page that opens by link.
    """
    person = _managed(scope, pk)
    if kind not in PURPOSES or not person.roles.filter(kind=kind).exists():
        raise BadUsage("a link opens the pages of farmers, operators and trainees; give that role first")
    secret = make_link(person, PURPOSES[kind], days=days)
    log("LinkMade", f"person:{pk}", scope=scope, org_id=person.org_id, purpose=PURPOSES[kind])
    return secret


def make_login(scope: Scope, pk: int) -> tuple[str, str]:
    """A login with a one-time code, or a new code for a login that is there; the code is told this once."""
    person = _managed(scope, pk)
    with transaction.atomic():
        login, code = _login(person)
        log("LoginMade", f"person:{pk}", scope=scope, org_id=person.org_id)
    return login, code


def _login(person: Person) -> tuple[str, str]:
    if person.user is None:
        user = User(username=f"{person.org.code.split('-')[0][:20]}{person.pk}")
        user.set_unusable_password()
        user.save()
        person.user = user
        person.save(update_fields=["user"])
    login = person.user.username
    SignedLink.objects.filter(person=person, purpose=FIRST, revoked=None).update(revoked=timezone.now())
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    SignedLink.objects.create(
        person=person, purpose=FIRST, digest=_digest(login, code), expires=timezone.now() + timedelta(days=CODE_DAYS)
    )
    return login, code


def begin(login: str, code: str, password: str) -> User:
    """Set the first password by a one-time code.

    Raises:
        NotFound: login and code do not go together, or the code is used or old.
        BadInput: too weak a password.
    """
    login, code = login.strip(), code.strip().upper().replace(" ", "").replace("-", "")
    with transaction.atomic():
        found = SignedLink.objects.filter(
            digest=_digest(login, code), purpose=FIRST, revoked=None, expires__gt=timezone.now()
        ).first()
        user = found.person.user if found else None
        if found is None or user is None:
            raise NotFound("login and code do not go together, or the code was used; ask for a new one")
        try:
            validate_password(password, user)
        except ValidationError as weak:
            raise BadInput(" ".join(weak.messages)) from weak
        user.set_password(password)
        user.save()
        found.revoked = found.used = timezone.now()
        found.save()
        log(
            "LoginBegun",
            f"person:{found.person_id}",
            scope=Scope(person_id=found.person_id),
            org_id=found.person.org_id,
        )
    return user


def _digest(login: str, code: str) -> str:
    """Not that of any link's secret: those hold no slash."""
    return hashlib.sha256(f"first/{login}/{code}".encode()).hexdigest()


def ways_in(person: Person) -> dict[str, Any]:
    """What opens the site in somebody's name now."""
    now = timezone.now()
    links = SignedLink.objects.filter(person=person, revoked=None, expires__gt=now).order_by("-created")
    sessions = UserSession.objects.filter(user=person.user_id).order_by("-last_seen_at") if person.user_id else []
    return {
        "links": [link for link in links if link.purpose != FIRST],
        "codes": [link for link in links if link.purpose == FIRST],
        "sessions": [one for one in sessions if one.exists()],
        "tokens": ApiToken.objects.filter(person=person, revoked=None).order_by("-created"),
    }


def revoke_link(scope: Scope, pk: int, link: int) -> None:
    """One link opens nothing any more.

    Raises:
        NotFound: no such link of this person.
    """
    person = _managed(scope, pk)
    if not SignedLink.objects.filter(pk=link, person=person, revoked=None).update(revoked=timezone.now()):
        raise NotFound(f"no link {link}")
    log("LinkRevoked", f"person:{pk}", scope=scope, org_id=person.org_id)


def shut_out(scope: Scope, pk: int) -> None:
    """A lost phone: every session, link, code and key of somebody ends; their roles stay."""
    person = _managed(scope, pk)
    if person.pk == scope.person_id:
        raise BadUsage("this would sign yourself out; use the page of your own sessions")
    with transaction.atomic():
        now = timezone.now()
        SignedLink.objects.filter(person=person, revoked=None).update(revoked=now)
        ApiToken.objects.filter(person=person, revoked=None).update(revoked=now)
        for session in UserSession.objects.filter(user=person.user_id) if person.user_id else ():
            session.end()
        if person.user is not None:  # sessions that are not listed end with the password they were opened by
            person.user.set_unusable_password()
            person.user.save()
        log("ShutOut", f"person:{pk}", scope=scope, org_id=person.org_id)


def merge(scope: Scope, keep_pk: int, gone_pk: int) -> Person:
    """Two that are one: what hangs on the second hangs on the first; the second's ways in end.

    Raises:
        BadUsage: the same row twice, or both have a login.
    """
    if keep_pk == gone_pk:
        raise BadUsage("choose two different people")
    with transaction.atomic():
        keep, gone = _managed(scope, keep_pk, lock=True), _managed(scope, gone_pk, lock=True)
        if keep.org_id != gone.org_id or (keep.user_id and gone.user_id):
            raise BadUsage("only people of one organisation can be joined, and only one of them may have a login")
        held = set(keep.roles.values_list("org_id", "kind"))
        for role in gone.roles.all():
            if (role.org_id, role.kind) in held:
                role.delete()
        SignedLink.objects.filter(person=gone).delete()
        ApiToken.objects.filter(person=gone).delete()
        user = gone.user
        for relation in Person._meta.related_objects:
            if relation.one_to_many and relation.related_model._meta.model_name != "answered":
                relation.related_model._base_manager.filter(**{relation.field.name: gone}).update(
                    **{relation.field.name: keep}
                )
        number = gone.id_number if gone.id_sealed and not keep.id_sealed else ""
        gone.delete()
        keep.user = keep.user or user
        keep.phone = keep.phone or gone.phone
        if number:
            keep.set_id_number(number)
        keep.version += 1
        keep.save()
        log("PeopleJoined", f"person:{keep.pk}", scope=scope, org_id=keep.org_id, gone=gone_pk)
    return keep


def change_org(scope: Scope, org: Org, name: str, name_en: str, phone: str) -> None:
    """What an organisation is called, and whom operators ring up.

    Raises:
        Forbidden: only its dispatchers and officers say so.
    """
    if org.pk not in scope.orgs_as(RoleKind.DISPATCHER, RoleKind.OFFICER):
        raise Forbidden("only the dispatchers of the organisation change this")
    org.name, org.name_en, org.phone = name, name_en, phone
    org.save()
    log("OrgChanged", f"org:{org.pk}", scope=scope, org_id=org.pk)


def _managed(scope: Scope, pk: int, *, lock: bool = False) -> Person:
    """Somebody in the reader's hands.

    Raises:
        NotFound: not of an organisation in reach.
        Forbidden: they hold more rights than the reader could give.
    """
    rows = Person.objects.select_for_update(of=("self",)) if lock else Person.objects.select_related("user", "org")
    person = rows.get_changed(scope, pk=pk)
    if not may_manage(scope, person):
        raise Forbidden("this person holds roles that you could not give; ask a dispatcher")
    return person


def _check_give(scope: Scope, org: Org, kinds: Iterable[RoleKind]) -> None:
    beyond = sorted(set(kinds) - may_give(scope, org))
    if beyond:
        raise Forbidden(f"you may not give these roles there: {', '.join(beyond)}")
