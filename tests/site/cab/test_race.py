"""The same report at the same moment, on a database that lets several write at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone
from tests.site.cab.day import Day

from nongshi.site.base.models import Event
from nongshi.site.plans.models import Report
from nongshi.site.plans.reports import report_work

THREADS = 8


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["start", "sos"])
def test_threads_that_send_the_same_report_get_the_same_row(kind: str) -> None:
    """SQLite has one writer; test_offline.py sends to it from one page eight times at once."""
    day = Day(1)
    scope, at = day.scope, timezone.now() - timedelta(hours=1)
    order = day.orders[0].pk if kind == "start" else None

    def send(_number: int) -> int:
        try:
            return int(report_work(scope, order, key="at-the-same-time", kind=kind, at=at).pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        rows = list(pool.map(send, range(THREADS)))
    assert len(set(rows)) == 1
    assert Report.objects.count() == Event.objects.count() == 1
