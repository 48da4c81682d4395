from pathlib import Path

from tests.cli.conftest import Say

ALL = {"report.html", "day-sheets.pdf", "plan.xlsx"}


def test_the_three_files_are_written_beside_the_plan(say: Say, folder: Path, sound: Path) -> None:
    said = say("report", folder, sound, "--json")
    assert said.code == 0
    assert {Path(path).name for path in said.answer["written"].values()} == ALL
    assert all(Path(path).stat().st_size > 0 for path in said.answer["written"].values())
    assert {path.name for path in sound.parent.iterdir()} >= ALL


def test_another_folder_takes_all_three(say: Say, folder: Path, sound: Path, tmp_path: Path) -> None:
    out = tmp_path / "elsewhere"
    out.mkdir()
    assert say("report", folder, sound, "--out", out).code == 0
    assert {path.name for path in out.iterdir()} == ALL


def test_naming_one_file_writes_that_one_only(say: Say, folder: Path, sound: Path, tmp_path: Path) -> None:
    out = tmp_path / "elsewhere"
    out.mkdir()
    assert say("report", folder, sound, "--html", out / "a.html").code == 0
    assert [path.name for path in out.iterdir()] == ["a.html"]


def test_a_folder_and_a_file_together_are_wrong_use(say: Say, folder: Path, sound: Path, tmp_path: Path) -> None:
    assert say("report", folder, sound, "--out", tmp_path, "--html", tmp_path / "a.html").code == 2


def test_a_missing_folder_is_exit_code_2(say: Say, folder: Path, sound: Path, tmp_path: Path) -> None:
    assert say("report", folder, sound, "--out", tmp_path / "nowhere").code == 2


def test_a_plan_that_breaks_rules_gets_no_report(say: Say, folder: Path, broken: Path) -> None:
    """People would drive to the fields by it."""
    said = say("report", folder, broken)
    assert said.code == 1
    assert "No report" in said.err
    assert "J2" in said.out
    assert not (broken.parent / "report.html").exists()


def test_a_baseline_that_breaks_rules_gets_no_report(say: Say, folder: Path, sound: Path, broken: Path) -> None:
    assert say("report", folder, sound, "--baseline", broken).code == 1


def test_a_baseline_changes_the_page(say: Say, folder: Path, sound: Path) -> None:
    page = sound.parent / "report.html"
    say("report", folder, sound)
    alone = page.read_text()
    assert say("report", folder, sound, "--baseline", sound).code == 0
    assert page.read_text() != alone
