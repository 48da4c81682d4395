"""Field outlines: strips of near-rectangular plots around village centres, never one on another.

Works in metres east and north of the towns' middle. A village's plots stay on its own side of the
bisectors to all other villages, so that villages cannot overlap either.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nongshi.core.errors import BadInput

Floats = NDArray[np.float64]

REACH_M = 3000.0  # a village's plots lie within this square's half side
LANE_M = 6.0  # between two strips, and in the middle of a strip
DITCH_M = 2.0  # between two plots of a strip
HOUSES_M = 120.0  # half side of the village itself, which no plot enters
INSET_MAX = 0.02  # share of a plot's side by which a corner may lie inward
TOWARDS_SQUARE = 0.8  # strip depth over the square root of its plots' area
PLOTS_A_STRIP = 6


@dataclass(frozen=True, slots=True)
class Plot:
    """A quadrilateral, counterclockwise, and the village it belongs to."""

    village: int
    corners_m: Floats  # (4, 2)

    @property
    def area_ha(self) -> float:
        """Area by the shoelace formula."""
        x, y = self.corners_m.T
        return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2 / 10_000


def make_plots(
    rng: np.random.Generator, *, centres_m: Floats, used: Sequence[int], areas_ha: Floats
) -> tuple[Plot, ...]:
    """One plot for each area, spread over the `used` villages; plots that a village has no room for move on.

    Raises:
        BadInput: the villages have no room for so many fields.
    """
    weights = rng.lognormal(0.0, 0.4, len(used))
    counts = rng.multinomial(len(areas_ha), weights / weights.sum())
    ends = np.cumsum(counts)
    queues = [sorted(areas_ha[end - count : end]) for end, count in zip(ends, counts, strict=True)]
    grounds = [_Ground(rng, village, centres_m) for village in used]
    plots: list[Plot] = []
    left: list[float] = []
    for ground, queue in zip(grounds, queues, strict=True):
        left += ground.fill(_mixed(rng, queue), plots)
    others = [_Ground(rng, v, centres_m) for v in range(len(centres_m)) if v not in set(used)]
    for ground in [*grounds, *others]:
        left = ground.fill(left, plots) if left else left
    if left:
        raise BadInput(f"the villages have room for about {len(plots)} fields, not {len(areas_ha)}; ask for fewer")
    return tuple(sorted(plots, key=lambda plot: plot.village))


def _mixed(rng: np.random.Generator, areas_ha: list[float]) -> list[float]:
    """Plots of like size side by side, the strips of different sizes in any order."""
    strips = [areas_ha[i : i + PLOTS_A_STRIP] for i in range(0, len(areas_ha), PLOTS_A_STRIP)]
    return [area for i in rng.permutation(len(strips)) for area in strips[i]]


class _Ground:
    """The land of one village in its own turned frame, filled strip by strip from the middle outwards."""

    def __init__(self, rng: np.random.Generator, village: int, centres_m: Floats) -> None:
        self.rng, self.village, self.centre_m = rng, village, centres_m[village]
        angle = rng.uniform(-0.35, 0.35)
        self.turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        away = np.delete(centres_m, village, axis=0) - self.centre_m
        distance = np.hypot(away[:, 0], away[:, 1])
        self.normals = (away / distance[:, None]) @ self.turn  # bisectors as normal . p <= limit
        self.limits = distance / 2 - LANE_M
        self.edge_m = {1: LANE_M, -1: -LANE_M}  # how far north and south the strips have come
        self.open_sides = [1, -1]

    def fill(self, areas_ha: list[float], plots: list[Plot]) -> list[float]:
        """Append as many plots as there is room for; return the areas left over."""
        queue = list(reversed(areas_ha))
        half_width_m = 60 * np.sqrt(sum(queue)) + HOUSES_M
        while queue and self.open_sides:
            side = min(self.open_sides, key=lambda s: abs(self.edge_m[s]))
            depth_m = TOWARDS_SQUARE * float(np.sqrt(np.mean(queue[-PLOTS_A_STRIP:]) * 10_000))
            near_m = self.edge_m[side]
            far_m = near_m + side * depth_m
            low_m, high_m = self._chord(near_m, far_m)
            if high_m - low_m < depth_m / 2:
                self.open_sides.remove(side)
                continue
            half_m = max(half_width_m, HOUSES_M + queue[-1] * 10_000 / depth_m)  # room for a large first plot
            gap_m = HOUSES_M if abs(near_m) < HOUSES_M else LANE_M
            south_m = min(near_m, far_m)
            self._run(queue, plots, gap_m, min(high_m, half_m), south_m=south_m, depth_m=depth_m, mirror=1)
            self._run(queue, plots, gap_m, min(-low_m, half_m), south_m=south_m, depth_m=depth_m, mirror=-1)
            self.edge_m[side] = far_m + side * LANE_M
        return list(reversed(queue))

    def _chord(self, y0: float, y1: float) -> tuple[float, float]:
        """The west-east span in which a strip between y0 and y1 stays on this village's side."""
        if max(abs(y0), abs(y1)) > REACH_M:
            return 0.0, 0.0
        a, b = self.normals.T
        room = np.minimum(self.limits - b * y0, self.limits - b * y1)
        if (room[np.abs(a) < 1e-9] < 0).any():
            return 0.0, 0.0
        east, west = a > 1e-9, a < -1e-9
        high_m = min(REACH_M, (room[east] / a[east]).min(initial=REACH_M))
        low_m = max(-REACH_M, (room[west] / a[west]).max(initial=-REACH_M))
        return float(low_m), float(high_m)

    def _run(
        self,
        queue: list[float],
        plots: list[Plot],
        x_m: float,
        end_m: float,
        *,
        south_m: float,
        depth_m: float,
        mirror: int,
    ) -> None:
        """Lay plots from the lane outwards while they fit; west of it everything is mirrored."""
        while queue and x_m + (width_m := queue[-1] * 10_000 / depth_m) <= end_m:
            queue.pop()
            inset = self.rng.uniform(0, INSET_MAX, (4, 2)) * (width_m, depth_m)
            low = np.array([x_m if mirror > 0 else -x_m - width_m, south_m])
            box = np.array([(0.0, 0.0), (width_m, 0.0), (width_m, depth_m), (0.0, depth_m)])
            inward = np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)])
            corners = low + box + inset * inward
            plots.append(Plot(village=self.village, corners_m=corners @ self.turn.T + self.centre_m))
            x_m += width_m + DITCH_M
