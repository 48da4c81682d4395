"""Swaths on a raster of bits: 64 cells a word, filled scan-line by scan-line, gaps closed by shifting whole words."""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

CELL_M = 0.25
Bits = NDArray[np.uint64]


@njit(cache=True, nogil=True)
def _popcount(word):  # type: ignore[no-untyped-def]
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@njit(cache=True, nogil=True)
def count(bits):  # type: ignore[no-untyped-def]
    """How many cells are set."""
    total = 0
    for row in range(bits.shape[0]):
        for word in range(bits.shape[1]):
            if bits[row, word]:
                total += _popcount(bits[row, word])
    return total


@njit(cache=True, nogil=True)
def _fill_span(bits, row, first, last):  # type: ignore[no-untyped-def]
    """Set the cells `first` to `last` (included) of a row."""
    a, b = first >> 6, last >> 6
    head = np.uint64(0xFFFFFFFFFFFFFFFF) << np.uint64(first & 63)
    tail = np.uint64(0xFFFFFFFFFFFFFFFF) >> np.uint64(63 - (last & 63))
    if a == b:
        bits[row, a] |= head & tail
        return
    bits[row, a] |= head
    for word in range(a + 1, b):
        bits[row, word] = np.uint64(0xFFFFFFFFFFFFFFFF)
    bits[row, b] |= tail


@njit(cache=True, nogil=True)
def _fill_quad(bits, qx, qy, box):  # type: ignore[no-untyped-def]
    """Set the cells whose middle lies in a convex quadrilateral (cell units); `box` grows to the rows and words met."""
    low = min(qy[0], qy[1], qy[2], qy[3])
    high = max(qy[0], qy[1], qy[2], qy[3])
    row_a, row_b = max(0, int(np.ceil(low - 0.5))), min(bits.shape[0] - 1, int(np.ceil(high - 0.5)) - 1)
    columns = bits.shape[1] * 64
    for row in range(row_a, row_b + 1):
        y = row + 0.5
        left, right = 1e18, -1e18
        for i in range(4):
            j = (i + 1) & 3
            ya, yb = qy[i], qy[j]
            if (ya <= y) != (yb <= y):
                x = qx[i] + (y - ya) / (yb - ya) * (qx[j] - qx[i])
                left, right = min(left, x), max(right, x)
        if right <= left:
            continue
        first, last = max(0, int(np.ceil(left - 0.5))), min(columns - 1, int(np.ceil(right - 0.5)) - 1)
        if first > last:
            continue
        _fill_span(bits, row, first, last)
        box[0], box[1] = min(box[0], row), max(box[1], row)
        box[2], box[3] = min(box[2], first >> 6), max(box[3], last >> 6)


@njit(cache=True, nogil=True)
def lay_runs(covered, double, run_bits, clip, left_x, left_y, right_x, right_y, start):  # type: ignore[no-untyped-def]
    """Lay every run's ribbon; gives cells of each run on its own (inside the clip), summed over runs."""
    total = 0
    box = np.empty(4, np.int64)
    qx, qy = np.empty(4), np.empty(4)
    for run in range(len(start) - 1):
        box[0], box[1], box[2], box[3] = 1 << 60, -1, 1 << 60, -1
        for i in range(start[run], start[run + 1] - 1):
            qx[0], qx[1], qx[2], qx[3] = left_x[i], left_x[i + 1], right_x[i + 1], right_x[i]
            qy[0], qy[1], qy[2], qy[3] = left_y[i], left_y[i + 1], right_y[i + 1], right_y[i]
            _fill_quad(run_bits, qx, qy, box)
        for row in range(box[0], box[1] + 1):
            for word in range(box[2], box[3] + 1):
                value = run_bits[row, word]
                if not value:
                    continue
                run_bits[row, word] = np.uint64(0)
                double[row, word] |= covered[row, word] & value
                covered[row, word] |= value
                total += _popcount(value & clip[row, word])
    return total


