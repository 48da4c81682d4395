"""Posting to the books, reading them, netting; the prices in force. Nothing here changes what was posted."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone

from nongshi.agronomy import OPERATIONS
from nongshi.core.errors import BadInput, BadUsage
from nongshi.core.units import FEN_PER_YUAN
from nongshi.market import ledger
from nongshi.market.netting import Transfer, net
from nongshi.market.prices import Cap, PriceList, cap_in_force, list_in_force
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.models import Org
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.money.guards import missing_guards
from nongshi.site.money.models import OF_ORG, Account, CapRow, Entry, Posting, PriceRow, new_id


def account_of(org_id: int, kind: Any, person_id: int | None = None) -> Account:
    """Somebody's account in an organisation's books, opened where it is missing.

    Raises:
        BadInput: an account of a person without the person.
    """
    if (kind in OF_ORG) != (person_id is None):
        raise BadInput(f"an account of kind {kind} is {'not ' if kind in OF_ORG else ''}a person's")
    return Account.objects.get_or_create(org_id=org_id, kind=kind, person_id=person_id)[0]


def post(about: str, kind: str, amounts_fen: Mapping[int, int], *, at: datetime | None = None, note: str = "") -> str:
    """Add one posting: fen by account id, summing to zero; its id.

    Raises:
        BadInput: it does not balance.
        BadUsage: this was posted before.
    """
    rows = [ledger.Entry(str(account), fen) for account, fen in amounts_fen.items()]
    ledger.check_entries(rows)
    posting_id = new_id()
    try:
        with transaction.atomic():
            Entry.objects.bulk_create(
                Entry(posting_id=posting_id, account_id=account, amount_fen=fen) for account, fen in amounts_fen.items()
            )
            Posting.objects.create(pk=posting_id, about=about, kind=kind, at=at or timezone.now(), note=note)
    except IntegrityError as fault:
        if Posting.objects.filter(about=about, kind=kind).exists():
            raise BadUsage(f"{kind} of {about} is posted already; reverse it instead") from fault
        raise
    return posting_id


def reverse(scope: Scope, posting: Posting, org_id: int, note: str) -> str:
    """Post the opposite of a posting, once; the first one stays as it is."""
    amounts = {entry.account_id: -entry.amount_fen for entry in posting.entries.all()}
    made = post(posting.about, f"reversal of {posting.kind}"[:60], amounts, note=note)
    log("PostingReversed", posting.about, scope=scope, org_id=org_id, posting=posting.pk)
    return made


def balance(account_id: int) -> int:
    """What the account is owed (+) or owes (-)."""
    return Entry.objects.filter(account_id=account_id).aggregate(sum=Sum("amount_fen"))["sum"] or 0


def balances(org_id: int) -> dict[int, int]:
    """Fen by account id of an organisation; they sum to zero, as all its postings stay inside it."""
    rows = Entry.objects.filter(account__org_id=org_id).values("account_id").annotate(sum=Sum("amount_fen"))
    return {row["account_id"]: row["sum"] for row in rows.order_by("account_id")}


def statement(account: Account, since: datetime, until: datetime) -> ledger.Statement:
    """What an account sees of a period; the lines carry the balance after each."""
    entries = Entry.objects.filter(account=account).select_related("posting")
    opening = entries.filter(posting__at__lt=since).aggregate(sum=Sum("amount_fen"))["sum"] or 0
    lines, now_fen = [], opening
    for entry in entries.filter(posting__at__gte=since, posting__at__lt=until).order_by("posting__at", "pk"):
        now_fen += entry.amount_fen
        done = entry.posting
        lines.append(ledger.StatementLine(done.at, done.about, done.kind, entry.amount_fen, now_fen))
    return ledger.Statement(str(account), opening, tuple(lines))


def netted(org_id: int) -> tuple[Transfer, ...]:
    """Transfers after which all of an organisation's accounts are even; names are account ids."""
    return net({str(account): fen for account, fen in balances(org_id).items()})


def check_books() -> list[str]:
    """What is wrong with the books; empty is well."""
    wrong = [f"guard {name} is missing" for name in missing_guards(connection)]
    uneven = Posting.objects.annotate(sum=Sum("entries__amount_fen"), count=Count("entries")).filter(
        ~Q(sum=0) | Q(count__lt=2)
    )
    wrong += [f"posting {one.pk} ({one}): {one.count} entries sum to {one.sum} fen" for one in uneven]
    orphans = Entry.objects.filter(posting__about=None).count()
    return wrong + ([f"{orphans} entries belong to no posting"] if orphans else [])


