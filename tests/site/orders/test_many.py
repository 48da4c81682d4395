"""Places taken together are places taken one after another: the same answers, the same rows, each place once."""

import threading
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.site.orders import processes
from tests.site.orders.shop import Shop, make_shop

from nongshi.core.errors import NongshiError
from nongshi.site.base.models import Answered, Event
from nongshi.site.base.once import KeyReused
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.money.models import PriceRow
from nongshi.site.orders import many, places, services
from nongshi.site.orders.checks import check_places
from nongshi.site.orders.counter import Counter
from nongshi.site.orders.many import Ruling, Wanted, take_all
from nongshi.site.orders.models import OrderMove, OrderRow, Place
from nongshi.site.plans.models import Notice


@pytest.fixture(autouse=True)
def _no_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "spots_for", lambda order, now: [])


def rows() -> dict[str, Any]:
    """Everything that was written, without ids and moments."""
    return {
        "orders": list(OrderRow.objects.order_by("pk").values_list(
            "pk", "state", "version", "start", "end", "held_until", "machine", "operator", "price", "price_fen",
            "conditions", "booked_ha")),
        "places": sorted(Place.objects.values_list("order", "machine", "begin_s", "end_s", "held_until"), key=str),
        "moves": sorted(OrderMove.objects.values_list("order", "act", "side", "by", "start", "to", "note"), key=str),
        "notices": sorted(Notice.objects.values_list("person", "about", "text", "text_en")),
        "events": sorted((e.name, e.about, e.by_id or 0, e.org_id, str(e.data)) for e in Event.objects.all()),
    }  # fmt: skip


def undone(do: Any) -> tuple[Any, dict[str, Any]]:
    """What it answers and writes, taken back."""
    with transaction.atomic():
        answers, written = do(), rows()
        transaction.set_rollback(True)
    return answers, written


def alone(wanted: list[Wanted], shop: Shop) -> list[str]:
    answers = []
    for one in wanted:
        try:
            with transaction.atomic():
                services.take(one.scope, one.order_id, one.spot, one.version, now=shop.now)
            answers.append("booked")
        except NongshiError as fault:
            answers.append(fault.code)
    return answers


def together(wanted: list[Wanted], shop: Shop) -> list[str]:
    return ["booked" if isinstance(one, OrderRow) else one.code for one in take_all(wanted, shop.now)]


def test_together_is_as_one_after_another(shop: Shop) -> None:
    """Plain requests, and among them: strangers, wrong versions, taken and held and lapsed places, orders twice."""
    orders = [shop.order(shop.farmers[i % 3]).pk for i in range(6)]
    services.quote(EVERYTHING, orders[4], [shop.spot(0)], now=shop.now - timedelta(days=1))  # a hold that lapsed
    services.quote(EVERYTHING, orders[5], [shop.spot(1)], now=shop.now)  # one that holds
    scopes = [shop.scope(one) for one in (*shop.farmers, shop.dispatcher, shop.driver)] + [EVERYTHING]
    ask = st.tuples(st.sampled_from(orders), st.integers(0, 3), st.integers(0, 1), st.sampled_from(scopes),
                    st.sampled_from([None, None, 1, 7]))  # fmt: skip

    @settings(max_examples=25, deadline=None, derandomize=True, database=None, phases=(Phase.generate,))
    @given(asked=st.lists(ask, min_size=1, max_size=8, unique_by=(lambda one: one[0], lambda one: (one[1], one[2]))))
    def same(asked: list[tuple[Any, ...]]) -> None:
        wanted = [Wanted(scope=scope, order_id=pk, spot=shop.spot(number, machine), version=version)
                  for pk, number, machine, scope, version in asked]  # fmt: skip
        one, other = undone(lambda: alone(wanted, shop)), undone(lambda: together(wanted, shop))
        assert one == other

    same()


def test_who_comes_first_in_a_batch_gets_the_place(shop: Shop) -> None:
    orders = [shop.order(shop.farmers[i]).pk for i in range(3)]
    wanted = [Wanted(scope=EVERYTHING, order_id=pk, spot=shop.spot(0)) for pk in orders]
    assert together([*wanted, wanted[0]], shop) == ["booked", "place_gone", "place_gone", "bad_usage"]
    assert Place.objects.count() == 1
    assert check_places() == []


def test_the_same_key_twice_is_one_booking(shop: Shop) -> None:
    scope = shop.scope(shop.farmers[0])
    one = Wanted(scope=scope, order_id=shop.order().pk, spot=shop.spot(0), key="a-key-of-a-phone")
    other = Wanted(scope=scope, order_id=shop.order().pk, spot=shop.spot(1), key="a-key-of-a-phone")
    answers = take_all([one, one, other], shop.now)
    assert [getattr(answer, "pk", None) for answer in answers] == [one.order_id, one.order_id, None]
    assert isinstance(answers[2], KeyReused)
    assert isinstance(take_all([one], shop.now)[0], OrderRow)
    assert (Answered.objects.count(), OrderMove.objects.count()) == (1, 2)


