"""Places of machines that orders hold: looked at and taken under the lock of the machine and its operator.

Whoever takes a place locks machines, then operators, each by number, so that two never wait for each other. On
PostgreSQL these are row locks; SQLite has one writer at a time, from the transaction's begin on (settings.py).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from nongshi.site.orders.models import OrderRow, Place
from nongshi.site.plans import quotes
from nongshi.site.plans.models import OrderState, PlanState, WorkOrder
from nongshi.site.plans.regions import Rows


@dataclass(frozen=True, slots=True)
class Span:
    """Hours of one machine with its operator."""

    machine_id: int
    operator_id: int | None
    begin_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that an order could have: one span, or several where a field is worked in parts."""

    spans: tuple[Span, ...]
    km: float = 0.0  # way that it adds to the plan

    @property
    def first(self) -> Span:
        """The span that begins first."""
        return min(self.spans, key=lambda span: span.begin_s)

    @property
    def start(self) -> datetime:
        """When work begins."""
        return datetime.fromtimestamp(self.first.begin_s, UTC)

    @property
    def end(self) -> datetime:
        """When it ends."""
        return datetime.fromtimestamp(max(span.end_s for span in self.spans), UTC)


@dataclass(frozen=True, slots=True)
class Met:
    """A place that is in the way of a span."""

    number: int  # the span's, counted from 0
    order_id: int
    held_until: datetime | None  # None: taken

    def is_over(self, now: datetime) -> bool:
        """Whether it was held too long ago."""
        return self.held_until is not None and self.held_until < now


def spot_of(place: quotes.Place, rows: Rows) -> Spot:
    """An offer of the planner as a place to be held."""
    spans = []
    for piece in place.offer.pieces:
        operator = rows.operator_of.get(piece.operator_id)
        begin_s, end_s = int(piece.start.timestamp()), int(piece.end.timestamp())
        spans.append(Span(rows.machine_of[piece.machine_id].pk, operator.pk if operator else None, begin_s, end_s))
    return Spot(tuple(spans), max(0.0, place.km))


def issued_to(order: OrderRow) -> list[WorkOrder]:
    """Work orders of the plan in force that are this order's job and not begun, soonest first."""
    which = {"job_id": order.job_id, "state": OrderState.ISSUED, "plan__state": PlanState.PUBLISHED}
    return list(WorkOrder.objects.filter(**which).order_by("start", "pk"))


def spot_of_work(orders: Iterable[WorkOrder]) -> Spot:
    """The hours that a plan gives to a job, as a place."""
    rows = list(orders)
    spans = (
        Span(row.machine_id, row.operator_id, int(row.start.timestamp()), int(row.end.timestamp())) for row in rows
    )
    return Spot(tuple(spans), sum(row.km for row in rows))


def lock(spans: Sequence[Span]) -> None:
    """Nobody else takes a place of these machines and operators until the transaction ends."""
    if connection.vendor != "postgresql":
        return  # its one writer is we, since the transaction began
    machines = sorted({span.machine_id for span in spans})
    operators = sorted({span.operator_id for span in spans if span.operator_id is not None})
    with connection.cursor() as cursor:
        for table, ids in (("register_machine", machines), ("register_operator", operators)):
            cursor.execute(f"SELECT id FROM {table} WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [ids])


def meeting(spans: Sequence[Span]) -> list[Met]:
    """Places that overlap any of the spans, on the same machine or with the same operator."""
    rows, given = ", ".join([_ROW] * len(spans)), []
    for number, span in enumerate(spans):
        given += [number, span.machine_id, span.operator_id, span.begin_s, span.end_s]
    with connection.cursor() as cursor:  # written out: the query of a booking's every try, and of many at once
        cursor.execute(_MEETING.format(rows=rows), given)
        return [Met(number, order_id, _moment(until)) for number, order_id, until in cursor.fetchall()]


def is_free(spot: Spot, now: datetime, *, but: int | None = None) -> bool:
    """Whether a place looks free, seen by order `but`; certain only under the lock."""
    return all(met.order_id == but or met.is_over(now) for met in meeting(spot.spans))


def hold(order: OrderRow, spot: Spot, until: datetime, now: datetime, lapse: Callable[[int], bool]) -> bool:
    """Hold a place for an order; False where it is another's. `lapse` takes back a hold that is over."""
    lock(spot.spans)
    met = meeting(spot.spans)
    if not all(one.is_over(now) for one in met):
        return False
    for order_id in {one.order_id for one in met}:
        if not lapse(order_id):
            return False
    Place.objects.bulk_create(Place(**row) for row in places_of(order, spot, until))
    return True


def places_of(order: OrderRow, spot: Spot, until: datetime | None) -> list[dict[str, Any]]:
    """Rows of places that an order holds until a moment, or has taken."""
    return [
        {
            "order_id": order.pk,
            "machine_id": span.machine_id,
            "operator_id": span.operator_id,
            "begin_s": span.begin_s,
            "end_s": span.end_s,
            "held_until": until,
        }
        for span in spot.spans
    ]


_ROW = "(%s, CAST(%s AS bigint), CAST(%s AS bigint), CAST(%s AS bigint), CAST(%s AS bigint))"
# Places of one machine, and of one operator, never overlap (guards.py): so none that began before the last one that had
# begun by a span's begin reaches into the span. Without this a season's places would be read from its first day on.
_MEETING = (
    "WITH span (number, machine, operator, begin_s, end_s) AS (VALUES {rows}) "
    "SELECT span.number, place.order_id, place.held_until FROM span JOIN orders_place AS place "
    "ON place.machine_id = span.machine AND place.begin_s < span.end_s AND place.end_s > span.begin_s "
    "AND place.begin_s >= COALESCE((SELECT max(one.begin_s) FROM orders_place AS one "
    "WHERE one.machine_id = span.machine AND one.begin_s <= span.begin_s), 0) "
    "UNION SELECT span.number, place.order_id, place.held_until FROM span JOIN orders_place AS place "
    "ON place.operator_id = span.operator AND place.begin_s < span.end_s AND place.end_s > span.begin_s "
    "AND place.begin_s >= COALESCE((SELECT max(one.begin_s) FROM orders_place AS one "
    "WHERE one.operator_id = span.operator AND one.begin_s <= span.begin_s), 0)"
)


def _moment(kept: Any) -> datetime | None:
    """A moment as the driver gives it: SQLite keeps text, in UTC."""
    if isinstance(kept, str):
        kept = datetime.fromisoformat(kept)
    return kept if kept is None or kept.tzinfo is not None else kept.replace(tzinfo=UTC)


def spots_for(order: OrderRow, now: datetime) -> list[Spot]:
    """Places that the plan in force has for the order's job and no other order holds, best first."""
    issued = issued_to(order)
    if issued:  # the plan in force serves the job already: its hours are the place
        spot = spot_of_work(issued)
        return [spot] if spot.start > now and is_free(spot, now, but=order.pk) else []
    quote = quotes.quote_job(order.job)
    if quote.plan is None:
        return []
    rows = quotes.quoter_of(quote.plan).rows
    return [spot for spot in (spot_of(place, rows) for place in quote.places) if is_free(spot, now, but=order.pk)]
