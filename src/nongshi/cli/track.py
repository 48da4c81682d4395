"""`nongshi track`: what the fixes of machines mean; each command is a small function in a file of its own."""

import typer

from nongshi.cli import track_files, track_live, track_measure, track_segment

app = typer.Typer(
    help="What the fixes of machines mean: segments, worked area, live.", no_args_is_help=True, rich_markup_mode=None
)


@app.callback()
def track() -> None:
    """Segment tracks, measure worked area, watch machines live."""


# One line a command, in the order of --help: app.command("name", short_help="...")(module.function)
app.command("segment", short_help="Work, road and idle of each fix.")(track_segment.segment)
app.command("train", short_help="Train a segmentation model.")(track_segment.train)
app.command("measure", short_help="Worked area, with its interval.")(track_measure.measure)
app.command("live", short_help="Fences, speed, help calls, muster.")(track_live.live)
app.command("trips", short_help="Trips and halts.")(track_files.trips)
app.command("import", short_help="Read GPX, GeoJSON, ISOXML time logs.")(track_files.import_)
app.command("export", short_help="Write GPX, GeoJSON, ISOXML.")(track_files.export)
