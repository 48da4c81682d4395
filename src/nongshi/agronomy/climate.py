"""Weather for a region that has no records: Shanghai's monthly normals, spread wider than any record would be."""

import numpy as np

from nongshi.agronomy.assumption import Assumption
from nongshi.agronomy.weather import Floats, Said
from nongshi.agronomy.weather_generator import DAY, Generator

SOURCE = "monthly normals of Shanghai as printed on travelguide-en.org/shanghai-climate (period not stated there)"
DATE = "2026-11-27"
LOW_C = (2.1, 3.7, 6.9, 11.9, 17.3, 21.7, 25.8, 25.8, 22.4, 16.8, 10.6, 4.7)
HIGH_C = (8.1, 10.1, 13.8, 19.5, 24.8, 27.8, 32.2, 31.5, 27.9, 22.9, 17.3, 11.1)
RAIN_MM = (74.4, 59.1, 93.8, 74.2, 84.5, 181.8, 145.7, 213.7, 87.1, 55.6, 52.3, 43.9)
RAIN_D = (9.9, 9.2, 12.4, 11.2, 10.4, 12.7, 11.4, 12.3, 9.1, 6.9, 7.6, 7.7)

WET_SHARE = 0.85  # assumption: of days with 0.1 mm or more, those that leave something on a field
HOLDS = 0.3  # assumption: how much likelier rain is the day after rain
WIDER = 1.5  # assumption: nobody knows this place, so its swings are drawn so much wider
SWING_C, SWING_SUMMER_C, SLOW_C = 3.2, 2.2, 0.85  # assumption: as fitted at Shanghai, 2010-2014, rounded
QUICK, RAIN_SHAPE, RANGE_SWING = 0.7, 0.7, 0.45  # assumption: the same
WET_COOLER_C, WET_RANGE = 1.0, 0.7  # assumption: wet days beside dry ones: mean, share of the range
DEPRESSION_C = (2.0, 0.5)  # assumption: coldest hour above the dew point, dry and wet days
WIND_M_S = (3.0, 3.3)  # assumption: the Shanghai plain, dry and wet days
MONTH_D = (31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

SAID = Said(
    "本地没有气象记录：天气情景取自上海的月平均值，并有意放宽；请放入weather.csv以得到本地的情景。",
    "no weather records of this place: scenarios come from Shanghai's monthly means and are wider on purpose; "
    "put a weather.csv into the folder for scenarios of your own.",
)


def default_generator() -> Generator:
    """Chances for a place of the lower Yangtze without records; `said` tells everybody so."""
    share = _smooth(np.array(RAIN_D) / MONTH_D) * WET_SHARE
    low, high = _smooth(np.array(LOW_C)), _smooth(np.array(HIGH_C))
    amount = _smooth(np.array(RAIN_MM) / np.array(RAIN_D)) / WET_SHARE
    mean, ranges = (low + high) / 2, high - low
    dry_mean = mean + share * WET_COOLER_C
    dry_range = ranges / (1 - share + share * WET_RANGE)
    summer = (1 - np.cos(2 * np.pi * (DAY - 22) / 365.25)) / 2
    flat = np.ones(len(DAY))
    return Generator(
        wet_after_dry=share * (1 - HOLDS),
        wet_after_wet=share * (1 - HOLDS) + HOLDS,
        rain_mean_mm=amount,
        rain_shape=RAIN_SHAPE,
        mean_c=(dry_mean, dry_mean - WET_COOLER_C),
        range_c=(dry_range, dry_range * WET_RANGE),
        swing_c=WIDER * (SWING_C + (SWING_SUMMER_C - SWING_C) * summer),
        quick=QUICK,
        slow_c=WIDER * SLOW_C,
        range_swing=RANGE_SWING,
        depression_c=(DEPRESSION_C[0] * flat, DEPRESSION_C[1] * flat),
        depression_swing_c=2.0,
        wind_m_s=(WIND_M_S[0] * flat, WIND_M_S[1] * flat),
        wind_swing=0.4,
        years_known=0.0,
        said=(SAID,),
    )


def _smooth(months: Floats) -> Floats:
    """Twelve months' values as days of the year, straight between the middles of months."""
    ends = np.cumsum(MONTH_D)
    middles = ends - np.array(MONTH_D) / 2
    at = np.concatenate([[middles[-1] - 365.25], middles, [middles[0] + 365.25]])
    smooth: Floats = np.interp(DAY - 0.5, at, np.concatenate([[months[-1]], months, [months[0]]]))
    return smooth


def climate_assumptions() -> tuple[Assumption, ...]:
    """Every number of the default climate."""

    def line(values: tuple[float, ...]) -> str:
        return " ".join(f"{value:g}" for value in values)

    rows: tuple[tuple[str, float | str, str, str], ...] = (
        ("low", line(LOW_C), "C by month", SOURCE),
        ("high", line(HIGH_C), "C by month", SOURCE),
        ("rain", line(RAIN_MM), "mm by month", SOURCE),
        ("rain_days", line(RAIN_D), "days by month", SOURCE),
        ("wet_share", WET_SHARE, "of rain days", "assumption: days that leave something on a field"),
        ("holds", HOLDS, "chance", "assumption: how much likelier rain is after rain"),
        ("wider", WIDER, "times", "assumption: nobody knows the place"),
        ("swing", f"{SWING_C:g} {SWING_SUMMER_C:g}", "C, winter and summer", "assumption: as at Shanghai 2010-2014"),
        ("slow", SLOW_C, "C", "assumption: as at Shanghai 2010-2014"),
        ("quick", QUICK, "share a day later", "assumption: as at Shanghai 2010-2014"),
        ("rain_shape", RAIN_SHAPE, "gamma shape", "assumption: as at Shanghai 2010-2014"),
        ("range_swing", RANGE_SWING, "of the logarithm", "assumption: as at Shanghai 2010-2014"),
        ("wet_cooler", WET_COOLER_C, "C", "assumption"),
        ("wet_range", WET_RANGE, "share", "assumption"),
        ("depression", line(DEPRESSION_C), "C, dry and wet days", "assumption"),
        ("wind", line(WIND_M_S), "m/s, dry and wet days", "assumption"),
    )
    return tuple(
        Assumption(name=f"climate.{name}", value=value, unit=unit, source=source, date=DATE)
        for name, value, unit, source in rows
    )
