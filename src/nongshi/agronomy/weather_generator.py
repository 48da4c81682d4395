"""A place's weather as chances, drawn from as often as wanted: whole years, or days after known ones.

After Richardson 1981 (Water Resources Research 17:182): wet days follow each other as a chain, rain falls by a gamma
law, temperature swings about its course of the year, lower on wet days. Two things are added, without which seasons
would resemble each other too much: a slow swing that lasts weeks, and more of it the fewer years were measured, for
their mean is itself uncertain.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from nongshi.agronomy.day_length import numbers_of
from nongshi.agronomy.weather import Daily, Dates, Floats, Said, WeatherRows
from nongshi.core.errors import BadInput

WET_MM = 0.3  # assumption: less leaves nothing on a field
SLOW_D = 30.0  # assumption: days that the slow swing lasts
DAY = np.arange(1, 367)  # days of the year
SLOW_LEFT = float(np.exp(-1 / SLOW_D))  # of the slow swing, a day later
SEEN_D = 30  # days of the past that tell where the slow swing stands
RAIN_MOST_MM = 400.0  # assumption: no day of the region had more; the gamma law's tail has no end
RANGE_MOST_C = 22.0


@dataclass(frozen=True, slots=True)
class Begin:
    """Where a scenario begins: the day before its first."""

    wet: NDArray[np.bool_]
    quick: Floats
    slow: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Generator:
    """Chances of each day of the year, (366,), and how days hold together."""

    wet_after_dry: Floats
    wet_after_wet: Floats
    rain_mean_mm: Floats  # of a wet day
    rain_shape: float  # of the gamma law
    mean_c: tuple[Floats, Floats]  # (dry days, wet days)
    range_c: tuple[Floats, Floats]  # warmest minus coldest
    swing_c: Floats  # standard deviation of the quick swing
    quick: float  # share of the quick swing that is left a day later
    slow_c: float  # standard deviation of the slow swing, with what few years leave open
    range_swing: float  # standard deviation of the logarithm of the range
    depression_c: tuple[Floats, Floats] | None  # coldest hour above the dew point
    depression_swing_c: float
    wind_m_s: tuple[Floats, Floats] | None
    wind_swing: float  # standard deviation of the logarithm
    years_known: float  # of measured weather behind it
    said: tuple[Said, ...] = ()

    def years(self, rows: int, *, seed: int, first_day: date, days: int) -> WeatherRows:
        """`rows` weathers of `days` days from `first_day` on, of which nothing is known yet.

        Raises:
            BadInput: no rows or no days.
        """
        rng = np.random.default_rng(seed)
        day = np.array([np.datetime64(first_day, "D") - 1])
        after = float(course_at(self.wet_after_dry, day)[0])
        share = after / (after + 1 - float(course_at(self.wet_after_wet, day)[0]))  # the chain at rest
        begin = Begin(
            wet=rng.random(rows) < share,
            quick=rng.normal(0, 1, rows) * course_at(self.swing_c, day)[0],
            slow=rng.normal(0, self.slow_c, rows),
        )
        return _draw(self, begin, rng, first_day, days)

    def ahead(self, known: Daily, rows: int, *, seed: int, days: int) -> WeatherRows:
        """`rows` weathers of the `days` days after the last known one; of them nothing is read.

        The chain of wet days goes on from the last known day; the quick part of the temperature's swing goes on from
        that day, its slow part from the last SEEN_D days.
        """
        rng = np.random.default_rng(seed)
        wet = known.rain_mm >= WET_MM
        courses = np.where(wet, course_at(self.mean_c[1], known.dates), course_at(self.mean_c[0], known.dates))
        rest = (known.tmean_c - courses)[-SEEN_D:]
        quick_var = float(np.mean(course_at(self.swing_c, known.dates[-SEEN_D:]) ** 2))
        of_mean = quick_var / len(rest) * (1 + self.quick) / (1 - self.quick)
        weight = self.slow_c**2 / (self.slow_c**2 + of_mean)
        slow = rng.normal(weight * rest.mean(), self.slow_c * np.sqrt(1 - weight), rows)
        begin = Begin(wet=np.full(rows, wet[-1]), quick=rest[-1] - slow, slow=slow)
        first_day = (known.dates[-1] + 1).astype("datetime64[D]").item()
        return _draw(self, begin, rng, first_day, days)


def _draw(generator: Generator, begin: Begin, rng: np.random.Generator, first_day: date, days: int) -> WeatherRows:
    rows = len(begin.wet)
    if rows < 1 or days < 1:
        raise BadInput(f"draw at least one row of one day, not {rows} of {days}")
    dates = np.datetime64(first_day, "D") + np.arange(days)
    wet = _draw_wet(generator, begin.wet, rng, dates)
    scale = np.maximum(course_at(generator.rain_mean_mm, dates) - WET_MM, 0.0) / generator.rain_shape
    rain = np.where(wet, WET_MM + rng.gamma(generator.rain_shape, 1.0, (rows, days)) * scale, 0.0)
    mean = _of_day(generator.mean_c, wet, dates) + _draw_swing(generator, begin, rng, dates)
    spread = np.exp(rng.normal(0, generator.range_swing, (rows, days)) - generator.range_swing**2 / 2)
    ranges = np.minimum(_of_day(generator.range_c, wet, dates) * spread, RANGE_MOST_C)
    low = mean - ranges / 2
    dew, wind = None, None
    if generator.depression_c is not None:
        above = _of_day(generator.depression_c, wet, dates)
        dew = low - above + rng.normal(0, generator.depression_swing_c, (rows, days))
        dew = np.minimum(dew, low + ranges)
    if generator.wind_m_s is not None:
        gusts = rng.normal(0, generator.wind_swing, (rows, days)) - generator.wind_swing**2 / 2
        wind = _of_day(generator.wind_m_s, wet, dates) * np.exp(gusts)
    return WeatherRows(
        dates=dates, tmin_c=low, tmax_c=low + ranges, rain_mm=np.minimum(rain, RAIN_MOST_MM), dew_point_c=dew,
        wind_m_s=wind,
    )  # fmt: skip


def _draw_wet(
    generator: Generator, before: NDArray[np.bool_], rng: np.random.Generator, dates: Dates
) -> NDArray[np.bool_]:
    after_dry, after_wet = course_at(generator.wet_after_dry, dates), course_at(generator.wet_after_wet, dates)
    lots, wet = rng.random((len(before), len(dates))), np.empty((len(before), len(dates)), dtype=bool)
    for day in range(len(dates)):
        before = lots[:, day] < np.where(before, after_wet[day], after_dry[day])
        wet[:, day] = before
    return wet


def _draw_swing(generator: Generator, begin: Begin, rng: np.random.Generator, dates: Dates) -> Floats:
    """Quick and slow swing about the course of the year, (rows, days)."""
    rows, quick, slow = len(begin.wet), begin.quick.copy(), begin.slow.copy()
    sd = course_at(generator.swing_c, dates)
    lots = rng.normal(0, 1, (2, rows, len(dates)))
    found = np.empty((rows, len(dates)))
    for day in range(len(dates)):
        quick = generator.quick * quick + sd[day] * np.sqrt(1 - generator.quick**2) * lots[0, :, day]
        slow = SLOW_LEFT * slow + generator.slow_c * np.sqrt(1 - SLOW_LEFT**2) * lots[1, :, day]
        found[:, day] = quick + slow
    return found


def _of_day(courses: tuple[Floats, Floats], wet: NDArray[np.bool_], dates: Dates) -> Floats:
    return np.where(wet, course_at(courses[1], dates), course_at(courses[0], dates))


def course_at(course: Floats, dates: Dates) -> Floats:
    """A course of the year at some dates."""
    at: Floats = course[numbers_of(dates) - 1]
    return at
