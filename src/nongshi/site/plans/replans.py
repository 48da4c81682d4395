"""A plan made anew after something has happened: long work whose result is another draft, with every change listed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from nongshi import api
from nongshi.core.errors import BadUsage, NotFound, PlanBroken
from nongshi.core.events import Event, Events, JobArea, JobCancelled, MachineDown, OperatorIll, Rain, UrgentJob
from nongshi.core.region import Region
from nongshi.core.times import midnight, wall
from nongshi.dispatch.changes import list_calls, list_changes
from nongshi.dispatch.events import apply_events
from nongshi.dispatch.replan import Mode, replan_or_cut
from nongshi.files.change_rows import call_rows, change_rows
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.plans.drafts import Loaded, load, plan_rows
from nongshi.site.plans.facts import facts_between
from nongshi.site.plans.facts_back import note_said
from nongshi.site.plans.models import PlanRow, PlanState, Season
from nongshi.site.plans.pins import with_windows
from nongshi.site.plans.services import PROGRESS_PART, keep_plan
from nongshi.site.work.models import Run
from nongshi.site.work.services import Step, kind, start

CPU_S = 5.0  # assumption: as long as a dispatcher likes to wait on the telephone
FREEZE_H = 2.0  # assumption: who sets out within two hours is not called back


def start_replan(
    scope: Scope, plan_id: int, events: list[dict[str, Any]], *, mode: str, title: str = "", cpu_s: float = CPU_S
) -> Run:
    """Have a plan made anew by the worker; `events` as `read_event` takes them.

    Raises:
        BadUsage: the plan is an old one, or the mode is none of ours.
    """
    row = PlanRow.objects.select_related("season").get_changed(scope, pk=plan_id)
    if row.state == PlanState.OLD:
        raise BadUsage(f"plan {row.number} was replaced; re-plan the one in force, or a draft")
    if mode not in [one.value for one in Mode]:
        raise BadUsage(f"mode must be one of {', '.join(Mode)}, got {mode!r}; correct it")
    given = {"plan": row.pk, "season": row.season_id, "events": events, "mode": mode, "title": title[:120]}
    return start("replan", given | {"cpu_s": cpu_s, "by": scope.person_id}, scope=scope, org_id=row.org_id)


@kind("replan")
def make_replan(given: Mapping[str, Any], step: Step) -> Mapping[str, Any]:
    """Plan again after events, verify, keep as a draft; what has happened is remembered with the season."""
    row = PlanRow.objects.select_related("season").get(pk=given["plan"])
    loaded = load(row, stale_s=0.0)
    region, urgent = _without_urgent(loaded, given["events"])
    events = _events(loaded, given, urgent)
    held = with_windows(region, loaded.plan, loaded.pins, loaded.fixed())
    applied = apply_events(held, loaded.plan, events, freeze_h=float(given.get("freeze_h", FREEZE_H)))
    applied, plan = replan_or_cut(
        applied,
        mode=Mode(given["mode"]),
        cpu_s=None if given.get("iterations") else float(given.get("cpu_s", CPU_S)),
        iterations=given.get("iterations"),
        on_step=lambda found: step(min(PROGRESS_PART, found.share), ""),
    )
    changes = list_changes(held, loaded.plan, applied.region, plan, events)
    told = {"changes": change_rows(changes), "calls": call_rows(list_calls(changes)), "planned_at": wall(events.now)}
    plan = replace(api.with_methods(plan), extra={**plan.extra, **told, "made_after": given["events"]})
    with transaction.atomic():
        season = Season.objects.select_for_update().get(pk=row.season_id)
        facts = facts_between(held, applied.region, season.head.get("facts", {}))
        season.head = note_said(season.head, facts, given.get("by"))
        season.version += 1
        season.save()
        verdict = api.check_plan(plan_rows(season, plan)[1], plan)
        if not verdict.ok:
            raise PlanBroken([str(breach) for breach in verdict.breaches])
        made = keep_plan(season, plan, by=given.get("by"), made_from=row, title=given.get("title", ""))
        made.pins = row.pins
        made.save(update_fields=["pins", "changed"])
        by = Scope(person_id=given.get("by"))
        log("PlanMadeAnew", f"plan:{made.pk}", scope=by, org_id=row.org_id, after=row.pk, events=given["events"])
    return {"plan": made.pk, "number": made.number, "changes": len(changes)}


def _events(loaded: Loaded, given: Mapping[str, Any], urgent: tuple[Event, ...]) -> Events:
    told = [read_event(one, loaded) for one in given["events"] if one["kind"] != "urgent_job"]
    return Events(now=now_of(loaded.region), events=(*told, *urgent))


def now_of(region: Region) -> datetime:
    """The moment from which a plan is made anew: now, or the first midnight of a season to come."""
    return max(timezone.now().astimezone(region.tz).replace(second=0, microsecond=0),
               midnight(region.start_date, region.tz))  # fmt: skip


def _without_urgent(loaded: Loaded, said: list[dict[str, Any]]) -> tuple[Region, tuple[Event, ...]]:
    """The region as if nobody knew of the urgent jobs yet, and the events that tell of them."""
    ids = {one["job_id"] for one in said if one["kind"] == "urgent_job"}
    for job_id in ids - set(loaded.region.job_of):
        raise NotFound(f"urgent job {job_id} does not stand in the region; post it again")
    served = {stop.job_id for route in loaded.plan.routes for stop in route.stops}
    fresh = [loaded.region.job_of[job_id] for job_id in sorted(ids - served)]
    jobs = tuple(job for job in loaded.region.jobs if job not in fresh)
    return replace(loaded.region, jobs=jobs), tuple(UrgentJob(job=job) for job in fresh)


def read_event(said: Mapping[str, Any], loaded: Loaded) -> Event:
    """One event from plain data: {"kind", ids, "from", "to"} with local wall times or days.

    Raises:
        BadUsage: an unknown kind.
    """
    tz = loaded.tz
    match said["kind"]:
        case "machine_down":
            return MachineDown(
                machine_id=said["machine_id"], since=_moment(said["from"], tz), until=_moment(said["to"], tz)
            )
        case "operator_ill":
            first, last = date.fromisoformat(said["from"]), date.fromisoformat(said["to"])
            return OperatorIll(operator_id=said["operator_id"], first=first, last=last)
        case "rain":
            return Rain(
                since=_moment(said["from"], tz), until=_moment(said["to"], tz), machine_class=said.get("machine_class")
            )
        case "job_area":
            return JobArea(job_id=said["job_id"], area_ha=float(said["area_ha"]))
        case "job_cancelled":
            return JobCancelled(job_id=said["job_id"], keep_followers=bool(said.get("keep_followers")))
        case other:
            raise BadUsage(f"there is no event {other!r} here; correct kind")


def _moment(said: str, tz: ZoneInfo) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=tz)
