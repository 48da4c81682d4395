"""`nongshi demo`: five towns at rice harvest, planned and phoned, with everything a plan gives."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nongshi.cli import options
from nongshi.cli.show import guarded, print_json
from nongshi.cli.texts import language, text
from nongshi.core.errors import NotFound

if TYPE_CHECKING:
    from nongshi.api import Plan
    from nongshi.core.region import Region

PLACES = {  # file -> text that says what it is
    "report.html": "look_report",
    "day-sheets.pdf": "look_sheets",
    "plan.xlsx": "look_workbook",
    "plan.json": "look_plan",
    "plan-by-phone.json": "look_phone",
    "region": "look_region",
}


def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder to write; made if missing.")] = Path("out/demo"),
    fields: Annotated[int, typer.Option("--fields", min=5, help="Number of fields.")] = 300,
    cpu_s: options.CpuS = None,
    seed: options.Seed = 1,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Generate five towns at rice harvest, plan them, and compare with a dispatcher at the telephone."""
    cpu_s, _ = options.budget(cpu_s, None)
    words = language(lang)
    with guarded(words, as_json=as_json):
        _check_folder(out)
        from nongshi import api
        from nongshi.cli import generate
        from nongshi.cli.progress import bar

        region = api.make_region(fields=fields, season="rice-harvest", load=1.0, seed=seed)
        if not as_json:
            generate.print_region(region, words)
        with bar(words, "bound") as on_step:
            plan = api.solve(region, cpu_s=cpu_s, seed=seed, on_step=on_step)
        with bar(words, "phone") as on_step:
            phone = api.solve(region, cpu_s=cpu_s, seed=seed, engine="edd", on_step=on_step)
        phone = replace(phone, bound=plan.bound)  # one bound for both: no plan of this region can exceed it
        with bar(words, "write"):
            _write_all(out, region, plan, phone)
        if as_json:
            print_json(_answer(out, plan, phone))
        else:
            _print_all(out, plan, phone, words)


def _check_folder(out: Path) -> None:
    """Refuse, before any work is done, a place that must not be written to."""
    if out.exists() and not out.is_dir():
        raise NotFound(f"{out} is a file; name a folder")
    out.mkdir(parents=True, exist_ok=True)
    from nongshi.cli.generate import check_replaceable

    check_replaceable(out / "region")


def _write_all(out: Path, region: "Region", plan: "Plan", phone: "Plan") -> None:
    from nongshi import api
    from nongshi.cli import report

    api.write_region(region, out / "region")
    plan.save(out / "plan.json")
    phone.save(out / "plan-by-phone.json")
    report.write_files(report.in_folder(out), region, api.with_one_more(region, plan), baseline=phone)


def _answer(out: Path, plan: "Plan", phone: "Plan") -> dict[str, Any]:
    from nongshi.cli import figures

    return {
        "out": str(out),
        "plan": figures.plan_answer(plan),
        "by_phone": figures.plan_answer(phone),
        "ratios": figures.ratios(plan, phone),
        "files": {name: str(out / name) for name in PLACES},
    }


def _print_all(out: Path, plan: "Plan", phone: "Plan", lang: options.Lang) -> None:
    from nongshi.cli import figures

    figures.print_comparison(plan, phone, lang)
    figures.print_unserved(plan, lang)
    typer.echo(text(lang, "demo_note"))
    typer.echo(text(lang, "look_at"))
    for name, words in PLACES.items():
        typer.echo(f"  {out / name}  {text(lang, words)}")
