"""What lies around each fix: distinct occupied cells, passes, spans of time and headings, in discs of five sizes.

Standing still fills no new cell, so a machine that waits on the road looks no denser than one that passes. Sums are
kept per block, a ninth of a disc across, and added up over the blocks of the disc, so the price does not grow
with the radius.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CELL_M = 3.0  # of the finest grid: the width of a narrow machine
SIDES_M = (3.0, 6.0, 12.0, 24.0, 48.0)  # block of each disc
REACH = 4  # blocks from the middle of a disc to its rim
DISC_BLOCKS = 69  # blocks whose middle lies within 4.5 blocks of the disc's middle
PASS_GAP_S = 60.0  # a block entered again after this long was passed again
DENSE_SHARES = (0.2, 0.4)  # of a 27 m disc's cells: one pass fills 0.08, strips 4 m apart 0.7

EMPTY = np.int64(-(2**62))


@njit(cache=True, nogil=True)
def slot(keys: Ints, key: np.int64) -> np.int64:
    """Where a key stands in an open table, or the free place it would take."""
    mask = len(keys) - 1
    at = (key ^ (key >> 29)) * np.int64(-7046029254386353131)
    at = ((at >> 32) ^ at) & mask
    while keys[at] != EMPTY and keys[at] != key:
        at = (at + 1) & mask
    return at


@njit(cache=True, nogil=True)
def number_cells(x_m: Floats, y_m: Floats, side_m: float) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Each fix's cell number; each cell's column and row; the table (keys, numbers) to find a cell again."""
    n = len(x_m)
    size = 16
    while size < 3 * n + 3:
        size *= 2
    keys = np.full(size, EMPTY, np.int64)
    numbers = np.zeros(size, np.int64)
    cell_of = np.empty(n, np.int64)
    columns = np.empty(n, np.int64)
    rows = np.empty(n, np.int64)
    found = 0
    for i in range(n):
        column, row = np.int64(np.floor(x_m[i] / side_m)), np.int64(np.floor(y_m[i] / side_m))
        key = (column << 32) + row
        at = slot(keys, key)
        if keys[at] == EMPTY:
            keys[at], numbers[at] = key, found
            columns[found], rows[found] = column, row
            found += 1
        cell_of[i] = numbers[at]
    return cell_of, columns[:found].copy(), rows[:found].copy(), keys, numbers


@njit(cache=True, nogil=True)
def first_visits(cell_of: Ints, cells: int) -> NDArray[np.bool_]:
    """Whether a fix is the first in its cell."""
    seen = np.zeros(cells, np.bool_)
    first = np.zeros(len(cell_of), np.bool_)
    for i in range(len(cell_of)):
        if not seen[cell_of[i]]:
            seen[cell_of[i]] = True
            first[i] = True
    return first


@njit(cache=True, nogil=True)
def block_sums(
    block_of: Ints,
    blocks: int,
    time_s: Floats,
    step_m: Floats,
    step_s: Floats,
    east: Floats,
    north: Floats,
    first: NDArray[np.bool_],
) -> tuple[Floats, Floats, Floats]:
    """Per block: sums, first and last moment in it.

    The sums are: new cells, metres, metres x (east, north), metres x the same of the doubled heading, passes, seconds.
    """
    sums = np.zeros((blocks, 8))
    entered = np.full(blocks, np.inf)
    left = np.full(blocks, -np.inf)
    for i in range(len(block_of)):
        b = block_of[i]
        d = step_m[i]
        sums[b, 0] += 1.0 if first[i] else 0.0
        sums[b, 1] += d
        sums[b, 2] += d * east[i]
        sums[b, 3] += d * north[i]
        sums[b, 4] += d * (east[i] * east[i] - north[i] * north[i])
        sums[b, 5] += d * 2.0 * east[i] * north[i]
        if time_s[i] - left[b] > PASS_GAP_S:
            sums[b, 6] += 1.0
        sums[b, 7] += step_s[i]
        entered[b] = min(entered[b], time_s[i])
        left[b] = time_s[i]
    return sums, entered, left


CROWD_RADII_M = (15.0, 20.0, 25.0)  # assumption 2026-11-26: a few passes of a narrow machine to a small field


@njit(cache=True, nogil=True)
def disc_features(
    columns: Ints, rows: Ints, keys: Ints, numbers: Ints, sums: Floats, entered: Floats, left: Floats, side_m: float
) -> Floats:
    """(blocks, 7): share of cells occupied, metres driven per metre of cells, one-way share, parallel share, passes,
    hours from first to last, share of that time spent inside.
    """
    blocks = len(columns)
    out = np.zeros((blocks, 7))
    total = np.zeros(8)
    cells_full = DISC_BLOCKS * (side_m / CELL_M) ** 2
    for b in range(blocks):
        total[:] = 0.0
        begin, end = np.inf, -np.inf
        for dx in range(-REACH, REACH + 1):
            for dy in range(-REACH, REACH + 1):
                if dx * dx + dy * dy > 20:
                    continue
                key = ((columns[b] + dx) << 32) + rows[b] + dy
                at = slot(keys, key)
                if keys[at] == EMPTY:
                    continue
                other = numbers[at]
                for k in range(8):
                    total[k] += sums[other, k]
                begin = min(begin, entered[other])
                end = max(end, left[other])
        metres = total[1] + 1e-6
        out[b, 0] = total[0] / cells_full
        out[b, 1] = total[1] / (total[0] * CELL_M + 1e-6)
        out[b, 2] = np.hypot(total[2], total[3]) / metres
        out[b, 3] = np.hypot(total[4], total[5]) / metres
        out[b, 4] = sums[b, 6]
        out[b, 5] = (end - begin) / 3600.0
        out[b, 6] = total[7] / (end - begin + 60.0)
    return out


