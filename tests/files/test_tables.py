"""Tables as people save them: every encoding, separator and header that Excel makes of them."""

import codecs
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.files import drawn
from tests.files.drawn import swapped

from nongshi.files.decode import UnknownEncoding, decode, encode
from nongshi.files.region_reader import read_region

# GB 2312's first level, rows 16 to 55: the hanzi of daily use, in which villages and people are named.
DAILY = [
    bytes((row, cell)).decode("gb2312")
    for row in range(0xB0, 0xD8)
    for cell in range(0xA1, 0xFF)
    if not (row == 0xD7 and cell > 0xF9)
]
NAME = st.text(st.sampled_from(DAILY), min_size=1, max_size=6)
ASCII_CELL = st.sampled_from(["J1", "id", "3.5", "2026-11-01T07:00", "rice_harvest", "", "G1:2027-01-01"])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(names=st.lists(NAME, min_size=1, max_size=5), cells=st.lists(ASCII_CELL, max_size=5))
@example(names=["农时"], cells=[])
@example(names=["牛"], cells=["J1"])
@example(names=["路", "木"], cells=["id"])
def test_any_daily_chinese_saved_as_gbk_is_read_right(names: list[str], cells: list[str]) -> None:
    """The law behind the trap: some of these bytes are valid UTF-8 (the GBK of 农时 reads as two accented letters)."""
    text = "id,name\n" + ",".join([*cells, *names]) + "\n"
    assert decode(text.encode("gbk")) == text


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(names=st.lists(NAME, min_size=1, max_size=5), cells=st.lists(ASCII_CELL, max_size=5))
def test_any_daily_chinese_saved_as_utf8_is_read_right(names: list[str], cells: list[str]) -> None:
    text = "id,name\n" + ",".join([*cells, *names]) + "\n"
    assert decode(text.encode()) == text


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20))
@example("牛")
@example("ţ")
def test_what_we_write_is_read_back_whatever_the_letters(text: str) -> None:
    assert decode(encode(text)) == text


@pytest.mark.parametrize(
    "text",
    ["Müller, Gülle 25 m², 30 °C", "Žďár nad Sázavou", "Поле у реки", "ئۇيغۇر", "農協の田んぼ", "浜桥村、泖港镇"],
)
def test_other_languages_in_utf8_stay_what_they_are(text: str) -> None:
    assert decode(text.encode()) == text


def test_bytes_that_are_no_text_we_know_are_refused() -> None:
    with pytest.raises(UnknownEncoding):
        decode("Bücher für Köln".encode("latin-1"))
    with pytest.raises(UnknownEncoding):
        decode(b"id,name\n1,\xff\xff\n")
    with pytest.raises(UnknownEncoding):
        decode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(1, 128)))


def _as_saved(tmp_path: Path, encoding: str, *, separator: str = ",", end: str = "\n") -> Path:
    """The drawn folder with all its tables saved in another way."""
    tables = {}
    for name, text in drawn.FILES.items():
        if name.endswith(".csv"):
            saved = text.lstrip("\n").replace('"assumption, drawn"', "drawn")
            if separator != ",":
                saved = saved.replace("S:2028-05-31;G1:2027-01-01", '"S:2028-05-31;G1:2027-01-01"')
            tables[name.removesuffix(".csv")] = saved.replace(",", separator).replace("\n", end).encode(encoding)
    return drawn.folder(tmp_path, **tables)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
@pytest.mark.parametrize(("separator", "end"), [(",", "\n"), (",", "\r\n"), (";", "\r\n"), ("\t", "\r\n")])
def test_tables_are_read_as_excel_saves_them(tmp_path: Path, encoding: str, separator: str, end: str) -> None:
    plain = read_region(_as_saved(tmp_path / "plain", "utf-8"))
    assert read_region(_as_saved(tmp_path / "saved", encoding, separator=separator, end=end)) == plain
    assert plain.class_of["combine"].name == "履带收割机"


def test_utf16_without_a_mark_is_read() -> None:
    text = "id,name\n1,农时\n"
    assert decode(text.encode("utf-16-le")) == decode(text.encode("utf-16-be")) == text
    assert decode(codecs.BOM_UTF16_BE + text.encode("utf-16-be")) == text


def test_a_file_in_an_unknown_encoding_is_one_fault(tmp_path: Path) -> None:
    (fault,) = drawn.faults_of(drawn.folder(tmp_path, machine_classes="id,né à côté\n".encode("latin-1")))
    assert (fault.file, fault.row, fault.column) == ("machine_classes.csv", None, None)
    assert "CSV UTF-8" in fault.mend


def test_decimal_commas_are_refused_and_not_guessed(tmp_path: Path) -> None:
    dryers = drawn.FILES["dryers.csv"].replace(",", ";").replace("30.5", "30,5")
    (fault,) = drawn.faults_of(drawn.folder(tmp_path, dryers=dryers))
    assert drawn.places([fault]) == [("dryers.csv", 2, "hold_t", "30,5")]
    assert "point" in fault.mend


