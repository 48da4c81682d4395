"""Fence files: the rules of each area, and what is wrong with it by its number."""

import json
from pathlib import Path
from typing import Any

import pytest

from nongshi.core.errors import BadFiles, NotFound
from nongshi.files.fence_files import read_fences
from nongshi.tracks.live import FenceKind

SQUARE = {"type": "Polygon", "coordinates": [[[121, 30], [121.1, 30], [121.1, 30.1], [121, 30.1], [121, 30]]]}


def written(folder: Path, *features: dict[str, Any]) -> Path:
    path = folder / "fences.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return path


def feature(geometry: Any = SQUARE, **said: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": {"id": "F1", **said}}


def test_all_rules_of_a_fence_are_read(tmp_path: Path) -> None:
    said = {
        "name": "禁烧区",
        "kind": "straw_burning",
        "days": [1, 7],
        "hours": "22:00-06:00",
        "allowed": ["13900000001"],
        "dwell_min": 5,
        "speed_max_km_h": 20,
        "occupancy_max": 3,
    }
    (fence,) = read_fences(written(tmp_path, feature(**said)))
    assert (fence.id, fence.name, fence.kind) == ("F1", "禁烧区", FenceKind.STRAW_BURNING)
    assert (fence.dwell_s, fence.speed_km_h_max, fence.occupancy_max) == (300, 20, 3)
    assert fence.allowed == {"13900000001"}
    assert (fence.schedule.days, fence.schedule.begin_min, fence.schedule.end_min) == ({0, 6}, 1320, 360)


@pytest.mark.parametrize(
    ("bad", "column"),
    [
        ({"id": ""}, "id"),
        ({"kind": "swamp"}, "kind"),
        ({"days": [0]}, "days"),
        ({"days": "Monday"}, "days"),
        ({"hours": "25:00-26:00"}, "hours"),
        ({"hours": "night"}, "hours"),
        ({"offset": "China"}, "offset"),
        ({"allowed": "T1"}, "allowed"),
        ({"dwell_min": -1}, "dwell_min"),
        ({"speed_max_km_h": "fast"}, "speed_max_km_h"),
        ({"occupancy_max": True}, "occupancy_max"),
        ({"geometry": {"type": "Point", "coordinates": [121, 30]}}, "geometry"),
        ({"geometry": None}, "geometry"),
    ],
)
def test_each_fault_names_the_feature_and_the_property(tmp_path: Path, bad: dict[str, Any], column: str) -> None:
    geometry = bad.pop("geometry", SQUARE)
    with pytest.raises(BadFiles) as told:
        read_fences(written(tmp_path, feature(id="F0"), feature(geometry, **bad)))
    assert (told.value.faults[0].row, told.value.faults[0].column) == (2, column)


def test_an_id_stands_once_and_a_file_without_fences_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadFiles, match="twice"):
        read_fences(written(tmp_path, feature(), feature()))
    with pytest.raises(BadFiles, match="no fence"):
        read_fences(written(tmp_path))
    (tmp_path / "fences.geojson").write_text("no json")
    with pytest.raises(BadFiles, match="FeatureCollection"):
        read_fences(tmp_path / "fences.geojson")
    with pytest.raises(NotFound):
        read_fences(tmp_path / "none.geojson")
