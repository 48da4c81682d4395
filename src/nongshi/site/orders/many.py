"""Many places taken in one transaction: as if one after another by `services.take`, but read and written together.

Only what is plain is done together: an order without a place, nothing else in the way. Everything else, refusals
included, goes through `services.take` afterwards, in the same transaction; so there is one way to refuse.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from nongshi.core.errors import NongshiError
from nongshi.market import orders as room
from nongshi.market.orders import NOTHING, Act, Effect, Says, State, Who
from nongshi.market.prices import Cap, PriceList
from nongshi.site.base.bulk import insert_rows, one_trip, update_rows
from nongshi.site.base.models import Answered, Event, Org
from nongshi.site.base.once import once
from nongshi.site.base.scope import Scope
from nongshi.site.money.services import cap_of, prices_of
from nongshi.site.money.terms import terms_of
from nongshi.site.orders import places, services, telling
from nongshi.site.orders.models import OrderMove, OrderRow, Place, Waiting, event_row, move_row
from nongshi.site.orders.moves import put_price, side_of
from nongshi.site.orders.places import Met, Spot
from nongshi.site.plans.models import Notice, OrderState, PlanState, WorkOrder

PLAIN = frozenset({Effect.FREE_PLACE, Effect.HOLD_PLACE, Effect.TAKE_PLACE, Effect.TELL_FARMER, Effect.TELL_COOP})
COLUMNS = ("state", "version", "machine", "operator", "start", "end", "held_until", "price", "price_fen", "conditions",
           "booked_ha")  # fmt: skip
READ = (
    *COLUMNS, "org", "job", "created", "measured_ha", "measured_at", "by_itself", "agreed_by", "agreed_ha", "job__ref",
    "job__grower", "job__operation", "job__area_ha", "job__field__name", "job__field__ref",
)  # fmt: skip
Answer = OrderRow | NongshiError
Given = dict[str, list[tuple[int, int]]]  # machine or operator -> hours that it was given just now


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One request to take a place."""

    scope: Scope
    order_id: int
    spot: Spot
    version: int | None = None
    conditions: frozenset[str] = frozenset()
    yes_to_more: bool = False
    key: str | None = None  # the same key and request: one act

    @property
    def asked(self) -> dict[str, Any]:
        """What the key stands for."""
        spans = [[span.machine_id, span.operator_id, span.begin_s, span.end_s] for span in self.spot.spans]
        return {"order": self.order_id, "spans": spans, "version": self.version, "conditions": sorted(self.conditions)}


@dataclass(slots=True)
class Ruling:
    """Prices, terms and who is told, of the organisations that were asked about; read from the database once each.

    Whoever keeps one for longer than a transaction books by what held when it was read.
    """

    zone: tzinfo = field(default_factory=timezone.get_current_timezone)
    orgs: dict[int, Org] = field(default_factory=dict)
    terms: dict[tuple[int, date], bool] = field(default_factory=dict)  # whether a deposit is asked for
    lists: dict[tuple[int, str, date], PriceList] = field(default_factory=dict)
    caps: dict[tuple[int, str, date], Cap | None] = field(default_factory=dict)
    told: dict[int, list[int]] = field(default_factory=dict)  # organisation -> its dispatchers
    is_heard: bool | None = None

    def org(self, org_id: int) -> Org:
        """The organisation."""
        if org_id not in self.orgs:
            self.orgs[org_id] = Org.objects.get(pk=org_id)
        return self.orgs[org_id]

    def list_of(self, org_id: int, operation: str, day: date) -> PriceList:
        """As `prices_of`."""
        which = (org_id, operation, day)
        if which not in self.lists:
            self.lists[which] = prices_of(*which)
        return self.lists[which]

    def cap(self, org: Org, operation: str, day: date) -> Cap | None:
        """As `cap_of`."""
        which = (org.pk, operation, day)
        if which not in self.caps:
            self.caps[which] = cap_of(org, operation, day)
        return self.caps[which]

    def wants_deposit(self, order: OrderRow) -> bool:
        """Whether the terms of the order's first day ask for one."""
        which = (order.org_id, order.created.astimezone(self.zone).date())
        if which not in self.terms:
            self.terms[which] = terms_of(*which).deposit_share > 0
        return self.terms[which]

    def dispatchers(self, org_id: int) -> list[int]:
        """Who is told for a cooperative."""
        if org_id not in self.told:
            self.told[org_id] = telling.dispatchers_of(org_id)
        return self.told[org_id]

    def heard(self) -> bool:
        """Whether somebody's webhook hears of orders."""
        if self.is_heard is None:  # feeds lie above this app
            self.is_heard = apps.get_model("feeds.Webhook").objects.filter(active=True).exists()
        return self.is_heard


