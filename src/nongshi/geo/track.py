"""A track: the ordered fixes of one device, as arrays."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from nongshi.core.errors import BadInput

Floats = NDArray[np.float64]
Flags = NDArray[np.int8]

UNKNOWN, NO, YES = -1, 0, 1  # what a flag of a fix can say


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Track:
    """The n fixes of one device in order of time, WGS 84; what a device did not say is nan (flags: UNKNOWN).

    Times never fall, and no moment stands twice: whoever reads a file or a store sorts and drops doubles first.
    """

    device_id: str
    time_s: Floats  # (n,) seconds since 1970-01-01 UTC
    lon: Floats  # (n,) degrees
    lat: Floats  # (n,) degrees
    speed_km_h: Floats  # (n,) as the device says; nan: not said
    course_deg: Floats  # (n,) clockwise from north; nan: not said
    working: Flags  # (n,) whether the tool was at work; UNKNOWN, NO or YES

    def __post_init__(self) -> None:
        """Refuse what no device could have done, so that nobody downstream has to check again."""
        lengths = {field.name: len(getattr(self, field.name)) for field in fields(self) if field.name != "device_id"}
        if len(set(lengths.values())) > 1:
            raise BadInput(f"track of {self.device_id}: columns of different length {lengths}")
        if not (np.diff(self.time_s) > 0).all():
            raise BadInput(f"track of {self.device_id}: times must rise; sort the fixes and drop doubles")
        if not (np.isfinite(self.lon) & (abs(self.lon) <= 180) & np.isfinite(self.lat) & (abs(self.lat) <= 90)).all():
            raise BadInput(f"track of {self.device_id}: a position is not on the globe")

    def __len__(self) -> int:
        return len(self.time_s)

    def part(self, keep: slice | NDArray[np.bool_]) -> "Track":
        """The fixes that `keep` names, in the same order."""
        return Track(
            device_id=self.device_id,
            **{field.name: getattr(self, field.name)[keep] for field in fields(self) if field.name != "device_id"},
        )


def make_track(
    device_id: str,
    time_s: Floats,
    lon: Floats,
    lat: Floats,
    *,
    speed_km_h: Floats | None = None,
    course_deg: Floats | None = None,
    working: Flags | None = None,
) -> Track:
    """A track from fixes in any order: sorted by time, of fixes with the same time the first kept.

    >>> track = make_track("T1", np.array([2.0, 1.0, 2.0]), np.array([121.2, 121.1, 9.0]), np.array([30.0, 30.0, 9.0]))
    >>> track.lon.tolist()
    [121.1, 121.2]
    """
    time_s = np.asarray(time_s, dtype=np.float64)
    _, first = np.unique(time_s, return_index=True)
    missing = np.full(len(time_s), np.nan)
    speed = missing if speed_km_h is None else np.asarray(speed_km_h, dtype=np.float64)
    course = missing if course_deg is None else np.asarray(course_deg, dtype=np.float64)
    flags = np.full(len(time_s), UNKNOWN, dtype=np.int8) if working is None else np.asarray(working, dtype=np.int8)
    return Track(
        device_id=device_id,
        time_s=time_s[first],
        lon=np.asarray(lon, dtype=np.float64)[first],
        lat=np.asarray(lat, dtype=np.float64)[first],
        speed_km_h=speed[first],
        course_deg=course[first],
        working=flags[first],
    )