@njit(cache=True, nogil=True)
def _root(parent: Ints, a: int) -> int:
    while parent[a] != a:
        parent[a] = parent[parent[a]]
        a = parent[a]
    return a


@njit(cache=True, nogil=True)
def patches(columns: Ints, rows: Ints, keys: Ints, numbers: Ints, dense: NDArray[np.bool_]) -> Ints:
    """Number of the patch of touching dense blocks that each block belongs to; -1 outside all."""
    blocks = len(columns)
    parent = np.arange(blocks)
    for b in range(blocks):
        if not dense[b]:
            continue
        for dx in range(-1, 2):
            for dy in range(-1, 2):
                at = slot(keys, ((columns[b] + dx) << 32) + rows[b] + dy)
                if keys[at] != EMPTY and dense[numbers[at]]:
                    one, other = _root(parent, b), _root(parent, numbers[at])
                    if one != other:
                        parent[max(one, other)] = min(one, other)
    patch_of = np.full(blocks, -1, np.int64)
    for b in range(blocks):
        if dense[b]:
            patch_of[b] = _root(parent, b)
    return patch_of


@njit(cache=True, nogil=True)
def crowding(columns: Ints, rows: Ints, keys: Ints, numbers: Ints, radii: Floats) -> tuple[Floats, Floats]:
    """(cells, radii) of each cell: the share of cells occupied within the radius, and the greatest such share there.

    A cell is in a cluster of DBSCAN over cells exactly where the second is above the threshold: all thresholds at once.
    `radii` are in cells and rise.
    """
    cells, kinds = len(columns), len(radii)
    steps, ring, discs = _rings(radii)
    share, peak = np.zeros((cells, kinds)), np.zeros((cells, kinds))
    for c in range(cells):
        for k in range(len(steps)):
            at = slot(keys, ((columns[c] + steps[k, 0]) << 32) + rows[c] + steps[k, 1])
            if keys[at] != EMPTY:
                share[c, ring[k]] += 1.0
        for r in range(1, kinds):
            share[c, r] += share[c, r - 1]
        share[c] /= discs
    for c in range(cells):
        for k in range(len(steps)):
            at = slot(keys, ((columns[c] + steps[k, 0]) << 32) + rows[c] + steps[k, 1])
            if keys[at] != EMPTY:
                for r in range(ring[k], kinds):
                    peak[c, r] = max(peak[c, r], share[numbers[at], r])
    return share, peak


@njit(cache=True, nogil=True)
def _rings(radii: Floats) -> tuple[Ints, Ints, Floats]:
    """Every step within the widest radius, the narrowest radius that holds it, and how many steps each radius holds."""
    reach = int(np.floor(radii[-1]))
    steps = np.empty(((2 * reach + 1) ** 2, 2), np.int64)
    ring = np.empty(len(steps), np.int64)
    discs = np.zeros(len(radii))
    found = 0
    for dx in range(-reach, reach + 1):
        for dy in range(-reach, reach + 1):
            r = np.searchsorted(radii, np.sqrt(dx * dx + dy * dy))
            if r < len(radii):
                steps[found, 0], steps[found, 1], ring[found] = dx, dy, r
                found += 1
                discs[r:] += 1.0
    return steps[:found], ring[:found], discs


@njit(cache=True, nogil=True)
def patch_features(
    patch_of: Ints, sums: Floats, entered: Floats, left: Floats, columns: Ints, rows: Ints, side_m: float
) -> Floats:
    """(blocks, 3): hectares of the block's patch, its compactness (area in its own box), hours spent in it."""
    blocks = len(patch_of)
    area = np.zeros(blocks)
    seconds = np.zeros(blocks)
    box = np.zeros((blocks, 4))
    box[:, :2], box[:, 2:] = np.inf, -np.inf
    for b in range(blocks):
        p = patch_of[b]
        if p < 0:
            continue
        area[p] += side_m * side_m
        seconds[p] += sums[b, 7]
        box[p, 0], box[p, 1] = min(box[p, 0], columns[b]), min(box[p, 1], rows[b])
        box[p, 2], box[p, 3] = max(box[p, 2], columns[b] + 1), max(box[p, 3], rows[b] + 1)
    out = np.zeros((blocks, 3))
    for b in range(blocks):
        p = patch_of[b]
        if p >= 0:
            diagonal = np.hypot(box[p, 2] - box[p, 0], box[p, 3] - box[p, 1]) * side_m
            out[b, 0] = area[p] / 1e4
            out[b, 1] = area[p] / (0.5 * diagonal * diagonal)
            out[b, 2] = seconds[p] / 3600.0
    return out