def prices_of(org_id: int, operation: str, day: date) -> PriceList:
    """The cooperative's price in force, or the table of operations where it has none."""
    rows = [_to_list(row) for row in PriceRow.objects.filter(org_id=org_id, operation=operation, since__lte=day)]
    if not rows:
        per_ha_fen = round(OPERATIONS[operation].price_yuan_ha * FEN_PER_YUAN)
        return PriceList(coop=str(org_id), operation=operation, since=date.min, per_ha_fen=per_ha_fen)
    return list_in_force(rows, str(org_id), operation, day)


def cap_of(org: Org, operation: str, day: date) -> Cap | None:
    """The cap of the nearest organisation above that set one."""
    rows = CapRow.objects.filter(org_id__in=org.lineage, operation=operation, since__lte=day)
    for level in reversed(org.lineage):
        caps = [
            Cap(operation=row.operation, since=row.since, per_ha_fen=row.per_ha_fen, minimum_fen=row.minimum_fen)
            for row in rows
            if row.org_id == level
        ]
        if caps:
            return cap_in_force(caps, operation, day)
    return None


def set_prices(scope: Scope, org_id: int, prices: Iterable[PriceList]) -> list[PriceRow]:
    """Keep new versions; none may begin before today, so that no price that was shown changes afterwards.

    Raises:
        BadInput: a version begins in the past.
        BadUsage: not this person's to set, or there is one of that day already.
    """
    if not scope.may(Account.resource, org_id, change=True):
        raise BadUsage("prices are set by the cooperative's dispatchers")
    rows = []
    for one in prices:
        if one.since < timezone.localdate():
            raise BadInput(f"{one.operation}: a price cannot begin on {one.since}, which is over; begin today or later")
        if PriceRow.objects.filter(org_id=org_id, operation=one.operation, since=one.since).exists():
            raise BadUsage(f"{one.operation} has a price from {one.since} on; let the new one begin on another day")
        rows.append(_to_row(org_id, one))
    with transaction.atomic():
        for row in rows:
            row.save()
            log("PriceSet", f"price:{row.pk}", scope=scope, org_id=org_id, operation=row.operation)
    return rows


def set_cap(scope: Scope, org_id: int, cap: Cap) -> CapRow:
    """Keep a new version of a district's cap.

    Raises:
        Forbidden: not this person's to set.
        BadInput: it begins in the past, or caps nothing.
        BadUsage: there is one of that day already.
    """
    if not scope.may(CapRow.resource, org_id, change=True):
        raise Forbidden("caps are set by the district's officers")
    if cap.since < timezone.localdate() or cap.per_ha_fen <= 0:
        raise BadInput(f"a cap begins today or later and is above 0; got {cap.per_ha_fen} fen/ha from {cap.since}")
    if CapRow.objects.filter(org_id=org_id, operation=cap.operation, since=cap.since).exists():
        raise BadUsage(f"{cap.operation} has a cap from {cap.since} on; let the new one begin on another day")
    with transaction.atomic():
        row = CapRow.objects.create(
            org_id=org_id,
            operation=cap.operation,
            since=cap.since,
            per_ha_fen=cap.per_ha_fen,
            minimum_fen=cap.minimum_fen,
        )
        log("CapSet", f"cap:{row.pk}", scope=scope, org_id=org_id, operation=row.operation)
    return row


def _to_list(row: PriceRow) -> PriceList:
    return PriceList(
        coop=str(row.org_id),
        operation=row.operation,
        since=row.since,
        per_ha_fen=row.per_ha_fen,
        minimum_fen=row.minimum_fen,
        surcharges=row.surcharges,
        small_ha=row.small_ha,
        small_share=row.small_share,
        near_km=row.near_km,
        km_fen=row.km_fen,
    )


def _to_row(org_id: int, one: PriceList) -> PriceRow:
    return PriceRow(
        org_id=org_id,
        operation=one.operation,
        since=one.since,
        per_ha_fen=one.per_ha_fen,
        minimum_fen=one.minimum_fen,
        surcharges=dict(one.surcharges),
        small_ha=one.small_ha,
        small_share=one.small_share,
        near_km=one.near_km,
        km_fen=one.km_fen,
    )
