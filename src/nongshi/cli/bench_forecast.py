"""`nongshi bench season`: the season's forecast, measured."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from nongshi.cli import options
from nongshi.cli.show import guarded, print_json, print_table
from nongshi.cli.texts import language

PARTS = "scores,speed,rolling,prices"


def season(
    parts: Annotated[str, typer.Option("--parts", help=f"What to measure, with commas: {PARTS}.")] = PARTS,
    seeds: Annotated[str, typer.Option("--seeds", help="Seeds of the made-up seasons, with commas.")] = "1,2,3",
    weather: Annotated[
        Path | None,
        typer.Option("--weather", help="Measured weather, hourly or daily (CSV); each whole year is left out in turn."),
    ] = None,
    seasons: Annotated[int, typer.Option("--seasons", min=1, help="Seasons without foresight, a seed.")] = 20,
    big: Annotated[bool, typer.Option("--big/--no-big", help="Also 40 towns x 26 weeks x 15 operations.")] = False,
    scenarios: Annotated[int, typer.Option("--scenarios", min=10, help="Of the speed runs.")] = 200,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Measure coverage and skill on left-out years, CPU seconds, worth of foresight, and prices by solving again."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi.bench import season as bench

        told = (lambda line: typer.echo(line, err=True)) if sys.stderr.isatty() else None
        asked, numbers = options.listed(parts), [int(seed) for seed in options.listed(seeds)]
        figures: dict[str, Any] = {"generated": True, "weather": None if weather is None else weather.name}
        if "scores" in asked:
            figures["scores"] = bench.bench_scores(_years(weather), numbers, on_step=told)
        if "speed" in asked:
            sizes = [(5, 20, 8)] + ([(40, 26, 15)] if big else [])
            figures["speed"] = [bench.bench_speed(*size, scenarios, seed=numbers[0]) for size in sizes]
        if "rolling" in asked:
            figures["rolling"] = bench.bench_rolling(numbers, seasons=seasons, on_step=told)
        if "prices" in asked:
            figures["prices"] = bench.bench_prices(numbers[0])
        figures["summary"] = bench.summarise(figures)
        if as_json:
            print_json(figures)
            return
        for name in asked:
            rows = figures.get(name)
            if rows:
                print_table(name, list(rows[0]), [[str(value) for value in row.values()] for row in rows])
        met = {True: "yes", False: "NO", None: ""}
        lines = [[row["what"], row["target"], str(row["measured"]), met[row["met"]]] for row in figures["summary"]]
        print_table("targets", ["what", "target", "measured", "met"], lines)


def _years(path: Path | None) -> Any:
    """Measured weather, hourly or daily."""
    if path is None:
        return None
    from nongshi.core.errors import BadFiles
    from nongshi.files.weather_files import read_daily, read_hourly

    try:
        return read_hourly(path).daily()
    except BadFiles:
        return read_daily(path)
