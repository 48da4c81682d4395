"""`nongshi track measure` from file to answer."""

import inspect
import json
from pathlib import Path

import numpy as np
import pytest
from shapely import to_geojson, transform
from typer.testing import CliRunner

from nongshi.cli.main import app
from nongshi.cli.track_measure import CLOSING_SHARE
from nongshi.files.track_files import write_tracks
from nongshi.geo.track import Track, make_track
from nongshi.synthetic.field_work import FieldWork, make_field_work
from nongshi.synthetic.gnss import ERRORS, PLACE, observe
from nongshi.tracks import area

KEYS = {
    "worked_ha", "low_ha", "high_ha", "overlap_ha", "skip_ha", "travelled_ha", "fixes", "auto_settle", "why", "why_zh"
}  # fmt: skip


@pytest.fixture(scope="module")
def work() -> FieldWork:
    rng = np.random.default_rng(8)
    return make_field_work("rectangle", "back-and-forth", 2.5, rng, length_m=120.0, breadth_m=40.0)


@pytest.fixture
def folder(work: FieldWork, tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    track = observe(work.t_s, work.x_m, work.y_m, 2.0, ERRORS["rtk"], rng, working=work.working)
    write_tracks(tmp_path / "track.csv", [track])
    outline = transform(work.field, lambda points: np.column_stack(PLACE.to_degrees(points[:, 0], points[:, 1])))
    feature = {"type": "Feature", "properties": {"id": "F1"}, "geometry": json.loads(to_geojson(outline))}
    (tmp_path / "fields.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return tmp_path


def run(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["track", "measure", *map(str, words)])
    return done.exit_code, done.stdout


def test_the_answer_has_the_keys_of_the_format_and_the_truth_in_its_interval(folder: Path, work: FieldWork) -> None:
    code, out = run(folder / "track.csv", "--width-m", 2.5, "--field", folder / "fields.geojson", "--json")
    answer = json.loads(out)
    assert code == 0
    assert set(answer) >= KEYS
    assert answer["worked_ha"] == pytest.approx(work.worked_ha, rel=0.015)
    assert answer["low_ha"] <= work.worked_ha <= answer["high_ha"]
    assert answer["auto_settle"] is True
    assert answer["why"] == ""


@pytest.mark.parametrize(("lang", "unit"), [("en", "Worked, ha"), ("zh", "作业面积（亩）")])
def test_the_table_speaks_both_languages_and_names_the_settlement_parameter(folder: Path, lang: str, unit: str) -> None:
    code, out = run(folder / "track.csv", "--width-m", 2.5, "--lang", lang)
    assert code == 0
    assert unit in out
    assert "50%" in out


def test_a_picture_comes_on_demand(folder: Path) -> None:
    code, _ = run(folder / "track.csv", "--width-m", 2.5, "--picture", folder / "work.svg")
    assert code == 0
    assert (folder / "work.svg").read_text(encoding="utf-8").startswith("<svg")


def test_two_devices_are_summed_and_left_to_a_person(folder: Path, work: FieldWork) -> None:
    rng = np.random.default_rng(2)
    tracks = [
        observe(work.t_s, work.x_m, work.y_m, 2.0, ERRORS["rtk"], rng, working=work.working, device_id=name)
        for name in ("A", "B")
    ]
    write_tracks(folder / "two.csv", tracks)
    answer = json.loads(run(folder / "two.csv", "--width-m", 2.5, "--json")[1])
    assert [row["device_id"] for row in answer["devices"]] == ["A", "B"]
    assert answer["worked_ha"] == pytest.approx(sum(row["worked_ha"] for row in answer["devices"]))
    assert answer["auto_settle"] is False
    assert json.loads(run(folder / "two.csv", "--width-m", 2.5, "--device", "B", "--json")[1])["device_id"] == "B"
    assert run(folder / "two.csv", "--width-m", 2.5, "--device", "C")[0] == 2


def test_states_of_segments_stand_in_for_a_switch(folder: Path, work: FieldWork) -> None:
    rng = np.random.default_rng(3)
    track = observe(work.t_s, work.x_m, work.y_m, 2.0, ERRORS["rtk"], rng, working=work.working)
    states = np.where(track.working == 1, "work", "road").tolist()
    plain: Track = make_track(track.device_id, track.time_s, track.lon, track.lat)
    write_tracks(folder / "states.csv", [plain], states=[states])
    answer = json.loads(run(folder / "states.csv", "--width-m", 2.5, "--json")[1])
    assert answer["working_known"] is True
    assert answer["worked_ha"] == pytest.approx(work.swath_ha, rel=0.015)


@pytest.mark.parametrize(
    ("words", "code"), [(["--width-m", "0"], 5), (["--width-m", "2.5", "--closing-share", "2"], 5)]
)
def test_numbers_that_cannot_be_are_bad_data(folder: Path, words: list[str], code: int) -> None:
    assert run(folder / "track.csv", *words)[0] == code


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    assert run(tmp_path / "none.csv", "--width-m", 2.5)[0] == 2


def test_the_default_share_is_the_same_in_command_and_room() -> None:
    assert area.CLOSING_SHARE == CLOSING_SHARE
    assert inspect.signature(area.survey).parameters["closing_share"].default == CLOSING_SHARE
