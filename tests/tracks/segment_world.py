"""A drawn machine day: a road of 2 km, a field of strips, the road back."""

import numpy as np
from numpy.typing import NDArray

from nongshi.geo.plane import Plane
from nongshi.geo.track import Track, make_track

PLACE = Plane(121.2, 30.8)
STEP_S = 2.0


def road_and_strips(*, turned: float = 0.0, moved_m: float = 0.0) -> tuple[Track, NDArray[np.bool_]]:
    """The track and where it is in the field: 20 strips of 120 m, 2.5 m apart, at 4 km/h; the road at 18 km/h."""
    ways = [(_line((-2000, -20), (0, -20)), 18.0, False)]
    for row in range(20):
        ends = (0, 120) if row % 2 == 0 else (120, 0)
        ways.append((_line((ends[0], 2.5 * row), (ends[1], 2.5 * row)), 4.0, True))
    ways.append((_line((0, 60), (-2000, 60)), 18.0, False))
    places, fields = [], []
    for way, km_h, in_field in ways:
        count = max(2, int(np.hypot(*(way[1] - way[0])) / (km_h / 3.6 * STEP_S)))
        places.append(way[0] + np.linspace(0, 1, count, endpoint=False)[:, None] * (way[1] - way[0]))
        fields.append(np.full(count, in_field))
    place = np.concatenate(places) + np.random.default_rng(5).normal(0, 0.05, (sum(map(len, places)), 2))
    c, s = np.cos(turned), np.sin(turned)
    x_m, y_m = c * place[:, 0] - s * place[:, 1] + moved_m, s * place[:, 0] + c * place[:, 1]
    return track_of(x_m, y_m), np.concatenate(fields)


def track_of(x_m: NDArray[np.float64], y_m: NDArray[np.float64], step_s: float = STEP_S) -> Track:
    lon, lat = PLACE.to_degrees(x_m, y_m)
    return make_track("T", np.arange(len(x_m)) * step_s, lon, lat)


def _line(start: tuple[float, float], end: tuple[float, float]) -> NDArray[np.float64]:
    return np.array([start, end], dtype=float)
