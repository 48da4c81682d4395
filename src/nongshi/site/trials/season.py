"""A season's end: accepted orders settled, the statement of every account closed, all accounts netted."""

import time
from datetime import timedelta
from random import Random
from typing import Any

from nongshi.site.trials.shop import AREA_HA, make_orders, make_shop

FARMER_ORDERS = 10  # orders of one farmer
MACHINES = 200


def bench_season(*, orders: int, seed: int) -> dict[str, Any]:
    """Seconds of each step for so many orders; settled as of yesterday, so that statements may be closed."""
    from django.utils import timezone

    from nongshi.site.base.scope import EVERYTHING
    from nongshi.site.money import nettings, statements
    from nongshi.site.money.models import Account, Entry
    from nongshi.site.money.services import balances, check_books
    from nongshi.site.orders.models import Settlement
    from nongshi.site.orders.settling import settle_all

    shop, random = make_shop(machines=MACHINES, farmers=max(1, orders // FARMER_ORDERS)), Random(seed)
    ids = make_orders(
        shop, orders, state="confirmed", booked_ha=AREA_HA, agreed_ha=round(AREA_HA * random.uniform(0.98, 1.02), 4),
        price=[["area", 120_000]], price_fen=120_000, machine_id=shop.machines[0], operator_id=shop.operators[0],
    )  # fmt: skip
    _spread(shop, ids, random)
    day = timezone.localdate() - timedelta(days=1)
    steps: dict[str, float] = {}
    begin_s = time.perf_counter()

    def step(name: str) -> None:
        nonlocal begin_s
        steps[name], begin_s = round(time.perf_counter() - begin_s, 2), time.perf_counter()

    begin_cpu_s = time.process_time()
    settled = settle_all(ids, shop.now - timedelta(days=1))
    step("settle_s")
    accounts = list(Account.objects.filter(org_id=shop.org_id).order_by("pk"))
    for account in accounts:
        statements.close(EVERYTHING, account, day - timedelta(days=1), day)
    step("statements_s")
    netting = nettings.propose(EVERYTHING, shop.org_id)
    step("netting_s")
    return {
        "orders": orders,
        "settled": len(settled),
        "sheets": Settlement.objects.filter(order_id__in=ids).count(),
        "accounts": len(accounts),
        "entries": Entry.objects.filter(account__org_id=shop.org_id).count(),
        "transfers": netting.transfers.count(),
        **steps,
        "seconds": round(sum(steps.values()), 2),
        "client_cpu_s": round(time.process_time() - begin_cpu_s, 2),
        "sum_fen": sum(balances(shop.org_id).values()),
        "faults": check_books(),
    }


def _spread(shop: Any, ids: list[int], random: Random) -> None:
    """Each order gets a machine, its operator, and an area of its own."""
    from nongshi.site.base.bulk import update_rows
    from nongshi.site.orders.models import OrderRow

    rows = list(OrderRow.objects.filter(pk__in=range(ids[0], ids[-1] + 1)))
    for row in rows:
        at = random.randrange(len(shop.machines))
        row.machine_id, row.operator_id = shop.machines[at], shop.operators[at]
        row.agreed_ha = round(AREA_HA * random.uniform(0.98, 1.02), 4)
    update_rows(rows, ("machine", "operator", "agreed_ha"))
