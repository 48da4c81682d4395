"""A claim with its proof, in metres of a plane of its own where that is wanted."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

from nongshi.core.claim import Claim
from nongshi.geo.track import YES, Track

Floats = NDArray[np.float64]
KM_H = 3.6
EARTH_M_DEG = 111_320.0  # metres of a degree of latitude


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """One claim, the fixes that are to prove it, and the field's outline."""

    claim: Claim
    track: Track
    outline: Polygon | MultiPolygon | None = None

    @cached_property
    def xy_m(self) -> Floats:
        """(n, 2) metres east and north of the track's first fix; true enough for speeds and shapes, not for areas."""
        if not len(self.track):
            return np.zeros((0, 2))
        lon, lat = self.track.lon, self.track.lat
        east = (lon - lon[0]) * EARTH_M_DEG * np.cos(np.radians(lat[0]))
        return np.column_stack([east, (lat - lat[0]) * EARTH_M_DEG])

    @cached_property
    def at_work(self) -> NDArray[np.bool_]:
        """(n,) fixes at work; all where no fix says so."""
        working = self.track.working == YES
        return working if working.any() else np.ones(len(self.track), bool)

    @cached_property
    def speed_km_h(self) -> Floats:
        """(n - 1,) speed between neighbouring fixes."""
        moved = np.hypot(*np.diff(self.xy_m, axis=0).T)
        return np.asarray(moved / np.diff(self.track.time_s) * KM_H)

    @cached_property
    def swath(self) -> shapely.Geometry:
        """The ground of the fixes at work, degrees: their line as wide as the tool, simplified."""
        runs = [run for run in self._runs() if len(run) > 1]
        if not runs:
            return Polygon()
        lat = float(self.track.lat[0])
        stretch = np.array([EARTH_M_DEG * np.cos(np.radians(lat)), EARTH_M_DEG])
        lines = shapely.multilinestrings([shapely.linestrings(run * stretch) for run in runs])
        ground = shapely.buffer(shapely.simplify(lines, 0.2), self.claim.width_m / 2, cap_style="flat", quad_segs=2)
        return shapely.transform(ground, lambda points: points / stretch)

    def _runs(self) -> list[Floats]:
        places = np.column_stack([self.track.lon, self.track.lat])
        cut = np.flatnonzero(np.diff(self.at_work.astype(np.int8)) != 0) + 1
        parts = np.split(np.arange(len(places)), cut)
        return [places[part] for part in parts if self.at_work[part[0]]]
