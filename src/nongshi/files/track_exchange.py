"""Tracks as other programs have them: GPX, GeoJSON and ISO 11783-10 time logs, in and out."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np

from nongshi.core.errors import BadUsage, NotFound
from nongshi.files.faults import Faults
from nongshi.files.isoxml_tracks import read_isoxml, write_isoxml
from nongshi.files.track_files import moment_s, moment_text, read_tracks, write_tracks
from nongshi.files.whole import write_whole
from nongshi.geo.track import NO, UNKNOWN, YES, Track, make_track

GPX = "http://www.topografix.com/GPX/1/1"
OWN = "https://nongshi.org/gpx/1"  # name space of our own elements: a name, no address to look up
KINDS = ("csv", "gpx", "geojson", "isoxml")


def read_any(path: Path) -> list[Track]:
    """Read tracks in the form that the file's name says: .csv(.gz), .gpx, .geojson/.json, a TASKDATA folder or .zip.

    Raises:
        NotFound: there is nothing.
        BadUsage: a form that we do not read.
        BadFiles: what stands in it cannot be right.
        MissingExtra: isoxml is not installed.
    """
    path = Path(path)
    if not path.exists():
        raise NotFound(f"there is no track file {path}")
    name = path.name.lower()
    if path.is_dir() or name.endswith(".zip") or name == "taskdata.xml":
        return read_isoxml(path)
    if name.endswith((".csv", ".csv.gz")):
        return read_tracks(path)
    if name.endswith(".gpx"):
        return _read_gpx(path)
    if name.endswith((".geojson", ".json")):
        return _read_geojson(path)
    raise BadUsage(f"{path.name}: tracks are read from .csv, .csv.gz, .gpx, .geojson, a TASKDATA folder or its .zip")


def write_any(path: Path, tracks: Sequence[Track], kind: str) -> None:
    """Write tracks in one of KINDS; isoxml makes a folder TASKDATA.

    Raises:
        BadUsage: another kind.
        OSError: the disk is full, or the folder cannot be written to.
    """
    path = Path(path)
    if kind == "csv":
        write_tracks(path, tracks)
    elif kind == "gpx":
        write_whole(path, _gpx_text(tracks))
    elif kind == "geojson":
        write_whole(path, _geojson_text(tracks))
    elif kind == "isoxml":
        write_isoxml(path, tracks)
    else:
        raise BadUsage(f"tracks are written as {', '.join(KINDS)}, not as {kind}")


def _read_gpx(path: Path) -> list[Track]:
    faults = Faults()
    rows: dict[str, list[tuple[float, ...]]] = {}
    try:
        root = ET.parse(path).getroot()
    except (ET.ParseError, LookupError, ValueError) as error:  # the last two: an encoding that expat does not read
        faults.add(path.name, f"is no XML: {error}", "export it again, in UTF-8; it may have been cut off")
        faults.check()
    names = [one.findtext(f"{{{GPX}}}name") or "" for one in root.iter(f"{{{GPX}}}trk")]
    for number, element in enumerate(root.iter(f"{{{GPX}}}trk")):
        device = names[number].strip() or f"track-{number + 1}"
        points = list(element.iter(f"{{{GPX}}}trkpt"))
        found = [_gpx_point(path.name, number + 1, k, point, faults) for k, point in enumerate(points, start=1)]
        rows.setdefault(device, []).extend(one for one in found if one is not None)
    if not any(rows.values()) and not len(faults):
        faults.add(path.name, "there is no track point in it", "export tracks (trk), not routes or waypoints")
    faults.check()
    return [_track(device, values) for device, values in rows.items() if values]


def _gpx_point(file: str, track: int, number: int, point: Any, faults: Faults) -> tuple[float, ...] | None:
    def fault(column: str, value: object, problem: str, mend: str) -> None:
        faults.add(file, f"track {track}, point {number}: {problem}", mend, column=column, value=value)

    time_text = point.findtext(f"{{{GPX}}}time")
    try:
        time_s = moment_s(time_text or "")
    except ValueError:
        fault("time", time_text, "has no time with an offset", "export points with their times, such as ...T07:30:00Z")
        return None
    try:
        lon, lat = float(point.get("lon", "")), float(point.get("lat", ""))
        if not (abs(lon) <= 180 and abs(lat) <= 90):
            raise ValueError
    except ValueError:
        fault("lon", f"{point.get('lon')}, {point.get('lat')}", "is not on the globe", "write degrees")
        return None
    own = {child.tag.rpartition("}")[2]: child.text for child in point.iter() if child is not point}
    return (time_s, lon, lat, _float(own.get("speed_km_h")), _float(own.get("course")), _flag(own.get("working")))


def _gpx_text(tracks: Sequence[Track]) -> str:
    ET.register_namespace("", GPX)
    ET.register_namespace("nongshi", OWN)
    root = ET.Element(f"{{{GPX}}}gpx", {"version": "1.1", "creator": "Nongshi"})
    for track in tracks:
        element = ET.SubElement(root, f"{{{GPX}}}trk")
        ET.SubElement(element, f"{{{GPX}}}name").text = track.device_id
        segment = ET.SubElement(element, f"{{{GPX}}}trkseg")
        for k in range(len(track)):
            place = {"lat": f"{track.lat[k]:.8f}", "lon": f"{track.lon[k]:.8f}"}
            point = ET.SubElement(segment, f"{{{GPX}}}trkpt", place)
            ET.SubElement(point, f"{{{GPX}}}time").text = moment_text(float(track.time_s[k])).replace("+00:00", "Z")
            more = ET.Element(f"{{{GPX}}}extensions")
            for name, value in (("speed_km_h", track.speed_km_h[k]), ("course", track.course_deg[k])):
                if not np.isnan(value):
                    ET.SubElement(more, f"{{{OWN}}}{name}").text = f"{value:.6g}"
            if track.working[k] != UNKNOWN:
                ET.SubElement(more, f"{{{OWN}}}working").text = str(int(track.working[k]))
            if len(more):
                point.append(more)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _read_geojson(path: Path) -> list[Track]:
    """LineStrings whose property `times` has a moment for each point, as our own export writes them."""
    faults = Faults()
    try:
        features = json.loads(path.read_text(encoding="utf-8-sig"))["features"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        faults.add(path.name, f"is no GeoJSON FeatureCollection: {error}", "export it again")
        features = []
    faults.check()
    found = []
    for number, feature in enumerate(features, start=1):
        try:
            said, points = feature["properties"], feature["geometry"]["coordinates"]
            if feature["geometry"]["type"] != "LineString" or len(said["times"]) != len(points):
                raise ValueError("a LineString needs as many times as points")
            columns = (said.get(key) or [None] * len(points) for key in ("speed_km_h", "course_deg", "working"))
            rows = [
                (moment_s(time), float(p[0]), float(p[1]), _float(v), _float(c), _flag(w))
                for time, p, v, c, w in zip(said["times"], points, *columns, strict=True)
            ]
            found.append(_track(str(said.get("device_id") or f"track-{number}"), rows))
        except (KeyError, TypeError, ValueError, IndexError) as error:
            mend = "write LineStrings with properties device_id and times (docs/formats.md, Tracks)"
            faults.add(path.name, f"is no track: {error}", mend, row=number)
    if not features:
        faults.add(path.name, "there is no track in it", "export at least one")
    faults.check()
    return found


def _geojson_text(tracks: Sequence[Track]) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {
                "device_id": track.device_id,
                "times": [moment_text(moment) for moment in track.time_s.tolist()],
                "speed_km_h": [None if np.isnan(v) else round(v, 2) for v in track.speed_km_h.tolist()],
                "course_deg": [None if np.isnan(v) else round(v, 1) for v in track.course_deg.tolist()],
                "working": [None if flag == UNKNOWN else int(flag) for flag in track.working.tolist()],
            },
            "geometry": {
                "type": "LineString",
                "coordinates": np.column_stack([track.lon.round(8), track.lat.round(8)]).tolist(),
            },
        }
        for track in tracks
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False) + "\n"


def _track(device_id: str, rows: Sequence[tuple[float, ...]]) -> Track:
    time_s, lon, lat, speed, course, working = np.array(rows, float).T
    return make_track(device_id, time_s, lon, lat, speed_km_h=speed, course_deg=course, working=working.astype(np.int8))


def _float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def _flag(value: Any) -> int:
    return {"1": YES, "0": NO}.get(str(value).strip(), UNKNOWN)
