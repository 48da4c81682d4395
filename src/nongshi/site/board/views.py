"""Seasons and their plans; one plan machine by machine; having one made; putting one in force."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nongshi.core.errors import BadInput
from nongshi.core.plan import Stop
from nongshi.site.base.access import need_role
from nongshi.site.base.names import operation_names
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.templatetags.site import page_texts
from nongshi.site.board.ask_views import changed_row, seen_row
from nongshi.site.board.data import sees_all
from nongshi.site.board.forms import FORMS
from nongshi.site.board.texts import board_texts
from nongshi.site.jobs.models import FieldJob
from nongshi.site.plans import edits, services
from nongshi.site.plans.drafts import load
from nongshi.site.plans.models import PlanRow, PlanState, Season
from nongshi.site.plans.sight import seen_plan
from nongshi.site.work.models import Run, RunState

TOLD_SHOWN = 300


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Seasons in sight, each with its plans and what is being planned."""
    need_role(request.scope, RoleKind.DISPATCHER)
    seasons = Season.objects.seen_by(request.scope).distinct()
    plans = PlanRow.objects.seen_by(request.scope).distinct().defer("packed")
    runs = Run.objects.seen_by(request.scope).filter(state__in=(RunState.QUEUED, RunState.RUNNING))
    found = [
        {
            "season": season,
            "plans": [plan for plan in plans if plan.season_id == season.pk],
            "runs": [run for run in runs if run.given.get("season") == season.pk],
            "may_plan": season.org_id in request.scope.orgs(Season.resource, change=True),
        }
        for season in seasons
    ]
    return render(request, "board/home.html", {"seasons": found})


def _stop_shown(stop: Stop, job: FieldJob | None) -> dict[str, Any]:
    """One stop with its job and the name of its operation, as the page shows it."""
    return {"stop": stop, "job": job, "operation": operation_names(job.operation) if job else ""}


@require_GET
def one(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The board of a plan; its script asks for the plan itself."""
    row = seen_row(request, plan_id)  # the plan itself is not read for it: its script asks for that at the same time
    leads = row.org_id in request.scope.orgs(PlanRow.resource, change=True)
    first = row.season.start_date
    last = first + timedelta(days=row.season.horizon_days - 1)
    page = {
        "row": row,
        "may_lead": leads,
        "may_edit": leads and row.state == PlanState.DRAFT,
        "disruptions": [(key, form.name, form.symbol) for key, form in FORMS.items()],
        "has_changes": leads and row.made_from_id is not None,
        "texts": page_texts(**board_texts()),
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "frozen_until": row.pins.get("until") or f"{first}T12:00",
    }
    return render(request, "board/plan.html", page)


@require_GET
def table(request: HttpRequest, plan_id: int) -> HttpResponse:
    """A plan as tables: its figures, and what of its routes and of the jobs left out is in the reader's sight."""
    row = seen_row(request, plan_id)
    loaded = load(row)
    plan = loaded.plan if sees_all(request.scope, row) else seen_plan(request.scope, loaded.plan, loaded.rows)
    chinese = not (get_language() or "").startswith("en")
    rows = loaded.rows
    routes = [
        {
            "machine": rows.machine_of.get(route.machine_id, route.machine_id),
            "stops": [_stop_shown(stop, rows.job_of.get(stop.job_id)) for stop in route.stops],
        }
        for route in plan.routes
    ]
    unserved = [
        {"job": rows.job_of.get(one.job_id), "why": one.text_zh if chinese else one.text} for one in plan.unserved
    ]
    return render(request, "board/table.html", {"row": row, "plan": plan, "routes": routes, "unserved": unserved})


@require_POST
def make(request: HttpRequest, season_id: int) -> HttpResponse:
    """Have a season planned by the worker."""
    services.start_plan(request.scope, season_id)
    messages.success(request, _("The plan is being made; look again in half a minute."))
    return redirect("board:home")


@require_POST
def draft(request: HttpRequest, plan_id: int) -> HttpResponse:
    """A new draft with what a plan holds."""
    need_role(request.scope, RoleKind.DISPATCHER)
    made = edits.copy_draft(request.scope, plan_id, request.POST.get("title", ""))
    messages.success(
        request, _("Plan %(number)d is your draft; nobody is told before you publish it.") % {"number": made.number}
    )
    return redirect("board:one", plan_id=made.pk)


@require_POST
def title(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Give a draft a name."""
    need_role(request.scope, RoleKind.DISPATCHER)
    edits.retitle(request.scope, plan_id, version_of(request), request.POST.get("title", ""))
    return redirect("board:one", plan_id=plan_id)


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Whom a draft would tell and what the verifier finds; then put it in force."""
    if request.method == "POST":
        need_role(request.scope, RoleKind.DISPATCHER)
        notices = services.publish(request.scope, plan_id, version_of(request))
        told = ngettext("In force; %(n)d grower is told.", "In force; %(n)d growers are told.", len(notices))
        messages.success(request, told % {"n": len(notices)})
        return redirect("board:one", plan_id=plan_id)
    row = changed_row(request, plan_id)
    if row.state != PlanState.DRAFT:
        return redirect("board:one", plan_id=plan_id)
    chinese = not (get_language() or "").startswith("en")
    found = services.preview(row)
    told = [{"person": notice.person, "words": notice.text if chinese else notice.text_en} for notice in found.notices]
    page = {
        "row": row,
        "breaches": found.breaches,
        "told": told[:TOLD_SHOWN],
        "count": len(told),
        "orders": found.orders,
    }
    return render(request, "board/publish.html", page)


def version_of(request: HttpRequest) -> int:
    """The version of a plan that somebody saw.

    Raises:
        BadInput: it is no number.
    """
    said = request.POST.get("version", "0")
    if not said.isascii() or not said.isdigit():
        raise BadInput(f"version must be a whole number, got {said!r}; load the page again")
    return int(said)
