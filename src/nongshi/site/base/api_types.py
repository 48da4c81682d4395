"""Words of the API's schemas: numbers, days and texts with their limits, so that what gets past them can be kept."""

import re
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field, Strict, StringConstraints

ID_MAX = 2**53 - 1  # the largest whole number that every reader of JSON keeps
VERSION_MAX = 2**31 - 1
YEARS = range(2000, 2101)  # farming dates; also far from where time zones overflow
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _text_only(value: Any) -> Any:
    """Dates come as text: pydantic would also take numbers for seconds since 1970."""
    if isinstance(value, date) or (isinstance(value, str) and _DAY.match(value)):
        return value
    raise ValueError("write it as 2026-11-27, a moment as 2026-11-27T08:00:00+08:00")


def _in_years(value: Any) -> Any:
    if value.year not in YEARS:
        raise ValueError(f"the year must be {YEARS[0]} to {YEARS[-1]}")
    return value


Id = Annotated[int, Field(ge=1, le=ID_MAX)]
BodyId = Annotated[int, Strict(), Field(ge=1, le=ID_MAX)]
Whole = Annotated[int, Strict()]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Flag = Annotated[bool, Strict()]
Day = Annotated[date, BeforeValidator(_text_only), AfterValidator(_in_years)]
Moment = Annotated[AwareDatetime, BeforeValidator(_text_only), AfterValidator(_in_years)]
Lon = Annotated[float, Strict(), Field(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Strict(), Field(ge=-90, le=90, allow_inf_nan=False)]
Hectares = Annotated[float, Strict(), Field(ge=0.0001, le=100_000, allow_inf_nan=False)]
Ref = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[^\s/]+$")]
Text20 = Annotated[str, StringConstraints(max_length=20)]
Text40 = Annotated[str, StringConstraints(max_length=40)]
Text80 = Annotated[str, StringConstraints(max_length=80)]
Text300 = Annotated[str, StringConstraints(max_length=300)]


class Given(Schema):
    """What a request brings: nothing that is not asked for."""

    model_config = ConfigDict(extra="forbid")


class Shown(Schema):
    """A row as the API shows it, read by `.values()`: `paths` are look-ups of names that the model does not have."""

    paths: ClassVar[dict[str, str]] = {}
    made: ClassVar[frozenset[str]] = frozenset()  # names that `shape` adds
    raw: ClassVar[tuple[str, ...]] = ()  # columns that `shape` needs and takes away

    @classmethod
    def shape(cls, row: dict[str, Any]) -> dict[str, Any]:
        """What cannot be said as a look-up."""
        return row


class Row(Shown):
    """What every row of an organisation shows; `etag` goes into If-Match when it is changed."""

    id: int
    org_id: int
    version: int
    created: datetime
    changed: datetime
    etag: str = Field(description="goes into If-Match of a change", examples=['"3-9f86d081884c7d65"'])


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    type: str = Field(examples=["urn:nongshi:not_found"])
    title: str
    status: int
    detail: str
    instance: str = ""
    faults: list[dict[str, Any]] = Field(default=[], description="each wrong place of the request, or of a file")
