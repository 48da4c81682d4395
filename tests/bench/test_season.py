"""The season's benchmark: years left out in turn, and targets told beside figures."""

from datetime import date

import numpy as np

from nongshi.agronomy.weather import Daily
from nongshi.bench.season import bench_speed, summarise
from nongshi.bench.season_years import left_out


def daily(first: int, years: int) -> Daily:
    """Every day is as warm as its year, so that days tell where they come from."""
    dates = np.arange(np.datetime64(date(first, 1, 1)), np.datetime64(date(first + years, 1, 1)))
    year = dates.astype("datetime64[Y]").astype(int) + 1970 - first
    return Daily(dates=dates, tmin_c=year.astype(float), tmax_c=year + 5.0, rain_mm=np.zeros(len(dates)))


def test_each_year_stands_last_behind_all_others() -> None:
    found = dict(left_out(daily(2010, 5)))
    assert list(found) == [2010, 2011, 2012, 2013, 2014]
    for year, series in found.items():
        assert series.last_day == date(year, 12, 31)
        own = series.between(date(year, 1, 1), date(year, 12, 31))
        assert set(own.tmin_c) == {float(year - 2010)}
        past = series.known_on(date(year, 1, 1))
        assert set(past.tmin_c) == {float(n) for n in range(5)} - {float(year - 2010)}


def test_a_small_season_is_timed() -> None:
    found = bench_speed(1, 6, 3, 10, seed=1)
    assert found["operations"] == 3
    assert found["cpu_s"] > 0


def test_targets_stand_beside_figures() -> None:
    prices = [{"ratio": 1.0}, {"ratio": 0.9}]
    lines = summarise({"prices": prices, "rolling": [{"foresight_yuan": 10.0, "rolling_yuan": 11.0}]})
    assert [(line["measured"], line["met"]) for line in lines] == [(1.1, True), (1, False)]
