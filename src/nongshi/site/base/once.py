"""The same POST again gets the same answer again: by its Idempotency-Key, kept in the transaction of the act itself."""

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from nongshi.core.errors import BadInput
from nongshi.site.base.faults import InFlight
from nongshi.site.base.models import Answered
from nongshi.site.base.scope import Scope

HEADER = "Idempotency-Key"
KEPT_DAYS = 2  # assumption: nobody repeats a request after that
_KEY = re.compile(r"[\x21-\x7e]{1,80}")
_busy: set[tuple[int, str]] = set()
_lock = threading.Lock()


class KeyReused(BadInput):
    """Another request had this key."""

    code = "key_reused"

    def __init__(self) -> None:
        super().__init__("this key was used for another request; take a new key for a new request")


def key_of(request: HttpRequest) -> str | None:
    """The request's key.

    Raises:
        BadInput: a key that cannot be one.
    """
    key = request.headers.get(HEADER)
    if key is not None and not _KEY.fullmatch(key):
        raise BadInput(f"{HEADER} is 1 to 80 printable ASCII characters without spaces")
    return key


def answer_once(request: HttpRequest, person_id: int, key: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """The kept answer to this key, or a new one, kept; an answer that is a fault is not, nor what was done for it.

    Raises:
        InFlight: it is being answered.
        KeyReused: the key came with another request before.
    """
    with _alone(person_id, key), transaction.atomic():
        row, is_new = _begun(person_id, key, _digest(request))
        if not is_new:
            return _again(row)
        response = answer()
        if response.status_code >= 400:
            transaction.set_rollback(True)
            return response
        row.status, row.body, row.content_type = response.status_code, response.content, response["Content-Type"]
        row.save()
        return response


def once(scope: Scope, key: str, asked: Mapping[str, Any], do: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    """What `do` answers, or answered when this key came before: for acts that come by no request of the API.

    A fault keeps nothing, so it may be tried again.

    Raises:
        InFlight: it is being answered.
        KeyReused: the key came with another request before.
        BadInput: nobody asks, or the key cannot be one.
    """
    if scope.person_id is None or not _KEY.fullmatch(key):
        raise BadInput("a request that counts once needs a person and a key of 1 to 80 printable ASCII characters")
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()
    with _alone(scope.person_id, key), transaction.atomic():
        row, is_new = _begun(scope.person_id, key, digest)
        if not is_new:
            return json.loads(bytes(row.body or b"{}"))
        answer = dict(do())
        row.body, row.status, row.content_type = json.dumps(answer).encode(), 200, "application/json"
        row.save()
        return answer


def _begun(person_id: int, key: str, digest: str) -> tuple[Answered, bool]:
    """The row of a key, and whether this request is the first with it; keys that are too old are forgotten."""
    Answered.objects.filter(created__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()
    kept = Answered.objects.filter(person_id=person_id, key=key).first()
    if kept is None:
        try:
            with transaction.atomic():
                return Answered.objects.create(person_id=person_id, key=key, request_digest=digest), True
        except IntegrityError:  # another process was quicker, and has ended
            kept = Answered.objects.get(person_id=person_id, key=key)
    if kept.request_digest != digest:
        raise KeyReused
    if kept.status is None:
        raise InFlight
    return kept, False


def _again(kept: Answered) -> HttpResponse:
    response = HttpResponse(bytes(kept.body or b""), status=kept.status or 200, content_type=kept.content_type)
    response.headers["Idempotent-Replayed"] = "true"
    return response


@contextmanager
def _alone(person_id: int, key: str) -> Iterator[None]:
    name = (person_id, key)
    with _lock:
        if name in _busy:
            raise InFlight
        _busy.add(name)
    try:
        yield
    finally:
        with _lock:
            _busy.discard(name)


def _digest(request: HttpRequest) -> str:
    match = request.headers.get("If-Match", "")
    head = f"{request.method} {request.get_full_path()} {match}\n"
    return hashlib.sha256(head.encode() + request.body).hexdigest()
