"""A field's outline: its true area, where it crosses itself, and which neighbours it overlaps."""

import json
import re
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.validation import explain_validity

from nongshi.core.errors import BadInput
from nongshi.geo.plane import plane_about
from nongshi.site.base.geometry import in_box
from nongshi.site.base.models import Org
from nongshi.site.register.models import Field

M2_PER_HA = 10_000
DIFFERS_SHARE = 0.10  # stated and computed area may differ by so much before we ask
OVERLAP_HA = 0.005  # assumption: 50 m2, what drawing by hand along a ridge overlaps
JSON_MAX = 2_000_000
_PLACE = re.compile(r"\[(-?[\d.]+) (-?[\d.]+)\]")


class CrossesItself(BadInput):
    """An outline that crosses itself, and where."""

    code = "crosses_itself"

    def __init__(self, lon: float, lat: float) -> None:
        self.lon, self.lat = lon, lat
        super().__init__(f"the outline crosses itself at {lon:.6f}, {lat:.6f}; move the corners there apart")


@dataclass(frozen=True, slots=True)
class Overlap:
    """A neighbour that the outline lies upon."""

    field: Field
    area_ha: float


def parse_outline(text: str) -> Any | None:
    """A GeoJSON geometry, as the map gives it, as a sound outline; nothing for an empty text.

    Raises:
        BadInput: no polygon, or not on Earth.
        CrossesItself: with the place of the fault.
    """
    if not text.strip():
        return None
    if len(text) > JSON_MAX:
        raise BadInput("the outline has too many corners; draw it simpler")
    try:
        given = json.loads(text)
        if isinstance(given, dict) and given.get("type") == "FeatureCollection":
            given = given["features"][0]
        if isinstance(given, dict) and given.get("type") == "Feature":
            given = given["geometry"]
        found = shape(given)
        points = shapely.get_coordinates(found)
    except Exception as error:  # whatever is said of what is no geometry
        raise BadInput("this is no GeoJSON outline; draw it on the map, or paste one Polygon") from error
    if found.geom_type not in ("Polygon", "MultiPolygon") or found.is_empty:
        raise BadInput(f"a field is a Polygon, not a {found.geom_type}; draw its outline")
    if not (abs(points[:, 0]).max() <= 180 and abs(points[:, 1]).max() <= 90):
        raise BadInput("a corner is not on Earth; write longitude first, then latitude")
    if not found.is_valid:
        why = explain_validity(found)
        place = _PLACE.search(why)
        if place:
            raise CrossesItself(float(place[1]), float(place[2]))
        raise BadInput(f"the outline cannot be a field: {why}")
    return found


def area_ha_of(geometry: Any) -> float:
    """True area on the ellipsoid, in ha."""
    points = shapely.get_coordinates(geometry)
    plane = plane_about(points[:, 0], points[:, 1])

    def to_m(given: Any) -> Any:
        return shapely.transform(given, lambda xy: _stack(plane.to_m(xy[:, 0], xy[:, 1])))

    return float(to_m(geometry).area) / M2_PER_HA


def _stack(pair: Any) -> Any:
    import numpy as np

    return np.column_stack(pair)


def differs(stated_ha: float, computed_ha: float) -> bool:
    """Whether stated and computed area are too far apart to be the same field."""
    return abs(stated_ha - computed_ha) > DIFFERS_SHARE * max(stated_ha, computed_ha)


def overlaps_of(geometry: Any, org: Org, *, but: int | None = None) -> list[Overlap]:
    """Fields of the same organisation that the outline lies upon, the most first."""
    near = Field.objects.filter(in_box(*geometry.bounds), org=org, out_since=None).exclude(pk=but)
    found = []
    for field in near:
        other = field.geometry
        if other is None or not other.is_valid:
            continue
        common = geometry.intersection(other)
        shared_ha = area_ha_of(common) if common.area > 0 else 0.0
        if shared_ha > OVERLAP_HA:
            found.append(Overlap(field, shared_ha))
    return sorted(found, key=lambda one: -one.area_ha)
