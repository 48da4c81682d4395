"""Payments: providers behind a port, and a bank's list read back. Each reference counts once.

The platform holds no money: a payment goes between a party and the cooperative's own account at its bank.
"""

import csv
import io
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from nongshi.core.errors import BadFiles, BadInput, BadUsage, Fault
from nongshi.core.units import fen
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.money.models import Account, AccountKind, Payment, PaymentState
from nongshi.site.money.nettings import note_payment
from nongshi.site.money.services import account_of, balance, post

COLUMNS = ("date", "amount_yuan", "name", "remark", "ref")
BANK = "bank"
SANDBOX = "nongshi.site.money.payments.Sandbox"
_CODE = re.compile(r"NS(\d+)")


class Provider(Protocol):
    """A payment provider."""

    name: str

    def ask(self, account: str, amount_fen: int) -> tuple[str, str]:
        """Ask for a payment: the provider's reference, and the address that a QR code carries."""
        ...


class Sandbox:
    """A provider for trials: nothing is paid, every reference is made up."""

    name = "sandbox"

    def ask(self, account: str, amount_fen: int) -> tuple[str, str]:
        """A made-up reference and an address that leads nowhere."""
        ref = secrets.token_hex(8)
        return ref, f"sandbox:pay?ref={ref}&fen={amount_fen}"


@dataclass(frozen=True, slots=True)
class BankLine:
    """One incoming payment of a bank's list."""

    at: datetime
    amount_fen: int
    name: str
    remark: str
    ref: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What would become of a line."""

    line: BankLine
    account: Account | None  # None: a person has to look
    known: bool  # taken before, or twice in the list


@dataclass(frozen=True, slots=True)
class Matched:
    """What a bank's list brought."""

    taken: tuple[Payment, ...]
    known: int  # lines that were taken before
    open: tuple[BankLine, ...]  # nobody's, by its remark; a person has to look


def code_of(account: Account) -> str:
    """What a payer writes into the remark."""
    return f"NS{account.pk}"


def provider_of(org_id: int) -> Provider:
    """The provider that an organisation's payments are asked for by: the one that the settings name."""
    return import_string(settings.PAYMENTS)()


def ask(
    scope: Scope, account: Account, provider: Provider, *, amount_fen: int | None = None, about: str = ""
) -> tuple[Payment, str]:
    """Ask a party for what it owes, or for a deposit; the payment and the address for its QR code.

    Asked again for the same while it waits, it is the same payment.

    Raises:
        BadUsage: it owes nothing.
    """
    owed = -balance(account.pk) if amount_fen is None else amount_fen
    if owed <= 0:
        raise BadUsage(f"account {account} owes nothing")
    waits = {"account": account, "provider": provider.name, "amount_fen": owed, "about": about}
    row = Payment.objects.filter(**waits, state=PaymentState.ASKED).first()
    if row is not None:
        return row, row.url
    ref, url = provider.ask(str(account), owed)
    row = Payment.objects.create(org_id=account.org_id, ref=ref, url=url, **waits)
    log("PaymentAsked", f"payment:{row.pk}", scope=scope, org_id=account.org_id, fen=owed)
    return row, url


def paid(scope: Scope, org_id: int, provider: str, ref: str, amount_fen: int) -> Payment:
    """What a provider reports: told twice it counts once.

    Raises:
        BadUsage: nobody asked for it, or for another amount.
    """
    with transaction.atomic():
        row = Payment.objects.select_for_update(of=("self",)).filter(org_id=org_id, provider=provider, ref=ref).first()
        if row is None or row.amount_fen != amount_fen:
            raise BadUsage(f"{provider} reports {amount_fen} fen for {ref}, which nobody asked for; ask the provider")
        if row.state != PaymentState.PAID:
            _take(scope, row, timezone.now())
    return row


def read_bank(text: str) -> list[BankLine]:
    """The incoming payments of a bank's list, in the columns of COLUMNS.

    Raises:
        BadFiles: every row that cannot be right; nothing is taken then.
    """
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=None))
    try:
        return _read_rows(rows)
    except csv.Error as fault:
        raise BadInput(f"the list is no table with commas ({fault}); save it as CSV again") from fault


