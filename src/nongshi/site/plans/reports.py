"""What comes in from the field: kept once by its key, put in order by the time it happened, and what follows from it.

A phone that had no signal reports late, out of order, more than once and by a wrong clock; nothing it says is lost.
What cannot move its order any more is kept with a flag, for a dispatcher to see to.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from nongshi.core.errors import BadInput, NotFound
from nongshi.site.base.rights import Resource, RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.plans import report_words
from nongshi.site.plans.hooks import REPORTED
from nongshi.site.plans.models import OrderState, Report, WorkOrder
from nongshi.site.plans.report_input import Said, read_report

EVENTS = {"start": "WorkStarted", "done": "WorkDone", "problem": "WorkProblem", "sos": "SosRaised"}
MOVED = (JobStatus.POSTED, JobStatus.PLANNED, JobStatus.WORKING, JobStatus.DONE)  # what a report may still move
CLOCK_S = 600  # assumption: a phone's clock may differ by so much before it is put right
EARLY = timedelta(days=2)  # assumption: nobody begins longer before the hour of the order


def report_work(
    scope: Scope,
    order_id: int | None,
    *,
    key: str,
    kind: str,
    at: datetime,
    data: Mapping[str, Any] | None = None,
    photo: bytes | None = None,
    sent_at: datetime | None = None,
) -> Report:
    """Keep one report and move what it is about; the same report again changes nothing and is answered alike.

    Args:
        scope: whose report it is.
        order_id: what it is about; None only for an SOS.
        key: made once by the phone, for this report alone.
        kind: start, done, problem or sos.
        at: when it happened, by the phone's clock.
        data: `what`, `words`, `lon`, `lat`, `accuracy_m`; all may be left out.
        photo: a JPEG, PNG or WebP picture.
        sent_at: the phone's clock when it sent this; shows by how much the clock is wrong.

    Raises:
        BadInput: something cannot be right, or the key was used for another report.
        NotFound: no such order within reach.
    """
    said = read_report(scope, order_id, key=key, kind=kind, at=at, data=data, photo=photo)
    with transaction.atomic():
        kept = Report.objects.filter(key=key).first()
        if kept is not None:
            return _again(kept, said)
        order, flag = _find_order(scope, order_id) if order_id is not None else (None, "")
        row = _row(scope, said, order, flag, sent_at)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:  # the same report at the same moment, by a second tab
            return _again(Report.objects.get(key=key), said)
        if said.photo is not None:
            row.photo.save(f"{timezone.localdate():%Y-%m}/{key}.{said.photo_kind}", ContentFile(said.photo))
        if order is not None and not flag:
            _settle(order, row)
            for follow in REPORTED:
                follow(scope, order)
        _tell(scope, row, order)
    return row


def open_problems(scope: Scope) -> QuerySet[Report]:
    """What dispatchers in reach have to see to: problems, SOS, and reports that moved nothing; newest first."""
    return (
        Report.objects.filter(Q(kind__in=("problem", "sos")) | ~Q(flag=""), cleared_at=None)
        .filter(Q() if scope.everything else Q(org_id__in=scope.orgs(Resource.WORK_ORDER)))
        .select_related("order__job__field", "order__machine", "by")
        .order_by("-at", "-pk")
    )


def clear_problem(scope: Scope, report_id: int) -> Report:
    """A dispatcher has seen to it.

    Raises:
        NotFound: no such report of an organisation within reach.
    """
    orgs = scope.orgs(Resource.WORK_ORDER, change=True)
    row = Report.objects.filter(pk=report_id).first()
    if row is None or not (scope.everything or row.org_id in orgs):
        raise NotFound(f"no report {report_id}")
    if row.cleared_at is None:
        row.cleared_at = timezone.now()
        row.save(update_fields=["cleared_at"])
        log("ReportCleared", f"report:{row.pk}", scope=scope, org_id=row.org_id)
    return row


def state_after(reports: Iterable[Report]) -> tuple[str, datetime | None, datetime | None]:
    """State, begin and end of an order after its reports, in the order of their time.

    A start after a done takes the work up again; a problem after a done leaves it done.
    """
    state: Any = OrderState.ISSUED
    began: datetime | None = None
    ended: datetime | None = None
    for report in reports:
        if report.kind == "start":
            state, began, ended = OrderState.STARTED, began or report.at, None
        elif report.kind == "done":
            state, ended = OrderState.DONE, report.at
        elif report.kind == "problem" and state != OrderState.DONE:
            state = OrderState.PROBLEM
    return state, began, ended


def true_time(said_at: datetime, sent_at: datetime | None, order: WorkOrder | None, now: datetime) -> datetime:
    """When it happened: put right by the phone's clock at sending, never after now nor long before its order.

    Earlier is possible than anything else: a start may come in days after it was said.
    """
    at = said_at
    if sent_at is not None and abs((now - sent_at).total_seconds()) > CLOCK_S:
        at = said_at + (now - sent_at)
    at = min(at, now)
    return at if order is None else max(at, min(order.start - EARLY, now))


def _again(kept: Report, said: Said) -> Report:
    if kept.digest != said.digest:
        raise BadInput(f"key {said.key} was used for another report; make a new key for each report")
    return kept


def _find_order(scope: Scope, order_id: int) -> tuple[WorkOrder, str]:
    """The order that a report moves, locked, and why it moves nothing; where it was issued anew, the new one."""
    rows = WorkOrder.objects.select_for_update(of=("self",)).select_related("job", "machine", "operator")
    order = rows.filter(pk=order_id).first()
    if order is None or not _in_reach(scope, order):
        raise NotFound(f"no work order {order_id}")
    if order.state == OrderState.WITHDRAWN:
        same = {"job_id": order.job_id, "part": order.part, "operator_id": order.operator_id}
        anew = rows.filter(**same, machine_id=order.machine_id).exclude(state=OrderState.WITHDRAWN).last()
        if anew is None:
            return order, "withdrawn"
        order = anew
    if order.job.status == JobStatus.CANCELLED:
        return order, "cancelled"
    return order, "" if _drives(scope, order) or _stands_in(scope, order) else "reassigned"


def _in_reach(scope: Scope, order: WorkOrder) -> bool:
    """Dispatchers of the job's organisation; operators of those that bring job, machine or driver."""
    involved = {order.org_id, order.machine.org_id, order.operator.org_id if order.operator else order.org_id}
    return _stands_in(scope, order) or bool(involved & scope.orgs_as(RoleKind.OPERATOR))


