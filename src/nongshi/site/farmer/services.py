"""What the farmer's page shows: fields, likely work, days with their weather, own jobs with who comes, news."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from nongshi.market import suggest_works
from nongshi.site.base.scope import Scope
from nongshi.site.base.templatetags.site import in_english
from nongshi.site.farmer.weather import rain_days
from nongshi.site.jobs.models import OPEN_STATUSES, FieldJob, JobStatus
from nongshi.site.plans.models import Notice, OrderState, WorkOrder
from nongshi.site.plans.quotes import plans_in_force
from nongshi.site.register.models import Field

DAYS_SHOWN = 12
WORKS_SHOWN = 4
OVER_SHOWN = 6
REPEAT_AFTER_DAYS = 200  # an earlier season's job, not one of this season
REPEATS_SHOWN = 3
PHONE_DAYS = 1  # assumption: an operator's phone is shown from the day before the work to the day after it
WAITING = (JobStatus.DONE, JobStatus.DISPUTED)


@dataclass(frozen=True, slots=True)
class Shown:
    """A job with who comes: its work orders, soonest first."""

    job: FieldJob
    orders: Sequence[WorkOrder]
    now: datetime

    @property
    def at(self) -> datetime | None:
        """When work begins."""
        return self.orders[0].start if self.orders else None

    @property
    def phone(self) -> str:
        """The operator's phone, near the day of the work only."""
        for order in self.orders:
            near = order.start - timedelta(days=PHONE_DAYS) <= self.now <= order.end + timedelta(days=PHONE_DAYS)
            if near and order.operator and order.operator.person and order.operator.person.phone:
                return str(order.operator.person.phone)
        return ""

    @property
    def step(self) -> int:
        """How far it is: 1 posted, 2 planned, 3 in work, 4 done, 5 confirmed."""
        steps = {JobStatus.PLANNED: 2, JobStatus.WORKING: 3, JobStatus.DONE: 4, JobStatus.DISPUTED: 4}
        return {**steps, JobStatus.CONFIRMED: 5}.get(JobStatus(self.job.status), 1)

    @property
    def difference_ha(self) -> float | None:
        """Measured less booked."""
        return None if self.job.measured_ha is None else self.job.measured_ha - self.job.area_ha


def own_fields(scope: Scope) -> list[Field]:
    """The farmer's own fields; the one used last comes first."""
    fields = list(Field.objects.seen_by(scope).filter(grower_id=scope.person_id).select_related("org"))
    used = FieldJob.objects.seen_by(scope).filter(posted_by_id=scope.person_id).order_by("created")
    last = {field_id: n for n, field_id in enumerate(used.values_list("field_id", flat=True))}
    return sorted(fields, key=lambda field: (-last.get(field.pk, -1), field.place, field.name, field.ref))


def works_for(scope: Scope, field: Field | None, today: date) -> list[str]:
    """Operations, likeliest first, for a field and a time of year."""
    if field is None:
        return suggest_works(today.month)
    had = FieldJob.objects.seen_by(scope).filter(field=field, status__in=OPEN_STATUSES)
    doable = {rate["operation"] for plan in plans_in_force(field.org_id)[:1] for rate in plan.season.head["work_rates"]}
    names = list(had.values_list("operation", flat=True))
    return suggest_works(today.month, crop=field.crop, doable=doable, had=names)


def days_for(field: Field | None, today: date) -> list[dict[str, Any]]:
    """The next days, each with what the season says of its weather."""
    wet: Mapping[date, bool] = rain_days(field.org_id, today, DAYS_SHOWN) if field is not None else {}
    days = [today + timedelta(days=n) for n in range(DAYS_SHOWN)]
    return [{"day": day, "name": weekday(day), "wet": wet.get(day, False), "ahead": n} for n, day in enumerate(days)]


def weekday(day: date) -> str:
    """周六, Sat."""
    return f"{day:%a}" if in_english() else "周" + "一二三四五六日"[day.weekday()]


def own_jobs(scope: Scope, **which: Any) -> list[Shown]:
    """The farmer's jobs with their orders, the soonest best-before first."""
    jobs = FieldJob.objects.seen_by(scope).filter(grower_id=scope.person_id, **which)
    jobs = jobs.select_related("field", "org").distinct().order_by("due", "ref")
    orders = WorkOrder.objects.seen_by(scope).filter(job__grower_id=scope.person_id)
    orders = orders.exclude(state=OrderState.WITHDRAWN).select_related("machine", "operator__person").distinct()
    of_job: dict[int, list[WorkOrder]] = {}
    for order in orders.order_by("start", "pk"):
        of_job.setdefault(order.job_id, []).append(order)
    now = timezone.now()
    return [Shown(job, of_job.get(job.pk, ()), now) for job in jobs]


def repeatable(scope: Scope, today: date) -> list[dict[str, Any]]:
    """Earlier seasons' jobs of about this time of year, to be asked for again by one tap."""
    earlier = (
        FieldJob.objects.seen_by(scope)
        .filter(grower_id=scope.person_id, due__lt=timezone.now() - timedelta(days=REPEAT_AFTER_DAYS))
        .exclude(status=JobStatus.CANCELLED)
        .select_related("field")
        .order_by("-due")[:200]
    )
    found = []
    for job in earlier:
        day = again_on(timezone.localtime(job.open).date(), today)
        if (day - today).days <= 60:
            found.append({"job": job, "day": day})
    return sorted(found, key=lambda one: one["day"])[:REPEATS_SHOWN]


def again_on(day: date, today: date) -> date:
    """The same day of this year, or of the next where it is over for long; a day just over becomes today.

    >>> again_on(date(2025, 11, 28), date(2026, 11, 20)).isoformat()
    '2026-11-28'
    """
    shown = min(day.day, 28) if day.month == 2 else day.day
    this = date(today.year, day.month, shown)
    if this >= today:
        return this
    return today if (today - this).days <= 30 else date(today.year + 1, day.month, shown)


def news(scope: Scope) -> list[Notice]:
    """Unread notices of one's own, newest first."""
    return list(Notice.objects.seen_by(scope).filter(person_id=scope.person_id, read_at=None).distinct()[:20])


def news_of(scope: Scope, job: FieldJob) -> list[Notice]:
    """What a farmer was told of a job, unread first."""
    told = Notice.objects.seen_by(scope).filter(person_id=scope.person_id, about=f"job:{job.pk}").distinct()
    return list(told.order_by(F("read_at").asc(nulls_first=True), "-pk")[:20])


def mark_read(scope: Scope, ids: Sequence[int]) -> int:
    """Own notices are read; answers how many."""
    return Notice.objects.filter(person_id=scope.person_id, pk__in=ids, read_at=None).update(read_at=timezone.now())
