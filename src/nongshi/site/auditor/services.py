"""From a number back to the rows that it comes from; nothing here changes anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from nongshi import api
from nongshi.agronomy import MACHINE_CLASSES, WORK_RATES
from nongshi.core.errors import NongshiError
from nongshi.site.auditor.risk import WorkFacts
from nongshi.site.base.models import Event
from nongshi.site.base.rights import Resource
from nongshi.site.base.scope import Scope
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.plans.models import OrderState, PlanRow, PlanState, Report, WorkOrder
from nongshi.site.plans.regions import season_rows, to_region
from nongshi.site.plans.services import plan_of
from nongshi.site.register.models import Machine

WORKS_MAX = 20_000  # drawn from: the newest


@dataclass(frozen=True, slots=True)
class Recheck:
    """A plan's figures as kept, and reckoned again from the rows as they are now."""

    kept: Mapping[str, float]
    now: Mapping[str, float]
    breaches: tuple[str, ...]
    fault: str = ""  # why it cannot be checked any more

    @property
    def same(self) -> bool:
        """Whether both agree to the fen and the last job."""
        return not self.fault and not self.breaches and all(abs(self.now[k] - v) < 0.5 for k, v in self.kept.items())


def events_of(scope: Scope, said: Mapping[str, str]) -> Any:
    """Acts in reach, filtered by what was asked: who, kind, object, days."""
    rows = Event.objects.filter(org_id__in=scope.orgs(Resource.EVENT)).select_related("by", "org")
    if who := said.get("who", "").replace("\x00", "").strip():
        rows = rows.filter(by__name__icontains=who)
    if kind := said.get("kind", "").strip():
        rows = rows.filter(name=kind)
    if about := said.get("about", "").replace("\x00", "").strip():
        rows = rows.filter(about=about)
    for name, lookup in (("since", "at__date__gte"), ("until", "at__date__lte")):
        if day := day_of(said.get(name, "")):
            rows = rows.filter(**{lookup: day})
    return rows.order_by("-id")


def kinds_of(scope: Scope) -> list[str]:
    """Kinds of acts that there are in reach."""
    rows = Event.objects.filter(org_id__in=scope.orgs(Resource.EVENT))
    return sorted(rows.order_by().values_list("name", flat=True).distinct())


def history(scope: Scope, about: str) -> Any:
    """All acts about one object, oldest first."""
    return (
        Event.objects.filter(about=about, org_id__in=scope.orgs(Resource.EVENT))
        .select_related("by", "org")
        .order_by("id")
    )


def job_story(scope: Scope, job: FieldJob) -> dict[str, Any]:
    """Everything that hangs on a job: acts, work orders of every plan, what phones reported."""
    orders = list(
        WorkOrder.objects.filter(job=job)
        .select_related("plan__season", "machine", "operator__person")
        .prefetch_related("operator__licences")
        .order_by("pk")
    )
    linked = machines_in_reach(scope, orders)
    reports = Report.objects.filter(order__in=orders).select_related("by").order_by("at")
    acts = Q(about=f"job:{job.pk}") | Q(about__in=[f"order:{order.pk}" for order in orders])
    return {
        "events": Event.objects.filter(acts, org_id__in=scope.orgs(Resource.EVENT)).select_related("by").order_by("id"),
        "orders": [{"order": o, "papers": papers_of(o), "linked": o.machine_id in linked} for o in orders],
        "reports": reports,
        "plans": list({order.plan_id: order.plan for order in orders}.values()),
    }


def machines_in_reach(scope: Scope, orders: Sequence[WorkOrder]) -> set[int]:
    """Which machines of these orders have a page for this reader: another district's may have come to help."""
    wanted = {order.machine_id for order in orders}
    return set(Machine.objects.seen_by(scope).filter(pk__in=wanted).values_list("pk", flat=True))


def papers_of(order: WorkOrder) -> dict[str, Any]:
    """The machine's papers and the operator's licence on the day of the work."""
    day = timezone.localtime(order.start).date()
    needed = licence_needed(order.machine.machine_class)
    until = licence_until(order, needed)
    return {
        "day": day,
        "needed": needed,
        "until": until,
        "licence_ok": needed is None or (until is not None and until >= day),
        "missing": order.machine.papers_missing(day),
    }


