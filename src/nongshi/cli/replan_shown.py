"""What `nongshi replan` shows: what stays and what goes, what changes for whom and why, and whom to call."""

from typing import TYPE_CHECKING, Any

import typer

from nongshi.cli import options
from nongshi.cli.show import print_table
from nongshi.cli.texts import text
from nongshi.core.times import wall
from nongshi.core.units import mu, yuan

if TYPE_CHECKING:
    from nongshi.api import Plan
    from nongshi.dispatch.changes import Call, Change, Served
    from nongshi.dispatch.events import Applied

AGAIN_SHOWN_MAX = 20


def answer(applied: "Applied", made: "Plan") -> dict[str, Any]:
    """What stays, what goes, what changes."""
    return {
        "now": wall(applied.now),
        "freeze_until": wall(applied.freeze_until),
        "objective_before_yuan": yuan(applied.plan_before.objective_fen),
        "kept": [
            {"machine_id": one.machine_id, "job_id": one.stop.job_id, "part": one.stop.part, "begun": one.begun}
            for one in applied.plan_kept
        ],
        "released": [
            {
                "machine_id": one.machine_id,
                "job_id": one.stop.job_id,
                "part": one.stop.part,
                "begun": one.begun,
                "why": one.why.value,
            }
            for one in applied.released
        ],
        "dropped": [{"job_id": one.job_id, "after_job_id": one.after_job_id} for one in applied.dropped],
        "cut": [{"job_id": job_id, "area_ha": applied.region.job_of[job_id].area_ha} for job_id in applied.cut],
        "changes": made.extra["changes"],
        "calls": made.extra["calls"],
    }


def print_replan(
    applied: "Applied", made: "Plan", changes: "tuple[Change, ...]", calls: "tuple[Call, ...]", lang: options.Lang
) -> None:
    """Counts, value before and after, what changes for whom, and whom to call."""
    counts = {"kept": len(applied.plan_kept), "released": len(applied.released), "dropped": len(applied.dropped)}
    typer.echo(text(lang, "replanned", now=wall(applied.now, seconds=False), **counts))
    for one in [one for one in applied.released if one.begun][:AGAIN_SHOWN_MAX]:
        again = {"job": one.stop.job_id, "part": one.stop.part, "machine": one.machine_id}
        typer.echo(text(lang, "replan_again", **again))
    for job_id in applied.cut:
        left = applied.region_before.job_of[job_id].area_ha - applied.region.job_of[job_id].area_ha
        size = f"{mu(left) if lang is options.Lang.ZH else left:,.1f}"
        typer.echo(text(lang, "replan_cut", job=job_id, area=size))
    worth = [f"{yuan(plan.objective_fen):,.0f}" for plan in (applied.plan_before, made)]
    typer.echo(text(lang, "replan_value", before=worth[0], after=worth[1]))
    if not changes:
        typer.echo(text(lang, "no_changes"))
        return
    header = ("change_job", "change_kind", "change_before", "change_after", "change_reason")
    rows = [_change_row(change, lang) for change in changes]
    print_table(text(lang, "changes"), [text(lang, key) for key in header], rows)
    people = [(_person(call, lang), ", ".join(change.job_id for change in call.changes)) for call in calls]
    print_table(text(lang, "calls"), [text(lang, key) for key in ("call_who", "call_jobs")], people)


def _change_row(change: "Change", lang: options.Lang) -> list[str]:
    kinds = ", ".join(text(lang, f"kind_{kind.value}") for kind in change.kinds)
    reason = change.reason.zh if lang is options.Lang.ZH else change.reason.en
    return [change.job_id, kinds, _told(change.before, lang), _told(change.after, lang), reason]


def _told(served: "tuple[Served, ...]", lang: options.Lang) -> str:
    """Machine, operator, day and hour of the first stop of each machine."""
    first: dict[str, Served] = {}
    for one in served:
        first.setdefault(one.machine_id, one)
    told = [f"{one.start:%m-%d %H:%M} {one.machine_id} {one.operator_id or ''}".rstrip() for one in first.values()]
    return ", ".join(told) or text(lang, "unknown")


def _person(call: "Call", lang: options.Lang) -> str:
    return text(lang, f"role_{call.person.role.value}", id=call.person.id, place=call.person.place)
