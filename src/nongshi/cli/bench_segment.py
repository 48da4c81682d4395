"""`nongshi bench segment`: work and road told apart on labelled tracks, beside others."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from nongshi.cli import options
from nongshi.cli.show import guarded, print_json, print_table
from nongshi.cli.texts import language, text

KEYS = ("method", "macro_f1", "road_f1", "field_f1")


def segment(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of labelled sheets, or of folders of such.")],
    seed: options.Seed = 1,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Cross-validate the segmentation by file; beside it DBSCAN, a speed rule and the packaged model."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi.bench.segment import bench_segment

        tell = (lambda line: typer.echo(line, err=True)) if sys.stderr.isatty() else None
        figures = bench_segment(folder, seed=seed, on_step=tell)
        if as_json:
            print_json(figures)
            return
        for name, found in figures["sets"].items():
            title = text(words, "bench_segment_set", name=name, files=found["files"], fixes=found["fixes"])
            rows = [[str(row.get(key, "-")) for key in KEYS] for row in found["rows"]]
            print_table(title, KEYS, [*rows, ["fixes_per_cpu_s", str(found["fixes_per_cpu_s"]), "", ""]])
        keys = ("trained_on", "tested_on", "macro_f1", "road_f1")
        if figures["transfer"]:
            print_table("transfer", keys, [[str(row[key]) for key in keys] for row in figures["transfer"]])
