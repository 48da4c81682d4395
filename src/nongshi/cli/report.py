"""`nongshi report`: a plan as people read it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nongshi.cli import options
from nongshi.cli.show import EXIT_BROKEN, check_target, guarded, print_json
from nongshi.cli.texts import language, text
from nongshi.core.errors import NotFound

if TYPE_CHECKING:
    from nongshi.api import Plan
    from nongshi.core.region import Region
    from nongshi.geo.roads import Roads

NAMES = {"html": "report.html", "pdf": "day-sheets.pdf", "xlsx": "plan.xlsx"}


def report(
    region: options.RegionFolder,
    plan: options.PlanFile,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for all three files; default: where the plan is.")
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write only the files named: the report page.")] = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Write only the files named: the day sheets.")] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="Write only the files named: the workbook.")] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", help="Plan to compare with, such as one of --engine edd.")
    ] = None,
    one_more: Annotated[
        bool, typer.Option("--one-more/--no-one-more", help="Plan again with one more machine, operator or dryer.")
    ] = True,
    roads: options.RoadsFile = None,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Write report.html, day-sheets.pdf and plan.xlsx of a plan; a plan that breaks rules gets none (exit code 1)."""
    asked = {kind: path for kind, path in (("html", html), ("pdf", pdf), ("xlsx", xlsx)) if path is not None}
    if out is not None and asked:
        raise typer.BadParameter("--out names the folder of all three files; give it alone, or name files")
    words = language(lang)
    with guarded(words, as_json=as_json):
        targets = asked or in_folder(out or plan.parent)
        for path in targets.values():
            check_target(path)
        from nongshi import api

        data = api.read_region(region)
        over = None if roads is None else api.read_roads(roads, data)
        made = _sound_plan(data, plan, over, words, as_json=as_json)
        other = None if baseline is None else _sound_plan(data, baseline, over, words, as_json=as_json)
        if one_more and "html" in targets:
            made = api.with_one_more(data, made, roads=over)
        write_files(targets, data, made, baseline=other)
        if as_json:
            print_json({"written": {kind: str(path) for kind, path in targets.items()}})
        else:
            for path in targets.values():
                typer.echo(text(words, "written", path=path))


def in_folder(folder: Path) -> dict[str, Path]:
    """The three files under their usual names."""
    if not folder.is_dir():
        raise NotFound(f"{folder} is not a folder; make it first, or name another place")
    return {kind: folder / name for kind, name in NAMES.items()}


def write_files(targets: dict[str, Path], region: "Region", plan: "Plan", *, baseline: "Plan | None") -> None:
    """Write the files asked for, each whole or not at all."""
    from nongshi import api

    if "html" in targets:
        api.write_report(targets["html"], region, plan, baseline=baseline)
    if "pdf" in targets:
        api.write_day_sheets(targets["pdf"], region, plan)
    if "xlsx" in targets:
        api.write_workbook(targets["xlsx"], region, plan, baseline=baseline)


def _sound_plan(region: "Region", path: Path, roads: "Roads | None", lang: options.Lang, *, as_json: bool) -> "Plan":
    """Read a plan and refuse one that breaks rules: people would go to the fields by it."""
    from nongshi import api
    from nongshi.cli import check

    plan = api.read_plan(path, region)
    verdict = api.check_plan(region, plan, roads=roads)
    if verdict.ok:
        return plan
    typer.echo(text(lang, "not_reported", path=path), err=True)
    if as_json:
        print_json({"error": "plan_breaks_rules", "plan": str(path), **check.answer(verdict)})
    else:
        check.print_verdict(verdict, lang)
    raise typer.Exit(EXIT_BROKEN)
