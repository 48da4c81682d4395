"""The whole machine of orders in any order, crashes between its writes: every promise holds after each step."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.site.orders.shop import Shop
from tests.site.orders.test_orders import measured
from tests.site.world import make_person

from nongshi.core.errors import NongshiError
from nongshi.market.orders import MOVES, Act, Effect, Says, State, Who
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.money.models import Posting
from nongshi.site.money.services import balances, check_books
from nongshi.site.orders import moves, services
from nongshi.site.orders.models import OrderMove, OrderRow, Place, Settlement
from nongshi.site.plans.models import Notice

ORDERS, SPOTS = 3, 2
ENDING = (Act.CANCEL, Act.MISS, Act.LAPSE)


class Killed(BaseException):
    """As if the process had died here."""


@contextmanager
def killed_at(write: int | None, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Die before the write-th effect."""
    if write is None:
        yield
        return
    real, count = moves._write, [0]

    def dies(*given: Any) -> None:
        if count[0] == write:
            raise Killed
        count[0] += 1
        real(*given)

    with patch.context() as inner:
        inner.setattr(moves, "_write", dies)
        yield


def test_whatever_happens_the_promises_hold(shop: Shop) -> None:
    reached: set[str] = set()

    @settings(max_examples=20, deadline=None, derandomize=True, database=None)
    @given(seed=st.integers(0, 2**32), kills=st.booleans())
    def season(seed: int, kills: bool) -> None:
        with pytest.MonkeyPatch.context() as patch, transaction.atomic():
            _season(shop, Random(seed), patch, reached, kills=kills)
            transaction.set_rollback(True)

    season()
    assert reached == {state.value for state in State}, "a state that no season reached was not tested"


def _season(shop: Shop, random: Random, patch: pytest.MonkeyPatch, reached: set[str], *, kills: bool) -> None:
    patch.setattr(services.places, "spots_for", lambda order, now: [])
    officer = make_person(shop.org.parent, RoleKind.OFFICER, name="农办")
    people = [shop.scope(one) for one in (*shop.farmers, shop.dispatcher, shop.driver, officer)] + [EVERYTHING]
    orders = [services.open_order(shop.scope(farmer), shop.job(farmer).pk).pk for farmer in shop.farmers[:ORDERS]]
    now, told = shop.now, {}
    for _ in range(60):
        now += timedelta(minutes=random.choice([0, 0, 5, 20, 60, 24 * 60]))
        pk, scope, act = random.choice(orders), random.choice(people), random.choice([*Act, None])
        if random.random() < 0.8:  # most of the time somebody does what is theirs to do
            scope, act = _fitting(shop, random, officer, pk)
        kill = random.randrange(4) if kills and random.random() < 0.4 else None
        before = _rows()
        try:
            with killed_at(kill, patch):
                _try(shop, random, scope, pk, act, now)
        except NongshiError:
            pass
        except Killed:
            assert _rows() == before, "half a move was kept"
        told = _check(orders, told)
        reached.update(OrderRow.objects.filter(pk__in=orders).values_list("state", flat=True))


def _fitting(shop: Shop, random: Random, officer: Any, pk: int) -> tuple[Any, Act | None]:
    """A move that the table has for the order's state, by whoever may make it; calling off is rare."""
    order = OrderRow.objects.select_related("job__grower").get(pk=pk)
    acts = [act for act, rule in MOVES.items() if order.state in rule.start]
    acts = [act for act in acts if act not in ENDING or random.random() < 0.1]
    if not acts:
        return EVERYTHING, None
    act = random.choice(acts)
    person = {Who.FARMER: order.job.grower, Who.COOP: shop.dispatcher, Who.OPERATOR: shop.driver, Who.THIRD: officer}
    who = random.choice(sorted(MOVES[act].who))
    return (EVERYTHING, None) if who == Who.CLOCK else (shop.scope(person[who]), act)


def _try(shop: Shop, random: Random, scope: Any, pk: int, act: Act | None, now: Any) -> None:
    if act is None:
        services.tick(now) if random.random() < 0.5 else services.wait(scope, pk)
    elif act == Act.QUOTE:
        services.quote(scope, pk, [shop.spot(random.randrange(SPOTS))], now=now)
    elif act == Act.BOOK:
        services.book(scope, pk, now=now)
    elif act == Act.MEASURE:
        services.measure(scope, pk, measured(random.choice([1.0, 1.01, 1.2]), sure=random.random() < 0.8), now=now)
    else:
        services.act(scope, pk, act, says=Says(area_ha=random.choice([None, 0.9])), now=now)


def _rows() -> dict[str, Any]:
    return {
        "orders": list(OrderRow.objects.order_by("pk").values_list("pk", "state", "version", "start", "price_fen")),
        "places": list(Place.objects.order_by("pk").values_list("order_id", "begin_s", "held_until")),
        "moves": OrderMove.objects.count(),
        "postings": Posting.objects.count(),
        "notices": Notice.objects.count(),
    }


def _check(orders: list[int], told: dict[int, Any]) -> dict[int, Any]:
    """Every promise; answers the hours that are booked now."""
    assert check_books() == []
    places = list(Place.objects.order_by("machine_id", "begin_s"))
    for one, other in pairwise(places):
        assert one.machine_id != other.machine_id or one.end_s <= other.begin_s
    booked = {}
    for order in OrderRow.objects.filter(pk__in=orders):
        state = State(order.state)
        taken = order.places.filter(held_until=None).count()
        if state in (State.BOOKED, State.DISPATCHED, State.IN_WORK):
            assert taken == 1
            booked[order.pk] = order.start
        assert (state == State.QUOTED) <= (order.places.count() == 1)
        assert order.moves.count() == order.version - 1
        settled = Settlement.objects.filter(order=order).count()
        assert settled == (state == State.SETTLED)
        assert Posting.objects.filter(about=order.about, kind="settlement").count() == settled
        assert Posting.objects.filter(about=order.about).count() <= 1
        for act in ("book", "cancel"):
            done = order.moves.filter(act=act).count()
            assert Notice.objects.filter(about=order.about, person=order.job.grower).count() >= done
        if order.pk in told and order.pk in booked:
            assert booked[order.pk] == told[order.pk], "a booked time was moved and nobody was told"
    assert sum(balances(order.org_id).values()) == 0
    return booked


def test_crashes_are_met_at_every_write(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault that the test above plants does strike: at each effect of a booking, and nothing of it is kept."""
    farmer = shop.scope(shop.farmers[0])
    order = services.open_order(farmer, shop.job().pk)
    services.quote(farmer, order.pk, [shop.spot()], now=shop.now)
    before = _rows()
    for write in range(len((Effect.TAKE_PLACE, Effect.TELL_FARMER, Effect.TELL_COOP))):
        with killed_at(write, monkeypatch), pytest.raises(Killed):
            services.book(farmer, order.pk, now=shop.now)
        assert _rows() == before
    services.book(farmer, order.pk, now=shop.now)
    assert _rows() != before
