"""Outlines of fields for tracks: the polygons of a GeoJSON file, whatever else it says of them."""

import json
from pathlib import Path
from typing import Any

import shapely

from nongshi.core.errors import BadFiles, Fault, NotFound


def read_outlines(path: Path) -> list[Any]:
    """The (Multi)Polygons of a FeatureCollection, WGS 84; crossing outlines are mended.

    Raises:
        NotFound: no such file.
        BadFiles: it is no GeoJSON, or holds no polygon.
    """
    if not path.is_file():
        raise NotFound(f"there is no file of outlines {path}")
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        features = document["features"] if document.get("type") == "FeatureCollection" else [document]
        shapes = [shapely.from_geojson(json.dumps(one.get("geometry", one))) for one in features]
    except (ValueError, TypeError, AttributeError, KeyError, shapely.errors.GEOSException) as problem:
        raise _fault(path, f"is no GeoJSON of fields: {problem}") from problem
    outlines = [shapely.make_valid(one) for one in shapes if one.geom_type in ("Polygon", "MultiPolygon")]
    if not outlines:
        raise _fault(path, "holds no polygon")
    return outlines


def _fault(path: Path, problem: str) -> BadFiles:
    mend = "save the fields as one FeatureCollection of polygons from the map program"
    return BadFiles([Fault(file=path.name, row=None, column=None, value=None, problem=problem, mend=mend)])
