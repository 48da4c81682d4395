"""The finished jobs of some days as facts for the rules, and the sample drawn from them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from nongshi.site.auditor.history import orders_of, worked_on
from nongshi.site.auditor.papers import licence_needed, licence_on, missing, rate_ha_h
from nongshi.site.auditor.risk import Drawn, JobFacts, OrderFacts, Rule, draw, remarks
from nongshi.site.base.scope import Scope
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.plans.models import OrderState, WorkOrder
from nongshi.site.register.models import Machine, Operator

FINISHED = (JobStatus.DONE, JobStatus.CONFIRMED, JobStatus.DISPUTED)
END_REPORT = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What was drawn, from how many, and how often each rule is broken among all of them."""

    drawn: tuple[tuple[FieldJob, Drawn], ...]
    population: int
    broken: tuple[tuple[Rule, int], ...]


def make_sample(scope: Scope, *, n: int, seed: int, since: date, until: date) -> Sample:
    """Draw `n` of the jobs in sight that were finished with work between two days.

    Raises:
        BadInput: n is too large or too small.
    """
    jobs = {job.pk: job for job in _finished(scope, since, until)}
    facts = facts_of(scope, jobs)
    counts = dict.fromkeys(Rule, 0)
    for one in facts:
        for remark in remarks(one):
            counts[remark.rule] += 1
    drawn = draw(facts, n, seed)
    return Sample(
        drawn=tuple((jobs[one.job_id], one) for one in drawn), population=len(facts), broken=tuple(counts.items())
    )


def facts_of(scope: Scope, jobs: dict[int, FieldJob]) -> list[JobFacts]:
    """What the rules look at, of each job."""
    by_job: defaultdict[int, list[OrderFacts]] = defaultdict(list)
    machines = set(Machine.objects.seen_by(scope).values_list("pk", flat=True))
    operators = set(Operator.objects.seen_by(scope).values_list("pk", flat=True))
    for order in orders_of(scope).filter(job_id__in=list(jobs)).exclude(state=OrderState.WITHDRAWN):
        by_job[order.job_id].append(_order_facts(order, order.machine_id in machines, order.operator_id in operators))
    return [
        JobFacts(job_id=job.pk, area_ha=job.area_ha, measured_ha=job.measured_ha, orders=by_job[job.pk])
        for job in jobs.values()
    ]


def _finished(scope: Scope, since: date, until: date) -> list[FieldJob]:
    """Finished jobs whose work lies between the days; without any order, whose window does."""
    zone = timezone.get_default_timezone()
    first = datetime.combine(since, time(), tzinfo=zone)
    end = datetime.combine(until + timedelta(days=1), time(), tzinfo=zone)
    rows = FieldJob.objects.seen_by(scope).filter(status__in=FINISHED).select_related("org", "field").distinct()
    within = rows.filter(orders__start__gte=first, orders__start__lt=end)
    bare = rows.filter(orders__isnull=True, open__lt=end, close__gte=first)
    return sorted({job.pk: job for job in [*within, *bare]}.values(), key=lambda job: job.pk)


def _order_facts(order: WorkOrder, machine_seen: bool, operator_seen: bool) -> OrderFacts:
    """Papers of another organisation's machine or operator are not in reach, so no rule speaks of them."""
    day = worked_on(order).date()
    needed = licence_needed(order.machine.machine_class, order.plan.season) if operator_seen else None
    reports = order.reports.all()
    return OrderFacts(
        day=day,
        area_ha=order.area_ha,
        rate_ha_h=rate_ha_h(order, order.job.operation),
        began=order.began_at,
        ended=order.ended_at,
        end_reported=any(report.kind == END_REPORT for report in reports),
        licence=needed,
        licence_until=licence_on(order.operator, needed, day).until,
        papers_missing=missing(order.machine, day) if machine_seen else (),
    )
