"""Cross-sections of worked ground: how far apart neighbouring passes lie, and what that says of the fixes' drift."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TAU_S = 600.0  # assumption: position errors fade over some ten minutes
ALONG_DEG = 25.0  # passes that lean less than that to the main direction, or to its normal, are compared
LINES = 60  # cross-sections in each of the two directions
APART_WIDTHS_MAX = 1.6  # two passes further apart have another forgotten between them


@dataclass(frozen=True, slots=True)
class Spacing:
    """Neighbouring passes in cross-sections."""

    count: int  # pairs compared
    usual_m: float  # median distance from pass to pass; nan where nothing could be compared
    scatter_m: float  # standard deviation about it, of the pairs as they lie side by side
    drift_m: float  # standard deviation of the slow error of each axis that would explain the scatter


def spacing(u_m: Floats, v_m: Floats, t_s: Floats, run: Ints, width_m: float) -> Spacing:
    """What the cross-sections say; u along the main direction, v across, one point after the other of each run."""
    same = run[1:] == run[:-1]
    gaps, waits = [], []
    for along, across in ((u_m, v_m), (v_m, u_m)):
        reach = float(np.ptp(along)) if len(along) else 0.0
        lines_m = max(4.0, reach / LINES)
        gap, wait = _neighbours(along, across, t_s, run, same, lines_m)
        gaps.append(gap)
        waits.append(wait)
    gap, wait = np.concatenate(gaps), np.concatenate(waits)
    near = gap < APART_WIDTHS_MAX * width_m
    gap, wait = gap[near], wait[near]
    if len(gap) < 8:
        return Spacing(len(gap), float("nan"), float("nan"), float("nan"))
    likely = gap[gap > 0.4 * width_m]
    usual = float(np.median(likely)) if len(likely) else width_m
    off = gap - usual
    scatter = float(np.sqrt(np.mean(off * off)))
    loose = 2 * (1 - np.exp(-wait / TAU_S))
    drift = float(np.sqrt(np.mean(off * off) / max(float(loose.mean()), 0.02)))
    return Spacing(len(gap), usual, scatter, drift)


def _neighbours(
    along: Floats, across: Floats, t_s: Floats, run: Ints, same: NDArray[np.bool_], lines_m: float
) -> tuple[Floats, Floats]:
    """Distance and time between passes that lie side by side on the same cross-section."""
    step_a, step_c = np.diff(along), np.diff(across)
    use = same & (np.abs(step_c) < np.tan(np.radians(ALONG_DEG)) * np.abs(step_a))
    begin, end = along[:-1][use], along[1:][use]
    low, high = np.minimum(begin, end), np.maximum(begin, end)
    first = np.ceil(low / lines_m).astype(np.int64)
    count = np.maximum(np.ceil(high / lines_m).astype(np.int64) - first, 0)
    which = np.repeat(np.arange(len(count)), count)
    line = np.repeat(first, count) + np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    share = (line * lines_m - begin[which]) / (end - begin)[which]
    at = across[:-1][use][which] + share * step_c[use][which]
    when = t_s[:-1][use][which] + share * np.diff(t_s)[use][which]
    of = run[:-1][use][which]
    order = np.lexsort((at, line))
    line, at, when, of = line[order], at[order], when[order], of[order]
    pair = (line[1:] == line[:-1]) & (of[1:] != of[:-1])
    return np.diff(at)[pair], np.abs(np.diff(when))[pair]
