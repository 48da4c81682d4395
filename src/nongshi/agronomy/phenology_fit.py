"""A variety's clock fitted to stages that were seen: by search over its parameters, held near what they were.

Few observations move a variety little: each parameter is pulled towards its old value by a prior, so that one odd
report cannot turn a late variety into an early one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from nongshi.agronomy.crop_parameters import CropParameters
from nongshi.agronomy.day_length import Floats
from nongshi.agronomy.phenology import NEVER, seasons
from nongshi.agronomy.simplex import least
from nongshi.core.errors import BadInput

SEEN_SD_D = 3.0  # assumption: what a report of heading or ripeness is off by, and fields of one variety differ by
UNREACHED_D = 60  # what counts as the error of a stage that the run never reaches
PRIOR_SD = 0.06  # assumption: share by which degree-days of varieties of one kind differ
STEPS = 160
SEASON_D = 400  # the longest season
NO_WARMTH_C = -50.0  # behind the weather's end nothing grows


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One crop that was watched: when it was sown and what was seen of it. Dates of stages may lack."""

    sown: date
    heading: date | None = None
    maturity: date | None = None
    transplanted: date | None = None
    lat: float
    first_day: date  # of `tmean`
    tmean: Floats  # (days,)


def fit(
    crop: CropParameters,
    seen: Sequence[Seen],
    *,
    prior_sd: Mapping[str, float] | None = None,
    seen_sd_d: float = SEEN_SD_D,
    steps: int = STEPS,
) -> CropParameters:
    """The parameters that bring computed stages nearest to seen ones.

    Args:
        crop: where the search begins and what the prior holds to.
        seen: what was watched.
        prior_sd: parameters to fit, with the share by which each may be off; default: the two sums of degree-days.
        seen_sd_d: how far off a seen day may be.
        steps: steps of the search (Nelder and Mead 1965, Computer Journal 7:308).

    Raises:
        BadInput: nothing was seen.
    """
    if not any(one.heading or one.maturity for one in seen):
        raise BadInput("nothing to fit to: give a day of heading or of maturity")
    spread = {"heading_c_d": PRIOR_SD, "ripening_c_d": PRIOR_SD} if prior_sd is None else dict(prior_sd)
    names, sds = list(spread), np.array(list(spread.values()))
    start = np.array([getattr(crop, name) for name in names])

    def changed(logs: Floats) -> CropParameters:
        values = start * np.exp(logs * sds)
        new: dict[str, Any] = {name: float(value) for name, value in zip(names, values, strict=True)}
        return replace(crop, **new)

    def loss(logs: Floats) -> float:
        if np.abs(logs).max() > 12 or not np.isfinite(logs).all():
            return float("inf")
        try:
            errors = errors_d(changed(logs), seen)
        except BadInput:
            return float("inf")  # day lengths that crossed
        return float((errors**2).sum() / seen_sd_d**2 + (logs**2).sum())

    return changed(least(loss, np.zeros(len(names)), steps))


def errors_d(crop: CropParameters, seen: Sequence[Seen]) -> Floats:
    """Computed minus seen, in days, for every seen heading and then every seen maturity."""
    columns = [(one.sown - one.first_day).days for one in seen]
    if any(not 0 <= column < len(one.tmean) for column, one in zip(columns, seen, strict=True)):
        raise BadInput("something was sown outside the weather that is given with it")
    days = min(SEASON_D, max(len(one.tmean) - column for column, one in zip(columns, seen, strict=True)))
    warmth = np.full((len(seen), days), NO_WARMTH_C)
    for row, column, one in zip(warmth, columns, seen, strict=True):
        part = one.tmean[column : column + days]
        row[: len(part)] = part
    planted = np.array([NEVER if one.transplanted is None else (one.transplanted - one.sown).days for one in seen])
    computed = seasons(crop, warmth, [one.sown for one in seen], [one.lat for one in seen], planted)
    errors = []
    for stage, name in ((1, "heading"), (2, "maturity")):
        for i, one in enumerate(seen):
            on = getattr(one, name)
            if on is not None:
                day = computed[stage, i]
                errors.append(float(UNREACHED_D if day == NEVER else day - (on - one.sown).days))
    return np.array(errors)
