import pytest
from tests.cli.conftest import Say


@pytest.mark.parametrize(
    "words",
    [
        ("--sizes", "many"),
        ("--sizes", ""),
        ("--loads", "0.6,-1"),
        ("--loads", "nan"),
        ("--seeds", "1;2"),
        ("--cpu-s", "0"),
    ],
)
def test_wrong_options_are_exit_code_2(words: tuple[str, ...], say: Say) -> None:
    assert say("bench", "dispatch", *words).code == 2


@pytest.mark.parametrize("words", [("--jobs", "many"), ("--workers", "0"), ("--iterations-per-job", "0")])
def test_wrong_options_of_scale_are_exit_code_2(words: tuple[str, ...], say: Say) -> None:
    assert say("bench", "scale", *words).code == 2
