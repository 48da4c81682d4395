"""fields.geojson: every outline that no machine could work on is told by its feature's number."""

from pathlib import Path
from typing import Any

import pytest
from tests.files import drawn
from tests.files.drawn import SQUARE, feature, fields

CROSSED = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]
FLAT = [SQUARE[0], SQUARE[1], SQUARE[0], SQUARE[0]]

RINGS = [
    (CROSSED, "geometry", "crosses itself", "redraw"),
    (FLAT, "geometry", "crosses itself", "redraw"),
    ([], "geometry", "empty", "ring needs"),
    ([SQUARE[0], SQUARE[1], SQUARE[0]], "geometry", "empty", "ring needs"),
    (SQUARE[:-1], "geometry", "open", "first point"),
    ([[lat, lon] for lon, lat in SQUARE], "geometry", "not on Earth", "swapped"),
    ([[lon + 300, lat] for lon, lat in SQUARE], "geometry", "not on Earth", "WGS 84"),
    ([[float("nan"), 30.7], *SQUARE[1:]], "geometry", "not on Earth", "WGS 84"),
    ([["121.0", "30.7"], *SQUARE[1:]], "geometry", "no points", "numbers"),
    ([[121.0], *SQUARE[1:]], "geometry", "no points", "numbers"),
    ([[10**400, 30.7], *SQUARE[1:]], "geometry", "no points", "numbers"),
    (7, "geometry", "no points", "numbers"),
]


@pytest.mark.parametrize(("ring", "column", "problem", "mend"), RINGS)
def test_an_impossible_outline_is_told_by_its_feature(
    tmp_path: Path, ring: Any, column: str, problem: str, mend: str
) -> None:
    text = fields(feature(), feature("F2", ring))
    (fault,) = drawn.faults_of(drawn.folder(tmp_path, fields=text))

    assert (fault.file, fault.row, fault.column) == ("fields.geojson", 2, column)
    assert problem in fault.problem
    assert mend in fault.mend
    assert fault.value or ring == []


PROPERTIES = [
    ({"id": None}, "id", None, "property id"),
    ({"id": " "}, "id", " ", "property id"),
    ({"id": "F1"}, "id", "F1", "own id"),
    ({"area": "4.2"}, "area", "4.2", "without quotes"),
    ({"area": 0}, "area", "0.0", "leave it out"),
    ({"area": float("inf")}, "area", "inf", "leave it out"),
    ({"gate_lon": 121.0}, "gate_lat", None, "both"),
    ({"gate_lon": 30.7, "gate_lat": 121.0}, "gate_lat", "30.7,121.0", "swapped"),
    ({"gate_lon": "121", "gate_lat": 30.7}, "gate_lon", "121", "without quotes"),
    ({"name": ["a"]}, "name", "['a']", "quotes"),
]


@pytest.mark.parametrize(("properties", "column", "value", "mend"), PROPERTIES)
def test_a_faulty_property_is_told_by_its_feature(
    tmp_path: Path, properties: dict[str, Any], column: str, value: str | None, mend: str
) -> None:
    second = feature("F2")
    second["properties"] |= properties
    (fault,) = drawn.faults_of(drawn.folder(tmp_path, fields=fields(feature(), second)))

    assert drawn.places([fault]) == [("fields.geojson", 2, column, value)]
    assert mend in fault.mend


@pytest.mark.parametrize("kind", ["Point", "LineString", "GeometryCollection", None])
def test_what_is_no_area_is_refused(tmp_path: Path, kind: str | None) -> None:
    point = feature("F2")
    point["geometry"] = None if kind is None else {"type": kind, "coordinates": [121.0, 30.7]}
    (fault,) = drawn.faults_of(drawn.folder(tmp_path, fields=fields(feature(), point)))

    assert drawn.places([fault]) == [("fields.geojson", 2, "geometry", kind)]


def test_an_empty_outline_is_told(tmp_path: Path) -> None:
    empty = feature("F2")
    empty["geometry"] = {"type": "MultiPolygon", "coordinates": []}
    (fault,) = drawn.faults_of(drawn.folder(tmp_path, fields=fields(feature(), empty)))
    assert (fault.row, fault.problem) == (2, "the outline is empty")


@pytest.mark.parametrize("text", ["{", "[]", '{"type": "Feature"}', '{"type": "FeatureCollection"}', "", "[" * 100_000])
def test_what_is_no_collection_of_fields_is_one_fault(tmp_path: Path, text: str) -> None:
    (fault,) = drawn.faults_of(drawn.folder(tmp_path, fields=text))
    assert (fault.file, fault.row) == ("fields.geojson", None)
    assert "save" in fault.mend


def test_a_feature_that_is_nothing_is_told_and_does_not_stop_the_reading(tmp_path: Path) -> None:
    text = fields(feature()).replace('"features": [', '"features": [7, ')
    assert {fault.column for fault in drawn.faults_of(drawn.folder(tmp_path, fields=text))} == {"id", "geometry"}
