"""What a script of the board sends: JSON, checked word by word."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from nongshi.core.errors import BadInput

BODY_MAX = 200_000


def body_of(request: HttpRequest) -> Mapping[str, Any]:
    """The JSON object of a request.

    Raises:
        BadInput: it is none.
    """
    raw = request.body
    try:
        said = json.loads(raw) if len(raw) <= BODY_MAX else None
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise BadInput('send a JSON object, such as {"version": 3}; this was none')
    return said


def text_of(said: Mapping[str, Any], name: str) -> str:
    """A word that must be there.

    Raises:
        BadInput: it is missing or no word.
    """
    value = said.get(name)
    if not isinstance(value, str) or not value or len(value) > 200:
        raise BadInput(f"{name} must be a word, got {value!r}; send it")
    return value


def number_of(said: Mapping[str, Any], name: str) -> int:
    """A whole number that must be there.

    Raises:
        BadInput: it is missing or none.
    """
    value = said.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadInput(f"{name} must be a whole number, got {value!r}; send it")
    return value


def texts_of(said: Mapping[str, Any], name: str) -> list[str]:
    """A list of words.

    Raises:
        BadInput: it is none.
    """
    value = said.get(name)
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise BadInput(f"{name} must be a list of words, got {value!r}; send it")
    return list(dict.fromkeys(value))


def moment_of(said: Mapping[str, Any], name: str, tz: ZoneInfo) -> datetime | None:
    """A local wall time or null.

    Raises:
        BadInput: it is neither.
    """
    value = said.get(name)
    if value is None:
        return None
    try:
        return datetime.fromisoformat(str(value)).replace(tzinfo=tz)
    except ValueError as error:
        raise BadInput(f"{name} must be a local time such as 2026-11-28T07:30, got {value!r}; correct it") from error
