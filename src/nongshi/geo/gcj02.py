"""GCJ-02, the shifted datum of Chinese maps and of some terminals, to WGS 84 and back.

At Jinshan the shift is about 500 m: fields would be missed by their whole length. The forward formula is the public
one (first published 2013, in use by all map libraries); the way back is by iteration, good to a micrometre.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
SEMI_MAJOR_M, ECCENTRICITY2 = 6378245.0, 0.00669342162296594323  # Krasovsky 1940
LON_0, LAT_0 = 105.0, 35.0
WEST, SOUTH, EAST, NORTH = 72.004, 0.8293, 137.8347, 55.8271  # outside this box nothing is shifted
STEPS = 12
CLOSE_DEG = 1e-12


def to_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """WGS 84 degrees to GCJ-02 degrees, same shape; outside China unchanged.

    >>> lon, lat = to_gcj02(121.19, 30.82)
    >>> round(float(lon), 5), round(float(lat), 5)
    (121.19445, 30.81781)
    """
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    inside = (lon >= WEST) & (lon <= EAST) & (lat >= SOUTH) & (lat <= NORTH)
    shift_lon, shift_lat = _shift(lon, lat)
    return lon + np.where(inside, shift_lon, 0.0), lat + np.where(inside, shift_lat, 0.0)


def from_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """GCJ-02 degrees to WGS 84 degrees, same shape: the point whose shift leads here."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    found_lon, found_lat = lon.copy(), lat.copy()
    for _ in range(STEPS):
        there_lon, there_lat = to_gcj02(found_lon, found_lat)
        off_lon, off_lat = there_lon - lon, there_lat - lat
        found_lon, found_lat = found_lon - off_lon, found_lat - off_lat
        if max(np.abs(off_lon).max(initial=0.0), np.abs(off_lat).max(initial=0.0)) < CLOSE_DEG:
            break
    return found_lon, found_lat


def _shift(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Degrees by which a point is moved east and north."""
    x, y = lon - LON_0, lat - LAT_0
    root = np.sqrt(np.abs(x))
    wave = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + wave
    north_m += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north_m += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + wave
    east_m += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east_m += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    sine = np.sin(np.radians(lat))
    bend = 1.0 - ECCENTRICITY2 * sine * sine
    north = north_m * 180.0 / (SEMI_MAJOR_M * (1.0 - ECCENTRICITY2) / (bend * np.sqrt(bend)) * np.pi)
    east = east_m * 180.0 / (SEMI_MAJOR_M / np.sqrt(bend) * np.cos(np.radians(lat)) * np.pi)
    return east, north
