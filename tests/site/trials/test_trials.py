"""Trials judge what they measured: a broken promise is named, whatever the speed; the slow ones run whole."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nongshi.site.trials.run import broken

RACE = {"won": 50, "places": 50, "places_taken": 50, "complete": True}
KILL = {"lost": 0, "incomplete": 0, "faults": []}


@pytest.mark.parametrize(
    ("name", "found", "words"),
    [
        ("race", RACE, None),
        ("race", RACE | {"won": 51}, "won is 51, places 50"),
        ("race", RACE | {"places_taken": 49}, "places_taken is 49, places 50"),
        ("race", RACE | {"complete": False}, "a process ended before it had answered"),
        ("kill", KILL, None),
        ("kill", KILL | {"lost": 1}, "lost is 1"),
        ("kill", KILL | {"incomplete": 2}, "incomplete is 2"),
        ("kill", KILL | {"faults": ["uneven"]}, "uneven"),
        ("load", {"booked": 9, "bookings": 10, "faults": []}, "booked is 9, bookings 10"),
        ("season", {"settled": 9, "orders": 9, "sheets": 9, "sum_fen": 1, "faults": []}, "sum_fen is 1"),
    ],
)
def test_a_broken_promise_is_named(name: str, found: dict[str, Any], words: str | None) -> None:
    assert broken(name, found) == ([] if words is None else [words])


def bench(tmp_path: Path, *options: str) -> dict[str, Any]:
    """`nongshi bench orders` in a process of its own, as it has its own database."""
    program = [sys.executable, "-c", "from nongshi.cli.main import run; run()", "bench", "orders", "--json", *options]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("NONGSHI_", "DJANGO_"))}
    done = subprocess.run(program, env=env, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_a_hundred_kills_lose_nothing(tmp_path: Path) -> None:
    found = bench(tmp_path, "--only", "kill", "--kills", "100")
    assert found["broken"] == []
    assert found["kill"]["kills"] == 100
    assert found["kill"]["acknowledged_booked"] > 0
    assert found["kill"]["acknowledged_settled"] > 0


def test_load_race_and_season_keep_every_promise(tmp_path: Path) -> None:
    found = bench(tmp_path, "--only", "load,race,season", "--bookings", "400", "--season", "300", "--clients", "16")
    assert found["broken"] == []
    assert (found["race"]["won"], found["season"]["sum_fen"]) == (50, 0)
