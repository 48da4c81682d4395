"""What a track says about its own errors: noise, drift, sampling, holes; the features that the interval is made of."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nongshi.tracks.area_cross import TAU_S, Spacing

Floats = NDArray[np.float64]
Flags = NDArray[np.int8]

WHITE_UNKNOWN_M = 0.5  # assumption: noise of a fix where the track is too short to tell
DRIFT_UNKNOWN_M = 1.0  # assumption: a usual receiver without correction, where no two passes can be compared
LAG_S = 20.0  # assumption: over this time drift bends a pass more than the driver does
STRAIGHT = 0.995  # cosine of half the bend above which a driver turned: 11 degrees over two lags
STEER_M2 = 0.01  # assumption: variance of the driver's own bends over that time
SWAPPED_WIDTHS = 0.3  # drift above that share of the width makes passes change places
USUAL_LOOSE = 0.5  # assumption: share of the drift by which two passes a minute or two apart differ
MEASURES = (
    "ground", "ends", "sides", "passes", "closed by error", "closed by contract", "skips", "unseen", "unseen skips"
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the interval and the refusal rest on; nothing of it is told by anybody but the fixes themselves."""

    width_m: float
    fixes: int
    work_fixes: int
    step_s: float  # usual time between fixes
    step_m: float  # way of a usual step at work
    white_m: float  # noise from fix to fix, sideways
    scatter_m: float  # of neighbouring passes' distances
    drift_m: float  # slow error of each axis, estimated or given
    drift_given: bool
    pairs: int  # neighbouring passes that could be compared
    runs: int
    lone_share: float  # of runs: seen by one fix only
    unseen_share: float  # 0..1: usual step over usual length of a run; near 1, whole passes lie between two fixes
    hole_ha: float  # ground that could have been worked while fixes were missing
    outside_share: float  # of fixes at work: outside the field
    speed_ratio: float  # way by positions over way by reported speed; nan where not reported
    working_known: bool
    features: Floats  # (len(MEASURES),) ha


def white_noise(x_m: Floats, y_m: Floats, on: Flags) -> float:
    """Noise from fix to fix: how far each lies beside the line from the one before to the one after (robust)."""
    use = (on[:-2] == 1) & (on[1:-1] == 1) & (on[2:] == 1)
    way_x, way_y = x_m[2:] - x_m[:-2], y_m[2:] - y_m[:-2]
    length = np.hypot(way_x, way_y)
    use &= length > 0.5
    if use.sum() < 5:
        return WHITE_UNKNOWN_M
    off_x, off_y = x_m[1:-1] - (x_m[2:] + x_m[:-2]) / 2, y_m[1:-1] - (y_m[2:] + y_m[:-2]) / 2
    beside = (off_y * way_x - off_x * way_y)[use] / length[use]
    return float(np.median(np.abs(beside)) * 1.4826 / np.sqrt(1.5))  # 1.5: variance of a point less the mean of two


def drift_within(t_s: Floats, x_m: Floats, y_m: Floats, on: Flags, cut: Flags, step_s: float, white_m: float) -> float:
    """Slow error of each axis as the bending of straight passes shows it; nan where passes are too short.

    Over a lag h, a point lies beside the line from the point h before to the point h after with a variance of
    1.5 white^2 + steering + drift^2 h / tau.
    """
    lag = max(1, round(LAG_S / step_s))
    if len(t_s) <= 2 * lag + 10:
        return float("nan")
    breaks = np.concatenate([[0], np.cumsum((on[:-1] != 1) | (cut[:-1] > 0))])
    whole = (breaks[2 * lag :] == breaks[: -2 * lag]) & (on[2 * lag :] == 1)
    way_x, way_y = x_m[2 * lag :] - x_m[: -2 * lag], y_m[2 * lag :] - y_m[: -2 * lag]
    length = np.hypot(way_x, way_y)
    steps = np.hypot(x_m[lag:] - x_m[:-lag], y_m[lag:] - y_m[:-lag])
    use = whole & (length > STRAIGHT * (steps[:-lag] + steps[lag:])) & (length > 5 * white_m + 5.0)
    if use.sum() < 20:
        return float("nan")
    off_x = x_m[lag:-lag] - (x_m[2 * lag :] + x_m[: -2 * lag]) / 2
    off_y = y_m[lag:-lag] - (y_m[2 * lag :] + y_m[: -2 * lag]) / 2
    beside = (off_y * way_x - off_x * way_y)[use] / length[use]
    variance = float((np.median(np.abs(beside)) * 1.4826) ** 2)
    return float(np.sqrt(max(0.0, variance - 1.5 * white_m**2 - STEER_M2) * TAU_S / (lag * step_s)))


def errors_of(told: Spacing, within_m: float, width_m: float, accuracy_m: float | None) -> tuple[float, float]:
    """Slow error of each axis and scatter of neighbouring passes, metres.

    The distances of passes tell it well until passes change places; from there on the bending of passes counts too.
    """
    drift, scatter = told.drift_m, told.scatter_m
    if not np.isfinite(drift):
        drift = within_m if np.isfinite(within_m) else DRIFT_UNKNOWN_M
        scatter = drift * USUAL_LOOSE
    elif np.isfinite(within_m) and drift > SWAPPED_WIDTHS * width_m and within_m > drift:
        scatter *= within_m / max(drift, 1e-6)
        drift = within_m
    return (drift if accuracy_m is None else accuracy_m), scatter


def features_of(
    *,
    width_m: float,
    worked_ha: float,
    strict_ha: float,
    covered_ha: float,
    skip_ha: float,
    open_m: Floats,
    drift_m: float,
    scatter_m: float,
    reach_m: float,
    span_s: float,
    runs: int,
    unseen_share: float,
) -> Floats:
    """Sizes of what can be wrong, ha, in the order of MEASURES.

    Args:
        width_m: width of the tool.
        worked_ha: area measured.
        strict_ha: with only the settlement's gaps closed.
        covered_ha: without any gap closed.
        skip_ha: left out inside the worked outline.
        open_m: (k, 2) metres of each run's ends that no fix shows.
        drift_m: slow error.
        scatter_m: scatter of neighbouring passes.
        reach_m: length of the longest side of worked ground.
        span_s: time from first to last fix at work.
        runs: how many.
        unseen_share: step over length of a run.
    """
    parted = np.sqrt(2 * (1 - np.exp(-span_s / TAU_S)))
    ends_ha = width_m * float(np.sqrt((open_m**2).sum() / 12)) * 1e-4  # 12: variance of a uniform draw
    return np.array(
        [
            worked_ha,
            ends_ha,
            drift_m * parted * reach_m * 1e-4,
            scatter_m * width_m * np.sqrt(runs) * 1e-4,
            worked_ha - strict_ha,
            strict_ha - covered_ha,
            skip_ha * min(1.0, scatter_m / width_m),
            worked_ha * unseen_share**2,
            skip_ha * unseen_share,
        ]
    )
