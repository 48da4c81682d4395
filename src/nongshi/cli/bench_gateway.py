"""`nongshi bench gateway`, `store` and `live`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from nongshi.cli import options
from nongshi.cli.show import guarded, print_json, print_table
from nongshi.cli.texts import language

OUT = Path("out/bench")


def gateway(
    terminals: Annotated[int, typer.Option("--terminals", min=1, help="Connections at the same time.")] = 1000,
    seconds: Annotated[float, typer.Option("--seconds", min=1.0, help="Seconds of sending.")] = 10.0,
    kills: Annotated[int, typer.Option("--kills", min=0, help="Also kill so many servers while they work.")] = 0,
    seed: options.Seed = 1,
    out: Annotated[Path, typer.Option("--out", help="Folder for the figures.")] = OUT,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Terminals that send one fix after another to a gateway of their own; every answer checked against the store."""
    with guarded(language(lang), as_json=as_json):
        from nongshi.bench.gateway import bench_gateway

        tell = (lambda words: typer.echo(words, err=True)) if sys.stderr.isatty() else None
        figures = bench_gateway(terminals=terminals, seconds=seconds, kills=kills, seed=seed, out=out, on_step=tell)
        _show("nongshi bench gateway", figures, as_json=as_json)


def store(
    fixes: Annotated[int, typer.Option("--fixes", min=1000, help="Fixes to keep.")] = 10_000_000,
    devices: Annotated[int, typer.Option("--devices", min=1, help="Of so many devices.")] = 1000,
    seed: options.Seed = 1,
    out: Annotated[Path, typer.Option("--out", help="Folder for the figures.")] = OUT,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """How fast positions go in, and how fast the last ones and a day's work of one machine come out."""
    with guarded(language(lang), as_json=as_json):
        from nongshi.bench.store import bench_store

        tell = (lambda words: typer.echo(words, err=True)) if sys.stderr.isatty() else None
        figures = bench_store(fixes=fixes, devices=devices, seed=seed, out=out, on_step=tell)
        _show("nongshi bench store", figures, as_json=as_json)


def live(
    devices: Annotated[int, typer.Option("--devices", min=1, help="Devices.")] = 1000,
    fences: Annotated[int, typer.Option("--fences", min=1, help="Fences.")] = 500,
    fixes: Annotated[int, typer.Option("--fixes", min=1000, help="Fixes of all devices.")] = 300_000,
    seed: options.Seed = 1,
    out: Annotated[Path, typer.Option("--out", help="Folder for the figures.")] = OUT,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Fixes a CPU-second of a live room: fences, dwelling, speed, late fixes put into their place."""
    with guarded(language(lang), as_json=as_json):
        from nongshi.bench.live import bench_live

        figures = bench_live(devices=devices, fences=fences, fixes=fixes, seed=seed, out=out)
        _show("nongshi bench live", figures, as_json=as_json)


def _show(title: str, figures: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print_json(figures)
    else:
        print_table(title, ["", ""], [[name, _text(value)] for name, value in figures.items()])


def _text(value: object) -> str:
    return f"{value:,.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
