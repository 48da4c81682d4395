from pathlib import Path

import pytest
from tests.cli.conftest import Say


def test_a_sound_plan_passes(say: Say, folder: Path, sound: Path) -> None:
    said = say("check", folder, sound)
    assert said.code == 0
    assert "990 yuan" in said.out


def test_a_breach_is_exit_code_1_and_named(say: Say, folder: Path, broken: Path) -> None:
    said = say("check", folder, broken)
    assert said.code == 1
    assert "J2" in said.out


def test_json_names_every_breach(say: Say, folder: Path, broken: Path) -> None:
    said = say("check", folder, broken, "--json")
    assert said.code == 1
    assert said.answer["ok"] is False
    assert all(set(breach) == {"rule", "where", "text"} for breach in said.answer["breaches"])
    assert any("J2" in breach["where"] + breach["text"] for breach in said.answer["breaches"])


def test_json_of_a_sound_plan_prices_it_anew(say: Say, folder: Path, sound: Path) -> None:
    answer = say("check", folder, sound, "--json").answer
    assert (answer["ok"], answer["objective_yuan"], answer["breaches"]) == (True, 990.0, [])


def test_a_plan_that_is_no_plan_is_exit_code_5(say: Say, folder: Path, sound: Path) -> None:
    sound.write_text('{"format": "something else"}')
    said = say("check", folder, sound, "--json")
    assert said.code == 5
    assert said.answer["faults"]


@pytest.mark.parametrize("missing", ["region", "plan"])
def test_what_is_not_there_is_exit_code_2(missing: str, say: Say, folder: Path, sound: Path) -> None:
    words = {"region": folder, "plan": sound} | {missing: folder.parent / "nowhere"}
    said = say("check", words["region"], words["plan"], "--json")
    assert said.code == 2
    assert said.answer["error"] == "not_found"
