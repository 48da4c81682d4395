"""Parameters of an items request, read strictly: what is not known or cannot be right is answered with 400."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.http import QueryDict
from django.utils import timezone

from nongshi.core.errors import BadUsage

LIMIT = 100
LIMIT_MAX = 2_000  # a page of so many field outlines is about 1.5 MB, 300 kB compressed
OFFSET_MAX = 10_000_000
Box = tuple[float, float, float, float]
Span = tuple[datetime | None, datetime | None]
COMMON = ("bbox", "datetime", "limit", "offset", "f")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked of a collection."""

    boxes: tuple[Box, ...] = ()  # any of them; two where a box crosses the date line
    span: Span | None = None
    limit: int = LIMIT
    offset: int = 0
    filters: dict[str, str] = field(default_factory=dict)


def read_query(said: QueryDict, filters: Iterable[str]) -> Query:
    """The query, checked.

    Raises:
        BadUsage: a parameter is not known, or its value cannot be right.
    """
    known = {*COMMON, *filters}
    for name, value in said.items():
        if name not in known:
            raise BadUsage(f"there is no parameter {name}; there is: {', '.join(sorted(known))}")
        if "\0" in value:
            raise BadUsage(f"{name}: a letter of it is the null character; leave it out")
    check_format(said)
    return Query(
        boxes=read_bbox(said["bbox"]) if said.get("bbox") else (),
        span=read_span(said["datetime"]) if said.get("datetime") else None,
        limit=min(LIMIT_MAX, _whole("limit", said.get("limit", str(LIMIT)), least=1)),
        offset=_whole("offset", said.get("offset", "0"), least=0),
        filters={name: said[name] for name in filters if name in said},
    )


def check_format(said: QueryDict) -> None:
    """Only JSON is spoken.

    Raises:
        BadUsage: another format is asked for.
    """
    if said.get("f", "json") not in ("json", "geojson"):
        raise BadUsage(f"format {said['f']} is not spoken here; leave f out, or say f=json")


def read_bbox(text: str) -> tuple[Box, ...]:
    """Four or six numbers, longitude before latitude; heights are passed over.

    >>> read_bbox("121,30.5,121.4,31")
    ((121.0, 30.5, 121.4, 31.0),)
    """
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or any(number != number for number in numbers):
        raise BadUsage(f"bbox {text}: four numbers with commas are wanted: west,south,east,north")
    west, south, east, north = numbers
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise BadUsage(f"bbox {text}: degrees of longitude are -180 to 180, of latitude -90 to 90, south before north")
    if west > east:
        return (west, south, 180.0, north), (-180.0, south, east, north)
    return ((west, south, east, north),)


def read_span(text: str) -> Span:
    """A moment, a day, or an interval; `..` or nothing: open.

    >>> read_span("2026-11-28T00:00:00Z/..")[1] is None
    True
    """
    since: datetime | None
    until: datetime | None
    first, slash, last = text.strip().replace(" ", "+").partition("/")
    if not slash:
        since, until = _moment(first, end=False), _moment(first, end=True)
    else:
        since = None if first in ("", "..") else _moment(first, end=False)
        until = None if last in ("", "..") else _moment(last, end=True)
    if since is not None and until is not None and until < since:
        raise BadUsage(f"datetime {text}: the end lies before the beginning; exchange them")
    return since, until


def _moment(text: str, *, end: bool) -> datetime:
    try:
        if len(text) == len("2026-11-28"):
            day = datetime.combine(date.fromisoformat(text), time(), tzinfo=timezone.get_default_timezone())
            return day + timedelta(days=1) - timedelta(microseconds=1) if end else day
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except (ValueError, OverflowError):
        found = None
    if found is None or found.tzinfo is None:
        raise BadUsage(f"datetime {text}: wanted is 2026-11-28, 2026-11-28T06:00:00Z, or two of them with / between")
    return found.astimezone(UTC)


def _whole(name: str, text: str, *, least: int) -> int:
    if not text.isdecimal() or not least <= int(text[:12]) <= OFFSET_MAX:
        raise BadUsage(f"{name} {text}: a whole number from {least} is wanted")
    return int(text)
