"""What is done with field jobs: posted, called off, confirmed, disputed; those of a region folder kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from nongshi.agronomy import LOSS_CURVES, OPERATIONS
from nongshi.core import region as core
from nongshi.core.errors import BadInput, BadUsage
from nongshi.core.units import FEN_PER_YUAN
from nongshi.site.base.faults import Forbidden, Outdated
from nongshi.site.base.rights import Resource
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.jobs.assumptions import AHEAD_DAYS, WET_T_HA
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.register.models import Field

STARS = range(1, 6)
# What leads a job where there is one, such as its order; apps above this one add themselves in their `apps.ready`.
# (who, the locked job, status wanted, what was said) -> whether it was done there, by its own rules.
LEADERS: list[Callable[[Scope, FieldJob, str, Mapping[str, Any]], bool]] = []
AREA_SLACK = 1.05  # assumption: an outline is drawn as exactly as that


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One operation that somebody wants on a field, from a day until a day."""

    field: Field
    operation: str
    since: date
    until: date  # best before the end of this day
    area_ha: float | None = None  # None: the whole field
    note: str = ""
    said_by: str = ""  # who said so, where a clerk stands in
    urgent: bool = False
    pool: str = ""  # the round of neighbours' plots that it belongs to


def draft_job(wanted: Wanted) -> FieldJob:
    """The job as a row that is not kept yet; priced and dated by the table of operations.

    Raises:
        BadInput: the operation, days or area cannot be right.
    """
    field, operation = wanted.field, OPERATIONS.get(wanted.operation)
    if operation is None:
        raise BadInput(f"there is no operation {wanted.operation!r}; choose one of: {', '.join(sorted(OPERATIONS))}")
    area_ha = field.area_ha if wanted.area_ha is None else wanted.area_ha
    if not 0 < area_ha <= field.area_ha * AREA_SLACK:
        raise BadInput(
            f"field {field}: an area of {area_ha:g} ha cannot be worked, the field has {field.area_ha:g} ha; "
            "correct the area, or the field in the register"
        )
    _check_days(wanted.since, wanted.until)
    due = midnight_of(wanted.until + timedelta(days=1))
    grace_d = LOSS_CURVES[operation.loss_curve].knots[-1][0]
    wet_t_ha = WET_T_HA.get(operation.id)
    return FieldJob(
        org_id=field.org_id,
        ref=uuid4().hex,
        field=field,
        grower_id=field.grower_id,
        operation=operation.id,
        area_ha=area_ha,
        open=midnight_of(wanted.since),
        due=due,
        close=due + timedelta(days=grace_d),
        value_fen=round(operation.price_yuan_ha * area_ha * FEN_PER_YUAN),
        loss_curve=operation.loss_curve,
        wet_t=None if wet_t_ha is None else round(wet_t_ha * area_ha, 2),
        note=wanted.note,
        said_by=wanted.said_by,
        urgent=wanted.urgent,
        pool=wanted.pool,
        generated=field.generated,
    )


def post_job(scope: Scope, wanted: Wanted) -> FieldJob:
    """Keep a job; see `post_jobs`."""
    return post_jobs(scope, [wanted])[0]


def post_jobs(scope: Scope, wanted: Iterable[Wanted]) -> list[FieldJob]:
    """Keep jobs, all or none.

    Raises:
        BadInput: one of them cannot be right.
        Forbidden: a field in sight, for which this person may post nothing.
    """
    rows = []
    for one in wanted:
        check_may_post(scope, one.field)
        row = draft_job(one)
        row.posted_by_id = scope.person_id
        rows.append(row)
    with transaction.atomic():
        FieldJob.objects.bulk_create(rows)
        for row in rows:
            row.ref = f"N{row.pk}"
        FieldJob.objects.bulk_update(rows, ["ref"])
        for row in rows:
            said = {"said_by": row.said_by} if row.said_by else {}
            log("JobPosted", f"job:{row.pk}", scope=scope, org_id=row.org_id, operation=row.operation, **said)
    return rows


def check_may_post(scope: Scope, field: Field) -> None:
    """Refuse whoever may not ask for work on a field.

    Raises:
        Forbidden: neither the grower nor of its organisation.
    """
    own = field.grower_id == scope.person_id and field.org_id in scope.own_in(Resource.JOB, change=True)
    if not own and not scope.may(Resource.JOB, field.org_id, change=True):
        raise Forbidden(f"field {field}: only its grower and its organisation's clerks may post a job there")


