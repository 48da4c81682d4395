"""Reading a region folder: what a sound one means, and that each fault is told by place, value and mend."""

from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.files import drawn
from tests.files.drawn import SQUARE, feature, fields, swapped

from nongshi.core.errors import FAULTS_SHOWN_MAX, BadFiles
from nongshi.files.region_reader import read_region

TZ = ZoneInfo("Asia/Shanghai")
REGIONS = Path(__file__).parents[3] / "shared" / "data" / "regions"


def test_the_drawn_folder_is_read_with_the_documented_defaults(tmp_path: Path) -> None:
    region = read_region(drawn.folder(tmp_path))

    assert (region.name, region.zone, region.detour, region.horizon_days) == ("钱圩", "Asia/Shanghai", 1.3, 3)
    assert (region.start_date, region.synthetic) == (date(2026, 11, 1), True)
    assert region.extra == {"generator": {"seed": 7}}
    assert region.operator_of["P1"].hours_max == 10.0
    assert region.operator_of["P1"].licences == {"S": date(2028, 5, 31), "G1": date(2027, 1, 1)}
    assert region.operator_of["P1"].off_days == {date(2026, 11, 3)}
    assert region.operator_of["P2"].licences == {}
    assert (region.class_of["tractor"].cost_fen_km, region.class_of["tractor"].cost_fen_h) == (305, 0)
    assert region.job_of["J1"].value_fen == 270522
    assert (region.job_of["J1"].after_h, region.job_of["J2"].after_h) == (0.0, 12.0)
    assert region.curve_of["rice"].loss_share == (0.0, 0.06, 0.33)
    assert region.rate_ha_h["combine", "rice_harvest"] == 0.36
    assert region.dryers[0].hold_t == 30.5


def test_a_bare_date_in_from_is_its_midnight_and_in_to_the_midnight_behind_it(tmp_path: Path) -> None:
    machine = read_region(drawn.folder(tmp_path)).machine_of["M2"]

    assert machine.available_from == datetime(2026, 11, 2, tzinfo=TZ)
    assert machine.available_to == datetime(2026, 11, 4, tzinfo=TZ)


def test_a_workday_without_times_is_a_day_without_work_and_one_beyond_the_horizon_no_fault(tmp_path: Path) -> None:
    workdays = read_region(drawn.folder(tmp_path)).workdays

    assert (workdays[1].start, workdays[1].end) == (time(8), time(17, 30))
    assert (workdays[2].start, workdays[2].end) == (None, None)
    assert workdays[3].date == date(2026, 12, 24)


def test_a_job_wholly_outside_the_horizon_is_no_fault(tmp_path: Path) -> None:
    late = swapped(
        "jobs",
        "2026-11-01T07:00,2026-11-02T18:00,2026-11-03T18:00",
        "2027-01-01T07:00,2027-01-02T07:00,2027-01-03T07:00",
    )
    assert drawn.faults_of(drawn.folder(tmp_path, jobs=late)) == ()


def test_the_gate_lies_inside_the_outline_where_none_is_given(tmp_path: Path) -> None:
    field = read_region(drawn.folder(tmp_path)).field_of["F1"]

    assert 121.0 < field.gate_lon < 121.002
    assert 30.7 < field.gate_lat < 30.702
    assert (field.area_ha, field.extra) == (4.2, {"town": "金山卫镇"})
    assert field.polygons == ((tuple((lon, lat) for lon, lat in SQUARE),),)


def test_a_given_gate_is_kept_and_numbers_as_ids_are_texts(tmp_path: Path) -> None:
    text = fields(feature(gate_lon=121.5, gate_lat=30.5), feature(17))
    region = read_region(drawn.folder(tmp_path, fields=text))

    assert (region.field_of["F1"].gate_lon, region.field_of["F1"].gate_lat) == (121.5, 30.5)
    assert "17" in region.field_of


def test_a_multipolygon_keeps_its_parts_and_holes_and_loses_heights(tmp_path: Path) -> None:
    hole = [[121.0005, 30.7005], [121.001, 30.7005], [121.001, 30.701], [121.0005, 30.7005]]
    far = [[lon + 1, lat, 4.5] for lon, lat in SQUARE]
    multi = feature()
    multi["geometry"] = {"type": "MultiPolygon", "coordinates": [[SQUARE, hole], [far]]}
    polygons = read_region(drawn.folder(tmp_path, fields=fields(multi))).field_of["F1"].polygons

    assert [len(polygon) for polygon in polygons] == [2, 1]
    assert polygons[1][0][0] == (122.0, 30.7)


