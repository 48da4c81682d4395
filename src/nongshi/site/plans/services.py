"""What is done with plans: make, keep, publish, hand out as work orders, tell whom it concerns."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from nongshi import api
from nongshi.core import plan as core
from nongshi.core.errors import BadUsage, PlanBroken
from nongshi.core.region import Region
from nongshi.core.units import FEN_PER_YUAN
from nongshi.files.plan_text import plan_json
from nongshi.site.base.faults import Outdated
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.jobs.models import OPEN_STATUSES, FieldJob, JobStatus
from nongshi.site.plans.drafts import Loaded, load, read_plan
from nongshi.site.plans.facts import with_facts
from nongshi.site.plans.hooks import PUBLISHED
from nongshi.site.plans.models import Notice, OrderState, PlanRow, PlanState, Season, WorkOrder
from nongshi.site.plans.regions import Rows, season_rows, to_region
from nongshi.site.work.models import Run
from nongshi.site.work.services import Step, kind, start
from nongshi.verify import Breach

CPU_S = 20.0  # assumption: what a dispatcher waits for a plan
TELL_MIN = 30  # minutes: a smaller change of hour is no news (dispatchers' practice, notes of peers)
PROGRESS_PART = 0.95


def season_region(season: Season) -> tuple[Rows, Region]:
    """The rows of a season and the Region made of them."""
    rows = season_rows(season)
    return rows, with_facts(to_region(rows), season.head.get("facts", {}))


def plan_of(row: PlanRow) -> core.Plan:
    """The plan that a row keeps."""
    return read_plan(row)


def start_plan(scope: Scope, season_id: int, *, cpu_s: float = CPU_S, seed: int = 1) -> Run:
    """Have a season planned by the worker."""
    season = Season.objects.get_changed(scope, pk=season_id)
    api.check_budget(cpu_s=cpu_s, iterations=None)
    given = {"season": season.pk, "cpu_s": cpu_s, "seed": seed, "by": scope.person_id}
    return start("plan", given, scope=scope, org_id=season.org_id)


@kind("plan")
def make_plan(given: Mapping[str, Any], step: Step) -> Mapping[str, Any]:
    """Plan a season from its rows as they are now, and keep the plan as a draft."""
    season = Season.objects.get(pk=given["season"])
    _, region = season_region(season)

    def on_step(found: Any) -> None:
        best = "" if found.best_fen is None else f"{found.best_fen / FEN_PER_YUAN:,.0f}"
        step(min(PROGRESS_PART, found.share), best)

    plan = api.solve(
        region,
        cpu_s=float(given.get("cpu_s", CPU_S)),
        iterations=given.get("iterations"),
        seed=int(given.get("seed", 1)),
        on_step=on_step,
    )
    row = keep_plan(season, plan, by=given.get("by"))
    return {"plan": row.pk, "number": row.number}


def keep_plan(
    season: Season, plan: core.Plan, *, by: int | None, made_from: PlanRow | None = None, title: str = ""
) -> PlanRow:
    """A new draft with the next number."""
    with transaction.atomic():
        last = PlanRow.objects.filter(season=season).aggregate(last=Max("number"))["last"] or 0
        row = PlanRow(
            org_id=season.org_id, season=season, number=last + 1, made_by_id=by, made_from=made_from, title=title
        )
        set_plan(row, plan)
        row.save()
        log("PlanMade", f"plan:{row.pk}", scope=Scope(person_id=by), org_id=season.org_id, number=row.number)
    return row


def set_plan(row: PlanRow, plan: core.Plan) -> None:
    """Put a plan and its figures into a row."""
    row.text = plan_json(plan, zone=row.season.zone)
    row.objective_fen = round(plan.objective_fen)
    row.jobs_served, row.jobs_unserved = plan.totals.jobs_served, plan.totals.jobs_unserved
    row.figures = {key: json.loads(row.text)[key] for key in ("totals", "objective_yuan", "bound_yuan", "gap", "cpu_s")}


def change_plan(scope: Scope, plan_id: int, version: int) -> PlanRow:
    """As `lock_draft`; the row's version is the next one already."""
    row = lock_draft(scope, plan_id, version)
    row.version += 1
    return row


def lock_draft(scope: Scope, plan_id: int, version: int) -> PlanRow:
    """A draft to be changed by somebody who saw it at `version`; locked until the request ends.

    Raises:
        Outdated: somebody else changed it since.
        BadUsage: it is no draft any more.
    """
    row = PlanRow.objects.select_for_update().select_related("season").get_changed(scope, pk=plan_id)
    if row.version != version:
        raise Outdated(f"plan {row.number}")
    if row.state != PlanState.DRAFT:
        raise BadUsage(f"plan {row.number} is {row.state}; make a draft from it first")
    return row


