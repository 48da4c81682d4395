"""`nongshi bench claims`: how many planted claims are found, how many honest ones are held."""

from typing import Annotated

import typer

from nongshi.cli import options
from nongshi.cli.show import guarded, print_json, print_table
from nongshi.cli.texts import language


def claims(
    honest: Annotated[int, typer.Option("--honest", min=1, help="Honest claims of a heap.")] = 300,
    planted: Annotated[int, typer.Option("--planted", min=0, help="Planted claims of a heap.")] = 60,
    seeds: Annotated[str, typer.Option("--seeds", help="One heap a seed, with commas.")] = "101,102,103",
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Review generated heaps of claims: planted ones found, honest ones held, seconds."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi.bench.claims import bench_claims

        figures = bench_claims(honest=honest, planted=planted, seeds=[int(seed) for seed in options.listed(seeds)])
        if as_json:
            print_json(figures)
            return
        rows = figures.pop("heaps")
        print_table("nongshi bench claims", ["", ""], [[name, str(value)] for name, value in figures.items()])
        print_table("heaps", list(rows[0]), [[str(value) for value in row.values()] for row in rows])
