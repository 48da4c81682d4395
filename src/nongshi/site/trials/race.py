"""No double booking: many processes after the same few places, started at the same moment."""

import time
from random import Random
from typing import Any

from nongshi.site.trials import many
from nongshi.site.trials.shop import Shop, make_orders, make_shop

HEAD_START_S = 0.5  # until all processes are there
MACHINES = 5


def bench_race(*, processes: int, places: int, seed: int) -> dict[str, Any]:
    """Every process tries for every place: how many were given, and how long it took from the common start."""
    from nongshi.site.orders.models import Place

    shop = make_shop(machines=MACHINES)
    ids = make_orders(shop, processes * places)
    begin_s = time.time() + HEAD_START_S + 0.05 * processes

    def books(number: int, pipe: Any) -> None:
        mine = ids[number * places : (number + 1) * places]
        tries = [(order_id, shop.spot(i)) for i, order_id in enumerate(mine)]
        Random(seed * 1000 + number % 4).shuffle(tries)  # some meet at every place, others come from elsewhere
        time.sleep(max(0.0, begin_s - time.time()))
        won = sum(_booked(order_id, spot, shop) for order_id, spot in tries)
        pipe.send((won, time.time(), time.process_time()))

    started = many.start_all(books, processes)
    answers = [answer for _, pipe in started for answer in many.received(pipe)]
    for process, _ in started:
        process.join()
    return {
        "processes": processes,
        "places": places,
        "won": sum(won for won, _, _ in answers),
        "places_taken": Place.objects.filter(order_id__in=ids, held_until=None).count(),
        "seconds": round(max(end for _, end, _ in answers) - begin_s, 3),
        "client_cpu_s": round(sum(cpu for _, _, cpu in answers), 3),
        "complete": len(answers) == processes,
    }


def _booked(order_id: int, spot: Any, shop: Shop) -> bool:
    from nongshi.site.base.scope import EVERYTHING
    from nongshi.site.orders import services

    try:
        services.quote(EVERYTHING, order_id, [spot], now=shop.now)
        services.book(EVERYTHING, order_id, now=shop.now)
    except services.Gone:
        return False
    return True
