"""No double booking: many processes, few places; and what happens when the lock is taken out."""

import time
from contextlib import nullcontext
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import DatabaseError, connection
from tests.site.orders import processes
from tests.site.orders.shop import Shop, job_values, make_shop

from nongshi.site.base.scope import EVERYTHING
from nongshi.site.jobs.models import FieldJob
from nongshi.site.orders import guards, places, services
from nongshi.site.orders.models import OrderRow, Place
from nongshi.site.orders.places import Spot

PROCESSES, PLACES = 20, 50
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def crowd(tmp_path: Path) -> Any:
    """A shop with as many orders for each process as there are places."""
    shop = make_shop(machines=5)
    first = shop.job()
    jobs = [FieldJob(**job_values(shop, first.field, shop.farmers[0], f"R{i}")) for i in range(PROCESSES * PLACES)]
    FieldJob.objects.bulk_create(jobs)
    orders = OrderRow.objects.bulk_create(OrderRow(org=shop.org, job=job) for job in jobs)
    with processes.shared_database(tmp_path):
        yield shop, [order.pk for order in orders]


def race(shop: Shop, order_ids: list[int]) -> int:
    """How many bookings were answered with yes."""
    spots = [shop.spot(i // 5, i % 5) for i in range(PLACES)]
    begin = time.time() + 0.5

    def books(number: int, pipe: Any) -> None:
        mine = order_ids[number * PLACES : (number + 1) * PLACES]
        tries = list(zip(mine, spots, strict=True))
        Random(number % 4).shuffle(tries)  # some meet at every place, others come from elsewhere
        time.sleep(max(0.0, begin - time.time()))
        for order_id, spot in tries:
            pipe.send(_booked(order_id, spot, shop))

    started = processes.start(books, PROCESSES)
    answers = [answer for _, pipe in started for answer in processes.received(pipe)]
    for process, _ in started:
        process.join()
    assert len(answers) == PROCESSES * PLACES
    return sum(answers)


def _booked(order_id: int, spot: Spot, shop: Shop) -> bool:
    try:
        services.quote(EVERYTHING, order_id, [spot], now=shop.now)
        services.book(EVERYTHING, order_id, now=shop.now)
    except (services.Gone, DatabaseError):
        return False
    return True


@pytest.fixture
def no_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Losers are offered nothing: the race is about places, not about plans."""
    monkeypatch.setattr(places, "spots_for", lambda order, now: [])


@pytest.mark.usefixtures("no_plan")
def test_as_many_win_as_there_are_places(crowd: Any) -> None:
    shop, order_ids = crowd
    assert race(shop, order_ids) == PLACES
    assert Place.objects.filter(held_until=None).count() == PLACES
    assert OrderRow.objects.filter(state="booked").count() == PLACES


@pytest.mark.usefixtures("no_plan")
def test_the_guard_in_the_database_holds_alone(crowd: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looked and was overtaken is refused by the database, even without a lock."""
    shop, order_ids = crowd
    for order_id in order_ids[:2]:
        services.quote(EVERYTHING, order_id, [shop.spot(order_id == order_ids[0])], now=shop.now)
    taken = Place.objects.first()
    overlap = Place(
        order_id=order_ids[1],
        machine_id=taken.machine_id,
        begin_s=taken.begin_s + 60,
        end_s=taken.end_s + 60,
    )
    with pytest.raises(DatabaseError):
        overlap.save()
    overlap.machine_id, overlap.operator_id = shop.machines[4].pk, taken.operator_id
    with pytest.raises(DatabaseError):
        overlap.save()


@pytest.mark.usefixtures("no_plan")
def test_without_lock_and_guard_places_are_given_twice(crowd: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the first test is worth: the same race, the lock taken out, gives more places than there are."""
    shop, order_ids = crowd
    with connection.cursor() as cursor:
        for statement in guards.lift_sql(connection.vendor):
            cursor.execute(statement)
    monkeypatch.setattr(places, "lock", lambda spans: time.sleep(0.002))
    if connection.vendor == "sqlite":  # its lock is the transaction itself
        monkeypatch.setattr(services.transaction, "atomic", lambda *given, **named: nullcontext())
    try:
        assert race(shop, order_ids) > PLACES
    finally:
        monkeypatch.undo()
        with connection.cursor() as cursor:
            if connection.vendor != "sqlite":
                cursor.execute("DELETE FROM orders_place")
            for statement in guards.guards_sql(connection.vendor) if connection.vendor != "sqlite" else ():
                cursor.execute(statement)
