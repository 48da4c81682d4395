"""How often ripeness falls into its 80 % interval, in years that the weather's chances were not learnt from.

Truth is what the clock says under the held-out year's own weather: there is no field record of these places. The
interval therefore answers for the weather alone, not for what fields and varieties add to it.

Ripeness is a whole day, so the ends of an interval fall within days, and an interval that counts its end days whole
holds more than its share. `coverage` counts the day that came by the part of its chance that lies inside (probability
integral transform of whole days: Czado, Gneiting and Held 2009, Biometrics 65:1254); `coverage_whole_days` counts all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import mean
from typing import Any

import numpy as np

from nongshi.agronomy.phenology import NEVER, stages
from nongshi.agronomy.varieties import VARIETIES, Target, Variety
from nongshi.agronomy.weather import Daily, year_of_each
from nongshi.agronomy.weather_fit import fit_generator
from nongshi.bench.calendar_fit import LAT

SHARE = 0.8
AS_OF_D = (0, 45, 90)  # days after sowing on which the forecast is made
BEYOND_D = 100  # days drawn behind the usual ripeness
AFTER_D = 25  # measured days needed behind it


@dataclass(frozen=True, slots=True)
class Case:
    """One forecast of ripeness and what came."""

    variety: str
    year: int
    as_of_d: int
    low: float
    high: float
    truth: int
    below: float  # chance given to earlier days
    upto: float  # chance given to this day and earlier ones

    @property
    def whole(self) -> bool:
        """Whether the day that came lies between the ends of the interval, end days counted whole."""
        return self.low <= self.truth <= self.high

    @property
    def covered(self) -> float:
        """The part of the day's chance that lies inside the interval; a day without chance lies in or out."""
        low, high = (1 - SHARE) / 2, (1 + SHARE) / 2
        if self.upto == self.below:
            return float(low < self.below < high)
        return max(0.0, min(high, self.upto) - max(low, self.below)) / (self.upto - self.below)


def bench_intervals(
    weather: Daily, *, seed: int, scenarios: int, lat: float = LAT, learn_years: int | None = None,
    varieties: Sequence[str] = tuple(VARIETIES),
) -> dict[str, Any]:  # fmt: skip
    """Coverage and width over varieties, sowings, years and days of forecast.

    Args:
        weather: the measured series.
        seed: of scenarios.
        scenarios: rows drawn for each forecast.
        lat: latitude of the series.
        learn_years: learn from so many years about the held-out one instead of from all others.
        varieties: which of the table.
    """
    cases = []
    for year in sorted(set(year_of_each(weather.dates).tolist())):
        for name in varieties:
            for target in VARIETIES[name].targets:
                cases += _season(VARIETIES[name], target, int(year), weather, seed, scenarios, lat, learn_years)
    by_variety = {name: [case for case in cases if case.variety == name] for name in varieties}
    return {
        "cases": len(cases),
        "years": len({case.year for case in cases}),
        "coverage": mean(case.covered for case in cases),
        "coverage_whole_days": mean(case.whole for case in cases),
        "width_d": mean(case.high - case.low for case in cases),
        "by_variety": {
            name: {"coverage": mean(c.covered for c in part), "width_d": mean(c.high - c.low for c in part)}
            for name, part in by_variety.items()
            if part
        },
        "by_year": {
            str(year): mean(case.covered for case in cases if case.year == year)
            for year in sorted({case.year for case in cases})
        },
        "by_as_of_d": {str(days): mean(case.covered for case in cases if case.as_of_d == days) for days in AS_OF_D},
    }


def _season(
    variety: Variety, target: Target, year: int, weather: Daily, seed: int, scenarios: int, lat: float,
    learn_years: int | None,
) -> list[Case]:  # fmt: skip
    """The forecasts of one sowing; none where the weather does not hold the whole season."""
    sown = date(year, *target.sown)
    end = sown + timedelta(days=target.maturity_d + BEYOND_D)
    if sown <= weather.first_day or sown + timedelta(days=target.maturity_d + AFTER_D) > weather.last_day:
        return []
    generator = fit_generator(weather, learn=_others(weather, sown, end, learn_years))
    clock, cases = replace(variety.clock, ripe_by=None, frost_kills_c=None), []
    own = weather.between(sown, end)
    truth = int(stages(clock, [0], own.tmean_c, lat, first_day=sown).maturity[0, 0])
    if truth == NEVER:
        return []
    for as_of_d in AS_OF_D:
        today = sown + timedelta(days=as_of_d)
        drawn = generator.ahead(
            weather.known_on(today), scenarios, seed=seed + 1000 * year + as_of_d, days=(end - today).days
        ).tmean_c
        if as_of_d:
            past = own.known_on(today).tmean_c
            drawn = np.concatenate([np.tile(past, (scenarios, 1)), drawn], axis=1)
        ripe = stages(clock, [0], drawn, lat, first_day=sown).maturity[0]
        ripe = np.where(ripe == NEVER, drawn.shape[1], ripe)
        low, high = np.quantile(ripe, [(1 - SHARE) / 2, (1 + SHARE) / 2])
        below, upto = float((ripe < truth).mean()), float((ripe <= truth).mean())
        cases.append(Case(variety.id, year, as_of_d, float(low), float(high), truth, below, upto))
    return cases


def _others(weather: Daily, sown: date, end: date, learn_years: int | None) -> Any:
    """Days outside the held-out season and the weeks before it; only so many years of them about it where asked."""
    held = np.datetime64(sown - timedelta(days=30), "D"), np.datetime64(end, "D")
    learn = (weather.dates < held[0]) | (weather.dates > held[1])
    if learn_years is not None:
        apart = np.where(weather.dates < held[0], held[0] - weather.dates, weather.dates - held[1]).astype(np.int64)
        near = np.sort(apart[learn])[min(int(learn_years * 365.25), int(learn.sum())) - 1]
        learn &= apart <= near
    return learn
