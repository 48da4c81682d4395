"""Figures of phenology: speed, calendar, published trials, intervals of ripeness, and PCSE where it is installed."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

from nongshi.agronomy.climate import default_generator
from nongshi.agronomy.phenology import stages
from nongshi.agronomy.phenology_fit import errors_d, fit
from nongshi.agronomy.varieties import VARIETIES
from nongshi.agronomy.weather import Daily
from nongshi.bench.calendar_fit import LAT, target_seasons
from nongshi.bench.dssat import read_site
from nongshi.bench.phenology_interval import bench_intervals
from nongshi.bench.phenology_pcse import compare_pcse
from nongshi.bench.phenology_trials import bench_trials
from nongshi.files.weather_files import read_hourly

FIELDS, YEARS, SEASON_D = 20_000, 30, 330
WIDE = {"heading_c_d": 0.2, "ripening_c_d": 0.2}


def bench_phenology(
    folder: Path, *, seed: int, scenarios: int = 200, pcse_cases: int = 250, refit: bool = False,
    on_step: Callable[[str], None] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Every figure of docs/phenology.md.

    Args:
        folder: with `phenology` (DSSAT trials and weather) and `weather/shanghai_hourly_2010_2014.csv`.
        seed: of all that is drawn.
        scenarios: rows of weather for each forecast of ripeness.
        pcse_cases: random runs to compare with PCSE, where it is installed.
        refit: fit the varieties' sums again and show them.
        on_step: told what is being measured.

    Raises:
        NotFound, BadInput: something is missing below the folder.
    """
    tell = on_step or (lambda _: None)
    tell("weather")
    shanghai = read_hourly(folder / "weather" / "shanghai_hourly_2010_2014.csv").daily()
    figures: dict[str, Any] = {"seed": seed, "scenarios": scenarios, "speed": _speed(seed)}
    tell("calendar")
    figures["calendar"] = {name: _calendar(name, shanghai) for name in VARIETIES}
    if refit:
        figures["refit"] = {name: _refit(name, shanghai) for name in VARIETIES}
    tell("trials")
    figures["trials"] = bench_trials(folder / "phenology")
    tell("intervals, Shanghai")
    figures["intervals_shanghai"] = bench_intervals(shanghai, seed=seed, scenarios=scenarios)
    tell("intervals, Faisalabad")
    lat, long_series = read_site(folder / "phenology" / "Weather", "UAFD")
    figures["intervals_faisalabad"] = bench_intervals(
        long_series, seed=seed, scenarios=scenarios, lat=lat, learn_years=4, varieties=("late-japonica", "winter-wheat")
    )
    tell("PCSE")
    figures["pcse"] = compare_pcse(pcse_cases, seed=seed)
    return figures


def _speed(seed: int) -> dict[str, float]:
    """CPU seconds of 600,000 runs: fields that share latitude and sowing days, and fields of which no two are alike."""
    rng = np.random.default_rng(seed)
    weather = default_generator().years(YEARS, seed=seed, first_day=date(2027, 3, 1), days=SEASON_D)
    sown, lats = rng.integers(60, 125, FIELDS), 30 + rng.random(FIELDS)
    clock, found = VARIETIES["late-japonica"].clock, {"runs": float(FIELDS * YEARS)}
    for name, lat in (("alike_cpu_s", np.array(LAT)), ("all_different_cpu_s", lats)):
        begin = time.process_time()
        stages(clock, sown, weather.tmean_c, lat, first_day=weather.first_day, tmin=weather.tmin_c)
        found[name] = time.process_time() - begin
    return found


def _calendar(name: str, weather: Daily) -> dict[str, float]:
    """Mean days of the variety's stages in the target sowings of every year, beside what it was fitted to."""
    variety, found = VARIETIES[name], []
    clock = replace(variety.clock, ripe_by=None, frost_kills_c=None)
    seen = target_seasons(variety, weather)
    for one in seen:
        sown = weather.index(one.sown)
        run = stages(clock, [sown], weather.tmean_c[: sown + 400], LAT, first_day=weather.first_day)
        found.append((int(run.heading[0, 0]) - sown, int(run.maturity[0, 0]) - int(run.heading[0, 0])))
    errors = errors_d(clock, seen)
    return {
        "seasons": len(seen),
        "heading_d": mean(heading for heading, _ in found),
        "ripening_d": mean(ripening for _, ripening in found),
        "target_heading_d": mean(target.heading_d or 0 for target in variety.targets),
        "target_ripening_d": mean(target.maturity_d - (target.heading_d or 0) for target in variety.targets),
        "mean_error_d": float(errors.mean()),
        "mean_absolute_error_d": float(np.abs(errors).mean()),
    }


def _refit(name: str, weather: Daily) -> dict[str, float]:
    variety = VARIETIES[name]
    fitted = fit(variety.clock, target_seasons(variety, weather), prior_sd=WIDE)
    return {"heading_c_d": round(fitted.heading_c_d), "ripening_c_d": round(fitted.ripening_c_d)}
