"""From evidence to a 95 % interval: variance as a sum of squared features, with coefficients fitted on known truth."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from nongshi.tracks.area_evidence import Evidence

Floats = NDArray[np.float64]

SCATTER_EDGES = (0.05, 0.1, 0.2, 0.35)  # scatter of passes over width, parting the regimes of the interval
ENDS_EDGE = 0.006  # open ends over area, the same
REGIMES = 2 * (len(SCATTER_EDGES) + 1)
LONE_SHARE_MAX = 0.15  # assumption: of the passes, seen by one fix only

# Fitted by `nongshi bench area --calibrate --first-seed 100000`, 2026-11-26, never on the seeds it is judged by
# (docs/area.md). Field outline known or not; variance in the order of area_evidence.MEASURES, then for each regime
# the deviations below and above.
VARIANCE: Mapping[bool, tuple[float, ...]] = {
    True: (2e-05, 1.0, 0.11621, 0.71522, 0.01861, 0.04477, 1.866, 0.00527, 3.0879),
    False: (1e-05, 1.0, 0.36245, 0.0, 0.02599, 0.08483, 0.64918, 0.0606, 0.58479),
}
REACH: Mapping[bool, tuple[tuple[float, float], ...]] = {
    True: (
        (3.69, 0.86), (2.48, 2.07), (2.87, 1.22), (1.53, 1.74), (2.46, 1.18),
        (1.18, 1.72), (2.73, 1.32), (1.96, 2.92), (2.48, 2.58), (2.04, 4.8),
    ),
    False: (
        (2.25, 0.75), (2.11, 1.93), (2.89, 1.43), (2.13, 1.73), (2.36, 1.2),
        (1.75, 1.54), (2.58, 1.3), (2.22, 2.72), (2.49, 2.01), (2.59, 6.45),
    ),
}  # fmt: skip


def regime(evidence: Evidence) -> int:
    """Which set of deviations holds: by scatter of passes and by what the open ends leave unknown."""
    scatter = int(np.searchsorted(SCATTER_EDGES, evidence.scatter_m / evidence.width_m))
    return 2 * scatter + int(evidence.features[1] > ENDS_EDGE * evidence.features[0])


def deviation_ha(evidence: Evidence, *, field_known: bool) -> float:
    """Standard deviation of the measured area, ha."""
    return float(np.sqrt((np.array(VARIANCE[field_known]) * evidence.features**2).sum()))


def parts_ha(evidence: Evidence, *, field_known: bool) -> Floats:
    """What each of MEASURES adds to the deviation, ha."""
    parts: Floats = np.sqrt(np.array(VARIANCE[field_known])) * evidence.features
    return parts


def interval_ha(worked_ha: float, evidence: Evidence, *, field_ha: float | None) -> tuple[float, float]:
    """95 % interval of the worked area; holes in the track widen it upward, the field's area bounds it."""
    known = field_ha is not None
    deviation = deviation_ha(evidence, field_known=known)
    below, above = REACH[known][regime(evidence)]
    low, high = worked_ha - below * deviation, worked_ha + above * deviation + evidence.hole_ha
    if evidence.lone_share > LONE_SHARE_MAX:  # where many passes show one fix, others show none
        high = max(high, worked_ha * (1 + 2 * evidence.lone_share) if field_ha is None else field_ha)
    if field_ha is not None:
        high = min(high, max(field_ha, worked_ha))
    return max(0.0, min(low, worked_ha)), max(high, worked_ha)
