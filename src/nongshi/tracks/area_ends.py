"""Where runs really end: between two fixes, so each is lengthened; at a corner to it, at the field's edge to that."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from nongshi.tracks.area_runs import Runs

Floats = NDArray[np.float64]
Flags = NDArray[np.int8]

REACH_STEPS = 1.3  # the field's edge is where the tool was lifted if it lies within so many steps


def lengthen(
    runs: Runs,
    t_s: Floats,
    x_m: Floats,
    y_m: Floats,
    *,
    step_s: float,
    gap_s: float,
    width_m: float,
    course_deg: Floats,
    rings: tuple[Floats, Floats, NDArray[np.int64]] | None,
) -> tuple[Floats, Floats, Floats]:
    """Points of the runs with both ends moved out, and metres of each end that are not known to the fix, (k, 2).

    Args:
        runs: thinned runs.
        t_s: (n,) times of all fixes of the track.
        x_m: (n,) metres.
        y_m: (n,) metres.
        step_s: usual seconds between fixes.
        gap_s: two fixes further apart say nothing of what lies between.
        width_m: width of the tool.
        course_deg: (n,) course of each fix, nan where not said.
        rings: outline of the field (closed rings one after the other, starts), where known.
    """
    first, last = runs.start[:-1], runs.start[1:] - 1
    length = np.hypot(np.diff(runs.x_m), np.diff(runs.y_m))
    length[last[:-1]] = 0.0
    along = np.concatenate([[0.0], np.cumsum(length)])
    run_m, run_s = along[last] - along[first], t_s[runs.fix[last]] - t_s[runs.fix[first]]
    known = run_s > 0
    usual = float(np.median(run_m[known] / run_s[known])) if known.any() else 0.0
    speed = np.where(known, run_m / np.where(known, run_s, 1.0), usual)
    way = _ways(runs, course_deg)
    open_m = np.zeros((len(runs), 2))
    reach = np.zeros((len(runs), 2))
    out = x_m, y_m, t_s
    edges = (np.zeros(0), np.zeros(0), np.zeros(1, np.int64)) if rings is None else rings
    _reach(reach, open_m, runs.fix, runs.start, runs.turned, speed, way, *out, step_s, gap_s, width_m, *edges)
    new_x, new_y = runs.x_m.copy(), runs.y_m.copy()
    for side, at in ((0, first), (1, last)):
        new_x[at] += way[:, side, 0] * reach[:, side]
        new_y[at] += way[:, side, 1] * reach[:, side]
    return new_x, new_y, open_m


def _ways(runs: Runs, course_deg: Floats) -> Floats:
    """Unit vectors that point out of each run at begin and end, (k, 2, 2).

    A run of one fix lies as its course says, or as the run before.
    """
    way = np.zeros((len(runs), 2, 2))
    first, last = runs.start[:-1], runs.start[1:] - 1
    for side, at, inner in ((0, first, np.minimum(first + 1, last)), (1, last, np.maximum(last - 1, first))):
        way[:, side, 0], way[:, side, 1] = runs.x_m[at] - runs.x_m[inner], runs.y_m[at] - runs.y_m[inner]
    size = np.hypot(way[..., 0], way[..., 1])
    way /= np.where(size > 0, size, 1.0)[..., None]
    lone = np.flatnonzero(size[:, 0] == 0)
    told = np.flatnonzero(size[:, 0] > 0)
    if len(lone) and len(told):
        near = told[np.clip(np.searchsorted(told, lone) - 1, 0, len(told) - 1)]
        way[lone] = way[near]
    course = np.radians(course_deg[runs.fix[runs.start[:-1][lone]]])
    ahead = np.column_stack([np.sin(course), np.cos(course)])
    said = np.isfinite(course)
    way[lone[said], 0], way[lone[said], 1] = -ahead[said], ahead[said]
    return way


@njit(cache=True, nogil=True)
def _reach(reach, open_m, fix, start, turned, speed, way, x_m, y_m, t_s, step_s, gap_s, width_m, ex, ey, ring_start):  # type: ignore[no-untyped-def]
    runs = len(start) - 1
    for run in range(runs):
        for side in range(2):
            here = fix[start[run]] if side == 0 else fix[start[run + 1] - 1]
            beyond = here - 1 if side == 0 else here + 1
            if turned[run, side] == 2:
                continue
            wait = step_s
            seen = 0 <= beyond < len(t_s) and abs(t_s[beyond] - t_s[here]) <= gap_s
            if seen:
                wait = abs(t_s[beyond] - t_s[here])
            full = speed[run] * wait
            reach[run, side] = full / 2
            open_m[run, side] = full
            if turned[run, side] == 1:
                other = run - 1 if side == 0 else run + 1
                if 0 <= other < runs:
                    there = fix[start[other + 1] - 1] if side == 0 else fix[start[other]]
                    corner = _corner(x_m, y_m, here, there, way[run, side], way[other, 1 - side], full)
                    if corner >= 0.0:
                        reach[run, side], open_m[run, side] = corner, 0.25 * full if there != here else 0.0
                        continue
            elif len(ex) == 0 or not seen or _inside(x_m[beyond], y_m[beyond], ex, ey, ring_start):
                continue
            if len(ex) == 0 or not _inside(x_m[here], y_m[here], ex, ey, ring_start):
                continue
            farthest = -1.0
            for part in range(-1, 2):
                px = x_m[here] - way[run, side, 1] * part * width_m * 0.49
                py = y_m[here] + way[run, side, 0] * part * width_m * 0.49
                cut = _cross(px, py, way[run, side, 0], way[run, side, 1], ex, ey, ring_start)
                if 0.0 <= cut <= REACH_STEPS * full + 0.5 * width_m:
                    farthest = max(farthest, cut)
            if farthest >= 0.0:
                reach[run, side], open_m[run, side] = farthest, 0.25 * full


@njit(cache=True, nogil=True)
def _corner(x_m, y_m, here, there, out, into, full):  # type: ignore[no-untyped-def]
    """Metres to the corner in which two runs meet; below 0: they do not meet within one step."""
    if here == there:
        return 0.0
    cross = out[0] * into[1] - out[1] * into[0]
    if abs(cross) < 0.5:
        return -1.0
    dx, dy = x_m[there] - x_m[here], y_m[there] - y_m[here]
    a = (dx * into[1] - dy * into[0]) / cross
    b = (dx * out[1] - dy * out[0]) / cross
    if a < -0.1 * full or b < -0.1 * full or a + b > 1.6 * full + 1.0:
        return -1.0
    return max(a, 0.0)


@njit(cache=True, nogil=True)
def _inside(x, y, ex, ey, ring_start):  # type: ignore[no-untyped-def]
    odd = False
    for ring in range(len(ring_start) - 1):
        for i in range(ring_start[ring], ring_start[ring + 1] - 1):
            if (ey[i] <= y) != (ey[i + 1] <= y) and x < ex[i] + (y - ey[i]) / (ey[i + 1] - ey[i]) * (ex[i + 1] - ex[i]):
                odd = not odd
    return odd


@njit(cache=True, nogil=True)
def _cross(x, y, dx, dy, ex, ey, ring_start):  # type: ignore[no-untyped-def]
    """Metres along a ray to the outline; a great number where it never meets it."""
    nearest = 1e18
    for ring in range(len(ring_start) - 1):
        for i in range(ring_start[ring], ring_start[ring + 1] - 1):
            sx, sy = ex[i + 1] - ex[i], ey[i + 1] - ey[i]
            cross = dx * sy - dy * sx
            if cross == 0.0:
                continue
            wx, wy = ex[i] - x, ey[i] - y
            far, share = (wx * sy - wy * sx) / cross, (wx * dy - wy * dx) / cross
            if far >= 0.0 and 0.0 <= share <= 1.0:
                nearest = min(nearest, far)
    return nearest
