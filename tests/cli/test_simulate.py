"""`nongshi simulate`: figures, plot, faults."""

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Say

from nongshi import api
from nongshi.cli import simulate as command
from nongshi.simulate import POLICIES

WORDS = ("--seeds", 2, "--policy", "nearest", "--days", 4)


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("season")
    made = api.make_region(fields=20, machines=None, load=1.0, season="rice-harvest", seed=3)
    api.write_region(made, folder / "region")
    return folder / "region"


def test_the_option_lists_every_policy() -> None:
    assert command.POLICIES.split(",") == list(POLICIES)


def test_figures_and_plot_are_written_and_marked_as_drawn(say: Say, season: Path, tmp_path: Path) -> None:
    said = say("simulate", season, *WORDS, "--out", tmp_path, "--json")
    assert said.code == 0
    assert said.answer == json.loads((tmp_path / "simulate.json").read_text())
    assert said.answer["generated"] is True
    assert [one["policy"] for one in said.answer["policies"]] == ["nearest", "edd"]
    assert len(said.answer["seasons"]) == 4
    assert all(row["source"] for row in said.answer["hazards"])
    plot = (tmp_path / "simulate.svg").read_text()
    assert plot.count("<circle") == 3 * 4  # three panels
    assert "(simulated)" in plot


@pytest.mark.parametrize(("lang", "told"), [("en", "Empty km"), ("zh", "空驶（公里）")])
def test_the_table_speaks_both_languages(say: Say, season: Path, tmp_path: Path, lang: str, told: str) -> None:
    said = say("simulate", season, *WORDS, "--out", tmp_path, "--lang", lang)
    assert said.code == 0
    assert told in said.out
    assert "1.000" in said.out


def test_wrong_words_are_refused_and_nothing_is_written(say: Say, season: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert say("simulate", season, "--policy", "guess", "--out", out).code == 2
    assert say("simulate", season, "--weather", tmp_path / "none.csv", "--out", out).code == 2
    (tmp_path / "bad.csv").write_text("date,rain_mm\n2011-11-01,wet\n")
    said = say("simulate", season, "--weather", tmp_path / "bad.csv", "--out", out)
    assert said.code == 5
    assert "bad.csv" in said.err
    assert "row 2" in said.err
    assert not out.exists()
