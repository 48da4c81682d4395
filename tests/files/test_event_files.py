import json
from pathlib import Path
from typing import Any

import pytest
from tests.dispatch import drawn
from tests.dispatch.drawn import moment
from tests.dispatch.test_events import JOBS, MACHINES, OPERATORS, WORKDAYS, drawn_plan

from nongshi.core.errors import BadFiles, BadUsage, NotFound
from nongshi.core.events import Events, JobCancelled, MachineArrived, MachineDown, OperatorIll, Rain, UrgentJob
from nongshi.core.region import Region
from nongshi.files.event_files import ALIASES, KINDS, read_events

URGENT = {
    "id": "U1",
    "field_id": "F10",
    "operation": "harvest",
    "area_ha": 1.5,
    "open": "2026-11-01T08:00",
    "due": "2026-11-02T18:00",
    "close": "2026-11-03T18:00",
    "value_yuan": 800,
    "loss_curve": "late",
}
MACHINE = {"id": "M9", "machine_class": "combine", "owner_id": "O", "yard_lon": 121.0, "yard_lat": 30.0}
OPERATOR = {"id": "P9", "owner_id": "O", "licences": "S:2030-01-01", "shared": False, "off_days": ["2026-11-02"]}


@pytest.fixture
def region() -> Region:
    return drawn.region(JOBS, MACHINES, OPERATORS, WORKDAYS, days=3)


def read(folder: Path, region: Region, *events: Any, given: str | None = None, **keys: Any) -> Events:
    path = folder / "events.json"
    head = {"format": "nongshi-events/1", "now": "2026-11-01T06:00"} | keys
    path.write_text(json.dumps(head | {"events": list(events)}, ensure_ascii=False), encoding="utf-8")
    return read_events(path, region, drawn_plan(region), now=given)


def faults(folder: Path, region: Region, *events: Any, **keys: Any) -> dict[str | None, str]:
    with pytest.raises(BadFiles) as caught:
        read(folder, region, *events, **keys)
    assert all(fault.file == "events.json" and fault.mend for fault in caught.value.faults)
    return {fault.column: fault.problem for fault in caught.value.faults}


def test_every_kind_is_read_in_the_regions_wall_time(tmp_path: Path, region: Region) -> None:
    span = {"from": "2026-11-01T09:00", "to": "2026-11-02T10:00"}
    days = {"from": "2026-11-01", "to": "2026-11-02"}
    events = read(
        tmp_path,
        region,
        {"kind": "machine_down", "machine_id": "M1", **span},
        {"kind": "operator_ill", "operator_id": "P1", **days},
        {"kind": "rain", **days},
        {"kind": "job_cancelled", "job_id": "A", "keep_followers": True},
        {"kind": "urgent_job", "job": URGENT},
        {"kind": "machine_arrived", "machine": MACHINE, "operator": OPERATOR},
    )
    down, ill, rain, cancelled, urgent, arrived = events
    assert events.now == moment("1T06:00")
    assert down == MachineDown(machine_id="M1", since=moment("1T09:00"), until=moment("2T10:00"))
    assert isinstance(ill, OperatorIll)
    assert rain == Rain(since=moment("1T00:00"), until=moment("2T24:00"))  # bare days count whole
    assert cancelled == JobCancelled(job_id="A", keep_followers=True)
    assert isinstance(urgent, UrgentJob)
    assert (urgent.job.value_fen, urgent.job.open) == (80_000, moment("1T08:00"))
    assert isinstance(arrived, MachineArrived)
    assert arrived.operator is not None
    assert len(arrived.operator.off_days) == 1


@pytest.mark.parametrize("alias", ["machine_broken", "Machine-Broken", "breakdown"])
def test_friendly_names_are_taken(tmp_path: Path, region: Region, alias: str) -> None:
    event = {"kind": alias, "machine_id": "M1", "from": "2026-11-01T09:00", "to": "2026-11-01T10:00"}
    assert [type(event) for event in read(tmp_path, region, event)] == [MachineDown]


def test_no_alias_hides_a_kind() -> None:
    assert set(ALIASES.values()) <= set(KINDS)
    assert not set(ALIASES) & set(KINDS)


def test_now_of_the_command_goes_before_the_files_own(tmp_path: Path, region: Region) -> None:
    assert read(tmp_path, region, given="2026-11-01T07:30").now == moment("1T07:30")
    with pytest.raises(BadUsage, match="--now"):
        read(tmp_path, region, given="seven")
    assert faults(tmp_path, region, now=None) == {"$.now": "is not a text"}


def test_all_faults_come_at_once_each_with_its_place(tmp_path: Path, region: Region) -> None:
    told = faults(
        tmp_path,
        region,
        {"kind": "earthquake"},
        {"kind": "machine_down", "machine_id": "M7", "from": "2026-11-01T09:00", "to": "2026-11-01T10:00"},
        {"kind": "rain", "from": "2026-11-01T25:00", "to": "2026-11-01T10:00"},
        {"kind": "rain", "from": "2026-11-01T09:00", "to": "2026-11-01T10:00", "machine_clas": "combine"},
        {"kind": "urgent_job", "job": URGENT | {"area_ha": "much", "field_id": "F99"}},
        {"kind": "job_area", "job_id": "A", "area_ha": 0},
        {"kind": "job_cancelled"},
        "rain",
    )
    assert set(told) == {
        *("events[0].kind", "events[1].machine_id", "events[2].from", "events[3].machine_clas"),
        *("events[4].job.area_ha", "events[4].job.field_id", "events[5].area_ha", "events[6].job_id", "$.events[7]"),
    }


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "nongshi-plan/1"}', '{"format": "nongshi-events/1"}'])
def test_what_is_no_events_file_is_refused(tmp_path: Path, region: Region, text: str) -> None:
    path = tmp_path / "events.json"
    path.write_text(text)
    with pytest.raises(BadFiles):
        read_events(path, region, drawn_plan(region))


def test_a_file_that_is_not_there_is_named(tmp_path: Path, region: Region) -> None:
    with pytest.raises(NotFound, match=r"events\.json"):
        read_events(tmp_path / "events.json", region, drawn_plan(region))
