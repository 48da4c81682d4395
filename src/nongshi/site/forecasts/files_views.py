"""Kept forecasts: listed, sent as files, taken out as files, removed; the report."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nongshi.core.errors import BadFiles, BadInput, Fault
from nongshi.files.season_report import make_season_report
from nongshi.site.base.access import need_role
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.limits import check_rate
from nongshi.site.base.rights import RoleKind
from nongshi.site.forecasts import making, services
from nongshi.site.forecasts import report as reports
from nongshi.site.forecasts.forms import FileForm
from nongshi.site.forecasts.models import Forecast, SeasonFolder
from nongshi.site.forecasts.views import READERS
from nongshi.site.plans.models import Season

KEEPERS = (RoleKind.OFFICER, RoleKind.DISPATCHER)
SHOWN = 60
SENDS_A_MIN = 10  # assumption: nobody sends more files by hand


@require_GET
def kept(request: HttpRequest) -> HttpResponse:
    """Forecasts by the day they were made; what is being made."""
    need_role(request.scope, *READERS)
    mine = services.may_keep(request.scope)
    rows = [{"row": row, "mine": row.org_id in mine} for row in services.in_sight(request.scope)[:SHOWN]]
    folders = SeasonFolder.objects.changed_by(request.scope).select_related("org").defer("data")
    context = {
        "rows": rows, "may": bool(mine), "runs": services.runs_of(request.scope), "folders": folders[:SHOWN],
        "seasons": Season.objects.changed_by(request.scope)[:SHOWN],
    }  # fmt: skip
    return render(request, "forecasts/kept.html", context)


@require_http_methods(["GET", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    """Keep a season.json that was made elsewhere."""
    need_role(request.scope, *KEEPERS)
    orgs = services.own_orgs(request.scope)
    if not orgs:
        raise Forbidden("you may keep forecasts of no organisation")
    faults: tuple[Fault, ...] = ()
    form = FileForm(request.POST or None, request.FILES or None, orgs=orgs, initial={"org": orgs[0]})
    if request.method == "POST":
        check_rate("forecast", str(request.person.pk), times=SENDS_A_MIN)
        if form.is_valid():
            try:
                return _keep(request, form)
            except BadFiles as bad:
                faults = bad.faults
                form.add_error("file", _("Nothing was kept. Mend the places below and send the file again."))
            except BadInput as bad:
                form.add_error("file", str(bad))
    context = {"form": form, "faults": faults, "submit": _("Keep it"), "cancel": reverse("forecasts:kept")}
    return render(request, "forecasts/send.html", context, status=422 if form.errors else 200)


def _keep(request: HttpRequest, form: FileForm) -> HttpResponse:
    """A folder is kept and forecast by the worker, a season.json shown as it is."""
    said = form.cleaned_data
    if form.is_folder:
        folder = making.keep_folder(request.scope, said["org"].pk, form.file_name, said["file"])
        return redirect("forecasts:run", pk=making.start_forecast(request.scope, folder.pk).pk)
    try:
        text = said["file"].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("the file is no text in UTF-8; write it again with `nongshi season`") from error
    row = services.keep(request.scope, said["org"].pk, text, file_name=form.file_name)
    messages.success(request, _("Kept. Whoever sees this organisation sees it now."))
    return redirect("forecasts:one", pk=row.pk)


@require_GET
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """season.json as it was kept."""
    need_role(request.scope, *READERS)
    row = Forecast.objects.get_seen(request.scope, pk=pk)
    return _download(row.text.encode(), "application/json", f"season-{row.as_of:%Y%m%d}-{row.pk}.json")


@require_GET
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The season ahead as a PDF, in the reader's language."""
    need_role(request.scope, *READERS)
    row = Forecast.objects.select_related("org").get_seen(request.scope, pk=pk)
    pdf = make_season_report(reports.words_of(row, timezone.localdate()))
    return _download(pdf, "application/pdf", f"season-{row.as_of:%Y%m%d}.pdf")


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a forecast away."""
    need_role(request.scope, *KEEPERS)
    services.remove(request.scope, pk)
    messages.success(request, _("Taken away."))
    return redirect("forecasts:kept")


def _download(data: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
