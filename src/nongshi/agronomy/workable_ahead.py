"""Hours workable in the coming days, from what is known on a morning: the soil as it is, and weather drawn on."""

from dataclasses import replace

import numpy as np

from nongshi.agronomy.weather import Daily, Floats, WeatherRows
from nongshi.agronomy.weather_generator import Generator
from nongshi.agronomy.workable import get_needs, hours
from nongshi.agronomy.workable_table import DEFAULT_SOIL, Needs, Soil

SOIL_MEMORY_D = 25  # days of the past from which the soil's wetness today follows; older rain is forgotten


def hours_ahead(
    operation: str | Needs,
    known: Daily,
    generator: Generator,
    *,
    rows: int,
    seed: int,
    days: int,
    soil: str | Soil = DEFAULT_SOIL,
    lat: float = 30.9,
) -> Floats:
    """(rows, days): hours workable on the `days` days after the last known one, in `rows` possible weathers."""
    drawn = generator.ahead(known, rows, seed=seed, days=days)
    return hours(operation, with_past(known, drawn), soil, lat=lat)[:, -days:]


def dry_chance(
    needs: str | Needs,
    known: Daily,
    generator: Generator,
    *,
    rows: int,
    seed: int,
    days: int,
    soil: str | Soil = DEFAULT_SOIL,
    lat: float = 30.9,
) -> Floats:
    """(days,): chance that soil and rain let the work go on, dew, wind and heat aside.

    Needs that were fitted to a log (`workable_fit.fit_needs`) fall from 1 to 0 as the share of worked days in the log
    does; the mean over the rows is then a chance.
    """
    plain = replace(get_needs(needs), dew_h=0.0, wind_stop_m_s=0.0, heat_stop_c=0.0)
    drawn = with_past(known, generator.ahead(known, rows, seed=seed, days=days))
    ideal = hours(plain, replace(drawn, rain_mm=np.zeros_like(drawn.rain_mm)), soil, lat=lat, begin=0.0)
    share: Floats = (hours(plain, drawn, soil, lat=lat) / ideal)[:, -days:]
    chance: Floats = share.mean(axis=0)
    return chance


def with_past(known: Daily, drawn: WeatherRows) -> WeatherRows:
    """Drawn rows with the last known days in front of each, so that the soil begins as it is."""
    past = known.where(np.arange(len(known)) >= len(known) - SOIL_MEMORY_D)
    columns: dict[str, Floats] = {}
    for name in ("tmin_c", "tmax_c", "rain_mm", "wind_m_s", "dew_point_c"):
        ahead, before = getattr(drawn, name), getattr(past, name)
        if ahead is not None and before is not None:
            columns[name] = np.concatenate([np.tile(before, (len(ahead), 1)), ahead], axis=1)
    return WeatherRows(dates=np.concatenate([past.dates, drawn.dates]), **columns)
