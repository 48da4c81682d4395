"""`nongshi track measure`: worked area of a track, with its interval and whether it may be settled."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nongshi.cli import options
from nongshi.cli.show import check_target, guarded, print_json, print_table
from nongshi.cli.texts import language, text

if TYPE_CHECKING:
    from nongshi.tracks.area import AreaMeasure

CLOSING_SHARE = 0.5  # as nongshi.tracks.area, not imported so that --help stays quick; a test compares


def measure(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Track CSV (docs/formats.md).")],
    width_m: Annotated[float, typer.Option("--width-m", help="Working width of the tool, m.")],
    field: Annotated[Path | None, typer.Option("--field", help="fields.geojson: outlines of fields.")] = None,
    device: Annotated[str | None, typer.Option("--device", help="Only this device of the file.")] = None,
    closing_share: Annotated[
        float, typer.Option("--closing-share", help="Gaps narrower than this share of the width count as worked.")
    ] = CLOSING_SHARE,
    accuracy_m: Annotated[
        float | None, typer.Option("--accuracy-m", help="Slow position error, where known; default: estimated.")
    ] = None,
    depth_cm: Annotated[
        float | None, typer.Option("--depth-cm", help="Depth asked for: share of work that reached it.")
    ] = None,
    picture: Annotated[Path | None, typer.Option("--picture", help="Also draw it: .png or .svg.")] = None,
    as_json: options.AsJson = False,
    lang: options.InLang = None,
) -> None:
    """Measure worked area: each place once, clipped to the field, with a 95 % interval."""
    words = language(lang)
    with guarded(words, as_json=as_json):
        if picture is not None:
            check_target(picture)
        from nongshi.files.track_picture import write_picture

        tracks = _tracks(file, device)
        shapes = None if field is None else _shapes(field)
        surveys = []
        for track, further in tracks:
            outline = None if shapes is None else _touched(shapes, track)
            surveys.append(_survey(track, further, outline, width_m, closing_share, accuracy_m, depth_cm))
            if picture is not None:
                write_picture(_numbered(picture, len(surveys), len(tracks)), surveys[-1], outline, title=file.name)
        answer = _answer(surveys)
        if as_json:
            print_json(answer)
        else:
            _show(answer, file.name, words)


def _tracks(file: Path, device: str | None) -> list[tuple[Any, dict[str, Any]]]:
    """The tracks of the file, or the one asked for; states of fixes stand in for a switch where there is none."""
    import numpy as np

    from nongshi.core.errors import NotFound
    from nongshi.files.track_files import read_tracks_with
    from nongshi.geo.track import UNKNOWN, make_track

    tracks = []
    for track, further in read_tracks_with(file, ("state", "depth_cm")):
        if device is not None and track.device_id != device:
            continue
        if "state" in further and (track.working == UNKNOWN).all():
            track = make_track(
                track.device_id,
                track.time_s,
                track.lon,
                track.lat,
                speed_km_h=track.speed_km_h,
                course_deg=track.course_deg,
                working=(np.char.strip(further["state"].astype(str)) == "work").astype(np.int8),
            )
        tracks.append((track, further))
    if not tracks:
        raise NotFound(f"there is no device {device} in {file}; leave --device out to measure all of them")
    return tracks


def _shapes(field: Path) -> list[Any]:
    from nongshi.files.track_outlines import read_outlines

    return [part for shape in read_outlines(field) for part in getattr(shape, "geoms", [shape])]


def _touched(shapes: list[Any], track: Any) -> Any:
    """The outlines in which the track has fixes; where it touches none: the first, of which nothing was worked."""
    import shapely

    met = [
        shape
        for shape in shapes
        if shape.geom_type == "Polygon" and shapely.contains_xy(shape, track.lon, track.lat).any()
    ]
    union = shapely.union_all(met or shapes[:1])
    return union


def _survey(
    track: Any,
    further: dict[str, Any],
    outline: Any,
    width_m: float,
    closing_share: float,
    accuracy_m: float | None,
    depth_cm: float | None,
) -> "AreaMeasure":
    from nongshi.tracks.area import survey

    return survey(
        track,
        width_m=width_m,
        field=outline,
        closing_share=closing_share,
        accuracy_m=accuracy_m,
        depth_cm=further.get("depth_cm"),
        depth_asked_cm=depth_cm,
    )


def _answer(surveys: "list[AreaMeasure]") -> dict[str, Any]:
    """The keys of docs/formats.md; several devices are summed, and then a person has to look."""
    rows = [_row(one) for one in surveys]
    if len(rows) == 1:
        return rows[0]
    added = ("worked_ha", "low_ha", "high_ha", "overlap_ha", "skip_ha", "travelled_ha", "fixes")
    return {
        **{key: round(sum(row[key] for row in rows), 6) for key in added},
        "auto_settle": False,
        "why": "several machines: ground that two of them worked is counted twice",
        "why_zh": "有多台农机：两台都作业过的地面计了两次",
        "devices": rows,
    }


def _row(one: "AreaMeasure") -> dict[str, Any]:
    from dataclasses import asdict
    from math import isfinite

    e = one.evidence
    measured = asdict(one.measured)
    return {
        **{key: round(value, 6) if isinstance(value, float) else value for key, value in measured.items()},
        "device_id": one.device_id,
        "width_m": e.width_m,
        "closing_share": one.closing_share,
        "closed_gap_m": round(one.closed_m, 3),
        "field_ha": None if one.field_ha is None else round(one.field_ha, 6),
        "missing_ha": round(e.hole_ha, 6),
        "step_s": e.step_s,
        "drift_m": round(e.drift_m, 3),
        "noise_m": round(e.white_m, 3),
        "accuracy_given": e.drift_given,
        "working_known": e.working_known,
        "speed_ratio": round(e.speed_ratio, 3) if isfinite(e.speed_ratio) else None,
        "depth_share": None if one.depth_share is None else round(one.depth_share, 4),
    }


def _numbered(picture: Path, number: int, count: int) -> Path:
    return picture if count == 1 else picture.with_stem(f"{picture.stem}-{number}")


def _show(answer: dict[str, Any], name: str, words: options.Lang) -> None:
    from nongshi.core.units import mu

    chinese = words is options.Lang.ZH

    def area(key: str) -> str:
        return f"{mu(answer[key]):,.2f}" if chinese else f"{answer[key]:,.4f}"

    rows = [(text(words, f"measure_{key}"), area(f"{key}_ha")) for key in ("worked", "low", "high")]
    rows += [(text(words, f"measure_{key}"), area(f"{key}_ha")) for key in ("overlap", "skip", "travelled")]
    rows.append((text(words, "measure_fixes"), f"{answer['fixes']:,}"))
    if "closing_share" in answer:
        rows.append((text(words, "measure_closing"), f"{answer['closing_share']:.0%}"))
        rows.append((text(words, "measure_drift"), f"{answer['drift_m']:.2f}"))
        if answer["depth_share"] is not None:
            rows.append((text(words, "measure_depth"), f"{answer['depth_share']:.1%}"))
    print_table(text(words, "measured", name=name), ("", ""), rows)
    if answer["auto_settle"]:
        typer.echo(text(words, "measure_settle"))
    else:
        typer.echo(text(words, "measure_no_settle", why=answer["why_zh" if chinese else "why"]))