@pytest.mark.parametrize(
    "written", ["2026-11-01 07:00", "2026/11/1 7:00", "2026-11-01T07:00:00", "2026/11/01 07:00:00"]
)
def test_times_are_read_as_people_and_excel_write_them(tmp_path: Path, written: str) -> None:
    jobs = swapped("jobs", "2026-11-01T07:00", written)
    assert read_region(drawn.folder(tmp_path, jobs=jobs)).job_of["J1"].open == datetime(2026, 11, 1, 7, tzinfo=TZ)


@pytest.mark.parametrize(
    ("written", "meant"), [("是", True), ("否", False), ("YES", True), ("0", False), ("TRUE", True)]
)
def test_flags_are_read_in_both_languages(tmp_path: Path, written: str, meant: bool) -> None:
    operators = swapped("operators", ",false", f",{written}")
    assert read_region(drawn.folder(tmp_path, operators=operators)).operator_of["P1"].shared is meant


def test_chinese_punctuation_between_licences_is_understood(tmp_path: Path) -> None:
    operators = swapped("operators", "S:2028-05-31;G1:2027-01-01", "S：2028-05-31；G1：2027-01-01")
    assert set(read_region(drawn.folder(tmp_path, operators=operators)).operator_of["P1"].licences) == {"S", "G1"}


JOB = "J1,F1,rice_harvest,3.5,2026-11-01T07:00,2026-11-02T18:00,2026-11-03T18:00,2705.22,rice,1.5,,,31.5"
J2 = "J2,F1,wheat_sow,3.5,2026-11-01T07:00,2026-11-02T18:00,2026-11-03T18:00,900,sow,,J1,12,"

