"""Season folders: read back as written, and everything wrong in them told at once."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from nongshi.core.errors import BadFiles
from nongshi.core.season import Hire
from nongshi.files.season_reader import read_season
from nongshi.files.season_writer import write_season
from nongshi.forecast.ahead import look_ahead
from nongshi.synthetic.season_world import MadeSeason, make_season


@pytest.fixture(scope="module")
def made() -> MadeSeason:
    return make_season(towns=2, weeks=6, seed=2, scenarios=20)


@pytest.fixture(scope="module")
def written(made: MadeSeason, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seasons") / "season"
    write_season(made.season, made.weather, folder)
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    return Path(shutil.copytree(written, tmp_path / "season"))


def put(folder: Path, name: str, *lines: str, keep: int = 0) -> None:
    """A file of these lines, behind the first `keep` of its own."""
    path = folder / name
    old = path.read_text(encoding="utf-8").splitlines()[:keep] if keep else []
    path.write_text("\n".join((*old, *lines)) + "\n", encoding="utf-8")


def faults(folder: Path) -> list[str]:
    with pytest.raises(BadFiles) as caught:
        read_season(folder)
    return [str(fault) for fault in caught.value.faults]


def test_a_season_is_read_as_it_was_written(made: MadeSeason, written: Path) -> None:
    found = read_season(written)
    assert found.season == made.season
    assert found.weather is not None
    assert found.weather.dates.tolist() == made.weather.dates.tolist()
    assert found.weather.tmin_c.tolist() == made.weather.tmin_c.tolist()


def test_towns_of_machines_hire_and_own_operations_are_read_as_written(made: MadeSeason, tmp_path: Path) -> None:
    season = made.season
    towns = {season.region.machines[0].id: season.towns[1].name}
    own = tuple(replace(row, window_d=row.window_d + 1) for row in season.operations)
    hire = (Hire(machine_class="combine-full", machines=3.0, price_fen_h=20_050),)
    people = {season.region.operators[0].id: season.towns[1].name}
    season = replace(season, machine_town=towns, operator_town=people, operations=own, hire=hire)
    write_season(season, made.weather, tmp_path / "other")
    assert read_season(tmp_path / "other").season == season


def test_all_faults_are_told_at_once_with_file_row_column_and_mend(folder: Path) -> None:
    put(folder, "season.toml", 'first_day = "soon"', "weeks = 0", "[hire.tank]", "machines = 1", "price_yuan_h = 9")
    put(
        folder,
        "sowings.csv",
        "nowhere,rice,late-japonica,direct,10,2027-05-26,2027-06-10,2027-03-01,",
        "廊下镇,rice,winter-wheat,direct,10,2027-05-26,2027-06-10,2027-03-01,",
        "廊下镇,rice,super-rice,direct,10,2027-05-26,2027-06-10,2027-03-01,",
        "廊下镇,rice,late-japonica,direct,-1,2027-12-26,2027-12-28,2027-03-01,",
        "廊下镇,rice,late-japonica,direct,10,2027-06-10,2027-05-26,2027-03-01,peat",
        "廊下镇,rice,late-japonica,thrown,10,2027-06-10,,2027-03-01,",
        keep=1,
    )
    put(folder, "weather.csv", "date,tmin_c,tmax_c,rain_mm", "2027-01-01,cold,5,0")
    told = faults(folder)
    for place, words in (
        ("season.toml, column first_day", "is not a date"),
        ("season.toml, column weeks", "whole number from 1"),
        ("season.toml, column hire", "no machine class"),
        ("sowings.csv, row 2, column town", "does not stand in towns.csv"),
        ("sowings.csv, row 3, column variety", "no variety of rice"),
        ("sowings.csv, row 4, column variety", "no variety that can be computed"),
        ("sowings.csv, row 5, column area_ha", "above 0"),
        ("sowings.csv, row 5, column sown_from", "cannot be sown then"),
        ("sowings.csv, row 6, column sown_to", "lies before sown_from"),
        ("sowings.csv, row 6, column soil", "peat"),
        ("sowings.csv, row 7, column method", "thrown"),
        ("sowings.csv, row 7, column sown_to", "only one of"),
        ("weather.csv, row 2, column tmin_c", "is not a number"),
    ):
        assert any(line.startswith(place) and words in line for line in told), (place, told)


def test_faults_of_the_region_are_told_with_those_of_the_season(folder: Path) -> None:
    put(folder, "machine_classes.csv", "broken", keep=0)
    put(folder, "towns.csv", "town,lon,lat,people", "廊下镇,200,30,5")
    told = faults(folder)
    assert any(line.startswith("machine_classes.csv") for line in told)
    assert any(line.startswith("towns.csv, row 2, column lon") for line in told)


def test_an_operation_has_one_window_and_one_loss(folder: Path) -> None:
    put(
        folder,
        "season_operations.csv",
        "operation,crop,stage,after_d,window_d,loss_yuan_ha_d,machine_class",
        "spray,rice,heading,-3,4,100,uav",
        "spray,rice,heading,7,5,100,uav",
        "ploughing,rice,planted,0,4,100,uav",
    )
    told = faults(folder)
    assert any("row 3, column window_d" in line and "differs from row 2" in line for line in told)
    assert any("row 4, column operation" in line and "work_rates.csv" in line for line in told)


def test_stages_and_posted_rows_are_checked(folder: Path) -> None:
    put(folder, "stages.csv", "town,crop,variety,stage,date,reported", "廊下镇,wheat,,booting,2027-04-20,2027-04-10")
    put(folder, "posted.csv", "town,operation,date,area_ha", "廊下镇,dancing,2027-05-05,3")
    told = faults(folder)
    assert any(line.startswith("stages.csv, row 2, column stage") for line in told)
    assert any(line.startswith("posted.csv, row 2, column operation") for line in told)


def test_a_machine_in_an_unknown_town_is_named(folder: Path) -> None:
    rows = (folder / "machines.csv").read_text(encoding="utf-8").splitlines()
    put(folder, "machines.csv", rows[0] + ",town", rows[1] + ",somewhere")
    assert any(line.startswith("machines.csv, row 2, column town") for line in faults(folder))


def test_an_empty_variety_is_the_usual_one_and_empty_dates_stay_open(folder: Path) -> None:
    put(folder, "sowings.csv", "廊下镇,wheat,,direct,10,,,2026-12-01,", keep=1)
    (sowing,) = read_season(folder).season.sowings
    assert sowing.variety == "winter-wheat"
    assert sowing.sown_from is None


def test_a_failed_write_leaves_the_old_folder(made: MadeSeason, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def broken(*_: object) -> str:
        raise OSError("the disk is full")

    monkeypatch.setattr("nongshi.files.region_writer.write_whole", broken)
    with pytest.raises(OSError, match="full"):
        write_season(replace(made.season, weeks=9), made.weather, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_folder_without_weather_is_read_and_the_forecast_names_what_lacks(folder: Path) -> None:
    (folder / "weather.csv").unlink()
    found = read_season(folder)
    assert found.weather is None
    said = look_ahead(found.season, found.weather).said
    assert any("weather.csv" in one.en and "weather.csv" in one.zh for one in said)
