from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from tests.files.sample_plan import phone_plan, small_plan, small_region

from nongshi.files.workbook import write_workbook

Rows = dict[str, list[list[Any]]]


def read_back(path: Path) -> Rows:
    book = CalamineWorkbook.from_path(str(path))
    return {name.split()[-1]: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    path = tmp_path_factory.mktemp("book") / "plan.xlsx"
    region = small_region()
    write_workbook(path, region, small_plan(region), baseline=phone_plan(region))
    return read_back(path)


def test_there_are_six_sheets(sheets: Rows) -> None:
    assert list(sheets) == ["Summary", "Stops", "Unserved", "Crews", "Prices", "Assumptions"]


def test_every_stop_has_a_row_with_real_times_and_numbers(sheets: Rows) -> None:
    region = small_region()
    heads, *rows = sheets["Stops"]
    stops = [stop for route in small_plan(region).routes for stop in route.stops]
    assert len(rows) == len(stops) == 11
    row = dict(zip((head.split()[-1] for head in heads), rows[0], strict=True))
    assert row["Start"] == datetime(2026, 11, 1, 7, 30)
    assert (row["mu"], row["ha"], row["Operator"]) == (30.0, 2.0, "P1")
    assert [r[heads.index("转移 公里 km")] for r in rows] == [stop.km for stop in stops]


def test_a_name_that_begins_like_a_formula_stays_a_name(sheets: Rows) -> None:
    heads, *rows = sheets["Stops"]
    assert '=2+2 "引号" & #let x' in [row[heads.index("地块名 Field name")] for row in rows]


def test_the_summary_puts_the_phone_dispatcher_beside_the_plan(sheets: Rows) -> None:
    region = small_region()
    ours, theirs = small_plan(region).objective_fen / 100, phone_plan(region).objective_fen / 100
    value = next(row for row in sheets["Summary"] if "Value yuan" in row[0])
    assert value[1:] == pytest.approx([ours, theirs, ours / theirs], abs=0.01)


def test_unserved_jobs_crews_and_prices_are_all_there(sheets: Rows) -> None:
    plan = small_plan(small_region())
    assert [row[0] for row in sheets["Unserved"][1:]] == [left.job_id for left in plan.unserved] == ["J11"]
    assert len(sheets["Crews"]) - 1 == len(plan.crews)
    assert sheets["Prices"][1][2:] == [date(2026, 11, 1), 180.0]


def test_the_regions_own_assumptions_are_listed(sheets: Rows) -> None:
    assert ["地块面积", 2.0, "ha", "drawn by hand", "2026-11-01"] in sheets["Assumptions"]


@pytest.mark.parametrize(("synthetic", "said"), [(True, "生成数据"), (False, "真实数据")])
def test_the_summary_says_whether_data_is_generated(tmp_path: Path, synthetic: bool, said: str) -> None:
    region = small_region(synthetic=synthetic)
    write_workbook(tmp_path / "a.xlsx", region, small_plan(region))
    assert any(said in str(row[1]) for row in read_back(tmp_path / "a.xlsx")["Summary"])