# stem, what stands there, what is put there instead; then row, column, value and a word of the mend
CELLS = [
    ("jobs", "J2,F1,", ",F1,", 3, "id", "", "fill in"),
    ("jobs", "J1,F1,", "J1,,", 2, "field_id", "", "fill in"),
    ("jobs", "J1,F1,", "J1,F9,", 2, "field_id", "F9", "fields.geojson"),
    ("jobs", "rice_harvest,3.5", ",3.5", 2, "operation", "", "fill in"),
    ("jobs", "rice_harvest,3.5", "rice_harvest,", 2, "area_ha", "", "number"),
    ("jobs", "rice_harvest,3.5", "rice_harvest,0", 2, "area_ha", "0", "correct"),
    ("jobs", "rice_harvest,3.5", "rice_harvest,-3.5", 2, "area_ha", "-3.5", "correct"),
    ("jobs", "rice_harvest,3.5", "rice_harvest,big", 2, "area_ha", "big", "digits"),
    ("jobs", "rice_harvest,3.5", "rice_harvest,nan", 2, "area_ha", "nan", "number"),
    ("jobs", "rice_harvest,3.5", "rice_harvest,-inf", 2, "area_ha", "-inf", "number"),
    ("jobs", "rice_harvest,3.5", "rice_harvest,1e999", 2, "area_ha", "1e999", "number"),
    ("jobs", "rice_harvest,3.5", "rice_harvest,1e12", 2, "area_ha", "1e12", "correct"),
    ("jobs", "rice_harvest,3.5", 'rice_harvest,"3,5"', 2, "area_ha", "3,5", "point"),
    ("jobs", "rice_harvest,3.5", "rice_harvest,３.５", 2, "area_ha", "３.５", "digits"),
    ("jobs", "2026-11-01T07:00", "1 Nov 2026", 2, "open", "1 Nov 2026", "YYYY-MM-DDTHH:MM"),
    ("jobs", "2026-11-01T07:00", "2026-11-31T07:00", 2, "open", "2026-11-31T07:00", "YYYY-MM-DDTHH:MM"),
    ("jobs", "2026-11-01T07:00", "2026-11-01T07:00+08:00", 2, "open", "2026-11-01T07:00+08:00", "without offset"),
    ("jobs", "2026-11-01T07:00", "2026-11-01", 2, "open", "2026-11-01", "YYYY-MM-DDTHH:MM"),
    ("jobs", "2026-11-02T18:00", "2026-10-30T18:00", 2, "due", "2026-10-30T18:00", "order"),
    ("jobs", "2026-11-03T18:00", "2026-11-02T17:59", 2, "close", "2026-11-02T17:59", "order"),
    ("jobs", "2705.22", "2705.225", 2, "value_yuan", "2705.225", "fen"),
    ("jobs", "2705.22", "-1", 2, "value_yuan", "-1", "correct"),
    ("jobs", "2705.22,rice,", "2705.22,wheat,", 2, "loss_curve", "wheat", "loss_curves.csv"),
    ("jobs", "rice,1.5", "rice,0", 2, "part_max_ha", "0", "correct"),
    ("jobs", "rice,1.5", "rice,0.0035", 2, "part_max_ha", "0.0035", "enlarge"),
    ("jobs", "31.5\n", "-1\n", 2, "wet_t", "-1", "correct"),
    ("jobs", "J1,12", "J1,-1", 3, "after_h", "-1", "correct"),
    ("jobs", "J1,12", "J7,12", 3, "after_job_id", "J7", "add J7"),
    ("jobs", "J1,12", "J2,12", 3, "after_job_id", "J2", "empty"),
    ("machines", "M2,tractor", "M1,tractor", 3, "id", "M1", "delete"),
    ("jobs", "31.5\n", "31.5,stray\n", 2, None, "stray", "quotes"),
    ("machine_classes", "combine,履", "*,履", 2, "machine_class", "*", "another name"),
    ("machine_classes", "S,20,20", "S,0,20", 2, "road_km_h", "0", "correct"),
    ("machine_classes", "S,20,20", "S,20,-1", 2, "load_min", "-1", "correct"),
    ("machine_classes", "6.0,70", "6.001,70", 2, "cost_yuan_km", "6.001", "fen"),
    ("machine_classes", "tractor,拖", "combine,拖", 3, "machine_class", "combine", "delete"),
    ("work_rates", "combine,rice", "harvester,rice", 2, "machine_class", "harvester", "combine, tractor"),
    ("work_rates", "0.36", "0", 2, "rate_ha_h", "0", "correct"),
    ("work_rates", "tractor,wheat_sow", "combine,rice_harvest", 3, "machine_class,operation", "combine,rice_harvest", "delete"),  # noqa: E501
    ("machines", "M1,combine", "M1,plough", 2, "machine_class", "plough", "machine_classes.csv"),
    ("machines", "combine,C1", "combine,", 2, "owner_id", "", "fill in"),
    ("machines", "121.01,30.71", "30.71,121.01", 2, "yard_lat", "121.01", "swapped"),
    ("machines", "121.01,30.71", "121.01,", 2, "yard_lat", "", "fill in"),
    ("machines", "121.01,30.71", "200,30.71", 2, "yard_lon", "200", "WGS 84"),
    ("machines", "2026-11-02,2026-11-03", "2026-11-05,2026-11-03", 3, "to", "2026-11-03", "swap"),
    ("machines", "2026-11-02,", "soon,", 3, "from", "soon", "YYYY-MM-DD"),
    ("operators", "S:2028-05-31;", "S=2028-05-31;", 2, "licences", "S=2028-05-31;G1:2027-01-01", "class:last valid day"),  # noqa: E501
    ("operators", "S:2028-05-31;", "S:soon;", 2, "licences", "S:soon;G1:2027-01-01", "class:last valid day"),
    ("operators", "S:2028-05-31;", "X9:2028-05-31;", 2, "licences", "X9:2028-05-31;G1:2027-01-01", "machine_classes.csv"),  # noqa: E501
    ("operators", "S:2028-05-31;", "G1:2028-05-31;", 2, "licences", "G1:2028-05-31;G1:2027-01-01", "longer"),
    ("operators", ",9.5,", ",25,", 3, "hours_max", "25", "correct"),
    ("operators", ",9.5,", ",0,", 3, "hours_max", "0", "correct"),
    ("operators", "2026-11-03,false", "2026-11-03 or so,false", 2, "off_days", "2026-11-03 or so", "semicolons"),
    ("operators", ",false", ",maybe", 2, "shared", "maybe", "true or false"),
    ("operators", ",false", ",", 2, "shared", "", "fill in"),
    ("workdays", "2026-11-01,*", "1.11.2026,*", 2, "date", "1.11.2026", "YYYY-MM-DD"),
    ("workdays", "07:00,17:30", "17:30,07:00", 2, "end", "07:00", "later end"),
    ("workdays", "07:00,17:30", "07:00,07:00", 2, "end", "07:00", "later end"),
    ("workdays", "07:00,17:30", "07:00,", 2, "end", "", "both"),
    ("workdays", "07:00,17:30", "7 am,17:30", 2, "start", "7 am", "HH:MM"),
    ("workdays", "07:00,17:30", "07:00,24:00", 2, "end", "24:00", "23:59"),
    ("workdays", "2026-11-01,combine", "2026-11-01,plough", 3, "machine_class", "plough", "machine_classes.csv"),
    ("workdays", "2026-11-02,*", "2026-11-01,*", 4, "date,machine_class", "2026-11-01,*", "delete"),
    ("loss_curves", "rice,0,0", "rice,0,0.01", 2, "loss_share", "0.01", "rice,0,0"),
    ("loss_curves", "rice,0,0", "rice,1,0", 2, "days_late", "1", "rice,0,0"),
    ("loss_curves", "rice,5,", "rice,1,", 4, "days_late", "1", "in order"),
    ("loss_curves", "0.33", "0.01", 4, "loss_share", "0.01", "lose less"),
    ("loss_curves", "0.33", "0.07", 4, "loss_share", "0.07", "convex"),
    ("loss_curves", "0.33", "1.01", 4, "loss_share", "1.01", "correct"),
    ("dryers", ",50,", ",-50,", 2, "t_day", "-50", "correct"),
    ("dryers", "121.02,30.72", "30.72,121.02", 2, "lat", "121.02", "swapped"),
]  # fmt: skip


