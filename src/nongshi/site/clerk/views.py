"""The clerk's desk: a grid for many jobs, the list of them, downloads, and links for farmers."""

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from nongshi.core.errors import BadInput, NongshiError
from nongshi.market import suggest_works
from nongshi.site.base.access import need_role
from nongshi.site.base.fault_words import fault_context
from nongshi.site.base.models import Org
from nongshi.site.base.names import operation_names
from nongshi.site.base.problems import status_of
from nongshi.site.base.rights import Resource, RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.templatetags.site import in_english
from nongshi.site.clerk import asked, grid, services
from nongshi.site.clerk.rows import GridRow, read_rows
from nongshi.site.clerk.words import how_words
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.jobs.once import post_once

TEXT_MAX = 60_000


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The empty grid; a draft comes out of the browser."""
    _need(request)
    orgs = Org.objects.filter(pk__in=request.scope.orgs(FieldJob.resource, change=True))
    works = [{"code": code, "name": operation_names(code)} for code in suggest_works(timezone.localdate().month)]
    shown = {
        "orgs": orgs,
        "asks": asked.open_asks(request.scope.orgs(Resource.FIELD, change=True)),
        "unit": "ha" if in_english() else "亩",
        "works": works,
        "how": how_words(),
        "settings": {
            "works": works,
            "perHa": 1.0 if in_english() else 15.0,
            "draft": f"nongshi-clerk-{request.scope.person_id}",
            "today": timezone.localdate().isoformat(),
            "urls": {name: reverse(f"clerk:{name}") for name in ("read", "check", "post", "jobs")},
        },
    }
    return render(request, "clerk/grid.html", shown)


@require_POST
def answer(request: HttpRequest, ask_id: int) -> HttpResponse:
    """A grower's missing field is entered or refused."""
    _need(request)
    made = asked.answer(request.scope, ask_id, enter=request.POST.get("answer") == "enter")
    messages.success(
        request, _("Entered; draw its outline in the register.") if made else _("Refused; the grower is told.")
    )
    return redirect("clerk:grid")


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Text or a piece of a sheet as rows."""
    _need(request)
    text = str(_body(request).get("text", ""))
    if len(text) > TEXT_MAX:
        raise BadInput(f"the text has {len(text)} letters, {TEXT_MAX} is the most; paste it in parts")
    return JsonResponse({"rows": grid.read(request.scope, text, timezone.localdate())})


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Faults, fields, prices and rounds of the rows as they are."""
    _need(request)
    body = _body(request)
    return JsonResponse(grid.check(request.scope, read_rows(body), quote=bool(body.get("quote"))))


@require_POST
def post(request: HttpRequest) -> HttpResponse:
    """All rows or none; a form sent twice counts once."""
    _need(request)
    body = _body(request)
    scope, rows = request.scope, grid.without_blank(read_rows(body))
    how, who = str(body.get("how", "")), str(body.get("who", ""))[:60]
    org_id = grid.first_org(scope, body)
    if org_id is None:
        raise BadInput("there is no organisation for which you may post jobs")
    said = json.dumps([body.get("rows"), how, who, org_id], sort_keys=True)
    try:
        ids = post_once(
            scope.person_id,
            str(body.get("key", "")),
            said,
            lambda: grid.post(scope, rows, how=how, who=who, org_id=org_id),
        )
    except NongshiError as fault:
        return _refused(scope, rows, how, fault)
    return JsonResponse({"jobs": ids, "url": f"{reverse('clerk:jobs')}?posted=1"}, status=201)


def _refused(scope: Scope, rows: list[GridRow], how: str, fault: NongshiError) -> HttpResponse:
    """Why nothing was posted: beside the cells, and in one line."""
    checked = grid.check(scope, rows, quote=False)
    words = str(fault_context(fault)["words"])
    if not rows:
        words = _("There is no row to post yet.")
    elif checked["faults"]:
        words = _("Nothing was posted: mend the marked cells first.")
    elif not how:
        words = _("Nothing was posted: say how you were told.")
    return JsonResponse({"detail": words, "how": bool(how), **checked}, status=status_of(fault))


@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """The list, by village; what is narrowed shows in the address."""
    _need(request)
    said = request.GET.dict()
    found = services.list_jobs(request.scope, said)
    rows = services.with_orders(request.scope, list(found[: services.ROWS_MAX]))
    shown = {
        "rows": rows,
        "said": said,
        "places": services.places_of(request.scope),
        "statuses": JobStatus.choices,
        "area_ha": sum(row["job"].area_ha for row in rows),
        "cut": len(rows) == services.ROWS_MAX,
        "rows_max": services.ROWS_MAX,
    }
    return render(request, "clerk/jobs.html", shown)


@require_GET
def download(request: HttpRequest, kind: str) -> HttpResponse:
    """The list as it is narrowed, as a workbook or CSV."""
    _need(request)
    found = services.list_jobs(request.scope, request.GET.dict())
    rows = services.with_orders(request.scope, list(found[: services.ROWS_MAX]))
    make, form = {
        "csv": (services.as_csv, "text/csv; charset=utf-8"),
        "xlsx": (services.as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    }[kind]
    answer = HttpResponse(make(rows), content_type=form)
    answer["Content-Disposition"] = f'attachment; filename="jobs-{timezone.localdate()}.{kind}"'
    return answer


@never_cache
@require_POST
def link(request: HttpRequest, person_id: int) -> HttpResponse:
    """A new link for a farmer, shown this once."""
    _need(request)
    person, secret = services.link_for(request.scope, person_id)
    url = settings.SITE_URL + reverse("base:follow", args=[secret])
    return render(request, "clerk/link.html", {"farmer": person, "url": url})


def _need(request: HttpRequest) -> None:
    need_role(request.scope, RoleKind.CLERK, RoleKind.DISPATCHER)


def _body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a request.

    Raises:
        BadInput: it is none.
    """
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise BadInput("the request must be a JSON object; load the page again")
    return body
