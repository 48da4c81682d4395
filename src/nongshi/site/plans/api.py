"""API of plans: quotes, seasons, plans made and put in force, work orders, notices."""

from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import Field

from nongshi.core.errors import BadUsage, NotFound
from nongshi.files.plan_text import plan_json
from nongshi.site.base.api_types import Day, Given, Id, Moment, Number, Row, Shown, Text40, Whole
from nongshi.site.base.etag import etag_of
from nongshi.site.base.paging import JSON, Page, Pages, answer_json, answer_one, answer_page, check_version, once_each
from nongshi.site.jobs.api import JobId, Operation, to_wanted
from nongshi.site.jobs.assumptions import price_range_fen
from nongshi.site.jobs.models import KNOWN_STATUSES, OPEN_STATUSES, FieldJob
from nongshi.site.jobs.services import check_may_post, draft_job
from nongshi.site.plans import quotes, services
from nongshi.site.plans.models import Notice, OrderState, PlanRow, PlanState, Season, SeasonMember, WorkOrder
from nongshi.site.plans.regions import season_rows
from nongshi.site.plans.sight import seen_plan
from nongshi.site.register.models import Machine
from nongshi.site.work.api import RunOut, answer_started

router = Router(tags=["plans"])
SeasonId = Annotated[Id, Path()]
PlanId = Annotated[Id, Path()]
OrderId = Annotated[Id, Path()]
NoticeId = Annotated[Id, Path()]
CPU_S_MAX = 600
SEED_MAX = 2**31 - 1


class PlaceOut(Schema):
    """One way to serve a job in the plan in force."""

    start: datetime
    end: datetime
    machine_id: int | None = Field(description="null: another organisation's machine")
    machine_name: str | None


class WhyOut(Schema):
    """Why there is no place."""

    kind: str
    text: str
    text_zh: str


class QuoteOut(Schema):
    """Price and likely hours of a job."""

    price_fen_min: int
    price_fen_max: int
    planned: bool = Field(description="whether a plan is in force for these days")
    earliest: datetime | None
    latest: datetime | None
    places: list[PlaceOut]
    why: WhyOut | None


class Wish(Schema):
    """What is wanted on the field."""

    operation: Operation
    since: Day
    until: Day
    area_ha: Annotated[float, Field(ge=0.0001, le=100_000, allow_inf_nan=False)] | None = None
    explain: bool = Field(default=False, description="say why there is no place; takes longer")


class MemberOut(Shown):
    """An organisation in a season."""

    org_id: int
    agreed: bool


class SeasonOut(Row):
    """Days that organisations plan together."""

    name: str
    zone: str
    start_date: date
    horizon_days: int
    generated: bool


class PlanOut(Row):
    """A plan and the figures to list it by."""

    season_id: int
    number: int
    state: PlanState
    title: str
    objective_fen: int
    jobs_served: int
    jobs_unserved: int
    published_at: datetime | None


class PlanFilter(Schema):
    """Which plans."""

    season_id: Id | None = None
    state: PlanState | None = None


class Search(Given):
    """How long to search for a plan."""

    cpu_s: Annotated[Number, Field(gt=0, le=CPU_S_MAX)] = services.CPU_S
    seed: Annotated[Whole, Field(ge=0, le=SEED_MAX)] = 1


class Published(Schema):
    """A plan is in force."""

    plan_id: int
    told: int = Field(description="growers whose time moved and who were told")


class OrderOut(Row):
    """A job's part for machine, operator and hours."""

    paths = {"field_id": "job__field_id", "field_name": "job__field__name", "operation": "job__operation"}

    plan_id: int
    job_id: int
    part: int
    field_id: int
    field_name: str
    operation: str
    machine_id: int
    operator_id: int | None
    area_ha: float
    km: float
    start: datetime
    end: datetime
    state: OrderState
    began_at: datetime | None
    ended_at: datetime | None
    note: str


class OrderFilter(Schema):
    """Which orders."""

    state: list[OrderState] = []
    job_id: Id | None = None
    machine_id: Id | None = None
    operator_id: Id | None = None
    plan_id: Id | None = None
    start_from: Moment | None = None
    start_to: Moment | None = None


