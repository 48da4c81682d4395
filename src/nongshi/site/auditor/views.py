"""The auditor's pages. All of them read; none of them changes anything."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from nongshi.core.errors import BadInput, NotFound
from nongshi.site.auditor import acts as log
from nongshi.site.auditor.forms import ActsForm, JobsForm, SampleForm, WordsForm
from nongshi.site.auditor.history import job_history, orders_of
from nongshi.site.auditor.machine_days import machine_days
from nongshi.site.auditor.papers import machine_papers
from nongshi.site.auditor.sampling import make_sample
from nongshi.site.auditor.scope import audit_scope
from nongshi.site.auditor.verdicts import judge
from nongshi.site.auditor.words import rules_shown
from nongshi.site.base.access import need_role
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.jobs.models import FieldJob
from nongshi.site.plans.models import PlanRow
from nongshi.site.register.models import Machine

PAGE = 50


def _scope(request: HttpRequest) -> Scope:
    need_role(request.scope, RoleKind.AUDITOR)
    return audit_scope(request.scope)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The log of acts, searched."""
    scope = _scope(request)
    form = ActsForm(request.GET, scope)
    valid = form.is_valid()
    rows = log.list_acts(scope, form.asked()) if valid else log.seen_acts(scope).none()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    asked = valid and any(form.cleaned_data.values())
    shown = {"form": form, "page": page, "acts": _acts(scope, page), "asked": asked, "tab": "acts"}
    return render(request, "auditor/acts.html", shown, status=200 if valid else 422)


@require_GET
def acts_csv(request: HttpRequest) -> HttpResponse:
    """The acts that the same filters let through, as a sheet."""
    scope = _scope(request)
    form = ActsForm(request.GET, scope)
    if not form.is_valid():
        raise BadInput("; ".join(f"{name}: {fault}" for name, faults in form.errors.items() for fault in faults))
    text = StringIO()
    csv.writer(text).writerows([log.COLUMNS, *log.export_rows(log.list_acts(scope, form.asked()))])
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")  # sheets want the mark
    answer.headers["Content-Disposition"] = f'attachment; filename="acts-{timezone.localdate():%Y%m%d}.csv"'
    return answer


@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """Jobs in reach."""
    scope, form = _scope(request), JobsForm(request.GET)
    rows = FieldJob.objects.seen_by(scope).select_related("org", "field").order_by("-due", "ref")
    valid = form.is_valid()
    if valid and (words := form.cleaned_data["q"].strip()):
        rows = rows.filter(Q(ref__icontains=words) | Q(field__name__icontains=words) | Q(field__ref__icontains=words))
    if valid and form.cleaned_data["status"]:
        rows = rows.filter(status=form.cleaned_data["status"])
    page = Paginator(rows.distinct(), PAGE).get_page(request.GET.get("page"))
    shown = {"form": form, "page": page, "tab": "jobs"}
    return render(request, "auditor/jobs.html", shown, status=200 if valid else 422)


@require_GET
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """A job with its whole history."""
    scope = _scope(request)
    found = job_history(scope, job_id)
    shown = {"history": found, "job": found.job, "acts": _acts(scope, found.acts), "tab": "jobs"}
    return render(request, "auditor/job.html", shown | {"english": _english()})


@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """Plans in reach, newest first."""
    rows = PlanRow.objects.seen_by(_scope(request)).select_related("season", "org", "made_by").defer("packed")
    page = Paginator(rows.distinct().order_by("-created", "-pk"), PAGE).get_page(request.GET.get("page"))
    return render(request, "auditor/plans.html", {"page": page, "tab": "plans"})


@require_GET
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """A plan, judged once more."""
    scope = _scope(request)
    found = judge(scope, plan_id)
    shown = {"judged": found, "row": found.row, "acts": _acts(scope, found.acts), "tab": "plans", "now": timezone.now()}
    return render(request, "auditor/plan.html", shown)


@require_GET
def machines(request: HttpRequest) -> HttpResponse:
    """Machines in reach and whether their papers hold today."""
    scope, form = _scope(request), WordsForm(request.GET)
    rows = Machine.objects.seen_by(scope).select_related("org").order_by("org__path", "ref")
    valid = form.is_valid()
    if valid and (words := form.cleaned_data["q"].strip()):
        rows = rows.filter(Q(ref__icontains=words) | Q(name__icontains=words) | Q(plate__icontains=words))
    page = Paginator(rows.distinct(), PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    found = [{"machine": row, "papers": machine_papers(row, today)} for row in page]
    shown = {"form": form, "page": page, "rows": found, "tab": "machines"}
    return render(request, "auditor/machines.html", shown, status=200 if valid else 422)


@require_GET
def machine(request: HttpRequest, machine_id: int) -> HttpResponse:
    """A machine by day."""
    found, days = machine_days(_scope(request), machine_id)
    page = Paginator(days, PAGE).get_page(request.GET.get("page"))
    papers = machine_papers(found, timezone.localdate())
    shown = {"machine": found, "papers": papers, "page": page, "days": page.object_list, "tab": "machines"}
    return render(request, "auditor/machine.html", shown)


@require_GET
def sample(request: HttpRequest) -> HttpResponse:
    """Finished jobs drawn by risk."""
    scope, form = _scope(request), SampleForm.asked_by(request.GET)
    valid = form.is_valid()
    found = make_sample(scope, **form.cleaned_data) if valid else None
    counts = dict(found.broken) if found else {}
    rules = [rule | {"count": counts.get(rule["rule"])} for rule in rules_shown()]
    shown = {"form": form, "sample": found, "rules": rules, "tab": "sample"}
    return render(request, "auditor/sample.html", shown, status=200 if valid else 422)


@require_GET
def photo(request: HttpRequest, order_id: int) -> HttpResponseBase:
    """The picture of a work order in reach."""
    order = orders_of(_scope(request)).get_seen(_scope(request), pk=order_id)
    if not order.photo or not order.photo.storage.exists(order.photo.name):
        raise NotFound(f"work order {order_id} has no picture")
    return FileResponse(order.photo.open("rb"))


def _acts(scope: Scope, events: Iterable[Any]) -> list[dict[str, Any]]:
    """Acts as the list shows them."""
    rows = list(events)
    links = log.links_of(scope, (event.about for event in rows))
    return [{"event": row, "link": links.get(row.about), "data": log.shown_data(row.data)} for row in rows]


def _english() -> bool:
    return (get_language() or "").startswith("en")
