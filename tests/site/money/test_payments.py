"""Payments: each reference counts once, only what was asked for is taken, a bank's list is all or nothing."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.site.world import make_coop, make_person

from nongshi.core.errors import BadInput, BadUsage, NongshiError
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.money import payments, services
from nongshi.site.money.models import Account, AccountKind, Payment

HEAD = "date,amount_yuan,name,remark,ref\n"


@pytest.fixture
def debtor(coop: Any) -> Account:
    farmer = make_person(coop, RoleKind.FARMER)
    account = services.account_of(coop.pk, AccountKind.FARMER, farmer.pk)
    services.post("order:1", "fee", {account.pk: -12_345, services.account_of(coop.pk, AccountKind.COOP).pk: 12_345})
    return account


def test_what_a_provider_reports_twice_counts_once(debtor: Account) -> None:
    payment, url = payments.ask(EVERYTHING, debtor, payments.Sandbox())
    assert "fen=12345" in url
    for _ in range(2):
        payments.paid(EVERYTHING, debtor.org_id, "sandbox", payment.ref, 12_345)
    assert services.balance(debtor.pk) == 0
    bank = services.account_of(debtor.org_id, AccountKind.BANK)
    assert services.balance(bank.pk) == -12_345
    with pytest.raises(BadUsage, match="owes nothing"):
        payments.ask(EVERYTHING, debtor, payments.Sandbox())


def test_another_amount_or_reference_is_refused(debtor: Account) -> None:
    payment, _ = payments.ask(EVERYTHING, debtor, payments.Sandbox())
    for ref, fen in ((payment.ref, 12_344), ("nobody", 12_345)):
        with pytest.raises(BadUsage, match="nobody asked"):
            payments.paid(EVERYTHING, debtor.org_id, "sandbox", ref, fen)
    assert services.balance(debtor.pk) == -12_345


def test_a_banks_list_is_matched_by_the_code_in_the_remark(debtor: Account) -> None:
    other = services.account_of(make_coop("other").pk, AccountKind.COOP)
    text = HEAD + "".join(
        f"2026-11-2{i},{yuan},张三,{remark},R{i}\n"
        for i, (yuan, remark) in enumerate(
            [
                ("100.45", f"收割费 {payments.code_of(debtor)}"),
                ("5", "收割费"),
                ("7", payments.code_of(other)),
                ("-3", f"ns{debtor.pk}"),
            ]
        )
    )
    matched = payments.take_bank(EVERYTHING, debtor.org_id, payments.read_bank(text))
    assert [one.amount_fen for one in matched.taken] == [10_045]
    assert [line.ref for line in matched.open] == ["R1", "R2", "R3"]
    assert services.balance(debtor.pk) == -2_300
    again = payments.take_bank(EVERYTHING, debtor.org_id, payments.read_bank(text))
    assert (len(again.taken), again.known) == (0, 1)
    assert services.balance(debtor.pk) == -2_300


@pytest.mark.parametrize(
    ("row", "words"),
    [("2026-11-20,1.234,a,b,R", "decimals"), ("20.11.,1,a,b,R", "row 2"), ("2026-11-20,1,a,b,", "ref")],
)
def test_a_wrong_row_is_named_and_nothing_is_taken(row: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        payments.read_bank(HEAD + row + "\n2026-11-20,1,a,b,R2\n")


def test_a_list_killed_half_way_leaves_nothing(debtor: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    code = payments.code_of(debtor)
    lines = payments.read_bank(HEAD + f"2026-11-20,1,a,{code},R1\n2026-11-20,2,a,{code},R2\n")
    take, calls = payments._take, []

    def dies(*given: Any) -> Payment:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return take(*given)

    monkeypatch.setattr(payments, "_take", dies)
    with pytest.raises(KeyboardInterrupt):
        payments.take_bank(EVERYTHING, debtor.org_id, lines)
    assert services.balance(debtor.pk) == -12_345
    assert not Payment.objects.exists()


@given(st.text(max_size=300) | st.text(alphabet='0123456789.,-"\nN ', max_size=200).map(HEAD.__add__))
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    with suppress(NongshiError):
        payments.read_bank(text)
