"""Density without a model: the fix is at work where enough distinct cells, or fixes, lie within a radius (DBSCAN).

Source: Ester et al. 1996 (DBSCAN); on field and road first by Zhang's group at CAU, whose released code uses 39 m and
71 fixes. Ours counts distinct occupied cells of 3 m, so a machine that stands on the road is no crowd.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from nongshi.geo.plane import plane_about
from nongshi.geo.track import Track
from nongshi.tracks.features_cells import CELL_M, EMPTY, number_cells, slot

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

RADIUS_M = 25.0  # assumption 2026-11-26: some ten passes of a narrow machine, half a small field
SHARE = 0.25  # assumption 2026-11-26: of the disc's cells; a single pass fills 0.08 of it, three passes a quarter


def thinned_work(track: Track, *, radius_m: float = RADIUS_M, share: float = SHARE) -> Flags:
    """Whether each fix lies among enough distinct occupied cells; doubled fixes and standing still change nothing."""
    if not len(track):
        return np.zeros(0, np.bool_)
    x_m, y_m = plane_about(track.lon, track.lat).to_m(track.lon, track.lat)
    cell_of, columns, rows, _, _ = number_cells(x_m, y_m, CELL_M)
    cells_min = int(np.ceil(share * np.pi * (radius_m / CELL_M) ** 2))
    east_m, north_m = (np.asarray((places + 0.5) * CELL_M, dtype=np.float64) for places in (columns, rows))
    inside = dbscan_members(east_m, north_m, radius_m, cells_min)
    return inside[cell_of]


def dbscan_members(x_m: Floats, y_m: Floats, radius_m: float, points_min: int) -> Flags:
    """Whether each point is in a cluster of DBSCAN: itself core, or within the radius of one; its own self counts."""
    block_of, columns, rows, keys, numbers = number_cells(x_m, y_m, radius_m / 3.0)
    order = np.argsort(block_of, kind="stable")
    begin = np.searchsorted(block_of[order], np.arange(len(columns) + 1))
    args = (x_m[order], y_m[order], block_of[order], columns, rows, keys, numbers, begin, radius_m * radius_m)
    members = np.zeros(len(x_m), np.bool_)
    members[order] = _near_core(*args, _core(*args, points_min))
    return members


@njit(cache=True, nogil=True)
def _core(
    x_m: Floats,
    y_m: Floats,
    block_of: Ints,
    columns: Ints,
    rows: Ints,
    keys: Ints,
    numbers: Ints,
    begin: Ints,
    square: float,
    points_min: int,
) -> Flags:
    core = np.zeros(len(x_m), np.bool_)
    for i in range(len(x_m)):
        b = block_of[i]
        count = 0
        for ring in range(49):
            if count >= points_min:
                break
            other = _block(columns[b] + ring % 7 - 3, rows[b] + ring // 7 - 3, keys, numbers)
            if other < 0:
                continue
            for j in range(begin[other], begin[other + 1]):
                if (x_m[i] - x_m[j]) ** 2 + (y_m[i] - y_m[j]) ** 2 <= square:
                    count += 1
                    if count >= points_min:
                        break
        core[i] = count >= points_min
    return core


@njit(cache=True, nogil=True)
def _near_core(
    x_m: Floats,
    y_m: Floats,
    block_of: Ints,
    columns: Ints,
    rows: Ints,
    keys: Ints,
    numbers: Ints,
    begin: Ints,
    square: float,
    core: Flags,
) -> Flags:
    near = core.copy()
    for i in range(len(x_m)):
        b = block_of[i]
        for ring in range(49):
            if near[i]:
                break
            other = _block(columns[b] + ring % 7 - 3, rows[b] + ring // 7 - 3, keys, numbers)
            if other < 0:
                continue
            for j in range(begin[other], begin[other + 1]):
                if core[j] and (x_m[i] - x_m[j]) ** 2 + (y_m[i] - y_m[j]) ** 2 <= square:
                    near[i] = True
                    break
    return near


@njit(cache=True, nogil=True)
def _block(column: np.int64, row: np.int64, keys: Ints, numbers: Ints) -> np.int64:
    """The number of a block; -1: nothing lies in it."""
    at = slot(keys, (column << 32) + row)
    return numbers[at] if keys[at] != EMPTY else np.int64(-1)
