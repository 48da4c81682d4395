"""The rows of the grid as the browser sends them, and how each is found in the register."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from nongshi.core.errors import BadInput
from nongshi.market import Matched, Plot, Reading, match
from nongshi.site.base.rights import Resource
from nongshi.site.base.scope import Scope
from nongshi.site.register.models import Field

ROWS_MAX = 300
TEXT_MAX = 300
AREA_MAX_HA = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """One row: texts as typed, the field once it is known."""

    grower: str = ""
    phone: str = ""
    place: str = ""
    field_id: int | None = None
    new: bool = False  # grower or field are to be made
    area_ha: float | None = None
    operation: str = ""
    since: date | None = None
    until: date | None = None
    note: str = ""
    urgent: bool = False
    pool: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing stands in it."""
        return not (self.grower or self.place or self.operation or self.area_ha or self.field_id or self.note)


def read_rows(body: object) -> list[GridRow]:
    """The rows of a request.

    Raises:
        BadInput: it is no list of rows, or too long.
    """
    rows = body.get("rows") if isinstance(body, Mapping) else None
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise BadInput("rows must be a list of objects; load the page again")
    if len(rows) > ROWS_MAX:
        raise BadInput(f"{len(rows)} rows are too many at once, {ROWS_MAX} is the most; post them in parts")
    return [_row(row) for row in rows]


def _row(row: Mapping[str, Any]) -> GridRow:
    def text(name: str) -> str:
        value = row.get(name)
        return "" if value is None else str(value).strip().replace("\x00", "")[:TEXT_MAX]

    return GridRow(
        grower=text("grower")[:60],
        phone=text("phone")[:20],
        place=text("place")[:80],
        field_id=_whole(row.get("field_id")),
        new=bool(row.get("new")),
        area_ha=_number(row.get("area_ha")),
        operation=text("operation"),
        since=_day(row.get("since")),
        until=_day(row.get("until")),
        note=text("note"),
        urgent=bool(row.get("urgent")),
        pool=text("pool")[:40],
    )


def _whole(value: object) -> int | None:
    text = str(value) if value is not None else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _number(value: object) -> float | None:
    """An area; what is no number becomes one that a check refuses."""
    if value in (None, ""):
        return None
    try:
        number = float(str(value))
    except ValueError:
        return -1.0
    return number if math.isfinite(number) and abs(number) < AREA_MAX_HA else -1.0


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


class Register:
    """The fields for which somebody may post, as far as lines can speak of them."""

    def __init__(self, scope: Scope) -> None:
        org_ids = scope.orgs(Resource.JOB, change=True)
        rows = Field.objects.seen_by(scope).filter(org_id__in=org_ids).select_related("grower", "org").distinct()
        self.fields = {field.pk: field for field in rows}
        self.plots = [_plot(field) for field in self.fields.values()]
        self.growers = {plot.grower for plot in self.plots if plot.grower}
        self.names = {plot.name for plot in self.plots if plot.name}

    def find(self, row: GridRow) -> Matched:
        """The field of a row: the one chosen, else what its words fit."""
        if row.field_id in self.fields:
            chosen = next(plot for plot in self.plots if plot.id == row.field_id)
            return Matched(chosen, (chosen,), () if chosen.grower_id is None else (chosen.grower_id,))
        return match(self.plots, grower=row.grower, phone=row.phone, place=row.place, area_ha=row.area_ha)


def _plot(field: Field) -> Plot:
    return Plot(
        id=field.pk,
        grower_id=field.grower_id,
        grower=field.grower.name if field.grower else "",
        phone=field.grower.phone if field.grower else "",
        name=field.name or field.ref,
        place=field.place,
        area_ha=field.area_ha,
    )


def row_of(reading: Reading) -> GridRow:
    """What a line was read as."""
    return GridRow(
        **{
            name: getattr(reading, name)
            for name in ("grower", "phone", "place", "area_ha", "operation", "since", "until", "note", "urgent")
        }
    )


def with_field(row: GridRow, found: Matched) -> GridRow:
    """The row with the field that it speaks of, where there is no doubt which."""
    return row if found.plot is None or row.new else replace(row, field_id=found.plot.id)


def as_json(row: GridRow) -> dict[str, Any]:
    """A row as the browser keeps it."""
    days = {name: value.isoformat() if (value := getattr(row, name)) else "" for name in ("since", "until")}
    return {name: getattr(row, name) for name in GridRow.__slots__} | days


def choices_of(found: Matched) -> Sequence[dict[str, Any]]:
    """The fields that a row may speak of."""
    return [
        {"id": plot.id, "name": plot.name, "place": plot.place, "grower": plot.grower, "area_ha": plot.area_ha}
        for plot in found.choices
    ]
