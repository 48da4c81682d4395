"""What will not ripen, and why: killed by frost, past its last day, or simply not known yet."""

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from nongshi.agronomy.crop_parameters import CropParameters

Ints = NDArray[np.int64]

RIPENS, FROST, LATE, UNKNOWN = 0, 1, 2, 3  # Stages.risk
RISKS = ("ripens", "killed by frost", "not ripe by its last day", "the weather given ends before it is ripe")
NEVER = -1


def judge(found: Ints, kills: NDArray[np.bool_] | None, last: Ints, seen_on: Ints, days: int) -> None:
    """Write the risks into found[3], and take back the ripeness in found[2] of what is at risk.

    Args:
        found: (4, sowings, rows) emergence, heading, maturity, risk.
        kills: (rows, days) nights that end the crop, or None.
        last: (sowings,) last day on which it may ripen.
        seen_on: (sowings,) day on which a stage was seen, NEVER where none was.
        days: how many the weather has.
    """
    maturity, risk = found[2], found[3]
    late = np.where(maturity == NEVER, last[:, None] < days, maturity > last[:, None])
    risk[...] = np.where(late, LATE, np.where(maturity == NEVER, UNKNOWN, RIPENS))
    if kills is not None:
        risk[_killed(found, kills, seen_on[:, None], last[:, None])] = FROST
    maturity[risk != RIPENS] = NEVER


def _killed(found: Ints, kills: NDArray[np.bool_], seen_on: Ints, last: Ints) -> NDArray[np.bool_]:
    """Runs that met a killing night after they emerged (or were last seen) and before they were ripe."""
    days = kills.shape[1]
    nights = np.concatenate([np.zeros((len(kills), 1), dtype=np.int64), kills.cumsum(axis=1)], axis=1)
    rows = np.arange(len(kills))[None, :]
    since = np.where(seen_on == NEVER, found[0], seen_on)
    begin = np.where(since == NEVER, days, since + 1)
    end = np.where(found[2] == NEVER, days, found[2] + 1)
    end = np.minimum(end, np.minimum(last, days - 1) + 1)
    killed: NDArray[np.bool_] = nights[rows, np.maximum(end, begin)] > nights[rows, begin]
    return killed


def last_days(crop: CropParameters, sown: Ints, first_day: date, days: int) -> Ints:
    """Columns of the last day on which what was sown on each day still counts as ripened."""
    if crop.ripe_by is None:
        return np.full(len(sown), days)
    found = []
    for column in sown:
        sown_on = first_day + timedelta(days=int(column))
        last = [date(year, *crop.ripe_by) for year in (sown_on.year, sown_on.year + 1)]
        found.append((min(day for day in last if day > sown_on) - first_day).days)
    return np.array(found, dtype=np.int64)
