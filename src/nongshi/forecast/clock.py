"""Stages of the fields of a season, computed from weather and corrected by what was seen."""

from collections.abc import Sequence
from dataclasses import dataclass
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

    @property
    def day_0(self) -> date:
        """The day from which all days count."""
        return self.rows.first_day

    def stages(self, kind: Kind, sown: Ints, middle: float) -> StageDays:
        """Stages of fields sown on these days after `day_0`; `middle`: the sowing that an observed stage belongs to."""
        variety = VARIETIES[kind.variety]
        age = variety.seedling_age_d or SEEDLING_D
        planted = sown + age if kind.method == "transplant" else np.full(len(sown), -1)
        found = self._run(kind, sown, planted)
        seen = self._latest(kind)
        if seen is not None:
            found = self._corrected(kind, sown, planted, found, seen, middle)
        rows = found["heading"].shape[1]
        found["sown"] = np.repeat(sown[:, None].astype(float), rows, axis=1)
        found["planted"] = found["sown"] + (age if kind.method == "transplant" else 0)
        return found

    def _run(self, kind: Kind, sown: Ints, planted: Ints, **seen: Ints) -> StageDays:
        given = {} if kind.method != "transplant" else {"transplanted_day": planted}
        run = phenology.stages(
            VARIETIES[kind.variety].clock,
            sown,
            self.rows.tmean_c,
            self.lat,
            first_day=self.day_0,
            tmin=self.rows.tmin_c,
            **given,
            **seen,
        )
        days = {name: getattr(run, name).astype(float) for name in STAGES_SEEN}
        return {name: np.where(found < 0, np.nan, found) for name, found in days.items()}

    def _latest(self, kind: Kind) -> StageSeen | None:
        """The last stage that was seen of this kind in its town."""
        if kind.town is None:
            return None
        mine = [row for row in self.seen if (row.town, row.crop, row.variety) == (kind.town, kind.crop, kind.variety)]
        return max(mine, key=lambda row: (STAGES_SEEN.index(row.stage), row.date), default=None)

    def _corrected(
        self, kind: Kind, sown: Ints, planted: Ints, found: StageDays, seen: StageSeen, middle: float
    ) -> StageDays:
        """Run again from the seen stage: other sowings had it as much earlier or later as was computed."""
        computed = np.nanmean(found[seen.stage], axis=1)
        if not np.isfinite(computed).all():
            return found
        apart = computed - np.interp(middle, sown, computed)
        on = np.rint((seen.date - self.day_0).days + apart).astype(np.int64)
        on = np.clip(on, sown + 1, len(self.rows.dates) - 1)
        what = np.full(len(sown), STAGES_SEEN.index(seen.stage))
        return self._run(kind, sown, planted, seen_stage=what, seen_day=on)


def seen_places(seen: Sequence[StageSeen]) -> set[tuple[str, str, str]]:
    """Towns, crops and varieties of which any stage was seen."""
    return {(row.town, row.crop, row.variety) for row in seen}
