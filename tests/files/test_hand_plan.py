"""A plan made by hand: timed as early as the rules allow, or refused with file, row, column and what to do.

The region has one machine at its field, jobs of an hour each, and opens from 8 to 18.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.cli import drawn
from tests.dispatch import drawn as far
from tests.dispatch.engines.drawn import tied_by_chance

from nongshi.core.errors import BadFiles, Fault, NotFound
from nongshi.core.plan import Plan
from nongshi.core.region import Region
from nongshi.dispatch.engines.edd import simple_roster
from nongshi.dispatch.fill import fill_greedy
from nongshi.dispatch.problem import make_problem
from nongshi.files.hand_plan import read_hand_plan
from nongshi.verify import check_plan


def written(folder: Path, text: str, name: str = "hand.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def read(folder: Path, region: Region, *rows: str, header: str = "machine_id,job_id") -> Plan:
    return read_hand_plan(written(folder, "\n".join((header, *rows)) + "\n"), region)


def faults(folder: Path, region: Region, *rows: str, header: str = "machine_id,job_id") -> list[Fault]:
    with pytest.raises(BadFiles) as caught:
        read(folder, region, *rows, header=header)
    assert all(fault.mend for fault in caught.value.faults)
    return list(caught.value.faults)


def two_machines() -> Region:
    """The region with M2 of class `drone`, which nobody may drive yet and which cannot harvest, and two operators."""
    region = drawn.region()
    drone = replace(region.machine_classes[0], id="drone", licence="V")
    return replace(
        region,
        machine_classes=(*region.machine_classes, drone),
        machines=(*region.machines, replace(region.machines[0], id="M2"), replace(region.machines[0], id="M3")),
        operators=(*region.operators, replace(region.operators[0], id="P2"), replace(region.operators[0], id="P3")),
    )


def test_jobs_are_timed_one_behind_the_other_in_the_order_of_the_rows(tmp_path: Path) -> None:
    region = drawn.region(3)
    plan = read(tmp_path, region, "M1,J2", "M1,J1")
    (route,) = plan.routes
    assert [(stop.job_id, stop.start, stop.end) for stop in route.stops] == [
        ("J2", drawn.at(8), drawn.at(9)),
        ("J1", drawn.at(9), drawn.at(10)),
    ]
    assert [out.job_id for out in plan.unserved] == ["J3"]
    assert (plan.engine, plan.bound) == ("hand", None)
    assert check_plan(region, plan).ok


def test_a_table_as_excel_saves_it_in_china_is_read(tmp_path: Path) -> None:
    path = tmp_path / "手排.csv"
    path.write_bytes("machine_id;job_id;备注\nM1;J1;先割大田\n".encode("gbk"))
    assert [stop.job_id for stop in read_hand_plan(path, drawn.region()).routes[0].stops] == ["J1"]


def test_a_table_without_rows_is_a_plan_of_nothing(tmp_path: Path) -> None:
    region = drawn.region()
    plan = read(tmp_path, region)
    assert (plan.routes, plan.crews, len(plan.unserved)) == ((), (), 2)
    assert check_plan(region, plan).ok


def test_whoever_is_named_drives_and_the_others_are_found(tmp_path: Path) -> None:
    region = two_machines()
    plan = read(tmp_path, region, "M1,J1,P3", "M2,J2,", header="machine_id,job_id,operator_id")
    drivers = {crew.machine_id: crew.operator_id for crew in plan.crews}
    assert drivers["M1"] == "P3"
    assert drivers["M2"] in ("P1", "P2")
    assert check_plan(region, plan).ok


@pytest.mark.parametrize("seed", range(6))
def test_what_the_search_plans_can_be_written_by_hand(seed: int, tmp_path: Path) -> None:
    """Chained jobs on many machines: a plan's own order is never refused, and breaks no rule."""
    tied = tied_by_chance(seed, machines=6)
    region = replace(tied, dryers=(), jobs=tuple(replace(job, part_max_ha=None) for job in tied.jobs))
    problem = make_problem(region)
    found = fill_greedy(problem, simple_roster(problem))
    lines = [f"{region.machines[m].id},{region.jobs[j].id}" for m, route in enumerate(found.routes) for j in route]
    plan = read(tmp_path, region, *lines)
    served = {stop.job_id for route in plan.routes for stop in route.stops}
    assert served == {line.split(",")[1] for line in lines}
    assert len(served) > len(region.jobs) / 4
    assert check_plan(region, plan).ok


