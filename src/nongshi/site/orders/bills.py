"""From orders to the books: the fee for calling off, and the settlement; each posted once, or not at all."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone

from nongshi.core.errors import BadInput
from nongshi.market import orders as room
from nongshi.market.cancellation import cancellation_fee, no_show_fee
from nongshi.market.orders import Act, State, Who
from nongshi.market.prices import Line, Price
from nongshi.market.settle import Done, Sheet, Terms, settle
from nongshi.site.base.scope import Scope
from nongshi.site.money import payments
from nongshi.site.money.models import AccountKind
from nongshi.site.money.services import account_of, post
from nongshi.site.money.terms import terms_of
from nongshi.site.orders.models import OrderRow, Settlement, save_lines

FEE, SETTLEMENT = "fee", "settlement"
AccountId = Callable[[int, Any, int | None], int]  # organisation, AccountKind, person -> its account
OWING = (State.BOOKED, State.DISPATCHED)  # calling off costs something from here on


def price_of(order: OrderRow) -> Price:
    """The price that was agreed, line by line."""
    return Price(tuple(Line(name, amount_fen) for name, amount_fen in order.price))


def ask_deposit(scope: Scope, order: OrderRow, now: datetime) -> None:
    """Ask for the deposit of a booked order, where the cooperative's terms want one; it is no fault to owe it still."""
    share = terms_of(order.org_id, timezone.localdate(order.created)).deposit_share
    amount_fen = round(order.price_fen * share)
    if amount_fen <= 0 or order.job.grower_id is None:
        return
    account = account_of(order.org_id, AccountKind.FARMER, order.job.grower_id)
    payments.ask(scope, account, payments.provider_of(order.org_id), amount_fen=amount_fen, about=order.about)


def post_fee(order: OrderRow, what: Act, before: room.Order, side: Who, now: datetime) -> None:
    """Post what the side that called off, or was not there, owes the other; nothing where nothing is due."""
    if before.state not in OWING or before.start is None or order.job.grower_id is None:
        return
    terms = terms_of(order.org_id, timezone.localdate(order.created)).notice
    if what == Act.MISS:
        fee = no_show_fee(order.price_fen, Who.FARMER if side == Who.COOP else Who.COOP, terms=terms)
    else:
        fee = cancellation_fee(order.price_fen, before.start, now, side, terms=terms)
    if fee.amount_fen == 0:
        return
    farmer = account_of(order.org_id, AccountKind.FARMER, order.job.grower_id)
    coop = account_of(order.org_id, AccountKind.COOP)
    from_farmer = fee.amount_fen if fee.payer == Who.FARMER else -fee.amount_fen
    post(order.about, FEE, {farmer.pk: -from_farmer, coop.pk: from_farmer}, at=now)


def post_settlement(order: OrderRow, now: datetime, terms: Terms | None = None) -> Settlement:
    """Post who pays and who gets what for an order, and keep the sheet.

    Raises:
        BadInput: nobody is known who would pay.
    """
    terms = terms or terms_of(order.org_id, timezone.localdate(order.created)).shares
    sheet = sheet_of(order, terms, _hours(order))
    posting_id = post(order.about, SETTLEMENT, amounts_of(order, sheet, _account_id), at=now)
    return Settlement.objects.create(**settlement_of(order, sheet, posting_id))


def sheet_of(order: OrderRow, terms: Terms, hours: float) -> Sheet:
    """Who pays and who gets what for an order.

    Raises:
        BadInput: nobody is known who would pay.
    """
    if order.job.grower_id is None:
        raise BadInput(f"job {order.job.ref} names no grower, so nobody would pay; enter the grower, then settle")
    done = Done(area_ha=order.agreed_ha or 0.0, booked_ha=order.booked_ha, hours=hours, fuel_fen=order.fuel_fen)
    return settle(price_of(order), done, terms)


def amounts_of(order: OrderRow, sheet: Sheet, account_id: AccountId) -> dict[int, int]:
    """Fen by account id of a sheet; who is not known by name is the cooperative."""
    coop = account_id(order.org_id, AccountKind.COOP, None)
    farmer = account_id(order.org_id, AccountKind.FARMER, order.job.grower_id)
    found = {"farmer": farmer, "coop": coop}
    people = {
        "operator": (AccountKind.OPERATOR, order.operator.person_id if order.operator else None),
        "owner": (AccountKind.OWNER, order.machine.owner_id if order.machine else None),
    }
    for party, (kind, person_id) in people.items():
        found[party] = coop if person_id is None else account_id(order.org_id, kind, person_id)
    amounts: dict[int, int] = defaultdict(int)
    for line in sheet.parties:
        amounts[found[line.name]] += line.amount_fen
    return amounts


def settlement_of(order: OrderRow, sheet: Sheet, posting_id: str) -> dict[str, Any]:
    """The row of a sheet."""
    return {
        "org_id": order.org_id,
        "order_id": order.pk,
        "posting_id": posting_id,
        "total_fen": sheet.price.total_fen,
        "price": save_lines(sheet.price.lines),
        "parties": save_lines(sheet.parties),
    }


def _account_id(org_id: int, kind: AccountKind, person_id: int | None) -> int:
    return int(account_of(org_id, kind, person_id).pk)


def _hours(order: OrderRow) -> float:
    """Hours worked, as the cabs reported them."""
    spans = order.job.orders.exclude(began_at=None).exclude(ended_at=None).values_list("began_at", "ended_at")
    return sum((ended - began).total_seconds() for began, ended in spans) / 3600
