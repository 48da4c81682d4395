"""An import that dies at any of its writes leaves nothing; done again it leaves all of it, once."""

from typing import Any

import pytest
from django.utils import timezone
from tests.site.orders.shop import Shop, make_shop
from tests.site.orders.test_stateful import Killed, killed_at

from nongshi.site.base.models import Event
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.money.models import AccountKind, Entry, Payment, Posting
from nongshi.site.money.payments import code_of, read_bank, take_bank
from nongshi.site.money.services import account_of, check_books
from nongshi.site.register.columns import LISTS
from nongshi.site.register.importing import keep, make_preview
from nongshi.site.register.models import Yard

YARDS = "id,name,lon,lat\nY1,东场,121.2,30.8\nY2,西场,121.3,30.9\n"


@pytest.fixture
def shop(db: None) -> Shop:
    return make_shop()


def deaths(do: Any, rows: Any) -> int:
    """Kill it before each of its writes until it lives; what it left each time has to be nothing."""
    before, write = rows(), 0
    while True:
        try:
            with killed_at(write):
                do()
            return write
        except Killed:
            assert rows() == before
            write += 1


def test_a_banks_list(shop: Shop) -> None:
    accounts = [account_of(shop.org.pk, AccountKind.FARMER, farmer.pk) for farmer in shop.farmers]
    account_of(shop.org.pk, AccountKind.BANK)
    day = timezone.localdate()
    lines = [f"{day},12.50,某人,{code_of(account)},r{i}" for i, account in enumerate(accounts)]
    bank = read_bank("date,amount_yuan,name,remark,ref\n" + "\n".join(lines))

    def rows() -> list[int]:
        return [model.objects.count() for model in (Payment, Posting, Entry, Event)]

    assert deaths(lambda: take_bank(EVERYTHING, shop.org.pk, bank), rows) >= 3 * len(bank)
    assert rows()[:3] == [3, 3, 6]
    assert take_bank(EVERYTHING, shop.org.pk, bank).known == 3
    assert check_books() == []


def test_a_list_of_the_register(shop: Shop) -> None:
    preview = make_preview(LISTS["yards"], shop.org, "yards.csv", YARDS.encode())
    assert preview.faults == ()
    assert deaths(lambda: keep(LISTS["yards"], shop.org, preview), Yard.objects.count) >= 1
    assert Yard.objects.count() == 2
