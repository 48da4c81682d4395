"""`nongshi season train`: the answer as a table and as JSON, and what is told where something is missing."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nongshi.cli.main import app
from nongshi.core.training import Training
from nongshi.files.region_writer import write_region
from nongshi.files.season_shortage import read_operator_shortage, shortage_rows
from nongshi.files.training_files import write_training
from nongshi.people.eligible import MEND
from nongshi.synthetic import make_region
from nongshi.synthetic.towns import FIVE_TOWNS
from nongshi.synthetic.training import make_shortage, make_training

TOWNS = [{"town": town.name, "lon": town.lon, "lat": town.lat} for town in FIVE_TOWNS]


def made() -> Training:
    return make_training(trainees=50, courses=7, seed=4)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A region with training tables and a shortage."""
    place = tmp_path_factory.mktemp("belt")
    write_region(make_region(fields=20, machines=None, load=1.0, season="rice-harvest", seed=2), place)
    write_training(made(), place)
    head = {"region": "belt", "synthetic": True, "as_of": "2026-10-01", "first_day": "2026-11-01", "weeks": 52}
    rows = shortage_rows(make_shortage(seed=4))
    season = {"format": "nongshi-season/1", **head, "towns": TOWNS, "operator_shortage": rows}
    (place / "season.json").write_text(json.dumps(season), encoding="utf-8")
    return place


def run(*words: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["season", "train", *map(str, words)])
    return result.exit_code, result.stdout, result.stderr


def test_the_answer_is_written_and_printed_the_same(folder: Path, tmp_path: Path) -> None:
    code, printed, _ = run(folder, "--json", "--gap", 0.05, "--out", tmp_path / "training.json")
    answer = json.loads(printed)
    assert code == 0
    assert json.loads((tmp_path / "training.json").read_text(encoding="utf-8")) == answer
    assert (answer["format"], answer["synthetic"], answer["region"]) == ("nongshi-training/1", True, "belt")
    assert answer["blocking_pairs"] == answer["placement_blocking_pairs"] == 0
    assert 0 < answer["removed_yuan"] <= answer["bound"]
    assert answer["vacancies"]
    assert {row["trainee_id"] for row in answer["placements"]} <= {
        seat["trainee_id"] for seat in answer["seats"] if seat["course_id"]
    }
    assert all(row["why"]["zh"] and row["last_day"] < "2027-10-31" for row in answer["renewals"])


def test_the_table_says_that_the_data_is_generated_in_both_languages(folder: Path) -> None:
    assert "generated data" in run(folder, "--gap", 0.05, "--lang", "en")[1]
    assert "模拟数据" in run(folder, "--gap", 0.05, "--lang", "zh")[1]


@pytest.mark.parametrize(("lang", "said"), [("en", "nobody may take it"), ("zh", "无人可报")])
def test_a_course_that_nobody_may_take_is_named_with_its_mend_and_the_others_open(
    folder: Path, tmp_path: Path, lang: str, said: str
) -> None:
    case = made()
    odd = replace(case.courses[0], id="K99", licence="K2", needs=("R", "K1"), trainer_id="T99", venue_id="V99")
    write_training(replace(case, courses=(*case.courses, odd)), tmp_path)
    shortage = ("--shortage", folder / "season.json", "--gap", 0.05)
    code, printed, told = run(tmp_path, *shortage, "--lang", lang)
    assert code == 0, told
    line = next(line for line in printed.splitlines() if line.startswith("K99: "))
    assert said in line
    assert MEND.as_dict()[lang] in printed
    answer = json.loads(run(tmp_path, *shortage, "--json")[1])
    assert answer["for_nobody"] == ["K99"]
    assert any(course["opens"] for course in answer["courses"])


def test_a_smaller_budget_costs_less(folder: Path) -> None:
    answer = json.loads(run(folder, "--json", "--budget", 30_000, "--gap", 0.05)[1])
    assert answer["budget_yuan"] == 30_000
    assert answer["cost_yuan"] <= 30_000


def test_without_a_shortage_it_says_what_is_missing(folder: Path, tmp_path: Path) -> None:
    write_training(made(), tmp_path)
    code, _, told = run(tmp_path)
    assert code == 2
    assert "season.json is not a file; name the season.json that nongshi season shortage wrote" in told


def test_a_broken_season_file_is_told_row_by_row(tmp_path: Path) -> None:
    write_training(made(), tmp_path)
    rows = shortage_rows(make_shortage(seed=4))[:3]
    rows[0].pop("price_yuan_h")
    rows[2]["short_h_scenarios"] = []
    (tmp_path / "season.json").write_text(json.dumps({"format": "nongshi-season/1", "operator_shortage": rows}))
    code, _, told = run(tmp_path)
    assert code == 5
    assert "operator_shortage number 1 has no price_yuan_h" in told
    assert "operator_shortage number 3 cannot be right" in told


@pytest.mark.parametrize("text", ["[]", "{", '{"format": "nongshi-plan/1"}'])
def test_another_file_is_no_season(tmp_path: Path, text: str) -> None:
    write_training(made(), tmp_path)
    (tmp_path / "season.json").write_text(text)
    assert run(tmp_path)[0] == 5


def test_the_shortage_is_read_back_as_it_was_written(folder: Path) -> None:
    rows, season = read_operator_shortage(folder / "season.json")
    assert rows == make_shortage(seed=4)
    assert season["region"] == "belt"


def test_without_season_json_a_season_folder_is_forecast_first(tmp_path: Path) -> None:
    from nongshi import api

    found = api.make_season(towns=2, weeks=8, seed=1, scenarios=10, operators_per_machine=0.5, history=False)
    api.write_season(found, tmp_path)
    towns = [town.name for town in found.season.towns]
    write_training(
        make_training(trainees=20, courses=4, seed=1, weeks=8, first_day=found.season.first_day, towns=towns), tmp_path
    )
    code, printed, told = run(tmp_path, "--json", "--gap", 0.3, "--cpu-s", 2)
    assert code == 0, told
    answer = json.loads(printed)
    assert answer["region"] == found.season.region.name
    assert {row["town"] for row in answer["vacancies"]} <= set(towns)
    assert answer["vacancies"]
    assert answer["bound"] > 0
