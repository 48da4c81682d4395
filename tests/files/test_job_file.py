"""One job from a JSON file: as a row of jobs.csv, with every fault named by its key."""

import json
from pathlib import Path

import pytest
from tests.cli import drawn

from nongshi.core.errors import BadFiles, NotFound
from nongshi.files.job_file import read_job

GOOD = {
    "id": "N1",
    "field_id": "F1",
    "operation": "rice_harvest",
    "area_ha": 1.5,
    "open": "2026-11-01T08:00",
    "due": "2026-11-01T12:00",
    "close": "2026-11-01T18:00",
    "value_yuan": 1234.5,
    "loss_curve": "none",
    "after_job_id": None,
}
SQUARE = {"type": "Polygon", "coordinates": [[[121, 30], [121.01, 30], [121.01, 30.01], [121, 30.01], [121, 30]]]}


def written(folder: Path, document: object) -> Path:
    path = folder / "job.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path


def test_a_job_on_a_known_field_is_read(tmp_path: Path) -> None:
    job, field = read_job(written(tmp_path, GOOD), drawn.region())
    assert field is None
    assert (job.id, job.field_id, job.area_ha, job.value_fen) == ("N1", "F1", 1.5, 123_450)
    assert job.open == drawn.at(8)


def test_a_gate_makes_a_new_field(tmp_path: Path) -> None:
    given = {key: value for key, value in GOOD.items() if key != "field_id"}
    given |= {"field": {"id": "F9", "lon": 121.5, "lat": 30.5, "grower_id": "G7"}}
    job, field = read_job(written(tmp_path, given), drawn.region())
    assert field is not None
    assert (job.field_id, field.gate_lon, field.gate_lat, field.grower_id) == ("F9", 121.5, 30.5, "G7")


def test_an_outline_without_gate_is_entered_inside(tmp_path: Path) -> None:
    given = GOOD | {"field_id": "F9", "field": {"id": "F9", "geometry": SQUARE}}
    _, field = read_job(written(tmp_path, given), drawn.region())
    assert field is not None
    assert 121 < field.gate_lon < 121.01
    assert 30 < field.gate_lat < 30.01
    assert len(field.polygons[0][0]) == 5


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"area_ha": -1}, "area_ha"),
        ({"field_id": "F9"}, "field_id"),
        ({"loss_curve": "?"}, "loss_curve"),
        ({"close": "2026-11-01T09:00"}, "close"),
        ({"due": "tomorrow"}, "due"),
        ({"after_job_id": "J9"}, "after_job_id"),
        ({"field": {"id": "F1", "lon": 121, "lat": 30}}, "field"),
        ({"field": {"id": "F9", "lon": 121, "lat": 30}}, "field_id"),
        ({"field_id": "F9", "field": {"id": "F9", "lon": 121}}, "lat"),
        ({"field_id": "F9", "field": {"id": "F9", "geometry": {"type": "Point"}}}, "field.geometry"),
    ],
)
def test_a_fault_is_named_by_its_key(change: dict[str, object], column: str, tmp_path: Path) -> None:
    with pytest.raises(BadFiles) as caught:
        read_job(written(tmp_path, GOOD | change), drawn.region())
    assert column in {fault.column for fault in caught.value.faults}
    assert all(fault.mend for fault in caught.value.faults)


@pytest.mark.parametrize("text", ["{", "[]", '"J1"'])
def test_what_is_no_job_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(BadFiles):
        read_job(written(tmp_path, text), drawn.region())


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"nowhere\.json"):
        read_job(tmp_path / "nowhere.json", drawn.region())
