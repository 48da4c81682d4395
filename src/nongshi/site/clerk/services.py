"""The clerk's list of jobs, its downloads, and links for farmers."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from nongshi.core.units import MU_PER_HA
from nongshi.files import sheets
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.models import Person
from nongshi.site.base.names import operation_names
from nongshi.site.base.rights import Resource, RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log, make_link
from nongshi.site.base.templatetags.site import clock, day, in_english
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.plans.models import OrderState, WorkOrder

ROWS_MAX = 1000  # of a list: more is no list that somebody reads


def list_jobs(scope: Scope, said: dict[str, str]) -> QuerySet[FieldJob]:
    """Jobs of the clerk's organisations, narrowed by what was asked for; wrong words narrow nothing."""
    rows = FieldJob.objects.seen_by(scope).filter(org_id__in=scope.orgs(Resource.JOB, change=True))
    if said.get("place"):
        rows = rows.filter(field__place=said["place"])
    if said.get("status") in JobStatus.values:
        rows = rows.filter(status=said["status"])
    on = _day(said.get("day", ""))
    if on is not None:
        first = datetime.combine(on, time(), tzinfo=timezone.get_default_timezone())
        last = first + timedelta(days=1)
        planned = Q(orders__start__gte=first, orders__start__lt=last) & ~Q(orders__state=OrderState.WITHDRAWN)
        rows = rows.filter(planned)
    words = said.get("q", "").strip()[:60]
    if words:
        named = Q(field__name__icontains=words) | Q(grower__name__icontains=words) | Q(ref__iexact=words)
        rows = rows.filter(named | Q(said_by__icontains=words))
    if said.get("posted", "").isdecimal():
        rows = rows.filter(created__gte=timezone.now() - timedelta(days=min(int(said["posted"]), 400)))
    return rows.select_related("field", "grower", "org").distinct().order_by("field__place", "due", "ref")


def with_orders(scope: Scope, jobs: Sequence[FieldJob]) -> list[dict[str, Any]]:
    """Jobs with the first work order of each."""
    orders = WorkOrder.objects.seen_by(scope).filter(job_id__in=[job.pk for job in jobs])
    orders = orders.exclude(state=OrderState.WITHDRAWN).select_related("machine", "operator__person").distinct()
    first: dict[int, WorkOrder] = {}
    for order in orders.order_by("start", "pk"):
        first.setdefault(order.job_id, order)
    return [{"job": job, "operation": operation_names(job.operation), "order": first.get(job.pk)} for job in jobs]


def places_of(scope: Scope) -> list[str]:
    """Villages in which there are jobs."""
    rows = FieldJob.objects.seen_by(scope).filter(org_id__in=scope.orgs(Resource.JOB, change=True))
    found = rows.exclude(field__place="").values_list("field__place", flat=True).order_by("field__place").distinct()
    return list(dict.fromkeys(found))


def link_for(scope: Scope, person_id: int) -> tuple[Person, str]:
    """A new link by which a farmer follows own jobs; never one for somebody who holds other roles.

    Raises:
        NotFound: nobody in reach.
        Forbidden: the person is more than a farmer.
    """
    person = Person.objects.get_changed(scope, pk=person_id)
    kinds = set(person.roles.values_list("kind", flat=True))
    if kinds != {RoleKind.FARMER.value}:
        raise Forbidden("links without a password are for farmers only; this person holds other roles and signs in")
    secret = make_link(person, "farmer")
    log("LinkMade", f"person:{person.pk}", scope=scope, org_id=person.org_id, purpose="farmer")
    return person, secret


def as_csv(rows: Sequence[dict[str, Any]]) -> bytes:
    """The list as CSV that WPS and Excel open in Chinese."""
    lines = ([f"{cell:.2f}" if isinstance(cell, float) else cell for cell in line] for line in _lines(rows))
    return sheets.csv_bytes(_heads(), lines)


def as_xlsx(rows: Sequence[dict[str, Any]]) -> bytes:
    """The list as a workbook, numbers as numbers."""
    return sheets.xlsx_bytes([(_("Jobs"), _heads(), _lines(rows))])


def _heads() -> list[str]:
    unit = "ha" if in_english() else "亩"
    return [
        _("Number"), _("Village"), _("Grower"), _("Phone"), _("Field"), _("Work"), f"{_('Area')} ({unit})",
        _("First day"), _("Best before"), _("Status"), _("Day"), _("Hour"), _("Machine"), _("Operator"), _("Said by"),
        _("Remark"),
    ]  # fmt: skip


def _lines(rows: Sequence[dict[str, Any]]) -> Iterator[list[str | float]]:
    for row in rows:
        job, order = row["job"], row["order"]
        grower = job.grower
        yield [
            job.ref, job.field.place, grower.name if grower else "", grower.phone if grower else "", str(job.field),
            row["operation"], job.area_ha if in_english() else round(job.area_ha * MU_PER_HA, 2), day(job.open),
            day(job.due), str(job.get_status_display()), day(order.start) if order else "",
            clock(order.start) if order else "", str(order.machine) if order else "",
            str(order.operator) if order and order.operator else "", job.said_by, job.note,
        ]  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
