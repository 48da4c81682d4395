import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Say
from tests.cli.drawn import FakePlanner

from nongshi import api
from nongshi.bench import joint
from nongshi.cli import options
from nongshi.core.errors import MissingExtra, NotPlannable
from nongshi.dispatch.run import ENGINES
from nongshi.synthetic import defaults


def test_all_jobs_served_is_exit_code_0_and_a_plan(say: Say, folder: Path, planner: FakePlanner) -> None:
    out = folder.parent / "plan.json"
    said = say("plan", folder, "--out", out)
    assert said.code == 0
    assert "2 of 2" in said.out
    assert str(out) in said.out
    assert api.read_plan(out, api.read_region(folder)).totals.jobs_served == 2


def test_jobs_left_out_are_exit_code_3_with_their_reason(say: Say, folder: Path, planner: FakePlanner) -> None:
    planner.served = 1
    said = say("plan", folder, "--out", folder.parent / "plan.json")
    assert said.code == 3
    assert "every crew is busy" in said.out


def test_nothing_served_is_exit_code_4_and_the_reasons_are_kept(say: Say, folder: Path, planner: FakePlanner) -> None:
    planner.served = 0
    out = folder.parent / "plan.json"
    assert say("plan", folder, "--out", out).code == 4
    assert len(api.read_plan(out, api.read_region(folder)).unserved) == 2


def test_json_is_one_object_with_the_figures(say: Say, folder: Path, planner: FakePlanner) -> None:
    planner.served = 1
    answer = say("plan", folder, "--out", folder.parent / "plan.json", "--json").answer
    assert answer["objective_yuan"] == 990.0
    assert answer["bound_yuan"] == 1980.0
    assert answer["gap"] == 1.0
    assert answer["totals"]["jobs_unserved"] == 1
    assert answer["unserved_by_reason"] == {"no_capacity": 1}


def test_the_options_reach_the_planner(say: Say, folder: Path, planner: FakePlanner) -> None:
    out = folder.parent / "plan.json"
    say("plan", folder, "--out", out, "--cpu-s", "2.5", "--seed", "9", "--engine", "edd")
    say("plan", folder, "--out", out, "--iterations", "40")
    say("plan", folder, "--out", out)
    seen = [(call.cpu_s, call.iterations, call.seed, call.engine) for call in planner.calls]
    assert seen == [(2.5, None, 9, "edd"), (None, 40, 1, "own"), (30.0, None, 1, "own")]


@pytest.mark.parametrize(
    "words",
    [
        ("--cpu-s", "5", "--iterations", "5"),
        ("--cpu-s", "0"),
        ("--cpu-s", "-3"),
        ("--cpu-s", "nan"),
        ("--iterations", "0"),
        ("--engine", "magic"),
        ("--seed", "-1"),
        ("--seed", "one"),
    ],
)
def test_wrong_options_are_exit_code_2_and_plan_nothing(
    words: tuple[str, ...], say: Say, folder: Path, planner: FakePlanner
) -> None:
    said = say("plan", folder, "--out", folder.parent / "plan.json", *words)
    assert said.code == 2
    assert said.err
    assert not planner.calls


def test_seconds_and_steps_together_say_so(say: Say, folder: Path) -> None:
    assert "exclude each other" in say("plan", folder, "--cpu-s", "5", "--iterations", "5").err


def test_a_missing_region_is_exit_code_2(say: Say, tmp_path: Path) -> None:
    said = say("plan", tmp_path / "nowhere", "--out", tmp_path / "plan.json")
    assert said.code == 2
    assert "nowhere" in said.err


def test_a_missing_folder_for_the_plan_is_found_before_planning(say: Say, folder: Path, planner: FakePlanner) -> None:
    said = say("plan", folder, "--out", folder.parent / "nowhere" / "plan.json")
    assert said.code == 2
    assert "make it first" in said.err
    assert not planner.calls


def test_a_folder_as_plan_file_is_exit_code_2(say: Say, folder: Path, planner: FakePlanner) -> None:
    assert say("plan", folder, "--out", folder.parent).code == 2
    assert not planner.calls


def test_bad_data_is_exit_code_5_with_a_line_a_fault(say: Say, folder: Path, planner: FakePlanner) -> None:
    jobs = folder / "jobs.csv"
    jobs.write_text(jobs.read_text().replace("J1,F1", "J1,F9").replace("J2,F1", "J2,F8"))
    said = say("plan", folder, "--out", folder.parent / "plan.json", "--json")
    assert said.code == 5
    assert said.answer["error"] == "bad_files"
    assert [(fault["file"], fault["row"], fault["value"]) for fault in said.answer["faults"]] == [
        ("jobs.csv", 2, "F9"),
        ("jobs.csv", 3, "F8"),
    ]
    assert sum(line.startswith("jobs.csv, row ") for line in said.err.splitlines()) == 2
    assert not planner.calls


