"""The same request twice is one act: twenty threads, one key, one order."""

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from tests.site.orders import processes
from tests.site.orders.shop import Shop, make_shop

from nongshi.site.base import once as room
from nongshi.site.base.faults import InFlight
from nongshi.site.base.models import Answered
from nongshi.site.base.once import KeyReused, once
from nongshi.site.base.problems import status_of
from nongshi.site.orders import services
from nongshi.site.orders.models import OrderRow

KEY, THREADS = "a-key-of-a-phone", 20


@pytest.mark.django_db(transaction=True)
def test_twenty_threads_with_one_key_are_one_order(tmp_path: Path) -> None:
    shop = make_shop()
    job, scope, answers, busy = shop.job(), shop.scope(shop.farmers[0]), [], []

    def ask() -> dict[str, Any]:
        return once(scope, KEY, {"job": job.pk}, lambda: {"order": services.open_order(scope, job.pk).pk})

    def phone() -> None:
        try:
            while True:
                try:
                    answers.append(ask())
                    return
                except InFlight as fault:
                    busy.append(status_of(fault))
        finally:
            connections.close_all()

    with processes.shared_database(tmp_path):
        threads = [threading.Thread(target=phone) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) == THREADS
        assert answers == [{"order": OrderRow.objects.get().pk}] * THREADS
        assert set(busy) <= {409}
        assert OrderRow.objects.get().job_id == job.pk
        connection.close()


def test_another_request_with_the_key_is_refused_with_422(shop: Shop) -> None:
    scope = shop.scope(shop.farmers[0])
    assert once(scope, KEY, {"job": 1}, lambda: {"order": 1}) == {"order": 1}
    with pytest.raises(KeyReused) as fault:
        once(scope, KEY, {"job": 2}, lambda: {"order": 2})
    assert status_of(fault.value) == 422


def test_a_request_in_flight_is_answered_with_409(shop: Shop) -> None:
    scope = shop.scope(shop.farmers[0])

    def again() -> dict[str, Any]:
        with pytest.raises(InFlight) as fault:
            once(scope, KEY, {"job": 1}, lambda: {})
        assert status_of(fault.value) == 409
        return {"order": 1}

    assert once(scope, KEY, {"job": 1}, again) == {"order": 1}
    assert not room._busy


def test_a_fault_is_not_kept_and_may_be_tried_again(shop: Shop) -> None:
    scope = shop.scope(shop.farmers[0])
    with pytest.raises(ZeroDivisionError):
        once(scope, KEY, {"job": 1}, lambda: {"order": 1 // 0})
    assert not Answered.objects.exists()
    assert once(scope, KEY, {"job": 1}, lambda: {"order": 1}) == {"order": 1}


def test_the_same_key_of_two_people_is_two_requests(shop: Shop) -> None:
    one, two = (shop.scope(person) for person in shop.farmers[:2])
    assert once(one, KEY, {}, lambda: {"n": 1}) != once(two, KEY, {}, lambda: {"n": 2})
