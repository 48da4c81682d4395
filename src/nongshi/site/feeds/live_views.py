"""The stream of events, for pages: `nongshi.stream("/feeds/live", {event: ..., run: ..., ready: ...})`."""

from asgiref.sync import sync_to_async
from django.db import transaction
from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_GET

from nongshi.core.errors import BadUsage
from nongshi.site.base.access import need_role
from nongshi.site.base.limits import check_rate
from nongshi.site.base.live import live_events
from nongshi.site.base.middleware import find_person
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import scope_of
from nongshi.site.base.sse import event_stream

OPENED_A_MIN = 60  # assumption: some tabs, each coming back after a break


@transaction.non_atomic_requests
@require_GET
async def live(request: HttpRequest) -> StreamingHttpResponse:
    """Events in the reader's sight, from `?last=ID` on."""
    last = read_last(request)
    await sync_to_async(_check)(request)
    return event_stream(live_events(lambda: look_again(request), last))


def _check(request: HttpRequest) -> None:
    need_role(request.scope, *RoleKind)
    check_rate("live", str(request.scope.person_id), times=OPENED_A_MIN)


def look_again(request: HttpRequest) -> Scope | None:
    """What the reader reaches now; None: signed out, link taken back, no role any more."""
    session = request.session
    if not session.session_key or not session.exists(session.session_key):
        return None
    person = find_person(request)
    scope = scope_of(person)
    return scope if scope.held else None


def read_last(request: HttpRequest) -> int | None:
    """The id after which to go on: of the address, or of a browser that came back by itself.

    Raises:
        BadUsage: it is no id of ours.
    """
    said = request.GET.get("last") or request.headers.get("Last-Event-ID") or ""
    if not said:
        return None
    if not said.isdecimal() or len(said) > 18:
        raise BadUsage(f"last {said[:20]}: wanted is the id of an event; leave it out to begin now")
    return int(said)
