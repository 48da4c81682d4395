"""`nongshi bench`: our planner beside others, measured."""

import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from nongshi.cli import (
    bench_board,
    bench_claims,
    bench_forecast,
    bench_gateway,
    bench_jt808,
    bench_orders,
    bench_season,
    bench_segment,
    bench_site,
    bench_training,
    options,
)
from nongshi.cli.show import guarded, print_json, print_table
from nongshi.cli.texts import language

ITERATIONS_PER_JOB = 180.0  # as nongshi.dispatch.parts, not imported so that --help stays quick; a test compares

app = typer.Typer(help="Measure the planner beside others.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def bench() -> None:
    """Measure the planner beside others."""


@app.command("dispatch")
def dispatch(
    sizes: Annotated[str, typer.Option("--sizes", help="Numbers of fields, with commas.")] = "60,300,1000",
    loads: Annotated[str, typer.Option("--loads", help="Loads, with commas.")] = "0.6,1.0,1.3",
    seeds: Annotated[str, typer.Option("--seeds", help="Seeds of the regions, with commas.")] = "1,2,3",
    engines: Annotated[
        str, typer.Option("--engines", help="Engines, with commas.")
    ] = "own,edd,nearest,ortools,ortools-warm,pyvrp",
    cpu_s: Annotated[float | None, typer.Option("--cpu-s", help="CPU seconds for each plan; default: by size.")] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for figures and tables.")] = Path("out/bench"),
    tiny: Annotated[int, typer.Option("--tiny", min=0, help="Tiny regions to compare with the true optimum.")] = 0,
    start: Annotated[bool, typer.Option("--start", help="Also time --help and reading a large folder.")] = False,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Plan generated regions with every engine at equal CPU time and compare the plans."""
    words = language(lang)
    plan_sizes, plan_seeds = numbers(sizes, int, "--sizes"), numbers(seeds, int, "--seeds")
    plan_loads = numbers(loads, float, "--loads")
    options.budget(cpu_s, None)
    with guarded(words, as_json=as_json):
        from nongshi.bench.dispatch import bench_dispatch

        figures = bench_dispatch(
            sizes=plan_sizes,
            loads=plan_loads,
            seeds=plan_seeds,
            engines=options.listed(engines),
            out=out,
            cpu_s=cpu_s,
            on_step=(lambda words: typer.echo(words, err=True)) if sys.stderr.isatty() else None,
            tiny=tiny,
            start=start,
            show=not as_json,
        )
        if as_json:
            print_json(figures)


@app.command("scale")
def scale(
    jobs: Annotated[str, typer.Option("--jobs", help="Numbers of jobs, with commas.")] = "10000,30000,100000",
    workers: Annotated[str, typer.Option("--workers", help="Numbers of processes, with commas.")] = "1,2",
    seed: options.Seed = 1,
    iterations_per_job: Annotated[
        float, typer.Option("--iterations-per-job", help="Search steps for every job.")
    ] = ITERATIONS_PER_JOB,
    season: Annotated[
        options.Season, typer.Option("--season", help="What is to be done.")
    ] = options.Season.RICE_HARVEST,
    out: Annotated[Path, typer.Option("--out", help="Folder for the figures.")] = Path("out/bench"),
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Plan generated provinces in pieces: CPU time a job, memory, and what more workers would bring."""
    words = language(lang)
    sizes, counts = numbers(jobs, int, "--jobs"), numbers(workers, int, "--workers")
    if not (math.isfinite(iterations_per_job) and iterations_per_job > 0):
        raise typer.BadParameter(f"--iterations-per-job takes a number above 0, got {iterations_per_job}")
    with guarded(words, as_json=as_json):
        from nongshi.bench.scale import bench_scale

        figures = bench_scale(
            sizes,
            counts,
            seed=seed,
            iterations_per_job=iterations_per_job,
            season=season.value,
            out=out,
            on_step=(lambda words: typer.echo(words, err=True)) if sys.stderr.isatty() else None,
            show=not as_json,
        )
        if as_json:
            print_json(figures)


@app.command("quote")
def quote(
    fields: Annotated[int, typer.Option("--fields", min=5, help="Fields of the generated region.")] = 990,
    quotes: Annotated[int, typer.Option("--quotes", min=1, help="Jobs to quote.")] = 500,
    plain: Annotated[int, typer.Option("--plain", min=0, help="Of them also in plain Python, seconds each.")] = 3,
    seed: options.Seed = 1,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Time quotes inside a running process, beside the same answers in plain Python."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi.bench.quote import bench_quote

        figures = bench_quote(fields=fields, seed=seed, quotes=quotes, plain=plain)
        if as_json:
            print_json(figures)
        else:
            print_table("nongshi bench quote", ["", ""], [[name, str(value)] for name, value in figures.items()])


@app.command("api")
def api(
    fields: Annotated[int, typer.Option("--fields", min=50, help="Fields of the generated site.")] = 1000,
    seconds: Annotated[float, typer.Option("--seconds", min=0.5, help="Seconds of each measurement.")] = 10.0,
    concurrency: Annotated[int, typer.Option("--concurrency", min=1, help="Requests at a time, closed loop.")] = 4,
    list_rate: Annotated[float, typer.Option("--list-rate", min=1, help="Lists offered a second.")] = 200.0,
    quote_rate: Annotated[float, typer.Option("--quote-rate", min=1, help="Quotes offered a second.")] = 100.0,
    gzip: Annotated[bool, typer.Option("--gzip/--no-gzip", help="Ask for compressed answers.")] = True,
    seed: options.Seed = 7,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Time the site's API: lists of jobs and quotes, one worker process."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi.bench.site_api import bench_api

        figures = bench_api(
            fields=fields,
            seconds=seconds,
            concurrency=concurrency,
            list_rate=list_rate,
            quote_rate=quote_rate,
            seed=seed,
            gzip=gzip,
        )
        if as_json:
            print_json(figures)
        else:
            print_table("nongshi bench api", ["", ""], [[name, str(value)] for name, value in figures.items()])


@app.command("joint")
def joint(
    fields: Annotated[int, typer.Option("--fields", min=5, help="Fields of the generated regions.")] = 990,
    seeds: Annotated[str, typer.Option("--seeds", help="Seeds of the regions, with commas.")] = "1,2,3",
    cpu_s: Annotated[float, typer.Option("--cpu-s", help="CPU seconds of search for each side.")] = 15.0,
    only: Annotated[str, typer.Option("--only", help="Comparisons with commas; default: all.")] = "",
    operators: Annotated[float, typer.Option("--operators", help="Operators a machine, for crews.")] = 0.85,
    dryer_load: Annotated[float, typer.Option("--dryer-load", help="Wet grain over what dryers take.")] = 0.75,
    out: Annotated[Path, typer.Option("--out", help="Folder for the figures.")] = Path("out/bench"),
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Crews, chains, dryers and re-planning: together against one after another."""
    words = language(lang)
    options.budget(cpu_s, None)
    with guarded(words, as_json=as_json):
        from nongshi.bench.joint import bench_joint

        tell = (lambda words: typer.echo(words, err=True)) if sys.stderr.isatty() else None
        figures = bench_joint(
            fields,
            numbers(seeds, int, "--seeds"),
            cpu_s=cpu_s,
            out=out,
            only=options.listed(only),
            operators=operators,
            dryer_load=dryer_load,
            on_step=tell,
        )
        if as_json:
            print_json(figures)
        else:
            for row in figures["rows"]:
                print_table(f"{row['what']}, seed {row['seed']}", ["", ""], [[k, str(v)] for k, v in row.items()])


@app.command("vrplib")
def vrplib(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of SDVRPTW, MDVRPTW and VRPTW, or one of them.")
    ],
    cpu_s: Annotated[float, typer.Option("--cpu-s", help="CPU seconds for each instance and side.")] = 60.0,
    only: Annotated[str, typer.Option("--only", help="Only instances whose name begins so.")] = "",
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="So many instances of each set.")] = None,
    seed: options.Seed = 1,
    out: Annotated[Path, typer.Option("--out", help="Folder for the figures.")] = Path("out/bench"),
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Run public routing instances beside PyVRP at equal CPU time; gaps to the best known."""
    words = language(lang)
    options.budget(cpu_s, None)
    with guarded(words, as_json=as_json):
        from nongshi.bench.vrplib import bench_vrplib

        tell = (lambda words: typer.echo(words, err=True)) if sys.stderr.isatty() else None
        figures = bench_vrplib(folder, cpu_s=cpu_s, only=only, limit=limit, seed=seed, out=out, on_step=tell)
        if as_json:
            print_json(figures)
        else:
            for name, keys in VRPLIB_TABLES.items():
                print_table(name, list(keys), [[_shown(row[key]) for key in keys] for row in figures[name]])


app.command("jt808")(bench_jt808.jt808)
app.command("fuzz")(bench_jt808.fuzz)
app.command("segment")(bench_segment.segment)
app.command("claims")(bench_claims.claims)
app.command("season")(bench_forecast.season)
app.command("gateway")(bench_gateway.gateway)
app.command("pages")(bench_site.pages)
app.command("store")(bench_gateway.store)
app.command("live")(bench_gateway.live)
app.command("booking")(bench_site.booking)
app.command("board")(bench_board.board)
app.command("training")(bench_training.training)
app.command("imports")(bench_site.imports)
app.command("orders")(bench_orders.orders)
app.command("importers")(bench_orders.importers)
app.command("phenology")(bench_season.phenology)
app.command("weather")(bench_season.weather)


@app.command("area")
def area(
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="How many constructed fields.")] = 100,
    first_seed: Annotated[int, typer.Option("--first-seed", min=0, help="Seed of the first.")] = 1,
    others: Annotated[bool, typer.Option("--others/--no-others", help="Also distance x width and buffers.")] = True,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="Also fit the interval to these seeds; never report on them.")
    ] = False,
    out: Annotated[Path, typer.Option("--out", help="Folder for the figures.")] = Path("out/bench"),
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Worked area of constructed fields with known truth: error, interval and speed, beside other methods."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi.bench.area import AREA_TABLES, bench_area

        figures = bench_area(
            range(first_seed, first_seed + seeds),
            out=out,
            others=others,
            fit=calibrate,
            on_step=(lambda words: typer.echo(words, err=True)) if sys.stderr.isatty() else None,
        )
        if as_json:
            print_json(figures)
        else:
            for name, keys in AREA_TABLES.items():
                print_table(name, list(keys), [[_shown(row.get(key)) for key in keys] for row in figures[name]])


VRPLIB_TABLES = {
    "rows": ("set", "name", "clients", "best_known", "own", "pyvrp", "own_gap", "pyvrp_gap"),
    "sets": ("set", "compared", "own_infeasible", "own_gap", "pyvrp_gap", "points_worse"),
}


def _shown(value: object) -> str:
    return "-" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)


Number = TypeVar("Number", int, float)


def numbers(listed: str, kind: Callable[[str], Number], option: str) -> list[Number]:
    """Numbers above zero from a list with commas."""
    try:
        found = [kind(word) for word in listed.split(",") if word.strip()]
    except ValueError as fault:
        raise typer.BadParameter(f"{option} takes numbers with commas, got {listed!r}") from fault
    if not found or not all(math.isfinite(number) and number > 0 for number in found):
        raise typer.BadParameter(f"{option} takes numbers above 0 with commas, got {listed!r}")
    return found
