"""The two edges that a tool draws along a line: corner for corner, without gap or double ground at bends."""

import numpy as np
from numba import njit

MITRE_MAX = 1.5  # a bend's outer corner reaches at most so many half widths out


@njit(cache=True, nogil=True)
def edges(x, y, start, half_m):  # type: ignore[no-untyped-def]
    """Left and right edge points of every run's points, metres."""
    left_x, left_y = np.empty(len(x)), np.empty(len(x))
    right_x, right_y = np.empty(len(x)), np.empty(len(x))
    for run in range(len(start) - 1):
        begin, end = start[run], start[run + 1]
        for i in range(begin, end):
            ax = ay = bx = by = 0.0
            if i > begin:
                ax, ay = x[i] - x[i - 1], y[i] - y[i - 1]
                size = np.sqrt(ax * ax + ay * ay)
                if size > 0.0:
                    ax, ay = ax / size, ay / size
            if i + 1 < end:
                bx, by = x[i + 1] - x[i], y[i + 1] - y[i]
                size = np.sqrt(bx * bx + by * by)
                if size > 0.0:
                    bx, by = bx / size, by / size
            sx, sy = ax + bx, ay + by
            size = np.sqrt(sx * sx + sy * sy)
            if size == 0.0:
                sx, sy, size = ax if ax or ay else 1.0, ay, 1.0
            sx, sy = sx / size, sy / size
            far = half_m
            if i > begin and i + 1 < end:
                far = half_m * min(MITRE_MAX, 1.0 / max(0.3, sx * ax + sy * ay))
            left_x[i], left_y[i] = x[i] - sy * far, y[i] + sx * far
            right_x[i], right_y[i] = x[i] + sy * far, y[i] - sx * far
    return left_x, left_y, right_x, right_y