def _read_rows(rows: "csv.DictReader[str]") -> list[BankLine]:
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise BadInput(f"the list lacks the column(s) {', '.join(missing)}; it needs {', '.join(COLUMNS)}")
    lines, faults = [], []
    for number, row in enumerate(rows, start=2):
        try:
            lines.append(_read_line(row))
        except (ValueError, InvalidOperation) as fault:
            faults.append(
                Fault(
                    file="bank list", row=number, column=None, value=None, problem=str(fault) or "not a number",
                    mend="correct the row and send the whole list again",
                )
            )  # fmt: skip
    if faults:
        raise BadFiles(faults)
    return lines


def _read_line(row: dict[str, str | None]) -> BankLine:
    values = {name: (row.get(name) or "").strip() for name in COLUMNS}
    amount = Decimal(values["amount_yuan"])
    if not amount.is_finite() or abs(amount) >= 10**12:
        raise ValueError(f"{amount} is no amount")
    if not values["ref"] or len(values["ref"]) > 80:
        raise ValueError("ref has to be 1 to 80 characters")
    at = datetime.fromisoformat(values["date"])
    if timezone.is_naive(at):
        at = timezone.make_aware(at)
    return BankLine(at, fen(amount), values["name"], values["remark"], values["ref"])


def look_at_bank(org_id: int, lines: Iterable[BankLine]) -> list[Looked]:
    """What taking a bank's list would do, line by line; nothing is changed."""
    rows: list[BankLine] = list(lines)
    said: set[str] = set()
    known = set(
        Payment.objects.filter(org_id=org_id, provider=BANK, ref__in=[line.ref for line in rows]).values_list(
            "ref", flat=True
        )
    )
    found = []
    for line in rows:
        account = None if line.ref in known | said else _account_of(org_id, line)
        found.append(Looked(line, account, line.ref in known | said))
        said.add(line.ref)
    return found


def take_bank(scope: Scope, org_id: int, lines: Iterable[BankLine]) -> Matched:
    """Post what a bank's list brought, all or nothing; a line goes to the account that its remark names.

    A remark may be wrong: a name that does not fit is a person's to decide, so only codes count.

    Raises:
        Forbidden: not this person's books.
    """
    if not scope.may(Account.resource, org_id, change=True):
        raise Forbidden("the books are kept by the cooperative's dispatchers")
    taken, left, known = [], [], 0
    with transaction.atomic():
        for line in lines:
            if Payment.objects.filter(org_id=org_id, provider=BANK, ref=line.ref).exists():
                known += 1
                continue
            account = _account_of(org_id, line)
            if account is None:
                left.append(line)
                continue
            row = Payment.objects.create(
                org_id=org_id, account=account, provider=BANK, ref=line.ref, amount_fen=line.amount_fen
            )
            taken.append(_take(scope, row, line.at))
    return Matched(tuple(taken), known, tuple(left))


def _account_of(org_id: int, line: BankLine) -> Account | None:
    """Whose a line of the bank is by the code in its remark; nobody's where it brings nothing."""
    code = _CODE.search(line.remark.upper())
    if code is None or line.amount_fen <= 0:
        return None
    rows = Account.objects.filter(org_id=org_id, pk=int(code[1][:18])).exclude(kind=AccountKind.BANK)
    return rows.select_related("person").first()


def _take(scope: Scope, row: Payment, at: datetime) -> Payment:
    """Post a payment: the party owes less, the bank owes the cooperative more."""
    row.state, row.paid_at = PaymentState.PAID, at
    row.save()
    bank = account_of(row.org_id, AccountKind.BANK)
    post(f"payment:{row.pk}", "payment", {row.account_id: row.amount_fen, bank.pk: -row.amount_fen}, at=at)
    note_payment(scope, row.account, row.amount_fen, at)
    log("PaymentTaken", f"payment:{row.pk}", scope=scope, org_id=row.org_id, fen=row.amount_fen)
    return row