class NoticeOut(Row):
    """Something that a person is told."""

    person_id: int
    about: str
    text: str
    text_en: str
    sent_at: datetime | None
    read_at: datetime | None


class NoticeFilter(Schema):
    """Which notices."""

    unread: bool = False
    about: Text40 | None = None


@router.get("/fields/{field_id}/quote", response=QuoteOut, tags=["quotes"])
def quote_field(request: HttpRequest, field_id: Annotated[Id, Path()], wish: Annotated[Wish, Query()]) -> HttpResponse:
    """What a job would cost and when somebody would come, before it is posted."""
    wanted = to_wanted(request, {"field_id": field_id, **wish.dict(exclude={"explain"})})
    check_may_post(request.scope, wanted.field)
    return _answer_quote(request, quotes.quote_job(draft_job(wanted), explain=wish.explain))


@router.get("/jobs/{job_id}/quote", response=QuoteOut, tags=["quotes"])
def quote_job(request: HttpRequest, job_id: JobId, explain: bool = False) -> HttpResponse:
    """What a posted job costs and when somebody would come: by the plan in force where it serves the job."""
    row = FieldJob.objects.select_related("field__org", "org", "after").get_seen(request.scope, pk=job_id)
    if row.status not in OPEN_STATUSES:
        raise BadUsage(f"job {row.ref} is {row.status}; only jobs that are still to be done have a quote")
    standing = WorkOrder.objects.filter(job=row, plan__state=PlanState.PUBLISHED).exclude(state=OrderState.WITHDRAWN)
    orders: Any = tuple(standing.select_related("machine", "plan"))
    if not orders:
        return _answer_quote(request, quotes.quote_job(row, explain=explain))
    price_fen = price_range_fen(row.operation, row.area_ha)
    return _answer_quote(request, quotes.JobQuote(price_fen=price_fen, plan=orders[0].plan, places=orders))


@router.get("/seasons", response=Page[SeasonOut])
def list_seasons(request: HttpRequest, paging: Pages) -> HttpResponse:
    """Seasons in sight."""
    return answer_page(request, SeasonOut, once_each(Season.objects.seen_by(request.scope)), paging)


@router.get("/seasons/{season_id}", response=SeasonOut)
def get_season(request: HttpRequest, season_id: SeasonId) -> HttpResponse:
    """One season."""
    return answer_one(SeasonOut, Season.objects.seen_by(request.scope), pk=season_id)


@router.get("/seasons/{season_id}/members", response=Page[MemberOut])
def list_members(request: HttpRequest, season_id: SeasonId, paging: Pages) -> HttpResponse:
    """Who plans together in a season."""
    season = Season.objects.get_seen(request.scope, pk=season_id)
    return answer_page(request, MemberOut, SeasonMember.objects.filter(season=season).order_by("pk"), paging)


@router.post("/seasons/{season_id}/plans", response={202: RunOut}, openapi_extra={"x-right": "plan"})
def start_plan(request: HttpRequest, season_id: SeasonId, body: Search) -> HttpResponse:
    """Have a season planned by the worker; the run's result names the plan."""
    run = services.start_plan(request.scope, season_id, cpu_s=body.cpu_s, seed=body.seed)
    return answer_started(request, run.pk)


@router.get("/plans", response=Page[PlanOut])
def list_plans(request: HttpRequest, which: Annotated[PlanFilter, Query()], paging: Pages) -> HttpResponse:
    """Plans in sight, newest first."""
    given = {name: value for name, value in which.dict().items() if value is not None}
    rows = once_each(PlanRow.objects.seen_by(request.scope)).filter(**given).order_by("-pk")
    return answer_page(request, PlanOut, rows, paging)


@router.get("/plans/{plan_id}", response=PlanOut)
def get_plan(request: HttpRequest, plan_id: PlanId) -> HttpResponse:
    """One plan's figures."""
    return answer_one(PlanOut, PlanRow.objects.seen_by(request.scope), pk=plan_id)


@router.get("/plans/{plan_id}/plan.json", response=dict[str, Any])
def get_plan_file(request: HttpRequest, plan_id: PlanId) -> HttpResponse:
    """The plan itself (docs/formats.md), cut to what is in sight: sums stay those of all."""
    row = PlanRow.objects.select_related("season").get_seen(request.scope, pk=plan_id)
    rows = season_rows(row.season, jobs=KNOWN_STATUSES)
    plan = seen_plan(request.scope, services.plan_of(row), rows)
    body = plan_json(plan, zone=ZoneInfo(row.season.zone)).encode()
    response = HttpResponse(body, content_type=JSON)
    response.headers["ETag"] = etag_of(body, row.version)
    return response


