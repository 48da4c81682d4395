"""The house keeps its own papers: documented commands, links that lead somewhere, cards on every room."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from nongshi.cli.main import app
from nongshi.core.plan import Reason
from nongshi.dispatch.run import ENGINES

HOUSE = Path(__file__).resolve().parents[1]
COMMANDS = (HOUSE / "docs" / "commands.md").read_text(encoding="utf-8")
READMES = [HOUSE / "README.md", HOUSE / "README.zh.md"]
PAPERS = [*READMES, HOUSE / "CHANGELOG.md", *sorted((HOUSE / "docs").rglob("*.md"))]
ROOMS = sorted(path.parent.name for path in (HOUSE / "src" / "nongshi").glob("*/__init__.py"))
FOREIGN_PATH = re.compile(r"(?<![\w.~-])/(?:work|home|Users|tmp|root|mnt)/[\w.-]+")


def sections() -> dict[str, str]:
    """`nongshi plan` -> its section of docs/commands.md; what stands before the first holds for all."""
    head, *rest = re.split(r"^## (?=nongshi )", COMMANDS, flags=re.MULTILINE)
    named = {re.sub(r" [A-Z ]+$", "", part.splitlines()[0]): part for part in rest}
    return {"": head, **named}


def commands() -> dict[str, list[str]]:
    """`nongshi plan` -> every spelling of its options, from the program itself."""
    found: dict[str, list[str]] = {}

    def walk(command: object, name: str) -> None:
        inner = getattr(command, "commands", None)
        for word, child in (inner or {}).items():
            walk(child, f"{name} {word}")
        runs_alone = name != "nongshi" and getattr(command, "invoke_without_command", False)
        if inner is None or runs_alone:
            params = command.params  # type: ignore[attr-defined]
            found[name] = [
                flag for param in params for flag in (*param.opts, *param.secondary_opts) if flag.startswith("-")
            ]

    walk(typer.main.get_command(app), "nongshi")
    return found


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=HOUSE, capture_output=True, text=True)
    names = listed.stdout.split("\0") if listed.returncode == 0 else []
    files = [HOUSE / name for name in names if name] or [
        path for folder in ("src", "tests", "docs") for path in (HOUSE / folder).rglob("*")
    ]
    return [path for path in files if path.is_file()]


@pytest.mark.parametrize("command", commands())
def test_every_command_and_option_is_documented(command: str) -> None:
    papers = sections()
    assert command in papers
    lines = papers[command] + papers[""]
    assert [flag for flag in commands()[command] if f"`{flag}`" not in lines] == []


def test_no_documented_command_has_gone() -> None:
    assert set(sections()) - {""} == set(commands())


@pytest.mark.parametrize("command", commands())
def test_no_documented_option_has_gone(command: str) -> None:
    documented = set(re.findall(r"^\|.*?\|", sections()[command], flags=re.MULTILINE))
    flags = {flag for cell in documented for flag in re.findall(r"`(--[a-z-]+)`", cell)}
    assert flags <= set(commands()[command])


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_is_documented(engine: str) -> None:
    assert f"| `{engine}` |" in sections()["nongshi plan"]


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_documented(reason: Reason) -> None:
    assert f"| `{reason}` |" in (HOUSE / "docs" / "formats.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(HOUSE)))
def test_every_link_leads_somewhere(paper: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", paper.read_text(encoding="utf-8"))
    inside = [link for link in links if "://" not in link]
    assert [link for link in inside if not (paper.parent / link).exists()] == []


def test_both_readmes_have_the_same_shape() -> None:
    english, chinese = (path.read_text(encoding="utf-8") for path in READMES)
    for text in (english, chinese):
        assert re.findall(r"^(make \w+) ", text, flags=re.MULTILINE) == ["make demo", "make test"]
        assert "docs/pictures/report.png" in text
    headings = [re.findall(r"^(#+) ", text, flags=re.MULTILINE) for text in (english, chinese)]
    assert headings[0] == headings[1]
    programs = [re.findall(r"^nongshi .*", text, flags=re.MULTILINE) for text in (english, chinese)]
    assert programs[0] == programs[1]


def test_the_changelog_has_a_place_for_what_comes() -> None:
    assert "\n## Unreleased\n" in (HOUSE / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_its_card(room: str) -> None:
    tree = ast.parse((HOUSE / "src" / "nongshi" / room / "__init__.py").read_text(encoding="utf-8"))
    card = (ast.get_docstring(tree) or "").splitlines()
    assert len(card) > 3
    assert "not know" in " ".join(card)


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_stands_in_the_plan_of_the_house(room: str) -> None:
    assert f"| `{room}` |" in (HOUSE / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    found = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a font
        found += [f"{path.relative_to(HOUSE)}: {match}" for match in FOREIGN_PATH.findall(text)]
    assert found == []


def test_a_path_of_somebodys_machine_would_be_found() -> None:
    assert FOREIGN_PATH.findall("see " + "/".join(["", "home", "ann", "region"]))
    assert not FOREIGN_PATH.findall("docs/home/ann and src/tmp/x")


@pytest.mark.parametrize(
    ("cases", "made", "line", "code"),
    [
        ("<testcase name='a'/><testcase name='b'/>", 0, "2 passed, 0 failed, 0 skipped", 0),
        ("<testcase name='a'><failure/></testcase><testcase name='b'/>", 2, "1 passed, 1 failed, 0 skipped", 2),
        ("<testcase name='a'><error/></testcase>", 0, "0 passed, 1 failed, 0 skipped", 1),
        ("<testcase name='a'><skipped message='no chromium'/></testcase>", 0, "0 passed, 0 failed, 1 skipped", 1),
        ("<testcase name='a'/>", 2, "1 passed, 0 failed, 0 skipped", 2),
        ("", 0, "0 passed, 0 failed, 0 skipped", 1),
    ],
)
def test_ci_ends_well_only_if_all_ran_and_passed(cases: str, made: int, line: str, code: int, tmp_path: Path) -> None:
    results = tmp_path / "tests.xml"
    results.write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    counted = count(tmp_path, made)
    assert counted.returncode == code
    assert counted.stdout.splitlines()[-1] == line


def test_ci_counts_the_runs_on_both_databases(tmp_path: Path) -> None:
    for name, cases in (
        ("tests", "<testcase name='a'/>"),
        ("tests-postgres", "<testcase name='a'><failure/></testcase>"),
    ):
        (tmp_path / f"{name}.xml").write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    counted = count(tmp_path, 0)
    assert (counted.returncode, counted.stdout.splitlines()[-1]) == (1, "1 passed, 1 failed, 0 skipped")


def count(folder: Path, made: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, HOUSE / ".ci" / "count.py", folder, str(made)]
    return subprocess.run(command, capture_output=True, text=True)


def test_ci_can_be_started() -> None:
    assert (HOUSE / ".ci" / "run").stat().st_mode & 0o111
