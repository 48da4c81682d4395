"""What others do with a track, to compare with: distance times width, and the union of buffered lines."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon

from nongshi.geo.track import YES, Track
from nongshi.synthetic.gnss import PLACE
from nongshi.tracks.area_plane import to_metres

Floats = NDArray[np.float64]


def distance_width_ha(track: Track, width_m: float) -> float:
    """Way between fixes at work times width."""
    x_m, y_m = to_metres(PLACE, track.lon, track.lat)
    both = (track.working[:-1] == YES) & (track.working[1:] == YES)
    return float(np.hypot(np.diff(x_m), np.diff(y_m))[both].sum()) * width_m * 1e-4


def buffer_union_ha(track: Track, width_m: float, field: Polygon | None) -> float:
    """Lines between fixes at work, buffered by half the width with flat ends, united, cut to the field (metres)."""
    x_m, y_m = to_metres(PLACE, track.lon, track.lat)
    on = track.working == YES
    breaks = np.flatnonzero(~on[1:] | ~on[:-1]) + 1
    lines = [
        LineString(np.column_stack([x_m[part], y_m[part]]))
        for part in np.split(np.arange(len(track)), breaks)
        if len(part) > 1 and on[part[0]]
    ]
    if not lines:
        return 0.0
    union = shapely.union_all(shapely.buffer(np.array(lines, dtype=object), width_m / 2, cap_style="flat"))
    return float((union if field is None else union.intersection(field)).area) * 1e-4
