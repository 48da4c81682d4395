"""The auditor's pages: acts searched, a job, plan or machine back to its rows, a sample by risk. Nothing changes."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nongshi.files.sheets import csv_bytes
from nongshi.site.auditor import services
from nongshi.site.auditor.risk import Rule, draw, findings, points
from nongshi.site.base.access import need_role
from nongshi.site.base.names import operation_names
from nongshi.site.base.rights import RoleKind
from nongshi.site.jobs.models import FieldJob
from nongshi.site.plans.models import PlanRow
from nongshi.site.register.models import Machine

PAGE = 50
CSV_ROWS_MAX = 100_000
SAMPLE, SAMPLE_MAX = 20, 200
LINKS = {"job": "auditor:job", "plan": "auditor:plan", "machine": "auditor:machine"}


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Acts in reach, newest first."""
    need_role(request.scope, RoleKind.AUDITOR)
    events = services.events_of(request.scope, request.GET)
    page = Paginator(events, PAGE).get_page(request.GET.get("page"))
    shown = [{"event": event, **_object(event.about)} for event in page]
    kinds = services.kinds_of(request.scope)
    asked = {name: request.GET.get(name, "") for name in ("who", "kind", "about", "since", "until")}
    return render(request, "auditor/home.html", {"page": page, "shown": shown, "kinds": kinds, "asked": asked})


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The same acts as CSV."""
    need_role(request.scope, RoleKind.AUDITOR)
    events = services.events_of(request.scope, request.GET)[:CSV_ROWS_MAX]
    rows = (
        [e.pk, timezone.localtime(e.at).isoformat(), e.name, e.about, str(e.org or ""), str(e.by or ""), str(e.data)]
        for e in events
    )
    data = csv_bytes(["id", "at", "name", "about", "org", "by", "data"], rows)
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="acts.csv"'
    return response


@require_GET
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """A job with its whole story."""
    need_role(request.scope, RoleKind.AUDITOR)
    row = FieldJob.objects.select_related("field", "grower", "org").get_seen(request.scope, pk=pk)
    story = services.job_story(request.scope, row)
    return render(request, "auditor/job.html", {"job": row, "operation": operation_names(row.operation)} | story)


@require_GET
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A plan, verified once more and summed up anew."""
    need_role(request.scope, RoleKind.AUDITOR)
    row = PlanRow.objects.select_related("season", "made_by").get_seen(request.scope, pk=pk)
    events = services.history(request.scope, f"plan:{row.pk}")
    return render(request, "auditor/plan.html", {"row": row, "again": services.recheck(row), "events": events})


@require_GET
def machine(request: HttpRequest, pk: int) -> HttpResponse:
    """A machine, its papers and who drove it."""
    need_role(request.scope, RoleKind.AUDITOR)
    row = Machine.objects.select_related("org").get_seen(request.scope, pk=pk)
    story = services.machine_story(request.scope, row)
    names = paper_words()
    papers = [one | {"name": names[one["name"]]} for one in story["papers"]]
    return render(request, "auditor/machine.html", {"machine": row} | story | {"papers": papers})


@require_GET
def sample(request: HttpRequest) -> HttpResponse:
    """Work drawn by risk, the same for the same seed."""
    need_role(request.scope, RoleKind.AUDITOR)
    count = _whole(request.GET.get("count"), SAMPLE, SAMPLE_MAX)
    seed = _whole(request.GET.get("seed"), 1, 2**31)
    facts, orders = services.works_of(request.scope)
    drawn = draw(facts, count, seed)
    words = rule_words()
    linked = services.machines_in_reach(request.scope, [orders[work.order_id] for work in drawn])
    rows = [
        {
            "order": (order := orders[work.order_id]),
            "linked": order.machine_id in linked,
            "points": points(work),
            "why": [words[rule] for rule in findings(work)],
            "operation": operation_names(order.job.operation),
        }
        for work in drawn
    ]
    return render(request, "auditor/sample.html", {"rows": rows, "count": count, "seed": seed, "all": len(facts)})


def rule_words() -> dict[Rule, str]:
    """Rules in the reader's language."""
    return {
        Rule.NO_REPORT: _("done without a report of start and end"),
        Rule.TOO_QUICK: _("quicker than the machine can"),
        Rule.LICENCE: _("no valid licence on the day"),
        Rule.PAPERS: _("papers of the machine missing on the day"),
        Rule.DONE_BEFORE_START: _("ended before it began"),
        Rule.AREA: _("measured area differs from booked by more than 5 %"),
        Rule.DISPUTED: _("disputed"),
    }


def paper_words() -> dict[str, str]:
    """A machine's papers in the reader's language."""
    return {
        "inspection": _("inspection"),
        "insurance": _("insurance"),
        "permit": _("cross-region permit"),
        "oversize": _("oversize permit"),
    }


def _object(about: str) -> dict[str, Any]:
    """What an act is about, with the page that shows it where there is one."""
    kind, _colon, pk = about.partition(":")
    return {"link": LINKS.get(kind, ""), "pk": pk} if pk.isdecimal() else {"link": "", "pk": ""}


def _whole(text: str | None, default: int, most: int) -> int:
    return min(most, int(text)) if text and text.isdecimal() and len(text) < 12 and int(text) > 0 else default
