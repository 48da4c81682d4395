"""What-ifs: asked, side by side with their intervals, shown to others, taken away; and how far long work is."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nongshi.core.errors import BadUsage, NotPlannable
from nongshi.site.base.access import need_role
from nongshi.site.base.rights import RoleKind
from nongshi.site.forecasts import making, services, words
from nongshi.site.forecasts.cases import CasesForm, case_words
from nongshi.site.forecasts.files_views import KEEPERS
from nongshi.site.forecasts.models import Forecast, WhatIf
from nongshi.site.forecasts.season_json import Difference, WhatIfDoc
from nongshi.site.forecasts.views import READERS
from nongshi.site.seasons import services as seasons
from nongshi.site.work import services as work
from nongshi.site.work.models import Run, RunState

BAR = 300.0  # units of width that a bar of the comparison has


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what would be if."""
    need_role(request.scope, *KEEPERS)
    row = Forecast.objects.select_related("folder").get_changed(request.scope, pk=pk)
    form = CasesForm(request.POST or None, doc=row.doc, initial={"name": _("What if"), "machines": True})
    if request.method == "POST" and form.is_valid():
        try:
            found = making.start_whatif(request.scope, pk, form.cleaned_data["name"], form.cases())
        except BadUsage as fault:
            form.add_error(None, _("Enough is being worked out already, or the season folder is not here."))
            form.fault = fault
        else:
            return redirect("forecasts:run", pk=found.run_id)
    return render(request, "forecasts/ask.html", {"form": form, "row": row}, status=422 if form.errors else 200)


@require_GET
def whatif(request: HttpRequest, pk: int) -> HttpResponse:
    """Cases side by side."""
    need_role(request.scope, *READERS)
    row = WhatIf.objects.select_related("forecast", "by", "org").get_seen(request.scope, pk=pk)
    if row.doc is None:
        run = Run.objects.seen_by(request.scope).filter(pk=row.run_id).first()
        if run is not None and run.state in (RunState.QUEUED, RunState.RUNNING):
            return redirect("forecasts:run", pk=run.pk)
    context = {
        "row": row,
        "mine": row.org_id in services.may_keep(request.scope),
        "compared": compare(row),
        "base": _loss(row.doc) if row.doc is not None else "",
    }
    return render(request, "forecasts/whatif.html", context)


def compare(row: WhatIf) -> list[dict[str, Any]]:
    """Each case in words, with what it changes and a bar on one scale."""
    doc, season = row.doc, row.forecast.doc
    if doc is None:
        return []
    ends = [abs(value) for case in doc.cases for value in (case.difference_yuan.p10, case.difference_yuan.p90)]
    scale = max([*ends, 1.0])
    asked = {case["name"]: case for case in row.cases}
    return [
        {
            "said": case_words(asked.get(case.name, {"name": case.name, "changes": list(case.changes)}), season),
            "loss": words.spread_words(case.totals.loss_yuan) if case.totals.loss_yuan is not None else "",
            "difference": words.difference_words(case.difference_yuan),
            "worse": case.difference_yuan.p50 > 0,
            "same": not (round(case.difference_yuan.p10) or round(case.difference_yuan.p90)),
            "sure": case.difference_yuan.p10 > 0 or case.difference_yuan.p90 < 0,
            "bar": _bar(case.difference_yuan, scale),
        }
        for case in doc.cases
    ]


def _bar(value: Difference, scale: float) -> dict[str, str]:
    def at(yuan: float) -> float:
        return BAR / 2 * (1 + yuan / scale)

    low, high = at(value.p10), at(value.p90)
    return {"x": f"{low:.1f}", "width": f"{max(2.0, high - low):.1f}", "middle": f"{at(value.p50):.1f}"}


def _loss(doc: WhatIfDoc) -> str:
    return words.spread_words(doc.base.loss_yuan) if doc.base.loss_yuan is not None else ""


@require_POST
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """Show it to all who see the forecast, or not any more."""
    need_role(request.scope, *KEEPERS)
    row = making.share(request.scope, pk, shared=request.POST.get("shared") == "yes")
    messages.success(
        request, _("Everybody who sees the forecast sees it now.") if row.shared else _("Kept to yourselves.")
    )
    return redirect("forecasts:whatif", pk=pk)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a what-if away."""
    need_role(request.scope, *KEEPERS)
    forecast_id = making.remove_whatif(request.scope, pk)
    messages.success(request, _("Taken away."))
    return redirect("forecasts:one", pk=forecast_id)


@require_POST
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """Forecast a kept season folder anew."""
    need_role(request.scope, *KEEPERS)
    try:
        found = making.start_forecast(request.scope, pk)
    except BadUsage:
        messages.warning(request, _("Forecasts are being made already; wait for them first."))
        return redirect("forecasts:kept")
    return redirect("forecasts:run", pk=found.pk)


@require_POST
def from_season(request: HttpRequest, pk: int) -> HttpResponse:
    """Forecast a season that is planned here: its register and jobs as a region folder."""
    need_role(request.scope, RoleKind.DISPATCHER)
    try:
        season, data = seasons.folder_of(request.scope, pk)
        folder = making.keep_folder(request.scope, season.org_id, str(season), data)
        found = making.start_forecast(request.scope, folder.pk)
    except NotPlannable:
        messages.error(request, _("There is nothing to plan in this season yet, so nothing can be forecast of it."))
        return redirect("forecasts:kept")
    except BadUsage:
        messages.warning(request, _("Forecasts are being made already; wait for them first."))
        return redirect("forecasts:kept")
    return redirect("forecasts:run", pk=found.pk)


@require_GET
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a forecast or what-if is; to what came of it, once it is there."""
    need_role(request.scope, *READERS)
    row = Run.objects.get_seen(request.scope, pk=pk)
    if row.state == RunState.DONE:
        where = ("forecasts:whatif", row.result.get("whatif")) if "whatif" in row.result else None
        where = where or ("forecasts:one", row.result.get("forecast"))
        if not request.headers.get("HX-Request"):
            return redirect(where[0], pk=where[1]) if where[1] else redirect("forecasts:home")
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = str(redirect(where[0], pk=where[1]).url)
        return response
    context = {
        "run": row, "percent": round(100 * row.share), "ended": row.state in (RunState.FAILED, RunState.CANCELLED),
        "may": request.scope.may(Run.resource, row.org_id, change=True),
        "steps": {"reading": _("Reading the folder"), "forecasting": _("Solving the scenarios"),
                  "comparing": _("Comparing the cases")}.get(row.words, ""),
    }  # fmt: skip
    template = "forecasts/run_part.html" if request.headers.get("HX-Request") else "forecasts/run.html"
    return render(request, template, context)


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a run."""
    need_role(request.scope, *KEEPERS)
    work.cancel(request.scope, pk)
    return redirect("forecasts:run", pk=pk)
