import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from tests.files.sample_plan import START, small_plan, small_region

from nongshi.core.plan import Plan
from nongshi.files.day_sheets import QR_BYTES_MAX, make_sheets, qr_text, write_day_sheets
from nongshi.files.plan_rows import StopRow, stop_rows


def rows_of_first_day() -> list[StopRow]:
    region = small_region()
    return [row for row in stop_rows(region, small_plan(region)) if row.machine.id == "M1" and START in row.worked]


def text_of(pdf: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler) is not installed")
    return subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout


def test_there_is_one_page_for_each_machine_and_day_with_work(tmp_path: Path) -> None:
    region = small_region()
    plan = small_plan(region)
    machine_days = {(row.machine.id, day) for row in stop_rows(region, plan) for day in row.worked}
    assert write_day_sheets(tmp_path / "a.pdf", region, plan) == len(machine_days) > 5
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


def test_the_same_plan_gives_the_same_file(tmp_path: Path) -> None:
    region = small_region()
    for name in ("a.pdf", "b.pdf"):
        write_day_sheets(tmp_path / name, region, small_plan(region))
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_a_job_cut_by_the_night_stands_on_both_days_and_moves_once() -> None:
    region = small_region()
    first, second = make_sheets(region, small_plan(region), stop_rows(region, small_plan(region)))[:2]
    before, after = first["rows"][1], second["rows"][0]
    assert before[1] == "13:33–17:00\n（未完）"
    assert after[1] == "07:00–09:06\n（续）"
    assert before[2] == after[2]
    assert (before[6], after[6]) == ("3.0", "0.0")


def test_names_that_look_like_markup_are_printed_as_they_are(tmp_path: Path) -> None:
    region = small_region()
    write_day_sheets(tmp_path / "a.pdf", region, small_plan(region))
    text = text_of(tmp_path / "a.pdf")
    assert "廊下村1号田" in text
    assert "#let x" in text
    assert "<script>" in text


@pytest.mark.parametrize("synthetic", [True, False])
def test_sheets_of_generated_data_say_so(tmp_path: Path, synthetic: bool) -> None:
    region = small_region(synthetic=synthetic)
    write_day_sheets(tmp_path / "a.pdf", region, small_plan(region))
    assert ("生成数据" in text_of(tmp_path / "a.pdf")) is synthetic


def test_a_sign_outside_the_font_does_not_stop_the_sheet(tmp_path: Path) -> None:
    region = small_region()
    rare = replace(region, fields=tuple(replace(field, name="𠮷田 한글") for field in region.fields))
    assert write_day_sheets(tmp_path / "a.pdf", rare, small_plan(rare)) > 5


def test_a_long_day_goes_on_on_a_second_page(tmp_path: Path) -> None:
    region = small_region()
    many = tuple(replace(region.jobs[1], id=f"K{i:02d}", area_ha=0.01, field_id="F01") for i in range(40))
    plan = small_plan(replace(region, jobs=many))
    stops = plan.routes[0].stops
    packed = tuple(replace(stop, start=stops[0].start, end=stops[0].end) for stop in stops)
    one_day = replace(plan, routes=(replace(plan.routes[0], stops=packed),))
    assert write_day_sheets(tmp_path / "a.pdf", replace(region, jobs=many), one_day) > 1


def test_a_plan_without_work_gives_one_page(tmp_path: Path) -> None:
    region = small_region()
    empty: Plan = replace(small_plan(region), routes=())
    assert write_day_sheets(tmp_path / "a.pdf", region, empty) == 1


def test_the_code_tells_machine_day_and_stops() -> None:
    assert qr_text("小样", "M1", START, rows_of_first_day()) == "nongshi:1|小样|M1|2026-11-01|J00@07:30;J02@13:33"


def test_the_code_of_a_long_day_is_trimmed_at_a_whole_stop() -> None:
    text = qr_text("小样", "M1", START, rows_of_first_day() * 40)
    assert QR_BYTES_MAX - 12 < len(text.encode()) <= QR_BYTES_MAX
    assert text.endswith(("@07:30", "@13:33"))