def _drives(scope: Scope, order: WorkOrder) -> bool:
    return order.operator is not None and order.operator.person_id == scope.person_id is not None


def _stands_in(scope: Scope, order: WorkOrder) -> bool:
    return scope.may(Resource.WORK_ORDER, order.org_id, change=True)


def _row(scope: Scope, said: Said, order: WorkOrder | None, flag: str, sent_at: datetime | None) -> Report:
    own = sorted(scope.orgs_as(RoleKind.OPERATOR))
    if order is None and not own:
        raise NotFound("no organisation to tell; an SOS comes from an operator of one")
    return Report(
        key=said.key,
        digest=said.digest,
        org_id=own[0] if order is None else order.org_id,
        order=order,
        by_id=scope.person_id,
        kind=said.kind,
        at=true_time(said.at, sent_at, order, timezone.now()).astimezone(UTC),
        said_at=said.at.astimezone(UTC),
        data=said.data,
        flag=flag,
    )


def _settle(order: WorkOrder, row: Report) -> None:
    """Order and job as all their reports say by now."""
    order.state, order.began_at, order.ended_at = state_after(order.reports.filter(flag=""))
    if row.photo:
        order.photo = row.photo.name
    order.version += 1
    order.save()
    job = FieldJob.objects.select_for_update(of=("self",)).get(pk=order.job_id)
    status = _status_of(job)
    if job.status in MOVED and status != job.status:
        job.status = status
        job.version += 1
        job.save()


def _status_of(job: FieldJob) -> Any:
    states = list(job.orders.exclude(state=OrderState.WITHDRAWN).values_list("state", "began_at"))
    if all(state == OrderState.DONE for state, _ in states):
        return JobStatus.DONE
    begun = any(began is not None or state in (OrderState.STARTED, OrderState.DONE) for state, began in states)
    return JobStatus.WORKING if begun else JobStatus.PLANNED


def _tell(scope: Scope, row: Report, order: WorkOrder | None) -> None:
    """One event; a notice to dispatchers where somebody has to act."""
    about = f"order:{order.pk}" if order is not None else f"report:{row.pk}"
    more = {"flag": row.flag} if row.flag else {}
    if row.said_at is not None and row.said_at != row.at:
        more["clock_s"] = str(round((row.at - row.said_at).total_seconds()))
    log(EVENTS[row.kind], about, scope=scope, org_id=row.org_id, report=row.pk, at=row.at.isoformat(), **more)
    if row.flag or row.kind in ("problem", "sos"):
        report_words.tell_dispatchers(scope, row, order)
