"""`nongshi season forecast` and `nongshi season shortage`: what will be wanted, and what will be short."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nongshi.cli import options
from nongshi.cli.season_shown import show_demand, show_shortage
from nongshi.cli.show import guarded, print_json
from nongshi.cli.texts import language, text

if TYPE_CHECKING:
    from nongshi.files.season_reader import SeasonFolder

SeasonFolderPath = Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of the season (docs/formats.md).")]
Out = Annotated[Path | None, typer.Option("--out", help="Folder to write season.json and season.html into.")]
Today = Annotated[
    datetime | None,
    typer.Option("--today", formats=["%Y-%m-%d"], help="As known on this day; default: as season.toml."),
]
Scenarios = Annotated[int | None, typer.Option("--scenarios", min=10, max=2000, help="Default: as season.toml.")]


def forecast(
    folder: SeasonFolderPath,
    today: Today = None,
    scenarios: Scenarios = None,
    out: Out = None,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Forecast the work that a season will ask for: day by day at first, then by week, with its uncertainty.

    Nothing is read that became known later than the day of the forecast.
    """
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi import api

        answer = api.forecast_season(read(folder, today), scenarios=scenarios)
        finish(answer, out, words, as_json=as_json)
        if not as_json:
            show_demand(answer, words)


def shortage(
    folder: SeasonFolderPath,
    today: Today = None,
    scenarios: Scenarios = None,
    sharing: Annotated[
        bool, typer.Option("--sharing/--no-sharing", help="Whether towns and owners help each other.")
    ] = True,
    rolled: Annotated[
        int, typer.Option("--rolled", min=0, help="Scenarios that are also lived through without foresight.")
    ] = 6,
    by_day: Annotated[bool, typer.Option("--days/--no-days", help="Also the next days one by one.")] = True,
    out: Out = None,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Say what a season will be short of, where and when, and what one more machine, operator or dryer would save."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi import api

        answer = api.season_shortage(
            read(folder, today), scenarios=scenarios, sharing=sharing, rolled=rolled, by_day=by_day
        )
        finish(answer, out, words, as_json=as_json)
        if not as_json:
            show_shortage(answer, words)


def read(folder: Path, today: datetime | None) -> "SeasonFolder":
    """The folder, as of another day where one is given."""
    from dataclasses import replace

    from nongshi import api

    found = api.read_season(folder)
    return found if today is None else replace(found, season=replace(found.season, today=today.date()))


def finish(answer: dict[str, Any], out: Path | None, words: options.Lang, *, as_json: bool) -> None:
    """Write what was asked for, and print JSON where that was asked for."""
    if out is not None:
        from nongshi.files.season_page import write_season_answer

        for path in write_season_answer(out, answer):
            typer.echo(text(words, "written", path=path), err=as_json)
    if as_json:
        print_json(answer)
