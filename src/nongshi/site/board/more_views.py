"""Beside the board: disruptions and what they changed, two plans compared, day sheets."""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nongshi import api
from nongshi.core.errors import BadInput, NotFound
from nongshi.site.base.access import need_role
from nongshi.site.base.rights import RoleKind
from nongshi.site.board import compared, sheets
from nongshi.site.board.ask_views import changed_row, seen_row
from nongshi.site.board.changed import changes_shown
from nongshi.site.board.data import sees_all
from nongshi.site.board.forms import FORMS, Disruption, Urgent
from nongshi.site.jobs.services import Wanted, post_job
from nongshi.site.plans import replans
from nongshi.site.plans.drafts import Loaded, load
from nongshi.site.plans.models import PlanRow
from nongshi.site.plans.sight import seen_plan
from nongshi.site.register.models import Field
from nongshi.site.work.models import Run, RunState

FIELDS_MAX = 2000


@require_http_methods(["GET", "POST"])
def disrupt(request: HttpRequest, plan_id: int, what: str) -> HttpResponse:
    """Say what has happened; the plan is then made anew by the worker."""
    row = changed_row(request, plan_id)
    if what not in FORMS:
        raise NotFound(f"there is no disruption {what}; choose one of the board's buttons")
    loaded = load(row)
    form = _form(request, what, loaded)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            run = replans.start_replan(
                request.scope, plan_id, _events(request, form), mode=form.cleaned_data["mode"], title=form.title()
            )
            return redirect("board:run", run_id=run.pk)
        status = 422
    page = {"row": row, "form": form, "what": what, "name": form.name, "symbol": form.symbol}
    return render(request, "board/disrupt.html", page, status=status)


def _form(request: HttpRequest, what: str, loaded: Loaded) -> Disruption:
    more: dict[str, Any] = {}
    if FORMS[what] is Urgent:
        more["own"] = list(Field.objects.changed_by(request.scope).order_by("name")[:FIELDS_MAX])
    initial = {name: request.GET[name] for name in ("machine", "operator", "job") if name in request.GET}
    data = request.POST if request.method == "POST" else None
    return FORMS[what](loaded, data, initial=initial, **more)


def _events(request: HttpRequest, form: Disruption) -> list[dict[str, Any]]:
    """The form's events; an urgent job is posted first, so that it is there to be planned."""
    if not isinstance(form, Urgent):
        return form.events()
    said = form.cleaned_data
    field = Field.objects.get_changed(request.scope, pk=said["field"])
    wanted = Wanted(
        field=field, operation=said["operation"], since=said["since"], until=said["until"], area_ha=form.area_ha,
        urgent=True,
    )  # fmt: skip
    job = post_job(request.scope, wanted)
    return [{"kind": "urgent_job", "job_id": form.loaded.rows.key(job)}]


@require_GET
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """How far a re-plan is; its end leads to the new draft."""
    need_role(request.scope, RoleKind.DISPATCHER)
    found = Run.objects.get_seen(request.scope, pk=run_id)
    url = ""
    if found.state == RunState.DONE and "plan" in found.result:
        name = "board:changes" if found.kind == "replan" else "board:one"
        url = reverse(name, args=[found.result["plan"]])
    page = {
        "run": found,
        "percent": round(found.share * 100),
        "ended": found.state in (RunState.FAILED, RunState.CANCELLED),
    }
    part = request.headers.get("HX-Request") == "true"
    if url and not part:
        return redirect(url)
    response = render(request, "board/run_part.html" if part else "board/run.html", page)
    if url:
        response.headers["HX-Redirect"] = url
    return response


@require_GET
def changes(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Every change of a plan made anew, and whom to call."""
    row = changed_row(request, plan_id)
    loaded = load(row)
    return render(request, "board/changes.html", {"row": row, **changes_shown(loaded)})


@require_GET
def compare(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Two plans of a season side by side; towns, owners and moved jobs only for whoever sees all of both."""
    row = seen_row(request, plan_id)
    others = list(
        PlanRow.objects.seen_by(request.scope).filter(season=row.season).exclude(pk=row.pk).distinct().defer("packed")
    )
    said = request.GET.get("with", "")
    if said and not said.isdigit():
        raise BadInput(f"with must be the number of a plan, got {said!r}; choose one from the list")
    other = next((one for one in others if str(one.pk) == said), None)
    if said and other is None:
        raise NotFound(f"no plan {said} of this season")
    if other is None:
        other = next((one for one in others if one.pk == row.made_from_id), others[0] if others else None)
    page: dict[str, Any] = {"row": row, "others": others, "other": other}
    if other is not None:
        whole = sees_all(request.scope, row)
        page |= compared.compared(
            PlanRow.objects.select_related("season").get_seen(request.scope, pk=other.pk), row, whole=whole
        )
    return render(request, "board/compare.html", page)


@require_GET
def sheet_list(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The day sheets of a day: to print, to save, to send."""
    row = seen_row(request, plan_id)
    loaded = load(row)
    plan = loaded.plan if sees_all(request.scope, row) else seen_plan(request.scope, loaded.plan, loaded.rows)
    days = sheets.days_of_work(loaded, plan)
    day = sheets.day_asked(request.GET.get("day", ""), days)
    page = {
        "row": row, "days": days, "day": day, "sheets": sheets.list_sheets(loaded, plan, day) if day else [],
        "may_send": row.org_id in request.scope.orgs(PlanRow.resource, change=True),
    }  # fmt: skip
    return render(request, "board/sheets.html", page)


@require_GET
def sheet_pdf(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Day sheets as PDF: of one day, of one machine, or of both."""
    row = seen_row(request, plan_id)
    loaded = load(row)
    plan = loaded.plan if sees_all(request.scope, row) else seen_plan(request.scope, loaded.plan, loaded.rows)
    days = sheets.days_of_work(loaded, plan)
    day: date | None = sheets.day_asked(request.GET["day"], days) if request.GET.get("day") else None
    machine_id = request.GET.get("machine", "")
    if machine_id and machine_id not in {route.machine_id for route in plan.routes}:
        raise NotFound(f"machine {machine_id} has no work in this plan")
    part = sheets.of_day(loaded, plan, day, machine_id)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheets.pdf"
        api.write_day_sheets(path, loaded.region, part)
        response = HttpResponse(path.read_bytes(), content_type="application/pdf")
    parts = ["nongshi", f"plan{row.number}", machine_id.replace("/", "_"), "" if day is None else day.isoformat()]
    name = "-".join(part for part in parts if part)
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@require_POST
def send_sheets(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Tell the operators of a day what they do; to each once."""
    row = changed_row(request, plan_id)
    loaded = load(row)
    day = sheets.day_asked(request.POST.get("day", ""), sheets.days_of_work(loaded, loaded.plan))
    if day is None:
        raise BadInput("choose a day on which somebody works")
    machine_id = request.POST.get("machine", "")
    sent, without = sheets.send(request.scope, row, loaded, day, machine_id)
    told = ngettext("%(n)d operator is told.", "%(n)d operators are told.", sent) % {"n": sent}
    if without:
        told += " " + _("Without a person in the register, so not told: %(names)s.") % {"names": ", ".join(without)}
    messages.success(request, told)
    return redirect(f"{reverse('board:sheets', args=[plan_id])}?day={day.isoformat()}")
