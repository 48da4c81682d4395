"""The stream of events, for pages: `nongshi.stream("/feeds/live", {event: ..., run: ..., ready: ...})`."""

from collections.abc import Collection

from asgiref.sync import sync_to_async
from django.db import transaction
from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_GET

from nongshi.core.errors import BadUsage
from nongshi.site.base.access import need_role
from nongshi.site.base.limits import check_rate
from nongshi.site.base.live import live_events
from nongshi.site.base.live_states import TOPICS
from nongshi.site.base.middleware import find_person
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import scope_of
from nongshi.site.base.sse import event_stream
from nongshi.site.feeds.machines import note_reading

OPENED_A_MIN = 240  # assumption: every page opens one once it is looked at for a moment, some tabs beside each other


@transaction.non_atomic_requests
@require_GET
async def live(request: HttpRequest) -> StreamingHttpResponse:
    """Events in the reader's sight, from `?last=ID` on; also a topic that is asked for by `?with=NAME`."""
    last, asked = read_last(request), read_asked(request)
    await sync_to_async(_check)(request, asked)
    return event_stream(live_events(lambda: look_again(request), last, asked))


def _check(request: HttpRequest, asked: Collection[str]) -> None:
    need_role(request.scope, *RoleKind)
    check_rate("live", str(request.scope.person_id), times=OPENED_A_MIN)
    if "machines" in asked:
        note_reading(request.scope)


def read_asked(request: HttpRequest) -> frozenset[str]:
    """Topics asked for beside those that everybody is told.

    Raises:
        BadUsage: there is no such topic.
    """
    asked = frozenset(request.GET.getlist("with"))
    if not asked <= {name for name, topic in TOPICS.items() if topic.asked}:
        raise BadUsage(f"with={sorted(asked)[0][:20]}: there is no such topic; leave it out")
    return asked


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
