"""Measured rain from hourly and daily tables."""

from datetime import date
from pathlib import Path

import pytest

from nongshi.core.errors import BadFiles, NotFound
from nongshi.files.weather_file import read_rain


def test_daily_and_hourly_tables_say_the_same(tmp_path: Path) -> None:
    daily, hourly = tmp_path / "daily.csv", tmp_path / "hourly.csv"
    daily.write_text("date,rain_mm\n2011-11-01,4.5\n2011-11-02,0\n")
    rows = [f"2011,11,{day},{hour},{4.5 if (day, hour) == (1, 9) else 0}" for day in (1, 2) for hour in range(24)]
    hourly.write_text("\n".join(["year,month,day,hour,precipitation", *rows]) + "\n")
    assert read_rain(daily) == read_rain(hourly) == {date(2011, 11, 1): 4.5, date(2011, 11, 2): 0.0}


def test_a_day_with_few_measured_hours_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "hourly.csv"
    rows = [f"2011,11,1,{hour},{'NA' if hour > 5 else 1}" for hour in range(24)]
    path.write_text("\n".join(["year,month,day,hour,precipitation", *rows]) + "\n")
    assert read_rain(path) == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("day,mm\n1,2\n", "add the column date"),
        ("date,rain_mm\n2011-13-01,1\n", "row 2, column date"),
        ("date,rain_mm\n2011-11-01,-3\n", "must be 0 or more"),
        ("date,rain_mm\n2011-11-01,wet\n", "is not a number"),
        ("year,month,day,hour,precipitation\n2011,2,30,1,0\n", "no such day"),
    ],
)
def test_faults_are_told_by_row_and_column(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "weather.csv"
    path.write_text(text)
    with pytest.raises(BadFiles) as caught:
        read_rain(path)
    assert told in str(caught.value)


def test_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="name a table with the columns date, rain_mm"):
        read_rain(tmp_path / "none.csv")
