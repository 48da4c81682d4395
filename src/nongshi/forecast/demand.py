"""Released work per town, operation and day: weather years x sowing dates x what areas and stages are uncertain by.

Each scenario takes one row of weather and one draw of everything else. Work of a sowing is released over the days on
which its fields get ready; what is released before the season's first day or after its last is not counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from nongshi.agronomy.varieties import VARIETIES
from nongshi.core.season import Season, SeasonOperation, Sowing
from nongshi.forecast import uncertainty
from nongshi.forecast.arrays import Floats, Ints
from nongshi.forecast.clock import Clock, Kind, StageDays, seen_places

PARTS = 5  # a window of sowing is so many days of sowing, evenly apart
GRID_D = 4  # days between sowings for which stages are computed; between them straight lines
GRID_MARGIN_D = 15
BEHIND_D = 10  # work before a sowing may reach back into the season by so many days
NEVER_D = 45.0  # assumption: what never ripens is cleared so many days after heading


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Released work of every scenario by day."""

    towns: tuple[str, ...]
    operations: tuple[str, ...]
    first_day: date
    released_ha: Floats  # (s, i, d, o)


def make_demand(season: Season, clock: Clock, weather_row: Ints, *, seed: int, history: bool = True) -> Demand:
    """Draw released work.

    Args:
        season: as it was known on its `today` (forecast.known).
        clock: computes stages.
        weather_row: (s,) row of weather that each scenario lives through.
        seed: of all draws; the same seed draws the same for the same sowings, so cases can be compared.
        history: whether anything seen at this place corrects what is computed; without it all draws are wider.
    """
    return _Draw(season, clock, weather_row, seed, 1.0 if history else uncertainty.NO_HISTORY_TIMES).demand()


def operation_ids(operations: Sequence[SeasonOperation]) -> tuple[str, ...]:
    """Distinct operations, in the order of the table."""
    return tuple(dict.fromkeys(row.operation for row in operations))


