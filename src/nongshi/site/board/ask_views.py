"""What the board's script asks: the plan, outlines, its pulse, where a job may go and why, and changes.

Who only reads takes no part in the queue of writers, so that a drag is answered while somebody else publishes.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from nongshi.core.errors import BadInput
from nongshi.site.base.access import need_role
from nongshi.site.base.rights import RoleKind
from nongshi.site.board import asked, data, history, places
from nongshi.site.plans import edits
from nongshi.site.plans.drafts import Loaded, load
from nongshi.site.plans.models import OrderState, PlanRow, PlanState, WorkOrder
from nongshi.site.plans.sight import sight_of

DOES = ("move", "drop", "pin", "unpin", "pin_day", "unpin_day", "freeze", "undo", "redo")


@transaction.non_atomic_requests
@require_GET
def board_data(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The plan for the board; 304 where the reader has it."""
    row = seen_row(request, plan_id)
    loaded = load(row)
    if row.state == PlanState.DRAFT and data.sees_all(request.scope, row):
        loaded.warm()
    return _packed(request, *data.board_bytes(request.scope, row, loaded))


@transaction.non_atomic_requests
@require_GET
def outlines(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Outlines of the fields, in the order of the plan's fields."""
    row = seen_row(request, plan_id)
    loaded = load(row)
    jobs = data.seen_job_ids(request.scope, row, loaded)
    whole = data.sees_all(request.scope, row)
    packed = loaded.once("outlines", lambda: data.outlines_bytes(loaded, jobs)) if whole else None
    packed = packed or data.outlines_bytes(loaded, jobs)
    return _packed(request, packed, data.tag_of(packed))


@transaction.non_atomic_requests
@require_GET
def pulse(request: HttpRequest, plan_id: int) -> HttpResponse:
    """What changes while somebody looks on: the version, how far orders are, who changed what last."""
    row = seen_row(request, plan_id)
    orders = WorkOrder.objects.seen_by(request.scope).filter(plan=row).exclude(state=OrderState.WITHDRAWN).distinct()
    begun = orders.exclude(state=OrderState.ISSUED)
    states = [[order.job_id, order.part, order.state, order.note] for order in begun]
    said: dict[str, Any] = {"version": row.version, "state": row.state, "orders": states}
    if data.sees_all(request.scope, row) and request.GET.get("version") != str(row.version):
        said["history"] = history.history(row, load(row))
    return JsonResponse(said)


@transaction.non_atomic_requests
@require_POST
def where(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Where a job may go, machine by machine; only for whoever may change the plan."""
    row = changed_row(request, plan_id)
    return JsonResponse(places.places(load(row), asked.text_of(asked.body_of(request), "job")))


@transaction.non_atomic_requests
@require_GET
def why(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Why a job stands where it stands; a member of a common plan learns it of jobs in sight, without others' rows."""
    row = seen_row(request, plan_id)
    loaded = load(row)
    sight = None if data.sees_all(request.scope, row) else sight_of(request.scope, loaded.rows)
    return JsonResponse(places.why(loaded, request.GET.get("job", ""), sight))


@require_POST
def change(request: HttpRequest, plan_id: int) -> HttpResponse:
    """One change by somebody who saw the plan at `version`; answers the plan as it is now."""
    changed_row(request, plan_id)  # whoever may not change it learns nothing, not even what is wrong with the words
    said = asked.body_of(request)
    loaded = _carried_out(request, plan_id, said)
    row = PlanRow.objects.select_related("season").get_changed(request.scope, pk=plan_id)
    loaded = loaded or load(row)
    loaded.warm()
    return _packed(request, *data.board_bytes(request.scope, row, loaded))


def _carried_out(request: HttpRequest, plan_id: int, said: Mapping[str, Any]) -> Loaded | None:
    scope, version, do = request.scope, asked.number_of(said, "version"), said.get("do")
    match do:
        case "move":
            return edits.move(scope, plan_id, version, asked.texts_of(said, "jobs"), asked.text_of(said, "machine"))
        case "drop":
            return edits.drop(scope, plan_id, version, asked.texts_of(said, "jobs"))
        case "pin" | "unpin":
            return edits.pin_jobs(scope, plan_id, version, asked.texts_of(said, "jobs"), on=do == "pin")
        case "pin_day" | "unpin_day":
            machine, day = asked.text_of(said, "machine"), asked.text_of(said, "day")
            return edits.pin_machine_day(scope, plan_id, version, machine, day, on=do == "pin_day")
        case "freeze":
            row = changed_row(request, plan_id)
            return edits.freeze(scope, plan_id, version, asked.moment_of(said, "until", load(row).tz))
        case "undo":
            edits.undo(scope, plan_id, version)
        case "redo":
            edits.redo(scope, plan_id, version)
        case _:
            raise BadInput(f"do must be one of {', '.join(DOES)}, got {do!r}; correct it")
    return None


def seen_row(request: HttpRequest, plan_id: int) -> PlanRow:
    """A plan in sight, without its text."""
    need_role(request.scope, RoleKind.DISPATCHER)
    rows = PlanRow.objects.select_related("season").defer("packed")
    found: PlanRow = rows.get_seen(request.scope, pk=plan_id)
    return found


def changed_row(request: HttpRequest, plan_id: int) -> PlanRow:
    """A plan in reach, without its text."""
    need_role(request.scope, RoleKind.DISPATCHER)
    rows = PlanRow.objects.select_related("season").defer("packed")
    found: PlanRow = rows.get_changed(request.scope, pk=plan_id)
    return found


def _packed(request: HttpRequest, packed: bytes, tag: str) -> HttpResponse:
    """JSON that is compressed already."""
    if request.method == "GET" and request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(packed, content_type="application/json")
        response.headers["Content-Encoding"] = "gzip"
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response
