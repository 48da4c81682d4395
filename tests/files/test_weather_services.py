"""Files of weather services, as downloaded."""

import json
from pathlib import Path

import numpy as np
import pytest

from nongshi.core.errors import BadFiles, BadInput
from nongshi.files.weather_files import read_daily, read_weather

DAYS = [f"2027-05-{day:02d}" for day in range(1, 21)]


def open_meteo(**changed: object) -> dict[str, object]:
    """As the archive service answers for daily values; times 20."""
    daily: dict[str, object] = {
        "time": DAYS,
        "temperature_2m_max": [25.0] * 20,
        "temperature_2m_min": [15.0] * 20,
        "precipitation_sum": [0.0] * 19 + [12.5],
        "wind_speed_10m_mean": [18.0] * 20,
        "sunshine_duration": [36000.0] * 20,
    }
    units = {
        "time": "iso8601", "temperature_2m_max": "°C", "temperature_2m_min": "°C", "precipitation_sum": "mm",
        "wind_speed_10m_mean": "km/h", "sunshine_duration": "s",
    }  # fmt: skip
    return {"latitude": 30.9, "longitude": 121.2, "daily_units": units, "daily": {**daily, **changed}}


def power_csv(*, doy: bool) -> str:
    head = "-BEGIN HEADER-\nNASA/POWER daily\nmissing value: -999\n-END HEADER-\n"
    when = "YEAR,DOY" if doy else "YEAR,MO,DY"
    rows = [
        (f"2027,{120 + day}" if doy else f"2027,5,{day}") + f",25.0,15.0,{12.5 if day == 20 else 0.0},5.0"
        for day in range(1, 21)
    ]
    return head + when + ",T2M_MAX,T2M_MIN,PRECTOTCORR,WS10M\n" + "\n".join(rows) + "\n"


def power_json() -> str:
    code = [day.replace("-", "") for day in DAYS]
    values = {"T2M_MAX": 25.0, "T2M_MIN": 15.0, "PRECTOTCORR": 0.0, "WS10M": 5.0}
    parameter = {name: dict.fromkeys(code, value) for name, value in values.items()}
    parameter["PRECTOTCORR"][code[-1]] = 12.5
    return json.dumps({"type": "Feature", "properties": {"parameter": parameter}, "header": {"fill_value": -999.0}})


def open_meteo_csv() -> str:
    head = "latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation\n"
    head += "30.9,121.2,4.0,28800,Asia/Shanghai,GMT+8\n\n"
    names = "time,temperature_2m_max (°C),temperature_2m_min (°C),precipitation_sum (mm),wind_speed_10m_mean (km/h)\n"
    return head + names + "\n".join(f"{day},25.0,15.0,{12.5 if day == DAYS[-1] else 0.0},18.0" for day in DAYS) + "\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("weather.json", json.dumps(open_meteo())),
        ("weather.csv", open_meteo_csv()),
        ("weather.json", power_json()),
        ("weather.csv", power_csv(doy=True)),
        ("weather.csv", power_csv(doy=False)),
    ],
    ids=["open-meteo-json", "open-meteo-csv", "power-json", "power-csv-doy", "power-csv-date"],
)
def test_every_form_says_the_same_twenty_days_in_our_units(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    daily = read_weather(tmp_path)
    assert daily is not None
    assert (daily.first_day.isoformat(), len(daily), daily.said) == ("2027-05-01", 20, ())
    assert (daily.tmin_c[3], daily.tmax_c[3], daily.rain_mm[-1], daily.rain_mm.sum()) == (15.0, 25.0, 12.5, 12.5)
    assert daily.wind_m_s is not None
    assert np.allclose(daily.wind_m_s, 5.0)


def test_other_units_are_turned_and_unknown_ones_told(tmp_path: Path) -> None:
    path = tmp_path / "weather.json"
    answer = open_meteo()
    answer["daily_units"] = {**answer["daily_units"], "temperature_2m_max": "°F", "precipitation_sum": "inch"}  # type: ignore[dict-item]
    answer["daily"] = {**answer["daily"], "temperature_2m_max": [77.0] * 20}  # type: ignore[dict-item]
    path.write_text(json.dumps(answer))
    daily = read_daily(path)
    assert daily.tmax_c[0] == pytest.approx(25.0)
    assert daily.rain_mm[-1] == pytest.approx(12.5 * 25.4)
    answer["daily_units"] = {**answer["daily_units"], "precipitation_sum": "furlong"}  # type: ignore[dict-item]
    path.write_text(json.dumps(answer))
    with pytest.raises(BadFiles, match="download it in one of: mm, inch"):
        read_daily(path)


def test_missing_values_of_a_service_are_filled_and_said(tmp_path: Path) -> None:
    path = tmp_path / "weather.csv"
    path.write_text(power_csv(doy=True).replace("2027,125,25.0,15.0", "2027,125,-999,-999.0"))
    daily = read_daily(path)
    assert daily.tmax_c[4] == 25.0
    assert [line.en.split(" was")[0] for line in daily.said] == ["lowest temperature", "highest temperature"]
    answer = open_meteo(precipitation_sum=[0.0] * 10 + [None] + [0.0] * 9)
    other = tmp_path / "other.json"
    other.write_text(json.dumps(answer))
    assert "rain was not measured on 1 of 20 days" in read_daily(other).said[0].en


def test_impossible_values_are_named_by_entry_and_parameter(tmp_path: Path) -> None:
    path = tmp_path / "weather.json"
    warm = [25.0] * 20
    warm[6], warm[8] = 99.0, 10.0
    path.write_text(json.dumps(open_meteo(temperature_2m_max=warm, precipitation_sum=[-1.0] + [0.0] * 19)))
    with pytest.raises(BadFiles) as caught:
        read_daily(path)
    told = str(caught.value)
    assert "weather.json, row 7, column temperature_2m_max: cannot be (value: '99.0')" in told
    assert "row 1, column precipitation_sum: cannot be" in told
    path.write_text(json.dumps(open_meteo(temperature_2m_max=[25.0] * 8 + [10.0] + [25.0] * 11)))
    with pytest.raises(BadFiles, match="the night of 2027-05-09 is warmer than the day"):
        read_daily(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"hello": 1}', "is of no form that is known"),
        ('{"daily": {}, "daily_units": {}}', "has no daily.time"),
        ('{"daily": {"time": ["2027-05-01"]}, "daily_units": {}', "is no JSON"),
        (json.dumps({"daily": {"time": ["2027-05-01"]}, "daily_units": {}}), "has nothing for tmin_c, tmax_c, rain_mm"),
        (json.dumps(open_meteo(precipitation_sum=[1.0])), "has not one value a day"),
    ],
)
def test_files_that_are_no_such_form_are_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "weather.json"
    path.write_text(text)
    with pytest.raises(BadInput, match=told):
        read_daily(path)
