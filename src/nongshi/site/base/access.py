"""Who may open a page, and one's own ways in: sessions, signed links and keys to the API, listed and taken back."""

from collections.abc import Iterable
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils import timezone, translation

from nongshi.core.errors import NotFound
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.middleware import LINK_ID, LINK_PERSON
from nongshi.site.base.models import ApiToken, Person, SignedLink
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import follow_link, log, make_token

RIGHTS = ("read", "write", "plan")  # what a key may carry


def need_role(scope: Scope, *kinds: RoleKind) -> None:
    """Refuse whoever holds none of these roles anywhere.

    Raises:
        Forbidden: no such role.
    """
    if not scope.has(*kinds):
        raise Forbidden(f"this page is for: {', '.join(kinds)}; ask whoever looks after your organisation's roles")


def enter_by_link(request: HttpRequest, secret: str) -> SignedLink:
    """Make the request's session the link's person; a session of somebody else ends.

    Raises:
        NotFound: the link does not hold.
    """
    link = follow_link(secret)
    person = Person.objects.get(pk=link.person_id)
    if request.user.is_authenticated and person.user_id != request.user.pk:
        logout(request)
    request.session.cycle_key()
    request.session[LINK_PERSON] = person.pk
    request.session[LINK_ID] = link.pk
    log("LinkFollowed", f"link:{link.pk}", scope=Scope(person_id=person.pk), org_id=person.org_id, purpose=link.purpose)
    return link


def list_ways_in(request: HttpRequest) -> dict[str, Any]:
    """Sessions, links and keys of the person who asks."""
    person, now = request.person, timezone.now()
    sessions = [s for s in _sessions(request) if s.exists()]
    return {
        "sessions": sessions,
        "links": SignedLink.objects.filter(person=person, revoked=None, expires__gt=now).order_by("-created"),
        "tokens": ApiToken.objects.filter(person=person, revoked=None).order_by("-created"),
    }


def end_session(request: HttpRequest, pk: int) -> None:
    """Sign out another device.

    Raises:
        NotFound: no such session of this login.
    """
    found = next((s for s in _sessions(request) if s.pk == pk), None)
    if found is None:
        raise NotFound(f"no session {pk}")
    found.end()
    log("SessionEnded", f"session:{pk}", scope=request.scope, org_id=request.person.org_id)


def revoke_link(request: HttpRequest, pk: int) -> None:
    """A link of one's own opens nothing any more, nor do the sessions that came by it."""
    _revoke(request, SignedLink, pk, "LinkRevoked")


def revoke_token(request: HttpRequest, pk: int) -> None:
    """A key of one's own opens nothing any more."""
    _revoke(request, ApiToken, pk, "TokenRevoked")


def new_token(request: HttpRequest, name: str, rights: Iterable[str], days: int) -> str:
    """A key to the API for the person who asks; told this once."""
    secret = make_token(request.person, name, rights, days=days)
    log("TokenMade", f"person:{request.person.pk}", scope=request.scope, org_id=request.person.org_id, called=name)
    return secret


def speak(request: HttpRequest, language: str) -> None:
    """Remember the language somebody chose."""
    translation.activate(language)
    if request.person:
        Person.objects.filter(pk=request.person.pk).update(language=language)


def _sessions(request: HttpRequest) -> list[UserSession]:
    return list(UserSession.objects.filter(user=request.user)) if request.user.is_authenticated else []


def _revoke(request: HttpRequest, model: Any, pk: int, name: str) -> None:
    if not model.objects.filter(pk=pk, person_id=request.person.pk, revoked=None).update(revoked=timezone.now()):
        raise NotFound(f"no {model._meta.model_name} {pk}")
    log(name, f"{model._meta.model_name}:{pk}", scope=request.scope, org_id=request.person.org_id)
