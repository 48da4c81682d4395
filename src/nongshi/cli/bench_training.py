"""`nongshi bench training`: how near the plan is to its bound, and what training is worth in a season."""

import sys
from typing import Annotated

import typer

from nongshi.cli import options
from nongshi.cli.show import guarded, print_json, print_table
from nongshi.cli.texts import language


def training(
    trainees: Annotated[int, typer.Option("--trainees", min=1, help="People of an instance.")] = 500,
    courses: Annotated[int, typer.Option("--courses", min=1, help="Courses of an instance.")] = 40,
    seeds: Annotated[str, typer.Option("--seeds", help="Seeds of the instances, with commas.")] = "101,102,103",
    budgets: Annotated[
        str, typer.Option("--budgets", help="Budgets as shares of the cost of all seats, with commas.")
    ] = "0.1,0.2,0.35",
    cpu_s: Annotated[str, typer.Option("--cpu-s", help="CPU seconds of each plan, with commas.")] = "10,100",
    season_seeds: Annotated[
        str, typer.Option("--season-seeds", help="Seeds of the simulated seasons, with commas; empty: none.")
    ] = "1,2,3,4,5",
    fields: Annotated[int, typer.Option("--fields", min=5, help="Fields of a simulated region.")] = 150,
    load: Annotated[float, typer.Option("--load", help="Hours wanted over hours that operators can work.")] = 1.6,
    operators: Annotated[float, typer.Option("--operators", help="Operators a machine.")] = 0.5,
    policy: Annotated[str, typer.Option("--policy", help="Who plans the season: own, edd, nearest.")] = "own",
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Plan generated training instances and live through generated seasons with and without the graduates."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi.bench.training import bench_training

        figures = bench_training(
            trainees=trainees,
            courses=courses,
            seeds=[int(seed) for seed in options.listed(seeds)],
            budgets=[float(share) for share in options.listed(budgets)],
            cpu_s=[float(limit) for limit in options.listed(cpu_s)],
            season_seeds=[int(seed) for seed in options.listed(season_seeds)],
            fields=fields,
            load=load,
            operators=operators,
            policy=policy,
            on_step=(lambda words: typer.echo(words, err=True)) if sys.stderr.isatty() else None,
        )
        if as_json:
            print_json(figures)
            return
        rows = {name: figures.pop(name) for name in ("plans", "seasons")}
        print_table("nongshi bench training", ["", ""], [[name, str(value)] for name, value in figures.items()])
        for name, table in rows.items():
            if table:
                print_table(name, list(table[0]), [[str(value) for value in row.values()] for row in table])
