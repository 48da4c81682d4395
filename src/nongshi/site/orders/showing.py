"""What the pages of orders show: lists with their filters, and all that is known of one order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from nongshi.market import orders as room
from nongshi.market.assumptions import ACCEPT_H, TOLERANCE
from nongshi.market.cancellation import cancellation_fee
from nongshi.market.orders import Act, State, Who
from nongshi.site.base.models import Org
from nongshi.site.base.names import operation_names
from nongshi.site.base.rights import Resource
from nongshi.site.base.scope import Scope
from nongshi.site.money.models import Payment
from nongshi.site.money.terms import CoopTerms, terms_of
from nongshi.site.orders.models import OrderRow, Settlement
from nongshi.site.orders.moves import COOP_ROLES, sides_of

ROWS_PAGE = 40
GROUPS: Mapping[str, tuple[State, ...]] = {  # tabs of the list
    "asked": (State.DRAFT, State.QUOTED),
    "booked": (State.BOOKED, State.DISPATCHED),
    "work": (State.IN_WORK,),
    "area": (State.MEASURED, State.DISPUTED),
    "done": (State.CONFIRMED, State.SETTLED),
    "over": (State.CANCELLED, State.NO_SHOW),
}
PLAIN = (Act.DISPATCH, Act.RECALL, Act.START, Act.CONFIRM, Act.SETTLE)  # need nothing but a tap
WORDED = (Act.DISPUTE, Act.CANCEL, Act.MISS)  # may carry words


@dataclass(frozen=True, slots=True)
class Shown:
    """One order and what its reader may do."""

    order: OrderRow
    sides: tuple[Who, ...]
    acts: tuple[Act, ...]
    terms: CoopTerms
    fee_fen: int | None  # what calling off now would cost; None: it cannot be called off, or costs nothing yet
    accepted_at: datetime | None  # when it is accepted by itself
    settlement: Settlement | None
    deposits: tuple[Payment, ...]

    @property
    def operation(self) -> str:
        """Its operation in words."""
        return operation_names(self.order.job.operation)

    @property
    def held(self) -> bool:
        """Whether a place is held just now."""
        until = self.order.held_until
        return self.order.state == State.QUOTED and until is not None and until >= timezone.now()

    @property
    def placeless(self) -> bool:
        """Whether it is booked but its hours went to others."""
        return self.order.state in (State.BOOKED, State.DISPATCHED) and not self.order.places.exists()

    @property
    def off_ha(self) -> float | None:
        """Measured less booked."""
        return None if self.order.measured_ha is None else self.order.measured_ha - self.order.booked_ha


def list_orders(scope: Scope, said: Mapping[str, str]) -> QuerySet:
    """Orders in sight, narrowed by `group`, `state`, `q`, `day`, `org`, newest first."""
    rows = OrderRow.objects.seen_by(scope).filter(_narrowed(said))
    if said.get("group") in GROUPS:
        rows = rows.filter(state__in=GROUPS[said["group"]])
    if said.get("state") in {state.value for state in State}:
        rows = rows.filter(state=said["state"])
    columns = ("org", "job__field", "job__grower", "machine", "operator__person")
    return rows.select_related(*columns).defer("job__field__outline").distinct().order_by("-pk")


def counts(scope: Scope, said: Mapping[str, str]) -> list[tuple[str, int]]:
    """How many orders there are in each group."""
    rows = OrderRow.objects.seen_by(scope).filter(_narrowed(said)).order_by().values("state")
    by_state = {row["state"]: row["n"] for row in rows.annotate(n=Count("pk", distinct=True))}
    return [(name, sum(by_state.get(state, 0) for state in states)) for name, states in GROUPS.items()]


def orgs_of(scope: Scope) -> list[Org]:
    """Organisations whose orders are in sight, to choose from."""
    return list(Org.objects.filter(pk__in=OrderRow.objects.seen_by(scope).values("org_id")).order_by("path"))


def show(scope: Scope, order: OrderRow, now: datetime | None = None) -> Shown:
    """One order as its reader sees it."""
    now = now or timezone.now()
    sides = sides_of(scope, order)
    state = State(order.state)
    acts = tuple(act for act in Act if any(act in room.may(state, side) for side in sides))
    terms = terms_of(order.org_id, timezone.localdate(order.created))
    fee = None
    if Act.CANCEL in acts and order.start is not None and state in (State.BOOKED, State.DISPATCHED):
        side = Who.FARMER if Who.FARMER in sides else Who.COOP
        fee = cancellation_fee(order.price_fen, order.start, now, side, terms=terms.notice).amount_fen
    ripe = state == State.MEASURED and order.by_itself and order.measured_at is not None
    return Shown(
        order=order,
        sides=sides,
        acts=acts,
        terms=terms,
        fee_fen=fee,
        accepted_at=order.measured_at + timedelta(hours=ACCEPT_H) if ripe else None,
        settlement=Settlement.objects.filter(order=order).first(),
        deposits=tuple(Payment.objects.filter(org_id=order.org_id, about=order.about)),
    )


def get_order(scope: Scope, order_id: int) -> OrderRow:
    """An order in sight, with all that its page needs.

    Raises:
        NotFound: none in sight.
    """
    rows = OrderRow.objects.select_related("org", "job__field", "job__grower", "machine", "operator__person")
    return rows.get_seen(scope, pk=order_id)


def is_of_coop(scope: Scope, order: OrderRow) -> bool:
    """Whether the reader may work on the order for its cooperative."""
    return order.org_id in scope.orgs_as(*COOP_ROLES) and scope.may(Resource.ORDER, order.org_id, change=True)


def _narrowed(said: Mapping[str, str]) -> Q:
    found = Q()
    words = said.get("q", "").strip()[:60]
    if words:
        found &= (
            Q(job__ref__icontains=words)
            | Q(job__field__name__icontains=words)
            | Q(job__field__place__icontains=words)
            | Q(job__grower__name__icontains=words)
            | (Q(pk=int(words)) if words.isascii() and words.isdecimal() and len(words) < 16 else Q(pk=None))
        )
    day = _day(said.get("day", ""))
    if day is not None:
        found &= Q(start__date=day)
    org = said.get("org", "")
    if org.isascii() and org.isdecimal() and len(org) < 16:
        found &= Q(org_id=int(org))
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def tolerance() -> float:
    """Measured against booked area, as a share."""
    return TOLERANCE
