"""`nongshi season` from the shell: generate, forecast, shortage, what if."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nongshi.cli.main import app

run = CliRunner().invoke


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "season"
    options = "--towns 2 --weeks 6 --scenarios 12 --load 2 --seed 4"
    found = run(app, ["season", "generate", str(folder), *options.split(), "--json"])
    assert found.exit_code == 0, found.output
    assert json.loads(found.stdout)["synthetic"] is True
    return folder


def test_a_generated_season_never_replaces_what_is_not_generated(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    assert run(app, ["season", "generate", str(tmp_path / "mine")]).exit_code == 2


def test_forecast_writes_json_and_a_page(season: Path, tmp_path: Path) -> None:
    found = run(app, ["season", "forecast", str(season), "--json", "--out", str(tmp_path)])
    assert found.exit_code == 0, found.output
    answer = json.loads(found.stdout)
    assert answer["format"] == "nongshi-season/1"
    assert answer["synthetic"] is True
    assert json.loads((tmp_path / "season.json").read_text(encoding="utf-8")) == answer
    page = (tmp_path / "season.html").read_text(encoding="utf-8")
    assert "模拟数据" in page
    assert "<svg" in page
    assert "http" not in page.replace("http-equiv", "")


@pytest.mark.parametrize(("lang", "words"), [("en", "Where it will be short"), ("zh", "缺口所在")])
def test_shortage_in_both_languages(season: Path, lang: str, words: str) -> None:
    found = run(app, ["season", "shortage", str(season), "--lang", lang, "--rolled", "2"])
    assert found.exit_code == 0, found.output
    assert words in found.stdout


def test_shortage_as_of_another_day_says_so(season: Path, tmp_path: Path) -> None:
    command = ["season", "shortage", str(season), "--today", "2027-05-20", "--no-sharing", "--json"]
    found = run(app, [*command, "--out", str(tmp_path), "--rolled", "0"])
    assert found.exit_code == 0, found.output
    answer = json.loads(found.stdout)
    assert answer["as_of"] == "2027-05-20"
    assert answer["totals"]["rolling_loss_yuan"]["mean"] is None
    assert answer["totals"]["loss_yuan"]["p90"] >= answer["totals"]["loss_yuan"]["p10"]
    assert "<svg" in (tmp_path / "season.html").read_text(encoding="utf-8")


def test_whatif_compares_named_cases(season: Path, tmp_path: Path) -> None:
    cases = ["--case", "machines:combine-full:5 + operators:S:5", "--case", "alone"]
    found = run(app, ["season", "whatif", str(season), *cases, "--json", "--out", str(tmp_path)])
    assert found.exit_code == 0, found.output
    answer = json.loads(found.stdout)
    assert answer["format"] == "nongshi-whatif/1"
    assert [len(case["changes"]) for case in answer["cases"]] == [2, 1]
    assert "full-feed tracked combine: 5 more" in (tmp_path / "whatif.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "case",
    ["flood", "machines:tank:5", "rain:soon", "machines:combine-full:5:Atlantis", "variety:a:b:1", "earlier:tea:3"],
)
def test_a_case_that_cannot_be_ends_with_words(season: Path, case: str) -> None:
    found = run(app, ["season", "whatif", str(season), "--case", case])
    assert found.exit_code in (2, 5)
    assert "Traceback" not in found.output


def test_a_folder_without_a_season_is_told_what_is_missing(tmp_path: Path) -> None:
    found = run(app, ["season", "forecast", str(tmp_path)])
    assert found.exit_code == 5
    assert "season.toml" in found.output
    assert "sowings.csv" in found.output
