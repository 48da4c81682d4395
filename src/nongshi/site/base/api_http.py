"""What happens round every operation of the API: who asks, how often, once only, all or nothing, and faults by name."""

import hashlib
import json
import logging
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from ninja import errors as ninja_errors
from ninja.parser import Parser
from ninja.utils import check_csrf

from nongshi.core.errors import BadInput, NongshiError, PlanBroken
from nongshi.site.base.away import answer_away
from nongshi.site.base.etag import MatchFailed, NeedsMatch, is_known
from nongshi.site.base.faults import Forbidden, TooMany
from nongshi.site.base.limits import address_of, count_rate
from nongshi.site.base.models import Person
from nongshi.site.base.once import answer_once, key_of
from nongshi.site.base.problems import problem, problem_response, status_of
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import find_token, scope_of

BODY_BYTES_MAX = 2**20  # a field outline of 20,000 corners fits
HOLDERS_MAX = 1000  # keys in use at a time
STRANGER_RATE = 120  # requests a minute of an address that shows no key
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
STATUSES: Mapping[type[NongshiError], int] = {NeedsMatch: 428, MatchFailed: 412, PlanBroken: 409}
_JSON = re.compile(r"application/(?:[\w.-]+\+)?json", re.ASCII)
_log = logging.getLogger(__name__)

View = Callable[..., HttpResponse]
RightOf = Callable[[str], str | None]  # method -> right of the operation; None: there is none


class Unknown(NongshiError):
    """Nobody we know."""

    code = "unauthorized"


class StrictParser(Parser):
    """JSON as it is written down: no NaN, no NUL, no halves of characters, no numbers without end."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The request's JSON.

        Raises:
            BadInput: it is none.
        """
        try:
            value = json.loads(request.body.decode("utf-8"), parse_constant=_no_constant)
            json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8")
        except (ValueError, RecursionError) as error:
            raise BadInput(f"the body is no JSON that can be kept: {error}"[:300]) from None
        if _has_nul(value):
            raise BadInput("the body holds a NUL character; leave it out")
        return value


def guard(view: View, right_of: RightOf) -> View:
    """One address of the API."""

    @csrf_exempt  # checked below, for those who come with a cookie
    @transaction.non_atomic_requests  # a reader takes no lock; a change is one transaction, below
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        head = request.method == "HEAD"
        if head:
            request.method = "GET"
        try:
            response = _answer(request, view, right_of, args, kwargs)
        except Exception as fault:
            response = answer_fault(request, fault)
        if response.status_code == 405 and response.headers.get("Content-Type") != "application/problem+json":
            allow = ", ".join(sorted({*filter(None, response.headers.get("Allow", "").split(", ")), "OPTIONS"}))
            response = problem_response(405, "method_not_allowed", f"possible here: {allow}", instance=request.path)
            response.headers["Allow"] = allow
        _finish(request, response)
        if head:
            response.content, request.method = b"", "HEAD"
        return response

    return guarded


def _answer(request: HttpRequest, view: View, right_of: RightOf, args: Any, kwargs: Any) -> HttpResponse:
    _check_line(request)
    identify(request)
    right = right_of(str(request.method))
    if right is None:
        return view(request, *args, **kwargs)  # which says that there is no such method
    check_right(request, right)
    if request.method in SAFE:
        response = view(request, *args, **kwargs)
        tag = response.headers.get("ETag")
        return _unchanged(response) if tag and is_known(request, tag) else response
    _check_body(request)
    key = key_of(request) if request.method == "POST" else None
    if key is not None:
        return answer_once(request, request.person.pk, key, lambda: view(request, *args, **kwargs))
    with transaction.atomic():
        return view(request, *args, **kwargs)


