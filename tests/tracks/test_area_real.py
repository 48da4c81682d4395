"""A real plough on a real field, from data that lies beside the project."""

import csv
import json
from datetime import datetime

import numpy as np
import pytest
from shapely import Polygon
from tests.conftest import SHARED

from nongshi.geo.track import make_track
from nongshi.tracks.area import survey

FOLDER = SHARED / "tracks" / "chongming"


@pytest.mark.shared_data("tracks/chongming")
def test_a_field_ploughed_all_over_is_measured_as_nearly_all_of_it_and_left_to_a_person() -> None:
    """The plough's own switch is its depth; half its way lies on the next field, and its passes are uneven."""
    with (FOLDER / "chongming_track_noids.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    outline = json.loads((FOLDER / "chongming_field.json").read_text(encoding="utf-8"))["features"][0]["geometry"]
    field = Polygon(outline["rings"][0])
    moments = [datetime.fromisoformat(f"{row['gps_time']}+08:00").timestamp() for row in rows]
    lon, lat, speed, depth = (
        np.array([float(row[name]) for row in rows]) for name in ("lng_wgs84", "lat_wgs84", "speed_kmh", "depth_cm")
    )
    working = (depth > 5).astype(np.int8)
    track = make_track("plough", np.array(moments), lon, lat, speed_km_h=speed, working=working)
    found = survey(track, width_m=2.3, field=field)
    assert found.field_ha is not None
    assert 0.95 * found.field_ha < found.measured.worked_ha <= found.field_ha
    assert not found.measured.auto_settle
    assert "outside the field" in found.measured.why
    assert found.measured.overlap_ha > 0.02
