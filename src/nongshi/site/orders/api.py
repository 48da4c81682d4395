"""API of orders: begun, quoted, booked, moved, measured, looked at."""

from datetime import datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from nongshi.core.errors import NotFound
from nongshi.market.orders import Act, Says, State
from nongshi.market.prices import CONDITIONS
from nongshi.site.base.api_types import BodyId, Flag, Given, Hectares, Id, Moment, Row, Shown, Text40, Text300
from nongshi.site.base.paging import Page, Pages, answer_json, answer_one, answer_page, check_version
from nongshi.site.orders import marks, measuring, services
from nongshi.site.orders.models import OrderMove, OrderRow, OrderTrack, Settlement

router = Router(tags=["orders"])
OrderId = Annotated[Id, Path()]
MATCH = {"x-match": True}
PLAIN_ACTS = sorted(set(Act) - {Act.QUOTE, Act.BOOK, Act.LAPSE, Act.MEASURE})
Fen = int
FIXES_MAX = 20_000
Fix = Annotated[list[float], Field(min_length=4, max_length=4)]


class LineOut(Schema):
    """One line of a price or sheet."""

    name: str = Field(description="area, lodged, wet, awkward, night, small, distance, minimum, cap; or a party")
    amount_fen: Fen


class OrderOut(Row):
    """An order of a job."""

    paths = {
        "job_ref": "job__ref", "field_id": "job__field_id", "field_name": "job__field__name",
        "operation": "job__operation", "grower_id": "job__grower_id", "generated": "job__generated",
    }  # fmt: skip

    job_id: int
    job_ref: str
    field_id: int
    field_name: str
    operation: str
    grower_id: int | None
    state: State
    machine_id: int | None
    operator_id: int | None
    start: datetime | None
    end: datetime | None
    held_until: datetime | None = Field(description="of a quote: until when its place is held")
    price: list[LineOut]
    price_fen: Fen
    conditions: list[str]
    booked_ha: float
    measured_ha: float | None
    measured_at: datetime | None
    measured: dict[str, Any] = Field(description="interval, overlap, skips, width, closing rule, how it is judged")
    by_itself: bool = Field(description="accepted after 48 h unless somebody disputes it")
    agreed_by: str = Field(description="the side that named agreed_ha, while the other has not agreed")
    agreed_ha: float | None
    fuel_fen: Fen
    generated: bool

    @classmethod
    def shape(cls, row: dict[str, Any]) -> dict[str, Any]:
        """Lines by name."""
        return row | {"price": [{"name": name, "amount_fen": fen} for name, fen in row["price"]]}


class MoveOut(Shown):
    """One move of an order."""

    id: int
    act: Act
    side: str
    by_id: int | None
    at: datetime
    start: str = Field(description="state before")
    to: str = Field(description="state after")
    note: str


class SettlementOut(Row):
    """The sheet of a settled order."""

    order_id: int
    posting_id: str
    total_fen: Fen
    price: list[LineOut]
    parties: list[LineOut] = Field(description="+ gets, - pays; they sum to zero")

    @classmethod
    def shape(cls, row: dict[str, Any]) -> dict[str, Any]:
        """Lines by name."""
        lines = {key: [{"name": n, "amount_fen": fen} for n, fen in row[key]] for key in ("price", "parties")}
        return row | lines


class TrackOut(Schema):
    """The fixes near the field that an order was measured by."""

    device: str
    began: datetime
    generated: bool
    fixes: list[Fix] = Field(description="seconds since began, longitude, latitude, 1 at work")


class MarkOut(Schema):
    """What the records say of a provider, and the mark made of it."""

    owner_id: int
    orders: int
    on_time: int
    called_off: int
    disputes_lost: int
    stars: float | None = Field(description="mean of the stars given")
    points: int = Field(description="0 to 100, by fact")


class OrderIn(Given):
    """Whose order."""

    job_id: BodyId


class QuoteIn(Given):
    """What makes the work harder."""

    conditions: list[Annotated[str, Field(json_schema_extra={"enum": sorted(CONDITIONS)})]] = Field(
        default=[], max_length=4
    )
    yes_to_more: Flag = Field(default=False, description="the farmer agreed that the price may rise")


class ActIn(Given):
    """A move and what comes with it."""

    act: Annotated[str, Field(json_schema_extra={"enum": PLAIN_ACTS})]
    area_ha: Hectares | None = Field(default=None, description="agree, decide: the area to be paid")
    note: Text300 = ""
    said_by: Text40 = Field(default="", description="cancel, dispute: the farmer who said so to the cooperative")


class MeasureIn(Given):
    """An area by hand, or the track that shows the work."""

    area_ha: Hectares | None = Field(default=None, description="without a track: both sides then have to agree")
    fixes: list[Fix] = Field(
        default=[],
        max_length=FIXES_MAX,
        description="seconds since 1970, longitude, latitude, 1 at work, 0 not, -1 unknown",
    )
    width_m: Annotated[float, Field(gt=0.2, lt=60)] | None = Field(default=None, description="else the machine's")


class OrderFilter(Schema):
    """Which orders."""

    state: list[State] = []
    org_id: Id | None = None
    job_id: Id | None = None
    machine_id: Id | None = None
    start_from: Moment | None = None
    start_to: Moment | None = None


@router.get("/orders", response=Page[OrderOut])
def list_orders(request: HttpRequest, which: Annotated[OrderFilter, Query()], paging: Pages) -> HttpResponse:
    """Orders in sight, newest first."""
    return answer_page(request, OrderOut, _among(OrderRow.objects.seen_by(request.scope), which), paging)