def cancel_job(scope: Scope, job_id: int, version: int | None = None) -> FieldJob:
    """Call a job off; work in progress cannot be.

    Raises:
        BadUsage: it is begun or over.
    """
    return _move(scope, job_id, version, (JobStatus.POSTED, JobStatus.PLANNED), JobStatus.CANCELLED, "JobCancelled")


def confirm_job(scope: Scope, job_id: int, version: int | None = None, *, stars: int | None = None) -> FieldJob:
    """Say that the work is well done.

    Raises:
        BadUsage: there is nothing to confirm yet.
        BadInput: stars are 1 to 5.
    """
    if stars is not None and stars not in STARS:
        raise BadInput(f"stars are {STARS[0]} to {STARS[-1]}, not {stars}")
    from_states = (JobStatus.DONE, JobStatus.DISPUTED)
    return _move(scope, job_id, version, from_states, JobStatus.CONFIRMED, "JobConfirmed", stars=stars)


def dispute_job(scope: Scope, job_id: int, version: int | None = None, *, why: str) -> FieldJob:
    """Say what is wrong with the work.

    Raises:
        BadInput: no reason is given.
        BadUsage: there is nothing to dispute.
    """
    if not why.strip():
        raise BadInput("say what is wrong: area, loss, damage, or something else")
    from_states = (JobStatus.DONE, JobStatus.CONFIRMED)
    return _move(scope, job_id, version, from_states, JobStatus.DISPUTED, "JobDisputed", dispute=why.strip()[:300])


def _move(
    scope: Scope,
    job_id: int,
    version: int | None,
    from_states: Sequence[Any],
    to: Any,
    name: str,
    **values: object,
) -> FieldJob:
    """One step of a job's life, by somebody who saw it at `version`."""
    with transaction.atomic():
        row = FieldJob.objects.select_for_update(of=("self",)).get_changed(scope, pk=job_id)
        if version is not None and row.version != version:
            raise Outdated(f"job {row.ref}")
        if any(lead(scope, row, to, values) for lead in LEADERS):
            row.refresh_from_db()
            return row
        if row.status not in from_states:
            raise BadUsage(
                f"job {row.ref} is {row.status}; this is possible for jobs that are: {', '.join(from_states)}"
            )
        row.status = to
        row.version += 1
        for column, value in values.items():
            setattr(row, column, value)
        if to == JobStatus.CONFIRMED:
            row.confirmed_at = timezone.now()
        row.save()
        log(name, f"job:{row.pk}", scope=scope, org_id=row.org_id)
    return row


def _check_days(since: date, until: date) -> None:
    today = timezone.localdate()
    if until < since:
        raise BadInput(f"the last day, {until}, lies before the first, {since}; exchange or correct them")
    if until < today:
        raise BadInput(f"the last day, {until}, is over; choose today or a later day")
    if until > today + timedelta(days=AHEAD_DAYS):
        raise BadInput(f"the last day, {until}, is more than {AHEAD_DAYS} days ahead; choose an earlier day")
    if since < today - timedelta(days=AHEAD_DAYS):
        raise BadInput(f"the first day, {since}, is long over; choose a later day")


def midnight_of(day: date) -> datetime:
    """The local midnight that a day begins with."""
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())


def keep_jobs(region: core.Region, fields: Mapping[str, Field]) -> dict[str, FieldJob]:
    """A region's jobs as posted jobs of the organisations that hold the fields; by the region's ids."""
    rows = {
        noun.id: FieldJob(
            org_id=fields[noun.field_id].org_id,
            ref=noun.id,
            field=fields[noun.field_id],
            grower_id=fields[noun.field_id].grower_id,
            operation=noun.operation,
            area_ha=noun.area_ha,
            open=noun.open,
            due=noun.due,
            close=noun.close,
            value_fen=noun.value_fen,
            loss_curve=noun.loss_curve,
            part_max_ha=noun.part_max_ha,
            after_h=noun.after_h,
            wet_t=noun.wet_t,
            generated=region.synthetic,
        )
        for noun in region.jobs
    }
    with transaction.atomic():
        FieldJob.objects.bulk_create(rows.values())
        followers = [noun for noun in region.jobs if noun.after_job_id is not None]
        for noun in followers:
            rows[noun.id].after = rows[noun.after_job_id or ""]
        FieldJob.objects.bulk_update((rows[noun.id] for noun in followers), ["after"])
    return rows
