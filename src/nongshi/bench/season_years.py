"""Measured years, each left out in turn: the others stand before it as its past, and it is the year to forecast."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from nongshi.agronomy.weather import Daily, join, year_of_each

WHOLE_D = 365


def left_out(weather: Daily) -> Iterator[tuple[int, Daily]]:
    """(year, series): the other years in a circle, dated as the years before, then the year itself.

    A leap day without a counterpart is dropped, or the day before it stands twice.
    """
    years = [
        int(y) for y, n in zip(*np.unique(year_of_each(weather.dates), return_counts=True), strict=True) if n >= WHOLE_D
    ]
    for place, year in enumerate(years):
        order = years[place + 1 :] + years[:place] + [year]
        first = year - len(order) + 1
        yield year, join([_dated(weather, source, first + n) for n, source in enumerate(order)])


def _dated(weather: Daily, source: int, year: int) -> Daily:
    """The days of one year under the dates of another."""
    begin = date(year, 1, 1)
    dates = [begin + timedelta(days=n) for n in range((date(year + 1, 1, 1) - begin).days)]
    places = [weather.index(_same_day(day, source)) for day in dates]
    columns = {name: values[places] for name, values in weather.columns().items()}
    return Daily(dates=np.array(dates, dtype="datetime64[D]"), said=weather.said, **columns)


def _same_day(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February of a leap year
        return date(year, 2, 28)
