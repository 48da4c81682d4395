"""Versions of a row's representation: told as a strong ETag, asked for again by If-None-Match, guarded by If-Match."""

import hashlib
import re

from django.http import HttpRequest

from nongshi.core.errors import NongshiError

_TAG = re.compile(r'"[^"]*"')


class NeedsMatch(NongshiError):
    """A change does not say which version of the row it was made from."""

    code = "precondition_required"

    def __init__(self) -> None:
        super().__init__("send the etag of the row you looked at as If-Match, so that nobody's change is lost")


class MatchFailed(NongshiError):
    """The row is not what it was when it was looked at."""

    code = "precondition_failed"

    def __init__(self) -> None:
        super().__init__("the row was changed since you looked at it; get it again, then repeat")


def etag_of(body: bytes, version: int | None = None) -> str:
    """The tag of a representation: the row's version, and a digest for what changes without it.

    >>> etag_of(b"{}", 3)
    '"3-01e7b720ff566d53"'
    """
    digest = hashlib.blake2b(body, digest_size=8).hexdigest()
    return f'"{digest}"' if version is None else f'"{version}-{digest}"'


def is_known(request: HttpRequest, tag: str) -> bool:
    """Whether the reader has this version already."""
    given = str(request.headers.get("If-None-Match", ""))
    return given.strip() == "*" or tag in _TAG.findall(given)


def check_match(request: HttpRequest, tag: str) -> None:
    """Refuse a change made from another version than the one that is there.

    Raises:
        NeedsMatch: no If-Match.
        MatchFailed: another version.
    """
    given = str(request.headers.get("If-Match", "")).strip()
    if not given:
        raise NeedsMatch
    if given != "*" and tag not in _TAG.findall(given.replace("W/", "~")):
        raise MatchFailed
