"""A fix as the store keeps it: whole numbers in a fixed order, so that millions go through without an object each."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np

from nongshi.geo.track import NO, UNKNOWN, YES, Track, make_track

COLUMNS = (
    "device",  # number of the device in the store
    "time_ms",  # since 1970-01-01 UTC
    "lon_e7",  # degrees x 10^7, WGS 84
    "lat_e7",
    "speed_dkm_h",  # 0.1 km/h; -1: not said
    "course_deg",  # clockwise from north; -1: not said
    "altitude_m",
    "flags",  # bits below
    "alarm",  # alarm bits as sent
    "extra",  # items of the report as sent, for the item table of nongshi.tracks.jt808 to read; NULL: none
)
Row = tuple[int, int, int, int, int, int, int, int, int, bytes | None]
DEVICE: Final = 0  # places in a row
TIME: Final = 1
LON: Final = 2
FLAGS: Final = 7

IGNITION, TOOL_KNOWN, TOOL_WORKS, LATE = 1, 2, 4, 8  # flags; LATE: kept by the terminal while it had no network
DEGREE, SPEED_SCALE = 10**7, 10


def rows_of(track: Track, device: int) -> list[Row]:
    """The rows of a track."""
    n = len(track)
    speed = np.where(np.isnan(track.speed_km_h), -1, np.rint(np.nan_to_num(track.speed_km_h) * SPEED_SCALE))
    course = np.where(np.isnan(track.course_deg), -1, np.rint(np.nan_to_num(track.course_deg)))
    flags = np.where(track.working == UNKNOWN, 0, TOOL_KNOWN) + np.where(track.working == YES, TOOL_WORKS, 0)
    columns: list[Sequence[Any]] = [
        [device] * n,
        np.rint(track.time_s * 1000).astype(np.int64).tolist(),
        np.rint(track.lon * DEGREE).astype(np.int64).tolist(),
        np.rint(track.lat * DEGREE).astype(np.int64).tolist(),
        speed.astype(np.int64).tolist(),
        course.astype(np.int64).tolist(),
        [0] * n,
        flags.astype(np.int64).tolist(),
        [0] * n,
        [None] * n,
    ]
    return list(zip(*columns, strict=True))


def track_of(device_id: str, rows: Iterable[Sequence[Any]]) -> Track:
    """The track of a device's rows, each in the order of COLUMNS without `device`."""
    table = np.array([row[:7] for row in rows], dtype=np.int64).reshape(-1, 7)
    time_ms, lon, lat, speed, course, _, flags = table.T
    working = np.where(flags & TOOL_KNOWN, np.where(flags & TOOL_WORKS, YES, NO), UNKNOWN)
    return make_track(
        device_id,
        time_ms / 1000.0,
        lon / DEGREE,
        lat / DEGREE,
        speed_km_h=np.where(speed < 0, np.nan, speed / SPEED_SCALE),
        course_deg=np.where(course < 0, np.nan, course.astype(float)),
        working=working.astype(np.int8),
    )
