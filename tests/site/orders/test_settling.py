"""Many orders settled together are settled as one after another, each once, and one that cannot be stops no other."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from tests.site.orders.shop import Shop

from nongshi.market.orders import State
from nongshi.site.base.models import Event
from nongshi.site.money.models import Entry, Posting
from nongshi.site.money.services import check_books
from nongshi.site.orders import settling
from nongshi.site.orders.models import OrderMove, OrderRow, Settlement
from nongshi.site.orders.settling import settle_all, settle_alone
from nongshi.site.plans.models import Notice


@pytest.fixture
def accepted(shop: Shop) -> list[int]:
    """Accepted orders of several farmers, machines and areas, one without an operator."""
    ids = []
    for i in range(6):
        order = shop.order(shop.farmers[i % 3])
        order.state, order.booked_ha, order.agreed_ha = State.CONFIRMED, 1.0, 0.9 + i / 37
        order.price, order.price_fen = [["area", 120_000], ["wet", 6_001]], 126_001
        order.machine, order.operator = shop.machines[i % 2], None if i == 5 else shop.operators[i % 2]
        order.save()
        ids.append(order.pk)
    return ids


def rows() -> dict[str, Any]:
    """What was written, without ids and moments of writing."""
    return {
        "orders": list(OrderRow.objects.order_by("pk").values_list("pk", "state", "version")),
        "sheets": list(Settlement.objects.order_by("order").values_list("order", "total_fen", "price", "parties")),
        "entries": sorted(Entry.objects.values_list("posting__about", "posting__kind", "posting__at", "account__kind",
                                                    "account__person", "amount_fen"), key=str),
        "moves": sorted(OrderMove.objects.values_list("order", "act", "side", "by", "at", "start", "to"), key=str),
        "notices": sorted(Notice.objects.values_list("person", "about", "text", "text_en")),
        "acts": sorted((one.name, one.about, one.org_id, str(one.data)) for one in Event.objects.all()),
    }  # fmt: skip


def test_together_is_as_one_after_another(shop: Shop, accepted: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction.atomic():
        assert all(settle_alone(pk, shop.now) for pk in accepted)
        one = rows()
        transaction.set_rollback(True)
    monkeypatch.setattr(settling, "settle_alone", lambda *given: pytest.fail("these were plain"))
    assert settle_all(accepted, shop.now) == accepted
    assert rows() == one
    assert check_books() == []


def test_a_second_time_settles_nothing(shop: Shop, accepted: list[int]) -> None:
    assert settle_all(accepted, shop.now) == accepted
    before = rows()
    assert settle_all(accepted, shop.now + timedelta(hours=1)) == []
    assert rows() == before


def test_one_that_cannot_be_settled_stops_no_other(shop: Shop, accepted: list[int]) -> None:
    OrderRow.objects.get(pk=accepted[2]).job.__class__.objects.filter(bookings=accepted[2]).update(grower=None)
    assert settle_all(accepted, shop.now) == [pk for pk in accepted if pk != accepted[2]]
    assert OrderRow.objects.get(pk=accepted[2]).state == State.CONFIRMED
    assert check_books() == []


def test_a_posting_that_is_there_already_is_not_made_twice(shop: Shop, accepted: list[int]) -> None:
    """Somebody posted by hand what a crash is thought to have left out: the others go on one by one."""
    settle_all(accepted[:1], shop.now)
    OrderRow.objects.filter(pk=accepted[0]).update(state=State.CONFIRMED)
    Settlement.objects.all().delete()
    assert settle_all(accepted, shop.now) == accepted[1:]
    about = OrderRow(pk=accepted[0]).about
    assert Posting.objects.filter(about=about, kind="settlement").count() == 1
    assert check_books() == []
