import json
from pathlib import Path

import pytest
from tests.cli.conftest import Say

from nongshi.cli import quote as command
from nongshi.dispatch.quote import OFFERS_MAX

JOB = {
    "id": "N1",
    "field_id": "F1",
    "operation": "rice_harvest",
    "area_ha": 1.0,
    "open": "2026-11-01T08:00",
    "due": "2026-11-01T18:00",
    "close": "2026-11-01T18:00",
    "value_yuan": 500,
    "loss_curve": "none",
}


@pytest.fixture
def job(tmp_path: Path) -> Path:
    return written(tmp_path, JOB)


def written(folder: Path, job: dict[str, object]) -> Path:
    path = folder / "job.json"
    path.write_text(json.dumps(job))
    return path


def test_the_best_offer_stands_first(say: Say, folder: Path, sound: Path, job: Path) -> None:
    """The plan serves J1 from 8 to 9 at the gate; N1 brings 500 - 10 yuan before or behind it."""
    said = say("quote", folder, sound, job)
    assert said.code == 0
    assert "490.00" in said.out
    assert "P1" in said.out


def test_json_has_every_figure_of_an_offer(say: Say, folder: Path, sound: Path, job: Path) -> None:
    said = say("quote", folder, sound, job, "--offers", 1, "--json")
    assert said.answer["pays"] is True
    (offer,) = said.answer["offers"]
    assert (offer["machine_id"], offer["operator_id"], offer["yuan"], offer["km"]) == ("M1", "P1", 490.0, 0.0)
    assert len(offer["pieces"]) == 1


def test_what_does_not_fit_tells_why_and_what_would_make_room(say: Say, folder: Path, sound: Path, job: Path) -> None:
    """9.5 h fit into the day of 10 h only without J1."""
    written(job.parent, JOB | {"area_ha": 9.5, "value_yuan": 5000})
    said = say("quote", folder, sound, job, "--json")
    assert said.code == 3
    assert said.answer["offers"] == []
    assert said.answer["displacement"]["job_ids"] == ["J1"]
    assert said.answer["displacement"]["net_yuan"] == 5000 - 95 - 990
    assert said.answer["why_none"]["zh"]
    assert "J1" in say("quote", folder, sound, job, "--lang", "zh").out


def test_a_faulty_job_is_exit_code_5(say: Say, folder: Path, sound: Path, job: Path) -> None:
    written(job.parent, JOB | {"area_ha": "much"})
    said = say("quote", folder, sound, job, "--json")
    assert said.code == 5
    assert said.answer["faults"][0]["column"] == "area_ha"


def test_the_number_of_offers_is_the_planner_s() -> None:
    assert command.OFFERS == OFFERS_MAX
