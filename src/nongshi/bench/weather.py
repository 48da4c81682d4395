"""Figures of weather: whether drawn years are like measured ones, and whether dry field days are told in advance."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nongshi.agronomy.weather import Daily, Floats, month_of_each
from nongshi.agronomy.weather_fit import fit_generator
from nongshi.agronomy.weather_generator import WET_MM, Generator, course_at
from nongshi.bench.dry_days import bench_dry_days
from nongshi.files.weather_files import read_hourly

SPELLS = (1, 10, 30, 90)  # days over whose mean temperature is compared
SERIES = 30


def bench_weather(
    path: Path, *, seed: int, rows: int = 200, on_step: Callable[[str], None] | None = None
) -> dict[str, Any]:
    """Every figure of weather and workable hours, on one station's hourly file.

    Raises:
        NotFound, BadFiles, BadInput: the file is not there or cannot be read.
    """
    tell = on_step or (lambda _: None)
    tell("reading")
    hourly = read_hourly(path)
    daily = hourly.daily()
    figures: dict[str, Any] = {"seed": seed, "rows": rows, "days": len(daily), "said": [line.en for line in daily.said]}
    tell("generator")
    figures["generator"] = _likeness(daily, seed)
    tell("dry field days")
    figures["dry_days"] = bench_dry_days(hourly, daily, seed=seed, rows=rows)
    tell("hours without rain from 8 to 18")
    figures["rain_free_days"] = bench_dry_days(hourly, daily, seed=seed, rows=rows, locks=False)
    return figures


def _likeness(daily: Daily, seed: int) -> dict[str, Any]:
    """The series beside as many drawn series of its length: wet days, rain, spread of means over days to months."""
    generator = fit_generator(daily)
    drawn = generator.years(SERIES, seed=seed, first_day=daily.first_day, days=len(daily))
    month = month_of_each(daily.dates)
    wet, drawn_wet = daily.rain_mm >= WET_MM, drawn.rain_mm >= WET_MM
    rest = _rest(generator, daily.tmean_c, wet, daily)
    drawn_rest = [_rest(generator, drawn.tmean_c[i], drawn_wet[i], daily) for i in range(SERIES)]
    spread = {
        str(days): {
            "measured_c": _spread(rest, days),
            "drawn_c": float(np.mean([_spread(one, days) for one in drawn_rest])),
        }
        for days in SPELLS
    }
    years = len(daily) / 365.25
    return {
        "rain_mm_a_year": {
            "measured": float(daily.rain_mm.sum() / years),
            "drawn": float(drawn.rain_mm.sum() / SERIES / years),
        },
        "wet_share_by_month": {
            "measured": [float(wet[month == each].mean()) for each in range(12)],
            "drawn": [float(drawn_wet[:, month == each].mean()) for each in range(12)],
        },
        "spread_of_means_over_days": spread,
    }


def _rest(generator: Generator, mean: Floats, wet: NDArray[np.bool_], daily: Daily) -> Floats:
    """What a series' temperature is off its course of the year."""
    dry_course, wet_course = (course_at(course, daily.dates) for course in generator.mean_c)
    rest = mean - np.where(wet, wet_course, dry_course)
    centred: Floats = rest - rest.mean()
    return centred


def _spread(rest: Floats, days: int) -> float:
    return float(np.std(np.convolve(rest, np.ones(days) / days, "valid")))
