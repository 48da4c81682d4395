import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.cli import drawn
from tests.cli.conftest import Say

from nongshi import api
from nongshi.cli.replan import ReplanMode
from nongshi.core.plan import Plan
from nongshi.dispatch.events import Applied
from nongshi.dispatch.replan import Mode

CANCELLED = {"kind": "job_cancelled", "job_id": "J2"}
Tell = Callable[..., Path]


@dataclass
class FakeSearch:
    """Stands where dispatch.replan.replan stands: serves the first jobs from `hour` on."""

    served: int = 99
    hour: int = 8
    fault: BaseException | None = None
    calls: list[SimpleNamespace] = field(default_factory=list)

    def __call__(self, applied: Applied, **options: Any) -> Plan:
        self.calls.append(SimpleNamespace(applied=applied, **options))
        if self.fault is not None:
            raise self.fault
        region = applied.region
        return replace(drawn.plan(region, served=min(self.served, len(region.jobs)), hour=self.hour), bound=None)


@pytest.fixture
def search(monkeypatch: pytest.MonkeyPatch) -> FakeSearch:
    fake = FakeSearch()
    monkeypatch.setattr(import_module("nongshi.dispatch.replan"), "replan", fake)
    return fake


@pytest.fixture
def old(folder: Path) -> Path:
    """A plan of the folder that serves both jobs, at 8 and at 9."""
    path = folder.parent / "old.json"
    api.with_methods(drawn.plan(drawn.region(), served=2)).save(path)
    return path


@pytest.fixture
def tell(tmp_path: Path) -> Tell:
    """Write an events file."""

    def write(*events: dict[str, Any], now: str = "2026-11-01T07:00") -> Path:
        path = tmp_path / "events.json"
        path.write_text(json.dumps({"format": "nongshi-events/1", "now": now, "events": events}))
        return path

    return write


def test_the_new_plan_and_its_region_stand_beside_the_old(
    say: Say, folder: Path, old: Path, tell: Tell, search: FakeSearch
) -> None:
    before = old.read_bytes()
    said = say("replan", folder, old, tell(CANCELLED))
    assert said.code == 0
    assert old.read_bytes() == before
    new, region = old.with_name("old-new.json"), old.with_name("old-new-region")
    assert say("check", region, new).code == 0
    assert [job.id for job in api.read_region(region).jobs] == ["J1"]
    assert [job.id for job in api.read_region(folder).jobs] == ["J1", "J2"]
    assert "old-new-region" in said.out
    assert "cancelled" in said.out


def test_changes_and_calls_stand_in_the_plan_file(
    say: Say, folder: Path, old: Path, tell: Tell, search: FakeSearch
) -> None:
    answer = say("replan", folder, old, tell(CANCELLED), "--json").answer
    plan = api.read_plan(answer["out"], api.read_region(answer["region_out"]))
    assert plan.extra["changes"] == answer["changes"]
    (change,) = answer["changes"]
    assert (change["job_id"], change["kind"], change["after"]) == ("J2", "cancelled", [])
    assert change["reason_zh"]
    assert {(person["role"], person["id"]) for person in change["call"]} == {
        ("grower", "G1"),
        ("owner", "C1"),
        ("operator", "P1"),
    }
    assert [call["job_ids"] for call in answer["calls"]] == [["J2"]] * 3


def test_the_search_is_told_what_stays(say: Say, folder: Path, old: Path, tell: Tell, search: FakeSearch) -> None:
    words = ("--mode", "keep", "--iterations", "7", "--seed", "3", "--freeze-h", "0.5", "--now", "2026-11-01T08:20")
    assert say("replan", folder, old, tell(), *words).code == 0
    (call,) = search.calls
    assert call.applied.frozen == {("J1", 1)}
    assert (call.mode, call.iterations, call.cpu_s, call.seed) == (Mode.KEEP, 7, None, 3)
    assert (call.applied.now.hour, call.applied.now.minute) == (8, 20)


def test_nothing_changed_is_no_call(say: Say, folder: Path, old: Path, tell: Tell, search: FakeSearch) -> None:
    assert "Nobody needs a call" in say("replan", folder, old, tell()).out
    assert "不用打电话" in say("replan", folder, old, tell(), "--lang", "zh").out


def test_faults_are_named_with_their_place_and_nothing_is_written(
    say: Say, folder: Path, old: Path, tell: Tell, search: FakeSearch
) -> None:
    names = sorted(path.name for path in old.parent.iterdir())
    events = tell(CANCELLED, {"kind": "operator_ill", "operator_id": "P7", "from": "2026-11-01", "to": "2026-11-01"})
    said = say("replan", folder, old, events, "--out", old)
    assert said.code == 5
    assert "events[1].operator_id" in said.err
    assert search.calls == []
    assert sorted(path.name for path in old.parent.iterdir()) == sorted([*names, "events.json"])


def test_a_plan_that_breaks_rules_is_not_written(
    say: Say, folder: Path, old: Path, tell: Tell, search: FakeSearch
) -> None:
    search.hour = 17
    said = say("replan", folder, old, tell())
    assert said.code == 1
    assert not old.with_name("old-new.json").exists()
    assert not old.with_name("old-new-region").exists()


def test_a_plan_that_cannot_be_written_takes_its_region_back(
    say: Say, folder: Path, old: Path, tell: Tell, search: FakeSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nongshi.files.plan_files.write_whole", full)
    before, jobs = old.read_bytes(), (folder / "jobs.csv").read_bytes()
    assert say("replan", folder, old, tell(CANCELLED), "--out", old, "--region-out", folder).code == 2
    assert (old.read_bytes(), (folder / "jobs.csv").read_bytes()) == (before, jobs)
    assert say("replan", folder, old, tell(CANCELLED)).code == 2
    assert not old.with_name("old-new-region").exists()


def test_an_interrupted_search_leaves_everything_as_it_was(
    say: Say, folder: Path, old: Path, tell: Tell, search: FakeSearch
) -> None:
    search.fault = KeyboardInterrupt()
    before = old.read_bytes()
    say("replan", folder, old, tell(CANCELLED), "--out", old)
    assert old.read_bytes() == before
    assert not old.with_name("old-region").exists()


def test_a_folder_of_other_things_is_not_written_into(
    say: Say, folder: Path, old: Path, tell: Tell, search: FakeSearch, tmp_path: Path
) -> None:
    other = tmp_path / "letters"
    other.mkdir()
    (other / "to-mother.txt").write_text("dear")
    assert say("replan", folder, old, tell(), "--region-out", other).code == 2


def test_modes_are_those_of_the_planner() -> None:
    assert {mode.value for mode in ReplanMode} == {mode.value for mode in Mode}


def test_a_small_region_is_planned_again_for_real(say: Say, folder: Path, old: Path, tell: Tell) -> None:
    """J1 is being worked at half past eight; J2 is cancelled."""
    answer = say("replan", folder, old, tell(CANCELLED, now="2026-11-01T08:30"), "--iterations", "20", "--json").answer
    plan = api.read_plan(answer["out"], api.read_region(answer["region_out"]))
    assert [stop.job_id for route in plan.routes for stop in route.stops] == ["J1"]
    assert answer["kept"] == [{"machine_id": "M1", "job_id": "J1", "part": 1, "begun": True}]
