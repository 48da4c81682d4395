"""`nongshi plan`: from a region folder to a checked plan.json."""

from pathlib import Path
from typing import Annotated

import typer

from nongshi.cli import options
from nongshi.cli.show import check_target, guarded, print_json
from nongshi.cli.texts import language, text


def plan(
    region: options.RegionFolder,
    out: Annotated[Path, typer.Option("--out", help="File to write; its folder must be there.")] = Path("plan.json"),
    cpu_s: options.CpuS = None,
    iterations: options.Iterations = None,
    seed: options.Seed = 1,
    engine: options.EngineName = options.Engine.OWN,
    roads: options.RoadsFile = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, help="Plan in fixed pieces by so many processes; same plan by any."),
    ] = None,
    ray: Annotated[
        str | None, typer.Option("--ray", metavar="ADDRESS", help="Plan the pieces on a Ray cluster; local: start one.")
    ] = None,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Plan a region and write the plan, once the verifier has passed it.

    Exit code 0: all jobs served; 3: some are left out, each with its reason; 4: none can be served.
    """
    if cpu_s is not None and (workers is not None or ray is not None):
        raise typer.BadParameter("--workers and --ray plan by --iterations, not by --cpu-s")
    cpu_s, iterations = options.budget(cpu_s, iterations)
    words = language(lang)
    with guarded(words, as_json=as_json):
        check_target(out)
        from nongshi import api
        from nongshi.cli import figures
        from nongshi.cli.progress import bar

        data = api.read_region(region)
        over = None if roads is None else api.read_roads(roads, data)
        with bar(words, "bound") as on_step:
            made = api.solve(
                data,
                cpu_s=cpu_s,
                iterations=iterations,
                seed=seed,
                engine=engine,
                on_step=on_step,
                roads=over,
                workers=workers,
                ray=ray,
            )
        made.save(out)
        if as_json:
            print_json({"out": str(out), **figures.plan_answer(made)})
        else:
            figures.print_plan(made, words)
            typer.echo(text(words, "written", path=out))
    raise typer.Exit(figures.exit_code(made))
