"""Tracks as the single fixes that the live room takes."""

from collections.abc import Iterator

import numpy as np

from nongshi.geo.track import Track
from nongshi.tracks.live.happenings import LiveFix


def fixes_of(track: Track) -> Iterator[LiveFix]:
    """The fixes of a track in order; a speed that the device did not say is None."""
    columns = (track.time_s, track.lon, track.lat, track.speed_km_h)
    for time_s, lon, lat, speed in zip(*(column.tolist() for column in columns), strict=True):
        yield LiveFix(track.device_id, time_s, lon, lat, None if np.isnan(speed) else speed)