def test_a_region_that_cannot_be_planned_is_exit_code_4(say: Say, folder: Path, planner: FakePlanner) -> None:
    planner.fault = NotPlannable("dryers are not planned yet")
    out = folder.parent / "plan.json"
    said = say("plan", folder, "--out", out, "--json")
    assert said.code == 4
    assert said.answer == {"error": "not_plannable", "message": "dryers are not planned yet"}
    assert "dryers" in said.err
    assert not out.exists()


def test_a_missing_engine_says_what_to_install(say: Say, folder: Path, planner: FakePlanner) -> None:
    planner.fault = MissingExtra("ortools", extra="bench")
    said = say("plan", folder, "--out", folder.parent / "plan.json")
    assert said.code == 2
    assert "nongshi[bench]" in said.err


def test_a_plan_that_breaks_a_rule_is_not_written(say: Say, folder: Path, planner: FakePlanner) -> None:
    planner.hour = 17
    out = folder.parent / "plan.json"
    assert say("plan", folder, "--out", out).code == 1
    assert not out.exists()


def test_an_interrupt_leaves_the_old_plan_whole(say: Say, folder: Path, sound: Path, planner: FakePlanner) -> None:
    before = sound.read_bytes()
    planner.fault = KeyboardInterrupt()
    assert say("plan", folder, "--out", sound).code == 130
    assert sound.read_bytes() == before
    assert sorted(path.name for path in folder.parent.iterdir()) == ["plan.json", "region"]


def test_a_signal_from_the_terminal_ends_the_program_with_130(folder: Path) -> None:
    """Ctrl-C as the shell sends it, to the whole program, while it plans."""
    code = (
        "import sys, time, nongshi.dispatch.run\n"
        "def solve(*a, **k):\n    print('planning', flush=True)\n    time.sleep(60)\n"
        "sys.modules['nongshi.dispatch.run'].solve = solve\n"
        "from nongshi.cli.main import run\nrun()"
    )
    out = folder.parent / "plan.json"
    program = subprocess.Popen(
        [sys.executable, "-c", code, "plan", str(folder), "--out", str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "planning\n"
    os.kill(program.pid, signal.SIGINT)
    _, err = program.communicate(timeout=60)
    assert program.returncode == 130
    assert "Traceback" not in err
    assert not out.exists()


def test_a_disk_that_cannot_be_written_is_exit_code_2(
    say: Say, folder: Path, planner: FakePlanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nongshi.files.plan_files.write_plan", full)
    said = say("plan", folder, "--out", folder.parent / "plan.json")
    assert said.code == 2
    assert "No space left" in said.err


def test_a_fault_of_the_code_stays_loud(say: Say, folder: Path, planner: FakePlanner) -> None:
    """Only faults that Nongshi names are turned into words; a bug must reach us whole."""
    planner.fault = ZeroDivisionError("a bug")
    with pytest.raises(ZeroDivisionError):
        say("plan", folder, "--out", folder.parent / "plan.json")


def test_nothing_but_results_is_written_where_nobody_watches(say: Say, folder: Path, planner: FakePlanner) -> None:
    said = say("plan", folder, "--out", folder.parent / "plan.json")
    assert said.err == ""
    assert planner.calls[0].on_step is None


def test_the_engines_offered_are_those_of_the_planner() -> None:
    assert tuple(options.Engine) == ENGINES


def test_the_default_budget_is_that_of_the_api() -> None:
    assert options.CPU_S == api.CPU_S


def test_the_default_load_of_dryers_is_the_generators() -> None:
    assert api.DRYER_LOAD == defaults.DRYER_SEASON_SHARE
    assert joint.DRYER_LOAD == defaults.DRYER_SEASON_SHARE
    assert joint.OPERATORS == defaults.OPERATORS_PER_MACHINE


def test_the_same_steps_give_the_same_file(say: Say, folder: Path) -> None:
    """With the real planner: --iterations is what makes a plan reproducible."""
    files = [folder.parent / name for name in ("a.json", "b.json")]
    for file in files:
        assert say("plan", folder, "--out", file, "--iterations", "50").code == 0
    assert files[0].read_bytes() == files[1].read_bytes()
