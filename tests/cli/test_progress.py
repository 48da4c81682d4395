import io
import sys
from types import SimpleNamespace

import pytest

from nongshi.cli.options import Lang
from nongshi.cli.progress import bar, describe


def step(**changed: object) -> SimpleNamespace:
    values = {
        "cpu_s": 1.25,
        "iterations": 10,
        "best_fen": 100_000.0,
        "bound_fen": 105_000.0,
        "share": 0.5,
        "phase": "search",
    }
    return SimpleNamespace(**(values | changed))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_step_shows_best_bound_gap_and_seconds() -> None:
    assert describe(step(), Lang.EN) == "best 1,000 yuan, bound 1,050, gap 5.0%, 1.2 CPU s"


def test_a_step_without_a_bound_shows_none() -> None:
    assert "bound -, gap -" in describe(step(bound_fen=None), Lang.EN)


def test_a_step_that_gained_nothing_has_no_gap() -> None:
    assert "gap -" in describe(step(best_fen=0.0), Lang.EN)


def test_a_step_before_the_first_plan_shows_its_bound_alone() -> None:
    assert describe(step(best_fen=None), Lang.EN) == "best - yuan, bound 1,050, gap -, 1.2 CPU s"


def test_nobody_watching_means_nobody_is_told() -> None:
    with bar(Lang.EN, "search") as on_step:
        assert on_step is None


def test_a_terminal_gets_the_bar_on_stderr_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with bar(Lang.EN, "bound") as on_step:
        assert on_step is not None
        on_step(step())
    assert "searching" in terminal.getvalue()
    assert "1,000 yuan" in terminal.getvalue()
    assert capsys.readouterr().out == ""
