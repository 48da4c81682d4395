import subprocess
import sys

from tests.cli.conftest import Say


def test_help_loads_nothing_that_computes() -> None:
    """What --help loads is what every command waits for."""
    code = (
        "import sys\nfrom nongshi.cli.main import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'numba', 'pydantic', 'rich', 'shapely', 'highspy', 'pandas', 'nongshi.api'}\n"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "generate" in seen.stdout
    assert seen.stdout.splitlines()[-1] == "[]"


def test_the_version_is_shown(say: Say) -> None:
    said = say("--version")
    assert said.code == 0
    assert said.out.startswith("nongshi 0.")


def test_no_command_shows_the_help(say: Say) -> None:
    said = say()
    assert "Commands:" in said.out + said.err


def test_an_unknown_command_is_exit_code_2(say: Say) -> None:
    assert say("harvest").code == 2


def test_a_terminal_without_chinese_gets_escapes_not_a_traceback() -> None:
    code = "from nongshi.cli.main import run; run()"
    environment = {"PYTHONIOENCODING": "latin-1:strict"}
    seen = subprocess.run([sys.executable, "-c", code, "--help"], capture_output=True, text=True, env=environment)
    assert seen.returncode == 0
    assert "\\u519c" in seen.stdout
