"""`nongshi bench board`: the dispatcher's board measured in a browser."""

import sys
from typing import Annotated

import typer

from nongshi.cli import options
from nongshi.cli.show import guarded, print_json, print_table
from nongshi.cli.texts import language


def board(
    jobs: Annotated[int, typer.Option("--jobs", min=20, help="Jobs of the generated season.")] = 1000,
    machines: Annotated[int, typer.Option("--machines", min=4, help="Its machines.")] = 150,
    days: Annotated[int, typer.Option("--days", min=3, max=14, help="Its days.")] = 10,
    cpu_s: Annotated[
        float, typer.Option("--cpu-s", min=0.1, help="CPU seconds to plan it; it need not be good.")
    ] = 5.0,
    drags: Annotated[int, typer.Option("--drags", min=1, help="Jobs dragged.")] = 30,
    loads: Annotated[int, typer.Option("--loads", min=1, help="Times that the page is loaded.")] = 5,
    seed: options.Seed = 1,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Open the dispatcher's board in headless Chromium and drag jobs: time until usable, a drag's answer, bytes."""
    words = language(lang)
    options.budget(cpu_s, None)
    with guarded(words, as_json=as_json):
        from nongshi.bench.site_board import bench_board

        figures = bench_board(
            jobs=jobs,
            machines=machines,
            days=days,
            cpu_s=cpu_s,
            drags=drags,
            loads=loads,
            seed=seed,
            on_step=(lambda said: typer.echo(said, err=True)) if sys.stderr.isatty() else None,
        )
        if as_json:
            print_json(figures)
        else:
            print_table("nongshi bench board", ["", ""], [[name, str(value)] for name, value in figures.items()])
