"""What every request gets: whose scope it has, and a page instead of a bare error for the faults we name."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from nongshi.core.errors import NongshiError, NotFound
from nongshi.site.base.fault_words import fault_context
from nongshi.site.base.faults import TooMany
from nongshi.site.base.models import Person
from nongshi.site.base.problems import problem, status_of
from nongshi.site.base.scope import NOBODY, Scope
from nongshi.site.base.services import scope_of

LINK_PERSON = "link_person"  # session key: who came by a signed link, without a login
LINK_ID = "link_id"  # session key: by which link; once it is revoked, the session is nobody's


class ScopeMiddleware:
    """Sets `request.person` and `request.scope`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        scheme = request._get_scheme()
        request._get_scheme = lambda: scheme  # Django reads it from its own `scope` (ASGI's), which ours replaces here
        request.person = SimpleLazyObject(lambda: find_person(request))
        request.scope = SimpleLazyObject(lambda: _scope(request))
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """A named fault becomes a page in the reader's language, or JSON for a script."""
        if not isinstance(fault, NongshiError):
            return None
        if wants_json(request):
            response = problem(fault, instance=request.path)
        else:
            template = "base/not_found.html" if isinstance(fault, NotFound) else "base/fault.html"
            response = render(request, template, fault_context(fault), status=status_of(fault))
        if isinstance(fault, TooMany):
            response.headers["Retry-After"] = str(fault.retry_s)
        return response


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks that reads JSON only."""
    return str(request.headers.get("Accept", "")).startswith("application/json")


def find_person(request: HttpRequest) -> Person | None:
    """Who asks: by login, else by the signed link they came with."""
    user = request.user
    people = Person.objects.select_related("org")
    if user.is_authenticated:
        return people.filter(user=user).first()
    person_id = request.session.get(LINK_PERSON)
    if person_id is None:
        return None
    which: dict[str, Any] = {"pk": person_id}
    if LINK_ID in request.session:
        link = {"pk": request.session[LINK_ID], "revoked": None, "expires__gt": timezone.now()}
        which |= {f"links__{name}": value for name, value in link.items()}
    return people.filter(**which).first()


def _scope(request: HttpRequest) -> Scope:
    person = request.person
    return scope_of(person) if person else NOBODY
