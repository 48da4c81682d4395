"""What is done with orders: load, one move of the room, write what it says; all in one transaction, or nothing."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from nongshi.core.errors import BadUsage, NongshiError
from nongshi.core.measured import WorkMeasured
from nongshi.market.assumptions import ACCEPT_H
from nongshi.market.orders import NOTHING, Act, Says, State, Who
from nongshi.market.settle import judge
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.scope import EVERYTHING, Scope
from nongshi.site.base.services import log
from nongshi.site.jobs.models import OPEN_STATUSES, FieldJob, JobStatus
from nongshi.site.money.terms import terms_of
from nongshi.site.orders import bills, following, places, settling
from nongshi.site.orders.models import OrderRow, Waiting
from nongshi.site.orders.moves import COOP_ROLES, Gone, locked, make_move, side_of, sides_of
from nongshi.site.orders.places import Spot

__all__ = ["Gone", "act", "book", "measure", "open_order", "quote", "side_of", "take", "tick", "wait"]

_log = logging.getLogger(__name__)


def open_order(scope: Scope, job_id: int) -> OrderRow:
    """The order of a job, begun where there is none.

    Raises:
        NotFound: no such job in reach.
        BadUsage: the job is called off.
    """
    with transaction.atomic():
        job = FieldJob.objects.select_for_update(of=("self",)).get_changed(scope, pk=job_id)
        found = OrderRow.objects.filter(job=job).exclude(state__in=(State.CANCELLED, State.NO_SHOW)).first()
        if found is not None:
            return found
        if job.status == JobStatus.CANCELLED:
            raise BadUsage(f"job {job.ref} is called off; post it again")
        if job.status not in OPEN_STATUSES:
            raise BadUsage(f"job {job.ref} is {job.status}; an order begins before the work does")
        order = OrderRow.objects.create(org_id=job.org_id, job=job)
        log("OrderOpened", order.about, scope=scope, org_id=order.org_id, job=job.pk)
    return order


def quote(
    scope: Scope,
    order_id: int,
    spots: Sequence[Spot] | None = None,
    *,
    conditions: frozenset[str] = frozenset(),
    yes_to_more: bool = False,
    now: datetime | None = None,
) -> OrderRow:
    """Price an order and hold the first of the spots that is free; without spots those of the plan in force.

    A price that was shown rises only with the farmer's word (`yes_to_more`).

    Raises:
        Gone: none is free.
    """
    now = now or timezone.now()
    order = OrderRow.objects.select_related("job", "operator").get_changed(scope, pk=order_id)
    check_speaks(scope, order)
    if spots is not None and not any(places.is_free(spot, now, but=order_id) for spot in spots):
        raise Gone(order, lambda: places.spots_for(order, now))  # losers of a race go home without any lock
    with transaction.atomic():
        order = locked(scope, order_id, None)
        wanted = places.spots_for(order, now) if spots is None else spots
        for spot in wanted:
            if not places.is_free(spot, now, but=order.pk):
                continue
            says = Says(start=spot.start, area_ha=order.job.area_ha)
            try:
                with transaction.atomic():
                    places.lock(spot.spans)  # before anything is written: who comes second writes nothing
                    if not places.is_free(spot, now, but=order.pk):
                        raise Gone(order)
                    return make_move(scope, order, Act.QUOTE, says, now, spot=spot, wish=(conditions, yes_to_more))
            except Gone:
                order.refresh_from_db()
        raise Gone(order, (lambda: places.spots_for(order, now)) if spots is not None else tuple)


def book(scope: Scope, order_id: int, version: int | None = None, *, now: datetime | None = None) -> OrderRow:
    """Take the place that is held for an order.

    Raises:
        Gone: it was held too long ago; with the next places.
    """
    now = now or timezone.now()
    with transaction.atomic():
        order = locked(scope, order_id, version)
        if order.state == State.QUOTED and order.held_until is not None and order.held_until < now:
            raise Gone(order, lambda: places.spots_for(order, now))
        order = make_move(scope, order, Act.BOOK, NOTHING, now)
        bills.ask_deposit(scope, order, now)
        return following.send_if_issued(scope, order)


def take(
    scope: Scope,
    order_id: int,
    spot: Spot,
    version: int | None = None,
    *,
    conditions: frozenset[str] = frozenset(),
    yes_to_more: bool = False,
    now: datetime | None = None,
) -> OrderRow:
    """Price a place and take it at once, in one transaction; `many.take_all` does so for many requests.

    Raises:
        Gone: it is another's.
        Outdated: the order is not as it was seen at `version`.
    """
    with transaction.atomic():
        if version is not None:
            locked(scope, order_id, version)
        quote(scope, order_id, [spot], conditions=conditions, yes_to_more=yes_to_more, now=now)
        return book(scope, order_id, now=now)


def act(
    scope: Scope,
    order_id: int,
    what: Act,
    version: int | None = None,
    *,
    says: Says = NOTHING,
    side: Who | None = None,
    note: str = "",
    said_by: str = "",
    now: datetime | None = None,
) -> OrderRow:
    """Any move that needs no place: dispatch, start, confirm, dispute, agree, decide, settle, cancel, miss ...

    `side` is for the site's own work only; a person's side follows from their roles. `said_by`: the cooperative writes
    down what a farmer said by telephone (calling off, disputing); nobody says yes to money for somebody else.

    Raises:
        BadUsage: the table of moves does not have it.
        Forbidden: in sight, but not theirs.
    """
    if what == Act.QUOTE:
        raise BadUsage("a quote needs a place; use quote")
    if side is not None and not scope.everything:
        raise Forbidden("nobody chooses the side that they speak for")
    with transaction.atomic():
        order = locked(scope, order_id, version)
        if said_by:
            _check_word(scope, order, what)
            side, note = Who.FARMER, f"{said_by}: {note}" if note else said_by
        return make_move(scope, order, what, says, now or timezone.now(), side=side, note=note[:300])


def measure(
    scope: Scope,
    order_id: int,
    measured: WorkMeasured,
    *,
    how: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> OrderRow:
    """Keep what the tracks say of the work and how it was measured, and whether it may be settled by itself."""
    with transaction.atomic():
        order = locked(scope, order_id, None)
        judged = judge(order.booked_ha, measured)
        order.measured = {
            "low_ha": measured.low_ha,
            "high_ha": measured.high_ha,
            "overlap_ha": measured.overlap_ha,
            "skip_ha": measured.skip_ha,
            "judged": judged.why.value,
            "off": judged.off,
            "why": measured.why,
            "why_zh": measured.why_zh,
            **(how or {}),
        }
        by_itself = judged.by_itself and terms_of(order.org_id, timezone.localdate(order.created)).auto_settle
        says = Says(area_ha=measured.worked_ha, by_itself=by_itself)
        return make_move(scope, order, Act.MEASURE, says, now or timezone.now(), side=_clock(scope))


def wait(scope: Scope, order_id: int) -> Waiting:
    """Put an order on the waiting list; a freed place is held for whoever waits longest and fits.

    Raises:
        BadUsage: it has a place already.
    """
    with transaction.atomic():
        order = locked(scope, order_id, None)
        check_speaks(scope, order)
        if order.state != State.DRAFT:
            raise BadUsage(f"order {order.pk} is {order.state}; only an order without a place can wait for one")
        row, made = Waiting.objects.get_or_create(order=order, defaults={"org_id": order.org_id})
        if made:
            log("OrderWaits", order.about, scope=scope, org_id=order.org_id)
    return row


def tick(now: datetime | None = None) -> dict[str, int]:
    """What time does: holds lapse, undisputed work is accepted, accepted work is settled; counts by act."""
    now = now or timezone.now()
    due = {
        Act.LAPSE: OrderRow.objects.filter(state=State.QUOTED, held_until__lt=now),
        Act.CONFIRM: OrderRow.objects.filter(
            state=State.MEASURED, by_itself=True, measured_at__lte=now - timedelta(hours=ACCEPT_H)
        ),
    }
    counts = dict.fromkeys((one.value for one in (*due, Act.SETTLE)), 0)
    for what, rows in due.items():
        for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
            try:
                act(EVERYTHING, pk, what, side=Who.CLOCK, now=now)
            except BadUsage:  # somebody was faster, or the time has not come to the second
                continue
            except NongshiError as fault:  # this one needs a person; the others go on
                _log.warning("order %s: %s: %s", pk, what, fault)
                continue
            counts[what.value] += 1
    accepted = OrderRow.objects.filter(state=State.CONFIRMED).order_by("pk").values_list("pk", flat=True)
    counts[Act.SETTLE.value] = len(settling.settle_all(list(accepted), now))
    return counts


def check_speaks(scope: Scope, order: OrderRow) -> None:
    """Refuse whoever asks for places for neither side.

    Raises:
        Forbidden: so.
    """
    if not scope.everything and not {Who.FARMER, Who.COOP} & set(sides_of(scope, order)):
        raise Forbidden(f"order {order.pk}: its farmer and its cooperative ask for places")


def _check_word(scope: Scope, order: OrderRow, what: Act) -> None:
    if what not in (Act.CANCEL, Act.DISPUTE) or order.org_id not in scope.orgs_as(*COOP_ROLES):
        raise Forbidden(f"order {order.pk}: {what} is the farmer's own word; only calling off and disputing are taken")


def _clock(scope: Scope) -> Who | None:
    return Who.CLOCK if scope.everything else None
