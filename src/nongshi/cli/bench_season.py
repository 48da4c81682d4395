"""`nongshi bench phenology` and `nongshi bench weather`: what the season ahead is built from, measured."""

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
