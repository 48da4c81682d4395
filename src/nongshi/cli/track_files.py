"""`nongshi track import` and `export`: tracks of other programs in, ours out; `trips`: a day in trips and halts."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nongshi.cli import options
from nongshi.cli.show import check_target, guarded, print_json, print_table
from nongshi.cli.texts import language, text

if TYPE_CHECKING:
    from nongshi.geo.track import Track


class TrackForm(StrEnum):
    """As nongshi.files.track_exchange.KINDS; a test holds them equal."""

    CSV = "csv"
    GPX = "gpx"
    GEOJSON = "geojson"
    ISOXML = "isoxml"


Source = Annotated[Path, typer.Argument(metavar="FILE", help=".csv, .gpx, .geojson, TASKDATA folder or its .zip.")]


def import_(
    file: Source,
    out: Annotated[Path, typer.Option("--out", help="Track CSV to write.")],
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Read tracks of another program and write them as a track CSV."""
    _convert(file, out, TrackForm.CSV, as_json=as_json, lang=lang)


def export(
    file: Source,
    to: Annotated[TrackForm, typer.Option("--to", help="Form to write.")],
    out: Annotated[Path, typer.Option("--out", help="File to write; for isoxml a folder.")],
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Write tracks in the form of another program."""
    _convert(file, out, to, as_json=as_json, lang=lang)


def _convert(file: Path, out: Path, to: TrackForm, *, as_json: bool, lang: options.Lang | None) -> None:
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi.files.track_exchange import read_any, write_any

        if to != TrackForm.ISOXML:
            check_target(out)
        tracks = read_any(file)
        write_any(out, tracks, to.value)
        tell_tracks(tracks, out, words, as_json=as_json)


def tell_tracks(tracks: "Sequence[Track]", out: Path, words: options.Lang, *, as_json: bool) -> None:
    """How many fixes of which device went where."""
    rows = [{"device_id": track.device_id, "fixes": len(track)} for track in tracks]
    if as_json:
        print_json({"out": str(out), "tracks": rows})
    else:
        heads = [text(words, "terminal"), text(words, "fixes")]
        print_table(out.name, heads, [[track.device_id, f"{len(track):,}"] for track in tracks])
        typer.echo(text(words, "written", path=out))


def trips(
    file: Source,
    stop_min: Annotated[
        float, typer.Option("--stop-min", min=0.1, help="A halt of so many minutes ends a trip.")
    ] = 3.0,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Trips, halts, kilometres and the share of the time that was work, of each track of a file."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        from nongshi.files.track_exchange import read_any
        from nongshi.files.track_files import moment_text, read_tracks_with
        from nongshi.tracks.trips import tell_day

        found = []
        if file.name.endswith((".csv", ".csv.gz")):
            pairs = [(track, more.get("state")) for track, more in read_tracks_with(file, ("state",))]
        else:
            pairs = [(track, None) for track in read_any(file)]
        for track, states in pairs:
            found.append(tell_day(track, None if states is None else states.tolist(), stop_s=60 * stop_min))
        if as_json:
            print_json({"days": [_values(day, moment_text) for day in found]})
        else:
            heads = [text(words, key) for key in ("terminal", "trips", "halts", "km", "moving_h", "work_h", "used")]
            print_table(file.name, heads, [_cells(day) for day in found])


def _values(day: Any, moment_text: Any) -> dict[str, Any]:
    return {
        "device_id": day.device_id,
        "km": round(day.km, 3),
        "moving_h": round(day.moving_h, 4),
        "seen_h": round(day.seen_h, 4),
        "work_h": None if day.work_h is None else round(day.work_h, 4),
        "utilisation": None if day.utilisation is None else round(day.utilisation, 4),
        "trips": [
            {
                "begin": moment_text(trip.begin_s),
                "end": moment_text(trip.end_s),
                "km": round(trip.km, 3),
                "speed_km_h_max": round(trip.speed_km_h_max, 1),
                "from": list(trip.begin),
                "to": list(trip.end),
            }
            for trip in day.trips
        ],
        "halts": [
            {"begin": moment_text(halt.begin_s), "end": moment_text(halt.end_s), "place": list(halt.place)}
            for halt in day.halts
        ],
    }


def _cells(day: Any) -> list[str]:
    work = "-" if day.work_h is None else f"{day.work_h:.1f}"
    used = "-" if day.utilisation is None else f"{day.utilisation:.0%}"
    return [
        day.device_id, str(len(day.trips)), str(len(day.halts)), f"{day.km:,.1f}", f"{day.moving_h:.1f}", work, used
    ]  # fmt: skip
