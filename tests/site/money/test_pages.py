"""Prices, terms, statements, payments, a bank's list and netting through their pages."""

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.test import Client
from django.utils import timezone
from tests.site.orders.shop import Shop, make_shop
from tests.site.orders.test_pages import signed_in
from tests.site.texts import leftovers
from tests.site.world import make_person

from nongshi.core.errors import BadFiles, BadUsage
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.base.services import scope_of
from nongshi.site.money import bank_files, nettings, payments
from nongshi.site.money.models import (
    Account,
    AccountKind,
    Netting,
    NettingState,
    NettingTransfer,
    Payment,
    PaymentState,
    PriceRow,
    Statement,
    TermsRow,
    TransferState,
)
from nongshi.site.money.services import account_of, balance, balances, cap_of, check_books, post, prices_of
from nongshi.site.money.terms import terms_of

ALLOWED = frozenset({"CSV", "PDF", "XLSX", "pain", "CNY", "sandbox"})


@pytest.fixture
def shop(db: None) -> Shop:
    return make_shop()


@pytest.fixture
def books(shop: Shop) -> dict[str, Account]:
    """Two settled orders: two farmers owe, the owner, the operator and the cooperative are owed."""
    org = shop.org.pk
    rows = {
        "coop": account_of(org, AccountKind.COOP),
        "one": account_of(org, AccountKind.FARMER, shop.farmers[0].pk),
        "two": account_of(org, AccountKind.FARMER, shop.farmers[1].pk),
        "owner": account_of(org, AccountKind.OWNER, shop.owner.pk),
        "driver": account_of(org, AccountKind.OPERATOR, shop.driver.pk),
    }
    at = timezone.now() - timedelta(days=3)
    amounts = {"one": -100_000, "coop": 10_000, "owner": 72_000, "driver": 18_000}
    post("booking:1", "settlement", {rows[name].pk: fen for name, fen in amounts.items()}, at=at)
    amounts = {"two": -50_000, "coop": 5_000, "owner": 36_000, "driver": 9_000}
    post("booking:2", "settlement", {rows[name].pk: fen for name, fen in amounts.items()}, at=at)
    return rows


def enter_banks(shop: Shop, books: dict[str, Account]) -> None:
    for name in ("owner", "driver"):
        books[name].holder = name
        books[name].set_bank_account(f"622200000{name}")
        books[name].save()
    TermsRow.objects.create(
        org=shop.org, since=timezone.localdate(), coop_share=0.1, wage="hour", wage_fen=1, notice=[[0, 0.1]],
        no_show_share=0.5, bank_holder="合作社", bank_account="6222999988887777",
    )  # fmt: skip


def test_a_new_price_holds_from_its_day_and_the_old_one_until_then(shop: Shop) -> None:
    client, today = signed_in(shop.dispatcher), timezone.localdate()
    page = client.get("/money/prices/")
    said = {name: field.initial for name, field in page.context["form"].fields.items()}
    said |= {"operation": "rice_harvest", "since": str(today + timedelta(days=5)), "per_area": "120", "plus_wet": "25"}
    assert client.post("/money/prices/", said | {"since": str(today - timedelta(days=1))}).status_code == 422
    assert client.post("/money/prices/", said).status_code == 302
    assert client.post("/money/prices/", said).status_code == 422  # one version a day
    assert PriceRow.objects.get().per_ha_fen == 180_000  # 120 yuan a mu
    now, later = (prices_of(shop.org.pk, "rice_harvest", today + timedelta(days=n)) for n in (4, 5))
    assert (now.per_ha_fen, later.per_ha_fen, later.surcharges["wet"]) == (150_000, 180_000, 0.25)
    assert leftovers(client, "/money/prices/") == []
    farmer = signed_in(shop.farmers[0])
    assert "120" in farmer.get("/money/prices/").content.decode()
    assert farmer.post("/money/prices/", said).status_code == 403


def test_a_cap_is_set_by_the_districts_officer_only(shop: Shop) -> None:
    officer = signed_in(make_person(shop.org.parent, RoleKind.OFFICER, name="农办"))
    said = {"operation": "rice_harvest", "since": str(timezone.localdate()), "per_area": "90", "minimum": "100"}
    assert signed_in(shop.dispatcher).post("/money/caps/", said).status_code == 403
    assert officer.post("/money/caps/", said).status_code == 302
    cap = cap_of(shop.org, "rice_harvest", timezone.localdate())
    assert cap is not None
    assert cap.per_ha_fen == 135_000
    assert leftovers(officer, "/money/caps/") == []


