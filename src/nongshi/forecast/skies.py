"""Weather that may come: what was measured until yesterday, and behind it days drawn from the place's chances."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from nongshi.agronomy.climate import default_generator
from nongshi.agronomy.weather import Daily, Said, WeatherRows
from nongshi.agronomy.weather_fit import YEARS_MIN, fit_generator
from nongshi.agronomy.weather_generator import SEEN_D

YEAR_D = 365
COLUMNS = ("tmin_c", "tmax_c", "rain_mm", "wind_m_s", "dew_point_c")


@dataclass(frozen=True, slots=True, kw_only=True)
class Skies:
    """Scenarios of weather and what they rest on."""

    rows: WeatherRows
    said: tuple[Said, ...]
    measured: bool  # whether the chances are the place's own


def make_skies(known: Daily | None, first: date, last: date, *, count: int, seed: int) -> Skies:
    """(count, days) weather from `first` to `last`, every row the same as far as days were measured.

    Args:
        known: measured days, none later than yesterday; None, or too few: the default climate, wider.
        first: first day of the rows; days before the measured ones are drawn too.
        last: last day of the rows.
        count: rows.
        seed: of all draws.
    """
    enough = known is not None and len(known) >= YEARS_MIN * YEAR_D
    generator = fit_generator(known) if known is not None and enough else default_generator()
    said = (*(known.said if known is not None else ()), *generator.said)
    if known is None or len(known) < SEEN_D or known.last_day < first:
        days = (last - first).days + 1
        return Skies(rows=generator.years(count, seed=seed, first_day=first, days=days), said=said, measured=enough)
    parts = []
    if first < known.first_day:
        days = (known.first_day - first).days
        parts.append(generator.years(count, seed=seed + 1, first_day=first, days=days))
    within = known.between(first, last)
    parts.append(_repeated(within, count))
    if last > known.last_day:
        days = (last - known.last_day).days
        parts.append(generator.ahead(known, count, seed=seed, days=days))
    return Skies(rows=_joined(parts), said=tuple(dict.fromkeys(said)), measured=enough)


def rows_needed(first_sown: date, last_day: date) -> tuple[date, date]:
    """First and last day of weather that a season needs: from before the first sowing until after its end."""
    return first_sown - timedelta(days=30), last_day + timedelta(days=45)


def _repeated(daily: Daily, count: int) -> WeatherRows:
    one = WeatherRows.of(daily)
    columns: dict[str, Any] = {name: getattr(one, name) for name in COLUMNS}
    repeated: dict[str, Any] = {n: None if v is None else np.repeat(v, count, axis=0) for n, v in columns.items()}
    return replace(one, **repeated)


def _joined(parts: list[WeatherRows]) -> WeatherRows:
    """Rows that follow each other; only columns that all parts have."""
    columns: dict[str, Any] = {}
    for name in COLUMNS:
        values = [getattr(part, name) for part in parts]
        columns[name] = None if any(v is None for v in values) else np.concatenate(values, axis=1)
    return WeatherRows(dates=np.concatenate([part.dates for part in parts]), **columns)
