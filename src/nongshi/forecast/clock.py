"""Stages of the fields of a season, computed from weather and corrected by what was seen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from nongshi.agronomy import phenology
from nongshi.agronomy.varieties import VARIETIES
from nongshi.agronomy.weather import WeatherRows
from nongshi.core.season import STAGES_SEEN, StageSeen
from nongshi.forecast.arrays import Floats, Ints

SEEDLING_D = 20  # assumption: of a variety whose table has no age for transplanting

StageDays = dict[str, Floats]  # stage -> (sowings, weather rows) days after the first day of weather; NaN: never


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Fields that develop alike: computed once for all towns; for a town by itself where its stages were seen."""

    crop: str
    variety: str
    method: str
    town: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Computes the stages of any kind of field under many weathers."""

    rows: WeatherRows
    lat: float
    seen: tuple[StageSeen, ...]
    _kept: dict[tuple[object, ...], StageDays] = field(default_factory=dict, repr=False, compare=False)

    @property
    def day_0(self) -> date:
        """The day from which all days count."""
        return self.rows.first_day

    def last_sown(self, kind: Kind) -> int:
        """The last day after `day_0` on which a kind can be sown within the weather, transplanting included."""
        return len(self.rows.dates) - 1 - _age(kind)

    def stages(self, asked: Sequence[tuple[Kind, Ints, float]]) -> list[StageDays]:
        """Stages of kinds of fields, each sown on days after `day_0`, all computed together.

        Args:
            asked: kind, (n,) days of sowing, and the sowing among them that an observed stage belongs to.
        """
        found = self._run([(kind, sown) for kind, sown, _ in asked])
        seen = [(n, row) for n, (kind, _, _) in enumerate(asked) if (row := self._latest(kind)) is not None]
        again = []
        for n, row in seen:
            _, sown, middle = asked[n]
            on = self._seen_on(found[n], sown, row, middle)
            if on is not None:
                again.append((n, STAGES_SEEN.index(row.stage), on))
        if again:
            whats = [np.full(len(on), what) for _, what, on in again]
            corrected = self._run([asked[n][:2] for n, _, _ in again], whats, [on for _, _, on in again])
            for (n, _, _), days in zip(again, corrected, strict=True):
                found[n] = days
        return found

    def _run(
        self, asked: Sequence[tuple[Kind, Ints]], what: Sequence[Ints] = (), on: Sequence[Ints] = ()
    ) -> list[StageDays]:
        """As `_compute`, but what was asked before is not computed again: cases that are compared share most."""
        seen = list(zip(what, on, strict=True)) if what else [(np.zeros(0, np.int64),) * 2 for _ in asked]
        keys = [
            (kind.variety, kind.method, *(days.tobytes() for days in (sown, *more)))
            for (kind, sown), more in zip(asked, seen, strict=True)
        ]
        fresh = [n for n, key in enumerate(keys) if key not in self._kept]
        whats, ons = ([values[n] for n in fresh] if what else [] for values in (what, on))
        found = self._compute([asked[n] for n in fresh], whats, ons)
        self._kept.update({keys[n]: days for n, days in zip(fresh, found, strict=True)})
        return [dict(self._kept[key]) for key in keys]

    def _compute(self, asked: Sequence[tuple[Kind, Ints]], what: Sequence[Ints], on: Sequence[Ints]) -> list[StageDays]:
        if not asked:
            return []
        sizes = [len(sown) for _, sown in asked]
        sown = np.concatenate([days for _, days in asked])
        age = np.repeat([_age(kind) for kind, _ in asked], sizes)
        seen = {"seen_stage": np.concatenate(what), "seen_day": np.concatenate(on)} if what else {}
        run = phenology.stages(
            [
                VARIETIES[kind.variety].clock
                for kind, size in zip((k for k, _ in asked), sizes, strict=True)
                for _ in range(size)
            ],
            sown,
            self.rows.tmean_c,
            self.lat,
            first_day=self.day_0,
            tmin=self.rows.tmin_c,
            transplanted_day=np.where(age > 0, sown + age, -1),
            **seen,
        )
        days = {name: getattr(run, name).astype(float) for name in STAGES_SEEN}
        whole = {name: np.where(found < 0, np.nan, found) for name, found in days.items()}
        whole["sown"] = np.repeat(sown[:, None].astype(float), len(self.rows.tmin_c), axis=1)
        whole["planted"] = whole["sown"] + age[:, None]
        cuts = np.cumsum(sizes)[:-1]
        pieces = {name: np.split(found, cuts) for name, found in whole.items()}
        return [{name: pieces[name][n] for name in pieces} for n in range(len(asked))]

    def _latest(self, kind: Kind) -> StageSeen | None:
        """The last stage that was seen of this kind in its town."""
        if kind.town is None:
            return None
        mine = [row for row in self.seen if (row.town, row.crop, row.variety) == (kind.town, kind.crop, kind.variety)]
        return max(mine, key=lambda row: (STAGES_SEEN.index(row.stage), row.date), default=None)

    def _seen_on(self, found: StageDays, sown: Ints, seen: StageSeen, middle: float) -> Ints | None:
        """(n,) when each sowing had the seen stage: as much earlier or later than the middle one as was computed."""
        days = found[seen.stage]
        if not np.isfinite(days).any(axis=1).all():
            return None
        computed = np.nanmean(days, axis=1)
        apart = computed - np.interp(middle, sown, computed)
        on = np.rint((seen.date - self.day_0).days + apart).astype(np.int64)
        return np.asarray(np.clip(on, sown + 1, len(self.rows.dates) - 1))


def _age(kind: Kind) -> int:
    """Days from the nursery to the field; 0 where it is sown directly."""
    return (VARIETIES[kind.variety].seedling_age_d or SEEDLING_D) if kind.method == "transplant" else 0


def seen_places(seen: Sequence[StageSeen]) -> set[tuple[str, str, str]]:
    """Towns, crops and varieties of which any stage was seen."""
    return {(row.town, row.crop, row.variety) for row in seen}
