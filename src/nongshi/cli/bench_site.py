"""`nongshi bench booking`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from nongshi.cli import options
from nongshi.cli.show import guarded, print_json, print_table
from nongshi.cli.texts import language


def booking(
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=300, help="Lines that the clerk pastes.")] = 50,
    out: Annotated[Path, typer.Option("--out", help="Folder for the figures.")] = Path("out/bench"),
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """A clerk's lines from paste to posted, and a farmer's job in taps, in the machine's Chromium."""
    with guarded(language(lang), as_json=as_json):
        from nongshi.bench.site_booking import bench_booking

        tell = (lambda words: typer.echo(words, err=True)) if sys.stderr.isatty() else None
        figures = bench_booking(jobs=jobs, out=out, on_step=tell)
        if as_json:
            print_json(figures)
        else:
            print_table("nongshi bench booking", ["", ""], [[name, str(value)] for name, value in figures.items()])
