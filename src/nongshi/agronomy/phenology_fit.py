"""A variety's clock fitted to stages that were seen: by search over its parameters, held near what they were.

Few observations move a variety little: each parameter is pulled towards its old value by a prior, so that one odd
report cannot turn a late variety into an early one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from nongshi.agronomy.crop_parameters import CropParameters
from nongshi.agronomy.day_length import Floats
from nongshi.agronomy.phenology import NEVER, stages
from nongshi.agronomy.simplex import least
from nongshi.core.errors import BadInput

SEEN_SD_D = 3.0  # assumption: what a report of heading or ripeness is off by, and fields of one variety differ by
UNREACHED_D = 60  # what counts as the error of a stage that the run never reaches
PRIOR_SD = 0.06  # assumption: share by which degree-days of varieties of one kind differ
STEPS = 400
SEASON_D = 365 + 400  # a year in which sowings may lie, and the longest season


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
    """Computed minus seen, in days, for every seen heading and maturity."""
    errors = []
    for group in _by_weather(seen):
        begin = (min(one.sown for one in group) - group[0].first_day).days
        first_day, lat = group[0].first_day + timedelta(days=begin), group[0].lat
        tmean = group[0].tmean[begin : begin + SEASON_D]
        sown = [(one.sown - first_day).days for one in group]
        planted = [NEVER if one.transplanted is None else (one.transplanted - first_day).days for one in group]
        run = stages(
            replace(crop, ripe_by=None), sown, tmean, lat, first_day=first_day, transplanted_day=np.array(planted)
        )
        for i, one in enumerate(group):
            for on, computed in ((one.heading, run.heading[i, 0]), (one.maturity, run.maturity[i, 0])):
                if on is not None:
                    days = UNREACHED_D if computed == NEVER else int(computed) - (on - first_day).days
                    errors.append(float(days))
    return np.array(errors)


def _by_weather(seen: Sequence[Seen]) -> list[list[Seen]]:
    """What was sown in one year of one weather; each run needs its own season alone."""
    groups: dict[tuple[int, float, date, int], list[Seen]] = {}
    for one in seen:
        groups.setdefault((id(one.tmean), one.lat, one.first_day, one.sown.year), []).append(one)
    return list(groups.values())
