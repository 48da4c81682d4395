"""`nongshi track segment` and `nongshi track train`: work, road and idle of fixes, and the model for it."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from nongshi.cli import options
from nongshi.cli.show import check_target, guarded, print_json, print_table
from nongshi.cli.texts import language, text

SIMULATED_DAYS, SIMULATED_SEED = 400, 7  # what the packaged model was trained on; its card says the same

TrackFile = Annotated[Path, typer.Argument(metavar="FILE", help="Track CSV (docs/formats.md).")]


def segment(
    file: TrackFile,
    model: Annotated[
        str | None,
        typer.Option("--model", help="Model of nongshi track train; 'density': no model; default: the packaged one."),
    ] = None,
    field: Annotated[Path | None, typer.Option("--field", help="fields.geojson: known outlines of fields.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="CSV to write; default: FILE-segmented.csv.")] = None,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Tell work, road and idle apart: the file's rows again, each with its `state`."""
    words = language(lang)
    target = out or file.with_name(f"{file.name.removesuffix('.gz').removesuffix('.csv')}-segmented.csv")
    with guarded(words, as_json=as_json):
        check_target(target)
        from nongshi.files.track_files import read_tracks
        from nongshi.files.track_states import write_states
        from nongshi.tracks.segment import segment as segmented

        tracks = read_tracks(file)
        forest = _model(model)
        inside = _inside(field)
        found = [segmented(track, forest, inside=inside(track) if inside else None) for track in tracks]
        added = [{"state": one.names(), "in_field": ["1" if at else "0" for at in one.field]} for one in found]
        write_states(target, file, tracks, added)
        rows = [_hours(track, one.state) for track, one in zip(tracks, found, strict=True)]
        if as_json:
            print_json(
                {"out": str(target), "model": "density" if forest is None else model or "packaged", "devices": rows}
            )
        else:
            keys = ("device_id", "fixes", "work_h", "road_h", "idle_h")
            header = [text(words, f"track_{key}") for key in keys]
            print_table(text(words, "segmented"), header, [[str(row[key]) for key in keys] for row in rows])
            typer.echo(text(words, "written", path=target))


def train(
    sources: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILES]", help="Track CSVs with a column state, or folders of such or of labelled sheets."
        ),
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="Model to write.")] = Path("segment-model.txt"),
    simulated: Annotated[int, typer.Option("--simulated", min=0, help="Train on so many simulated days, too.")] = 0,
    seed: options.Seed = SIMULATED_SEED,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Train a segmentation model on labelled tracks, on simulated days, or on both."""
    words = language(lang)
    if not sources and not simulated:
        raise typer.BadParameter("name labelled tracks, or --simulated N days")
    with guarded(words, as_json=as_json):
        check_target(out)
        from nongshi.bench.segment_model import train_model
        from nongshi.files.segment_model import write_model

        tell = (lambda line: typer.echo(line, err=True)) if sys.stderr.isatty() else None
        forest, figures = train_model(list(sources or []), simulated=simulated, seed=seed, on_step=tell)
        write_model(out, forest)
        answer = {"out": str(out), **figures}
        if as_json:
            print_json(answer)
        else:
            print_table(text(words, "trained"), ["", ""], [[name, str(value)] for name, value in answer.items()])


def _model(name: str | None) -> Any:
    """The forest that is asked for; None: by density."""
    from nongshi.files.segment_model import packaged_model, read_model

    if name == "density":
        return None
    return packaged_model() if name is None else read_model(Path(name))


def _inside(path: Path | None) -> Any:
    """A function that says which fixes of a track lie in known fields; None: no outline is known."""
    if path is None:
        return None
    import shapely

    from nongshi.files.track_outlines import read_outlines

    union = shapely.union_all(read_outlines(path))
    shapely.prepare(union)
    return lambda track: shapely.contains_xy(union, track.lon, track.lat)


def _hours(track: Any, state: Any) -> dict[str, Any]:
    """Hours in each state: a step counts for the state it ends in, a silence of more than a minute as a minute."""
    import numpy as np

    from nongshi.tracks.features_motion import GAP_S
    from nongshi.tracks.segment import STATES

    seconds = np.minimum(np.diff(track.time_s, prepend=track.time_s[:1]), GAP_S)
    hours = {f"{name}_h": round(float(seconds[state == code].sum()) / 3600, 2) for code, name in enumerate(STATES)}
    return {"device_id": track.device_id, "fixes": len(track), **hours}
