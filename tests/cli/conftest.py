import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from tests.cli import drawn
from tests.cli.drawn import FakePlanner
from typer.testing import CliRunner

from nongshi import api
from nongshi.cli.main import app


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> dict[str, Any]:
        return dict(json.loads(self.out))


Say = Callable[..., Said]


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Say:
    """Run a command in this process, in English; a fault of the code comes up as itself."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "C.UTF-8")

    def run(*words: object) -> Said:
        result = CliRunner().invoke(app, [str(word) for word in words])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Said(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def planner(monkeypatch: pytest.MonkeyPatch) -> FakePlanner:
    fake = FakePlanner()
    monkeypatch.setattr(import_module("nongshi.dispatch.run"), "solve", fake)
    return fake


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A region folder of two jobs."""
    api.write_region(drawn.region(), tmp_path / "region")
    return tmp_path / "region"


@pytest.fixture
def sound(folder: Path) -> Path:
    """A plan of the folder that serves one job and keeps every rule."""
    path = folder.parent / "plan.json"
    api.with_methods(drawn.plan(drawn.region(), served=1)).save(path)
    return path


@pytest.fixture
def broken(folder: Path) -> Path:
    """A plan of the folder whose second job ends after its close."""
    path = folder.parent / "broken.json"
    api.with_methods(drawn.plan(drawn.region(), served=2, hour=17)).save(path)
    return path
