"""The chances behind a measured series of weather: a generator fitted to it."""

import numpy as np
from numpy.typing import NDArray

from nongshi.agronomy.day_length import numbers_of
from nongshi.agronomy.weather import Daily, Floats, Said
from nongshi.agronomy.weather_generator import DAY, SLOW_D, WET_MM, Generator
from nongshi.core.errors import BadInput

NEAR_D = 15.0  # assumption: days of the year so near tell of each other (one standard deviation)
PRIOR_DAYS = 20.0  # assumption: how many days the whole year's chance weighs beside those near
SLOW_LAGS = (12, 40)  # lags in days between which only the slow swing still holds together
YEARS_MIN = 2.0
YEARS_FEW = 10.0  # with fewer, a sentence says so


def fit_generator(weather: Daily, *, learn: NDArray[np.bool_] | None = None) -> Generator:
    """The chances behind a measured series of two years or more.

    Args:
        weather: the series.
        learn: (days,) those to learn from, default all; the others are not looked at (to test on a year left out).

    Raises:
        BadInput: less than two years.
    """
    learn = np.ones(len(weather), dtype=bool) if learn is None else learn
    years = int(learn.sum()) / 365.25
    if years < YEARS_MIN - 0.01:
        raise BadInput(f"{int(learn.sum())} days of weather are too few to draw from; give two years or more")
    every, wets = numbers_of(weather.dates), weather.rain_mm >= WET_MM
    day, wet, rain = every[learn], wets[learn], weather.rain_mm[learn]
    near = _weights(day)
    rain_mean_mm = _mean_near(near[:, wet], rain[wet])
    mean_c = _course_of_both(day, weather.tmean_c[learn], wet)
    rest = np.where(learn, weather.tmean_c - _at(mean_c, every, wets), np.nan)
    slow_c = _slow_sd(rest, years)
    swing = np.sqrt(np.maximum(_course(day, rest[learn] ** 2, waves=1) - slow_c**2, 0.25))
    ranges = np.maximum(weather.tmax_c - weather.tmin_c, 0.5)[learn]
    range_c = _course_of_both(day, ranges, wet)
    above = None if weather.dew_point_c is None else (weather.tmin_c - weather.dew_point_c)[learn]
    depression = None if above is None else _course_of_both(day, above, wet)
    wind = None if weather.wind_m_s is None else np.maximum(weather.wind_m_s, 0.1)[learn]
    wind_m_s = None if wind is None else _course_of_both(day, wind, wet)
    wet_after_dry, wet_after_wet = _chain(every, wets, learn)
    return Generator(
        wet_after_dry=wet_after_dry,
        wet_after_wet=wet_after_wet,
        rain_mean_mm=rain_mean_mm,
        rain_shape=_gamma_shape(rain[wet], rain_mean_mm[day[wet] - 1]),
        mean_c=mean_c,
        range_c=range_c,
        swing_c=swing,
        quick=_quick(rest, slow_c),
        slow_c=slow_c * float(np.sqrt(1 + 1 / years)),
        range_swing=float(np.log(ranges / _at(range_c, day, wet)).std()),
        depression_c=depression,
        depression_swing_c=_swing(above, depression, day, wet),
        wind_m_s=wind_m_s,
        wind_swing=_swing(wind, wind_m_s, day, wet, of_log=True),
        years_known=years,
        said=_said(weather, years),
    )


