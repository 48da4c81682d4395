"""A job from its first word to its last paper: acts, plans that named it, work orders, reports, papers of that day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from nongshi.core.plan import Stop, Unserved
from nongshi.site.auditor.acts import seen_acts
from nongshi.site.auditor.papers import LicenceSeen, Paper, licence_needed, licence_on, machine_papers
from nongshi.site.base.models import Event
from nongshi.site.base.scope import Scope
from nongshi.site.jobs.models import FieldJob
from nongshi.site.plans.models import PlanRow, WorkOrder
from nongshi.site.plans.services import plan_of
from nongshi.site.register.models import Machine, Operator

PLANS_MAX = 60  # versions that are opened to look for a job; the newest ones


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSeen:
    """A work order with its reports and the papers of its day; machine and operator only where they are in sight."""

    order: WorkOrder
    machine: Machine | None
    operator: Operator | None
    papers: tuple[Paper, ...]
    licence: LicenceSeen | None
    reports: tuple[Any, ...]
    job_seen: bool  # whether the job has a page for this reader


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanNamed:
    """What one plan says of the job."""

    plan: PlanRow
    stops: tuple[tuple[Machine | None, Stop], ...]
    left_out: Unserved | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobHistory:
    """All there is about one job."""

    job: FieldJob
    acts: tuple[Event, ...]
    plans: tuple[PlanNamed, ...]
    orders: tuple[OrderSeen, ...]

    @property
    def off_share(self) -> float | None:
        """Measured against booked area, less 1; None: not measured."""
        return None if self.job.measured_ha is None else self.job.measured_ha / self.job.area_ha - 1


def job_history(scope: Scope, job_id: int) -> JobHistory:
    """One job in sight with everything that leads to it.

    Raises:
        NotFound: no such job in reach.
    """
    jobs = FieldJob.objects.select_related("org", "field", "grower", "posted_by", "after")
    job = jobs.get_seen(scope, pk=job_id)
    orders = list(orders_of(scope).filter(job=job))
    about = [f"job:{job.pk}", *(f"order:{order.pk}" for order in orders)]
    return JobHistory(
        job=job,
        acts=tuple(seen_acts(scope).filter(about__in=about).order_by("at", "pk")),
        plans=tuple(_plans_naming(scope, job)),
        orders=tuple(see_orders(scope, orders)),
    )


def orders_of(scope: Scope) -> QuerySet[WorkOrder]:
    """Work orders in sight with what their papers need."""
    return (
        WorkOrder.objects.seen_by(scope)
        .distinct()
        .select_related("plan__season", "job__field", "machine__org", "operator__person")
        .prefetch_related("reports__by", "operator__licences")
        .order_by("start", "pk")
        .defer("plan__packed")
    )


def see_orders(scope: Scope, orders: Iterable[WorkOrder]) -> list[OrderSeen]:
    """Orders with papers; a machine or operator of another organisation is not shown."""
    rows = list(orders)
    machines = _in_sight(Machine, scope, (order.machine_id for order in rows))
    operators = _in_sight(Operator, scope, (order.operator_id for order in rows))
    jobs = _in_sight(FieldJob, scope, (order.job_id for order in rows))
    return [
        _see(order, order.machine_id in machines, order.operator_id in operators, order.job_id in jobs)
        for order in rows
    ]


def worked_on(order: WorkOrder) -> datetime:
    """When the work was, local: as reported, else as planned."""
    return timezone.localtime(order.began_at or order.start)


def _see(order: WorkOrder, machine_seen: bool, operator_seen: bool, job_seen: bool) -> OrderSeen:
    day = worked_on(order).date()
    operator = order.operator if operator_seen else None
    needed = licence_needed(order.machine.machine_class, order.plan.season)
    return OrderSeen(
        order=order,
        machine=order.machine if machine_seen else None,
        operator=operator,
        papers=machine_papers(order.machine, day) if machine_seen else (),
        licence=licence_on(operator, needed, day) if operator is not None else None,
        reports=tuple(order.reports.all()),
        job_seen=job_seen,
    )


def _in_sight(model: Any, scope: Scope, ids: Iterable[int | None]) -> set[int]:
    wanted = {pk for pk in ids if pk is not None}
    return set(model.objects.seen_by(scope).filter(pk__in=wanted).values_list("pk", flat=True))


def _plans_naming(scope: Scope, job: FieldJob) -> Iterable[PlanNamed]:
    """Newest first. A plan names a job by its number, or by organisation and number."""
    plans = PlanRow.objects.seen_by(scope).filter(season__members__org_id=job.org_id).select_related("season")
    machines: dict[str, Machine] = {}
    for machine in Machine.objects.seen_by(scope).select_related("org"):
        machines[machine.ref] = machines[f"{machine.org.code}/{machine.ref}"] = machine
    for row in plans.distinct().order_by("-created")[:PLANS_MAX]:
        key = f"{job.org.code}/{job.ref}" if row.season.head.get("prefixed") else job.ref
        plan = plan_of(row)
        stops = tuple((machines.get(r.machine_id), stop) for r in plan.routes for stop in r.stops if stop.job_id == key)
        left_out = next((one for one in plan.unserved if one.job_id == key), None)
        if stops or left_out is not None:
            yield PlanNamed(plan=row, stops=stops, left_out=left_out)
