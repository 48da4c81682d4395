"""Seasons and their plans; one plan machine by machine; having one made; putting one in force."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nongshi.core.plan import Stop
from nongshi.site.base.access import need_role
from nongshi.site.base.names import operation_names
from nongshi.site.base.rights import RoleKind
from nongshi.site.jobs.models import KNOWN_STATUSES, FieldJob
from nongshi.site.plans import services
from nongshi.site.plans.models import PlanRow, PlanState, Season
from nongshi.site.plans.regions import season_rows
from nongshi.site.plans.sight import seen_plan
from nongshi.site.work.models import Run, RunState


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
    """A plan: its figures, and what of its routes and of the jobs left out is in the reader's sight."""
    need_role(request.scope, RoleKind.DISPATCHER)
    row = PlanRow.objects.select_related("season").get_seen(request.scope, pk=plan_id)
    rows = season_rows(row.season, jobs=KNOWN_STATUSES)
    plan = seen_plan(request.scope, services.plan_of(row), rows)
    chinese = not (get_language() or "").startswith("en")
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
    may_publish = row.state == PlanState.DRAFT and row.org_id in request.scope.orgs(PlanRow.resource, change=True)
    page = {"row": row, "plan": plan, "routes": routes, "unserved": unserved, "may_publish": may_publish}
    return render(request, "board/plan.html", page)


@require_POST
def make(request: HttpRequest, season_id: int) -> HttpResponse:
    """Have a season planned by the worker."""
    services.start_plan(request.scope, season_id)
    messages.success(request, _("The plan is being made; look again in half a minute."))
    return redirect("board:home")


@require_POST
def publish(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Put a draft in force."""
    notices = services.publish(request.scope, plan_id, int(request.POST.get("version", "0")))
    told = ngettext("In force; %(n)d grower is told.", "In force; %(n)d growers are told.", len(notices))
    messages.success(request, told % {"n": len(notices)})
    return redirect("board:one", plan_id=plan_id)
