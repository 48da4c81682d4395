"""Bookings a second: clients that ask the counter of one process, each for the next place as soon as it was answered.

A booking is all of it: the order priced and booked, its place, both moves, what farmer and dispatcher are told (the
outbox), both acts of the log, the answer kept for its idempotency key; on the disk before the client hears of it.
"""

import threading
import time
from typing import Any

from nongshi.site.trials.shop import Shop, make_orders, make_shop

MACHINES = 40


def bench_load(*, clients: int, bookings: int, alone: int) -> dict[str, Any]:
    """Bookings a second at the counter, their waits, and the same without the counter, one client, one by one."""
    from nongshi.site.orders.checks import check_places
    from nongshi.site.orders.counter import Counter
    from nongshi.site.orders.models import OrderRow

    shop = make_shop(machines=MACHINES)
    ids = make_orders(shop, bookings + alone)
    counter = Counter(lambda: shop.now)
    begin_s, begin_cpu_s = time.perf_counter(), time.process_time()
    waits = _ask_all(counter, shop, ids[:bookings], clients)
    seconds, cpu_s = time.perf_counter() - begin_s, time.process_time() - begin_cpu_s
    counter.close()
    waits.sort()
    return {
        "clients": clients,
        "bookings": bookings,
        "booked": OrderRow.objects.filter(pk__in=ids[:bookings], state="booked").count(),
        "per_s": round(bookings / seconds, 1),
        "p50_ms": round(1000 * waits[len(waits) // 2], 1),
        "p99_ms": round(1000 * waits[int(len(waits) * 0.99)], 1),
        "max_ms": round(1000 * waits[-1], 1),
        "cpu_ms_each": round(1000 * cpu_s / bookings, 3),
        "commits": counter.commits,
        "alone_per_s": _alone(shop, ids[bookings:], bookings),
        "faults": check_places(),
    }


def _ask_all(counter: Any, shop: Shop, ids: list[int], clients: int) -> list[float]:
    from django.db import connections

    from nongshi.site.base.models import Person
    from nongshi.site.base.services import scope_of
    from nongshi.site.jobs.models import FieldJob
    from nongshi.site.orders.many import Wanted

    scopes = {pk: scope_of(Person.objects.get(pk=pk)) for pk in shop.farmers}
    growers = dict(FieldJob.objects.filter(bookings__in=ids).values_list("bookings", "grower_id"))
    asked = [
        Wanted(scope=scopes[growers[pk]], order_id=pk, spot=shop.spot(number), key=f"booking-{pk}")
        for number, pk in enumerate(ids)
    ]
    waits: list[float] = []
    following, one_takes = iter(asked), threading.Lock()

    def client() -> None:
        try:
            while True:
                with one_takes:
                    wanted = next(following, None)
                if wanted is None:
                    return
                begin_s = time.perf_counter()
                counter.take(wanted)
                waits.append(time.perf_counter() - begin_s)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return waits


def _alone(shop: Shop, ids: list[int], first: int) -> float:
    from nongshi.site.base.scope import EVERYTHING
    from nongshi.site.orders import services

    begin_s = time.perf_counter()
    for number, pk in enumerate(ids, start=first):
        services.take(EVERYTHING, pk, shop.spot(number), now=shop.now)
    return round(len(ids) / (time.perf_counter() - begin_s), 1) if ids else 0.0
