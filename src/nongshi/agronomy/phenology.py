"""When a crop comes up, heads and ripens: daily development by warmth, day length and cold, many runs at once.

The equations are those of WOFOST (van Diepen et al. 1989, Soil Use and Management 5:16-24): development runs from -0.1
(sown) over 0 (emerged) and 1 (heading) to 2 (ripe); what a day adds is its warmth over the stage's sum, before heading
also lessened by day length and missing cold. What overshoots a stage is lost. A stage's day is the day whose warmth
completes it.

Runs that share variety, sowing, latitude and weather are the same run and computed once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nongshi.agronomy.crop_parameters import CropParameters, Knots
from nongshi.agronomy.day_length import Floats, day_numbers, photoperiod_h
from nongshi.agronomy.phenology_risk import FROST, LATE, NEVER, RIPENS, RISKS, UNKNOWN, judge, last_days
from nongshi.core.errors import BadInput

Ints = NDArray[np.int64]

__all__ = ["FROST", "LATE", "NEVER", "RIPENS", "RISKS", "UNKNOWN", "Stages", "seasons", "stages"]

SOWN, EMERGED, HEADED, RIPE = -0.1, 0.0, 1.0, 2.0
BLOCK = 32_768  # runs side by side: so many that their arrays stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Stages:
    """Days of the stages, as columns of the weather (0 is its first day), (sowings, weather rows); -1 is never.

    `maturity` is -1 wherever the crop is at risk, and `risk` says why (RISKS): such a field is never just late.
    """

    emergence: Ints
    heading: Ints
    maturity: Ints
    risk: NDArray[np.int8]


def stages(
    crop: CropParameters | Sequence[CropParameters],
    sown_day: ArrayLike,
    tmean: ArrayLike,
    lat: float | ArrayLike,
    *,
    first_day: date,
    tmin: ArrayLike | None = None,
    transplanted_day: ArrayLike | None = None,
    seen_stage: ArrayLike | None = None,
    seen_day: ArrayLike | None = None,
) -> Stages:
    """Emergence, heading and ripeness of every sowing in every row of weather.

    Args:
        crop: one variety for all sowings, or one each, (n,).
        sown_day: (n,) column of the weather on which it was sown (in the nursery, where it is transplanted).
        tmean: (days,) or (rows, days) daily mean temperature, (min + max) / 2; all rows begin on `first_day`.
        lat: latitude in degrees, one or (n,).
        first_day: the date of column 0.
        tmin: as `tmean`, for killing frost; without it frost is not looked for.
        transplanted_day: (n,) column of transplanting, -1 where sown directly; the crop stands still `shock_d` days.
        seen_stage: (n,) stage that was seen in the field: 0 emergence, 1 heading, 2 maturity, -1 nothing.
        seen_day: (n,) column on which it was seen; the run starts again from there.

    Raises:
        BadInput: shapes that do not go together, a temperature that is no number, a day outside the weather.
    """
    sown = np.atleast_1d(np.asarray(sown_day, dtype=np.int64))
    warmth = _rows(tmean, "tmean")
    nights = None if tmin is None else _rows(tmin, "tmin")
    if nights is not None and nights.shape != warmth.shape:
        raise BadInput(f"tmin has the shape {nights.shape}, tmean {warmth.shape}; give both for the same days")
    n, days = len(sown), warmth.shape[1]
    _check_days(sown, days, "sown_day", least=0)
    crops, crop_of = _distinct(crop, n)
    lats = np.broadcast_to(np.asarray(lat, dtype=np.float64), (n,))
    planted = _given(transplanted_day, n, days, "transplanted_day")
    seen_what, seen_on = _given(seen_stage, n, 3, "seen_stage"), _given(seen_day, n, days, "seen_day")
    seen_on = np.where(seen_what == NEVER, NEVER, seen_on)
    if ((seen_what != NEVER) & (seen_on < 0)).any():
        raise BadInput("seen_day is missing where seen_stage is given")
    keys = np.column_stack([crop_of, sown, planted, seen_what, seen_on, np.unique(lats, return_inverse=True)[1]])
    _, first, back = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    found = np.empty((4, len(first), len(warmth)), dtype=np.int64)
    for one, parameters in enumerate(crops):
        rows = np.flatnonzero(crop_of[first] == one)
        at = first[rows]
        clock = _Clock(parameters, warmth, nights)
        share = _day_share(parameters, first_day, days, lats[at])
        part = clock.run(sown[at], planted[at], seen_what[at], seen_on[at], share)
        judge(part, clock.kills, last_days(parameters, sown[at], first_day, days), seen_on[at], days)
        found[:, rows] = part
    emergence, heading, maturity, risk = found[:, back.reshape(-1)]
    return Stages(emergence, heading, maturity, risk.astype(np.int8))


def seasons(
    crop: CropParameters, tmean: Floats, first_days: Sequence[date], lats: Sequence[float], planted: Ints
) -> Ints:
    """(3, rows): emergence, heading and ripeness where each row of weather is another place's and sown on its day 0.

    Without frost and last day: what fitting asks for. `planted` as `transplanted_day` of `stages`, (rows,).
    """
    days = tmean.shape[1]
    pairs = zip(first_days, lats, strict=True)
    share = np.concatenate([_day_share(crop, day, days, np.array([lat])) for day, lat in pairs], axis=1)
    begin, state = np.zeros((1, 1), dtype=np.int64), np.full((1, 1), SOWN)
    return _Clock(crop, tmean, None).develop(begin, state, planted[None, :], share)[:, 0]


class _Clock:
    """One variety: what each day of each weather row is worth in each stage."""

    def __init__(self, crop: CropParameters, warmth: Floats, nights: Floats | None) -> None:
        self.crop, self.days = crop, warmth.shape[1]
        top = crop.emergence_top_c - crop.emergence_base_c
        self.emerging = 0.1 * np.clip(warmth - crop.emergence_base_c, 0.0, top) / crop.emergence_c_d
        self.warm = _worth(crop.warm, warmth)
        self.cold = None if crop.cold_full_d is None else _worth(crop.cold, warmth)
        self.kills = None if nights is None or crop.frost_kills_c is None else nights <= crop.frost_kills_c

    def run(self, sown: Ints, planted: Ints, seen_what: Ints, seen_on: Ints, share: Floats) -> Ints:
        """(4, sowings, rows): emergence, heading, maturity, and room for the risk; `share` as `_day_share` gives it."""
        found = np.full((4, len(sown), len(self.warm)), NEVER, dtype=np.int64)
        order = np.argsort(sown, kind="stable")
        step = max(1, BLOCK // len(self.warm))
        for begin in range(0, len(order), step):
            at = order[begin : begin + step]
            found[:3, at] = self.develop(sown[at, None], np.full((len(at), 1), SOWN), planted[at, None], _of(share, at))
        seen = np.flatnonzero(seen_what != NEVER)
        if len(seen):
            again = self.develop(
                seen_on[seen, None] + 1, seen_what[seen, None].astype(np.float64), planted[seen, None], _of(share, seen)
            )
            for stage in range(3):
                known, what = seen_on[seen][:, None], seen_what[seen][:, None]
                computed = found[stage, seen]
                before = np.where(computed == NEVER, known, np.minimum(computed, known))
                found[stage, seen] = np.where(what > stage, before, np.where(what == stage, known, again[stage]))
        return found

    def develop(self, begin: Ints, state: Floats, planted: Ints, share: Floats) -> Ints:
        """(3, sowings, rows): the days of the stages from a day and a state on.

        All are (sowings or 1, rows or 1); `share`, how little day length delays, has days as its third.
        """
        crop, shape = self.crop, (len(begin), len(self.warm))
        found = np.full((3, *shape), NEVER, dtype=np.int64)
        level = np.broadcast_to(state, shape).copy()
        chilled = np.zeros(shape) if self.cold is not None else None
        dead = np.zeros(shape, dtype=bool) if self.kills is not None else None
        pause = np.where(planted == NEVER, self.days + crop.shock_d, planted)
        for day in range(int(begin.min(initial=self.days)), self.days):
            idle = (begin > day) | ((pause <= day) & (day < pause + crop.shock_d))
            rate = self._rate(day, level, chilled, np.broadcast_to(idle, shape), share[:, :, day])
            if dead is not None and self.kills is not None and self.kills[:, day].any():
                dead |= self.kills[:, day] & (level >= EMERGED) & (level < RIPE)
            if dead is not None:
                rate[dead] = 0.0
            later = level + rate
            for stage, bar in enumerate((EMERGED, HEADED, RIPE)):
                passed = (level < bar) & (later >= bar)
                if passed.any():
                    found[stage][passed] = day
                    later[passed] = bar
            level = later
            if (level >= RIPE).all():
                break
        return found

    def _rate(
        self, day: int, level: Floats, chilled: Floats | None, idle: NDArray[np.bool_], day_share: Floats
    ) -> Floats:
        """What the day adds to each run's development, nothing to idle ones; `chilled` takes up the day's cold."""
        crop = self.crop
        growing = (level >= EMERGED) & (level < HEADED)
        before = self.warm[:, day] * day_share
        if chilled is not None and self.cold is not None and crop.cold_full_d is not None:
            satisfied = np.clip((chilled - crop.cold_base_d) / (crop.cold_full_d - crop.cold_base_d), 0.0, 1.0)
            satisfied[level >= crop.cold_until] = 1.0
            before = self.warm[:, day] * satisfied * day_share
            chilled += (growing & ~idle) * self.cold[:, day]
        rate = np.where(growing, before / crop.heading_c_d, self.warm[:, day] / crop.ripening_c_d)
        rate = np.where(level < EMERGED, self.emerging[:, day], rate)
        rate[level >= RIPE] = 0.0
        rate[idle] = 0.0
        return rate


def _day_share(crop: CropParameters, first_day: date, days: int, lats: Floats) -> Floats:
    """How little day length delays heading, 0 to 1: (places, 1, days), or one place for all where it does not count."""
    if crop.day_full_h is None or crop.day_critical_h is None:
        return np.ones((1, 1, days))
    places, back = np.unique(lats, return_inverse=True)
    hours = photoperiod_h(day_numbers(first_day, days), places[:, None])
    share = np.clip((hours - crop.day_critical_h) / (crop.day_full_h - crop.day_critical_h), 0.0, 1.0)
    return share[back.reshape(-1), None, :]


def _of(share: Floats, at: Ints) -> Floats:
    return share if len(share) == 1 else share[at]


def _worth(knots: Knots, warmth: Floats) -> Floats:
    at, worth = np.array(knots).T
    found: Floats = np.interp(warmth, at, worth)
    return found


def _rows(values: ArrayLike, name: str) -> Floats:
    array = np.atleast_2d(np.asarray(values, dtype=np.float64))
    if array.ndim != 2 or not np.isfinite(array).all():
        raise BadInput(f"{name} must be (days,) or (rows, days) of finite numbers; fill gaps first")
    return array


def _given(values: ArrayLike | None, n: int, end: int, name: str) -> Ints:
    if values is None:
        return np.full(n, NEVER, dtype=np.int64)
    array = np.broadcast_to(np.asarray(values, dtype=np.int64), (n,))
    _check_days(array, end, name, least=NEVER)
    return array


def _check_days(days: Ints, end: int, name: str, *, least: int) -> None:
    if len(days) and (days.min() < least or days.max() >= end):
        raise BadInput(f"{name} must lie from {least} to {end - 1}, got {days.min()} to {days.max()}")


def _distinct(crop: CropParameters | Sequence[CropParameters], n: int) -> tuple[list[CropParameters], Ints]:
    """The different varieties, and which of them each sowing is."""
    if isinstance(crop, CropParameters):
        return [crop], np.zeros(n, dtype=np.int64)
    if len(crop) != n:
        raise BadInput(f"{len(crop)} varieties for {n} sowings; give one for all or one each")
    place = {one: i for i, one in enumerate(dict.fromkeys(crop))}
    return list(place), np.array([place[one] for one in crop], dtype=np.int64)
