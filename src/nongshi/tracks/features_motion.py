"""How each fix moves: speeds from positions, straightness and turning in windows of time and of way."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GAP_S = 60.0  # a longer silence counts as this long: nobody knows what happened in it
STAND_M_S = 0.2  # slower is standing; the receiver's own wander
TIME_WINDOWS_S = (10.0, 45.0, 180.0, 720.0)  # to each side
WAY_WINDOWS_M = (40.0, 160.0, 640.0)  # to each side


@njit(cache=True, nogil=True)
def steps(time_s: Floats, x_m: Floats, y_m: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Of the step that ends at each fix: metres (0: standing), seconds (at most GAP_S), direction east and north."""
    n = len(time_s)
    metres, seconds, east, north = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    for i in range(1, n):
        dt = time_s[i] - time_s[i - 1]
        dx, dy = x_m[i] - x_m[i - 1], y_m[i] - y_m[i - 1]
        d = np.hypot(dx, dy)
        seconds[i] = min(dt, GAP_S)
        if d > STAND_M_S * dt and d > 0:
            metres[i] = d
            east[i], north[i] = dx / d, dy / d
    return metres, seconds, east, north


@njit(cache=True, nogil=True)
def window_features(place: Floats, half: float, time_s: Floats, x_m: Floats, y_m: Floats, sums: Floats) -> Floats:
    """(n, 7) of the window of `half` to each side along `place` (time or way): km/h, net km/h, straightness, one-way
    share, parallel share, turning per metre, share of new ground; `sums` come from :func:`running_sums`.
    """
    n = len(place)
    out = np.zeros((n, 7))
    low, high = 0, 0
    for i in range(n):
        while place[i] - place[low] > half:
            low += 1
        while high + 1 < n and place[high + 1] - place[i] <= half:
            high += 1
        metres = sums[high + 1, 0] - sums[low + 1, 0]
        seconds = sums[high + 1, 1] - sums[low + 1, 1]
        net = np.hypot(x_m[high] - x_m[low], y_m[high] - y_m[low])
        out[i, 0] = 3.6 * metres / (seconds + 1e-3)
        out[i, 1] = 3.6 * net / (seconds + 1e-3)
        out[i, 2] = net / (metres + 1.0)
        out[i, 3] = np.hypot(sums[high + 1, 2] - sums[low + 1, 2], sums[high + 1, 3] - sums[low + 1, 3]) / (
            metres + 1.0
        )
        out[i, 4] = np.hypot(sums[high + 1, 4] - sums[low + 1, 4], sums[high + 1, 5] - sums[low + 1, 5]) / (
            metres + 1.0
        )
        out[i, 5] = (sums[high + 1, 7] - sums[low + 1, 7]) / (metres + 1.0)
        out[i, 6] = (sums[high + 1, 6] - sums[low + 1, 6]) / (metres + 1.0)
    return out


@njit(cache=True, nogil=True)
def running_sums(metres: Floats, seconds: Floats, east: Floats, north: Floats, first: NDArray[np.bool_]) -> Floats:
    """(n + 1, 8) that the windows are cut from: metres, seconds, metres x (east, north), the same of the doubled
    heading, metres on new ground, radians turned.
    """
    n = len(metres)
    sums = np.zeros((n + 1, 8))
    last_east, last_north = 0.0, 0.0
    for i in range(n):
        d = metres[i]
        turn = 0.0
        if d > 0:
            if last_east != 0.0 or last_north != 0.0:
                turn = abs(
                    np.arctan2(last_east * north[i] - last_north * east[i], last_east * east[i] + last_north * north[i])
                )
            last_east, last_north = east[i], north[i]
        sums[i + 1, 0] = sums[i, 0] + d
        sums[i + 1, 1] = sums[i, 1] + seconds[i]
        sums[i + 1, 2] = sums[i, 2] + d * east[i]
        sums[i + 1, 3] = sums[i, 3] + d * north[i]
        sums[i + 1, 4] = sums[i, 4] + d * (east[i] * east[i] - north[i] * north[i])
        sums[i + 1, 5] = sums[i, 5] + d * 2.0 * east[i] * north[i]
        sums[i + 1, 6] = sums[i, 6] + (d if first[i] else 0.0)
        sums[i + 1, 7] = sums[i, 7] + turn
    return sums
