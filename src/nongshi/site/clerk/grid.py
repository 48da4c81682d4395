"""Many jobs at once: read from text, checked cell by cell, priced, pooled, posted all or none."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from shapely import Point

from nongshi.core.errors import BadInput
from nongshi.market import Doubt, Round, Want, pool, read_text
from nongshi.market.reading import CELL_OF
from nongshi.site.base.names import operation_names
from nongshi.site.base.scope import Scope
from nongshi.site.base.templatetags.site import area, in_english, when, yuan
from nongshi.site.clerk.checking import Checked, check_rows
from nongshi.site.clerk.making import make_field
from nongshi.site.clerk.rows import GridRow, Register, as_json, choices_of, row_of, with_field
from nongshi.site.clerk.words import HOW_KEPT, doubt_words
from nongshi.site.jobs import services as jobs
from nongshi.site.jobs.models import FieldJob
from nongshi.site.plans.quotes import quote_jobs
from nongshi.site.register.models import Field

OFFERS = 2  # of each job: enough to say from when to when
SETTLED = (Doubt.NO_NAME, Doubt.NO_AREA)  # no doubt any more once the field is known


def read(scope: Scope, text: str, today: date) -> list[dict[str, Any]]:
    """Rows that a text or a piece of a sheet is read as, each with its doubts and its field."""
    register = Register(scope)
    shown = []
    for reading in read_text(text, today, growers=register.growers, fields=register.names):
        row = row_of(reading)
        found = register.find(row)
        told = [doubt for doubt in reading.doubts if found.plot is None or doubt not in SETTLED]
        doubts = [{"cell": CELL_OF[doubt], "words": doubt_words(doubt)} for doubt in told]
        shown.append(
            {**as_json(with_field(row, found)), "said": reading.said, "doubts": doubts, "choices": choices_of(found)}
        )
    return shown


def check(scope: Scope, rows: Sequence[GridRow], *, quote: bool) -> dict[str, Any]:
    """Each row's faults, doubts, field and price; the sums; the rounds that neighbours' plots make."""
    checked = check_rows(scope, rows)
    if quote:
        _quote(checked)
    priced = [one.quote.price_fen for one in checked if one.quote is not None]
    return {
        "rows": [_shown(one) for one in checked],
        "faults": sum(bool(one.faults) for one in checked),
        "jobs": len(checked),
        "area": area(sum(_area_ha(one) for one in checked)),
        "price": f"{yuan(sum(p[0] for p in priced))} – {yuan(sum(p[1] for p in priced))}" if priced else "",
        "placed": sum(bool(one.quote and one.quote.places) for one in checked),
        "rounds": [_round(one, checked) for one in pool(_wants(checked))],
    }


def post(scope: Scope, rows: Sequence[GridRow], *, how: str, who: str, org_id: int) -> list[FieldJob]:
    """Post all rows or none; growers and fields that are marked as new are made in the same go.

    Raises:
        BadInput: a row has a fault, or it is not said who said so and how.
    """
    checked = check_rows(scope, rows)
    wrong = [n for n, one in enumerate(checked, 1) if one.faults]
    if not checked or wrong:
        raise BadInput(f"rows {', '.join(map(str, wrong)) or 'none'} cannot be posted; mend them or take them out")
    if how not in HOW_KEPT and any(not _own(scope, one) for one in checked):
        raise BadInput("say how you were told: by phone, in person, by WeChat or on paper")
    with transaction.atomic():
        wanted: list[jobs.Wanted] = []
        made: dict[tuple[str, str], Field] = {}
        for one in checked:
            found = one.field or _make(scope, one.row, org_id, made)
            wanted.append(_wanted(one, found, "" if _own(scope, one) else _said_by(one.row, found, how, who)))
        return jobs.post_jobs(scope, wanted)


def _make(scope: Scope, row: GridRow, org_id: int, made: dict[tuple[str, str], Field]) -> Field:
    """A new field, once for all rows that speak of it."""
    key = (row.grower, row.place)
    if key not in made:
        made[key] = make_field(scope, row, org_id)
    return made[key]


def _own(scope: Scope, one: Checked) -> bool:
    return one.field is not None and one.field.grower_id == scope.person_id


def _said_by(row: GridRow, found: Field, how: str, who: str) -> str:
    name = who.strip() or row.grower or (found.grower.name if found.grower else "")
    if not name:
        raise BadInput(f"field {found}: say who asked for it; the field has no grower in the register")
    return f"{HOW_KEPT[how]}：{name}"[:80]


def _wanted(one: Checked, found: Field, said_by: str = "") -> jobs.Wanted:
    row = one.row
    if row.since is None or row.until is None:
        raise BadInput(f"field {found}: the days are missing")
    return jobs.Wanted(
        field=found,
        operation=row.operation,
        since=row.since,
        until=row.until,
        area_ha=row.area_ha,
        note=row.note,
        said_by=said_by,
        urgent=row.urgent,
        pool=row.pool,
    )


def _quote(checked: Sequence[Checked]) -> None:
    """Prices and hours of all sound rows, each as if it were the only new one."""
    sound = [one for one in checked if not one.faults and one.field is not None]
    drafts = [jobs.draft_job(_wanted(one, one.field)) for one in sound if one.field is not None]
    for one, found in zip(sound, quote_jobs(drafts, OFFERS), strict=True):
        one.quote = found


def _area_ha(one: Checked) -> float:
    if one.row.area_ha is not None:
        return max(one.row.area_ha, 0.0)
    return one.field.area_ha if one.field is not None else 0.0


def _wants(checked: Sequence[Checked]) -> list[Want]:
    """Rows that may be pooled: sound ones whose ground is known, not pooled yet."""
    return [
        Want(
            id=f"{n:04d}",
            operation=one.row.operation,
            since=one.row.since,
            until=one.row.until,
            area_ha=_area_ha(one),
            ground=one.field.geometry or Point(one.field.gate_lon, one.field.gate_lat),
        )
        for n, one in enumerate(checked)
        if not one.faults and one.field and one.row.since and one.row.until and not one.row.pool
    ]


def _round(one: Round, checked: Sequence[Checked]) -> dict[str, Any]:
    rows = [int(name) for name in one.ids]
    names = [str(checked[n].field) for n in rows]
    return {
        "rows": rows,
        "names": names,
        "work": operation_names(one.operation),
        "area": area(one.area_ha),
        "since": one.since.isoformat(),
        "until": one.until.isoformat(),
    }


def _shown(one: Checked) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "field_id": one.field.pk if one.field else None,
        "field": _field_words(one.field) if one.field else "",
        "grower": one.field.grower.name if one.field and one.field.grower else "",
        "choices": one.choices,
        "faults": one.faults,
        "doubts": one.doubts,
        "price": "",
        "hours": "",
        "why": "",
    }
    if one.quote is not None:
        low, high = one.quote.price_fen
        shown["price"] = f"{yuan(low)} – {yuan(high)}"
        if one.quote.hours:
            shown["hours"] = when(one.quote.hours[0])
        elif one.quote.why:
            shown["why"] = one.quote.why.en if in_english() else one.quote.why.zh
    return shown


def _field_words(found: Field) -> str:
    return f"{found} · {area(found.area_ha)}"


def without_blank(rows: Sequence[GridRow]) -> list[GridRow]:
    """Rows in which something stands."""
    return [row for row in rows if not row.blank]


def first_org(scope: Scope, said: Mapping[str, Any]) -> int | None:
    """Where new growers and fields are made: the organisation chosen, else the only one."""
    orgs = sorted(scope.orgs(FieldJob.resource, change=True))
    chosen = str(said.get("org", ""))
    return next((one for one in orgs if str(one) == chosen), orgs[0] if orgs else None)