def test_terms_are_kept_by_version_and_faults_shown_in_the_form(shop: Shop) -> None:
    client, today = signed_in(shop.dispatcher), timezone.localdate()
    said = dict(client.get("/money/terms/").context["form"].initial)
    said |= {"since": str(today), "wage": "hour", "wage_yuan": "80", "deposit": "20", "coop_share": "8"}
    said |= {"auto_settle": "on"}
    assert client.post("/money/terms/", said | {"middle": "40", "short": "30"}).status_code == 422
    assert client.post("/money/terms/", said).status_code == 302
    terms = terms_of(shop.org.pk, today)
    assert (terms.shares.wage_fen, terms.shares.coop_share, terms.deposit_share) == (8_000, 0.08, 0.2)
    assert terms_of(shop.org.pk, today - timedelta(days=1)).deposit_share == 0
    assert leftovers(client, "/money/terms/") == []


def test_a_statement_is_closed_once_and_comes_on_paper_and_as_a_workbook(
    shop: Shop, books: dict[str, Account], tmp_path: Any
) -> None:
    client, page = signed_in(shop.dispatcher), f"/money/account/{books['one'].pk}/"
    today = timezone.localdate()
    period = {"first": str(today - timedelta(days=9)), "last": str(today - timedelta(days=1))}
    assert client.post(f"{page}close", period | {"last": str(today)}).status_code == 422  # not over yet
    for _ in range(2):
        assert client.post(f"{page}close", period).status_code == 302
    kept = Statement.objects.get()
    assert (kept.opening_fen, kept.closing_fen, len(kept.lines)) == (0, -100_000, 1)
    assert client.get(f"/money/statement/{kept.pk}/file.pdf").content[:5] == b"%PDF-"
    book = tmp_path / "statement.xlsx"
    book.write_bytes(client.get(f"/money/statement/{kept.pk}/file.xlsx").content)
    with ZipFile(book) as packed:
        assert b"-1000" in packed.read("xl/worksheets/sheet1.xml")
    for path in (page, f"/money/statement/{kept.pk}/", "/money/"):
        assert leftovers(client, path, allowed=ALLOWED) == []
    own, other = signed_in(shop.farmers[0]), signed_in(shop.farmers[1])
    assert own.get(f"/money/statement/{kept.pk}/").status_code == 200
    assert other.get(f"/money/statement/{kept.pk}/").status_code == 404
    assert own.post(f"{page}close", period).status_code == 403


def test_a_banks_list_is_looked_at_before_it_is_posted(shop: Shop, books: dict[str, Account]) -> None:
    client = signed_in(shop.dispatcher)
    head = "date,amount_yuan,name,remark,ref\n"
    text = f"{head}2026-11-20,1000.00,张,ns{books['one'].pk},R1\n2026-11-20,5,李,谢谢,R2\n"
    looked = client.post("/money/payments/bank", {"text": text})
    assert [bool(one.account) for one in looked.context["looked"]] == [True, False]
    assert not Payment.objects.exists()
    for posted in (1, 0):
        answer = client.post("/money/payments/bank", {"text": text, "take": "1"}, follow=True)
        assert answer.status_code == 200
        assert f"{posted} 笔" in answer.content.decode()
    assert balance(books["one"].pk) == 0
    wrong = client.post("/money/payments/bank", {"text": f"{head}heute,x,张,NS1,R3\nx,1,李,NS1,\n"})
    assert wrong.status_code == 422
    assert len(wrong.context["faults"]) == 2
    assert leftovers(client, "/money/payments/", allowed=ALLOWED) == []
    assert signed_in(shop.farmers[0]).post("/money/payments/bank", {"text": text}).status_code == 403


def test_the_sandbox_pays_only_generated_debts(shop: Shop, books: dict[str, Account]) -> None:
    farmer = signed_in(shop.farmers[0])
    for _ in range(2):  # asked twice, it is one payment
        assert farmer.post(f"/money/account/{books['one'].pk}/ask").status_code == 302
    row = Payment.objects.get()
    page = f"/money/payment/{row.pk}/"
    assert b"<svg" in farmer.get(page).content
    assert leftovers(farmer, page, allowed=ALLOWED) == []
    assert farmer.post(f"{page}sandbox").status_code == 400
    shop.org.generated = True
    shop.org.save()
    assert farmer.post(f"{page}sandbox").status_code == 302
    row.refresh_from_db()
    assert (row.state, balance(books["one"].pk)) == (PaymentState.PAID, 0)
    assert signed_in(shop.farmers[1]).get(page).status_code == 404


def agree_all(shop: Shop, row: Netting) -> None:
    for transfer in row.transfers.all():
        nettings.agree(scope_of(shop.dispatcher), transfer.pk, said_by="电话")