def recheck(plan: PlanRow) -> Recheck:
    """Verify a plan once more, and sum it up anew."""
    kept = {"served": float(plan.jobs_served), "unserved": float(plan.jobs_unserved), "fen": float(plan.objective_fen)}
    try:
        rows = season_rows(plan.season, jobs=JobStatus.values)
        read = plan_of(plan)
        named = {stop.job_id for route in read.routes for stop in route.stops} | {one.job_id for one in read.unserved}
        rows.jobs[:] = [job for job in rows.jobs if rows.key(job) in named]  # type: ignore[index]
        verdict = api.check_plan(to_region(rows), read)
    except NongshiError as fault:
        return Recheck(kept, {}, (), str(fault))
    served = {stop.job_id for route in read.routes for stop in route.stops}
    now = {
        "served": float(len(served)),
        "unserved": float(len(named - served)),
        "fen": float(read.objective_fen),
    }
    return Recheck(kept, now, tuple(str(breach) for breach in verdict.breaches))


def machine_story(scope: Scope, machine: Machine) -> dict[str, Any]:
    """Who drove a machine when, and which of its papers hold today."""
    orders = (
        WorkOrder.objects.seen_by(scope)
        .filter(machine=machine)
        .exclude(state=OrderState.WITHDRAWN)
        .select_related("job__field", "operator__person")
        .distinct()
    )
    today = timezone.localdate()
    papers = {
        "inspection": machine.inspected_until,
        "insurance": machine.insured_until,
        "permit": machine.permit_until,
        "oversize": machine.oversize_until,
    }
    return {
        "orders": orders[:200],
        "papers": [
            {"name": name, "until": until, "ok": until is not None and until >= today} for name, until in papers.items()
        ],
        "events": history(scope, f"machine:{machine.pk}"),
    }


def works_of(scope: Scope) -> tuple[list[WorkFacts], dict[int, WorkOrder]]:
    """Work orders in reach as facts for the draw, and the rows by their number."""
    orders = list(
        WorkOrder.objects.seen_by(scope)
        .exclude(state=OrderState.WITHDRAWN)
        .filter(plan__state__in=(PlanState.PUBLISHED, PlanState.OLD))
        .select_related("job__field", "machine", "operator__person")
        .prefetch_related("operator__licences")
        .distinct()
        .order_by("-pk")[:WORKS_MAX]
    )
    return [_facts(order) for order in orders], {order.pk: order for order in orders}


def licence_needed(machine_class: str) -> str | None:
    """The licence class that a machine class asks for."""
    known = MACHINE_CLASSES.get(machine_class)
    return None if known is None else known.licence


def licence_until(order: WorkOrder, needed: str | None) -> date | None:
    """The last valid day of the operator's licence of a class."""
    if needed is None or order.operator is None:
        return None
    held: Sequence[Any] = order.operator.licences.all()
    return next((one.valid_until for one in held if one.licence_class == needed), None)


def day_of(text: str) -> date | None:
    """A day as an address carries it; None: none, or none that can be."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _facts(order: WorkOrder) -> WorkFacts:
    papers, job = papers_of(order), order.job
    rate = next(
        (r.rate_ha_h for r in WORK_RATES.values()
         if (r.machine_class, r.operation) == (order.machine.machine_class, job.operation)),
        None,
    )  # fmt: skip
    return WorkFacts(
        order_id=order.pk,
        area_ha=order.area_ha,
        booked_ha=job.area_ha,
        rate_ha_h=rate,
        day=papers["day"],
        licence_needed=papers["needed"],
        licence_until=papers["until"],
        papers_missing=tuple(papers["missing"]),
        finished=order.state == OrderState.DONE,
        began_at=order.began_at,
        ended_at=order.ended_at,
        measured_ha=job.measured_ha,
        disputed=job.status == JobStatus.DISPUTED,
    )