@pytest.mark.parametrize(
    ("rows", "row", "column", "problem"),
    [
        (["M1,J1", "M7,J2"], 3, "machine_id", "M7 does not stand in machines.csv"),
        (["M1,J9"], 2, "job_id", "J9 does not stand in jobs.csv"),
        (["M1,J1", "M1,J1"], 3, "job_id", "stands twice"),
        (["M1,"], 2, "job_id", "empty"),
        ([",J1"], 2, "machine_id", "empty"),
        (["M1,J1,P9"], 2, "operator_id", "P9 does not stand in operators.csv"),
        (["M1,J1,P1", "M1,J2,P2"], 3, "operator_id", "another than on the machine's rows above"),
        (["M1,J1,P1", "M2,J2,P1"], 3, "operator_id", "drives M1 on the rows above"),
    ],
)
def test_a_fault_is_named_by_file_row_and_column(
    rows: list[str], row: int, column: str, problem: str, tmp_path: Path
) -> None:
    (fault,) = faults(tmp_path, two_machines(), *rows, header="machine_id,job_id,operator_id")
    assert (fault.file, fault.row, fault.column) == ("hand.csv", row, column)
    assert problem in fault.problem


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    found = faults(tmp_path, drawn.region(), "M7,J1", "M1,J8", "M1,J2", "M1,J2")
    assert [(fault.row, fault.column) for fault in found] == [(2, "machine_id"), (3, "job_id"), (5, "job_id")]


def test_an_operator_who_may_not_drive_the_machine_is_named(tmp_path: Path) -> None:
    region = two_machines()
    unlearned = replace(region.operators[1], licences={})
    region = replace(region, operators=(region.operators[0], unlearned, region.operators[2]))
    (fault,) = faults(tmp_path, region, "M1,J1,P2", "M1,J2,P2", header="machine_id,job_id,operator_id")
    assert (fault.row, fault.column, fault.value) == (2, "operator_id", "P2")
    assert "on no day" in fault.problem


def test_a_machine_that_cannot_do_the_work_is_named(tmp_path: Path) -> None:
    region = two_machines()
    drone = replace(region.machines[1], machine_class="drone")
    region = replace(region, machines=(region.machines[0], drone, region.machines[2]))
    (fault,) = faults(tmp_path, region, "M1,J1", "M2,J2")
    assert (fault.row, fault.column, fault.value) == (3, "machine_id", "M2")


def test_the_row_with_which_the_day_is_full_is_the_one_named(tmp_path: Path) -> None:
    """Ten jobs of an hour fill the day; the eleventh is refused, not the machine."""
    region = drawn.region(12)
    (fault,) = faults(tmp_path, region, *(f"M1,J{n}" for n in range(12, 0, -1)))
    assert (fault.file, fault.row, fault.column, fault.value) == ("hand.csv", 12, "job_id", "J2")
    assert "another machine" in fault.mend


JOBS = """
job  km  ha  open     due      close    yuan
A    10   2  1T00:00  1T18:00  2T24:00  1000
B    10   2  1T00:00  1T18:00  1T13:00  1000  after_job_id=A
"""


def test_a_job_without_the_one_that_it_follows_is_named(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, far.region(JOBS), "M1,B")
    assert (fault.row, fault.column) == (2, "job_id")
    assert "follows A" in fault.problem


def test_a_job_before_the_one_that_it_follows_is_named(tmp_path: Path) -> None:
    """A cannot end before B, which stands first on their one machine; the other order is right."""
    plan = read(tmp_path, far.region(JOBS), "M1,A", "M1,B")
    assert [stop.job_id for stop in plan.routes[0].stops] == ["A", "B"]
    (fault,) = faults(tmp_path, far.region(JOBS), "M1,B", "M1,A")
    assert (fault.row, fault.column, fault.value) == (2, "job_id", "B")


def test_a_table_without_its_columns_or_that_is_not_there_is_named(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, drawn.region(), "M1", header="machine_id")
    assert (fault.file, fault.row, fault.column) == ("hand.csv", 1, "job_id")
    with pytest.raises(NotFound, match="nothing\\.csv"):
        read_hand_plan(tmp_path / "nothing.csv", drawn.region())
