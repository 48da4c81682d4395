"""What every request gets: whose scope it has, and a page instead of a bare error for the faults we name."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from nongshi.core.errors import NongshiError, NotFound
from nongshi.site.base.models import Person
from nongshi.site.base.problems import status_of
from nongshi.site.base.scope import NOBODY, Scope
from nongshi.site.base.services import scope_of

LINK_PERSON = "link_person"  # session key: who came by a signed link, without a login


class ScopeMiddleware:
    """Sets `request.person` and `request.scope`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        request.person = SimpleLazyObject(lambda: find_person(request))
        request.scope = SimpleLazyObject(lambda: _scope(request))
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """A named fault becomes a page in the reader's language."""
        if not isinstance(fault, NongshiError):
            return None
        status = status_of(fault)
        template = "base/not_found.html" if isinstance(fault, NotFound) else "base/fault.html"
        return render(request, template, {"fault": fault}, status=status)


def find_person(request: HttpRequest) -> Person | None:
    """Who asks: by login, else by the signed link they came with."""
    user = request.user
    if user.is_authenticated:
        return Person.objects.filter(user=user).first()
    person_id = request.session.get(LINK_PERSON)
    return None if person_id is None else Person.objects.filter(pk=person_id).first()


def _scope(request: HttpRequest) -> Scope:
    person = find_person(request)
    return NOBODY if person is None else scope_of(person)
