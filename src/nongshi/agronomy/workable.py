"""Hours of a day on which a machine can work: soil, rain, dew, wind, heat and daylight."""

import numpy as np
from numpy.typing import ArrayLike

from nongshi.agronomy.day_length import day_numbers, photoperiod_h
from nongshi.agronomy.soil_water import wetness
from nongshi.agronomy.weather import Daily, Floats, WeatherRows
from nongshi.agronomy.workable_table import DEFAULT_SOIL, WORKABLE, Needs, Soil
from nongshi.core.errors import NotFound

DEW_NEAR_C = 2.0  # assumption: a night that comes so near to the dew point leaves grain and straw wet
DEW_HALF_C = 2.0  # assumption: so much above it the dew is half
WIND_UNKNOWN_M_S = 3.0  # assumption: mean wind of the Shanghai plain
NOON_H = 12.0
HEAT_H_PER_C = 1.5  # assumption: hours lost for each degree above the limit
HEAT_H_MAX = 7.0


def hours(
    operation: str | Needs,
    weather: Daily | WeatherRows,
    soil: str | Soil = DEFAULT_SOIL,
    *,
    lat: float = 30.9,
    begin: ArrayLike | None = None,
) -> Floats:
    """Hours workable of each day, (rows, days).

    Args:
        operation: an operation of WORKABLE, or needs of one's own.
        weather: one series or many rows; wind and dew point may lack (assumed then: 3 m/s, dew at the coldest hour).
        soil: a name of SOILS, or a soil of one's own.
        lat: latitude in degrees.
        begin: how full the soil was before the first day, 0 to 1, one or (rows,); see `soil_water.wetness`.

    Raises:
        NotFound: no operation or soil of that name.
    """
    rows = weather if isinstance(weather, WeatherRows) else WeatherRows.of(weather)
    needs = get_needs(operation)
    share = falls(rows.rain_mm, needs.rain_free_mm, needs.rain_stop_mm)
    if needs.soil_free < 1.0:
        share = share * falls(wetness(rows, lat=lat, soil=soil, begin=begin), needs.soil_free, needs.soil_stop)
    if needs.wind_stop_m_s > 0:
        share = share * _calm_share(rows, needs.wind_stop_m_s)
    light_h = photoperiod_h(day_numbers(rows.first_day, len(rows.dates)), lat, sun_deg=0.0)
    begin_h = np.maximum(needs.from_h, NOON_H - light_h / 2) + needs.dew_h * _dew_share(rows)
    end_h = np.minimum(needs.to_h, NOON_H + light_h / 2)
    lost_h = np.zeros_like(rows.tmax_c)
    if needs.heat_stop_c > 0:
        lost_h = np.clip(HEAT_H_PER_C * (rows.tmax_c - needs.heat_stop_c), 0.0, HEAT_H_MAX)
    found: Floats = share * np.maximum(end_h - begin_h - lost_h, 0.0)
    return found


def get_needs(operation: str | Needs) -> Needs:
    """The needs of an operation.

    Raises:
        NotFound: the table has no such operation.
    """
    if isinstance(operation, Needs):
        return operation
    if operation not in WORKABLE:
        raise NotFound(f"no needs are known of {operation}; there are {', '.join(WORKABLE)}")
    return WORKABLE[operation]


def falls(values: Floats, free: float, stop: float) -> Floats:
    """1 up to `free`, 0 from `stop` on, a straight line between."""
    share: Floats = np.clip((stop - values) / (stop - free), 0.0, 1.0)
    return share


def _dew_share(rows: WeatherRows) -> Floats:
    """How much dew the night left, 0 to 1: all of it where its coldest hour comes near the dew point."""
    if rows.dew_point_c is None:
        return np.ones_like(rows.tmin_c)
    above: Floats = rows.tmin_c - rows.dew_point_c - DEW_NEAR_C
    share: Floats = np.clip(1.0 - above / (2 * DEW_HALF_C), 0.0, 1.0)
    return share


def _calm_share(rows: WeatherRows, stop_m_s: float) -> Floats:
    """Share of the day with less wind, from its mean: hours spread as Rayleigh's law has it (Justus 1978)."""
    mean = np.full_like(rows.tmin_c, WIND_UNKNOWN_M_S) if rows.wind_m_s is None else np.maximum(rows.wind_m_s, 0.1)
    calm: Floats = 1.0 - np.exp(-np.pi / 4 * (stop_m_s / mean) ** 2)
    return calm