@pytest.mark.parametrize(("stem", "old", "new", "row", "column", "value", "mend"), CELLS)
def test_a_faulty_cell_is_told_alone_with_its_place_and_mend(
    tmp_path: Path, stem: str, old: str, new: str, row: int, column: str, value: str, mend: str
) -> None:
    faults = drawn.faults_of(drawn.folder(tmp_path, **{stem: swapped(stem, old, new)}))
    mine = [fault for fault in faults if fault.file == f"{stem}.csv"]

    assert drawn.places(mine) == [(f"{stem}.csv", row, column, value)]
    assert mend in mine[0].mend
    assert mine[0].problem


def test_a_circle_of_waiting_jobs_is_named_once(tmp_path: Path) -> None:
    jobs = swapped("jobs", "1.5,,,31.5", "1.5,J2,,31.5")
    (fault,) = drawn.faults_of(drawn.folder(tmp_path, jobs=jobs))

    assert (fault.row, fault.column) == (2, "after_job_id")
    assert "J1 -> J2 -> J1" in fault.problem


def test_a_job_can_only_wait_for_one_on_its_own_field(tmp_path: Path) -> None:
    at = drawn.folder(tmp_path, fields=fields(feature(), feature("F2")), jobs=swapped("jobs", "J2,F1,", "J2,F2,"))
    (fault,) = drawn.faults_of(at)

    assert (fault.row, fault.column, fault.value) == (3, "after_job_id", "J1")
    assert "own field" in fault.mend


def test_a_licence_that_only_this_region_names_is_known(tmp_path: Path) -> None:
    at = drawn.folder(
        tmp_path,
        machine_classes=swapped("machine_classes", ",S,", ",X9,"),
        operators=swapped("operators", "S:2028", "X9:2028"),
    )
    assert read_region(at).operator_of["P1"].licences["X9"] == date(2028, 5, 31)


