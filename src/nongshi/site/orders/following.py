"""An order and the plan: publishing sends it out, reports of the cab begin it, its job's own moves are the order's.

Nothing of this is decided here: each is a move of the one table (`nongshi.market.orders.MOVES`), made by the site for
whoever published, reported, confirmed. Where a job has no order that is booked, the job goes its own way as before.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from nongshi.core.errors import BadUsage
from nongshi.market.orders import NOTHING, Act, Says, State, Who
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.orders import places, telling
from nongshi.site.orders.measuring_run import start_measuring
from nongshi.site.orders.models import OVER, OrderRow, Place
from nongshi.site.orders.moves import lapse, locked, make_move
from nongshi.site.plans.models import OrderState, WorkOrder
from nongshi.site.plans.services import TELL_MIN

LEADING = frozenset(State) - {State.DRAFT, State.QUOTED}


def find_order(job: FieldJob) -> OrderRow | None:
    """The job's order that is not called off."""
    return OrderRow.objects.filter(job=job).exclude(state__in=OVER).first()


def work_of(order: OrderRow) -> list[WorkOrder]:
    """Work orders of an order's job that were not withdrawn, soonest first."""
    rows = WorkOrder.objects.filter(job_id=order.job_id).exclude(state=OrderState.WITHDRAWN)
    return list(rows.select_related("machine", "operator__person").order_by("start", "pk"))


def send_if_issued(scope: Scope, order: OrderRow) -> OrderRow:
    """Send a booked order out at once where the plan in force has its job at just these hours."""
    work = places.issued_to(order)
    if not work:
        return order
    taken = {(place.machine_id, place.begin_s, place.end_s) for place in order.places.all()}
    if {(span.machine_id, span.begin_s, span.end_s) for span in places.spot_of_work(work).spans} != taken:
        return order
    return _site_move(scope, order, Act.DISPATCH)


def follow_published(scope: Scope, before: Sequence[WorkOrder], after: Sequence[WorkOrder]) -> set[int]:
    """Orders go where the plan puts their jobs, and are sent out; ids of the jobs whose growers hear of it by that.

    A booked order that the plan leaves out keeps its hours while they are free; where the plan gives them to others,
    both sides are told that it has no place any more.
    """
    by_job: dict[int, list[WorkOrder]] = {}
    for row in sorted(after, key=lambda row: row.start):
        by_job.setdefault(row.job_id, []).append(row)
    left = {row.job_id for row in before} - set(by_job)
    rows = OrderRow.objects.filter(state__in=(State.BOOKED, State.DISPATCHED))
    ids = list(rows.filter(job_id__in=[*by_job, *left]).order_by("pk").values_list("pk", flat=True))
    whole = scope.as_site()
    found = [locked(whole, pk, None) for pk in ids]
    planned = [order for order in found if order.job_id in by_job]
    Place.objects.filter(order__in=planned).delete()
    _free_for(by_job, scope)
    told: set[int] = set()
    for order in planned:
        if _put(scope, order, by_job[order.job_id]):
            told.add(order.job_id)
    for order in found:
        if order.job_id in left and order.state == State.DISPATCHED:
            _site_move(scope, order, Act.RECALL)
    return told


def follow_report(scope: Scope, work: WorkOrder) -> None:
    """The cab's begin begins the order; its end of all parts has the tracks measured."""
    order = find_order(work.job)
    if order is None or order.state not in (State.BOOKED, State.DISPATCHED, State.IN_WORK):
        return
    if work.began_at is None and work.state not in (OrderState.STARTED, OrderState.DONE):
        return
    order = locked(scope.as_site(), order.pk, None)
    for act, state in ((Act.DISPATCH, State.BOOKED), (Act.START, State.DISPATCHED)):
        if order.state == state:
            order = _site_move(scope, order, act, side=Who.COOP if act == Act.DISPATCH else Who.OPERATOR)
    open_parts = WorkOrder.objects.filter(job_id=order.job_id).exclude(
        state__in=(OrderState.DONE, OrderState.WITHDRAWN)
    )
    if work.state == OrderState.DONE and not open_parts.exists():
        start_measuring(order)


