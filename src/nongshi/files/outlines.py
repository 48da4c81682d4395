"""fields.geojson: outlines that close, do not cross themselves and lie on this Earth, and gates into them.

Coordinates are gathered flat and judged by shapely as one array: 3,000 fields take 0.1 s, one by one ten times that.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nongshi.core.region import Field, Polygon, Ring
from nongshi.core.said import say
from nongshi.files.faults import Faults
from nongshi.files.rows import NUMBER_MAX
from nongshi.files.tables import read_text

FILE = "fields.geojson"
GATE_DECIMALS = 7  # 1 cm; the same as written, so that a default gate survives writing and reading
RING_POINTS_MIN = 4  # RFC 7946, 3.1.6: a closed ring of three corners
_OWN = ("id", "name", "place", "grower_id", "area", "gate_lon", "gate_lat")
_SWAPPED = "longitude comes first and latitude second; they look swapped"
_RANGE = "write WGS 84 degrees, longitude first, such as [121.07, 30.79]"


def read_fields(folder: Path, faults: Faults) -> tuple[tuple[Field, ...], set[str] | None]:
    """All sound fields in the file's order, and all ids that stand there (None: the file is unusable)."""
    features = _read_features(folder / FILE, faults)
    if features is None:
        return (), None
    rows: dict[str, int] = {}
    drafts = []
    for number, feature in enumerate(features, start=1):
        outline = _Feature(feature, number, faults)
        field_id = outline.id()
        before = rows.setdefault(field_id, number) if field_id else number
        if before != number:
            outline.fault(
                "id", say("stands in feature %(before)s already", before=before), "give each field its own id", field_id
            )
        drafts.append((outline, field_id, outline.polygons()))
    _check_shapes([(outline, polygons) for outline, _, polygons in drafts if not outline.bad])
    fields = (outline.field(id_, polygons) for outline, id_, polygons in drafts)
    return tuple(field for field in fields if field is not None), set(rows)


def _read_features(path: Path, faults: Faults) -> list[Any] | None:
    text = read_text(path, faults)
    if text is None:
        return None
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        faults.add(FILE, say("is no JSON: %(error)s", error=error), "save it again as GeoJSON from the map program")
        return None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        faults.add(FILE, "is no GeoJSON FeatureCollection", "save all fields as one FeatureCollection")
        return None
    return features


