"""`nongshi season`: what is to come, and what to do about it."""

import typer

from nongshi.cli import season_train

app = typer.Typer(help="The season ahead.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def season() -> None:
    """Look ahead over a season."""


app.command("train")(season_train.train)
