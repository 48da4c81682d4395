"""Worked ground: ribbons of runs on rasters, closed and clipped; one raster for each place, so that it stays small."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nongshi.tracks import area_raster as raster
from nongshi.tracks.area_raster import CELL_M, Bits
from nongshi.tracks.area_ribbon import edges

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Rings = tuple[Floats, Floats, Ints]

LEAN = float(np.arctan(0.2361))  # passes cross the raster's lines at a slant, so that rounding to cells evens out
APART_M = 30.0  # places further apart are measured on rasters of their own
CELL_HA = CELL_M * CELL_M * 1e-4
SKIP_WIDTHS = 3.0  # ground between swaths less than so many widths apart belongs to the worked outline


@dataclass(frozen=True, slots=True)
class Ground:
    """One place: rasters of what the swaths reached, of what counts as worked, and of the field."""

    covered: Bits  # union of swaths, inside the field
    worked: Bits  # with gaps closed
    strict: Bits  # with only gaps below the settlement's share closed
    skipped: Bits  # inside the worked outline, not worked
    double: Bits  # reached by two runs or more
    inside: Bits  # the field; all ones where none is known
    origin: tuple[float, float]  # metres east and north of the corner of cell (0, 0)
    turned: float  # radians by which the plane was turned onto the raster
    swaths_ha: float  # swaths inside the field, each run on its own, summed


@dataclass(frozen=True, slots=True)
class Lines:
    """Points of runs in metres, first and last ones moved out."""

    x_m: Floats
    y_m: Floats
    start: Ints


def lay(
    lines: Lines, width_m: float, rings: Rings | None, *, main: float, gap_m: float, strict_m: float
) -> list[Ground]:
    """Lay the runs on rasters.

    Args:
        lines: the runs.
        width_m: width of the tool.
        rings: outline of the field, metres, where known.
        main: direction of most passes, radians.
        gap_m: gaps narrower than this count as worked.
        strict_m: the same without position error (the settlement's share of the width).
    """
    turn = np.pi / 2 - LEAN - main
    left_x, left_y, right_x, right_y = edges(lines.x_m, lines.y_m, lines.start, width_m / 2)
    left, right = _turned(left_x, left_y, turn), _turned(right_x, right_y, turn)
    places = [np.arange(len(lines.start) - 1)] if rings is not None else _places(left, right, lines.start, width_m)
    field = None if rings is None else (*_turned(rings[0], rings[1], turn), rings[2])
    return [_ground(left, right, lines.start, runs, width_m, field, turn, gap_m, strict_m) for runs in places]


def _turned(x: Floats, y: Floats, turn: float) -> tuple[Floats, Floats]:
    c, s = np.cos(turn), np.sin(turn)
    return (x * c - y * s) / CELL_M, (x * s + y * c) / CELL_M


def _places(
    left: tuple[Floats, Floats], right: tuple[Floats, Floats], start: Ints, width_m: float
) -> list[NDArray[np.int64]]:
    """Runs by place: cut along empty strips across and upright by turns, until no strip is left."""
    apart = max(APART_M, 2 * SKIP_WIDTHS * width_m) / CELL_M
    boxes = []
    for i in range(2):
        low, high = np.minimum(left[i], right[i]), np.maximum(left[i], right[i])
        boxes.append((np.minimum.reduceat(low, start[:-1]), np.maximum.reduceat(high, start[:-1])))
    done, waiting = [], [(np.arange(len(start) - 1), 0, False)]
    while waiting:
        runs, axis, whole = waiting.pop()
        low, high = boxes[axis]
        order = runs[np.argsort(low[runs], kind="stable")]
        reach = np.maximum.accumulate(high[order])
        cuts = np.flatnonzero(low[order][1:] > reach[:-1] + apart) + 1
        if len(cuts):
            waiting += [(part, 1 - axis, False) for part in np.split(order, cuts)]
        elif whole:
            done.append(np.sort(runs))
        else:
            waiting.append((runs, 1 - axis, True))
    return sorted(done, key=lambda runs: int(runs[0]))


def _ground(
    left: tuple[Floats, Floats],
    right: tuple[Floats, Floats],
    start: Ints,
    runs: NDArray[np.int64],
    width_m: float,
    field: Rings | None,
    turn: float,
    gap_m: float,
    strict_m: float,
) -> Ground:
    counts = np.diff(start)[runs]
    if len(runs) < len(start) - 1:
        points = np.concatenate([np.arange(start[run], start[run + 1]) for run in runs])
        left, right = (left[0][points], left[1][points]), (right[0][points], right[1][points])
        start = np.concatenate([[0], np.cumsum(counts)])
    margin = int(max(gap_m, SKIP_WIDTHS * width_m) / CELL_M * 1.1) + 4
    xs, ys = (field[:2]) if field is not None else (np.concatenate([left[i], right[i]]) for i in range(2))
    x0, y0 = float(np.floor(xs.min())) - margin, float(np.floor(ys.min())) - margin
    rows, columns = int(ys.max() - y0) + margin + 2, int(xs.max() - x0) + margin + 2
    inside = raster.empty(rows, columns)
    if field is None:
        inside = ~inside
    else:
        raster.fill_rings(inside, field[0] - x0, field[1] - y0, field[2])
    covered, double, own = (raster.empty(rows, columns) for _ in range(3))
    cells = raster.lay_runs(
        covered, double, own, inside, left[0] - x0, left[1] - y0, right[0] - x0, right[1] - y0, start
    )
    lean = 1 / np.cos(LEAN)
    strict, worked = (
        _closed(covered, inside, width, lean, has_field=field is not None) for width in (strict_m, max(gap_m, strict_m))
    )
    worked |= strict
    outline = raster.close_gaps(covered | worked, SKIP_WIDTHS * width_m, lean=lean, diagonals=False) & inside
    return Ground(
        covered=covered & inside,
        worked=worked,
        strict=strict,
        skipped=outline & ~worked,
        double=double & inside,
        inside=inside,
        origin=(x0 * CELL_M, y0 * CELL_M),
        turned=turn,
        swaths_ha=cells * CELL_HA,
    )


def _closed(covered: Bits, inside: Bits, gap_m: float, lean: float, *, has_field: bool) -> Bits:
    """Swaths with narrow gaps closed; a sliver between a swath and the field's edge is a gap, a corner is none."""
    if not has_field:
        return raster.close_gaps(covered, gap_m, lean=lean)
    corners = raster.close_gaps(~inside, gap_m, lean=lean) & inside & ~covered
    return raster.close_gaps(covered | ~inside, gap_m, lean=lean) & inside & ~corners


def area_ha(bits: Bits) -> float:
    """Hectares of the cells set."""
    return float(raster.count(bits)) * CELL_HA
