"""A draft changed by hand, step by step: each step is checked, timed anew, kept to be undone, and told to the log."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from nongshi.core import plan as core
from nongshi.core.errors import BadUsage, NotFound
from nongshi.core.times import wall
from nongshi.dispatch.edit import drop_job, move_job, move_lifted
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.plans.drafts import Loaded, load, put
from nongshi.site.plans.models import PlanRow, PlanStep
from nongshi.site.plans.pins import Pins, with_windows
from nongshi.site.plans.services import keep_plan, lock_draft, plan_of, set_plan

UNDO_MAX = 40  # steps kept with a plan; each is as large as the packed plan
JOBS_MAX = 200  # jobs in one step: a larger one would hold others up

Made = tuple[core.Plan, Pins]
FIXED_WORDS = {
    "pinned": "is pinned; take the pin off first",
    "machine_day": "stands on a pinned machine-day; take that pin off first",
    "frozen": "lies in the frozen time; freeze less first",
    "begun": "has begun; it stays where it is",
}


def move(scope: Scope, plan_id: int, version: int, job_ids: Sequence[str], machine_id: str) -> Loaded:
    """Jobs whole onto a machine, each where that costs least; all or none.

    Raises:
        NoPlaceThere: one of them does not fit there.
        BadUsage: one of them is pinned, frozen or begun.
    """

    def act(loaded: Loaded) -> Made:
        plan = loaded.plan
        for number, job_id in enumerate(_known(loaded, job_ids)):
            if number == 0:
                with loaded.lock:
                    plan = move_lifted(loaded.lifter, plan, job_id, machine_id)
            else:
                held = with_windows(loaded.region, plan, loaded.pins, loaded.fixed())
                plan = move_job(held, plan, job_id, machine_id)
        return plan, loaded.pins

    return _step(scope, plan_id, version, act, what="move", jobs=[*job_ids], machine=machine_id)


def drop(scope: Scope, plan_id: int, version: int, job_ids: Sequence[str]) -> Loaded:
    """Jobs out of the plan, with those that wait for them.

    Raises:
        BadUsage: one of them is pinned, frozen or begun.
    """

    def act(loaded: Loaded) -> Made:
        plan = loaded.plan
        for job_id in _known(loaded, job_ids):
            held = with_windows(loaded.region, plan, loaded.pins, loaded.fixed())
            plan = drop_job(held, plan, job_id)
        for job_id, why in loaded.fixed().items():
            if job_id in {out.job_id for out in plan.unserved} - {out.job_id for out in loaded.plan.unserved}:
                raise BadUsage(f"job {job_id} waits for it and {FIXED_WORDS[why]}")
        return plan, loaded.pins

    return _step(scope, plan_id, version, act, what="drop", jobs=[*job_ids])


def pin_jobs(scope: Scope, plan_id: int, version: int, job_ids: Sequence[str], *, on: bool) -> Loaded:
    """Jobs stay with their machine and hour, or may move again."""

    def act(loaded: Loaded) -> Made:
        pins = dict(loaded.pins.jobs)
        first = _first_stops(loaded.plan)
        for job_id in job_ids:
            if on and job_id not in first:
                raise NotFound(f"the plan does not serve job {job_id}; only what is planned can be pinned")
            pins.pop(job_id, None)
            if on:
                pins[job_id] = first[job_id]
        return loaded.plan, replace(loaded.pins, jobs=pins)

    return _step(scope, plan_id, version, act, what="pin" if on else "unpin", jobs=[*job_ids])


def pin_machine_day(scope: Scope, plan_id: int, version: int, machine_id: str, day: str, *, on: bool) -> Loaded:
    """Everything that a machine begins on a day stays, or may move again."""

    def act(loaded: Loaded) -> Made:
        if machine_id not in loaded.region.machine_of:
            raise NotFound(f"machine {machine_id} does not stand in the region; correct the id")
        days = loaded.pins.machine_days
        days = days | {(machine_id, day)} if on else days - {(machine_id, day)}
        return loaded.plan, replace(loaded.pins, machine_days=days)

    return _step(scope, plan_id, version, act, what="pin_day" if on else "unpin_day", machine=machine_id, day=day)


def freeze(scope: Scope, plan_id: int, version: int, until: datetime | None) -> Loaded:
    """Everything that begins before a moment stays, and nothing new begins before it; None: nothing is frozen."""

    def act(loaded: Loaded) -> Made:
        return loaded.plan, replace(loaded.pins, until=until)

    said = "" if until is None else wall(until, seconds=False)
    return _step(scope, plan_id, version, act, what="freeze", until=said)


def retitle(scope: Scope, plan_id: int, version: int, title: str) -> PlanRow:
    """Give a draft a name."""
    row = lock_draft(scope, plan_id, version)
    row.title = title.strip()[:120]
    row.save(update_fields=["title", "changed"])
    return row


def copy_draft(scope: Scope, plan_id: int, title: str = "") -> PlanRow:
    """A new draft with what a plan holds, pins included."""
    row = PlanRow.objects.select_related("season").get_changed(scope, pk=plan_id)
    made = keep_plan(row.season, plan_of(row), by=scope.person_id, made_from=row, title=title.strip()[:120])
    made.pins = row.pins
    made.save(update_fields=["pins", "changed"])
    return made


def undo(scope: Scope, plan_id: int, version: int) -> PlanRow:
    """The plan as it was before the last change, whoever made it.

    Raises:
        BadUsage: there is nothing to undo.
    """
    return _swap(scope, plan_id, version, "undo", "redo")


def redo(scope: Scope, plan_id: int, version: int) -> PlanRow:
    """The change that was undone last, again.

    Raises:
        BadUsage: there is nothing to do again.
    """
    return _swap(scope, plan_id, version, "redo", "undo")


def _step(scope: Scope, plan_id: int, version: int, act: Callable[[Loaded], Made], **said: Any) -> Loaded:
    row = lock_draft(scope, plan_id, version)
    loaded = load(row)
    plan, pins = act(loaded)
    kept = PlanStep.objects.create(plan=row, packed=bytes(row.packed), pins=row.pins, figures=row.figures)
    at = timezone.now().isoformat(timespec="seconds")
    before_fen = row.objective_fen
    row.version += 1
    if plan is not loaded.plan:
        set_plan(row, plan)
    if said["what"] != "freeze":  # what a running season freezes by itself is not kept
        pins = replace(pins, until=Pins.read(row.pins, loaded.tz).until)
    row.pins = pins.kept()
    entry = {"step": kept.pk, "by": scope.person_id, "at": at, "delta_fen": row.objective_fen - before_fen, **said}
    _forget(row.redo)
    row.redo = []
    row.undo = [*row.undo, entry]
    _forget(row.undo[:-UNDO_MAX])
    row.undo = row.undo[-UNDO_MAX:]
    row.save()
    log("PlanChanged", f"plan:{row.pk}", scope=scope, org_id=row.org_id, version=row.version, **said)
    return put(row, loaded, plan)


def _swap(scope: Scope, plan_id: int, version: int, taken: str, given: str) -> PlanRow:
    row = lock_draft(scope, plan_id, version)
    steps = getattr(row, taken)
    if not steps:
        raise BadUsage(f"plan {row.number}: there is nothing to {taken}")
    entry = steps[-1]
    kept = PlanStep.objects.get(pk=entry["step"], plan=row)
    packed, pins = bytes(kept.packed), kept.pins
    kept.packed, kept.pins, kept.figures = bytes(row.packed), row.pins, row.figures
    kept.save()
    row.packed, row.pins, row.version = packed, pins, row.version + 1
    set_plan(row, plan_of(row))
    setattr(row, taken, steps[:-1])
    setattr(row, given, [*getattr(row, given), entry])
    row.save()
    log("PlanChanged", f"plan:{row.pk}", scope=scope, org_id=row.org_id, version=row.version, what=taken)
    return row


def _forget(entries: Iterable[Mapping[str, Any]]) -> None:
    ids = [entry["step"] for entry in entries]
    if ids:
        PlanStep.objects.filter(pk__in=ids).delete()


def _known(loaded: Loaded, job_ids: Sequence[str]) -> Sequence[str]:
    """The jobs, once it is clear that each may be moved.

    Raises:
        NotFound: there is no such job.
        BadUsage: one is fixed, or there are too many or none.
    """
    if not 0 < len(job_ids) <= JOBS_MAX:
        raise BadUsage(f"choose 1 to {JOBS_MAX} jobs, got {len(job_ids)}")
    for job_id in job_ids:
        if job_id not in loaded.region.job_of:
            raise NotFound(f"job {job_id} does not stand in the region; correct the id")
        if job_id in loaded.fixed():
            raise BadUsage(f"job {job_id} {FIXED_WORDS[loaded.fixed()[job_id]]}")
    return job_ids


def _first_stops(plan: core.Plan) -> dict[str, tuple[str, str]]:
    """Job -> its first stop's machine and start, local."""
    found: dict[str, tuple[str, str]] = {}
    for route in plan.routes:
        for stop in route.stops:
            start = wall(stop.start)
            if stop.job_id not in found or start < found[stop.job_id][1]:
                found[stop.job_id] = (route.machine_id, start)
    return found
