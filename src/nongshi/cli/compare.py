"""`nongshi compare`: two plans side by side, and who gains and who loses."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from nongshi.cli import options
from nongshi.cli.show import guarded, print_json, print_table
from nongshi.cli.texts import language, text
from nongshi.core.units import mu, yuan

if TYPE_CHECKING:
    from nongshi.dispatch.compare import Comparison, Sums

MOVED_SHOWN = 20  # jobs listed on a terminal; --json has all


def compare(
    plan_a: Annotated[Path, typer.Argument(metavar="PLAN", help="The one plan.json.")],
    plan_b: Annotated[Path, typer.Argument(metavar="PLAN", help="The other plan.json.")],
    region: Annotated[
        Path | None, typer.Option("--region", help="The region's folder: adds days late, towns and owners.")
    ] = None,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Compare two plans of one region in money, hectares, days late and km; with --region by town and owner."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi import api
        from nongshi.core.errors import BadInput
        from nongshi.dispatch.compare import compare_plans

        data = None if region is None else api.read_region(region)
        plans = [_read(path, data.tz if data is not None else None) for path in (plan_a, plan_b)]
        if plans[0].region != plans[1].region:
            names = f"{plan_a} was made for {plans[0].region}, {plan_b} for {plans[1].region}"
            raise BadInput(f"{names}; compare plans of one region")
        if data is not None:
            for path, plan in zip((plan_a, plan_b), plans, strict=True):
                for breach in api.check_plan(data, plan).breaches:
                    if breach.rule.value == "unknown_id":
                        raise BadInput(f"{path}: {breach}; name the region that the plan was made for")
        found = compare_plans(plans[0], plans[1], data)
        if as_json:
            print_json(answer(found))
        else:
            show(found, words)


def _read(path: Path, tz: ZoneInfo | None) -> Any:
    from nongshi.core.errors import NotFound
    from nongshi.files.plan_files import read_plan

    if not path.is_file():
        raise NotFound(f"{path} is not a file; name a plan.json that nongshi plan wrote")
    return read_plan(path, tz or ZoneInfo("Asia/Shanghai"))


def answer(found: "Comparison") -> dict[str, Any]:
    """The comparison as JSON; `change` is the second plan less the first."""

    def both(a: "Sums", b: "Sums") -> dict[str, Any]:
        return {"a": _figures(a), "b": _figures(b), "change": _figures(b - a)}

    return {
        "plans": both(found.a, found.b),
        "towns": {name: both(*pair) for name, pair in found.towns.items()},
        "owners": {name: both(*pair) for name, pair in found.owners.items()},
        "moved": [asdict(one) for one in found.moved],
    }


def _figures(sums: "Sums") -> dict[str, float]:
    money = {name: yuan(getattr(sums, f"{name}_fen")) for name in ("objective", "value", "loss", "cost")}
    rest = {name: round(getattr(sums, name), 3) for name in ("area_ha", "jobs", "late_d", "km", "work_h")}
    return {f"{name}_yuan": amount for name, amount in money.items()} | rest


def show(found: "Comparison", words: options.Lang) -> None:
    """The plans, then towns and owners by what they gain, then the jobs that moved."""
    header = ["", text(words, "plan_a"), text(words, "plan_b"), text(words, "change")]
    rows = []
    for key, name, scale in _rows(words):
        a, b = (getattr(sums, name) * scale for sums in (found.a, found.b))
        rows.append([text(words, key), f"{a:,.1f}", f"{b:,.1f}", f"{b - a:+,.1f}"])
    print_table(text(words, "compared_plans"), header, rows)
    for key, groups in (("by_town", found.towns), ("by_owner", found.owners)):
        if groups:
            print_table(text(words, key), header, _gains(groups))
    print_table(
        text(words, "moved_jobs", count=len(found.moved)),
        header[:3],
        [
            [one.job_id, _place(one.machine_a, one.end_a), _place(one.machine_b, one.end_b)]
            for one in found.moved[:MOVED_SHOWN]
        ],
    )


def _rows(words: options.Lang) -> list[tuple[str, str, float]]:
    area = mu(1.0) if words is options.Lang.ZH else 1.0
    return [
        ("value", "objective_fen", 0.01),
        ("loss", "loss_fen", 0.01),
        ("cost", "cost_fen", 0.01),
        ("area", "area_ha", area),
        ("jobs", "jobs", 1.0),
        ("late_days", "late_d", 1.0),
        ("km", "km", 1.0),
    ]


def _gains(groups: "dict[str, tuple[Sums, Sums]]") -> list[list[str]]:
    """Who gains most first; yuan."""
    ordered = sorted(groups.items(), key=lambda item: item[1][0].objective_fen - item[1][1].objective_fen)
    return [
        [name, *(f"{yuan(x):,.0f}" for x in (a.objective_fen, b.objective_fen)), f"{yuan((b - a).objective_fen):+,.0f}"]
        for name, (a, b) in ordered
    ]


def _place(machine: str | None, end: str | None) -> str:
    return "-" if machine is None else f"{machine} {end}"
