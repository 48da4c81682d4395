"""An accepted order is never lost: processes are killed at random moments while they book."""

import os
import signal
import time
from multiprocessing.connection import wait
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import DatabaseError
from tests.site.orders import processes
from tests.site.orders.shop import job_values, make_shop

from nongshi.site.base.scope import EVERYTHING
from nongshi.site.jobs.models import FieldJob
from nongshi.site.money.services import check_books
from nongshi.site.orders import places, services
from nongshi.site.orders.models import OrderMove, OrderRow, Place
from nongshi.site.plans.models import Notice

KILLS, AT_ONCE, ORDERS = 12, 3, 1200
ANSWER_S = 60  # for the first booking, however slow the machine; processes are killed at random moments after it


@pytest.mark.django_db(transaction=True)
def test_what_was_acknowledged_is_stored_whole_after_kills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "spots_for", lambda order, now: [])
    shop, random = make_shop(machines=3), Random(7)
    first = shop.job()
    jobs = [FieldJob(**job_values(shop, first.field, shop.farmers[0], f"R{i}")) for i in range(ORDERS)]
    FieldJob.objects.bulk_create(jobs)
    ids = [row.pk for row in OrderRow.objects.bulk_create(OrderRow(org=shop.org, job=job) for job in jobs)]
    acknowledged: set[int] = set()

    def books(base: int) -> Any:
        def work(number: int, pipe: Any) -> None:
            for step in range(ORDERS // (KILLS // AT_ONCE * AT_ONCE)):
                at = base + number * 100 + step
                try:
                    services.quote(EVERYTHING, ids[at], [shop.spot(at, number)], now=shop.now)
                    services.book(EVERYTHING, ids[at], now=shop.now)
                except DatabaseError:
                    continue
                pipe.send(ids[at])  # only now it is told that it is booked

        return work

    with processes.shared_database(tmp_path):
        for group in range(KILLS // AT_ONCE):
            started = processes.start(books(group * 300), AT_ONCE)
            assert wait([pipe for _, pipe in started], ANSWER_S), "nothing was booked before the kills"
            for process, _ in started:
                time.sleep(0.05 + random.random() * 0.25)
                os.kill(process.pid, signal.SIGKILL)
            for process, pipe in started:
                acknowledged.update(processes.received(pipe))
                process.join()
                assert process.exitcode == -signal.SIGKILL, "it had ended before it was killed"
        _check_whole(acknowledged)


def _check_whole(acknowledged: set[int]) -> None:
    booked = {order.pk: order for order in OrderRow.objects.filter(state="booked").select_related("job")}
    assert acknowledged, "nothing was booked before the kills"
    assert acknowledged - set(booked) == set()
    assert check_books() == []
    for pk, order in booked.items():
        assert Place.objects.filter(order=order, held_until=None).count() == 1
        assert list(OrderMove.objects.filter(order_id=pk).values_list("act", flat=True)) == ["quote", "book"]
        assert Notice.objects.filter(about=order.about).count() == 2  # farmer and dispatcher
    assert Notice.objects.count() == 2 * len(booked)
