"""One move of an order with all that it writes: its place, its price, the books, notices, the job's own status."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cached_property

from django.db import IntegrityError, transaction
from django.utils import timezone

from nongshi.core.errors import BadUsage, NotPlannable
from nongshi.market import orders as room
from nongshi.market.orders import Act, Effect, Says, State, Who
from nongshi.market.prices import Cap, PriceList, Wish, price_again, price_job
from nongshi.site.base.faults import Forbidden, Outdated
from nongshi.site.base.models import Org
from nongshi.site.base.rights import Resource, RoleKind
from nongshi.site.base.scope import EVERYTHING, Scope
from nongshi.site.base.services import log
from nongshi.site.jobs.models import JobStatus
from nongshi.site.money.services import cap_of, prices_of
from nongshi.site.orders import bills, places, telling
from nongshi.site.orders.assumptions import WAITING_HOLD_MIN
from nongshi.site.orders.models import OrderMove, OrderRow, Waiting, move_row, save_lines
from nongshi.site.orders.places import Spot

COOP_ROLES = (RoleKind.CLERK, RoleKind.DISPATCHER)
JOB_STATUS = {
    State.IN_WORK: JobStatus.WORKING,
    State.MEASURED: JobStatus.DONE,
    State.CONFIRMED: JobStatus.CONFIRMED,
    State.DISPUTED: JobStatus.DISPUTED,
}


class Gone(NotPlannable):
    """The place is another's by now; the next ones stand beside, looked up when somebody reads them."""

    code = "place_gone"

    def __init__(self, order: OrderRow, look: Callable[[], Sequence[Spot]] = tuple) -> None:
        super().__init__(order.pk)
        self._ref, self._look = order.job.ref, look

    @cached_property
    def offers(self) -> tuple[Spot, ...]:
        """The next places, best first."""
        return tuple(self._look())

    def __str__(self) -> str:
        shown = ", ".join(f"{timezone.localtime(spot.start):%m-%d %H:%M}" for spot in self.offers[:3])
        return f"the place of {self._ref} is gone; " + (
            f"the next ones are: {shown}" if shown else "there is no other now; put the job on the waiting list"
        )


def side_of(scope: Scope, order: OrderRow, what: Act) -> Who:
    """On whose word a person makes a move; the grower of a field never speaks for the cooperative about it.

    Raises:
        Forbidden: they are no side of it that makes this move.
    """
    for side in sides_of(scope, order):
        if side in room.MOVES[what].who:
            return side
    raise Forbidden(f"order {order.pk}: {what} is for {', '.join(sorted(room.MOVES[what].who))} to do")


def sides_of(scope: Scope, order: OrderRow) -> tuple[Who, ...]:
    """Whom a person speaks for about an order; the first one that makes a move is whose move it is."""
    me, org = scope.person_id, order.org_id
    sides = (
        (Who.FARMER, me is not None and order.job.grower_id == me),
        (Who.COOP, org in scope.orgs_as(*COOP_ROLES)),
        (Who.OPERATOR, me is not None and order.operator is not None and order.operator.person_id == me),
        (Who.THIRD, scope.has(RoleKind.OFFICER) and scope.may(Resource.ORDER, org, change=True)),
    )
    return tuple(side for side, is_theirs in sides if is_theirs)


def locked(scope: Scope, order_id: int, version: int | None) -> OrderRow:
    """An order that is about to be moved, locked until the transaction ends.

    Raises:
        NotFound: none in reach.
        Outdated: it is not as it was seen at `version`.
    """
    rows = OrderRow.objects.select_for_update(of=("self",)).select_related("job__field", "operator", "org")
    order = rows.get_changed(scope, pk=order_id)
    if version is not None and order.version != version:
        raise Outdated(f"order {order.pk}")
    return order


def make_move(
    scope: Scope,
    order: OrderRow,
    what: Act,
    says: Says,
    now: datetime,
    *,
    side: Who | None = None,
    note: str = "",
    spot: Spot | None = None,
    wish: tuple[frozenset[str], bool] = (frozenset(), False),
) -> OrderRow:
    """One move of a locked order, with all that it writes.

    Raises:
        BadUsage: the table of moves does not have it.
        Forbidden: in sight, but not theirs.
    """
    if side is None:
        side = Who.COOP if scope.everything else side_of(scope, order, what)
    before = order.to_room()
    after, effects = room.move(before, what, side, now, says)
    if spot is not None:
        put_price(order, spot, *wish)
    order.take_over(after)
    if what == Act.LAPSE:
        order.machine = order.operator = order.end = None
    order.save()
    OrderMove.objects.create(**move_row(order, what, side, scope.person_id, now, before, after), note=note)
    for effect in effects:
        _write(scope, order, effect, what, before, side, now, spot)
    _tell_job(order, what, side, note)
    log("OrderMoved", order.about, scope=scope, org_id=order.org_id, act=what.value, to=after.state.value)
    return order


