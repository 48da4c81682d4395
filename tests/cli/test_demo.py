from pathlib import Path

from tests.cli.conftest import Say
from tests.cli.drawn import FakePlanner

from nongshi import api

FILES = ["day-sheets.pdf", "plan-by-phone.json", "plan.json", "plan.xlsx", "region", "report.html"]


def test_the_demo_writes_everything_and_says_where(say: Say, tmp_path: Path) -> None:
    """With the real planner, twice: the second run replaces the first."""
    out = tmp_path / "demo"
    said = say("demo", "--out", out, "--fields", "12", "--cpu-s", "0.5")
    assert said.code == 0
    assert sorted(path.name for path in out.iterdir()) == FILES
    assert "Phone dispatcher" in said.out
    assert "Ratio" in said.out
    assert str(out / "report.html") in said.out
    again = say("demo", "--out", out, "--fields", "12", "--cpu-s", "0.5", "--json").answer
    assert set(again["files"]) == set(FILES)


def test_both_plans_of_the_demo_pass_the_check_and_share_a_bound(say: Say, tmp_path: Path) -> None:
    answer = say("demo", "--out", tmp_path / "demo", "--fields", "12", "--cpu-s", "0.5", "--json").answer
    region = api.read_region(tmp_path / "demo" / "region")
    for name in ("plan.json", "plan-by-phone.json"):
        assert api.check_plan(region, api.read_plan(tmp_path / "demo" / name, region)).ok
    assert answer["plan"]["bound_yuan"] == answer["by_phone"]["bound_yuan"]
    assert answer["by_phone"]["engine"] == "edd"


def test_an_interrupted_demo_leaves_no_file(say: Say, tmp_path: Path, planner: FakePlanner) -> None:
    planner.fault = KeyboardInterrupt()
    assert say("demo", "--out", tmp_path / "demo", "--fields", "12").code == 130
    assert not any((tmp_path / "demo").iterdir())


def test_the_demo_never_writes_over_real_data(say: Say, tmp_path: Path, planner: FakePlanner) -> None:
    head = tmp_path / "region" / "region.toml"
    head.parent.mkdir()
    head.write_text('name = "my farm"\n')
    assert say("demo", "--out", tmp_path, "--fields", "12").code == 2
    assert not planner.calls


def test_a_file_where_the_folder_should_be_is_exit_code_2(say: Say, tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("")
    assert say("demo", "--out", tmp_path / "demo").code == 2
