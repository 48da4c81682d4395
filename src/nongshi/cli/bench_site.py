"""`nongshi bench pages`: the site measured from outside, in a browser."""

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
