"""Many accepted orders settled in one transaction each few hundred: as if one after another by the move SETTLE.

What is not plain, or meets a fault, is settled alone; a fault of one order never stops the others.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from nongshi.core.errors import BadUsage, NongshiError
from nongshi.market import ledger
from nongshi.market import orders as room
from nongshi.market.orders import NOTHING, Act, Effect, State, Who
from nongshi.market.settle import Terms
from nongshi.site.base.bulk import insert_rows, update_rows
from nongshi.site.base.models import Event
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.money.models import Account, Entry, Posting, new_id
from nongshi.site.money.services import account_of
from nongshi.site.money.terms import terms_of
from nongshi.site.orders import bills, telling
from nongshi.site.orders.models import OrderMove, OrderRow, Settlement, event_row, move_row
from nongshi.site.orders.moves import locked, make_move
from nongshi.site.plans.models import Notice, WorkOrder

CHUNK = 250  # orders of one transaction: others wait for it on SQLite
PLAIN = {Effect.POST_SETTLEMENT, Effect.TELL_FARMER}
_log = logging.getLogger(__name__)


def settle_all(ids: Sequence[int], now: datetime) -> list[int]:
    """Settle accepted orders on time's word; the ids of those that are settled by this."""
    done: list[int] = []
    for at in range(0, len(ids), CHUNK):
        chunk = list(ids[at : at + CHUNK])
        try:
            with transaction.atomic():
                settled = _settle_plain(chunk, now)
        except (NongshiError, IntegrityError) as fault:
            _log.info("orders are settled one by one: %s", fault)
            settled = []
        done += settled
        done += [pk for pk in chunk if pk not in set(settled) and settle_alone(pk, now)]
    return done


def settle_alone(pk: int, now: datetime) -> bool:
    """Settle one order; whether it is settled by this. A fault is told to the log: a person has to look."""
    try:
        with transaction.atomic():
            make_move(EVERYTHING, locked(EVERYTHING, pk, None), Act.SETTLE, NOTHING, now, side=Who.CLOCK)
    except BadUsage:  # somebody was faster
        return False
    except NongshiError as fault:
        _log.warning("order %s: settle: %s", pk, fault)
        return False
    return True


def _settle_plain(ids: Sequence[int], now: datetime) -> list[int]:
    rows = OrderRow.objects.select_for_update(of=("self",)).select_related("job__field", "machine", "operator")
    found = list(rows.filter(pk__in=ids, state=State.CONFIRMED, job__grower__isnull=False).order_by("pk"))
    if not found or apps.get_model("feeds.Webhook").objects.filter(active=True).exists():
        return []  # somebody hears of each: one after another
    hours = _hours(found)
    terms: dict[tuple[int, date], Terms] = {}
    accounts = _accounts(found)
    entries, postings, sheets, moves, notices, events = [], [], [], [], [], []
    for order in found:
        before = order.to_room()
        after, effects = room.move(before, Act.SETTLE, Who.CLOCK, now, NOTHING)
        if not set(effects) <= PLAIN:
            return []
        which = (order.org_id, timezone.localdate(order.created))
        if which not in terms:
            terms[which] = terms_of(*which).shares
        sheet = bills.sheet_of(order, terms[which], hours.get(order.job_id, 0.0))
        amounts, posting_id = bills.amounts_of(order, sheet, partial(_account_id, accounts)), new_id()
        ledger.check_entries([ledger.Entry(str(account), fen) for account, fen in amounts.items()])
        entries += [{"posting_id": posting_id, "account_id": pk, "amount_fen": fen} for pk, fen in amounts.items()]
        postings.append({"id": posting_id, "about": order.about, "kind": bills.SETTLEMENT, "at": now})
        sheets.append(bills.settlement_of(order, sheet, posting_id))
        order.take_over(after)
        moves.append(move_row(order, Act.SETTLE, Who.CLOCK, None, now, before, after))
        notices += telling.notices_to(order, Act.SETTLE, [order.job.grower_id])
        events.append(event_row(order, Act.SETTLE, None, after))
    update_rows(found, ("state", "version"))
    insert_rows(Entry, entries)  # before their postings, which are refused unless they sum to zero
    insert_rows(Posting, postings)
    insert_rows(Settlement, sheets)
    insert_rows(OrderMove, moves)
    insert_rows(Notice, notices)
    insert_rows(Event, events)
    return [order.pk for order in found]


def _hours(orders: Sequence[OrderRow]) -> dict[int, float]:
    """Hours worked by job, as the cabs reported them."""
    jobs = [order.job_id for order in orders]
    rows = WorkOrder.objects.filter(job_id__in=jobs).exclude(began_at=None).exclude(ended_at=None)
    found: dict[int, float] = defaultdict(float)
    for job, began, ended in rows.order_by("pk").values_list("job_id", "began_at", "ended_at"):
        found[job] += (ended - began).total_seconds() / 3600
    return found


def _accounts(orders: Sequence[OrderRow]) -> dict[tuple[int, Any, int | None], int]:
    """Accounts that are there of all who are paid or pay, by organisation, kind and person."""
    people = {order.job.grower_id for order in orders}
    people |= {order.operator.person_id for order in orders if order.operator is not None}
    people |= {order.machine.owner_id for order in orders if order.machine is not None}
    rows = Account.objects.filter(org_id__in={order.org_id for order in orders})
    rows = rows.filter(Q(person_id__in=people - {None}) | Q(person_id=None))
    return {(org_id, kind, person_id): pk for pk, org_id, kind, person_id
            in rows.values_list("pk", "org_id", "kind", "person_id")}  # fmt: skip


def _account_id(known: dict[tuple[int, Any, int | None], int], org_id: int, kind: Any, person_id: int | None) -> int:
    which = (org_id, kind, person_id)
    if which not in known:
        known[which] = account_of(org_id, kind, person_id).pk
    return known[which]
