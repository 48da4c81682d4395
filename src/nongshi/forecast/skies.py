"""Weather that may come: what was measured until yesterday, and behind it stretches of past years, each a row."""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from nongshi.agronomy.weather import Daily, WeatherRows
from nongshi.core.errors import BadInput
from nongshi.forecast.arrays import Floats, Ints

SHIFT_D = 7  # a past year may come so many days earlier or later: five years make more than five seasons
YEAR_D = 365.2425
HISTORY_D_MIN = 365


def make_skies(known: Daily, first: date, last: date, *, count: int, seed: int) -> WeatherRows:
    """(count, days) weather from `first` to `last`, every row the same until the measured days end.

    Args:
        known: measured days, none later than yesterday; at least a year of them.
        first: first day of the rows; where it lies before the measured days, past years stand in there too.
        last: last day of the rows.
        count: rows.
        seed: of the years drawn and how they are moved.

    Raises:
        BadInput: less than a year was measured.
    """
    if len(known) < HISTORY_D_MIN:
        raise BadInput(f"weather is known on {len(known)} days only; a forecast needs a year of it or more")
    dates = np.arange(np.datetime64(first, "D"), np.datetime64(last, "D") + 1)
    place = known.index(first) + np.arange(len(dates))
    measured = (place >= 0) & (place < len(known))
    drawn = _places(known, place, measured, count, np.random.default_rng([seed, 77]))
    index = np.where(measured[None, :], place[None, :], drawn)

    def rows(values: Floats | None) -> Floats | None:
        return None if values is None else values[index]

    return WeatherRows(
        dates=dates,
        tmin_c=known.tmin_c[index],
        tmax_c=known.tmax_c[index],
        rain_mm=known.rain_mm[index],
        wind_m_s=rows(known.wind_m_s),
        dew_point_c=rows(known.dew_point_c),
    )


def _places(known: Daily, place: Ints, measured: npt.NDArray[np.bool_], count: int, rng: np.random.Generator) -> Ints:
    """(count, days) days of the series that stand in for days outside it: the same calendar days of a drawn year."""
    years = np.arange(-40, 41)
    shifted = place[None, :] + np.rint(years * YEAR_D).astype(np.int64)[:, None]
    outside = ~measured
    if not outside.any():
        return np.zeros((count, len(place)), np.int64)
    good = ((shifted >= SHIFT_D) & (shifted < len(known) - SHIFT_D))[:, outside]
    whole = np.flatnonzero(good.all(axis=1))
    best = whole if len(whole) else np.flatnonzero(good.sum(axis=1) == good.sum(axis=1).max())
    order = np.concatenate([rng.permutation(best) for _ in range(count // len(best) + 1)])[:count]
    moved = shifted[order] + rng.integers(-SHIFT_D, SHIFT_D + 1, count)[:, None]
    year = round(YEAR_D)
    while (moved < 0).any() or (moved >= len(known)).any():  # ends of a drawn year come from the year beside it
        moved = np.where(moved < 0, moved + year, np.where(moved >= len(known), moved - year, moved))
    return np.asarray(moved)


def rows_needed(first_sown: date, last_day: date) -> tuple[date, date]:
    """First and last day of weather that a season needs: from before the first sowing until after its end."""
    return first_sown - timedelta(days=30), last_day + timedelta(days=45)
