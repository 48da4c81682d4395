"""`nongshi season generate`: a made-up season folder to try things on."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from nongshi.cli import options
from nongshi.cli.generate import check_replaceable
from nongshi.cli.show import guarded, print_json
from nongshi.cli.texts import language, text


def generate(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Folder to write.")],
    towns: Annotated[
        int, typer.Option("--towns", min=1, max=400, help="The belt's five first, then made-up ones.")
    ] = 5,
    weeks: Annotated[int, typer.Option("--weeks", min=4, max=52, help="From the first Monday of May on.")] = 30,
    year: Annotated[int, typer.Option("--year", min=1990, max=2150, help="Of the season.")] = 2027,
    today: Annotated[
        datetime | None, typer.Option("--today", formats=["%Y-%m-%d"], help="Day of the forecast; default: the first.")
    ] = None,
    scenarios: Annotated[int, typer.Option("--scenarios", min=10, max=2000, help="Written into season.toml.")] = 200,
    load: Annotated[float, typer.Option("--load", help="Above 1 there are fewer machines.")] = 1.3,
    operators_per_machine: Annotated[
        float, typer.Option("--operators-per-machine", help="Below 1, operators are short.")
    ] = 0.85,
    dryers: Annotated[bool, typer.Option("--dryers/--no-dryers", help="Grain dryers with limits.")] = False,
    history: Annotated[bool, typer.Option("--history/--no-history", help="Stages seen and last year's jobs.")] = True,
    seed: options.Seed = 1,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Generate a season of made-up sowings, jobs, machines, people and weather; it is marked as generated."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        check_replaceable(out)
        from nongshi import api

        made = api.make_season(
            towns=towns,
            weeks=weeks,
            year=year,
            today=None if today is None else today.date(),
            scenarios=scenarios,
            load=load,
            operators_per_machine=operators_per_machine,
            dryers=dryers,
            history=history,
            seed=seed,
        )
        api.write_season(made, out)
        counts = {
            "region": made.season.region.name,
            "towns": len(made.season.towns),
            "sowings": len(made.season.sowings),
            "machines": len(made.season.region.machines),
            "operators": len(made.season.region.operators),
        }
        if as_json:
            print_json({"out": str(out), "synthetic": True, **counts})
            return
        typer.echo(text(words, "season_generated", **counts))
        typer.echo(text(words, "written", path=out))
