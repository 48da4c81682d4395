"""`nongshi simulate`: seasons day by day, one way of planning beside another."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nongshi.cli import options
from nongshi.cli.show import guarded, print_json, print_table
from nongshi.cli.texts import language, text
from nongshi.core.units import yuan

if TYPE_CHECKING:
    from nongshi.simulate.compare import Row, Summary

POLICIES = "own,edd,nearest,bidding"  # as nongshi.simulate.POLICIES, not imported so that --help stays quick


def simulate(
    region: options.RegionFolder,
    policy: Annotated[str, typer.Option("--policy", help="Ways of planning, with commas.")] = POLICIES,
    days: Annotated[int | None, typer.Option("--days", min=1, help="Days of the season; default: all.")] = None,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="How many seasons are drawn.")] = 5,
    first_seed: Annotated[int, typer.Option("--first-seed", min=0, help="Seed of the first season.")] = 1,
    weather: Annotated[
        Path | None,
        typer.Option("--weather", help="Measured rain (CSV): date,rain_mm or hourly; default: as the region says."),
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for figures and plot.")] = Path("out/simulate"),
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Live through seasons with rain, breakdowns, no-shows, late calls and slow fields; compare ways of planning.

    Every policy plans each morning anew and knows nothing of what comes. What happens is drawn, not measured.
    """
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi import api
        from nongshi.files.weather_file import read_rain
        from nongshi.simulate.compare import compare_policies, summarise

        data = api.read_region(region)
        rain = None if weather is None else read_rain(weather)
        rows = compare_policies(
            lambda _: data,
            options.listed(policy),
            range(first_seed, first_seed + seeds),
            rain=rain,
            days=days,
            on_step=(lambda words: typer.echo(words, err=True)) if sys.stderr.isatty() else None,
        )
        found = summarise(rows)
        answer = _answer(data.name, rows, found, weather)
        _write(out, answer, rows)
        if as_json:
            print_json(answer)
        else:
            _show(data.name, found, seeds, words)
            typer.echo(f"{out / 'simulate.json'}, {out / 'simulate.svg'}")


def _answer(region: str, rows: "list[Row]", found: "list[Summary]", weather: Path | None) -> dict[str, Any]:
    from nongshi.simulate.hazards import hazard_rows

    return {
        "format": "nongshi-simulate/1",
        "region": region,
        "generated": True,  # what happens is drawn
        "weather": None if weather is None else weather.name,
        "policies": [asdict(one) for one in found],
        "seasons": [row.as_dict() for row in rows],
        "hazards": [row.as_dict() for row in hazard_rows()],
    }


def _write(out: Path, answer: dict[str, Any], rows: "list[Row]") -> None:
    from nongshi.bench.plot import svg_panels
    from nongshi.files.whole import write_whole

    names = list(dict.fromkeys(row.policy for row in rows))
    panels = [
        (
            "yuan lost in a season, late and unserved (simulated)",
            [_dot(row, yuan(row.result.lost_fen)) for row in rows],
        ),
        ("km driven empty in a season (simulated)", [_dot(row, row.result.km) for row in rows]),
        ("days from opening to end, mean (simulated)", [_dot(row, row.result.wait_d) for row in rows]),
    ]
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / "simulate.json", json.dumps(answer, ensure_ascii=False, indent=1) + "\n")
    write_whole(out / "simulate.svg", svg_panels(names, panels))


def _dot(row: "Row", value: float) -> tuple[str, float, str]:
    return row.policy, float(value), f"season {row.seed}"


def _show(region: str, found: "list[Summary]", seasons: int, words: options.Lang) -> None:
    """A column for each policy, so that a narrow terminal holds it."""
    rows: list[tuple[str, Callable[[Summary], str]]] = [
        ("lost", lambda one: f"{one.lost_yuan:,.0f}"),
        ("to_phone", lambda one: _ratio(one.lost_ratio, words)),
        ("seasons_worse", lambda one: str(one.worse)),
        ("empty_km", lambda one: f"{one.km:,.0f}"),
        ("to_phone", lambda one: _ratio(one.km_ratio, words)),
        ("wait_days", lambda one: f"{one.wait_d:.2f}"),
        ("unfair", lambda one: f"{one.unfair_d:.2f}"),
        ("overtime", lambda one: f"{one.overtime_h:.1f}"),
    ]
    print_table(
        text(words, "simulated", region=region, seasons=seasons),
        ["", *(text(words, f"policy_{one.policy}") for one in found)],
        [[text(words, key), *(shown(one) for one in found)] for key, shown in rows],
    )


def _ratio(ratio: float | None, words: options.Lang) -> str:
    return text(words, "unknown") if ratio is None else f"{ratio:.3f}"
