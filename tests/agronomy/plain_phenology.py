"""The clock of a crop in plain loops over days, one run at a time: slow, and read beside `agronomy.phenology`."""

import itertools
import math
from collections.abc import Sequence
from datetime import date, timedelta

from nongshi.agronomy.crop_parameters import CropParameters, Knots


def plain_stages(
    crop: CropParameters, sown: int, tmean: Sequence[float], lat: float, *, first_day: date, planted: int = -1
) -> tuple[int, int, int]:
    """Days of emergence, heading and ripeness, -1 where the weather ends before; without frost and last day."""
    state, cold_days, found = -0.1, 0.0, [-1, -1, -1]
    for day in range(sown, len(tmean)):
        warmth = tmean[day]
        if planted != -1 and planted <= day < planted + crop.shock_d:
            continue
        if state < 0.0:
            useful = min(max(warmth - crop.emergence_base_c, 0.0), crop.emergence_top_c - crop.emergence_base_c)
            state = state + 0.1 * useful / crop.emergence_c_d
            bar = 0.0
        elif state < 1.0:
            share = _day_share(crop, first_day + timedelta(days=day), lat)
            if crop.cold_full_d is not None:
                satisfied = (cold_days - crop.cold_base_d) / (crop.cold_full_d - crop.cold_base_d)
                share = share * (1.0 if state >= crop.cold_until else min(max(satisfied, 0.0), 1.0))
                cold_days += _table(crop.cold, warmth)
            state = state + _table(crop.warm, warmth) * share / crop.heading_c_d
            bar = 1.0
        else:
            state = state + _table(crop.warm, warmth) / crop.ripening_c_d
            bar = 2.0
        if state >= bar:
            state = bar
            found[int(bar)] = day
            if bar == 2.0:
                break
    return found[0], found[1], found[2]


def _table(knots: Knots, at: float) -> float:
    if at <= knots[0][0]:
        return knots[0][1]
    for (x0, y0), (x1, y1) in itertools.pairwise(knots):
        if at <= x1:
            return y0 + (y1 - y0) * (at - x0) / (x1 - x0)
    return knots[-1][1]


def _day_share(crop: CropParameters, on: date, lat: float) -> float:
    if crop.day_full_h is None or crop.day_critical_h is None:
        return 1.0
    number = on.timetuple().tm_yday
    declination = -math.asin(math.sin(math.radians(23.45)) * math.cos(2 * math.pi * (number + 10) / 365))
    sine = math.sin(math.radians(lat)) * math.sin(declination) + math.sin(math.radians(4))
    share = sine / (math.cos(math.radians(lat)) * math.cos(declination))
    hours = 24.0 if share > 1 else 0.0 if share < -1 else 12 * (1 + 2 * math.asin(share) / math.pi)
    return min(max((hours - crop.day_critical_h) / (crop.day_full_h - crop.day_critical_h), 0.0), 1.0)