def test_a_plain_batch_needs_no_booking_alone(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "_take_alone", lambda *given: pytest.fail("this one was plain"))
    orders = [shop.order(shop.farmers[i]).pk for i in range(3)]
    wanted = [Wanted(scope=shop.scope(shop.farmers[i]), order_id=pk, spot=shop.spot(i)) for i, pk in enumerate(orders)]
    assert together(wanted, shop) == ["booked"] * 3


def test_a_ruling_that_was_read_before_books_by_what_held_then(shop: Shop) -> None:
    orders = [shop.order(shop.farmers[i]).pk for i in range(3)]
    spots = (shop.spot(0), shop.spot(0, 1), shop.spot(1))  # the first two on one day
    first, second, third = (
        Wanted(scope=EVERYTHING, order_id=pk, spot=spot) for pk, spot in zip(orders, spots, strict=True)
    )
    ruling = Ruling()
    (one,) = take_all([first], shop.now, ruling)
    PriceRow.objects.create(
        org_id=OrderRow.objects.get(pk=orders[0]).org_id, operation=one.job.operation, since=date(2020, 1, 1),
        per_ha_fen=999_900, minimum_fen=0, small_ha=0.0, small_share=0.0, near_km=0.0, km_fen=0,
    )  # fmt: skip
    (two,) = take_all([second], shop.now, ruling)
    (three,) = take_all([third], shop.now)
    assert one.price_fen == two.price_fen != three.price_fen == round(999_900 * three.booked_ha)


def test_places_in_the_way_are_those_that_overlap(shop: Shop) -> None:
    """Against every pair compared, on places of two machines that do not overlap, with gaps and without."""
    rng, begin_s, there = Random(7), int(shop.now.timestamp()), []
    for machine, operator in zip(shop.machines[:2], shop.operators[:2], strict=True):
        at_s = begin_s
        for _ in range(12):
            at_s, end_s = at_s + rng.choice([0, 0, 1, 50]), at_s + 60 + rng.randrange(100)
            span = places.Span(machine.pk, operator.pk, at_s, end_s)
            order = shop.order()
            Place.objects.bulk_create(Place(**row) for row in places.places_of(order, places.Spot((span,)), None))
            there.append((order.pk, span))
            at_s = end_s
    asked = [
        places.Span(shop.machines[rng.randrange(2)].pk, rng.choice([None, shop.operators[rng.randrange(2)].pk]),
                    begin_s + begin, begin_s + begin + rng.choice([1, 60, 400]))
        for begin in rng.sample(range(-50, 2000), 200)
    ]  # fmt: skip

    def meets(one: places.Span, other: places.Span) -> bool:
        same = one.machine_id == other.machine_id or (one.operator_id or -1) == other.operator_id
        return same and one.begin_s < other.end_s and one.end_s > other.begin_s

    wanted = {(n, pk) for n, span in enumerate(asked) for pk, other in there if meets(span, other)}
    assert {(met.number, met.order_id) for met in places.meeting(asked)} == wanted
    assert 50 < len({n for n, _ in wanted}) < 200


@pytest.mark.django_db(transaction=True)
def test_at_the_counter_everybody_is_answered_and_a_failed_commit_books_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = make_shop()
    orders = [shop.order(shop.farmers[i % 3]).pk for i in range(12)]
    with processes.shared_database(tmp_path):
        counter, answers, failing = Counter(lambda: shop.now), [], [True]
        real = many.take_all

        def fails_first(*given: Any) -> Any:
            if failing:
                failing.clear()
                with transaction.atomic():
                    real(*given)
                    raise DatabaseError("the disk is full")
            return real(*given)

        monkeypatch.setattr("nongshi.site.orders.counter.take_all", fails_first)
        with pytest.raises(DatabaseError):
            counter.take(Wanted(scope=EVERYTHING, order_id=orders[0], spot=shop.spot(0)))
        assert Place.objects.count() == 0

        def phone(number: int) -> None:
            try:
                wanted = Wanted(scope=EVERYTHING, order_id=orders[number], spot=shop.spot(number % 4))
                answers.append(counter.take(wanted).state)
            except services.Gone:
                answers.append("gone")
            finally:
                connections.close_all()

        threads = [threading.Thread(target=phone, args=(number,)) for number in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        counter.close()
        assert sorted(answers) == ["booked"] * 4 + ["gone"] * 8
        assert check_places() == []
        connections.close_all()
