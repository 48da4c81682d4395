"""Weather files by day and by hour: what they say, and what is wrong with them."""

from pathlib import Path

import numpy as np
import pytest

from nongshi.core.errors import BadFiles, BadInput, NotFound
from nongshi.files.weather_files import read_daily, read_hourly, read_weather

HEAD = "date,tmin_c,tmax_c,rain_mm,wind_m_s\n"


def test_a_daily_table_is_read_with_its_optional_columns_and_gaps_are_filled_and_said(tmp_path: Path) -> None:
    rows = [f"2027-05-{day:02d},{10 + day},{20 + day},0,2.5" for day in range(1, 29) if day != 9]
    (tmp_path / "weather.csv").write_text(HEAD + "\n".join(rows).replace("12,22,0,2.5", "NA,22,,2.5"))
    daily = read_weather(tmp_path)
    assert daily is not None
    assert len(daily) == 28
    assert daily.tmin_c[:3].tolist() == [11.0, 12.0, 13.0]
    assert daily.wind_m_s is not None
    assert daily.dew_point_c is None
    assert [line.en.split(" was")[0] for line in daily.said] == [
        "lowest temperature",
        "highest temperature",
        "rain",
        "wind",
    ]


def test_no_weather_file_is_none_and_two_are_a_fault(tmp_path: Path) -> None:
    assert read_weather(tmp_path) is None
    (tmp_path / "weather.csv").write_text(HEAD)
    (tmp_path / "weather_hourly.csv").write_text("time,temp_c,rain_mm\n")
    with pytest.raises(BadInput, match="keep one of the two"):
        read_weather(tmp_path)


def test_every_impossible_value_is_named_at_once_with_its_mend(tmp_path: Path) -> None:
    path = tmp_path / "weather.csv"
    path.write_text(
        HEAD + "2027-05-01,25,20,0,2\n2027-05-02,10,75,0,2\n2027-05-02,10,20,-3,2\n2027-13-01,10,20,0,2\n"
        "2027-05-05,ten,20,0,500\n"
    )
    with pytest.raises(BadFiles) as caught:
        read_daily(path)
    told = str(caught.value)
    for part in (
        "weather.csv, row 2, column tmin_c: the night is warmer than the day",
        "row 3, column tmax_c: must be -90 or more and at most 60",
        "row 4, column date: the day stands twice",
        "row 4, column rain_mm: must be 0 or more",
        "row 5, column date: is not a date",
        "row 6, column tmin_c: is not a number",
        "row 6, column wind_m_s: must be 0 or more and at most 115",
    ):
        assert part in told


@pytest.mark.parametrize("split", [False, True])
def test_hourly_tables_of_both_forms_become_days(tmp_path: Path, split: bool) -> None:
    path = tmp_path / "weather_hourly.csv"
    head = "year,month,day,hour,TEMP,DEWP,precipitation\n" if split else "time,temp_c,dew_point_c,rain_mm\n"
    stamp = "2027,5,{d},{h}" if split else "2027-05-{d:02d}T{h:02d}:00"
    rows = [stamp.format(d=d, h=h) + f",{10 + h / 2},8,{1.5 if h == 7 else 0}" for d in range(1, 21) for h in range(24)]
    path.write_text(head + "\n".join(rows) + "\n")
    hourly = read_hourly(path)
    daily = hourly.daily()
    assert (len(daily), daily.tmin_c[0], daily.tmax_c[0], daily.rain_mm[0]) == (20, 10.0, 21.5, 1.5)
    assert hourly.rain_mm[3, 7] == 1.5
    assert hourly.known_rain().all()
    assert daily.dew_point_c is not None
    assert np.allclose(daily.dew_point_c, 8)


def test_faults_of_hours_are_told(tmp_path: Path) -> None:
    path = tmp_path / "weather_hourly.csv"
    path.write_text("time,temp_c,rain_mm\n2027-05-01,10,0\n2027-05-01T01:00,99,0\n2027-05-01T01:00,10,0\n")
    with pytest.raises(BadFiles) as caught:
        read_hourly(path)
    told = str(caught.value)
    assert "row 2, column time: has no time of day" in told
    assert "row 3, column temp_c: must be -90 or more and at most 60" in told
    assert "row 4, column time: the hour stands twice" in told


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="name a table with the columns date, tmin_c"):
        read_daily(tmp_path / "none.csv")
