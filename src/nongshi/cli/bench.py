"""`nongshi bench`: our planner beside others, measured."""

import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from nongshi.cli import options
from nongshi.cli.show import guarded, print_json
from nongshi.cli.texts import language

app = typer.Typer(help="Measure the planner beside others.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def bench() -> None:
    """Measure the planner beside others."""


@app.command("dispatch")
def dispatch(
    sizes: Annotated[str, typer.Option("--sizes", help="Numbers of fields, with commas.")] = "60,300,1000",
    loads: Annotated[str, typer.Option("--loads", help="Loads, with commas.")] = "0.6,1.0,1.3",
    seeds: Annotated[str, typer.Option("--seeds", help="Seeds of the regions, with commas.")] = "1,2,3",
    engines: Annotated[
        str, typer.Option("--engines", help="Engines, with commas.")
    ] = "own,edd,nearest,ortools,ortools-warm,pyvrp",
    cpu_s: Annotated[float | None, typer.Option("--cpu-s", help="CPU seconds for each plan; default: by size.")] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for figures and tables.")] = Path("out/bench"),
    tiny: Annotated[int, typer.Option("--tiny", min=0, help="Tiny regions to compare with the true optimum.")] = 0,
    start: Annotated[bool, typer.Option("--start", help="Also time --help and reading a large folder.")] = False,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Plan generated regions with every engine at equal CPU time and compare the plans."""
    words = language(lang)
    plan_sizes, plan_seeds = numbers(sizes, int, "--sizes"), numbers(seeds, int, "--seeds")
    plan_loads = numbers(loads, float, "--loads")
    options.budget(cpu_s, None)
    with guarded(words, as_json=as_json):
        from nongshi.bench.dispatch import bench_dispatch

        figures = bench_dispatch(
            sizes=plan_sizes,
            loads=plan_loads,
            seeds=plan_seeds,
            engines=[name.strip() for name in engines.split(",") if name.strip()],
            out=out,
            cpu_s=cpu_s,
            on_step=(lambda words: typer.echo(words, err=True)) if sys.stderr.isatty() else None,
            tiny=tiny,
            start=start,
            show=not as_json,
        )
        if as_json:
            print_json(figures)


Number = TypeVar("Number", int, float)


def numbers(listed: str, kind: Callable[[str], Number], option: str) -> list[Number]:
    """Numbers above zero from a list with commas."""
    try:
        found = [kind(word) for word in listed.split(",") if word.strip()]
    except ValueError as fault:
        raise typer.BadParameter(f"{option} takes numbers with commas, got {listed!r}") from fault
    if not found or not all(math.isfinite(number) and number > 0 for number in found):
        raise typer.BadParameter(f"{option} takes numbers above 0 with commas, got {listed!r}")
    return found
