"""What every page's template knows."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from nongshi.site.base.desks import Desk, desks_for
from nongshi.site.base.models import Org
from nongshi.site.base.scope import NOBODY, Scope


def page(request: HttpRequest) -> dict[str, Any]:
    """The reader, the desks in their reach, and what the frame of a page needs."""
    scope: Scope = getattr(request, "scope", NOBODY)
    navigation = links(scope, request)
    return {
        "person": getattr(request, "person", None),
        "scope": scope,
        "desks": desks_for(scope),
        "navigation": navigation,
        "bar": len(navigation) > 1,
        "signed_in": bool(getattr(request, "person", None)) or request.user.is_authenticated,
        "generated_data": SimpleLazyObject(lambda: sees_generated(scope)),
        "tiles": settings.TILES,
        "live_url": find_live(scope),
        "unread": SimpleLazyObject(lambda: count_unread(scope)),
    }


def find_live(scope: Scope) -> str:
    """Where the page hears of what happens; empty for whoever holds no role."""
    return str(reverse("feeds:live")) if scope.held else ""


def count_unread(scope: Scope) -> int:
    """How many messages the reader has not read."""
    notices = apps.get_model("plans", "Notice").objects  # of an app that lies above this one
    return int(notices.filter(person_id=scope.person_id, read_at=None).count())


def links(scope: Scope, request: HttpRequest | None = None) -> list[dict[str, Any]]:
    """The navigation: desks of the roles held whose app is there."""
    match = getattr(request, "resolver_match", None)
    here = match.namespace if match is not None else ""
    return [
        {"url": url, "title": desk.title, "icon": desk.icon, "current": here == desk.url_name.partition(":")[0]}
        for desk in desks_for(scope)
        if (url := find_url(desk)) is not None
    ]


def find_url(desk: Desk) -> str | None:
    """A desk's address, if its app is installed."""
    try:
        return str(reverse(desk.url_name))
    except NoReverseMatch:
        return None


def sees_generated(scope: Scope) -> bool:
    """Whether generated organisations are in the reader's reach, so that pages say so."""
    reached = {role.org_id for role in scope.held}.union(*(role.below for role in scope.held))
    return bool(reached) and Org.objects.filter(pk__in=reached, generated=True).exists()
