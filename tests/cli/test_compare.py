"""`nongshi compare`: one plan serves J1, the other J1 and J2; a job is worth 990 yuan when done."""

import json
from pathlib import Path

import pytest
from tests.cli import drawn
from tests.cli.conftest import Say

from nongshi import api


@pytest.fixture
def both(folder: Path) -> Path:
    """A plan that serves both jobs, beside `sound`, which serves one."""
    path = folder.parent / "both.json"
    api.with_methods(drawn.plan(drawn.region(), served=2)).save(path)
    return path


def test_a_plan_against_itself_has_no_change(say: Say, folder: Path, sound: Path) -> None:
    answer = say("compare", sound, sound, "--region", folder, "--json").answer
    assert set(answer["plans"]["change"].values()) == {0.0}
    assert answer["moved"] == []
    for group in (*answer["towns"].values(), *answer["owners"].values()):
        assert set(group["change"].values()) == {0.0}


def test_a_job_more_is_its_worth_more_in_all_its_town_and_its_owner(
    say: Say, folder: Path, sound: Path, both: Path
) -> None:
    answer = say("compare", sound, both, "--region", folder, "--json").answer
    change = answer["plans"]["change"]
    assert {name: change[name] for name in ("objective_yuan", "cost_yuan", "area_ha", "jobs", "work_h")} == {
        "objective_yuan": 990.0,
        "cost_yuan": 10.0,
        "area_ha": 1.0,
        "jobs": 1.0,
        "work_h": 1.0,
    }
    for groups in (answer["towns"], answer["owners"]):
        assert sum(group["change"]["objective_yuan"] for group in groups.values()) == pytest.approx(990.0)
    assert set(answer["owners"]) == {"C1"}
    (moved,) = answer["moved"]
    assert (moved["job_id"], moved["machine_a"], moved["machine_b"]) == ("J2", None, "M1")


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", ("Two plans", "By town, yuan", "another machine or day: 1")), ("zh", ("两个方案", "按镇（元）", "1 项"))],
)
def test_tables_are_shown_in_the_language_asked_for(
    lang: str, words: tuple[str, ...], say: Say, folder: Path, sound: Path, both: Path
) -> None:
    said = say("compare", sound, both, "--region", folder, "--lang", lang)
    assert (said.code, said.err) == (0, "")
    assert all(word in said.out for word in words), said.out
    assert "+990" in said.out
    assert "J2" in said.out


def test_area_is_in_mu_in_chinese_and_in_hectares_in_english(say: Say, sound: Path, both: Path) -> None:
    assert "30.0" in say("compare", sound, both, "--lang", "zh").out
    english = say("compare", sound, both, "--lang", "en").out
    assert "30.0" not in english
    assert "2.0" in english


def test_without_a_region_towns_and_owners_are_left_out(say: Say, sound: Path, both: Path) -> None:
    answer = say("compare", sound, both, "--json").answer
    assert (answer["towns"], answer["owners"]) == ({}, {})
    assert answer["plans"]["change"]["objective_yuan"] == 990.0


def test_plans_of_two_regions_are_not_compared(say: Say, sound: Path, both: Path) -> None:
    document = json.loads(both.read_text())
    both.write_text(json.dumps(document | {"region": "elsewhere"}))
    said = say("compare", sound, both, "--json")
    assert said.code == 5
    assert "elsewhere" in said.answer["message"]
    assert "compare plans of one region" in said.err


@pytest.mark.parametrize(("key", "id_"), [("job_id", "J9"), ("machine_id", "M9")])
def test_a_plan_of_another_region_is_named(key: str, id_: str, say: Say, folder: Path, sound: Path, both: Path) -> None:
    document = json.loads(both.read_text())
    route = document["routes"][0]
    (route if key == "machine_id" else route["stops"][0])[key] = id_
    both.write_text(json.dumps(document))
    said = say("compare", sound, both, "--region", folder)
    assert said.code not in (0, 1)
    assert "both.json" in said.err
    assert id_ in said.err


def test_a_plan_that_is_not_there_or_is_none_is_named(say: Say, sound: Path) -> None:
    nowhere = sound.with_name("nowhere.json")
    said = say("compare", sound, nowhere, "--json")
    assert (said.code, said.answer["error"]) == (2, "not_found")
    nowhere.write_text("{}")
    assert say("compare", sound, nowhere).code == 5
