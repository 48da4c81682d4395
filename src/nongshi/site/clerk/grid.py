"""Many jobs at once: read from text, checked cell by cell, priced, pooled, posted all or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as column
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely import Point

from nongshi.agronomy import OPERATIONS
from nongshi.core.errors import BadInput
from nongshi.market import Doubt, Round, Want, pool, read_text
from nongshi.market.reading import CELL_OF
from nongshi.site.base.names import operation_names
from nongshi.site.base.scope import Scope
from nongshi.site.base.templatetags.site import area, in_english, when, yuan
from nongshi.site.clerk.making import make_field
from nongshi.site.clerk.rows import GridRow, Register, as_json, choices_of, row_of, with_field
from nongshi.site.clerk.words import HOW_KEPT, doubt_words
from nongshi.site.jobs import services as jobs
from nongshi.site.jobs.assumptions import AHEAD_DAYS
from nongshi.site.jobs.models import OPEN_STATUSES, FieldJob
from nongshi.site.plans.quotes import JobQuote, plans_in_force, quote_jobs
from nongshi.site.register.models import Field, Machine

OFFERS = 2  # of each job: enough to say from when to when
SETTLED = (Doubt.NO_NAME, Doubt.NO_AREA)  # no doubt any more once the field is known
Notes = list[dict[str, str]]


@dataclass
class Checked:
    """A row with what is wrong or doubtful of it, and its field."""

    row: GridRow
    field: Field | None
    choices: Sequence[dict[str, Any]]
    faults: Notes = column(default_factory=list)
    doubts: Notes = column(default_factory=list)
    quote: JobQuote | None = None

    def fault(self, cell: str, words: str) -> None:
        """Something is wrong in a cell."""
        self.faults.append({"cell": cell, "words": words})

    def doubt(self, cell: str, words: str) -> None:
        """Something may be wrong in a cell."""
        self.doubts.append({"cell": cell, "words": words})


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


def check_rows(scope: Scope, rows: Sequence[GridRow]) -> list[Checked]:
    """Every row against the register, the calendar and what is posted already."""
    register, today = Register(scope), timezone.localdate()
    checked = []
    for row in rows:
        found = register.find(row)
        row = with_field(row, found)
        one = Checked(row, None if row.new else register.fields.get(row.field_id or 0), choices_of(found))
        _check_field(one, known=bool(found.grower_ids))
        _check_rest(one, today)
        checked.append(one)
    _check_doable(checked)
    _check_twice(checked)
    return checked


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


def _check_field(one: Checked, *, known: bool) -> None:
    row = one.row
    if row.new:
        if not row.grower:
            one.fault("grower", _("A new field needs its grower's name."))
        if not row.place:
            one.fault("field", _("A new field needs a name or a village."))
        if not row.area_ha:
            one.fault("area", _("A new field needs its area."))
        return
    if one.field is not None:
        return
    if one.choices:
        one.fault("field", _("Several fields fit; choose one."))
    elif row.grower and not known:
        one.fault("grower", _("Nobody of that name has a field here; correct the name, or make both new."))
    else:
        one.fault("field", _("No field fits; correct it, or make it new."))


def _check_rest(one: Checked, today: date) -> None:
    row = one.row
    if row.area_ha is not None and row.area_ha <= 0:
        one.fault("area", _("An area is a number above 0."))
    elif row.area_ha and one.field is not None and row.area_ha > one.field.area_ha * jobs.AREA_SLACK:
        one.fault("area", _("The field has only %(area)s.") % {"area": area(one.field.area_ha)})
    if row.operation not in OPERATIONS:
        one.fault("work", _("Choose the work."))
    if row.since is None:
        one.fault("since", _("The first day is missing."))
    if row.until is None:
        one.fault("until", _("The last day is missing."))
    elif row.until < today:
        one.fault("until", _("That day is over."))
    elif (row.until - today).days > AHEAD_DAYS:
        one.fault("until", _("That is too far ahead."))
    elif row.since is not None and row.since > row.until:
        one.fault("until", _("The last day lies before the first."))
    elif row.since is not None and row.since < today - timedelta(days=AHEAD_DAYS):
        one.fault("since", _("That day is over."))


def _check_doable(checked: Sequence[Checked]) -> None:
    """Work that no machine of the season can do; asked once for each organisation."""
    doable: dict[int, set[str] | None] = {}
    for one in checked:
        if one.field is None or one.row.operation not in OPERATIONS:
            continue
        org_id = one.field.org_id
        if org_id not in doable:
            doable[org_id] = _doable(org_id)
        works = doable[org_id]
        if works is not None and one.row.operation not in works:
            one.doubt("work", _("No machine of this season does that work."))


def _doable(org_id: int) -> set[str] | None:
    plan = next(iter(plans_in_force(org_id)), None)
    if plan is None:
        return None
    members = [member.org_id for member in plan.season.members.all() if member.agreed]
    here = set(Machine.objects.filter(org_id__in=members).values_list("machine_class", flat=True))
    return {rate["operation"] for rate in plan.season.head["work_rates"] if rate["machine_class"] in here}


def _check_twice(checked: Sequence[Checked]) -> None:
    """The same work on the same field, here or posted already."""
    ids = [one.field.pk for one in checked if one.field is not None]
    kept = FieldJob.objects.filter(field_id__in=ids, status__in=OPEN_STATUSES).values_list(
        "field_id", "operation", "ref"
    )
    posted = {(field_id, operation): ref for field_id, operation, ref in kept}
    seen: dict[tuple[int, str], int] = {}
    for n, one in enumerate(checked, 1):
        if one.field is None:
            continue
        key = (one.field.pk, one.row.operation)
        if key in posted:
            one.doubt("work", _("Asked for already: %(ref)s.") % {"ref": posted[key]})
        elif key in seen:
            one.doubt("work", _("The same as row %(row)d.") % {"row": seen[key]})
        seen.setdefault(key, n)


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