@router.post("/plans/{plan_id}/publish", response=Published, openapi_extra={"x-right": "plan", "x-match": True})
def publish_plan(request: HttpRequest, plan_id: PlanId) -> HttpResponse:
    """Put a draft in force: work orders are issued, and those whose time moved are told."""
    version = check_version(request, PlanOut, PlanRow.objects.changed_by(request.scope), pk=plan_id)
    told = services.publish(request.scope, plan_id, version)
    return answer_json({"plan_id": plan_id, "told": len(told)})


@router.get("/work-orders", response=Page[OrderOut], tags=["work orders"])
def list_work_orders(request: HttpRequest, which: Annotated[OrderFilter, Query()], paging: Pages) -> HttpResponse:
    """Work orders in sight, by start."""
    found: dict[str, Any] = which.dict(include={"job_id", "machine_id", "operator_id", "plan_id"})
    found |= {"state__in": which.state or None, "start__gte": which.start_from, "start__lt": which.start_to}
    rows = WorkOrder.objects.seen_by(request.scope)
    rows = rows.filter(**{name: value for name, value in found.items() if value is not None})
    return answer_page(request, OrderOut, rows, paging)


@router.get("/work-orders/{order_id}", response=OrderOut, tags=["work orders"])
def get_work_order(request: HttpRequest, order_id: OrderId) -> HttpResponse:
    """One work order."""
    return answer_one(OrderOut, WorkOrder.objects.seen_by(request.scope), pk=order_id)


@router.get("/notices", response=Page[NoticeOut], tags=["notices"])
def list_notices(request: HttpRequest, which: Annotated[NoticeFilter, Query()], paging: Pages) -> HttpResponse:
    """Notices in sight, newest first."""
    rows = Notice.objects.seen_by(request.scope)
    if which.unread:
        rows = rows.filter(read_at=None)
    if which.about is not None:
        rows = rows.filter(about=which.about)
    return answer_page(request, NoticeOut, rows, paging)


@router.get("/notices/{notice_id}", response=NoticeOut, tags=["notices"])
def get_notice(request: HttpRequest, notice_id: NoticeId) -> HttpResponse:
    """One notice."""
    return answer_one(NoticeOut, Notice.objects.seen_by(request.scope), pk=notice_id)


@router.post("/notices/{notice_id}/read", response=NoticeOut, tags=["notices"])
def read_notice(request: HttpRequest, notice_id: NoticeId) -> HttpResponse:
    """Say that one has read a notice to oneself."""
    own = Notice.objects.seen_by(request.scope).filter(person_id=request.scope.person_id)
    row = own.filter(pk=notice_id).first()
    if row is None:
        raise NotFound(f"no notice {notice_id} to you")
    if row.read_at is None:
        row.read_at = timezone.now()
        row.version += 1
        row.save(update_fields=["read_at", "version", "changed"])
    return answer_one(NoticeOut, own, pk=notice_id)


def _answer_quote(request: HttpRequest, quote: quotes.JobQuote) -> HttpResponse:
    """A quote, or the orders that stand in its place; machines out of sight stay unnamed."""
    ids = {place.machine.pk for place in quote.places}
    seen = set(Machine.objects.seen_by(request.scope).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    hours = quote.hours or (None, None)
    why = None if quote.why is None else {"kind": quote.why.kind, "text": quote.why.en, "text_zh": quote.why.zh}
    return answer_json(
        {
            "price_fen_min": quote.price_fen[0],
            "price_fen_max": quote.price_fen[1],
            "planned": quote.plan is not None,
            "earliest": hours[0],
            "latest": hours[1],
            "places": [
                {
                    "start": place.start,
                    "end": place.end,
                    "machine_id": place.machine.pk if place.machine.pk in seen else None,
                    "machine_name": str(place.machine) if place.machine.pk in seen else None,
                }
                for place in quote.places
            ],
            "why": why,
        }
    )
