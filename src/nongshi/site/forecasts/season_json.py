"""season.json, whatif.json and training.json as typed documents: checked whole, every fault with its place and mend."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from nongshi.core.errors import BadFiles, Fault

BYTES_MAX = 20 * 2**20  # of one file; a district of 40 towns and 30 weeks has about 5 MB
WEEK = timedelta(days=7)

NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0)]
Name = Annotated[str, Field(min_length=1, max_length=80)]
Code = Annotated[str, Field(max_length=40)]
Doc = TypeVar("Doc", bound="Part")


class Part(BaseModel):
    """A piece of a document; names that we do not know are left alone, a later edition may have more."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Spread(Part):
    """A number as it falls out over the scenarios; shortages and areas are never below zero."""

    p10: NotNegative
    p50: NotNegative
    p90: NotNegative
    mean: NotNegative | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Spread":
        if not self.p10 <= self.p50 <= self.p90:
            raise ValueError("p10, p50 and p90 must rise")
        return self


class Difference(Part):
    """A difference over the scenarios: of either sign."""

    p10: Finite
    p50: Finite
    p90: Finite
    mean: Finite | None = None


class Said(Part):
    """One sentence in both languages."""

    zh: Annotated[str, Field(max_length=2000)]
    en: Annotated[str, Field(max_length=2000)]


class Town(Part):
    """A town and its middle."""

    town: Name
    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]


class Operation(Part):
    """An operation of the season, and what it takes."""

    id: Code
    name_zh: Name
    name_en: Name
    licence: Code | None = None
    machine_class: Code


class Demand(Part):
    """Work that a week asks for in a town."""

    town: Name
    operation: Code
    week: Count
    start: date
    area_ha: Spread
    hours: Spread


class DayDemand(Part):
    """The same of a day."""

    town: Name
    operation: Code
    date: date
    area_ha: Spread
    hours: Spread


class Shortage(Part):
    """Machine-hours that a week lacks."""

    town: Name
    operation: Code
    week: Count
    start: date
    machine_class: Code
    licence: Code | None = None
    short_h: Spread
    late_ha: Spread
    loss_yuan: Spread


class OperatorShort(Part):
    """Operator-hours that a week lacks of one licence."""

    town: Name
    week: Count
    start: date
    licence: Code
    short_h: Spread
    short_h_scenarios: tuple[NotNegative, ...] = ()
    price_yuan_h: NotNegative
    idle_machines: NotNegative
    operator_h: NotNegative


class Price(Part):
    """What one more hour of something is worth there and then."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    what: Literal["machine", "operator", "dryer"]
    town: Annotated[str, Field(max_length=80)]  # empty: of a dryer, which stands for the whole region
    week: Count
    start: date
    kind: Code = Field(default="", alias="class")
    yuan_h: NotNegative


class Totals(Part):
    """Sums of the season; without foresight only where seasons were lived through that way."""

    loss_yuan: Spread | None = None
    rolling_loss_yuan: Spread | None = None
    foresight_ratio: Finite | None = None

    @field_validator("loss_yuan", "rolling_loss_yuan", mode="before")
    @classmethod
    def _none(cls, value: Any) -> Any:
        """Nulls all over stand for nothing."""
        return None if isinstance(value, dict) and all(part is None for part in value.values()) else value


class SeasonDoc(Part):
    """A forecast with its shortages (season.json)."""

    format: Literal["nongshi-season/1"]
    region: Name
    synthetic: bool
    as_of: date
    first_day: date
    weeks: Annotated[int, Field(ge=1, le=60)]
    scenarios: Annotated[int, Field(ge=1, le=100_000)]
    seed: int
    said: tuple[Said, ...] = ()
    towns: Annotated[tuple[Town, ...], Field(min_length=1, max_length=500)]
    operations: Annotated[tuple[Operation, ...], Field(max_length=100)]
    demand: tuple[Demand, ...]
    days: tuple[DayDemand, ...] = ()
    shortage: tuple[Shortage, ...] = ()
    operator_shortage: tuple[OperatorShort, ...] = ()
    prices: tuple[Price, ...] = ()
    totals: Totals | None = None

    def start_of(self, week: int) -> date:
        """The first day of a week."""
        return self.first_day + week * WEEK


class Case(Part):
    """One case of a what-if, against the base."""

    name: Name
    changes: tuple[Any, ...] = ()
    totals: Totals
    difference_yuan: Difference


class WhatIfDoc(Part):
    """Cases side by side (whatif.json)."""

    format: Literal["nongshi-whatif/1"]
    base: Totals
    cases: Annotated[tuple[Case, ...], Field(min_length=1, max_length=50)]


class CourseLine(Part):
    """A course of the plan: whether it opens, and why."""

    course_id: Code
    opens: bool
    enrolled: Count
    licence: Code
    town: Name
    start: date
    end: date
    why: Said


class SeatLine(Part):
    """Where a trainee sits, and why; no course: none of the wishes could be met."""

    trainee_id: Code
    course_id: Code | None = None
    rank: int | None = None
    why: Said


class TownShare(Part):
    """A town's share of people and of seats."""

    town: Name
    people_share: NotNegative
    seat_share: NotNegative