@dataclass(slots=True)
class _Facts:
    """What is asked of the database once for all requests of one transaction."""

    ruling: Ruling
    issued: set[int] = field(default_factory=set)  # jobs that the plan in force serves
    waiting: set[int] = field(default_factory=set)  # orders
    met: dict[int, list[Met]] = field(default_factory=dict)  # request -> places in its way
    keys: set[tuple[int | None, str]] = field(default_factory=set)  # answered before


@dataclass(slots=True)
class _Rows:
    """What is to be written."""

    orders: list[OrderRow] = field(default_factory=list)
    places: list[dict[str, Any]] = field(default_factory=list)
    moves: list[dict[str, Any]] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)

    def write(self) -> None:
        """All of it."""
        with one_trip():
            update_rows(self.orders, COLUMNS)
            insert_rows(Place, self.places)
            insert_rows(OrderMove, self.moves)
            insert_rows(Notice, self.notices)
            insert_rows(Event, self.events)
            insert_rows(Answered, self.answers)


def take_all(wanted: Sequence[Wanted], now: datetime | None = None, ruling: Ruling | None = None) -> list[Answer]:
    """Each request's order, booked, or why not; all that was done is committed when this returns.

    `ruling`: what was read of prices and terms a moment ago, where that is good enough; it gains what was missing.
    """
    now = now or timezone.now()
    answers: dict[int, Answer] = {}
    with transaction.atomic():
        ruling = ruling or Ruling()
        orders, rows = _locked(wanted, ruling), _Rows()
        facts = _ask(wanted, orders, ruling)
        given: Given = defaultdict(list)
        for number, one in enumerate(wanted):
            order = orders.pop(one.order_id, None)  # twice the same order: the second is not plain
            if order is None or not _is_plain(number, one, order, given, facts, now):
                continue
            try:
                with_order = _take(one, order, facts, rows, now)
            except NongshiError:
                continue
            if with_order is not None:
                answers[number] = with_order
                facts.keys |= {(one.scope.person_id, one.key)} if one.key else set()
                for who, begin_s, end_s in _who(one.spot):
                    given[who].append((begin_s, end_s))
        rows.write()
        for number, one in enumerate(wanted):
            if number not in answers:
                answers[number] = _take_alone(one, now)
    return [answers[number] for number in range(len(wanted))]


def _locked(wanted: Sequence[Wanted], ruling: Ruling) -> dict[int, OrderRow]:
    ids = sorted({one.order_id for one in wanted})
    rows = OrderRow.objects.select_for_update(of=("self",)).select_related("job__field").only(*READ)
    found = {row.pk: row for row in rows.filter(pk__in=ids).order_by("pk")}
    for row in found.values():
        row.org = ruling.org(row.org_id)
    places.lock([span for one in wanted for span in one.spot.spans])
    return found


def _ask(wanted: Sequence[Wanted], orders: dict[int, OrderRow], ruling: Ruling) -> _Facts:
    facts = _Facts(ruling)
    number_of = [number for number, one in enumerate(wanted) for _ in one.spot.spans]
    spans = [span for one in wanted for span in one.spot.spans]
    by_request: defaultdict[int, list[Met]] = defaultdict(list)
    for met in places.meeting(spans) if spans else ():
        by_request[number_of[met.number]].append(met)
    facts.met = by_request
    jobs = [order.job_id for order in orders.values()]
    served = {"state": OrderState.ISSUED, "plan__state": PlanState.PUBLISHED, "job_id__in": jobs}
    facts.issued = set(WorkOrder.objects.filter(**served).order_by().values_list("job_id", flat=True))
    facts.waiting = set(Waiting.objects.filter(order__in=list(orders)).order_by().values_list("order_id", flat=True))
    keys = {(one.scope.person_id, one.key) for one in wanted if one.key}
    if keys:
        people, named = {person for person, _ in keys if person}, [key for _, key in keys]
        facts.keys = set(Answered.objects.filter(person__in=people, key__in=named).values_list("person_id", "key"))
    return facts


