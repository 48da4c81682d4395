"""`nongshi replan`: from a plan and what has happened since to a new plan, and to whom must be called."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nongshi.cli import options
from nongshi.cli.show import check_target, guarded, print_json
from nongshi.cli.texts import language, text
from nongshi.core.errors import BadUsage, PlanBroken
from nongshi.core.times import wall

if TYPE_CHECKING:
    from nongshi.api import Plan
    from nongshi.cli.progress import OnStep
    from nongshi.dispatch.changes import Call, Change
    from nongshi.dispatch.events import Applied
    from nongshi.dispatch.search import Progress

CPU_S = 5.0  # assumption: as long as a dispatcher likes to wait on the telephone
FREEZE_H = 2.0  # assumption: who sets out within two hours is not called back


class ReplanMode(StrEnum):
    """How much of what was promised may change; a test holds this equal to nongshi.dispatch.replan.Mode."""

    KEEP = "keep"
    BOUNDED = "bounded"
    FREE = "free"


def replan(
    region: options.RegionFolder,
    plan: options.PlanFile,
    events: Annotated[Path, typer.Argument(metavar="EVENTS", help="What has happened (docs/formats.md, Events).")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Plan to write; default: PLAN-new.json beside PLAN.")
    ] = None,
    region_out: Annotated[
        Path | None, typer.Option("--region-out", help="Folder for the region with the events; default: OUT-region.")
    ] = None,
    now: Annotated[
        str | None, typer.Option("--now", help="Local time from which to plan, YYYY-MM-DDTHH:MM; default: the file's.")
    ] = None,
    freeze_h: Annotated[
        float, typer.Option("--freeze-h", min=0, help="Stops that begin within so many hours stay.")
    ] = FREEZE_H,
    mode: Annotated[
        ReplanMode, typer.Option("--mode", help="Promises: keep all, weigh each by its price, or plan freely.")
    ] = ReplanMode.BOUNDED,
    cpu_s: Annotated[
        float | None, typer.Option("--cpu-s", help=f"CPU seconds to plan for; default {CPU_S:.0f}.")
    ] = None,
    iterations: options.Iterations = None,
    seed: options.Seed = 1,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Plan again after breakdowns, rain, illness, cancelled and urgent jobs; say what changes for whom.

    What has begun stays. PLAN is left as it is unless --out names it. Exit codes as of nongshi plan.
    """
    budget_s, iterations = options.budget(CPU_S if cpu_s is None and iterations is None else cpu_s, iterations)
    words = language(lang)
    with guarded(words, as_json=as_json):
        out = plan.with_name(f"{plan.stem}-new.json") if out is None else out
        folder = out.with_name(f"{out.stem}-region") if region_out is None else region_out
        _check_targets(out, folder)
        from nongshi import api
        from nongshi.cli import figures, replan_shown
        from nongshi.cli.progress import bar
        from nongshi.dispatch.changes import list_calls, list_changes
        from nongshi.dispatch.events import apply_events
        from nongshi.files.event_files import read_events

        data = api.read_region(region)
        old = api.read_plan(plan, data)
        applied = apply_events(data, old, read_events(events, data, old, now=now), freeze_h=freeze_h)
        with bar(words, "replan") as on_step:
            budget = {"cpu_s": None if iterations is not None else budget_s, "iterations": iterations, "seed": seed}
            applied, made = _plan_again(applied, mode, on_step, **budget)
        changes = list_changes(data, old, applied.region, made, applied.events)
        calls = list_calls(changes)
        made = _with_changes(made, applied, changes, calls)
        _write(made, out, applied, folder)
        if as_json:
            written = {"out": str(out), "region_out": str(folder)}
            print_json(written | replan_shown.answer(applied, made) | figures.plan_answer(made))
        else:
            replan_shown.print_replan(applied, made, changes, calls, words)
            typer.echo(text(words, "written", path=out))
            typer.echo(text(words, "replan_region", path=folder))
    raise typer.Exit(figures.exit_code(made))


def _check_targets(out: Path, folder: Path) -> None:
    check_target(out)
    if folder.exists() and not folder.is_dir():
        raise BadUsage(f"{folder} is a file; name a folder with --region-out")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "region.toml").exists():
        raise BadUsage(f"{folder} holds other files and no region; name an empty or new folder with --region-out")


def _plan_again(
    applied: "Applied", mode: ReplanMode, on_step: "OnStep | None", **budget: Any
) -> "tuple[Applied, Plan]":
    """The new plan, once the verifier has passed it against the region with the events; that region may be cut."""
    from nongshi import api
    from nongshi.dispatch.replan import Mode, replan_or_cut

    applied, made = replan_or_cut(
        applied, mode=Mode(mode.value), on_step=None if on_step is None else _as_steps(on_step), **budget
    )
    verdict = api.check_plan(applied.region, made)
    if not verdict.ok:
        raise PlanBroken([str(breach) for breach in verdict.breaches])
    return applied, api.with_methods(made)


def _as_steps(on_step: "OnStep") -> "Callable[[Progress], None]":
    """The search's progress as the bar takes it."""
    from time import process_time

    from nongshi.dispatch.run import Step

    began_s = process_time()

    def tell(progress: "Progress") -> None:
        on_step(
            Step(
                phase="replan",
                share=progress.share,
                cpu_s=process_time() - began_s,
                iterations=progress.iterations,
                best_fen=progress.worth_fen,
                bound_fen=None,
            )
        )

    return tell


def _with_changes(made: "Plan", applied: "Applied", changes: "tuple[Change, ...]", calls: "tuple[Call, ...]") -> "Plan":
    from nongshi.files.change_rows import call_rows, change_rows

    told = {"planned_at": wall(applied.now), "changes": change_rows(changes), "calls": call_rows(calls)}
    return replace(made, extra={**made.extra, **told})


def _write(made: "Plan", out: Path, applied: "Applied", folder: Path) -> None:
    """Region and plan, or neither: on a failure the folder is put back as it was. The old plan goes last."""
    from nongshi import api

    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as name:
        aside = Path(name) / "aside"
        had = folder.exists()
        if had:
            shutil.copytree(folder, aside)
        try:
            api.write_region(applied.region, folder)
            made.save(out)
        except BaseException:
            if had:
                shutil.copytree(aside, folder, dirs_exist_ok=True)
            else:
                shutil.rmtree(folder, ignore_errors=True)
            raise
