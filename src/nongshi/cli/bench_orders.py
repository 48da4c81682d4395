"""`nongshi bench orders`: orders and money under load, raced for, and killed."""

import sys
from typing import Annotated, Any

import typer

from nongshi.cli import options
from nongshi.cli.show import EXIT_BROKEN, guarded, print_json, print_table
from nongshi.cli.texts import language

PARTS = ("load", "race", "season", "kill")


def orders(
    only: Annotated[str, typer.Option("--only", help="Parts, with commas: load, race, season, kill.")] = ",".join(
        PARTS
    ),
    clients: Annotated[int, typer.Option("--clients", min=1, help="Clients that book at once.")] = 64,
    bookings: Annotated[int, typer.Option("--bookings", min=1, help="Bookings under load.")] = 10_000,
    processes: Annotated[int, typer.Option("--processes", min=2, help="Processes that race.")] = 20,
    places: Annotated[int, typer.Option("--places", min=1, help="Places that they race for.")] = 50,
    season: Annotated[int, typer.Option("--season", min=1, help="Orders of the season that is settled.")] = 20_000,
    kills: Annotated[int, typer.Option("--kills", min=1, help="Processes that are killed.")] = 100,
    seed: options.Seed = 1,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Bookings a second, a race, a season's settlement and kills, on a database of their own (DATABASE_URL: which)."""
    parts = options.listed(only)
    if unknown := sorted(set(parts) - set(PARTS)):
        raise typer.BadParameter(f"--only takes {', '.join(PARTS)}, got {', '.join(unknown)}")
    with guarded(language(lang), as_json=as_json):
        from nongshi.site.trials.run import bench_orders

        figures = bench_orders(
            parts,
            {
                "load": {"clients": clients, "bookings": bookings, "alone": min(200, bookings)},
                "race": {"processes": processes, "places": places, "seed": seed},
                "season": {"orders": season, "seed": seed},
                "kill": {"kills": kills, "seed": seed},
            },
            on_step=(lambda words: typer.echo(words, err=True)) if sys.stderr.isatty() else None,
        )
        _show(figures, as_json=as_json)
        if figures["broken"]:
            raise typer.Exit(EXIT_BROKEN)


def _show(figures: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(figures)
        return
    for name, part in figures.items():
        rows = part.items() if isinstance(part, dict) else [("", part)]
        print_table(f"nongshi bench orders: {name}", ["", ""], [[key, str(value)] for key, value in rows])


def importers(
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help="CPU seconds of rubbish for each.")] = 60.0,
    only: Annotated[str, typer.Option("--only", help="Importers, with commas; default: all.")] = "",
    seed: options.Seed = 1,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Throw mutated files at every importer; it must read or refuse them by name, and nothing else."""
    with guarded(language(lang), as_json=as_json):
        from nongshi.site.trials.fuzz import bench_importers, told
        from nongshi.site.trials.shop import own_database

        with own_database():
            figures = bench_importers(
                seconds=seconds,
                seed=seed,
                only=options.listed(only),
                on_step=(lambda words: typer.echo(words, err=True)) if sys.stderr.isatty() else None,
            )
        if as_json:
            print_json(figures)
        else:
            print_table("nongshi bench importers", ["", "read", "refused"], told(figures))
