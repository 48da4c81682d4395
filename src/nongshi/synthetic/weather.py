"""Rain days from a two-state chain, and the work hours that they leave."""

from collections.abc import Sequence
from datetime import time

import numpy as np

from nongshi.core.region import Workday
from nongshi.core.times import days
from nongshi.synthetic.defaults import HEAVY_SHARE
from nongshi.synthetic.seasons import GROUP_OF_CLASS, Season

DRY, LIGHT, HEAVY = 0, 1, 2
TRIES_MAX = 1000
TRACTOR_HOURS = (time(7, 0), time(17, 30))
UAV_HOURS = (time(6, 30), time(16, 30))
DEW_STARTS = (time(8, 0), time(8, 30), time(9, 0))
SODDEN_STARTS = (time(11, 0), time(12, 0))

Hours = tuple[time, time] | None  # None: no work


def make_workdays(rng: np.random.Generator, season: Season, classes: Sequence[str]) -> tuple[Workday, ...]:
    """A row for every day and class; rain stops all but the transplanters, who stop at heavy rain."""
    sky = _draw_sky(rng, season)
    rows = []
    for index, day in enumerate(days(season.start_date, season.days)):
        sodden = index > 0 and sky[index - 1] == HEAVY
        combine_start = (SODDEN_STARTS if sodden else DEW_STARTS)[int(rng.integers(2 if sodden else 3))]
        hours = {"*": TRACTOR_HOURS if sky[index] == DRY else None}
        hours |= {name: _hours(name, sky[index], combine_start) for name in classes}
        for name, span in hours.items():
            start, end = span if span is not None else (None, None)
            rows.append(Workday(date=day, machine_class=name, start=start, end=end))
    return tuple(rows)


def _draw_sky(rng: np.random.Generator, season: Season) -> list[int]:
    """DRY, LIGHT or HEAVY for each day; seasons wetter than half their days are drawn again."""
    for _ in range(TRIES_MAX):
        sky: list[int] = []
        for draw, heavy in rng.random((season.days, 2)):
            wet_before = bool(sky) and sky[-1] != DRY
            wet = draw < (season.wet_after_wet if wet_before else season.wet_after_dry)
            sky.append(DRY if not wet else HEAVY if heavy < HEAVY_SHARE else LIGHT)
        if 2 * sky.count(DRY) >= season.days:
            return sky
    return [DRY] * season.days


def _hours(machine_class: str, sky: int, combine_start: time) -> Hours:
    group = GROUP_OF_CLASS[machine_class]
    if sky == HEAVY or (sky == LIGHT and group != "P"):
        return None
    if group == "H":
        return combine_start, TRACTOR_HOURS[1]
    return UAV_HOURS if group == "U" else TRACTOR_HOURS
