"""`nongshi bench pages`, `booking`, `imports`: the site measured from outside."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from nongshi.cli import options
from nongshi.cli.show import guarded, print_json, print_table
from nongshi.cli.texts import language


def pages(
    axe: Annotated[
        Path | None, typer.Option("--axe", help="axe.min.js, to look for what keeps people out as well.")
    ] = None,
    pictures: Annotated[Path | None, typer.Option("--pictures", help="Folder for a picture of every page.")] = None,
    chromium: Annotated[str | None, typer.Option("--chromium", help="The browser; default: the machine's.")] = None,
    roles: Annotated[str | None, typer.Option("--roles", help="Roles, with commas; default: all.")] = None,
    sizes: Annotated[str, typer.Option("--sizes", help="desk and phone, with commas.")] = "desk,phone",
    languages: Annotated[str, typer.Option("--languages", help="zh and en, with commas.")] = "zh,en",
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Open every page of the demo's site as every role, and list what is wrong with it."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi.bench.site_pages import ROLES, bench_pages, find_chromium

        figures = bench_pages(
            chromium=find_chromium(chromium),
            axe=axe,
            roles=ROLES if roles is None else options.listed(roles),
            sizes=options.listed(sizes),
            languages=options.listed(languages),
            pictures=pictures,
            on_step=lambda said: typer.echo(said, err=True),
        )
        if as_json:
            print_json(figures)
            return
        wrong = figures.pop("wrong")
        print_table("nongshi bench pages", ["", ""], [[name, str(value)] for name, value in figures.items()])
        for page in wrong:
            typer.echo(str({name: value for name, value in page.items() if value}))


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


def imports(
    rows: Annotated[int, typer.Option("--rows", min=1, max=50_000, help="Rows of each file.")] = 20_000,
    lists: Annotated[str | None, typer.Option("--lists", help="Lists, with commas; default: all.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the generated files.")] = 1,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Large lists looked at and taken over by the register: CPU seconds and memory."""
    with guarded(language(lang), as_json=as_json):
        from nongshi.bench.site_imports import LISTS, bench_imports

        tell = (lambda words: typer.echo(words, err=True)) if sys.stderr.isatty() else None
        wanted = LISTS if lists is None else options.listed(lists)
        figures = bench_imports(rows=rows, lists=wanted, seed=seed, on_step=tell)
        if as_json:
            print_json(figures)
            return
        shown = ("list", "new", "changed", "preview_cpu_s", "apply_cpu_s", "peak_mb")
        cells = [[str(run[name]) for name in shown] for run in figures["runs"]]
        print_table("nongshi bench imports", list(shown), cells)