def test_a_netting_ends_with_all_accounts_even(shop: Shop, books: dict[str, Account]) -> None:
    client = signed_in(shop.dispatcher)
    assert client.post("/money/nettings/", {"org": shop.org.pk}).status_code == 302
    row = Netting.objects.get()
    transfers = list(row.transfers.all())
    assert len(transfers) <= len(books) - 1
    page = f"/money/netting/{row.pk}/"
    assert client.post(f"/money/transfer/{transfers[0].pk}/paid").status_code == 400  # nobody agreed yet
    owner = signed_in(shop.owner)
    mine = next(one for one in transfers if books["owner"].pk in (one.payer_id, one.payee_id))
    assert owner.post(f"/money/transfer/{mine.pk}/agree").status_code == 302
    assert owner.post(f"/money/transfer/{mine.pk}/agree", {"said_by": "x"}).status_code == 403
    agree_all(shop, row)
    row.refresh_from_db()
    assert row.state == NettingState.ACCEPTED
    for one in transfers:
        for _ in range(2):
            assert client.post(f"/money/transfer/{one.pk}/paid").status_code == 302
    even = nettings.party_balances(shop.org.pk)
    assert even == {}
    assert check_books() == []
    assert leftovers(client, page, allowed=ALLOWED) == []
    assert leftovers(client, "/money/nettings/") == []
    assert leftovers(owner, page, allowed=ALLOWED) == []


def test_a_netting_is_worth_nothing_once_the_books_changed(shop: Shop, books: dict[str, Account]) -> None:
    row = nettings.propose(scope_of(shop.dispatcher), shop.org.pk)
    post("booking:3", "fee", {books["one"].pk: -1, books["coop"].pk: 1})
    with pytest.raises(BadUsage, match="changed"):
        agree_all(shop, row)


def test_what_a_farmer_pays_by_bank_closes_the_transfer(shop: Shop, books: dict[str, Account]) -> None:
    line = f"date,amount_yuan,name,remark,ref\n2026-11-20,1500.00,张,NS{books['one'].pk},R0\n"
    payments.take_bank(EVERYTHING, shop.org.pk, payments.read_bank(line))  # more than was owed: 500 yuan ahead
    row = nettings.propose(scope_of(shop.dispatcher), shop.org.pk)
    agree_all(shop, row)
    due = NettingTransfer.objects.filter(payee__kind=AccountKind.COOP, payer=books["two"]).first()
    if due is None:  # the second farmer pays a member instead; the netting says whom
        due = NettingTransfer.objects.filter(payer=books["two"]).get()
        nettings.pay(scope_of(shop.dispatcher), due.pk)
    else:
        text = f"date,amount_yuan,name,remark,ref\n2026-11-21,{due.amount_fen / 100},李,NS{books['two'].pk},R1\n"
        payments.take_bank(EVERYTHING, shop.org.pk, payments.read_bank(text))
    due.refresh_from_db()
    assert due.state == TransferState.PAID
    assert check_books() == []


def test_the_payment_file_carries_what_the_cooperative_pays_out(shop: Shop, books: dict[str, Account]) -> None:
    for name, fen in (("one", 100_000), ("two", 50_000)):  # both farmers paid: the bank pays the members out
        bank = account_of(shop.org.pk, AccountKind.BANK)
        post(f"payment:{name}", "payment", {books[name].pk: fen, bank.pk: -fen})
    row = nettings.propose(scope_of(shop.dispatcher), shop.org.pk)
    agree_all(shop, row)
    client, page = signed_in(shop.dispatcher), f"/money/netting/{row.pk}/file."
    refused = client.get(f"{page}xml")
    assert refused.status_code == 422  # three bank accounts are missing: all are named
    with pytest.raises(BadFiles) as fault:
        bank_files.check(bank_files.End(name="", account=""), [])
    assert len(fault.value.faults) == 1
    enter_banks(shop, books)
    root = ElementTree.fromstring(client.get(f"{page}xml").content)
    names = {"p": bank_files.NAMESPACE}
    paid = {one.text: one.get("Ccy") for one in root.iterfind(".//p:InstdAmt", names)}
    assert paid == {"1080.00": "CNY", "270.00": "CNY"}
    assert {one.text for one in root.iterfind(".//p:CtrlSum", names)} == {"1350.00"}
    assert {one.text for one in root.iterfind(".//p:NbOfTxs", names)} == {"2"}
    ends = [one.text for one in root.iterfind(".//p:CdtrAcct/p:Id/p:Othr/p:Id", names)]
    assert sorted(ends) == ["622200000driver", "622200000owner"]
    assert client.get(f"{page}csv").content.decode("utf-8-sig").count("\r\n") == 3
    assert sum(balances(shop.org.pk).values()) == 0


def test_a_bank_account_is_kept_encrypted_and_shown_by_its_end(shop: Shop, books: dict[str, Account]) -> None:
    owner, page = signed_in(shop.owner), f"/money/account/{books['owner'].pk}/"
    said = {"holder": "王五", "number": "6222021234567890"}
    assert owner.post(f"{page}bank", said | {"number": "12 34"}).status_code == 422
    assert owner.post(f"{page}bank", said).status_code == 302
    row = Account.objects.get(pk=books["owner"].pk)
    assert "6222021234567890" not in row.bank_sealed
    assert row.bank_account == "6222021234567890"
    shown = owner.get(page).content.decode()
    assert "…7890" in shown
    assert "6222021234567890" not in shown
    stranger = Client()
    stranger.force_login(signed_in(shop.farmers[0]) and shop.farmers[0].user)
    assert stranger.post(f"{page}bank", said).status_code == 404
