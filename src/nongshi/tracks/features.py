"""What the model sees of each fix: numbers that neither place nor direction nor doubled fixes can change."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from nongshi.geo.plane import plane_about
from nongshi.geo.track import Track
from nongshi.tracks import features_cells as cells
from nongshi.tracks import features_motion as motion

Floats = NDArray[np.float64]

_WINDOW = ("km_h", "net_km_h", "straight", "one_way", "parallel", "turning", "new_ground")
_DISC = ("occupied", "way_per_cell", "one_way", "parallel", "passes", "span_h", "presence")
_PATCH = ("ha", "compact", "hours")
_FILE = ("moving_p10", "moving_p50", "moving_p90", "step_s", "standing", "occupied_p50", "occupied_p90")

# What the relative ones are made from.
_ALWAYS = ("km_h_10s", "km_h_45s", "km_h_180s", "disc27_occupied")

FEATURES: tuple[str, ...] = (
    *(f"{name}_{half:g}s" for half in motion.TIME_WINDOWS_S for name in _WINDOW),
    *(f"{name}_{half:g}m" for half in motion.WAY_WINDOWS_M for name in _WINDOW),
    *(f"disc{4.5 * side:g}_{name}" for side in cells.SIDES_M for name in _DISC),
    *(f"crowd{radius:g}_{name}" for radius in cells.CROWD_RADII_M for name in ("share", "peak")),
    *(f"patch{share:g}_{name}" for share in cells.DENSE_SHARES for name in _PATCH),
    "rel_10s",
    "rel_45s",
    "rel_180s",
    "rank_45s",
    "rel_occupied",
    *(f"file_{name}" for name in _FILE),
)


def make_features(track: Track, wanted: Collection[str] = FEATURES) -> NDArray[np.float32]:
    """(n, len(FEATURES)) of a track, in its order; windows and discs of which nothing is wanted are left at zero."""
    if not len(track):
        return np.zeros((0, len(FEATURES)), np.float32)
    x_m, y_m = plane_about(track.lon, track.lat).to_m(track.lon, track.lat)
    return features_of(track.time_s, x_m, y_m, wanted)


def features_of(time_s: Floats, x_m: Floats, y_m: Floats, wanted: Collection[str] = FEATURES) -> NDArray[np.float32]:
    """The same from metres in a plane."""
    wanted_set = {*wanted, *_ALWAYS}
    metres, seconds, east, north = motion.steps(time_s, x_m, y_m)
    cell_of, columns, *_ = cells.number_cells(x_m, y_m, cells.CELL_M)
    first = cells.first_visits(cell_of, len(columns))
    sums = motion.running_sums(metres, seconds, east, north, first)
    way = np.cumsum(metres)
    out = np.zeros((len(time_s), len(FEATURES)), np.float32)
    at = 0

    def wanted_of(begin: int, count: int) -> bool:
        return not wanted_set.isdisjoint(FEATURES[begin : begin + count])

    for place, halves in ((time_s, motion.TIME_WINDOWS_S), (way, motion.WAY_WINDOWS_M)):
        for half in halves:
            if wanted_of(at, len(_WINDOW)):
                out[:, at : at + len(_WINDOW)] = motion.window_features(place, half, time_s, x_m, y_m, sums)
            at += len(_WINDOW)
    for side_m in cells.SIDES_M:
        if not wanted_of(at, len(_DISC)):
            at += len(_DISC)
            continue
        block_of, columns, rows, keys, numbers = cells.number_cells(x_m, y_m, side_m)
        per = cells.block_sums(block_of, len(columns), time_s, metres, seconds, east, north, first)
        disc = cells.disc_features(columns, rows, keys, numbers, *per, side_m)
        out[:, at : at + len(_DISC)] = disc[block_of]
        at += len(_DISC)
        if side_m == 6.0:
            patched = []
            for share in cells.DENSE_SHARES:
                patch_of = cells.patches(columns, rows, keys, numbers, disc[:, 0] > share)
                patched.append(cells.patch_features(patch_of, *per, columns, rows, side_m)[block_of])
    cell_of, columns, rows, keys, numbers = cells.number_cells(x_m, y_m, cells.CELL_M)
    crowd = cells.crowding(columns, rows, keys, numbers, np.array(cells.CROWD_RADII_M) / cells.CELL_M)
    for radius in range(len(cells.CROWD_RADII_M)):
        for column in crowd:
            out[:, at] = column[cell_of, radius]
            at += 1
    for patch in patched:
        out[:, at : at + len(_PATCH)] = patch
        at += len(_PATCH)
    out[:, at:] = _relative(out, metres, seconds, time_s)
    return out


def _relative(out: NDArray[np.float32], metres: Floats, seconds: Floats, time_s: Floats) -> NDArray[np.float32]:
    """What a fix is beside its own file: speeds and density over the file's, ranks, and the file's own numbers."""
    km_h = out[:, [0, 7, 14]]
    moving = km_h[:, 1][km_h[:, 1] > 1.0]
    p10, p50, p90 = np.percentile(moving, [10, 50, 90]) if len(moving) else (1.0, 1.0, 1.0)
    occupied = out[:, FEATURES.index("disc27_occupied")]
    o50, o90 = np.percentile(occupied, [50, 90])
    order = np.sort(moving)
    rank = np.searchsorted(order, km_h[:, 1]) / max(1, len(order))
    step = np.median(np.diff(time_s)) if len(time_s) > 1 else 1.0
    ones = np.ones(len(out))
    columns = [*(km_h / p50).T, rank, occupied / (o90 + 1e-6)]
    columns += [ones * value for value in (p10, p50, p90, step, float((metres == 0).mean()), o50, o90)]
    return np.column_stack(columns).astype(np.float32)
