"""`nongshi track segment` and `train` from outside: every row back, with its state."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.cli.conftest import Say
from tests.tracks.segment_world import road_and_strips

from nongshi.cli import track_segment


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two devices on one way, the second in no order, with a doubled row and a column of its own."""
    track, _ = road_and_strips()
    rows = [
        [name, datetime.fromtimestamp(time, UTC).isoformat(), f"{lon:.7f}", f"{lat:.7f}", note]
        for name, note in (("A", "x"), ("B", "y"))
        for time, lon, lat in zip(track.time_s, track.lon, track.lat, strict=True)
    ]
    half = len(rows) // 2
    rows[half:] = rows[half:][::-1]
    rows.append([*rows[0][:4], "double"])
    path = tmp_path / "day.csv"
    with path.open("w", newline="") as out:
        csv.writer(out).writerows([["device_id", "time", "lon", "lat", "note"], *rows])
    return path


def states(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as text:
        return list(csv.DictReader(text))


def test_every_row_comes_back_in_its_order_with_a_state(say: Say, file: Path) -> None:
    said = say("track", "segment", file, "--json")
    assert said.code == 0
    before, after = states(file), states(file.with_name("day-segmented.csv"))
    assert said.answer["out"] == str(file.with_name("day-segmented.csv"))
    assert [{k: v for k, v in row.items() if k not in ("state", "in_field")} for row in after] == before
    assert {row["state"] for row in after} == {"work", "road"}
    assert after[-1]["state"] == after[0]["state"] == "road"
    assert all((row["in_field"] == "1") == (row["state"] == "work") for row in after)
    half = len(after) // 2
    assert [row["state"] for row in after[:half]] == [row["state"] for row in after[half:-1]][::-1]
    assert [row["device_id"] for row in said.answer["devices"]] == ["A", "B"]


def test_without_a_model_density_decides(say: Say, file: Path, tmp_path: Path) -> None:
    said = say("track", "segment", file, "--model", "density", "--out", tmp_path / "o.csv", "--json")
    assert said.answer["model"] == "density"
    assert said.answer["devices"][0]["work_h"] > 0.3


def test_a_model_is_trained_on_what_was_segmented_and_used(say: Say, file: Path, tmp_path: Path) -> None:
    pytest.importorskip("lightgbm")
    say("track", "segment", file, "--out", tmp_path / "labelled.csv")
    made = say("track", "train", tmp_path / "labelled.csv", "--out", tmp_path / "m.txt", "--json")
    assert made.code == 0
    assert made.answer["files"] == 2
    used = say("track", "segment", file, "--model", tmp_path / "m.txt", "--out", tmp_path / "o.csv", "--json")
    assert used.code == 0
    assert used.answer["devices"][0]["work_h"] > 0.3


def test_simulated_days_make_the_same_model_twice(say: Say, tmp_path: Path) -> None:
    pytest.importorskip("lightgbm")
    for name in ("a.txt", "b.txt"):
        assert say("track", "train", "--simulated", "2", "--seed", "5", "--out", tmp_path / name).code == 0
    assert (tmp_path / "a.txt").read_text() == (tmp_path / "b.txt").read_text()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("segment", "nowhere.csv"), 2),
        (("segment", "{file}", "--model", "nowhere.txt"), 2),
        (("segment", "{file}", "--model", "{file}"), 5),
        (("segment", "{file}", "--field", "{file}"), 5),
        (("train",), 2),
        (("train", "nowhere", "--out", "{folder}/m.txt"), 2),
        (("train", "{file}", "--out", "{folder}/m.txt"), 5),
    ],
)
def test_what_cannot_be_done_ends_with_its_code(
    say: Say, file: Path, tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    said = say("track", *(word.format(file=file, folder=tmp_path) for word in words))
    assert said.code == code
    assert not (tmp_path / "m.txt").exists()


def test_an_outline_far_away_makes_everything_road(say: Say, file: Path, tmp_path: Path) -> None:
    """Known fields are elsewhere; a sure model may still disagree, density may not."""
    outline = tmp_path / "fields.geojson"
    ring = "[[[120,30],[120.01,30],[120.01,30.01],[120,30]]]"
    outline.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"F"},'
        f'"geometry":{{"type":"Polygon","coordinates":{ring}}}}}]}}'
    )
    said = say("track", "segment", file, "--model", "density", "--field", outline, "--json")
    assert said.answer["devices"][0]["work_h"] == 0


def test_the_seed_and_days_in_the_code_are_those_on_the_packaged_models_card() -> None:
    from nongshi.files.segment_model import packaged_model

    command = f"--simulated {track_segment.SIMULATED_DAYS} --seed {track_segment.SIMULATED_SEED}"
    assert any(command in line for line in packaged_model().card)