@router.get("/orders/{order_id}", response=OrderOut)
def get_order(request: HttpRequest, order_id: OrderId) -> HttpResponse:
    """One order."""
    return answer_one(OrderOut, OrderRow.objects.seen_by(request.scope), pk=order_id)


@router.post("/orders", response={201: OrderOut})
def begin_order(request: HttpRequest, body: OrderIn) -> HttpResponse:
    """The order of a job, begun where there is none."""
    row = services.open_order(request.scope, body.job_id)
    response = answer_one(OrderOut, OrderRow.objects.seen_by(request.scope), status=201, pk=row.pk)
    response.headers["Location"] = f"{request.path}/{row.pk}"
    return response


@router.post("/orders/{order_id}/quote", response=OrderOut, openapi_extra=MATCH)
def quote_order(request: HttpRequest, order_id: OrderId, body: QuoteIn) -> HttpResponse:
    """Price an order and hold the first free place for it; 409 where there is none, naming the next ones."""
    _version(request, order_id)
    conditions = frozenset(body.conditions)
    services.quote(request.scope, order_id, conditions=conditions, yes_to_more=body.yes_to_more)
    return get_order(request, order_id)


@router.post("/orders/{order_id}/book", response=OrderOut, openapi_extra=MATCH)
def book_order(request: HttpRequest, order_id: OrderId) -> HttpResponse:
    """Take the place that is held; 409 where it is gone, naming the next ones."""
    services.book(request.scope, order_id, _version(request, order_id))
    return get_order(request, order_id)


@router.post("/orders/{order_id}/wait", response=OrderOut, openapi_extra=MATCH)
def wait_for_place(request: HttpRequest, order_id: OrderId) -> HttpResponse:
    """Onto the waiting list; who waits longest and fits is offered a freed place."""
    _version(request, order_id)
    services.wait(request.scope, order_id)
    return get_order(request, order_id)


@router.post("/orders/{order_id}/acts", response=OrderOut, openapi_extra=MATCH)
def act_order(request: HttpRequest, order_id: OrderId, body: ActIn) -> HttpResponse:
    """Any other move of the table, by the side that one speaks for."""
    if body.act not in PLAIN_ACTS:
        raise NotFound(f"there is no act {body.act!r} here; there is: {', '.join(PLAIN_ACTS)}")
    version = _version(request, order_id)
    said = Says(area_ha=body.area_ha)
    services.act(
        request.scope, order_id, Act(body.act), version, says=said, note=body.note, said_by=body.said_by
    )  # fmt: skip
    return get_order(request, order_id)


@router.post("/orders/{order_id}/measure", response=OrderOut, openapi_extra=MATCH)
def measure_order(request: HttpRequest, order_id: OrderId, body: MeasureIn) -> HttpResponse:
    """Measure an order in work by a track, or enter its area where none shows the work."""
    _version(request, order_id)
    if body.fixes:
        track = measuring.track_of_fixes(order_id, body.fixes)
        measuring.measure_by_track(request.scope, order_id, track, width_m=body.width_m)
    else:
        measuring.measure_by_hand(request.scope, order_id, body.area_ha or 0.0)
    return get_order(request, order_id)


@router.get("/orders/{order_id}/moves", response=Page[MoveOut])
def list_moves(request: HttpRequest, order_id: OrderId, paging: Pages) -> HttpResponse:
    """What happened to an order, first move first."""
    order = OrderRow.objects.get_seen(request.scope, pk=order_id)
    return answer_page(request, MoveOut, OrderMove.objects.filter(order=order).order_by("pk"), paging)


@router.get("/orders/{order_id}/settlement", response=SettlementOut)
def get_settlement(request: HttpRequest, order_id: OrderId) -> HttpResponse:
    """The sheet of a settled order."""
    order = OrderRow.objects.get_seen(request.scope, pk=order_id)
    return answer_one(SettlementOut, Settlement.objects.filter(org_id=order.org_id), order_id=order.pk)


@router.get("/orders/{order_id}/track", response=TrackOut)
def get_track(request: HttpRequest, order_id: OrderId) -> HttpResponse:
    """The fixes near the field that an order was measured by."""
    order = OrderRow.objects.get_seen(request.scope, pk=order_id)
    row = OrderTrack.objects.filter(order=order).first()
    if row is None:
        raise NotFound(f"order {order_id} has no track")
    said = {"device": row.device, "began": row.began, "generated": row.generated, "fixes": row.fixes}
    return answer_json(said)


@router.get("/ratings", response=list[MarkOut])
def list_ratings(request: HttpRequest) -> HttpResponse:
    """Marks of the machine owners whose orders are in sight: by fact first, stars second; best first."""
    return answer_json([MarkOut(**vars_of(one)).dict() for one in marks.marks_in_sight(request.scope)])


def vars_of(one: marks.Marked) -> dict[str, Any]:
    """A mark as the API shows it."""
    facts = one.facts
    return {
        "owner_id": one.owner_id,
        "orders": facts.orders,
        "on_time": facts.on_time,
        "called_off": facts.called_off,
        "disputes_lost": facts.disputes_lost,
        "stars": round(sum(facts.stars) / len(facts.stars), 2) if facts.stars else None,
        "points": one.mark.points,
    }


def _version(request: HttpRequest, order_id: int) -> int:
    return check_version(request, OrderOut, OrderRow.objects.changed_by(request.scope), pk=order_id)


def _among(rows: QuerySet, which: OrderFilter) -> QuerySet:
    found = {
        "state__in": which.state or None,
        "org_id": which.org_id,
        "job_id": which.job_id,
        "machine_id": which.machine_id,
        "start__gte": which.start_from,
        "start__lt": which.start_to,
    }
    return rows.filter(**{name: value for name, value in found.items() if value is not None})