def publish(scope: Scope, plan_id: int, version: int) -> list[Notice]:
    """Put a draft in force: verified once more, work orders issued, and told to those whose time moved.

    Returns the notices; who keeps machine, day and hour within 30 minutes is not told again.

    Raises:
        PlanBroken: jobs or machines changed since, so that the plan does not hold any more.
    """
    row = lock_draft(scope, plan_id, version)
    loaded = load(row, stale_s=0.0)
    verdict = api.check_plan(loaded.region, loaded.plan)
    if not verdict.ok:
        raise PlanBroken([str(breach) for breach in verdict.breaches])
    before = _by_part(_standing(row.season))
    PlanRow.objects.filter(season=row.season, state=PlanState.PUBLISHED).update(state=PlanState.OLD)
    row.state, row.published_at = PlanState.PUBLISHED, timezone.now()
    row.version += 1
    set_plan(row, loaded.plan)
    row.save()
    orders = _orders(row, loaded)
    _issue(orders, before)
    told = {pk for follow in PUBLISHED for pk in follow(scope, [*before.values()], [*orders.values()])}
    log("PlanPublished", f"plan:{row.pk}", scope=scope, org_id=row.org_id, orders=len(orders))
    rest = [{key: one for key, one in side.items() if key[0] not in told} for side in (before, orders)]
    return Notice.objects.bulk_create(_told(*rest))


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing a plan would do."""

    breaches: tuple[Breach, ...]  # the verifier's findings; with any it cannot be published
    notices: tuple[Notice, ...]  # not kept; by hour
    orders: int


def preview(row: PlanRow) -> Preview:
    """Whom publishing would tell what, and what the verifier says; nothing is changed."""
    loaded = load(row, stale_s=0.0)
    verdict = api.check_plan(loaded.region, loaded.plan)
    orders = _orders(row, loaded)
    told = _told(_by_part(_standing(row.season)), orders)
    return Preview(verdict.breaches, tuple(told), len(orders))


def _by_part(orders: Iterable[WorkOrder]) -> dict[tuple[int, int], WorkOrder]:
    return {(order.job_id, order.part): order for order in orders}


def _standing(season: Season) -> list[WorkOrder]:
    """Orders of the plan in force that are not begun."""
    return list(
        WorkOrder.objects.filter(
            plan__season=season, plan__state=PlanState.PUBLISHED, state=OrderState.ISSUED
        ).select_related("job__grower", "job__field", "machine")
    )


def _orders(row: PlanRow, loaded: Loaded) -> dict[tuple[int, int], WorkOrder]:
    """The work orders of a plan, not kept yet; a part that was begun keeps the order it has."""
    plan, rows = loaded.plan, loaded.rows
    begun = set(
        WorkOrder.objects.filter(plan__season=row.season)
        .exclude(state__in=(OrderState.WITHDRAWN, OrderState.ISSUED))
        .values_list("job_id", "part")
    )
    driver = {(crew.machine_id, crew.date): rows.operator_of[crew.operator_id] for crew in plan.crews}
    orders: dict[tuple[int, int], WorkOrder] = {}
    for route in plan.routes:
        for stop in route.stops:
            job = rows.job_of[stop.job_id]
            if (job.pk, stop.part) in begun or job.status not in OPEN_STATUSES:
                continue
            orders[job.pk, stop.part] = WorkOrder(
                org_id=job.org_id,
                plan=row,
                job=job,
                part=stop.part,
                machine=rows.machine_of[route.machine_id],
                operator=driver.get((route.machine_id, stop.start.date())),
                area_ha=stop.area_ha,
                km=stop.km,
                start=stop.start,
                end=stop.end,
            )
    return orders


def _issue(orders: Mapping[tuple[int, int], WorkOrder], before: Mapping[tuple[int, int], WorkOrder]) -> None:
    """Withdraw what stood, issue what the plan says."""
    WorkOrder.objects.filter(pk__in=[order.pk for order in before.values()]).update(
        state=OrderState.WITHDRAWN, version=F("version") + 1, changed=timezone.now()
    )
    WorkOrder.objects.bulk_create(orders.values())
    planned = {job_id for job_id, _ in orders}
    FieldJob.objects.filter(pk__in=planned, status=JobStatus.POSTED).update(status=JobStatus.PLANNED)
    freed = {order.job_id for order in before.values()} - planned
    FieldJob.objects.filter(pk__in=freed, status=JobStatus.PLANNED).update(status=JobStatus.POSTED)


def _told(before: Mapping[tuple[int, int], WorkOrder], after: Mapping[tuple[int, int], WorkOrder]) -> list[Notice]:
    """One notice a job and grower whose first hour is new, moved or gone; not kept yet."""
    first_before, first_after = _first(before.values()), _first(after.values())
    notices = []
    for job_id in sorted({*first_before, *first_after}):
        old, new = first_before.get(job_id), first_after.get(job_id)
        shown = new or old
        if shown is None or shown.job.grower_id is None or not _moved(old, new):
            continue
        text, text_en = _words(shown, old, new)
        notices.append(
            Notice(org_id=shown.org_id, person=shown.job.grower, about=f"job:{job_id}", text=text, text_en=text_en)
        )
    return notices


def _first(orders: Any) -> dict[int, WorkOrder]:
    found: dict[int, WorkOrder] = {}
    for order in orders:
        if order.job_id not in found or order.start < found[order.job_id].start:
            found[order.job_id] = order
    return found


def _moved(old: WorkOrder | None, new: WorkOrder | None) -> bool:
    if old is None or new is None:
        return old is not new
    return abs(new.start - old.start) > timedelta(minutes=TELL_MIN)


def _words(shown: WorkOrder, old: WorkOrder | None, new: WorkOrder | None) -> tuple[str, str]:
    """What a grower is told, Chinese and English."""
    field = str(shown.job.field)
    if new is None:
        return (
            f"{field}的作业暂时排不上，我们会再联系您。",
            f"{field}: your job has no place for now; we will come back to you.",
        )
    at = timezone.localtime(new.start)
    when, when_en = f"{at.month}月{at.day}日 {at:%H:%M}", f"{at:%Y-%m-%d %H:%M}"
    if old is None:
        return f"{field}：{new.machine} 预计{when}到田。", f"{field}: {new.machine} is expected at {when_en}."
    was = timezone.localtime(old.start)
    return (
        f"{field}的作业改到{when}（原定{was.month}月{was.day}日 {was:%H:%M}），由 {new.machine} 作业。",
        f"{field}: now {when_en} (before {was:%Y-%m-%d %H:%M}), by {new.machine}.",
    )
