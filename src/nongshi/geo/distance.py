"""Great-circle distance, the planner's default for roads (times a detour factor)."""

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS_KM = 6371.0088  # mean radius R1 of WGS 84 (IUGG), fixed by docs/formats.md

Floats = NDArray[np.float64]


def km_between(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> Floats:
    """Haversine distance in km, elementwise; degrees in, broadcasting as numpy does.

    Source: R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68 (1984).
    """
    phi1, phi2 = np.radians(lat1), np.radians(lat2)
    half_dphi = (phi2 - phi1) / 2
    half_dlam = np.radians(np.asarray(lon2) - np.asarray(lon1)) / 2
    a = np.sin(half_dphi) ** 2 + np.cos(phi1) * np.cos(phi2) * np.sin(half_dlam) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(a, 1.0))))


def km_matrix(lon: Floats, lat: Floats) -> Floats:
    """(n, n) haversine distances in km between n places; symmetric, zero diagonal."""
    return km_between(lon[:, None], lat[:, None], lon[None, :], lat[None, :])
