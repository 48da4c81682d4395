"""`nongshi bench phenology`, `weather` and `season`: the season ahead and what it is built from, measured."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from nongshi.cli import options
from nongshi.cli.show import guarded, print_json, print_table
from nongshi.cli.texts import language


def phenology(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder with phenology/ (trials) and weather/.")],
    seed: options.Seed = 1,
    scenarios: Annotated[int, typer.Option("--scenarios", min=20, help="Rows of weather for each forecast.")] = 200,
    pcse: Annotated[int, typer.Option("--pcse", min=1, help="Random runs to compare, where PCSE is installed.")] = 250,
    refit: Annotated[bool, typer.Option("--fit", help="Fit the varieties' degree-days again and show them.")] = False,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Speed, calendar, published trials by site left out, and intervals of ripeness in held-out years."""
    with guarded(language(lang), as_json=as_json):
        from nongshi.bench.phenology import bench_phenology

        show(
            "nongshi bench phenology",
            bench_phenology(folder, seed=seed, scenarios=scenarios, pcse_cases=pcse, refit=refit, on_step=_teller()),
            as_json=as_json,
        )


def weather(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="One station's weather by hour, two years or more.")],
    seed: options.Seed = 1,
    scenarios: Annotated[int, typer.Option("--scenarios", min=20, help="Rows of weather for each forecast.")] = 200,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Whether drawn weather is like the measured one, and dry field days told in advance, by year left out."""
    with guarded(language(lang), as_json=as_json):
        from nongshi.bench.weather import bench_weather

        figures = bench_weather(file, seed=seed, rows=scenarios, on_step=_teller())
        show("nongshi bench weather", figures, as_json=as_json)


def show(title: str, figures: dict[str, Any], *, as_json: bool) -> None:
    """The figures as JSON, or as one table of dotted names."""
    if as_json:
        print_json(figures)
    else:
        print_table(title, ["", ""], [[name, value] for name, value in flat(figures)])


def flat(figures: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every figure by its dotted name."""
    if isinstance(figures, dict):
        for key, value in figures.items():
            yield from flat(value, f"{name}.{key}" if name else str(key))
    elif isinstance(figures, list) and figures and isinstance(figures[0], dict):
        for i, value in enumerate(figures):
            yield from flat(value, f"{name}.{i + 1}")
    elif isinstance(figures, list):
        yield name, " ".join(_text(value) for value in figures)
    else:
        yield name, _text(figures)


def _text(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _teller() -> Any:
    return (lambda line: typer.echo(line, err=True)) if sys.stderr.isatty() else None


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
