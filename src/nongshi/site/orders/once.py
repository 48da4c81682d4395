"""The same request twice is one act: by its key, kept in the transaction of the act itself."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction

from nongshi.core.errors import BadInput, NotPlannable
from nongshi.site.base.models import Answered
from nongshi.site.base.scope import Scope

_busy: set[tuple[int, str]] = set()
_lock = threading.Lock()


class InFlight(NotPlannable):
    """The same request is being answered just now."""

    code = "in_flight"

    def __init__(self) -> None:
        super().__init__("a request with this key is being answered; repeat it in a second")


class KeyReused(BadInput):
    """Another request had this key."""

    code = "key_reused"

    def __init__(self) -> None:
        super().__init__("this key was used for another request; take a new key for a new request")


def once(scope: Scope, key: str, asked: Mapping[str, Any], do: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    """What `do` answers, or answered when this key came before; a fault keeps nothing, so it may be tried again.

    Raises:
        InFlight: it is being answered (409).
        KeyReused: the key came with another request before (422).
        BadInput: nobody asks, or the key cannot be one.
    """
    if scope.person_id is None or not 8 <= len(key) <= 80:
        raise BadInput("a request that counts once needs a person and a key of 8 to 80 characters")
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()
    which = {"person_id": scope.person_id, "key": key}
    with _alone(scope.person_id, key), transaction.atomic():
        kept = Answered.objects.filter(**which).first()
        if kept is None:
            try:
                with transaction.atomic():
                    row = Answered.objects.create(**which, request_digest=digest)
            except IntegrityError:  # another process was quicker, and has ended
                kept = Answered.objects.get(**which)
        if kept is not None:
            if kept.request_digest != digest:
                raise KeyReused
            return json.loads(bytes(kept.body or b"{}"))
        answer = dict(do())
        row.body, row.status, row.content_type = json.dumps(answer).encode(), 200, "application/json"
        row.save()
        return answer


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
