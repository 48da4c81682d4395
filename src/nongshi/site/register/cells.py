"""One cell of a list as text and back. What is written of a value reads as the same value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from nongshi.core.said import say
from nongshi.core.units import MU_PER_HA
from nongshi.files.rows import Row, parse_day, parse_moment
from nongshi.site.register.columns import SPLIT, Column

ZONE = ZoneInfo("Asia/Shanghai")
MU_DECIMALS, DEGREE_DECIMALS, TEXT_MAX = 6, 7, 200
YES, NO = "是", "否"


@dataclass(slots=True)
class Context:
    """What reading needs to know: codes by name, people by name."""

    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # table -> any name -> code
    people: Mapping[str, int] = field(default_factory=dict)  # "name" or "name #12" -> id
    twice: frozenset[str] = frozenset()  # names that several people have
    new_people: dict[str, None] = field(default_factory=dict)  # names nobody has yet, in order


def write_cell(column: Column, row: Any, twice: frozenset[str] = frozenset()) -> str:
    """The value of a row as a file holds it."""
    if column.write is not None:
        return column.write(row)
    if column.kind == "licences":
        held = sorted(row.licences.all(), key=lambda one: one.licence_class) if row.pk else ()
        return SPLIT.join(f"{one.licence_class}:{one.valid_until.isoformat()}" for one in held)
    value = getattr(row, column.attribute)
    if value is None or value == "" or value == []:
        return ""
    if column.kind == "person":
        return f"{value.name} #{value.pk}" if value.name in twice or "#" in value.name else str(value.name)
    return text_of(column, value)


def text_of(column: Column, value: Any) -> str:
    """A plain value as text."""
    match column.kind:
        case "mu":
            return _number(value * MU_PER_HA, MU_DECIMALS)
        case "number":
            return _number(value, DEGREE_DECIMALS)
        case "day":
            return str(value.isoformat())
        case "moment":
            return f"{timezone.localtime(value, ZONE):%Y-%m-%dT%H:%M}"
        case "flag":
            return YES if value else NO
        case "days":
            return SPLIT.join(value)
        case "spans" | "dayspans":
            return SPLIT.join(f"{since}/{until}" for since, until in value)
        case "licences":
            return SPLIT.join(f"{name}:{until.isoformat()}" for name, until in sorted(value.items()))
        case _:
            return str(value).strip()


def read_cell(column: Column, row: Row, context: Context) -> Any:
    """The value that a cell means; faults are noted in the row. Empty: what stands for nothing."""
    if column.read is not None:
        return column.read(row, context)
    if not row.has(column.name):
        if column.needed:
            row.text(column.name)
        return _nothing(column)
    return READERS[column.kind](column, row, context)


def _nothing(column: Column) -> Any:
    match column.kind:
        case "days" | "spans" | "dayspans":
            return []
        case "licences":
            return {}
        case "flag":
            return False
        case "number" if column.name == "hours_max":
            return 10.0
        case "text" | "code":
            return ""
        case _:
            return None


def _text(column: Column, row: Row, _context: Context) -> str:
    said = row.text(column.name)
    most = _length(column)
    if len(said) > most:
        row.fault(column.name, say("is longer than %(most)s characters", most=most), "write it shorter")
    if any(ord(char) < 32 for char in said):
        row.fault(column.name, "has characters that nobody sees", "type it again")
    return said


def _length(column: Column) -> int:
    return {"ref": 40, "name": 80, "place": 80, "variety": 60, "plate": 20, "terminal": 40, "owner_ref": 40}.get(
        column.name, TEXT_MAX
    )


def _read_number(column: Column, row: Row, _context: Context) -> float:
    value = row.number(column.name, above=column.above, least=column.least, most=column.most)
    return round(value, DEGREE_DECIMALS)


def _read_mu(column: Column, row: Row, _context: Context) -> float:
    return row.number(column.name, above=column.above, least=column.least, most=column.most) / MU_PER_HA


def _read_day(column: Column, row: Row, _context: Context) -> date:
    return row.day(column.name)


def _read_moment(column: Column, row: Row, _context: Context) -> datetime:
    return row.moment(column.name, ZONE, bare=1 if column.name.endswith("_to") else 0)


def _read_flag(column: Column, row: Row, _context: Context) -> bool:
    return row.flag(column.name)


def _read_code(column: Column, row: Row, context: Context) -> str:
    said = row.text(column.name)
    known = context.codes.get(column.table, {})
    found = known.get(said.lower())
    if found is None and column.needed:
        few = ", ".join(dict.fromkeys(known.values()))
        row.fault(
            column.name,
            "is no code that we know",
            say("write one of: %(few)s; or a local code of your district", few=few),
        )
    return found or said


def _read_person(column: Column, row: Row, context: Context) -> tuple[str, int | None]:
    """The name, and who it is; None: somebody new."""
    said = row.text(column.name)
    if said in context.people:
        return said, context.people[said]
    if said in context.twice:
        row.fault(
            column.name,
            "several people have this name",
            say("write the name with the number, such as %(said)s #12", said=said),
        )
    elif "#" in said:
        row.fault(column.name, "there is no such person", "write the name as the list of people shows it")
    elif len(said) > 60:
        row.fault(column.name, "is longer than 60 characters", "write it shorter")
    else:
        context.new_people.setdefault(said)
    return said, None


def _parts(row: Row, name: str) -> list[str]:
    said = row.text(name).replace("；", ";").replace("，", ";").replace(",", ";")
    return [part.strip() for part in said.split(";") if part.strip()]


def _read_days(column: Column, row: Row, _context: Context) -> list[str]:
    days = []
    for part in _parts(row, column.name):
        found = parse_day(part)
        if found is None:
            row.fault(column.name, "is not a date", "write it as YYYY-MM-DD, such as 2026-11-03", value=part)
        else:
            days.append(found.isoformat())
    return sorted(set(days))


def _read_spans(column: Column, row: Row, _context: Context) -> list[list[str]]:
    return _spans(column, row, parse_moment, "%Y-%m-%dT%H:%M", "2026-11-03T08:00/2026-11-04T18:00")


def _read_dayspans(column: Column, row: Row, _context: Context) -> list[list[str]]:
    return _spans(column, row, parse_day, "%Y-%m-%d", "2026-11-03/2026-11-05")


def _spans(column: Column, row: Row, parse: Callable[[str], date | None], shape: str, example: str) -> list[list[str]]:
    spans = []
    for part in _parts(row, column.name):
        first, _slash, last = part.partition("/")
        since, until = parse(first.strip()), parse(last.strip())
        if since is None or until is None or until < since:
            row.fault(column.name, "is no time from, to", say("write it as %(example)s", example=example), value=part)
        else:
            spans.append([since.strftime(shape), until.strftime(shape)])
    return spans


def _read_licences(column: Column, row: Row, context: Context) -> dict[str, date]:
    known, held = context.codes.get("licence_class", {}), {}
    for part in _parts(row, column.name):
        said, _colon, until = part.replace("：", ":").partition(":")
        name, day = known.get(said.strip().lower()), parse_day(until.strip())
        if name is None or day is None:
            few = ", ".join(dict.fromkeys(known.values()))
            row.fault(
                column.name,
                "is no licence with its last day",
                say("write class:day, such as S:2029-06-30; classes: %(few)s", few=few),
                value=part,
            )
        else:
            held[name] = day
    return held


def _number(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


READERS: Mapping[str, Callable[[Column, Row, Context], Any]] = {
    "text": _text,
    "number": _read_number,
    "mu": _read_mu,
    "day": _read_day,
    "moment": _read_moment,
    "flag": _read_flag,
    "code": _read_code,
    "person": _read_person,
    "days": _read_days,
    "spans": _read_spans,
    "dayspans": _read_dayspans,
    "licences": _read_licences,
}
