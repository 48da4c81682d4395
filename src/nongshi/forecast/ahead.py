"""The forecast of a season: demand of every scenario by day, and the arrays that its linear programs start from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from nongshi.agronomy.weather import Daily, Said
from nongshi.core.season import Season
from nongshi.forecast.arrays import Floats, Ints, Wanted
from nongshi.forecast.capacity import Names, names_of
from nongshi.forecast.clock import Clock
from nongshi.forecast.demand import Demand, make_demand, sowing_window
from nongshi.forecast.hours import DayHours, by_period, make_hours, take_rows
from nongshi.forecast.known import known_on
from nongshi.forecast.posted import with_posted
from nongshi.forecast.said import sentences
from nongshi.forecast.skies import Skies, make_skies, rows_needed

ROWS_MAX = 50  # weather rows; more scenarios than that share them, with draws of their own for everything else
DAILY_D = 14  # days ahead that are looked at day by day


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What lies ahead, as it was known on the season's `today`."""

    season: Season  # known on its today
    names: Names
    demand: Demand
    hours: DayHours  # (s, days, ...) of every scenario
    said: tuple[Said, ...]

    def wanted(self, edges: tuple[int, ...]) -> Wanted:
        """Arrays in periods; `edges` are days after the season's first, the last one behind the end."""
        return Wanted(
            length_d=np.diff(np.array(edges, float)),
            released_ha=by_period(self.demand.released_ha, edges, axis=2),
            operation_h=by_period(self.hours.operation_h, edges, axis=1),
            operator_h=by_period(self.hours.operator_h, edges, axis=1),
        )

    @property
    def weeks(self) -> tuple[int, ...]:
        """Edges of whole weeks."""
        return tuple(range(0, 7 * self.season.weeks + 1, 7))

    @property
    def days_ahead(self) -> tuple[int, ...]:
        """Edges of the next days one by one, from `today` on as far as the season reaches; empty where it does not."""
        first = (self.season.today - self.season.first_day).days
        low, high = max(0, first), min(7 * self.season.weeks, first + DAILY_D)
        return tuple(range(low, high + 1)) if low < high else ()


class Kept:
    """Weather, hours and stages of one season, so that its cases compute none of them twice."""

    def __init__(self) -> None:
        self._found: dict[tuple[object, ...], tuple[Skies, Clock, DayHours]] = {}

    def find(
        self, key: tuple[object, ...], make: Callable[[], tuple[Skies, Clock, DayHours]]
    ) -> tuple[Skies, Clock, DayHours]:
        """What was made under this key, or is made now."""
        if key not in self._found:
            self._found[key] = make()
        return self._found[key]


def look_ahead(
    season: Season,
    weather: Daily | None,
    *,
    scenarios: int | None = None,
    weather_seed: int | None = None,
    kept: Kept | None = None,
) -> Ahead:
    """Forecast a season from what was known on its `today`; nothing later is read, whatever the folder holds.

    Args:
        season: as read, with rows of any day.
        weather: measured days, with any later ones; they are cut off here. None: the default climate, wider.
        scenarios: how many; default: as the season says.
        weather_seed: of the weather's years; default: the season's. Cases that are compared give the same.
        kept: of other cases of the same season, which differ in nothing but their sowings.
    """
    known = known_on(season, season.today)
    names = names_of(known)
    count = scenarios or known.scenarios
    windows = [sowing_window(sowing, known) for sowing in known.sowings]
    first_sown = min([known.first_day, *(low for low, _ in windows)])
    first, last = rows_needed(first_sown, known.last_day)
    seen = None if weather is None or season.today <= weather.first_day else weather.known_on(season.today)
    rows = min(count, ROWS_MAX)
    seed = known.seed if weather_seed is None else weather_seed

    def make() -> tuple[Skies, Clock, DayHours]:
        skies = make_skies(seen, first, last, count=rows, seed=seed)
        clock = Clock(rows=skies.rows, lat=known.lat, seen=known.stages)
        return skies, clock, make_hours(known, names, skies.rows)

    skies, clock, day_hours = (kept or Kept()).find((first, last, rows, seed), make)
    row = np.arange(count) % rows
    demand = make_demand(known, clock, row, seed=known.seed, history=has_history(known))
    hours = take_rows(day_hours, row)
    demand, drawn = with_posted(demand, known.posted, known.today, seed=known.seed)
    return Ahead(
        season=known,
        names=names,
        demand=demand,
        hours=take_rows(hours, drawn),
        said=sentences(known, skies.said, history=has_history(known)),
    )


def has_history(season: Season) -> bool:
    """Whether anything seen or posted at this place corrects calendar and varieties."""
    return bool(season.stages or season.posted)


def week_starts(season: Season) -> list[str]:
    """First days of the weeks, as they are written."""
    return [(season.first_day + timedelta(weeks=week)).isoformat() for week in range(season.weeks)]


def quantile_rows(values: Floats) -> Ints:
    """(3, ...) 10, 50 and 90 % over scenarios."""
    return np.asarray(np.quantile(values, (0.1, 0.5, 0.9), axis=0))