def lead_job(scope: Scope, job: FieldJob, to: Any, said: Mapping[str, Any]) -> bool:
    """A job with an order is called off, confirmed and disputed by the order's moves.

    Raises:
        BadUsage: the order is not so far yet.
    """
    order = find_order(job)
    if order is None or (order.state not in LEADING and to != JobStatus.CANCELLED):
        return False
    order = locked(scope, order.pk, None)
    if to == JobStatus.CANCELLED:
        make_move(scope, order, Act.CANCEL, NOTHING, timezone.now())
    elif to == JobStatus.CONFIRMED:
        _confirm(scope, order)
    elif to == JobStatus.DISPUTED:
        make_move(scope, order, Act.DISPUTE, NOTHING, timezone.now(), note=str(said.get("dispute", "")))
    else:
        return False
    job.refresh_from_db()
    if to == JobStatus.CANCELLED:
        job.status = JobStatus.CANCELLED  # whoever calls off a job does not want it posted again
    if said.get("stars") is not None:
        job.stars = said["stars"]
    job.version += 1
    job.save()
    return True


def _confirm(scope: Scope, order: OrderRow) -> None:
    """Say yes: to the measured area where it may be settled by itself, else to the area that is on the table."""
    if order.state == State.IN_WORK:
        raise BadUsage(f"the area of order {order.pk} is not measured yet; you are asked as soon as it is")
    if order.state == State.MEASURED and order.by_itself:
        make_move(scope, order, Act.CONFIRM, NOTHING, timezone.now())
        return
    area_ha = order.agreed_ha if order.agreed_by == Who.COOP else order.measured_ha
    make_move(scope, order, Act.AGREE, Says(area_ha=area_ha), timezone.now())


def _put(scope: Scope, order: OrderRow, work: Sequence[WorkOrder]) -> bool:
    """Give an order the hours of its work orders and send it out; whether its grower was told when."""
    now, spot, was = timezone.now(), places.spot_of_work(work), order.start
    if not places.hold(order, spot, now, now, lambda pk: lapse(pk, now)):
        telling.tell_lost(order)
        return False
    order.places.update(held_until=None)
    order.machine_id, order.operator_id = spot.first.machine_id, spot.first.operator_id
    order.start, order.end, order.version = spot.start, spot.end, order.version + 1
    order.save()
    moved = was is not None and abs((order.start - was).total_seconds()) > TELL_MIN * 60
    if order.state == State.BOOKED:
        note = (
            f"{timezone.localtime(was):%m-%d %H:%M} -> {timezone.localtime(order.start):%m-%d %H:%M}" if moved else ""
        )
        _site_move(scope, order, Act.DISPATCH, note=note)
        return True
    log("OrderMoved", order.about, scope=scope, org_id=order.org_id, act="replan", to=order.state)
    return False


def _free_for(by_job: Mapping[int, Sequence[WorkOrder]], scope: Scope) -> None:
    """Take back places that the plan gives to others: holds lapse by themselves, who booked is told."""
    spans = [span for work in by_job.values() for span in places.spot_of_work(work).spans]
    lost = set()
    for at in range(0, len(spans), 100):
        lost |= {met.order_id for met in places.meeting(spans[at : at + 100])}
    for order in OrderRow.objects.filter(pk__in=lost).select_related("job__field", "org"):
        order.places.all().delete()
        if order.state in (State.BOOKED, State.DISPATCHED):
            telling.tell_lost(order)
            log("PlaceLost", order.about, scope=scope, org_id=order.org_id)


def _site_move(scope: Scope, order: OrderRow, act: Act, *, side: Who = Who.COOP, note: str = "") -> OrderRow:
    """A move that follows from what somebody did elsewhere, by their right to do that."""
    return make_move(scope.as_site(), order, act, NOTHING, timezone.now(), side=side, note=note)