def _is_plain(number: int, one: Wanted, order: OrderRow, given: Given, facts: _Facts, now: datetime) -> bool:
    """Whether nothing of the unusual is met."""
    return not (
        order.state != State.DRAFT
        or facts.ruling.heard()
        or facts.met.get(number)
        or _overlaps(one.spot, given)
        or order.job_id in facts.issued
        or order.pk in facts.waiting
        or (one.version is not None and one.version != order.version)
        or (one.key is not None and (one.scope.person_id is None or (one.scope.person_id, one.key) in facts.keys))
        or not _reaches(one.scope, order)
        or facts.ruling.wants_deposit(order)
    )


def _who(spot: Spot) -> list[tuple[str, int, int]]:
    """Machines and operators of a spot with their hours, in seconds."""
    machines = [(f"machine {span.machine_id}", span.begin_s, span.end_s) for span in spot.spans]
    return machines + [
        (f"operator {span.operator_id}", span.begin_s, span.end_s) for span in spot.spans if span.operator_id
    ]


def _overlaps(spot: Spot, given: Given) -> bool:
    """Whether hours of the spot were given to somebody just now."""
    return any(begin_s < till_s and end_s > from_s for who, begin_s, end_s in _who(spot)
               for from_s, till_s in given.get(who, ()))  # fmt: skip


def _reaches(scope: Scope, order: OrderRow) -> bool:
    """Whether the scope may change the order; the same rule as `OrderRow.objects.changed_by`, for what is plain."""
    if scope.everything or order.org_id in scope.orgs(OrderRow.resource, change=True):
        return True
    return order.job.grower_id == scope.person_id and order.org_id in scope.own_in(OrderRow.resource, change=True)


def _take(one: Wanted, order: OrderRow, facts: _Facts, rows: _Rows, now: datetime) -> OrderRow | None:
    """Quote and book one order in memory; None where a move writes more than what is plain."""
    scope, before = one.scope, order.to_room()
    sides = [Who.COOP if scope.everything else side_of(scope, order, act) for act in (Act.QUOTE, Act.BOOK)]
    says = Says(start=one.spot.start, area_ha=order.job.area_ha)
    quoted, first = room.move(before, Act.QUOTE, sides[0], now, says)
    booked, second = room.move(quoted, Act.BOOK, sides[1], now, NOTHING)
    if not {*first, *second} <= PLAIN:
        return None
    put_price(order, one.spot, one.conditions, one.yes_to_more, facts.ruling.list_of, facts.ruling.cap)
    order.take_over(booked)
    rows.orders.append(order)
    rows.places += places.places_of(order, one.spot, None)
    for act, side, start, to in ((Act.QUOTE, sides[0], before, quoted), (Act.BOOK, sides[1], quoted, booked)):
        rows.moves.append(move_row(order, act, side, scope.person_id, now, start, to))
        rows.events.append(event_row(order, act, scope.person_id, to))
    people = [*([order.job.grower_id] if order.job.grower_id else []), *facts.ruling.dispatchers(order.org_id)]
    rows.notices += telling.notices_to(order, Act.BOOK, people)
    if one.key:
        rows.answers.append(_answered(one, order))
    return order


def _answered(one: Wanted, order: OrderRow) -> dict[str, Any]:
    digest = hashlib.sha256(json.dumps(one.asked, sort_keys=True, default=str).encode()).hexdigest()
    body = json.dumps({"order": order.pk}).encode()
    return {
        "person_id": one.scope.person_id, "key": one.key, "request_digest": digest, "status": 200, "body": body,
        "content_type": "application/json",
    }  # fmt: skip


def _take_alone(one: Wanted, now: datetime) -> Answer:
    """As anybody's request; what it wrote before it was refused is taken back."""

    def do() -> OrderRow:
        return services.take(
            one.scope, one.order_id, one.spot, one.version,
            conditions=one.conditions, yes_to_more=one.yes_to_more, now=now,
        )  # fmt: skip

    try:
        with transaction.atomic():
            if one.key is None:
                return do()
            said = once(one.scope, one.key, one.asked, lambda: {"order": do().pk})
            return OrderRow.objects.get(pk=said["order"])
    except NongshiError as fault:
        return fault
