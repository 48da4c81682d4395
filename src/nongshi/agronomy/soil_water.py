"""How wet the top soil is: a bucket that rain fills, sun empties and what is too much leaves."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nongshi.agronomy.day_length import numbers_of
from nongshi.agronomy.weather import Daily, Dates, Floats, WeatherRows
from nongshi.agronomy.workable_table import DEFAULT_SOIL, DRAINS_ABOVE, DRIES_BELOW, SOILS, Soil
from nongshi.core.errors import NotFound

BEGIN_FULL = 0.7  # assumption: how full a soil is of which nothing is known; forgotten after some ten days
BARE = 0.7  # assumption: share of the reference evaporation that stubble or a ripe stand takes from the top soil
SOLAR_MJ_M2_MIN = 0.0820


def wetness(
    weather: Daily | WeatherRows, *, lat: float, soil: str | Soil = DEFAULT_SOIL, begin: ArrayLike | None = None
) -> Floats:
    """How full the soil is at noon of each day, 0 dry to 1 full, (rows, days).

    Args:
        weather: one series or many rows.
        lat: latitude in degrees, for the sun behind evaporation.
        soil: a name of SOILS, or a soil of one's own.
        begin: how full at the end of the day before the first, one or (rows,); default BEGIN_FULL.

    Source: the water balance of Vieira, Sentelhas and Pereira 2019 (Agricultural Sciences 10:597), evaporation after
    Hargreaves and Samani 1985 (Applied Engineering in Agriculture 1:96).
    """
    rows = weather if isinstance(weather, WeatherRows) else WeatherRows.of(weather)
    kind = get_soil(soil)
    dries = BARE * evaporation_mm(rows.dates, rows.tmin_c, rows.tmax_c, lat=lat)
    full = kind.holds_mm
    water = np.broadcast_to(
        np.asarray(BEGIN_FULL if begin is None else begin, dtype=np.float64) * full, (len(rows.rain_mm),)
    ).copy()
    found = np.empty_like(rows.rain_mm)
    for day in range(rows.rain_mm.shape[1]):
        water = np.minimum(water + rows.rain_mm[:, day], full)
        water -= dries[:, day] * np.minimum(1.0, water / (DRIES_BELOW * full)) / 2  # until noon half of it
        found[:, day] = water / full
        water -= dries[:, day] * np.minimum(1.0, water / (DRIES_BELOW * full)) / 2
        water -= kind.drains_d * np.maximum(0.0, water - DRAINS_ABOVE * full)
        water = np.maximum(water, 0.0)
    return found


def get_soil(soil: str | Soil) -> Soil:
    """The soil of that name.

    Raises:
        NotFound: there is none of that name.
    """
    if isinstance(soil, Soil):
        return soil
    if soil not in SOILS:
        raise NotFound(f"no soil is called {soil}; there are {', '.join(SOILS)}")
    return SOILS[soil]


def evaporation_mm(dates: Dates, tmin_c: Floats, tmax_c: Floats, *, lat: float) -> Floats:
    """Reference evaporation of each day in mm, as the temperatures' shape (Hargreaves and Samani 1985)."""
    sun = sun_mj_m2(numbers_of(dates), lat) * 0.408  # as mm of water
    mean = (tmin_c + tmax_c) / 2
    evaporation: Floats = np.maximum(0.0023 * sun * (mean + 17.8) * np.sqrt(tmax_c - tmin_c), 0.0)
    return evaporation


def sun_mj_m2(day_of_year: NDArray[np.int64], lat: float) -> Floats:
    """Sunshine above the air in MJ/m2 a day (FAO-56, equation 21)."""
    turn = 2 * np.pi * day_of_year / 365
    near, tilt, place = 1 + 0.033 * np.cos(turn), 0.409 * np.sin(turn - 1.39), np.radians(lat)
    dusk = np.arccos(np.clip(-np.tan(place) * np.tan(tilt), -1.0, 1.0))
    high = dusk * np.sin(place) * np.sin(tilt) + np.cos(place) * np.cos(tilt) * np.sin(dusk)
    sun: Floats = 24 * 60 / np.pi * SOLAR_MJ_M2_MIN * near * high
    return sun
