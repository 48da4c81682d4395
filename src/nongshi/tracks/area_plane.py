"""Fixes in metres, fast: the projection of `geo.plane` fitted by a polynomial where the fixes lie close together."""

import numpy as np
from numpy.typing import NDArray

from nongshi.geo.plane import Plane

Floats = NDArray[np.float64]
FITTED_DEG_MAX = 0.1  # wider than this (some 10 km) the projection itself is used
POINTS = 5  # knots of the fit on each axis


def to_metres(plane: Plane, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Metres east and north of the plane's point; within 10 km the fit is true to a millimetre."""
    half_lon = float(np.abs(lon - plane.lon).max(initial=0.0))
    half_lat = float(np.abs(lat - plane.lat).max(initial=0.0))
    if len(lon) < 200 or max(half_lon, half_lat) > FITTED_DEG_MAX / 2:
        return plane.to_m(lon, lat)
    knots = np.linspace(-1, 1, POINTS)
    u, v = (part.ravel() for part in np.meshgrid(knots * half_lon, knots * half_lat))
    east, north = plane.to_m(plane.lon + u, plane.lat + v)
    fit_east = np.linalg.lstsq(_terms(u, v), east, rcond=None)[0]
    fit_north = np.linalg.lstsq(_terms(u, v), north, rcond=None)[0]
    u, v = lon - plane.lon, lat - plane.lat
    return _apply(fit_east, u, v), _apply(fit_north, u, v)


def _terms(u: Floats, v: Floats) -> Floats:
    return np.column_stack([np.ones_like(u), u, v, u * v, u * u, v * v, u * u * v, u * v * v, u**3, v**3])


def _apply(c: NDArray[np.floating], u: Floats, v: Floats) -> Floats:
    result: Floats = c[0] + u * (c[1] + v * (c[3] + c[7] * v) + u * (c[4] + c[6] * v + c[8] * u))
    result += v * (c[2] + v * (c[5] + c[9] * v))
    return result
