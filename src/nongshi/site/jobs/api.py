"""API of field jobs: posted, looked at, called off, confirmed, disputed."""

from datetime import datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from nongshi.agronomy import OPERATIONS
from nongshi.site.base.api_types import (
    BodyId,
    Day,
    Flag,
    Given,
    Hectares,
    Id,
    Moment,
    Row,
    Text40,
    Text80,
    Text300,
    Whole,
)
from nongshi.site.base.paging import Page, Pages, answer_one, answer_page, check_version
from nongshi.site.jobs import services
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.jobs.services import Wanted
from nongshi.site.register import models as register

router = Router(tags=["jobs"])
JobId = Annotated[Id, Path()]
Operation = Annotated[str, Field(max_length=40, json_schema_extra={"enum": sorted(OPERATIONS)})]
MATCH = {"x-match": True}


class JobOut(Row):
    """One operation wanted on one field."""

    paths = {"field_ref": "field__ref", "field_name": "field__name"}

    ref: str
    field_id: int
    field_ref: str
    field_name: str
    grower_id: int | None
    operation: str
    area_ha: float
    open: datetime = Field(description="earliest start")
    due: datetime = Field(description="best before")
    close: datetime = Field(description="latest end")
    value_fen: int
    status: JobStatus
    after_id: int | None
    after_h: float
    wet_t: float | None
    urgent: bool
    note: str
    said_by: str
    stars: int | None
    dispute: str
    confirmed_at: datetime | None
    measured_ha: float | None
    generated: bool


class JobIn(Given):
    """What is wanted: an operation on a field, from a day until a day."""

    field_id: BodyId
    operation: Operation
    since: Day = Field(description="first day")
    until: Day = Field(description="best before the end of this day")
    area_ha: Hectares | None = Field(default=None, description="the whole field if left out")
    note: Text300 = ""
    said_by: Text80 = Field(default="", description="who said so, where a clerk stands in")
    urgent: Flag = False


class Confirmation(Given):
    """The work is well done."""

    stars: Annotated[Whole, Field(ge=1, le=5)] | None = None


class Dispute(Given):
    """What is wrong with the work."""

    why: Annotated[str, Field(min_length=1, max_length=300)]


class JobFilter(Schema):
    """Which jobs."""

    status: list[JobStatus] = []
    operation: Text40 | None = None
    field_id: Id | None = None
    org_id: Id | None = None
    ref: Text40 | None = None
    due_from: Moment | None = None
    due_to: Moment | None = None


@router.get("/jobs", response=Page[JobOut])
def list_jobs(request: HttpRequest, which: Annotated[JobFilter, Query()], paging: Pages) -> HttpResponse:
    """Jobs in sight, the most urgent first."""
    return answer_page(request, JobOut, _among(FieldJob.objects.seen_by(request.scope), which), paging)


@router.get("/jobs/{job_id}", response=JobOut)
def get_job(request: HttpRequest, job_id: JobId) -> HttpResponse:
    """One job."""
    return answer_one(JobOut, FieldJob.objects.seen_by(request.scope), pk=job_id)


@router.post("/jobs", response={201: JobOut})
def post_job(request: HttpRequest, body: JobIn) -> HttpResponse:
    """Post a job; its price and latest hour follow from the table of operations."""
    row = services.post_job(request.scope, to_wanted(request, body.dict()))
    response = answer_one(JobOut, FieldJob.objects.seen_by(request.scope), status=201, pk=row.pk)
    response.headers["Location"] = f"{request.path}/{row.pk}"
    return response


@router.post("/jobs/{job_id}/cancel", response=JobOut, openapi_extra=MATCH)
def cancel_job(request: HttpRequest, job_id: JobId) -> HttpResponse:
    """Call a job off; work in progress cannot be."""
    version = _version(request, job_id)
    services.cancel_job(request.scope, job_id, version)
    return get_job(request, job_id)


@router.post("/jobs/{job_id}/confirm", response=JobOut, openapi_extra=MATCH)
def confirm_job(request: HttpRequest, job_id: JobId, body: Confirmation) -> HttpResponse:
    """Say that the work is well done."""
    version = _version(request, job_id)
    services.confirm_job(request.scope, job_id, version, stars=body.stars)
    return get_job(request, job_id)


@router.post("/jobs/{job_id}/dispute", response=JobOut, openapi_extra=MATCH)
def dispute_job(request: HttpRequest, job_id: JobId, body: Dispute) -> HttpResponse:
    """Say what is wrong with the work."""
    version = _version(request, job_id)
    services.dispute_job(request.scope, job_id, version, why=body.why)
    return get_job(request, job_id)


def to_wanted(request: HttpRequest, given: dict[str, Any]) -> Wanted:
    """A wish in the words of the room; its field must be in sight.

    Raises:
        NotFound: it is not.
    """
    given = dict(given)
    field = register.Field.objects.get_seen(request.scope, pk=given.pop("field_id"))
    return Wanted(field=field, **given)


def _version(request: HttpRequest, job_id: int) -> int:
    return check_version(request, JobOut, FieldJob.objects.changed_by(request.scope), pk=job_id)


def _among(rows: QuerySet, which: JobFilter) -> QuerySet:
    found = {
        "status__in": which.status or None,
        "operation": which.operation,
        "field_id": which.field_id,
        "org_id": which.org_id,
        "ref": which.ref,
        "due__gte": which.due_from,
        "due__lt": which.due_to,
    }
    return rows.filter(**{name: value for name, value in found.items() if value is not None})