def _chain(day: NDArray[np.int64], wet: NDArray[np.bool_], learn: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Chance of a wet day after a dry and after a wet one, by day of the year; both days must be learnt from."""
    pairs = learn[1:] & learn[:-1]
    near = _weights(day[1:][pairs])
    now, before = wet[1:][pairs], wet[:-1][pairs]
    return _chance(near, now & ~before, ~before), _chance(near, now & before, before)


def _weights(day: NDArray[np.int64]) -> Floats:
    """(366, days): how much each measured day tells of each day of the year."""
    apart = np.abs(DAY[:, None] - day[None, :])
    apart = np.minimum(apart, 365 - np.minimum(apart, 365))
    weights: Floats = np.exp(-0.5 * (apart / NEAR_D) ** 2)
    return weights


def _chance(near: Floats, hits: NDArray[np.bool_], of: NDArray[np.bool_]) -> Floats:
    """Chance of a hit among `of` at each day of the year, drawn a little towards the whole year's."""
    whole = hits.sum() / max(int(of.sum()), 1)
    chance: Floats = (near @ hits + PRIOR_DAYS * whole) / (near @ of + PRIOR_DAYS)
    return chance


def _mean_near(near: Floats, values: Floats) -> Floats:
    mean: Floats = (near @ values + PRIOR_DAYS * values.mean()) / (near.sum(axis=1) + PRIOR_DAYS)
    return mean


def _gamma_shape(values: Floats, means: Floats) -> float:
    """Thom's estimate of the gamma law's shape, of amounts over their season's mean."""
    ratio = (values - WET_MM + 0.1) / np.maximum(means - WET_MM, 0.1)
    gap = max(float(np.log(ratio.mean()) - np.log(ratio).mean()), 1e-3)
    return float((1 + np.sqrt(1 + 4 * gap / 3)) / (4 * gap))


def _waves(day: NDArray[np.int64], waves: int) -> Floats:
    turn = 2 * np.pi * day / 365.25
    parts = [np.ones(len(day))] + [part(k * turn) for k in range(1, waves + 1) for part in (np.cos, np.sin)]
    return np.column_stack(parts)


def _course(day: NDArray[np.int64], values: Floats, *, waves: int = 2) -> Floats:
    """The smooth course of a value over the year, (366,): least squares of a few waves."""
    parts = np.linalg.lstsq(_waves(day, waves), values, rcond=None)[0]
    course: Floats = _waves(DAY, waves) @ parts
    return course


def _course_of_both(day: NDArray[np.int64], values: Floats, wet: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """The course of dry and of wet days: one of two waves for all, and how wet days differ, in one wave."""
    base = _waves(day, 2)
    design = np.column_stack([base, _waves(day, 1) * wet[:, None]])
    parts = np.linalg.lstsq(design, values, rcond=None)[0]
    dry = _waves(DAY, 2) @ parts[: base.shape[1]]
    return dry, dry + _waves(DAY, 1) @ parts[base.shape[1] :]


def _at(courses: tuple[Floats, Floats], day: NDArray[np.int64], wet: NDArray[np.bool_]) -> Floats:
    return np.where(wet, courses[1][day - 1], courses[0][day - 1])


def _swing(
    values: Floats | None, courses: tuple[Floats, Floats] | None, day: NDArray[np.int64], wet: NDArray[np.bool_],
    *, of_log: bool = False,
) -> float:  # fmt: skip
    """Standard deviation about the course, or of the logarithm about its; 0 where nothing was measured."""
    if values is None or courses is None:
        return 0.0
    course = _at(courses, day, wet)
    return float(np.std(np.log(values / np.maximum(course, 0.1)) if of_log else values - course))


def _together(rest: Floats, lag: int) -> float:
    """Mean product of days `lag` apart; days not learnt from are NaN."""
    return float(np.nanmean(rest[lag:] * rest[:-lag]))


def _slow_sd(rest: Floats, years: float) -> float:
    """Standard deviation of what still holds together weeks apart; few years hide some of it in their mean."""
    lags = np.arange(*SLOW_LAGS)
    together = np.array([_together(rest, int(lag)) for lag in lags]) / np.exp(-lags / SLOW_D)
    hidden = years / max(years - 1, 1)
    return float(np.sqrt(max(together.mean() * hidden, 0.05)))


def _quick(rest: Floats, slow_c: float) -> float:
    """What is left of the quick swing a day later."""
    all_of = float(np.nanmean(rest**2))
    return float(np.clip((_together(rest, 1) - slow_c**2) / max(all_of - slow_c**2, 0.25), 0.1, 0.95))


def _said(weather: Daily, years: float) -> tuple[Said, ...]:
    if years >= YEARS_FEW:
        return weather.said
    few = Said(
        f"天气情景只依据{years:.1f}年的记录，极端年份可能估计不足。",
        f"scenarios of weather rest on {years:.1f} years of records; rare years may be missing from them.",
    )
    return (*weather.said, few)
