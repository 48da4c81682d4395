"""Plan files: what is written is read back, the bytes are always the same, and a broken file is told by JSON path."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nongshi.core.errors import BadFiles, Fault, NotFound
from nongshi.core.plan import (
    Bound,
    Crew,
    LicencePrice,
    Lot,
    MachinePrice,
    Plan,
    Reason,
    Route,
    Stop,
    Totals,
    Unserved,
)
from nongshi.files.plan_files import plan_json, read_plan, rounded, write_plan

TZ = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 1)


def _stop(job_id: str, hour: int) -> Stop:
    depart = datetime(2026, 11, 1, hour, 0, 7, tzinfo=TZ)
    arrive, start, end = (depart + timedelta(minutes=m) for m in (20, 30, 90))
    return Stop(job_id=job_id, part=1, area_ha=1.2, depart=depart, arrive=arrive, start=start, end=end, km=3.125)


PLAN = Plan(
    region="钱圩",
    engine="nongshi",
    seed=1,
    cpu_s=14.9,
    iterations=1000,
    totals=Totals(
        value_fen=270522.0,
        loss_fen=522.0,
        km=6.25,
        move_cost_fen=3750.0,
        work_cost_fen=14000.0,
        area_ha=2.4,
        jobs_served=2,
        jobs_unserved=1,
    ),
    bound=Bound(
        bound_fen=300000.0,
        machine_prices=(MachinePrice(machine_class="combine", fen_h=1234.0, fen_h_by_day={DAY: 5000.0}),),
        licence_prices=(LicencePrice(licence="S", fen_h=0.0, fen_h_by_day={}),),
        method="lp",
    ),
    crews=(Crew(date=DAY, machine_id="M1", operator_id="P1"), Crew(date=DAY, machine_id="M2", operator_id="P2")),
    routes=(
        Route(machine_id="M1", stops=(_stop("J2", 7), _stop("J1", 10))),
        Route(machine_id="M2", stops=()),
    ),
    unserved=(Unserved(job_id="J9", reason=Reason.NO_LICENCE, text="nobody may drive", text_zh="没有持证的农机手"),),
    extra={"note": {"by": "drawn"}},
)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    write_plan(tmp_path / "plan.json", PLAN, zone=TZ)
    assert read_plan(tmp_path / "plan.json", TZ) == PLAN


def test_the_file_says_what_the_contract_names() -> None:
    document = json.loads(plan_json(PLAN, zone="Asia/Shanghai"))

    assert document["format"] == "nongshi-plan/1"
    assert document["objective_yuan"] == 2522.5
    assert (document["bound_yuan"], document["gap"]) == (3000.0, round(3000 / 2522.5 - 1, 6))
    assert document["totals"]["move_cost_yuan"] == 37.5
    assert document["crews"][0] == {"date": "2026-11-01", "machine_id": "M1", "operator_id": "P1"}
    assert [stop["job_id"] for stop in document["routes"][0]["stops"]] == ["J2", "J1"]
    assert document["routes"][0]["stops"][0]["depart"] == "2026-11-01T07:00:07"
    assert document["unserved"][0]["reason"] == "no_licence"
    assert document["prices"]["machine_classes"][0]["by_day"] == {"2026-11-01": 50.0}
    assert document["note"] == {"by": "drawn"}


def test_without_bound_or_clock_the_keys_are_there_and_null() -> None:
    document = json.loads(plan_json(replace(PLAN, bound=None, cpu_s=None)))
    assert [document[key] for key in ("bound_yuan", "gap", "cpu_s", "iterations")] == [None, None, None, 1000]


def test_the_bytes_do_not_depend_on_the_order_in_which_things_were_found() -> None:
    shuffled = replace(PLAN, crews=PLAN.crews[::-1], routes=PLAN.routes[::-1])
    assert plan_json(shuffled, zone=TZ) == plan_json(PLAN, zone=TZ)


def test_lots_are_read_back_and_named_only_where_there_are_any(tmp_path: Path) -> None:
    facts = {"job_id": "J1", "part": 1, "harvested": DAY, "dryer_id": "D1", "wet_t": 2.5, "km": 3.125}
    lots = (Lot(**facts, dried=DAY), Lot(**facts, dried=None))
    plan = replace(PLAN, lots=lots)
    write_plan(tmp_path / "plan.json", replace(plan, lots=lots[::-1]), zone=TZ)
    assert read_plan(tmp_path / "plan.json", TZ) == plan
    assert json.loads(plan_json(plan))["lots"][0]["dried"] == "2026-11-01"
    assert "lots" not in json.loads(plan_json(PLAN))


def test_times_are_written_in_the_regions_zone() -> None:
    stop = replace(_stop("J1", 7), start=datetime(2026, 11, 1, 0, 0, tzinfo=UTC))
    document = json.loads(plan_json(replace(PLAN, routes=(Route(machine_id="M1", stops=(stop,)),)), zone=TZ))
    assert document["routes"][0]["stops"][0]["start"] == "2026-11-01T08:00:00"


def test_each_stop_and_crew_stands_on_its_own_line() -> None:
    lines = plan_json(PLAN).splitlines()
    assert sum('"depart"' in line for line in lines) == 2
    assert sum('"operator_id"' in line for line in lines) == 2


SUM = st.floats(0, 1e9)
FOLDER_OK = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    totals = Totals(
        value_fen=draw(SUM),
        loss_fen=draw(SUM),
        km=draw(SUM),
        move_cost_fen=draw(SUM),
        work_cost_fen=draw(SUM),
        area_ha=draw(SUM),
        jobs_served=draw(st.integers(0, 9)),
        jobs_unserved=draw(st.integers(0, 9)),
    )
    by_day = st.dictionaries(st.dates(date(2000, 1, 1), date(2100, 1, 1)), SUM, max_size=3)
    prices = (MachinePrice(machine_class="combine", fen_h=draw(SUM), fen_h_by_day=draw(by_day)),)
    bound = draw(
        st.none() | st.builds(Bound, bound_fen=SUM, machine_prices=st.just(prices), method=st.text(max_size=3))
    )
    stop = replace(_stop("J1", 7), area_ha=draw(st.floats(0, 1e4)), km=draw(st.floats(0, 1e4)))
    return replace(
        PLAN,
        cpu_s=draw(st.none() | st.floats(0, 1e5)),
        iterations=draw(st.none() | st.integers(0, 10**9)),
        totals=totals,
        bound=bound,
        routes=(Route(machine_id="M1", stops=(stop,)),),
    )


@FOLDER_OK
@given(plan=plans())
def test_any_rounded_plan_survives_writing_and_reading(tmp_path: Path, plan: Plan) -> None:
    """The law holds for `rounded` plans: sums have no more digits than the file."""
    write_plan(tmp_path / "plan.json", plan, zone=TZ)
    assert read_plan(tmp_path / "plan.json", TZ) == rounded(plan)
    assert rounded(rounded(plan)) == rounded(plan)


def _faults(tmp_path: Path, text: str) -> tuple[Fault, ...]:
    path = tmp_path / "plan.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadFiles) as caught:
        read_plan(path, TZ)
    return caught.value.faults


def _put(*keys: str | int, to: Any) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        for key in keys[:-1]:
            document = document[key]
        document[keys[-1]] = to

    return change


def _drop(*keys: str | int) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        for key in keys[:-1]:
            document = document[key]
        del document[keys[-1]]

    return change


BREAKS = [
    (_drop("routes"), "$.routes", "missing"),
    (_drop("totals"), "$.totals", "missing"),
    (_drop("totals", "km"), "$.totals.km", "missing"),
    (_drop("cpu_s"), "$.cpu_s", "missing"),
    (_drop("routes", 0, "stops", 1, "start"), "$.routes[0].stops[1].start", "missing"),
    (_put("format", to="nongshi-plan/9"), "$.format", "no plan of format"),
    (_put("totals", "area_ha", to=float("nan")), "$.totals.area_ha", "finite"),
    (_put("bound_yuan", to=float("inf")), "$.bound_yuan", "finite"),
    (_put("totals", "area_ha", to=10**400), "$.totals.area_ha", "finite"),
    (_put("totals", "loss_yuan", to=1e300), "$.totals.loss_yuan", "at most"),
    (_put("totals", "km", to=-1), "$.totals.km", "0 or more"),
    (_put("totals", "jobs_served", to=1.5), "$.totals.jobs_served", "whole number"),
    (_put("routes", to={}), "$.routes", "not a list"),
    (_put("routes", 1, to=7), "$.routes[1]", "not an object"),
    (_put("routes", 0, "stops", 0, "part", to=0), "$.routes[0].stops[0].part", "whole number"),
    (_put("routes", 0, "stops", 0, "km", to="3"), "$.routes[0].stops[0].km", "finite"),
    (_put("routes", 0, "stops", 0, "end", to="soon"), "$.routes[0].stops[0].end", "local time"),
    (_put("routes", 0, "stops", 0, "end", to="2026-11-01T08:00Z"), "$.routes[0].stops[0].end", "local time"),
    (_put("crews", 1, "date", to="1 Nov"), "$.crews[1].date", "not a date"),
    (_put("crews", 1, "operator_id", to=""), "$.crews[1].operator_id", "not a text"),
    (_put("unserved", 0, "reason", to="lazy"), "$.unserved[0].reason", "no known reason"),
    (_put("prices", "machine_classes", 0, "by_day", "soon", to=1), "$.prices.machine_classes[0].by_day.soon", "date"),
    (_put("objective_yuan", to=9999.0), "$.objective_yuan", "value - loss"),
    (_put("gap", to=0.001), "$.gap", "bound / objective"),
]


@pytest.mark.parametrize(("change", "place", "problem"), BREAKS)
def test_a_broken_plan_is_told_by_its_json_path_and_nothing_else(
    tmp_path: Path, change: Callable[[Any], None], place: str, problem: str
) -> None:
    document = json.loads(plan_json(PLAN))
    change(document)
    (fault,) = _faults(tmp_path, json.dumps(document))

    assert (fault.file, fault.row, fault.column) == ("plan.json", None, place)
    assert problem in fault.problem
    assert fault.mend


def test_sums_within_the_allowance_are_accepted(tmp_path: Path) -> None:
    document = json.loads(plan_json(PLAN))
    document["objective_yuan"] += 0.49
    document["gap"] = document["bound_yuan"] / document["objective_yuan"] - 1
    (tmp_path / "plan.json").write_text(json.dumps(document))
    assert read_plan(tmp_path / "plan.json", TZ) == PLAN


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000, plan_json(PLAN)[:-40], "1" * 5000])
def test_what_is_no_plan_at_all_is_one_fault(tmp_path: Path, text: str) -> None:
    (fault,) = _faults(tmp_path, text)
    assert (fault.file, fault.row) == ("plan.json", None)


def test_several_faults_come_at_once(tmp_path: Path) -> None:
    document = json.loads(plan_json(PLAN))
    document["seed"] = "one"
    document["crews"][0]["date"] = "never"
    assert {fault.column for fault in _faults(tmp_path, json.dumps(document))} == {"$.seed", "$.crews[0].date"}


def test_a_plan_by_others_may_leave_out_what_is_only_ours(tmp_path: Path) -> None:
    document = json.loads(plan_json(PLAN))
    del document["prices"], document["iterations"], document["bound_method"], document["unserved"][0]["text_zh"]
    (tmp_path / "plan.json").write_text(json.dumps(document))
    plan = read_plan(tmp_path / "plan.json", TZ)
    assert (plan.bound, plan.iterations) == (Bound(bound_fen=300000.0), None)


def test_a_plan_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no plan file"):
        read_plan(tmp_path / "plan.json", TZ)


def test_a_plan_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    write_plan(path, PLAN, zone=TZ)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="JSON"):
        write_plan(path, replace(PLAN, extra={"note": float("nan")}), zone=TZ)
    assert path.read_bytes() == before
