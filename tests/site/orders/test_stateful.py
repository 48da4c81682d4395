"""The whole machine of orders in any order, killed between any two writes: every promise holds after each step."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from tests.site.orders.shop import Shop
from tests.site.orders.test_orders import measured
from tests.site.world import make_person

from nongshi.core.errors import NongshiError
from nongshi.market.assumptions import LATE_MIN
from nongshi.market.orders import MOVES, Act, Says, State, Who
from nongshi.site.base.models import Event
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.jobs.models import FieldJob
from nongshi.site.money.models import Entry, Posting
from nongshi.site.money.services import balances, check_books
from nongshi.site.orders import following, places, services
from nongshi.site.orders.checks import check_places
from nongshi.site.orders.many import Wanted, take_all
from nongshi.site.orders.models import OrderMove, OrderRow, Place, Settlement, Waiting
from nongshi.site.plans.models import Notice, WorkOrder

ORDERS, SPOTS = 3, 2
ENDING = (Act.CANCEL, Act.MISS, Act.LAPSE)
FITTING = sorted(set(MOVES) - set(ENDING) - {Act.QUOTE, Act.BOOK})
WRITES = ("INSERT", "UPDATE", "DELETE", "COPY")
KILL = st.one_of(st.none(), st.none(), st.integers(0, 12))  # before which write; None: not at all
WHICH = st.integers(0, ORDERS - 1)
SPOT = st.integers(0, SPOTS - 1)


class Killed(BaseException):
    """As if the process had died here."""


@contextmanager
def killed_at(write: int | None) -> Iterator[None]:
    """Die before the write-th statement that writes."""
    count = 0

    def strike(sql: str) -> None:
        nonlocal count
        if sql.lstrip().startswith(WRITES):
            if count == write:
                raise Killed
            count += 1

    def dies(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        strike(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(dies), in_bulk(strike):
        yield


@contextmanager
def in_bulk(strike: Callable[[str], None]) -> Iterator[None]:
    """What `base.bulk` sends to PostgreSQL past Django's cursors is struck, too."""
    if connection.vendor != "postgresql":
        yield
        return
    import psycopg

    def struck(real: Any) -> Any:
        def run(cursor: Any, query: Any, *given: Any, **more: Any) -> Any:
            strike(str(query))
            return real(cursor, query, *given, **more)

        return run

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.RawCursor, "execute", struck(psycopg.RawCursor.execute))
        yield