class _Draw:
    def __init__(self, season: Season, clock: Clock, weather_row: Ints, seed: int, wider: float) -> None:
        self.season, self.clock, self.day_0, self.row, self.wider = season, clock, clock.day_0, weather_row, wider
        self.seed, self.count = seed, len(weather_row)
        self.towns = [town.name for town in season.towns]
        self.operations = operation_ids(season.operations)
        self.days = 7 * season.weeks
        self.offset = (season.first_day - self.day_0).days
        self.seen = seen_places(season.stages)
        self.tables: dict[Kind, tuple[float, StageDays]] = {}

    def demand(self) -> Demand:
        released = np.zeros((len(self.towns), len(self.operations), self.count, self.days))
        by_kind: dict[Kind, list[Sowing]] = {}
        for sowing in self.season.sowings:
            if self._window(sowing)[0] > self.offset + self.days + BEHIND_D:
                continue  # nothing of it falls into the season
            by_kind.setdefault(self._kind(sowing), []).append(sowing)
        self._tabulate(by_kind)
        for kind, sowings in by_kind.items():
            for sowing in sowings:
                self._release(released, kind, sowing)
        return Demand(
            towns=tuple(self.towns),
            operations=self.operations,
            first_day=self.season.first_day,
            released_ha=np.ascontiguousarray(_spread(released).transpose(2, 0, 3, 1)),
        )

    def _kind(self, sowing: Sowing) -> Kind:
        town = sowing.town if (sowing.town, sowing.crop, sowing.variety) in self.seen else None
        return Kind(crop=sowing.crop, variety=sowing.variety, method=sowing.method, town=town)

    def _rng(self, *names: str) -> np.random.Generator:
        """Draws that belong to a name, whatever else is drawn: cases share them (common random numbers)."""
        key = [self.seed, *(byte for name in names for byte in (0, *name.encode()))]
        return np.random.default_rng(key)

    def _tabulate(self, by_kind: dict[Kind, list[Sowing]]) -> None:
        """Stages of every kind on a grid of sowing days that holds its windows with their margins."""
        asked = []
        for kind, sowings in by_kind.items():
            windows = [self._window(sowing) for sowing in sowings]
            first = int(min(low for low, _ in windows)) - GRID_MARGIN_D
            last = int(max(high for _, high in windows)) + GRID_MARGIN_D + GRID_D
            last = min(last, self.clock.last_sown(kind))
            asked.append((kind, np.arange(max(0, first), last + 1, GRID_D), float(np.mean(windows))))
        tables = self.clock.stages(asked)
        self.tables = {kind: (float(grid[0]), t) for (kind, grid, _), t in zip(asked, tables, strict=True)}

    def _window(self, sowing: Sowing) -> tuple[float, float]:
        first, last = sowing_window(sowing, self.season)
        return float((first - self.day_0).days), float((last - self.day_0).days)

    def _release(self, released: Floats, kind: Kind, sowing: Sowing) -> None:
        """Add the work of one sowing to all scenarios."""
        low, high = self._window(sowing)
        own = self._rng("sowing", sowing.town, sowing.crop, sowing.variety, sowing.method)
        common = self._rng("sowing", sowing.crop, sowing.method)
        width = uncertainty.SOWN_CALENDAR_D if sowing.sown_from is None else uncertainty.SOWN_REPORTED_D
        shift = self.wider * width * (own.normal(size=self.count) + common.normal(size=self.count)) / np.sqrt(2)
        places = (np.arange(PARTS) + 0.5) / PARTS
        sown = low + places[None, :] * (high - low) + shift[:, None]
        area = sowing.area_ha * np.exp(self.wider * uncertainty.AREA_SIGMA * own.normal(size=self.count))
        for row in self.season.operations:
            if row.crop == sowing.crop and row.method in (None, sowing.method):
                apart = self._apart(sowing, row)
                day = self._stage_day(kind, row.stage, sown) + row.after_d + apart[:, None]
                ha = np.repeat((area * row.share * self._share(sowing, row) / PARTS)[:, None], PARTS, axis=1)
                self._add(released, self.towns.index(sowing.town), self.operations.index(row.operation), day, ha)

    def _share(self, sowing: Sowing, row: SeasonOperation) -> Floats:
        """(s,) how much more or less of an operation a town does by machine."""
        drawn = self._rng("share", sowing.town, row.operation).normal(size=self.count)
        return np.asarray(np.exp(self.wider * uncertainty.SHARE_SIGMA * drawn))

    def _apart(self, sowing: Sowing, row: SeasonOperation) -> Floats:
        """(s,) days by which a town is later than others: its fields, and when its growers ask for the work."""
        place = self._rng("place", sowing.town, sowing.crop, sowing.variety).normal(size=self.count)
        habit = self._rng("habit", sowing.town, row.operation, sowing.crop, row.stage, f"{row.after_d}")
        town_d = 0.0 if row.stage in ("sown", "planted") else uncertainty.TOWN_D
        return np.asarray(self.wider * (town_d * place + uncertainty.HABIT_D * habit.normal(size=self.count)))

    def _stage_day(self, kind: Kind, stage: str, sown: Floats) -> Floats:
        """(s, parts) day of a stage, read between the grid's sowings, with the model's error on it."""
        first, table = self.tables[kind]
        days = table[stage]
        at = np.clip((sown - first) / GRID_D, 0, len(days) - 1.001)
        below = at.astype(np.int64)
        share = at - below
        rows = self.row[:, None]
        found = days[below, rows] * (1 - share) + days[below + 1, rows] * share
        if stage in ("sown", "planted"):
            return np.asarray(found)
        if stage == "maturity":
            heading = table["heading"]
            instead = heading[below, rows] * (1 - share) + heading[below + 1, rows] * share + NEVER_D
            found = np.where(np.isfinite(found), found, instead)
        return np.asarray(found + self._error(kind, stage)[:, None])

    def _error(self, kind: Kind, stage: str) -> Floats:
        """(s,) error of a computed stage, common to all towns of a variety; less where a stage was seen."""
        whole = self._rng("stage", kind.crop, kind.variety).normal(size=self.count)
        size = self.wider * uncertainty.STAGE_D * (uncertainty.SEEN_TIMES if kind.town else 1.0)
        return np.asarray(size * whole * (0.7 if stage == "emergence" else 1.0))

    def _add(self, released: Floats, town: int, operation: int, day: Floats, ha: Floats) -> None:
        day = np.where(np.isfinite(day), day, -1e6)
        at = np.rint(day).astype(np.int64) - self.offset
        inside = (at >= 0) & (at < self.days)
        flat = (np.arange(self.count)[:, None] * self.days + at)[inside]
        total = np.bincount(flat, weights=ha[inside], minlength=self.count * self.days)
        released[town, operation] += total.reshape(self.count, self.days)


def _spread(released: Floats) -> Floats:
    """(..., d) fields sown on one day get ready over some days to both sides, most of them in the middle."""
    reach = uncertainty.FIELD_D
    weights = reach + 1.0 - np.abs(np.arange(-reach, reach + 1))
    weights /= weights.sum()
    found = weights[reach] * released
    for step in range(1, reach + 1):
        found[..., step:] += weights[reach + step] * released[..., :-step]
        found[..., :-step] += weights[reach - step] * released[..., step:]
    return np.asarray(found)


def sowing_window(sowing: Sowing, season: Season) -> tuple[date, date]:
    """First and last day of sowing as reported, or the variety's usual ones whose harvest the season still sees."""
    if sowing.sown_from is not None and sowing.sown_to is not None:
        return sowing.sown_from, sowing.sown_to
    usual = VARIETIES[sowing.variety]
    grows = timedelta(days=min(target.maturity_d for target in usual.targets))
    years = (season.first_day.year - 1, season.first_day.year)
    windows = [(date(year, *usual.sown_from), date(year, *usual.sown_to)) for year in years]
    return next((window for window in windows if window[0] + grows >= season.first_day), windows[-1])
