"""Series of weather, and how their gaps are filled."""

from datetime import date

import numpy as np
import pytest

from nongshi.agronomy.weather import Daily, WeatherRows
from nongshi.agronomy.weather_fill import fill
from nongshi.agronomy.weather_hourly import Hourly
from nongshi.core.errors import BadInput


def series(days: int, *, first: str = "2011-01-01") -> dict[str, np.ndarray]:
    number = np.arange(days)
    low = 12.0 - 10 * np.cos(2 * np.pi * number / 365.25)
    return {
        "dates": np.datetime64(first, "D") + number,
        "tmin_c": low,
        "tmax_c": low + 8,
        "rain_mm": (number % 5 == 0) * 6.0,
    }


def test_short_gaps_are_bridged_and_long_ones_taken_from_another_year_and_both_are_said() -> None:
    """Two missing days lie on the straight line; ten, and any rain, are the same days a year later."""
    given = series(730)
    dates, columns = given["dates"], {name: given[name].copy() for name in ("tmin_c", "tmax_c", "rain_mm")}
    columns["tmin_c"][100:102] = np.nan
    columns["tmax_c"][200:210] = np.nan
    columns["rain_mm"][50] = np.nan
    done = fill(dates, columns)
    assert done.tmin_c[100] == pytest.approx(columns["tmin_c"][99] * 2 / 3 + columns["tmin_c"][102] / 3)
    assert done.tmax_c[205] == columns["tmax_c"][205 + 365]
    assert done.rain_mm[50] == columns["rain_mm"][50 + 365]
    assert [line.en.split(" on ")[1].split(";")[0] for line in done.said] == [
        "2 of 730 days",
        "10 of 730 days",
        "1 of 730 days",
    ]
    assert all("天" in line.zh for line in done.said)


def test_days_that_are_not_there_are_filled_too() -> None:
    given = series(800)
    keep = (given["dates"] < np.datetime64("2011-06-01")) | (given["dates"] > np.datetime64("2011-06-05"))
    done = fill(given["dates"][keep], {name: given[name][keep] for name in ("tmin_c", "tmax_c", "rain_mm")})
    assert len(done) == 800
    assert "5 of 800" in done.said[0].en


def test_a_column_that_is_hardly_known_is_refused_or_left_out() -> None:
    given = series(400)
    columns = {name: given[name].copy() for name in ("tmin_c", "tmax_c", "rain_mm")}
    done = fill(given["dates"], {**columns, "sun_h": np.where(np.arange(400) < 10, 5.0, np.nan)})
    assert done.sun_h is None
    assert "sunshine is known on only 10 of 400 days" in done.said[0].en
    columns["rain_mm"][20:] = np.nan
    with pytest.raises(BadInput, match="rain_mm is known on 20 of 400 days"):
        fill(given["dates"], columns)


def test_hours_become_days_and_too_few_of_them_a_gap() -> None:
    temp = np.tile(np.linspace(10, 20, 24), (40, 1))
    rain = np.zeros((40, 24))
    rain[3, 5:8] = 2.0
    temp[7, 8:] = np.nan  # eight hours known
    day = Hourly(first_day=np.datetime64("2011-01-01"), temp_c=temp, rain_mm=rain).daily()
    assert (day.tmin_c[3], day.tmax_c[3], day.rain_mm[3], day.rain_mm.sum()) == (10.0, 20.0, 6.0, 6.0)
    assert len(day.said) == 2


def test_nothing_of_today_or_later_is_known_in_the_morning() -> None:
    given = series(30)
    daily = Daily(**given)
    known = daily.known_on(date(2011, 1, 11))
    assert known.last_day == date(2011, 1, 10)
    with pytest.raises(BadInput, match="no weather is known before"):
        daily.known_on(date(2011, 1, 1))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"rain_mm": np.full(30, -1.0)}, "rain_mm below zero"),
        ({"tmin_c": np.full(30, 50.0)}, "tmin_c above tmax_c"),
        ({"tmax_c": np.full(30, np.nan)}, "fill gaps first"),
        ({"dates": np.datetime64("2011-01-01") + 2 * np.arange(30)}, "follow the one before"),
        ({"rain_mm": np.zeros(29)}, "30 finite numbers"),
    ],
)
def test_a_series_that_cannot_be_is_refused(changed: dict[str, np.ndarray], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        Daily(**{**series(30), **changed})


def test_rows_of_weather_have_one_shape() -> None:
    with pytest.raises(BadInput, match="must all be"):
        WeatherRows(
            dates=series(5)["dates"], tmin_c=np.zeros((2, 5)), tmax_c=np.zeros((2, 5)), rain_mm=np.zeros((3, 5))
        )
