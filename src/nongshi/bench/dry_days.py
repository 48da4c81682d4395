"""Dry field days as hours of rain show them, and how well they are told in advance.

A day is a dry field day where at least DRY_HOURS of the ten hours from 8 to 18 are free: no rain in the hour, and no
rain before it that keeps machines off. How long rain keeps them off is field practice, by the rain of the 24 hours up
to it (LOCKS): the same notes from which the table of workable hours was assumed, but counted by the hour and without
its soil. Only days are judged whose own and three earlier days' rain was measured in every hour.
"""

from dataclasses import dataclass
from statistics import mean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nongshi.agronomy.weather import Daily, Floats, month_of_each, year_of_each
from nongshi.agronomy.weather_fit import fit_generator
from nongshi.agronomy.weather_hourly import Hourly
from nongshi.agronomy.workable_ahead import dry_chance
from nongshi.agronomy.workable_fit import fit_needs

LOCKS = ((50.0, 96), (25.0, 60), (10.0, 36), (2.0, 12))  # mm in 24 hours, hours that machines then stay off
WORK_HOURS = slice(8, 18)
DRY_HOURS, RAIN_HOUR_MM, DAMP_MM = 6, 0.1, 0.05
EARLIER_D = 3
LEADS = 10
KNOWN_D = 60  # days of the past handed to a forecast
PRIOR_DAYS = 2.0  # of the climatology: how many of the whole year's days each month is given
OPERATION = "rice_harvest"


@dataclass(frozen=True, slots=True)
class Forecasts:
    """Every forecast of the hindcast, (forecasts, LEADS); NaN where the day was not fully measured."""

    chance: Floats
    climate: Floats
    came: Floats


def dry_days(rain_mm: Floats, *, locks: bool = True) -> Floats:
    """(days,) 1 dry field day, 0 not, from rain by hour (days, 24); without `locks` only the hour's own rain counts."""
    rain = np.nan_to_num(rain_mm).reshape(-1)
    hour = np.arange(len(rain))
    total = np.concatenate([[0.0], rain.cumsum()])
    day_sum = total[1:] - total[np.maximum(hour - 23, 0)]
    off = np.select([day_sum >= mm for mm, _ in LOCKS], [hours for _, hours in LOCKS], 0)
    free_from = np.maximum.accumulate(hour + 1 + off * (rain > DAMP_MM))
    free = rain < RAIN_HOUR_MM
    if locks:
        free &= np.concatenate([[0], free_from[:-1]]) <= hour
    found: Floats = (free.reshape(-1, 24)[:, WORK_HOURS].sum(axis=1) >= DRY_HOURS).astype(np.float64)
    return found


def judged_days(hourly: Hourly) -> NDArray[np.bool_]:
    """Days on which the truth is known: their own and EARLIER_D earlier days' rain measured in every hour."""
    known = hourly.known_rain()
    judged = known.copy()
    for earlier in range(1, EARLIER_D + 1):
        judged[earlier:] &= known[:-earlier]
    judged[:EARLIER_D] = False
    return judged


def bench_dry_days(hourly: Hourly, daily: Daily, *, seed: int, rows: int, locks: bool = True) -> dict[str, Any]:
    """Brier scores by lead of forecasts made every evening of every year, learnt from the other years alone."""
    truth = np.where(judged_days(hourly), dry_days(hourly.rain_mm, locks=locks), np.nan)
    parts = [
        _hindcast(daily, truth, int(year), seed=seed, rows=rows) for year in sorted(set(year_of_each(daily.dates)))
    ]
    all_of = Forecasts(*(np.concatenate([getattr(part, name) for part in parts]) for name in Forecasts.__slots__))
    ours, base = (all_of.chance - all_of.came) ** 2, (all_of.climate - all_of.came) ** 2
    by_lead = [
        {
            "lead_d": lead + 1,
            "forecasts": int(np.isfinite(ours[:, lead]).sum()),
            "brier": float(np.nanmean(ours[:, lead])),
            "brier_climatology": float(np.nanmean(base[:, lead])),
            "better": float(1 - np.nanmean(ours[:, lead]) / np.nanmean(base[:, lead])),
        }
        for lead in range(LEADS)
    ]
    return {
        "dry_share": float(np.nanmean(truth)),
        "judged_days": int(np.isfinite(truth).sum()),
        "by_lead": by_lead,
        "better_days_1_to_3": float(1 - np.nansum(ours[:, :3]) / np.nansum(base[:, :3])),
        "better_days_1_to_10": float(1 - np.nansum(ours) / np.nansum(base)),
        "better_by_year_days_1_to_3": [
            float(
                1 - np.nansum((part.chance - part.came)[:, :3] ** 2) / np.nansum((part.climate - part.came)[:, :3] ** 2)
            )
            for part in parts
        ],
        "reliability_day_1": _reliability(all_of.chance[:, 0], all_of.came[:, 0]),
    }


def _hindcast(daily: Daily, truth: Floats, year: int, *, seed: int, rows: int) -> Forecasts:
    """The forecasts of one year's evenings; generator, limits and climatology know only the other years."""
    learn = year_of_each(daily.dates) != year
    generator = fit_generator(daily, learn=learn)
    needs = fit_needs(OPERATION, daily, np.where(learn, truth, np.nan))
    climate_of = _climatology(truth, month_of_each(daily.dates), learn)
    evenings = [i for i in np.flatnonzero(~learn) if i >= KNOWN_D and i + LEADS < len(daily)]
    chance, came, climate = (np.full((len(evenings), LEADS), np.nan) for _ in range(3))
    for row, evening in enumerate(evenings):
        known = daily.where((np.arange(len(daily)) <= evening) & (np.arange(len(daily)) > evening - KNOWN_D))
        ahead = slice(evening + 1, evening + 1 + LEADS)
        chance[row] = dry_chance(needs, known, generator, rows=rows, seed=seed + int(evening), days=LEADS)
        came[row], climate[row] = truth[ahead], climate_of[month_of_each(daily.dates[ahead])]
    return Forecasts(chance, climate, came)


def _climatology(truth: Floats, month: NDArray[np.int64], learn: NDArray[np.bool_]) -> Floats:
    """Share of dry field days of each month in the years learnt from, (12,)."""
    whole = float(np.nanmean(truth[learn]))
    shares = []
    for each in range(12):
        days = truth[learn & (month == each)]
        days = days[np.isfinite(days)]
        shares.append((days.sum() + PRIOR_DAYS * whole) / (len(days) + PRIOR_DAYS))
    return np.array(shares)


def _reliability(chance: Floats, came: Floats) -> list[dict[str, float]]:
    """Forecasts in five bins: what was said and what came."""
    known = np.isfinite(came)
    bins = np.minimum((chance[known] * 5).astype(int), 4)
    return [
        {
            "forecasts": int((bins == one).sum()),
            "said": mean(chance[known][bins == one].tolist()),
            "came": mean(came[known][bins == one].tolist()),
        }
        for one in range(5)
        if (bins == one).any()
    ]
