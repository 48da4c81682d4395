"""`nongshi track live`, `trips`, `import`, `export`: what they answer, and what they refuse."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from nongshi.cli.main import app
from nongshi.cli.track_files import TrackForm
from nongshi.files.track_exchange import KINDS
from nongshi.files.track_files import read_tracks, write_tracks
from nongshi.geo.track import make_track

BOX = {
    "type": "Polygon",
    "coordinates": [[[121.2, 30.79], [121.21, 30.79], [121.21, 30.81], [121.2, 30.81], [121.2, 30.79]]],
}


@pytest.fixture
def day(tmp_path: Path) -> Path:
    """West to east through the fence at 12 km/h for 10 minutes, then ten minutes of standing in it."""
    k = np.arange(0, 1200, 10.0)
    lon = 121.195 + np.minimum(k, 300) / 3600 * 12 / 95.6
    track = make_track("T1", 1_793_835_000.0 + k, lon, np.full(len(k), 30.8), speed_km_h=np.where(k < 300, 12.0, 0.0))
    write_tracks(tmp_path / "t.csv", [track])
    properties = {"id": "yard", "name": "场院", "kind": "no_go", "dwell_min": 5}
    fences = {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": BOX, "properties": properties}]}
    (tmp_path / "f.geojson").write_text(json.dumps(fences))
    return tmp_path


def test_what_happened_and_who_is_there(day: Path) -> None:
    words = ["track", "live", str(day / "t.csv"), "--fences", str(day / "f.geojson"), "--json"]
    answer = json.loads(CliRunner().invoke(app, words).stdout)
    assert [(one["kind"], one["alarm"]) for one in answer["happenings"] if one["fence_id"]] == [
        ("entered", True),
        ("dwelled", True),
    ]
    assert answer["musters"] == [
        {"fence_id": "yard", "fresh": ["T1"], "stale": [], "entered": 1, "left": 0, "balanced": True}
    ]
    before = json.loads(CliRunner().invoke(app, [*words, "--at", "2026-11-05T07:31:00+08:00"]).stdout)
    assert before["musters"][0]["fresh"] == []
    assert CliRunner().invoke(app, [*words, "--at", "noon"]).exit_code == 2


@pytest.mark.parametrize(("lang", "word"), [("zh", "进入"), ("en", "entered")])
def test_it_is_told_in_both_languages(day: Path, lang: str, word: str) -> None:
    words = ["track", "live", str(day / "t.csv"), "--fences", str(day / "f.geojson"), "--lang", lang]
    assert word in CliRunner().invoke(app, words).stdout


def test_a_day_is_told_in_trips_and_halts(day: Path) -> None:
    answer = json.loads(CliRunner().invoke(app, ["track", "trips", str(day / "t.csv"), "--json"]).stdout)
    (one,) = answer["days"]
    assert (len(one["trips"]), len(one["halts"])) == (1, 1)
    assert one["trips"][0]["km"] == pytest.approx(1.0, abs=0.01)
    assert one["work_h"] is None


def test_out_as_gpx_and_in_again_is_the_same_track(day: Path) -> None:
    gpx, back = day / "t.gpx", day / "back.csv"
    assert (
        CliRunner().invoke(app, ["track", "export", str(day / "t.csv"), "--to", "gpx", "--out", str(gpx)]).exit_code
        == 0
    )
    assert CliRunner().invoke(app, ["track", "import", str(gpx), "--out", str(back)]).exit_code == 0
    np.testing.assert_array_equal(read_tracks(back)[0].lon, read_tracks(day / "t.csv")[0].lon)
    assert CliRunner().invoke(app, ["track", "import", str(day / "none.gpx"), "--out", str(back)]).exit_code == 2


def test_the_options_name_the_forms_that_are_written() -> None:
    assert tuple(form.value for form in TrackForm) == KINDS