def test_column_names_may_have_blanks_and_capitals_and_unknown_columns_are_ignored(tmp_path: Path) -> None:
    dryers = "ID, Lon ,LAT,t_day,Hold_T,colour\nD1,121.02,30.72,50,30.5,red\n"
    assert read_region(drawn.folder(tmp_path, dryers=dryers)).dryers[0].lon == 121.02


def test_blank_rows_are_skipped_and_still_counted(tmp_path: Path) -> None:
    dryers = "id,lon,lat,t_day,hold_t\n\n,,,,\nD1,121.02,30.72,much,30.5\n"
    assert drawn.places(drawn.faults_of(drawn.folder(tmp_path, dryers=dryers))) == [("dryers.csv", 4, "t_day", "much")]


@pytest.mark.parametrize(("old", "new"), [("area_ha", "area_mu"), ("open,", ""), ("value_yuan", "value")])
def test_a_missing_column_is_told_in_the_header_row_and_nowhere_else(tmp_path: Path, old: str, new: str) -> None:
    (fault,) = drawn.faults_of(drawn.folder(tmp_path, jobs=swapped("jobs", old, new)))
    assert (fault.file, fault.row, fault.column, fault.value) == ("jobs.csv", 1, old.strip(","), None)
    assert "add the column" in fault.mend


def test_optional_columns_may_be_left_out(tmp_path: Path) -> None:
    region = read_region(
        drawn.folder(tmp_path, machines="id,machine_class,owner_id,yard_lon,yard_lat\nM1,combine,C1,121,30\n")
    )
    assert region.machine_of["M1"].available_to is None


def test_a_column_that_stands_twice_is_told(tmp_path: Path) -> None:
    (fault,) = drawn.faults_of(drawn.folder(tmp_path, dryers="id,lon,lat,t_day,hold_t,Lat\nD1,121,30,1,1,31\n"))
    assert (fault.row, fault.column) == (1, "lat")


@pytest.mark.parametrize("text", ["", "\n", "\ufeff"])
def test_an_empty_table_is_told(tmp_path: Path, text: str) -> None:
    (fault,) = drawn.faults_of(drawn.folder(tmp_path, dryers=text.encode()))
    assert (fault.file, fault.row, fault.problem) == ("dryers.csv", 1, "the file is empty")


def test_a_lone_quote_is_told_by_its_line_and_eats_no_rows(tmp_path: Path) -> None:
    (fault,) = drawn.faults_of(drawn.folder(tmp_path, operators=swapped("operators", "P1,C1", 'P1,"C1')))
    assert fault.file == "operators.csv"
    assert "quote" in fault.mend


def _sheet(path: Path, rows: list[list[object]]) -> None:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)


def test_an_excel_file_stands_in_for_a_csv(tmp_path: Path) -> None:
    rows: list[list[object]] = [["id", "lon", "lat", "t_day", "hold_t"], ["D1", 121.02, 30.72, 50, 30.5]]
    plain = read_region(drawn.folder(tmp_path / "plain"))
    at = drawn.folder(tmp_path / "excel", dryers=None)
    _sheet(at / "dryers.xlsx", rows)
    assert read_region(at) == plain


def test_faults_in_an_excel_file_are_told_by_its_own_rows(tmp_path: Path) -> None:
    at = drawn.folder(tmp_path, dryers=None)
    _sheet(at / "dryers.xlsx", [["id", "lon", "lat", "t_day", "hold_t"], [], ["D1", 121.02, 30.72, "much", 30.5]])
    assert drawn.places(drawn.faults_of(at)) == [("dryers.xlsx", 3, "t_day", "much")]


def test_dates_and_times_of_an_excel_file_are_read(tmp_path: Path) -> None:
    header, first, *_ = (line.split(",") for line in drawn.FILES["jobs.csv"].split())
    moments = [datetime.fromisoformat(text) for text in first[4:7]]
    at = drawn.folder(tmp_path, jobs=None)
    _sheet(at / "jobs.xlsx", [list(header), [*first[:3], 3.5, *moments, 2705.22, "rice", 1.5, "", "", 31.5]])
    job = read_region(at).job_of["J1"]
    assert (job.area_ha, job.value_fen, job.open.hour) == (3.5, 270522, 7)


def test_a_csv_and_an_excel_file_of_one_name_leave_it_open_which_counts(tmp_path: Path) -> None:
    at = drawn.folder(tmp_path)
    _sheet(at / "dryers.xlsx", [["id"]])
    (fault,) = drawn.faults_of(at)
    assert (fault.file, fault.row) == ("dryers.csv", None)
    assert "keep one" in fault.mend


def test_what_only_calls_itself_excel_is_told(tmp_path: Path) -> None:
    at = drawn.folder(tmp_path, dryers=None)
    (at / "dryers.xlsx").write_text("id,lon")
    (fault,) = drawn.faults_of(at)
    assert (fault.file, fault.row) == ("dryers.xlsx", None)
    assert "save it again" in fault.mend
