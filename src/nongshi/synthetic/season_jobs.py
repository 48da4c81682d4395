"""What happens in a made-up year: fields sown one by one, stages reached, jobs posted by growers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from nongshi.agronomy import phenology
from nongshi.agronomy.varieties import VARIETIES
from nongshi.agronomy.weather import Daily
from nongshi.core.season import Posted, SeasonOperation, Sowing, StageSeen

FIELDS = 40  # of a sowing; each stands for as many alike
YEAR_SOWN_D = 2.0  # standard deviations, days: all sowings of a crop in a year
TOWN_SOWN_D = 1.0
VARIETY_D = 2.2  # a variety's stages in a year, beyond what warmth explains
TOWN_D = 1.5
FIELD_D = 1.5
ASKED_D = 1.2  # when a town's growers ask for an operation
GROWER_D = 1.2
AREA_SIGMA = 0.06  # lognormal: true area over reported
SHARE_SIGMA = 0.06
GROWS_D = 330  # no crop stands longer
NEVER_D = 45  # what never ripens is cleared so long after heading
POSTED_AHEAD_D = 3
SEEN_SHARE = 0.6  # of a town's varieties somebody looks at
SEEN_D = 1.0

Days = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearDraw:
    """A year's luck: everything in it is drawn by name, so that looking at one thing does not change another."""

    seed: int
    year: int

    def rng(self, *names: str) -> np.random.Generator:
        """Draws that belong to a name in this year."""
        return np.random.default_rng([self.seed, self.year, *(byte for name in names for byte in (0, *name.encode()))])


def grow(
    drawn: YearDraw, sowings: Sequence[Sowing], operations: Sequence[SeasonOperation], weather: Daily, lat: float
) -> tuple[Posted, ...]:
    """Every job of the drawn year for these sowings, by town, operation and the day it is wanted from."""
    total: dict[tuple[str, str, date], float] = {}
    for sowing in sowings:
        days = _stages(drawn, sowing, weather, lat)
        name = _name(sowing)
        area = sowing.area_ha * drawn.rng("area", *name).lognormal(0.0, AREA_SIGMA) / FIELDS
        for row in operations:
            if row.crop != sowing.crop or row.method not in (None, sowing.method):
                continue
            asked = drawn.rng("asked", sowing.town, row.operation, sowing.crop, row.stage, f"{row.after_d}")
            share = row.share * drawn.rng("share", sowing.town, row.operation).lognormal(0.0, SHARE_SIGMA)
            when = days[row.stage] + row.after_d + ASKED_D * asked.normal() + GROWER_D * asked.normal(size=FIELDS)
            for day in np.rint(when[np.isfinite(when)]):
                key = sowing.town, row.operation, weather.first_day + timedelta(days=int(day))
                if key[2].year == drawn.year:
                    total[key] = total.get(key, 0.0) + area * share
    return tuple(
        Posted(
            town=town,
            operation=operation,
            date=day,
            area_ha=round(ha, 2),
            reported=day - timedelta(days=POSTED_AHEAD_D),
        )
        for (town, operation, day), ha in sorted(total.items(), key=lambda item: (item[0][2], item[0][:2]))
        if round(ha, 2) > 0
    )


def seen_stages(drawn: YearDraw, sowings: Sequence[Sowing], weather: Daily, lat: float) -> tuple[StageSeen, ...]:
    """Headings that somebody wrote down, a few days after."""
    found: dict[tuple[str, str, str], StageSeen] = {}
    for sowing in sowings:
        rng = drawn.rng("seen", *_name(sowing))
        heading = _stages(drawn, sowing, weather, lat)["heading"]
        if rng.random() > SEEN_SHARE or not np.isfinite(heading).all():
            continue
        middle = float(np.median(heading))
        day = weather.first_day + timedelta(days=round(middle + SEEN_D * rng.normal()))
        if day.year == drawn.year:
            seen = StageSeen(
                town=sowing.town,
                crop=sowing.crop,
                variety=sowing.variety,
                stage="heading",
                date=day,
                reported=day + timedelta(days=3),
            )
            found.setdefault((sowing.town, sowing.crop, sowing.variety), seen)
    return tuple(sorted(found.values(), key=lambda row: (row.reported, row.town, row.variety)))


def _stages(drawn: YearDraw, sowing: Sowing, weather: Daily, lat: float) -> dict[str, Days]:
    """Days (after the weather's first) on which the sowing's fields reach their stages; NaN outside the weather."""
    assert sowing.sown_from is not None
    assert sowing.sown_to is not None
    name = _name(sowing)
    low, high = weather.index(sowing.sown_from), weather.index(sowing.sown_to)
    rng = drawn.rng("sown", *name)
    moved = YEAR_SOWN_D * drawn.rng("year", sowing.crop, sowing.method).normal() + TOWN_SOWN_D * rng.normal()
    sown = rng.triangular(low - 0.5, (low + high) / 2, high + 0.5, size=FIELDS) + moved
    sown = np.rint(sown).astype(np.int64)
    nothing = np.full(FIELDS, np.nan)
    variety = VARIETIES[sowing.variety]
    age = variety.seedling_age_d if sowing.method == "transplant" else 0
    found = {"sown": sown.astype(float), "planted": sown.astype(float) + age}
    inside = (sown >= 0) & (sown + age < len(weather))
    if not inside.all():
        return found | dict.fromkeys(("emergence", "heading", "maturity"), nothing)
    planted = {"transplanted_day": sown + age} if sowing.method == "transplant" else {}
    begin, end = int(sown.min()), int(sown.max()) + GROWS_D
    planted = {name: days - begin for name, days in planted.items()}
    first_day = weather.first_day + timedelta(days=begin)
    tmean, tmin = weather.tmean_c[begin:end], weather.tmin_c[begin:end]
    run = phenology.stages(variety.clock, sown - begin, tmean, lat, first_day=first_day, tmin=tmin, **planted)
    late = VARIETY_D * drawn.rng("variety", sowing.variety).normal() + TOWN_D * drawn.rng("place", *name).normal()
    apart = late + FIELD_D * rng.normal(size=FIELDS)
    for stage in ("emergence", "heading", "maturity"):
        days = getattr(run, stage)[:, 0].astype(float)
        found[stage] = np.where(days < 0, np.nan, days + begin + apart)
    found["maturity"] = np.where(np.isnan(found["maturity"]), found["heading"] + NEVER_D, found["maturity"])
    return found


def _name(sowing: Sowing) -> tuple[str, ...]:
    year = "" if sowing.sown_from is None else str(sowing.sown_from.year)
    return sowing.town, sowing.crop, sowing.variety, sowing.method, year