def _write(
    scope: Scope,
    order: OrderRow,
    effect: Effect,
    what: Act,
    before: room.Order,
    side: Who,
    now: datetime,
    spot: Spot | None,
) -> None:
    """What one effect writes."""
    match effect:
        case Effect.HOLD_PLACE:
            if spot is None or not places.hold(order, spot, order.held_until or now, now, lambda pk: lapse(pk, now)):
                raise Gone(order)
        case Effect.TAKE_PLACE:
            if not order.places.update(held_until=None):  # a plan gave its hours to somebody else meanwhile
                raise Gone(order, lambda: places.spots_for(order, now))
            Waiting.objects.filter(order=order).delete()
        case Effect.FREE_PLACE if before.state in room.HOLDING:
            order.freed = tuple(order.places.values_list("machine_id", "operator_id", "begin_s", "end_s"))
            order.places.all().delete()
        case Effect.OFFER_WAITING:
            _offer(order, before, now)
        case Effect.POST_FEE:
            bills.post_fee(order, what, before, side, now)
        case Effect.POST_SETTLEMENT:
            bills.post_settlement(order, now)
        case Effect.TELL_FARMER:
            telling.tell_farmer(order, what)
        case Effect.TELL_COOP:
            telling.tell_coop(order, what)


def put_price(
    order: OrderRow,
    spot: Spot,
    conditions: frozenset[str],
    yes_to_more: bool,
    lists: Callable[[int, str, date], PriceList] = prices_of,
    caps: Callable[[Org, str, date], Cap | None] = cap_of,
) -> None:
    """Price a spot; what was quoted before holds unless it is lower now, or the farmer agrees."""
    job, day = order.job, timezone.localtime(spot.start).date()
    wish = Wish(area_ha=job.area_ha, km=spot.km, conditions=conditions)
    price = price_job(lists(order.org_id, job.operation, day), wish, caps(order.org, job.operation, day))
    if order.price and order.booked_ha == job.area_ha:
        price = price_again(bills.price_of(order), price, farmer_said_yes=yes_to_more)
        if price == bills.price_of(order):
            conditions = frozenset(order.conditions)  # what was said of the field stands as it was priced
    order.price, order.price_fen, order.conditions = save_lines(price.lines), price.total_fen, sorted(conditions)
    order.machine_id, order.operator_id, order.end = spot.first.machine_id, spot.first.operator_id, spot.end


def lapse(order_id: int, now: datetime) -> bool:
    """Take back a hold that is over; False where somebody is at that order just now."""
    row = OrderRow.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=order_id).first()
    if row is None:
        return False
    try:
        with transaction.atomic():
            before = row.to_room()
            after, _ = room.move(before, Act.LAPSE, Who.CLOCK, now)
    except BadUsage:
        return False
    row.places.all().delete()
    OrderMove.objects.create(**move_row(row, Act.LAPSE, Who.CLOCK, None, now, before, after))
    row.take_over(after)
    row.machine = row.operator = row.end = None
    row.save()
    log("OrderMoved", row.about, scope=EVERYTHING, org_id=row.org_id, act=Act.LAPSE.value, to=row.state)
    return True


def _offer(freed: OrderRow, before: room.Order, now: datetime) -> None:
    """Hold a freed place for the first who waits and fits: same operation, an area not larger, hours in its window."""
    spot = Spot(tuple(places.Span(*span) for span in freed.freed))
    if not spot.spans or spot.start <= now:
        return
    waiting = (
        Waiting.objects.filter(
            org_id=freed.org_id,
            order__state=State.DRAFT,
            order__job__operation=freed.job.operation,
            order__job__area_ha__lte=before.booked_ha,
            order__job__open__lte=spot.start,
            order__job__close__gte=spot.end,
        )
        .exclude(order=freed)
        .order_by("pk")
    )
    for row in waiting:
        order = (
            OrderRow.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("job__field", "org")
            .filter(pk=row.order_id)
            .first()
        )
        if order is None or order.state != State.DRAFT:
            continue
        says = Says(start=spot.start, area_ha=order.job.area_ha, hold_min=WAITING_HOLD_MIN)
        try:
            with transaction.atomic():
                make_move(EVERYTHING, order, Act.QUOTE, says, now, spot=spot)
        except (Gone, IntegrityError):
            continue
        row.offered_at = now
        row.save()
        telling.tell_offer(order)
        return


def _tell_job(order: OrderRow, what: Act, side: Who, note: str) -> None:
    """The job's own status follows its order."""
    job, state = order.job, State(order.state)
    status = JOB_STATUS.get(state)
    if state in (State.CANCELLED, State.NO_SHOW):
        farmer_ended_it = (side == Who.FARMER) == (what == Act.CANCEL)
        status = JobStatus.CANCELLED if farmer_ended_it else JobStatus.POSTED
    if status is None or status == job.status:
        return
    job.status, job.version = status, job.version + 1
    if what == Act.DISPUTE:
        job.dispute = note
    if state == State.MEASURED:
        job.measured_ha = order.measured_ha
    if state == State.CONFIRMED:
        job.confirmed_at = timezone.now()
    job.save()
