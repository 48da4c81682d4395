"""The books: nothing uneven, nothing twice, nothing changed, whoever tries it; the database itself says so."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from tests.site.world import make_person

from nongshi.core.errors import BadInput, BadUsage
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.base.services import scope_of
from nongshi.site.money import guards, services
from nongshi.site.money.models import Account, AccountKind, Entry, Posting


@pytest.fixture
def pair(coop: Any) -> tuple[Account, Account]:
    farmer = make_person(coop, RoleKind.FARMER)
    return (
        services.account_of(coop.pk, AccountKind.FARMER, farmer.pk),
        services.account_of(coop.pk, AccountKind.COOP),
    )


def test_a_posting_is_kept_once(pair: tuple[Account, Account]) -> None:
    one, two = pair
    services.post("order:1", "fee", {one.pk: -500, two.pk: 500})
    with pytest.raises(BadUsage, match="posted already"):
        services.post("order:1", "fee", {one.pk: -500, two.pk: 500})
    assert (services.balance(one.pk), services.balance(two.pk)) == (-500, 500)
    assert services.check_books() == []


@pytest.mark.parametrize("amounts", [(500, -499), (500, 0), (0.5, -0.5)])
def test_what_does_not_balance_is_refused(pair: tuple[Account, Account], amounts: tuple[Any, Any]) -> None:
    with pytest.raises(BadInput):
        services.post("order:1", "fee", {account.pk: fen for account, fen in zip(pair, amounts, strict=True)})
    assert not Entry.objects.exists()


def test_the_database_itself_refuses_uneven_postings_changes_and_additions(pair: tuple[Account, Account]) -> None:
    one, two = pair
    posting = services.post("order:1", "fee", {one.pk: -500, two.pk: 500})
    entry = Entry.objects.filter(posting_id=posting)
    attempts = {
        "change of an entry": lambda: entry.update(amount_fen=1),
        "entry gone": lambda: entry.first().delete(),
        "change of a posting": lambda: Posting.objects.update(note="x"),
        "posting gone": lambda: connection.cursor().execute("DELETE FROM money_posting"),
        "entry added later": lambda: Entry.objects.create(posting_id=posting, account=one, amount_fen=5),
        "posting without entries": lambda: Posting.objects.create(about="order:2", kind="fee"),
        "uneven posting": lambda: (
            Entry.objects.create(posting_id="a" * 32, account=one, amount_fen=5),
            Entry.objects.create(posting_id="a" * 32, account=two, amount_fen=-4),
            Posting.objects.create(pk="a" * 32, about="order:2", kind="fee"),
        ),
    }
    passed = [name for name, attempt in attempts.items() if not _refused(attempt)]
    assert passed == []
    assert Entry.objects.count() == 2
    assert services.check_books() == []


def _refused(attempt: Any) -> bool:
    try:
        with transaction.atomic():
            attempt()
    except IntegrityError:
        return True
    return False


def test_a_guard_that_is_missing_is_found(coop: Any) -> None:
    with connection.cursor() as cursor:
        for statement in guards.lift_sql(connection.vendor):
            cursor.execute(statement)
    assert services.check_books() == [f"guard {name} is missing" for name in guards.names()]


def test_books_made_wrong_behind_the_guards_are_found(pair: tuple[Account, Account]) -> None:
    one, two = pair
    services.post("order:1", "fee", {one.pk: -500, two.pk: 500})
    with connection.cursor() as cursor:
        for statement in guards.lift_sql(connection.vendor):
            cursor.execute(statement)
        cursor.execute("UPDATE money_entry SET amount_fen = 501 WHERE amount_fen = 500")
        for statement in guards.guards_sql(connection.vendor):
            cursor.execute(statement)
    assert [line for line in services.check_books() if "sum to 1 fen" in line]


def test_a_mistake_is_reversed_once_and_both_stay(pair: tuple[Account, Account]) -> None:
    one, two = pair
    posting = Posting.objects.get(pk=services.post("order:1", "fee", {one.pk: -500, two.pk: 500}))
    services.reverse(EVERYTHING, posting, one.org_id, "wrong order")
    assert services.balance(one.pk) == 0
    with pytest.raises(BadUsage):
        services.reverse(EVERYTHING, posting, one.org_id, "again")
    assert Posting.objects.count() == 2


def test_statements_of_neighbouring_periods_join(pair: tuple[Account, Account]) -> None:
    one, two = pair
    now = timezone.now()
    for day, fen in enumerate((500, 300, -200)):
        services.post(f"order:{day}", "fee", {one.pk: -fen, two.pk: fen}, at=now + timedelta(days=day))
    early = services.statement(one, now, now + timedelta(days=1))
    late = services.statement(one, now + timedelta(days=1), now + timedelta(days=9))
    assert [line.amount_fen for line in (*early.lines, *late.lines)] == [-500, -300, 200]
    assert early.closing_fen == late.opening_fen == -500
    assert late.closing_fen == services.balance(one.pk) == -600


def test_netting_leaves_every_account_even(pair: tuple[Account, Account]) -> None:
    one, two = pair
    services.post("order:1", "fee", {one.pk: -500, two.pk: 500})
    (transfer,) = services.netted(one.org_id)
    assert (transfer.payer, transfer.payee, transfer.amount_fen) == (str(one.pk), str(two.pk), 500)


def test_erasing_a_person_keeps_the_books(pair: tuple[Account, Account]) -> None:
    one, two = pair
    services.post("order:1", "fee", {one.pk: -500, two.pk: 500})
    one.person.delete()
    one.refresh_from_db()
    assert (one.person_id, services.balance(one.pk)) == (None, -500)


def test_an_account_is_seen_by_its_person_and_the_dispatcher_only(pair: tuple[Account, Account]) -> None:
    one, two = pair
    dispatcher = make_person(one.org, RoleKind.DISPATCHER)
    clerk = make_person(one.org, RoleKind.CLERK)
    assert set(Account.objects.seen_by(scope_of(one.person))) == {one}
    assert set(Account.objects.seen_by(scope_of(dispatcher))) == {one, two}
    assert not Account.objects.seen_by(scope_of(clerk)).exists()
