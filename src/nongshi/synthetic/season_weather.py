"""Made-up daily weather of the lower Yangtze: months as they usually are, days after days that persist."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from nongshi.agronomy import Assumption
from nongshi.agronomy.weather import Daily, Dates, Floats, month_of_each

# January to December; from memory of the Shanghai normals 1981-2010, hence an assumption.
HIGH_C = (8.1, 9.6, 13.3, 19.3, 24.5, 27.9, 32.2, 31.5, 27.4, 22.9, 17.2, 11.1)
LOW_C = (2.1, 3.5, 6.6, 11.9, 17.3, 21.6, 25.8, 25.6, 21.9, 16.4, 10.5, 4.4)
RAIN_MM = (74.0, 59.0, 94.0, 74.0, 85.0, 182.0, 146.0, 214.0, 87.0, 56.0, 52.0, 44.0)
WET_DAYS = (9.9, 9.3, 12.4, 11.2, 10.4, 12.7, 11.4, 12.3, 9.1, 7.0, 7.6, 7.7)
MONTH_D = 30.4
WET_AFTER_WET = 1.55  # times the month's share of wet days
PERSISTS = 0.68  # of a day's departure from the usual warmth
DAY_C = 3.0  # standard deviation of that departure
YEAR_C = 0.6  # of a whole year's
WET_COOLS_C = 1.8
WIND_M_S = 3.2


def make_weather(rng: np.random.Generator, first_day: date, days: int) -> Daily:
    """Days of made-up weather; the same generator state gives the same days."""
    dates = np.arange(np.datetime64(first_day, "D"), np.datetime64(first_day, "D") + days)
    high, low = _daily(HIGH_C, dates), _daily(LOW_C, dates)
    wet = _wet(rng, _daily(tuple(np.array(WET_DAYS) / MONTH_D), dates))
    month = month_of_each(dates)
    mean_mm = np.array(RAIN_MM)[month] / np.array(WET_DAYS)[month]
    rain: Floats = np.where(wet, mean_mm * rng.gamma(0.7, 1 / 0.7, days), 0.0)
    rain = np.asarray(np.round(np.where(rain < 0.1, 0.0, rain), 1), np.float64)
    apart = np.zeros(days)
    for day in range(1, days):
        apart[day] = PERSISTS * apart[day - 1] + DAY_C * np.sqrt(1 - PERSISTS**2) * rng.normal()
    year = dates.astype("datetime64[Y]").astype(int)
    apart += YEAR_C * rng.normal(size=year[-1] - year[0] + 1)[year - year[0]]
    span = np.maximum(high - low + rng.normal(0.0, 1.2, days) - np.where(wet, 2.5, -0.8), 2.0)
    middle = (high + low) / 2 + apart - np.where(wet, WET_COOLS_C, -0.6)
    tmin = middle - span / 2
    return Daily(
        dates=dates,
        tmin_c=np.round(tmin, 1),
        tmax_c=np.round(middle + span / 2, 1),
        rain_mm=rain,
        wind_m_s=np.round(WIND_M_S * rng.lognormal(-0.05, 0.3, days), 1),
        dew_point_c=np.round(tmin - np.where(wet, 0.5, 2.5) + rng.normal(0.0, 1.0, days), 1),
    )


def _daily(months: tuple[float, ...], dates: Dates) -> Floats:
    """Straight lines between the middles of months."""
    day = (dates - dates.astype("datetime64[Y]")).astype(int)
    middles = (np.arange(-1, 13) + 0.5) * 365.25 / 12
    return np.asarray(np.interp(day, middles, np.array((months[-1], *months, months[0]))))


def _wet(rng: np.random.Generator, share: Floats) -> NDArray[np.bool_]:
    """Wet days in spells: after a wet day another is likelier, and the month's share is kept."""
    after_wet = np.minimum(share * WET_AFTER_WET, 0.9)
    after_dry = share * (1 - after_wet) / (1 - share)
    wet = np.zeros(len(share), bool)
    for day, draw in enumerate(rng.random(len(share))):
        wet[day] = draw < (after_wet[day] if day and wet[day - 1] else after_dry[day])
    return wet


def season_weather_assumptions() -> tuple[Assumption, ...]:
    """The numbers as rows of docs/assumptions.md."""
    months = "Shanghai normals 1981-2010, from memory: assumption"
    rows = (
        ("high", " ".join(f"{v:g}" for v in HIGH_C), "C, January to December", months),
        ("low", " ".join(f"{v:g}" for v in LOW_C), "C, January to December", months),
        ("rain", " ".join(f"{v:g}" for v in RAIN_MM), "mm, January to December", months),
        ("wet_days", " ".join(f"{v:g}" for v in WET_DAYS), "days, January to December", months),
        ("wet_after_wet", WET_AFTER_WET, "times the month's share", "assumption: rain comes in spells"),
        ("persists", PERSISTS, "share", "assumption: of a day's departure from the usual"),
        ("day", DAY_C, "C", "assumption: standard deviation of a day"),
        ("year", YEAR_C, "C", "assumption: standard deviation of a year"),
        ("wet_cools", WET_COOLS_C, "C", "assumption"),
        ("wind", WIND_M_S, "m/s", "assumption"),
    )
    return tuple(
        Assumption(name=f"synthetic.season.weather.{name}", value=value, unit=unit, source=source, date="2026-11-27")
        for name, value, unit, source in rows
    )
