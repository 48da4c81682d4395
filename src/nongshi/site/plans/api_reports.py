"""API of reports from the field: what phones said about work orders, and saying it by a program."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from nongshi.site.base.api_types import Given, Id, Lat, Lon, Moment, Number, Shown
from nongshi.site.base.paging import Page, Pages, answer_one, answer_page
from nongshi.site.plans import reports
from nongshi.site.plans.models import Report, WorkOrder
from nongshi.site.plans.report_input import KEY, PROBLEMS, WORDS_MAX

router = Router(tags=["work orders"])
OrderId = Annotated[Id, Path()]


class ReportOut(Shown):
    """What was said about a work order, and when it happened."""

    raw = ("photo",)
    made = frozenset({"has_photo"})

    id: int
    key: str
    order_id: int | None
    by_id: int | None
    kind: str
    at: datetime = Field(description="when it happened; the phone's time, put right where its clock was wrong")
    said_at: datetime | None = Field(description="as the phone said")
    received: datetime
    data: dict[str, Any]
    flag: str = Field(description="withdrawn, reassigned or cancelled: it moved nothing")
    cleared_at: datetime | None
    has_photo: bool

    @classmethod
    def shape(cls, row: dict[str, Any]) -> dict[str, Any]:
        """A photo is only said to be there."""
        return {**row, "has_photo": bool(row.pop("photo"))}


class Problem(Given):
    """More of a report."""

    what: Literal[PROBLEMS] | None = None  # type: ignore[valid-type]
    words: Annotated[str, Field(max_length=WORDS_MAX)] | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    accuracy_m: Annotated[Number, Field(ge=0, le=1e7)] | None = None


class ReportIn(Given):
    """One report; the same key again is the same report."""

    key: Annotated[str, Field(pattern=f"^{KEY.pattern}$")]
    kind: Literal["start", "done", "problem", "sos"]
    at: Moment
    data: Problem = Problem()


class ReportFilter(Schema):
    """Which reports."""

    order_id: Id | None = None
    kind: Literal["start", "done", "problem", "sos"] | None = None
    open: bool = Field(default=False, description="problems, SOS and flagged ones that nobody has seen to")


@router.get("/reports", response=Page[ReportOut])
def list_reports(request: HttpRequest, which: Annotated[ReportFilter, Query()], paging: Pages) -> HttpResponse:
    """Reports on work orders in sight, newest first."""
    rows = _seen(request)
    if which.open:
        rows = rows.filter(pk__in=reports.open_problems(request.scope).values("pk"))
    given = {name: value for name, value in which.dict(exclude={"open"}).items() if value is not None}
    return answer_page(request, ReportOut, rows.filter(**given).order_by("-at", "-pk"), paging)


@router.get("/reports/{report_id}", response=ReportOut)
def get_report(request: HttpRequest, report_id: Annotated[Id, Path()]) -> HttpResponse:
    """One report."""
    return answer_one(ReportOut, _seen(request), pk=report_id)


@router.post("/work-orders/{order_id}/reports", response={201: ReportOut})
def report_work(request: HttpRequest, order_id: OrderId, body: ReportIn) -> HttpResponse:
    """Report begin, end or trouble of a work order; the same report again is answered alike and changes nothing."""
    data = body.data.dict(exclude_none=True)
    row = reports.report_work(request.scope, order_id, key=body.key, kind=body.kind, at=body.at, data=data)
    response = answer_one(ReportOut, Report.objects.all(), status=201, pk=row.pk)
    response.headers["Location"] = f"/api/v1/reports/{row.pk}"
    return response


@router.post("/reports/{report_id}/clear", response=ReportOut)
def clear_report(request: HttpRequest, report_id: Annotated[Id, Path()]) -> HttpResponse:
    """A dispatcher has seen to it."""
    row = reports.clear_problem(request.scope, report_id)
    return answer_one(ReportOut, Report.objects.all(), pk=row.pk)


def _seen(request: HttpRequest) -> Any:
    return Report.objects.filter(order__in=WorkOrder.objects.seen_by(request.scope))