@njit(cache=True, nogil=True)
def fill_rings(bits, x, y, ring_start):  # type: ignore[no-untyped-def]
    """Set the cells whose middle lies inside rings (closed, cell units), holes left out by the even-odd rule."""
    columns = bits.shape[1] * 64
    cuts = np.empty(len(x))
    for row in range(bits.shape[0]):
        at = row + 0.5
        found = 0
        for ring in range(len(ring_start) - 1):
            for i in range(ring_start[ring], ring_start[ring + 1] - 1):
                if (y[i] <= at) != (y[i + 1] <= at):
                    cuts[found] = x[i] + (at - y[i]) / (y[i + 1] - y[i]) * (x[i + 1] - x[i])
                    found += 1
        ordered = np.sort(cuts[:found])
        for i in range(0, found - 1, 2):
            first = max(0, int(np.ceil(ordered[i] - 0.5)))
            last = min(columns - 1, int(np.ceil(ordered[i + 1] - 0.5)) - 1)
            if first <= last:
                _fill_span(bits, row, first, last)


@njit(cache=True, nogil=True)
def _shift_into(source, out, rows, columns, both):  # type: ignore[no-untyped-def]
    """`out` |= or &= (both) `source` moved by rows and columns; what comes from beyond the edge is empty."""
    height, width = source.shape
    words, bits = abs(columns) >> 6, np.uint64(abs(columns) & 63)
    moved = np.empty(width, np.uint64)
    for row in range(height):
        taken = row - rows
        if taken < 0 or taken >= height:
            if both:
                out[row, :] = np.uint64(0)
            continue
        if columns == 0:
            if both:
                for word in range(width):
                    out[row, word] &= source[taken, word]
            else:
                for word in range(width):
                    out[row, word] |= source[taken, word]
            continue
        _move_row(source[taken], moved, words, bits, columns > 0)
        if both:
            for word in range(width):
                out[row, word] &= moved[word]
        else:
            for word in range(width):
                out[row, word] |= moved[word]


@njit(cache=True, nogil=True)
def _move_row(row, moved, words, bits, up):  # type: ignore[no-untyped-def]
    width = len(row)
    rest = np.uint64(64) - bits
    moved[:] = np.uint64(0)
    if up:
        for word in range(words, width):
            moved[word] = row[word - words] << bits
        if bits:
            for word in range(words + 1, width):
                moved[word] |= row[word - words - 1] >> rest
    else:
        for word in range(width - words):
            moved[word] = row[word + words] >> bits
        if bits:
            for word in range(width - words - 1):
                moved[word] |= row[word + words + 1] << rest


@njit(cache=True, nogil=True)
def close_along(bits, rows, columns, cells):  # type: ignore[no-untyped-def]
    """`bits` with gaps of fewer than `cells` + 1 cells along one direction closed (dilation, then erosion).

    Reach is doubled at each step, so that a gap of any width costs a handful of passes. The raster needs an empty
    margin of `cells` steps all around.
    """
    grown = bits.copy()
    for both in (False, True):
        done = 1
        sign = -1 if both else 1
        while done < cells + 1:
            step = min(done, cells + 1 - done)
            source = grown.copy()
            _shift_into(source, grown, sign * rows * step, sign * columns * step, both)
            done += step
    return grown


def close_gaps(bits: Bits, gap_m: float, *, lean: float, diagonals: bool = True) -> Bits:
    """`bits` with every gap narrower than `gap_m` along rows, columns or diagonals closed.

    Args:
        bits: (rows, words) raster with an empty margin of `gap_m`.
        gap_m: width of a gap that stays open.
        diagonals: whether to look along them too; passes that lie askew need it.
        lean: length along a row over true width of a gap between passes in the main direction.
    """
    closed = bits.copy()
    ways = ((0, 1, 1.0), (1, 0, 1.0), (1, 1, 2**0.5), (1, -1, 2**0.5))
    for rows, columns, length in ways if diagonals else ways[:2]:
        cells = int(np.floor(gap_m * lean / (CELL_M * length) + 0.5)) - (0 if length == 1.0 else 1)
        if cells > 0:
            closed |= close_along(bits, rows, columns, cells)
    return closed


def empty(rows: int, columns: int) -> Bits:
    """A raster without a cell set."""
    return np.zeros((rows, columns // 64 + 1), dtype=np.uint64)


def to_cells(bits: Bits) -> NDArray[Any]:
    """One byte a cell, 0 or 1, for pictures."""
    return np.unpackbits(bits.astype("<u8").view(np.uint8), axis=1, bitorder="little")
