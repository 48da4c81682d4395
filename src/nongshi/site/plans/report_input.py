"""A report as it comes in, looked at before anything is done with it."""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nongshi.core.errors import BadInput
from nongshi.site.base.scope import Scope

KINDS = ("start", "done", "problem", "sos")
PROBLEMS = ("breakdown", "stuck", "wet", "access", "weather", "absent", "other")  # what a problem may be
KEY = re.compile(r"[A-Za-z0-9_-]{8,60}")
WORDS_MAX = 500
PHOTO_MAX_BYTES = 6 * 2**20  # assumption: ten times what the page sends after making it smaller
PICTURES = {  # by the first bytes, not by what the sender says
    "jpg": re.compile(rb"\xff\xd8\xff"),
    "png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
}
RANGES = {"lon": (-180.0, 180.0), "lat": (-90.0, 90.0), "accuracy_m": (0.0, 1e7)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A report that can be right."""

    key: str
    kind: str
    at: datetime
    data: dict[str, Any]
    photo: bytes | None
    photo_kind: str
    digest: str  # of person, order and everything said


def read_report(
    scope: Scope,
    order_id: int | None,
    *,
    key: str,
    kind: str,
    at: datetime,
    data: Mapping[str, Any] | None,
    photo: bytes | None,
) -> Said:
    """The report, checked.

    Raises:
        BadInput: its key, kind, time, words, place or photo cannot be right.
    """
    if not KEY.fullmatch(key):
        raise BadInput("a report's key has 8 to 60 letters, figures, - or _; a UUID is well")
    if kind not in KINDS:
        raise BadInput(f"a report is one of: {', '.join(KINDS)}; not {kind!r}")
    if order_id is None and kind != "sos":
        raise BadInput(f"a report {kind!r} is about a work order; name it")
    if at.tzinfo is None:
        raise BadInput("the time of a report needs its distance from UTC, such as 2026-11-27T07:30:00+08:00")
    said = _read_data(data or {})
    photo_kind = picture_kind(photo) if photo else ""
    digest = hashlib.sha256(
        json.dumps([scope.person_id, order_id, kind, at.timestamp(), said], sort_keys=True).encode() + (photo or b"")
    ).hexdigest()
    return Said(key=key, kind=kind, at=at, data=said, photo=photo or None, photo_kind=photo_kind, digest=digest)


def picture_kind(photo: bytes) -> str:
    """jpg, png or webp.

    Raises:
        BadInput: too large, or no picture of these kinds.
    """
    if len(photo) > PHOTO_MAX_BYTES:
        raise BadInput(f"the photo has {len(photo) / 2**20:.1f} MiB; at most {PHOTO_MAX_BYTES / 2**20:.0f} are taken")
    for name, begin in PICTURES.items():
        if begin.match(photo):
            return name
    raise BadInput("the photo is no JPEG, PNG or WebP picture; take it again with the camera")


def _read_data(data: Mapping[str, Any]) -> dict[str, Any]:
    known = {"what", "words", *RANGES}
    if set(data) - known:
        raise BadInput(f"a report says: {', '.join(sorted(known))}; not {', '.join(sorted(set(data) - known))}")
    found: dict[str, Any] = {}
    if what := data.get("what"):
        if what not in PROBLEMS:
            raise BadInput(f"a problem is one of: {', '.join(PROBLEMS)}; not {what!r}")
        found["what"] = what
    if words := data.get("words"):
        if not isinstance(words, str) or len(words) > WORDS_MAX or "\x00" in words:
            raise BadInput(f"words have at most {WORDS_MAX} letters; say it shorter")
        found["words"] = words.strip()
    return found | {name: _number(name, data[name]) for name in RANGES if data.get(name) is not None}


def _number(name: str, value: Any) -> float:
    least, most = RANGES[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadInput(f"{name} is a number, not {value!r}")
    if not least <= value <= most:
        raise BadInput(f"{name} lies between {least:g} and {most:g}, not at {value:g}")
    return float(value)