class TrainingDoc(Part):
    """A training plan (training.json)."""

    format: Literal["nongshi-training/1"]
    courses: tuple[CourseLine, ...]
    seats: tuple[SeatLine, ...] = ()
    removed_yuan: Finite | None = None
    cost_yuan: NotNegative | None = None
    bound: Finite | None = None
    gap: Finite | None = None
    towns: tuple[TownShare, ...] = ()
    lottery_seed: str | int | None = None


def read_season(text: str, file_name: str = "season.json") -> SeasonDoc:
    """A season.json, checked.

    Raises:
        BadFiles: with each wrong place and how to mend it.
    """
    found = read_document(text, SeasonDoc, file_name)
    faults = list(_inconsistent(found, file_name))
    if faults:
        raise BadFiles(faults)
    return found


def read_document(text: str, kind: type[Doc], file_name: str) -> Doc:
    """Any of the documents, each number in its bounds.

    Raises:
        BadFiles: with each wrong place and how to mend it.
    """
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadFiles([_fault(file_name, None, None, f"is no JSON: {error}", "write the file again")]) from error
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        raise BadFiles(
            [
                _fault(file_name, _place(one["loc"]), _shown(one.get("input")), one["msg"], "docs/formats.md says how")
                for one in error.errors(include_url=False)
            ]
        ) from error


def _inconsistent(found: SeasonDoc, file_name: str) -> Iterator[Fault]:
    """Rows that name a town, an operation or a week that the document does not have, or stand there twice."""
    towns = {one.town for one in found.towns}
    operations = {one.id for one in found.operations}
    lists: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("demand", found.demand), ("shortage", found.shortage), ("operator_shortage", found.operator_shortage),
        ("prices", found.prices), ("days", found.days),
    )  # fmt: skip
    if len(towns) < len(found.towns):
        yield _fault(file_name, "towns", None, "a town stands there twice", "leave one of them out")
    for name, rows in lists:
        seen: set[tuple[Any, ...]] = set()
        for at, row in enumerate(rows):
            key = tuple(getattr(row, part, None) for part in _KEYS[name])
            if key in seen:
                yield _fault(file_name, f"{name}[{at}]", str(key), "stands there twice", "leave one of them out")
            seen.add(key)
            yield from _lost(found, file_name, f"{name}[{at}]", row, towns, operations)


_KEYS = {
    "demand": ("town", "operation", "week"),
    "days": ("town", "operation", "date"),
    "shortage": ("town", "operation", "week", "machine_class"),
    "operator_shortage": ("town", "licence", "week"),
    "prices": ("what", "town", "kind", "week"),
}


def _lost(
    found: SeasonDoc, file_name: str, place: str, row: Any, towns: set[str], operations: set[str]
) -> Iterator[Fault]:
    if row.town not in towns and (row.town or getattr(row, "what", "") != "dryer"):
        yield _fault(file_name, f"{place}.town", row.town, "is none of `towns`", "add the town or mend its name")
    operation = getattr(row, "operation", None)
    if operation is not None and operation not in operations:
        yield _fault(file_name, f"{place}.operation", operation, "is none of `operations`", "add it or mend its name")
    week = getattr(row, "week", None)
    if week is None:
        return
    if week >= found.weeks:
        yield _fault(file_name, f"{place}.week", str(week), f"the season has weeks 0 to {found.weeks - 1}", "mend it")
    elif row.start != found.start_of(week):
        want = found.start_of(week)
        yield _fault(file_name, f"{place}.start", str(row.start), f"week {week} begins on {want}", f"write {want}")


def _place(path: tuple[int | str, ...]) -> str:
    """How a reader of the file finds it: demand[3].area_ha.p10."""
    words = ""
    for step in path:
        words += f"[{step}]" if isinstance(step, int) else f".{step}" if words else str(step)
    return words


def _shown(value: Any) -> str | None:
    return None if isinstance(value, dict | list) else str(value)[:60]


def _fault(file_name: str, column: str | None, value: str | None, problem: str, mend: str) -> Fault:
    return Fault(file=file_name, row=None, column=column, value=value, problem=problem, mend=mend)