HEAD = [
    ('name = "钱圩"', "", "name", None),
    ('name = "钱圩"', "name = 7", "name", "7"),
    ('start_date = "2026-11-01"', 'start_date = "1 Nov"', "start_date", "1 Nov"),
    ("horizon_days = 3", "horizon_days = 0", "horizon_days", "0"),
    ("horizon_days = 3", "horizon_days = 401", "horizon_days", "401"),
    ("horizon_days = 3", "horizon_days = 3.0", "horizon_days", "3.0"),
    ("horizon_days = 3", "horizon_days = true", "horizon_days", "True"),
    ("horizon_days = 3", "horizon_days = 3\ndetour = 0.9", "detour", "0.9"),
    ("horizon_days = 3", "horizon_days = 3\ndetour = nan", "detour", "nan"),
    ("horizon_days = 3", 'horizon_days = 3\ntimezone = "Asia/Jinshan"', "timezone", "Asia/Jinshan"),
    ("horizon_days = 3", 'horizon_days = 3\ntimezone = "../etc"', "timezone", "../etc"),
    ("synthetic = true", 'synthetic = "no"', "synthetic", "no"),
    ("synthetic = true", "synthetic = yes", None, None),
]


@pytest.mark.parametrize(("old", "new", "column", "value"), HEAD)
def test_a_faulty_region_toml_is_told_by_key(
    tmp_path: Path, old: str, new: str, column: str | None, value: str | None
) -> None:
    (fault,) = drawn.faults_of(drawn.folder(tmp_path, region=swapped("region", old, new)))

    assert (fault.file, fault.row, fault.column, fault.value) == ("region.toml", None, column, value)
    assert "write" in fault.mend


def test_a_missing_folder_is_told_as_such(tmp_path: Path) -> None:
    (fault,) = drawn.faults_of(tmp_path / "nowhere")
    assert (fault.file, fault.row) == ("nowhere", None)
    assert "region.toml" in fault.mend


@pytest.mark.parametrize("stem", ["region", "fields", *("machine_classes", "work_rates", "loss_curves", "machines")])
def test_a_missing_file_is_one_fault_and_no_avalanche_behind_it(tmp_path: Path, stem: str) -> None:
    (fault,) = drawn.faults_of(drawn.folder(tmp_path, **{stem: None}))
    assert fault.file.startswith(stem)
    assert "put" in fault.mend


def test_dryers_may_be_missing(tmp_path: Path) -> None:
    assert read_region(drawn.folder(tmp_path, dryers=None)).dryers == ()


def test_an_unknown_field_of_a_faulty_feature_does_not_count_as_unknown(tmp_path: Path) -> None:
    at = drawn.folder(tmp_path, fields=fields(feature(area=-1)))
    assert drawn.places(drawn.faults_of(at)) == [("fields.geojson", 1, "area", "-1.0")]


def test_faults_of_all_files_come_at_once_in_the_order_of_files_and_rows(tmp_path: Path) -> None:
    at = drawn.folder(
        tmp_path,
        region=swapped("region", "horizon_days = 3", "horizon_days = 0"),
        fields=fields(feature(), feature()),
        work_rates=swapped("work_rates", "0.36", "fast"),
        jobs=swapped("jobs", J2, J2.replace("900", "9.005")).replace(
            JOB, JOB.replace("3.5", "0").replace("rice,", "wheat,")
        ),
    )
    assert drawn.places(drawn.faults_of(at)) == [
        ("region.toml", None, "horizon_days", "0"),
        ("fields.geojson", 2, "id", "F1"),
        ("work_rates.csv", 2, "rate_ha_h", "fast"),
        ("jobs.csv", 2, "area_ha", "0"),
        ("jobs.csv", 2, "loss_curve", "wheat"),
        ("jobs.csv", 3, "value_yuan", "9.005"),
    ]


def test_fifty_faults_are_told_and_the_others_counted(tmp_path: Path) -> None:
    rows = "".join(JOB.replace("J1", f"J{i}").replace("3.5", "x") + "\n" for i in range(3, 83))
    with pytest.raises(BadFiles, match="80 fault") as caught:
        read_region(drawn.folder(tmp_path, jobs=drawn.FILES["jobs.csv"] + rows))

    assert (len(caught.value.faults), caught.value.found) == (FAULTS_SHOWN_MAX, 80)
    assert "and 30 more" in str(caught.value)


@pytest.mark.parametrize("name", ["jinshan-60", "jinshan-300", "jinshan-1000"])
def test_the_shared_regions_are_read(name: str) -> None:
    if not (REGIONS / name).is_dir():
        pytest.skip(f"the shared region {name} is not beside this repository")
    region = read_region(REGIONS / name)

    assert region.name == name
    assert len(region.fields) == int(name.partition("-")[2])
    assert bool(region.dryers) == (name == "jinshan-300")