class Orders(RuleBasedStateMachine):
    """Three orders, their people, and a clock that only goes forward."""

    shop: Shop
    reached: set[str]

    def __init__(self) -> None:
        super().__init__()
        self.open = transaction.atomic()
        self.open.__enter__()
        shop = self.shop
        officer = make_person(shop.org.parent, RoleKind.OFFICER, name="农办")
        self.scopes = {
            Who.COOP: shop.scope(shop.dispatcher),
            Who.OPERATOR: shop.scope(shop.driver),
            Who.THIRD: shop.scope(officer),
        }
        self.farmers = [shop.scope(farmer) for farmer in shop.farmers[:ORDERS]]
        jobs = [shop.job(farmer).pk for farmer in shop.farmers[:ORDERS]]
        self.orders = [services.open_order(scope, job).pk for scope, job in zip(self.farmers, jobs, strict=True)]
        self.now = shop.now
        self.hours: dict[int, tuple[Any, int, int]] = {}  # order -> its booked hour, notices, lost places at that time

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.open.__exit__(None, None, None)

    def do(self, act: Any, kill: int | None, *, whole: bool = True) -> None:
        """One act, perhaps killed; then nothing of it is there, unless it is many acts of their own each."""
        before = _rows()
        try:
            with killed_at(kill):
                act()
        except NongshiError:
            assert not whole or _rows() == before, "a refused act left something"
        except Killed:
            assert not whole or _rows() == before, "half a move was kept"

    @rule(minutes=st.sampled_from([5, 20, 60, 24 * 60]))
    def time_goes_on(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(which=WHICH, spot=SPOT, kill=KILL)
    def a_farmer_quotes(self, which: int, spot: int, kill: int | None) -> None:
        scope, pk = self.farmers[which], self.orders[which]
        self.do(lambda: services.quote(scope, pk, [self.shop.spot(spot)], now=self.now), kill)

    @rule(which=WHICH, kill=KILL)
    def a_farmer_books(self, which: int, kill: int | None) -> None:
        self.do(lambda: services.book(self.farmers[which], self.orders[which], now=self.now), kill)

    @rule(spots=st.lists(SPOT, min_size=1, max_size=ORDERS), kill=KILL)
    def several_book_at_the_counter(self, spots: list[int], kill: int | None) -> None:
        wanted = [Wanted(scope=self.farmers[i], order_id=self.orders[i], spot=self.shop.spot(n))
                  for i, n in enumerate(spots)]  # fmt: skip
        self.do(lambda: take_all(wanted, self.now), kill)

    @rule(which=WHICH, pick=st.integers(0, 20), ha=st.sampled_from([None, 0.9]), kill=KILL)
    def somebody_does_what_fits(self, which: int, pick: int, ha: float | None, kill: int | None) -> None:
        self.somebody_does_what_fits_now(which, pick, ha, kill)

    def somebody_does_what_fits_now(self, which: int, pick: int, ha: float | None, kill: int | None) -> None:
        order = OrderRow.objects.get(pk=self.orders[which])
        acts = [(act, who) for act in FITTING if order.state in MOVES[act].start
                for who in sorted(MOVES[act].who - {Who.CLOCK})]  # fmt: skip
        if acts:
            self.make(which, *acts[pick % len(acts)], ha, kill)

    @rule(which=WHICH, act=st.sampled_from([*FITTING, *ENDING]), who=st.sampled_from(sorted(set(Who) - {Who.CLOCK})),
          kill=KILL)  # fmt: skip
    def anybody_tries_anything(self, which: int, act: Act, who: Who, kill: int | None) -> None:
        if act not in ENDING or kill is not None:  # else nearly all orders are soon called off
            self.make(which, act, who, None, kill)

    @rule(which=WHICH, who=st.sampled_from([Who.FARMER, Who.COOP]))
    def somebody_calls_off_or_was_not_there(self, which: int, who: Who) -> None:
        if self.now > self.shop.now + timedelta(hours=2):  # late enough that others are on their way
            self.make(which, Act.MISS, who, None, None)
            self.make(which, Act.CANCEL, who, None, None)

    @rule(which=WHICH, who=st.sampled_from([Who.FARMER, Who.COOP]), late=st.sampled_from([-1, 0, 30]), kill=KILL)
    def the_hour_comes_and_somebody_is_not_there(self, which: int, who: Who, late: int, kill: int | None) -> None:
        """One minute before it may be said, at that minute, and later."""
        order = OrderRow.objects.get(pk=self.orders[which])
        if order.state in (State.BOOKED, State.DISPATCHED) and order.start is not None:
            self.now = max(self.now, order.start + timedelta(minutes=LATE_MIN + late))
            self.make(which, Act.MISS, who, None, kill)

    @rule(which=WHICH, picks=st.lists(st.integers(0, 20), min_size=3, max_size=8))
    def an_order_goes_its_way(self, which: int, picks: list[int]) -> None:
        """From a place to money, if nothing is in the way."""
        scope, pk = self.farmers[which], self.orders[which]
        self.do(lambda: services.quote(scope, pk, [self.shop.spot(picks[0] % SPOTS)], now=self.now), None)
        self.do(lambda: services.book(scope, pk, now=self.now), None)
        for pick in picks:
            self.somebody_does_what_fits_now(which, pick, None, None)

    def make(self, which: int, act: Act, who: Who, ha: float | None, kill: int | None) -> None:
        scope, pk = self.farmers[which] if who == Who.FARMER else self.scopes[who], self.orders[which]
        if act == Act.MEASURE:
            done = measured(1.01 if ha is None else 1.2, sure=ha is None)
            self.do(lambda: services.measure(scope, pk, done, now=self.now), kill)
        else:
            self.do(lambda: services.act(scope, pk, act, says=Says(area_ha=ha), now=self.now), kill)

    @rule(which=WHICH, kill=KILL)
    def a_job_waits_for_a_place(self, which: int, kill: int | None) -> None:
        self.do(lambda: services.wait(self.farmers[which], self.orders[which]), kill)

    @rule(kill=KILL)
    def the_clock_looks(self, kill: int | None) -> None:
        self.do(lambda: services.tick(self.now), kill, whole=False)

    @precondition(lambda self: bool(self.hours))
    @rule(puts=st.dictionaries(WHICH, st.integers(0, SPOTS + 2), max_size=2), left=st.sets(WHICH), kill=KILL)
    def a_plan_is_published(self, puts: dict[int, int], left: set[int], kill: int | None) -> None:
        """It gives jobs other hours, perhaps those of somebody else's order, and leaves out what it had before."""
        taken: dict[int, int] = {spot: which for which, spot in puts.items()}  # no plan gives one place twice
        work = [self.work_order(which, spot) for spot, which in taken.items()]
        before = [self.work_order(which, 0) for which in left | set(puts)]

        def publish() -> None:
            with transaction.atomic():  # as everything that publishing does
                following.follow_published(self.scopes[Who.COOP], before, work)

        self.do(publish, kill)

    def work_order(self, which: int, spot: int) -> WorkOrder:
        job, place = OrderRow.objects.get(pk=self.orders[which]).job_id, self.shop.spot(spot)
        span = place.first
        return WorkOrder(org=self.shop.org, job_id=job, machine_id=span.machine_id, area_ha=1.0,
                         operator_id=span.operator_id, start=place.start, end=place.end)  # fmt: skip

    @invariant()
    def every_fen_is_somewhere(self) -> None:
        assert check_books() == []
        assert sum(balances(self.shop.org.pk).values()) == 0

    @invariant()
    def every_place_is_one_orders(self) -> None:
        assert check_places() == []
        rows = list(Place.objects.order_by("machine_id", "begin_s"))
        assert all(a.machine_id != b.machine_id or a.end_s <= b.begin_s for a, b in pairwise(rows))

    @invariant()
    def settled_is_settled_once(self) -> None:
        sheets = Counter(Settlement.objects.values_list("order_id", flat=True))
        postings = Counter(Posting.objects.values_list("about", "kind"))
        acts = Counter(OrderMove.objects.values_list("order_id", "act"))
        moved = Event.objects.filter(name="OrderMoved").exclude(data__act="replan")
        logged = Counter(moved.values_list("about", flat=True))
        held = Counter(Place.objects.exclude(held_until=None).values_list("order_id", flat=True))
        for order in OrderRow.objects.filter(pk__in=self.orders):
            self.reached.add(order.state)
            assert sheets[order.pk] == (order.state == State.SETTLED)
            assert postings[order.about, "settlement"] == sheets[order.pk]
            assert sum(count for (about, _), count in postings.items() if about == order.about) <= 1
            assert acts[order.pk, Act.SETTLE] <= 1
            moves = sum(count for (pk, _), count in acts.items() if pk == order.pk)
            assert logged[order.about] == moves, "a move stands in no log of acts"
            assert held[order.pk] <= (order.state == State.QUOTED)  # none, where a plan gave its hours to others

    @invariant()
    def a_booked_hour_is_kept_or_its_change_told(self) -> None:
        """Whoever's hour is another, or gone, has a notice more than before."""
        notices = Counter(Notice.objects.values_list("about", "person_id"))
        hours = dict(Place.objects.filter(held_until=None).values_list("order_id", "begin_s"))
        for order in OrderRow.objects.filter(pk__in=self.orders).select_related("job"):
            told = notices[order.about, order.job.grower_id]
            booked = order.state in (State.BOOKED, State.DISPATCHED)
            hour = hours.get(order.pk) if booked else None
            if order.pk in self.hours and (booked or order.state in (State.CANCELLED, State.NO_SHOW)):
                was, before, version = self.hours[order.pk]
                # a machine that is on its way is sent elsewhere by publishing, which tells its people itself
                sent_elsewhere = order.state == State.DISPATCHED and hour is not None and order.version != version
                assert hour == was or told > before or sent_elsewhere, "an hour was changed and nobody told"
            if booked:
                self.hours[order.pk] = (hour, told, order.version)
            else:
                self.hours.pop(order.pk, None)


def test_whatever_happens_the_promises_hold(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _seasons(shop, monkeypatch, 160, steps=30) == {state.value for state in State}, "not every state was reached"


def test_in_a_few_short_seasons_the_promises_hold(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, as far as `make test` has time for it."""
    assert {"booked", "settled", "disputed"} <= _seasons(shop, monkeypatch, 10, steps=20)


def _seasons(shop: Shop, monkeypatch: pytest.MonkeyPatch, count: int, *, steps: int) -> set[str]:
    """Play seasons, the same ones at each call; the states that orders were in."""
    reached: set[str] = set()
    monkeypatch.setattr(places, "spots_for", lambda order, now: [])
    monkeypatch.setattr(Orders, "shop", shop, raising=False)
    monkeypatch.setattr(Orders, "reached", reached, raising=False)
    run_state_machine_as_test(
        Orders,
        settings=settings(max_examples=count, stateful_step_count=steps, deadline=None, derandomize=True, database=None,
                          phases=(Phase.generate,), suppress_health_check=list(HealthCheck)),
    )  # fmt: skip
    return reached


def _rows() -> dict[str, Any]:
    return {
        "orders": list(OrderRow.objects.order_by("pk").values_list("pk", "state", "version", "start", "price_fen")),
        "places": list(Place.objects.order_by("pk").values_list("order_id", "begin_s", "held_until")),
        "jobs": list(FieldJob.objects.order_by("pk").values_list("pk", "status", "version")),
        "waiting": list(Waiting.objects.order_by("pk").values_list("order_id", "offered_at")),
        "moves": OrderMove.objects.count(),
        "sheets": Settlement.objects.count(),
        "postings": Posting.objects.count(),
        "entries": list(Entry.objects.order_by("pk").values_list("account_id", "amount_fen")),
        "notices": Notice.objects.count(),
        "acts": Event.objects.count(),
    }


def test_crashes_are_met_at_every_write(shop: Shop) -> None:
    """The fault that the test above plants does strike: at each write of a booking, and nothing of it is kept."""
    farmer = shop.scope(shop.farmers[0])
    order = services.open_order(farmer, shop.job().pk)
    services.quote(farmer, order.pk, [shop.spot()], now=shop.now)
    before, write = _rows(), 0
    while True:
        try:
            with killed_at(write):
                services.book(farmer, order.pk, now=shop.now)
            break
        except Killed:
            assert _rows() == before
            write += 1
    assert write >= 5  # order, move, place, notices, act
    assert _rows() != before


def test_a_kill_strikes_many_bookings_at_once(shop: Shop) -> None:
    orders = [shop.order(shop.farmers[i]).pk for i in range(3)]
    wanted = [Wanted(scope=EVERYTHING, order_id=pk, spot=shop.spot(i)) for i, pk in enumerate(orders)]
    before, struck = _rows(), 0
    for write in range(3):
        with pytest.raises(Killed), killed_at(write):
            take_all(wanted, shop.now)
        assert _rows() == before
        struck += 1
    assert struck == 3
