"""Rows of the grid against the register, the calendar and what is posted already, cell by cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as column
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from nongshi.agronomy import OPERATIONS
from nongshi.site.base.scope import Scope
from nongshi.site.base.templatetags.site import area
from nongshi.site.clerk.rows import GridRow, Register, choices_of, with_field
from nongshi.site.jobs import services as jobs
from nongshi.site.jobs.assumptions import AHEAD_DAYS
from nongshi.site.jobs.models import OPEN_STATUSES, FieldJob
from nongshi.site.plans.quotes import JobQuote, plans_in_force
from nongshi.site.register.models import Field, Machine

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


def _doable(org_id: int) -> set[str] | None:
    plan = next(iter(plans_in_force(org_id)), None)
    if plan is None:
        return None
    members = [member.org_id for member in plan.season.members.all() if member.agreed]
    here = set(Machine.objects.filter(org_id__in=members).values_list("machine_class", flat=True))
    return {rate["operation"] for rate in plan.season.head["work_rates"] if rate["machine_class"] in here}
