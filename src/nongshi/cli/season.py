"""`nongshi season`: the season ahead; each command is a small function in a file of its own."""

import typer

from nongshi.cli import season_forecast, season_generate, season_train, season_whatif

app = typer.Typer(help="The season ahead: demand, shortage, what if.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def season() -> None:
    """Forecast demand and shortage of a season, and compare what could be done."""


# One line a command, in the order of --help: app.command("name", short_help="...")(module.function)
app.command("forecast", short_help="Work that will be wanted, by town and week.")(season_forecast.forecast)
app.command("shortage", short_help="What will be short, and what more is worth.")(season_forecast.shortage)
app.command("whatif", short_help="Other machines, people, sowings, weather.")(season_whatif.whatif)
app.command("train", short_help="Which courses open, and who sits in them.")(season_train.train)
app.command("generate", short_help="Generate a season to try things on.")(season_generate.generate)
