"""Kept reports, what is made and shown by itself, and the public address of open data."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nongshi.core.errors import BadInput, NotFound
from nongshi.site.base.access import need_role
from nongshi.site.base.limits import address_of, check_rate
from nongshi.site.base.models import Org
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.officer.models import KeptReport, OfficerSettings
from nongshi.site.officer.reports import KIND, change_settings, start_report
from nongshi.site.officer.services import officer_of, only_officer, seasons_of, stand
from nongshi.site.officer.views import open_file
from nongshi.site.plans.models import Season
from nongshi.site.work.models import Run, RunState

SHOWN = 60
OPEN_TIMES = 30  # a minute and address; each answer counts a whole season
RUNS_MAX = 3  # reports waiting at once


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Reports made before, those being made, and the switches."""
    scope = _scope(request)
    kept = KeptReport.objects.seen_by(scope).select_related("org", "season")[:SHOWN]
    orgs = [{"org": org, "set": OfficerSettings.objects.filter(org=org).first()} for org in _own(scope)]
    runs = Run.objects.filter(kind=KIND, org_id__in=[one["org"].pk for one in orgs])
    shown = {
        "kept": kept,
        "orgs": orgs,
        "seasons": seasons_of(scope),
        "waiting": runs.filter(state__in=(RunState.QUEUED, RunState.RUNNING)).count(),
    }
    return render(request, "officer/reports.html", shown)


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Have a report made by the worker."""
    scope = _scope(request)
    season = Season.objects.get_seen(scope, pk=_number(request, "season"))
    org = _own(scope)[0]
    waiting = Run.objects.filter(kind=KIND, org=org, state__in=(RunState.QUEUED, RunState.RUNNING)).count()
    if waiting >= RUNS_MAX:
        messages.warning(request, _("Reports are being made already; wait for them first."))
    else:
        start_report(scope, org, season, _number(request, "days"))
        messages.success(request, _("The report is being made; look again in a few seconds."))
    return redirect("officer:reports")


@require_POST
def settings(request: HttpRequest) -> HttpResponse:
    """Switch the morning report and the public address."""
    scope = _scope(request)
    org = next((one for one in _own(scope) if one.pk == _number(request, "org")), None)
    if org is None:
        raise NotFound("no such organisation of yours")
    said = {name: name in request.POST for name in ("morning_report", "open_data")}
    change_settings(scope, org, **said)
    messages.success(request, _("Saved."))
    return redirect("officer:reports")


@require_GET
def one(request: HttpRequest, report_id: int) -> HttpResponseBase:
    """A kept report."""
    row = KeptReport.objects.get_seen(_scope(request), pk=report_id)
    if not row.file.storage.exists(row.file.name):
        raise NotFound(f"the file of report {report_id} is gone")
    return FileResponse(row.file.open("rb"), as_attachment=True, content_type="application/pdf")


@require_GET
def open_data(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Progress by town and work for anybody, where the organisation switched it on; else it is not there."""
    check_rate("open_data", address_of(request), times=OPEN_TIMES)
    found = OfficerSettings.objects.filter(org__code=code, open_data=True).select_related("org").first()
    if found is None:
        raise NotFound(f"no open data of {code}")
    scope = officer_of(found.org)
    seasons = seasons_of(scope)
    if not seasons:
        raise NotFound(f"no season of {code} yet")
    return open_file(stand(scope, seasons[0]), kind)


def _scope(request: HttpRequest) -> Scope:
    need_role(request.scope, RoleKind.OFFICER)
    return only_officer(request.scope)


def _own(scope: Scope) -> list[Org]:
    """Organisations in which the reader is officer."""
    return list(Org.objects.filter(pk__in=scope.orgs_as(RoleKind.OFFICER)))


def _number(request: HttpRequest, name: str) -> int:
    said = request.POST.get(name, "")
    if not said.isascii() or not said.isdecimal() or len(said) > 15:
        raise BadInput(f"{name} is a number, not {said[:20]!r}; open the page again")
    return int(said)
