"""`nongshi bench jt808` and `nongshi bench fuzz`: the codec of terminals, measured and attacked."""

from pathlib import Path
from typing import Annotated

import typer

from nongshi.cli import options
from nongshi.cli.show import guarded, print_json, print_table
from nongshi.cli.texts import language


def jt808(
    frames: Annotated[int, typer.Option("--frames", min=100, help="Position reports to read and write.")] = 20_000,
    vectors: Annotated[
        Path | None, typer.Option("--vectors", help="Folder of published frames: what is decoded, what is met.")
    ] = None,
    seed: options.Seed = 1,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Time the JT/T 808 codec in frames per CPU second, and count how published frames fare."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi.bench.jt808 import bench_jt808

        figures = bench_jt808(frames=frames, seed=seed, vectors=vectors)
        if as_json:
            print_json(figures)
            return
        counts = figures.pop("vectors", None)
        print_table("nongshi bench jt808", ["", ""], [[name, str(value)] for name, value in figures.items()])
        if counts is not None:
            print_table("vectors", ["", ""], [[name, str(value)] for name, value in counts.items()])


def fuzz(
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help="CPU seconds of rubbish.")] = 60.0,
    seed: options.Seed = 1,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Throw mutated frames at the JT/T 808 codec; it must refuse or read them, and nothing else."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi.bench.fuzz_jt808 import bench_fuzz

        figures = bench_fuzz(seconds=seconds, seed=seed)
        if as_json:
            print_json(figures)
        else:
            print_table("nongshi bench fuzz", ["", ""], [[name, str(value)] for name, value in figures.items()])
