"""API of long work: how far it is, and stopping it."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from nongshi.site.base.api_types import Id, Row, Text40
from nongshi.site.base.paging import Page, Pages, answer_one, answer_page
from nongshi.site.work import services
from nongshi.site.work.models import Run, RunState

router = Router(tags=["runs"])
RunId = Annotated[Id, Path()]


class RunOut(Row):
    """One piece of long work."""

    kind: str
    state: RunState
    share: float = Field(description="done, 0 to 1")
    words: str
    result: dict[str, Any] = Field(description="of a plan: its id and number")
    fault: str
    ended: datetime | None


class RunFilter(Schema):
    """Which runs."""

    state: RunState | None = None
    kind: Text40 | None = None


@router.get("/runs", response=Page[RunOut])
def list_runs(request: HttpRequest, which: Annotated[RunFilter, Query()], paging: Pages) -> HttpResponse:
    """Runs in sight, newest first."""
    rows = Run.objects.seen_by(request.scope)
    given = {name: value for name, value in which.dict().items() if value is not None}
    return answer_page(request, RunOut, rows.filter(**given), paging)


@router.get("/runs/{run_id}", response=RunOut)
def get_run(request: HttpRequest, run_id: RunId) -> HttpResponse:
    """How far a run is."""
    return answer_one(RunOut, Run.objects.seen_by(request.scope), pk=run_id)


@router.post("/runs/{run_id}/cancel", response={202: RunOut}, openapi_extra={"x-right": "plan"})
def cancel_run(request: HttpRequest, run_id: RunId) -> HttpResponse:
    """Ask a run to stop; one that is over stays as it is."""
    services.cancel(request.scope, run_id)
    return answer_one(RunOut, Run.objects.seen_by(request.scope), status=202, pk=run_id)


def answer_started(request: HttpRequest, run_id: int) -> HttpResponse:
    """202 with a run that this request started, and where to look how far it is."""
    response = answer_one(RunOut, Run.objects.changed_by(request.scope), status=202, pk=run_id)
    response.headers["Location"] = f"/api/v1/runs/{run_id}"
    return response