def identify(request: HttpRequest) -> None:
    """Sets `person` and `scope` by key or session, and counts the request.

    Raises:
        Unknown: a key that opens nothing.
        TooMany: more than is answered in a minute.
    """
    given = str(request.headers.get("Authorization", ""))
    if given:
        kind, _, secret = given.partition(" ")
        found = holder_of(secret.strip()) if kind.lower() == "bearer" else None
        if found is None:
            _count(request, f"address:{address_of(request)}", STRANGER_RATE)
            raise Unknown("the key is not known, revoked or out of date; make a new one on your own page")
        request.person, request.scope = found.person, found.scope
        _count(request, f"key:{found.key_id}", settings.API_RATE)
        return
    person: Person | None = request.person
    if person:
        _count(request, f"person:{person.pk}", settings.API_RATE)
    else:
        _count(request, f"address:{address_of(request)}", STRANGER_RATE)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose a key is and what it reaches, as looked up at a moment."""

    key_id: int
    person: Person
    scope: Scope
    at: float


_holders: OrderedDict[bytes, Holder] = OrderedDict()
_lock = threading.Lock()


def holder_of(secret: str) -> Holder | None:
    """Who holds a key; looked up once a second at most, which is how long a key or role that is taken back still holds.

    A third of the time of a list went into looking it up for every request.
    """
    digest = hashlib.sha256(secret.encode("utf-8", "replace")).digest()
    with _lock:
        kept = _holders.get(digest)
        if kept is not None and time.monotonic() - kept.at < settings.API_KEPT_S:
            return kept
    now = time.monotonic()
    token = find_token(secret)
    with _lock:
        if token is None:
            _holders.pop(digest, None)
            return None
    found = Holder(token.pk, token.person, scope_of(token.person, rights=token.rights), now)
    with _lock:
        _holders[digest] = found
        _holders.move_to_end(digest)
        while len(_holders) > HOLDERS_MAX:
            _holders.popitem(last=False)
    return found


def check_right(request: HttpRequest, right: str) -> None:
    """Refuse strangers, keys without the right, and forms that other sites send with somebody's cookie.

    Raises:
        Unknown: nobody we know.
        Forbidden: not so.
    """
    if right == "open":
        return
    if not request.person:
        raise Unknown("send a key as `Authorization: Bearer nst_...`, or sign in")
    rights = request.scope.token_rights
    if rights is None:
        if request.method not in SAFE and check_csrf(request) is not None:
            raise Forbidden("a change with a session's cookie needs its X-CSRFToken header")
    elif right not in rights:
        raise Forbidden(
            f"this key has no right to {right}; make one that has: {', '.join(sorted(rights))} are not enough"
        )


def answer_fault(request: HttpRequest, fault: Exception) -> HttpResponse:
    """Any fault as problem+json; of those that nobody named, no more than that there was one."""
    where = request.path
    if isinstance(fault, ninja_errors.HttpError) and isinstance(fault.__context__, NongshiError):
        fault = fault.__context__  # the parser's own words
    if isinstance(fault, Unknown):
        response = problem_response(401, fault.code, str(fault), instance=where)
        response.headers["WWW-Authenticate"] = 'Bearer realm="nongshi"'
        return response
    if isinstance(fault, NongshiError):
        status = next((number for kind, number in STATUSES.items() if isinstance(fault, kind)), None)
        if status is not None:
            return problem_response(status, fault.code, str(fault), instance=where)
        response = problem(fault, instance=where)
        if isinstance(fault, TooMany):
            response.headers["Retry-After"] = str(fault.retry_s)
        if status_of(fault) == 500:
            _log.error("a fault in the API at %s", where, exc_info=fault)
        return response
    if isinstance(fault, ninja_errors.ValidationError):
        faults = [{"where": ".".join(map(str, one["loc"])), "problem": str(one["msg"])} for one in fault.errors]
        said = "; ".join(f"{one['where']}: {one['problem']}" for one in faults[:5])
        return problem_response(422, "bad_input", said, instance=where, faults=faults)
    if isinstance(fault, ValidationError):
        with translation.override("en"):
            said = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in _texts(fault).items())
        return problem_response(422, "bad_input", said, instance=where)
    away = answer_away(request, fault)
    if away is not None:
        return away
    status, code, said = _plain(fault)
    response = problem_response(status, code, said, instance=where)
    if status == 500:
        _log.error("a fault in the API at %s", where, exc_info=fault)
    return response


def _plain(fault: Exception) -> tuple[int, str, str]:
    if isinstance(fault, Http404):
        return 404, "not_found", "there is nothing here"
    if isinstance(fault, PermissionDenied):
        return 403, "forbidden", "not for you"
    if isinstance(fault, ninja_errors.HttpError):
        return fault.status_code, "bad_request", str(fault)
    if isinstance(fault, ProtectedError):
        return 409, "in_use", "other rows name this one: jobs, work orders or lendings; it has to stay"
    if isinstance(fault, RequestDataTooBig):
        return 413, "too_large", f"a request may have {BODY_BYTES_MAX} bytes"
    if isinstance(fault, UnsupportedType):
        return 415, "unsupported_type", "send JSON, as Content-Type: application/json"
    if isinstance(fault, UnreadablePostError | SuspiciousOperation):
        return 400, "bad_request", "the request cannot be read"
    if isinstance(fault, IntegrityError):
        return 409, "conflict", "another row has the same number, or one that is named has gone"
    return 500, "error", "something went wrong on our side; it is written down"


class UnsupportedType(Exception):
    """A body that is not JSON."""


def _check_line(request: HttpRequest) -> None:
    """Addresses carry no characters that no database keeps."""
    words = [request.path, *request.GET, *(value for values in request.GET.lists() for value in values[1])]
    for word in words:
        if "\x00" in word or (not word.isascii() and _broken(word)):
            raise BadInput("the address holds a NUL or a broken character; leave it out")


def _broken(word: str) -> bool:
    try:
        word.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _check_body(request: HttpRequest) -> None:
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not length.isdigit() or int(length) > BODY_BYTES_MAX or len(request.body) > BODY_BYTES_MAX:
        raise RequestDataTooBig
    if request.body and not _JSON.fullmatch(str(request.content_type or "")):
        raise UnsupportedType


def _count(request: HttpRequest, who: str, times: int) -> None:
    request.api_rate = (times, 0, 60)
    left, reset_s = count_rate("api", who, times=times)
    request.api_rate = (times, max(0, left), reset_s)
    if left < 0:
        raise TooMany(retry_s=reset_s)


def _finish(request: HttpRequest, response: HttpResponse) -> None:
    response.headers.setdefault("Cache-Control", "private, no-cache")
    rate = getattr(request, "api_rate", None)
    if rate is not None:
        for name, number in zip(("Limit", "Remaining", "Reset"), rate, strict=True):
            response.headers[f"X-RateLimit-{name}"] = str(number)


def _unchanged(response: HttpResponse) -> HttpResponse:
    answer = HttpResponse(status=304)
    del answer.headers["Content-Type"]
    answer.headers["ETag"] = response.headers["ETag"]
    return answer


def _texts(fault: ValidationError) -> dict[str, list[str]]:
    return dict(fault.message_dict) if hasattr(fault, "error_dict") else {"request": list(fault.messages)}


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_has_nul(key) or _has_nul(one) for key, one in value.items())
    return isinstance(value, list) and any(_has_nul(one) for one in value)
