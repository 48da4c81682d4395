"""An accepted order is never lost: processes are killed at random moments while they book and settle.

Of every four processes two book at a counter of their own with eight threads, one books one by one, one settles. What a
process was told is done it sends at once; when it was killed, all of that has to be in the database, whole.
"""

import os
import signal
import threading
import time
from random import Random
from typing import Any

from nongshi.site.trials import many
from nongshi.site.trials.shop import Shop, make_orders, make_shop

AT_ONCE = 4
THREADS = 8
BOOKINGS, SETTLED = 300, 100  # more than a process gets done before it is killed
CHUNK = 4
LIFE_S = (0.3, 2.0)  # killed after so long, at random


def bench_kill(*, kills: int, seed: int) -> dict[str, Any]:
    """So many kills; what was acknowledged, what of it is missing, and what else is wrong."""
    random, shop = Random(seed), make_shop(machines=20)
    booked: set[int] = set()
    settled: set[int] = set()
    asked: list[int] = []
    first, ended = 0, 0
    for _ in range(-(-kills // AT_ONCE)):
        work = _Work(shop, first)
        asked += work.to_book + work.to_settle
        first += AT_ONCE * BOOKINGS
        started = many.start_all(work.do, AT_ONCE)
        lives = sorted((random.uniform(*LIFE_S), number) for number in range(AT_ONCE))
        begin_s = time.monotonic()
        for life_s, number in lives:
            time.sleep(max(0.0, begin_s + life_s - time.monotonic()))
            os.kill(started[number][0].pid, signal.SIGKILL)
        for process, pipe in started:
            for what, pk in many.received(pipe):
                (booked if what == "booked" else settled).add(pk)
            process.join()
            ended += process.exitcode != -signal.SIGKILL
    return {
        "kills": -(-kills // AT_ONCE) * AT_ONCE - ended,
        "ended_before": ended,
        "acknowledged_booked": len(booked),
        "acknowledged_settled": len(settled),
        **_check(asked, booked, settled),
    }


class _Work:
    """What the processes of one round do; orders of their own each."""

    def __init__(self, shop: Shop, first: int) -> None:
        self.shop, self.first = shop, first
        self.to_book = make_orders(shop, AT_ONCE * BOOKINGS)
        self.to_settle = make_orders(
            shop, SETTLED, state="confirmed", booked_ha=1.0, agreed_ha=1.01, price=[["area", 120_000]],
            price_fen=120_000, machine_id=shop.machines[0], operator_id=shop.operators[0],
        )  # fmt: skip

    def do(self, number: int, pipe: Any) -> None:
        """Work until killed."""
        if number == AT_ONCE - 1:
            self._settle(pipe)
        elif number == AT_ONCE - 2:
            self._book(number, pipe)
        else:
            self._book_at_counter(number, pipe)
        signal.pause()  # all done: wait for the end

    def _spots(self, number: int) -> list[tuple[int, Any]]:
        mine = range(number * BOOKINGS, (number + 1) * BOOKINGS)
        return [(self.to_book[at], self.shop.spot(self.first + at)) for at in mine]

    def _book(self, number: int, pipe: Any) -> None:
        from nongshi.site.base.scope import EVERYTHING
        from nongshi.site.orders import services

        for pk, spot in self._spots(number):
            services.take(EVERYTHING, pk, spot, now=self.shop.now)
            pipe.send(("booked", pk))

    def _book_at_counter(self, number: int, pipe: Any) -> None:
        from nongshi.site.base.scope import EVERYTHING
        from nongshi.site.orders.counter import Counter
        from nongshi.site.orders.many import Wanted

        counter, one_sends = Counter(lambda: self.shop.now), threading.Lock()
        asked, one_takes = iter(self._spots(number)), threading.Lock()

        def client() -> None:
            while True:
                with one_takes:
                    found = next(asked, None)
                if found is None:
                    return
                counter.take(Wanted(scope=EVERYTHING, order_id=found[0], spot=found[1]))
                with one_sends:
                    pipe.send(("booked", found[0]))

        threads = [threading.Thread(target=client, daemon=True) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _settle(self, pipe: Any) -> None:
        from nongshi.site.orders.settling import settle_all

        for at in range(0, len(self.to_settle), CHUNK):
            for pk in settle_all(self.to_settle[at : at + CHUNK], self.shop.now):
                pipe.send(("settled", pk))


def _check(asked: list[int], booked: set[int], settled: set[int]) -> dict[str, Any]:
    """What of the acknowledged is missing, and orders whose rows are not complete."""
    from django.db.models import Count

    from nongshi.site.base.models import Event
    from nongshi.site.money.models import Posting
    from nongshi.site.money.services import check_books
    from nongshi.site.orders.checks import check_places
    from nongshi.site.orders.models import OrderMove, OrderRow
    from nongshi.site.plans.models import Notice

    states = dict(OrderRow.objects.filter(pk__gte=min(asked), pk__lte=max(asked)).values_list("pk", "state"))
    stored = {state: {pk for pk in asked if states[pk] == state} for state in ("booked", "settled")}

    def counts(rows: Any, by: str) -> dict[Any, int]:
        return dict(rows.order_by().values_list(by).annotate(Count("pk")))

    moves, notices = counts(OrderMove.objects.all(), "order_id"), counts(Notice.objects.all(), "about")
    acts = counts(Event.objects.filter(name="OrderMoved"), "about")
    postings = counts(Posting.objects.filter(kind="settlement"), "about")
    half = []
    for pk in asked:
        about = OrderRow(pk=pk).about
        found = (moves.get(pk, 0), notices.get(about, 0), acts.get(about, 0), postings.get(about, 0))
        wanted = {"booked": (2, 2, 2, 0), "settled": (1, 1, 1, 1)}.get(states[pk], (0, 0, 0, 0))
        if found != wanted:
            half.append(f"{about} is {states[pk]} with moves, notices, acts, postings {found} instead of {wanted}")
    return {
        "stored_booked": len(stored["booked"]),
        "stored_settled": len(stored["settled"]),
        "lost": len(booked - stored["booked"]) + len(settled - stored["settled"]),
        "incomplete": len(half),
        "faults": [*half[:20], *check_books(), *check_places()],
    }