class _Feature:
    """One feature on its way to a field."""

    def __init__(self, feature: Any, number: int, faults: Faults) -> None:
        self._number, self._faults = number, faults
        self.bad = False
        self._feature: Mapping[str, Any] = feature if isinstance(feature, dict) else {}
        properties = self._feature.get("properties")
        self._properties: Mapping[str, Any] = properties if isinstance(properties, dict) else {}
        self.gate: tuple[float, float] | None = None

    def fault(self, column: str | None, problem: str, mend: str, value: object = None) -> None:
        self.bad = True
        self._faults.add(FILE, problem, mend, row=self._number, column=column, value=value)

    def id(self) -> str:
        """The property `id`, or the feature's own as some map programs keep it; a whole number will do."""
        value = self._properties.get("id", self._feature.get("id"))
        if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
            self.fault("id", "the field has no id", "give it a property id, such as F0001", value)
            return ""
        return str(value).strip()

    def field(self, field_id: str, polygons: tuple[Polygon, ...]) -> Field | None:
        """The noun, or None where anything was wrong."""
        name, place, grower_id = (self._text(key) for key in ("name", "place", "grower_id"))
        area_ha = self._number_or_none("area")
        if area_ha is not None and area_ha <= 0:
            self.fault("area", "must be above 0", "correct the area in ha, or leave it out", area_ha)
        gate = self._given_gate() or self.gate
        if self.bad or gate is None:
            return None
        return Field(
            id=field_id,
            name=name,
            place=place,
            grower_id=grower_id,
            area_ha=area_ha,
            gate_lon=gate[0],
            gate_lat=gate[1],
            polygons=polygons,
            extra={key: value for key, value in self._properties.items() if key not in _OWN},
        )

    def _text(self, name: str) -> str:
        value = self._properties.get(name)
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int):
            self.fault(name, "is not a text", say("write %(name)s in double quotes", name=name), value)
        return str(value).strip()

    def _number_or_none(self, name: str) -> float | None:
        value = self._properties.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= NUMBER_MAX:
            self.fault(
                name, "is not a finite number", "write digits without quotes, such as 1.5, or leave it out", value
            )
            return None
        return float(value)

    def _given_gate(self) -> tuple[float, float] | None:
        lon, lat = self._number_or_none("gate_lon"), self._number_or_none("gate_lat")
        if lon is None and lat is None:
            return None
        if lon is None or lat is None:
            name = "gate_lon" if lon is None else "gate_lat"
            if self._properties.get(name) is None:
                self.fault(name, "only one of gate_lon and gate_lat is given", "give both, or none")
            return None
        if not _on_earth(lon, lat):
            mend = _SWAPPED if _on_earth(lat, lon) else _RANGE
            self.fault("gate_lat" if abs(lat) > 90 else "gate_lon", "the gate is not on Earth", mend, f"{lon},{lat}")
        return lon, lat

    def polygons(self) -> tuple[Polygon, ...]:
        """The outline as rings of points; empty where a fault was noted."""
        geometry = self._feature.get("geometry")
        geometry = geometry if isinstance(geometry, dict) else {}
        kind = geometry.get("type")
        if kind not in ("Polygon", "MultiPolygon"):
            self.fault(
                "geometry", "is no Polygon or MultiPolygon", "draw the field as an area, not a point or line", kind
            )
            return ()
        given = geometry.get("coordinates")
        try:
            nested: Any = [given] if kind == "Polygon" else given
            polygons = tuple(tuple(self._ring(ring) for ring in rings) for rings in nested)
        except (TypeError, ValueError, IndexError, KeyError, OverflowError):
            mend = "coordinates must be rings of [longitude, latitude] numbers; save it again from the map program"
            self.fault("geometry", "has coordinates that are no points", mend, str(given))
            return ()
        if not polygons or not all(polygons):
            self.fault("geometry", "the outline is empty", "draw the field's outline, or delete the feature")
        return polygons

    def _ring(self, given: Any) -> Ring:
        """One closed ring; heights are dropped."""
        ring = tuple((float(point[0]), float(point[1])) for point in given)
        if any(isinstance(value, str | bool) for point in given for value in point):
            raise ValueError("texts and flags are no coordinates")
        off_earth = next((point for point in ring if not _on_earth(*point)), None)
        if off_earth is not None:
            lon, lat = off_earth
            mend = _SWAPPED if _on_earth(lat, lon) else _RANGE
            self.fault("geometry", "a point is not on Earth", mend, f"[{lon}, {lat}]")
        elif ring and ring[0] != ring[-1]:
            self.fault("geometry", "the outline is open", "end the ring with its first point", str(list(ring[-1])))
        elif len(ring) < RING_POINTS_MIN:
            self.fault(
                "geometry",
                "the outline is empty",
                say("a ring needs %(ring_points_min)s points, first = last", ring_points_min=RING_POINTS_MIN),
                str(given),
            )
        return ring


def _on_earth(lon: float, lat: float) -> bool:
    return -180 <= lon <= 180 and -90 <= lat <= 90


def _check_shapes(drafts: list[tuple[_Feature, tuple[Polygon, ...]]]) -> None:
    """Refuse outlines that cross themselves; note for the others where a machine could enter."""
    if not drafts:
        return
    import numpy as np  # numpy and shapely take 0.1 s to load; who has no fields need not wait
    import shapely

    rings = [ring for _, polygons in drafts for polygon in polygons for ring in polygon]
    polygons_all = [polygon for _, polygons in drafts for polygon in polygons]
    offsets = tuple(
        np.cumsum([0, *map(len, parts)]) for parts in (rings, polygons_all, [polygons for _, polygons in drafts])
    )
    points = np.array([point for ring in rings for point in ring], dtype=float)
    shapes = shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, points, offsets)
    valid = shapely.is_valid(shapes)
    inside = iter(shapely.get_coordinates(shapely.point_on_surface(shapes[valid])).round(GATE_DECIMALS).tolist())
    for i, (feature, _) in enumerate(drafts):
        if valid[i]:
            lon, lat = next(inside)
            feature.gate = (lon, lat)
        else:
            mend = "redraw the outline so that no side crosses or touches another"
            feature.fault("geometry", "the outline crosses itself", mend, shapely.is_valid_reason(shapes[i]))
