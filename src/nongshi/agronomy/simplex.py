"""The least of a function of a few numbers, without its slope: Nelder and Mead 1965 (Computer Journal 7:308)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def least(loss: Callable[[Floats], float], start: Floats, steps: int) -> Floats:
    """Where `loss` is least, near `start`, in about `steps` steps.

    Begun again once where it came to rest, smaller: losses over whole days have steps on which a simplex sticks.
    """
    best = start
    for size in (1.0, 0.4):
        points = np.vstack([best, best + size * np.eye(len(start))])
        values = np.array([loss(point) for point in points])
        for _ in range(steps // 2):
            order = np.argsort(values, kind="stable")
            points, values = points[order], values[order]
            if np.abs(points - points[0]).max() < 1e-3:
                break
            centre = points[:-1].mean(axis=0)
            point, value = _step(loss, centre, points[-1], values)
            if value < values[-1]:
                points[-1], values[-1] = point, value
            else:
                points[1:] = points[0] + 0.5 * (points[1:] - points[0])
                values[1:] = [loss(point) for point in points[1:]]
        best = points[np.argmin(values)]
    return best


def _step(loss: Callable[[Floats], float], centre: Floats, worst: Floats, values: Floats) -> tuple[Floats, float]:
    """Mirror the worst point; go further where that is best of all, less far where it is bad."""
    mirrored = centre + (centre - worst)
    value = loss(mirrored)
    if value < values[0]:
        further = centre + 2.0 * (centre - worst)
        far = loss(further)
        return (further, far) if far < value else (mirrored, value)
    if value < values[-2]:
        return mirrored, value
    nearer = centre + 0.5 * ((mirrored if value < values[-1] else worst) - centre)
    return nearer, loss(nearer)
