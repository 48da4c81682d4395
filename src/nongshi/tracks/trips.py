"""Trips and stops of a day, how much of it was work, and what fuel a hectare took."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nongshi.core.errors import BadInput
from nongshi.core.units import SECONDS_PER_HOUR
from nongshi.geo.distance import km_between
from nongshi.geo.track import Track

STOP_S = 180.0  # assumption: a shorter halt is part of the trip
STILL_KM_H = 1.0  # assumption: slower is standing; receivers that stand report up to 0.7
GAP_S = 600.0  # assumption: a longer silence ends a trip
REFILL_L = 5.0  # assumption: a rise of more is filling up, not sloshing

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """From one stop to the next."""

    begin_s: float
    end_s: float
    km: float
    speed_km_h_max: float
    begin: tuple[float, float]  # lon, lat
    end: tuple[float, float]

    @property
    def hours(self) -> float:
        """How long it took."""
        return (self.end_s - self.begin_s) / SECONDS_PER_HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """A stand of some minutes."""

    begin_s: float
    end_s: float
    place: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfMachine:
    """A track told in trips."""

    device_id: str
    trips: tuple[Trip, ...]
    halts: tuple[Halt, ...]
    km: float
    work_h: float | None  # by states or the tool's switch; None: nobody says
    moving_h: float
    seen_h: float  # time covered by fixes; gaps count as nothing

    @property
    def utilisation(self) -> float | None:
        """Share of the time seen that was work."""
        return None if self.work_h is None or self.seen_h == 0 else self.work_h / self.seen_h


def tell_day(track: Track, states: Sequence[str] | None = None, *, stop_s: float = STOP_S) -> DayOfMachine:
    """Trips, halts and hours of a track.

    Args:
        track: of one device.
        states: `work`, `road` or `idle` of each fix, where they are known; else the tool's switch is asked.
        stop_s: a halt of so long ends a trip.
    """
    n = len(track)
    if n < 2:
        return DayOfMachine(
            device_id=track.device_id, trips=(), halts=(), km=0.0, work_h=None, moving_h=0.0, seen_h=0.0
        )
    step_s = np.diff(track.time_s)
    step_km = km_between(track.lon[:-1], track.lat[:-1], track.lon[1:], track.lat[1:])
    seen = step_s <= GAP_S
    speed = step_km / step_s * SECONDS_PER_HOUR
    moving = seen & (speed > STILL_KM_H)
    trips, halts = _cut(track, moving, seen, step_km, speed, stop_s)
    works = _works(track, states)
    return DayOfMachine(
        device_id=track.device_id,
        trips=trips,
        halts=halts,
        km=float(step_km[seen].sum()),
        work_h=None if works is None else float(step_s[seen & works[:-1]].sum()) / SECONDS_PER_HOUR,
        moving_h=float(step_s[moving].sum()) / SECONDS_PER_HOUR,
        seen_h=float(step_s[seen].sum()) / SECONDS_PER_HOUR,
    )


def fuel_l_ha(fuel_l: Floats, worked_ha: float) -> float | None:
    """Litres a hectare from the tank's readings (n,), nan where there is none; filling up is no negative use.

    >>> fuel_l_ha(np.array([80.0, np.nan, 62.0, 100.0, 90.0]), 2.0)
    14.0

    Raises:
        BadInput: an area that is not above zero.
    """
    if worked_ha <= 0:
        raise BadInput(f"fuel a hectare needs a worked area above 0, got {worked_ha}")
    readings = fuel_l[~np.isnan(fuel_l)]
    if len(readings) < 2:
        return None
    change = np.diff(readings)
    return float(-change[change <= REFILL_L].sum() / worked_ha)


def _works(track: Track, states: Sequence[str] | None) -> NDArray[np.bool_] | None:
    if states is not None:
        return np.array([state == "work" for state in states])
    return np.asarray(track.working == 1) if (track.working >= 0).any() else None


def _cut(
    track: Track,
    moving: NDArray[np.bool_],
    seen: NDArray[np.bool_],
    step_km: Floats,
    speed: Floats,
    stop_s: float,
) -> tuple[tuple[Trip, ...], tuple[Halt, ...]]:
    """Runs of steps: standing ones that last are halts, gaps end a trip, what is between two of them is a trip."""
    time_s = track.time_s
    edges = np.flatnonzero((moving[1:] != moving[:-1]) | (seen[1:] != seen[:-1])) + 1
    runs = list(zip([0, *edges.tolist()], [*edges.tolist(), len(moving)], strict=True))
    halts, trips, begin = [], [], None
    for first, last in runs:
        stands = seen[first] and not moving[first] and time_s[last] - time_s[first] >= stop_s
        if stands:
            place = (float(np.median(track.lon[first : last + 1])), float(np.median(track.lat[first : last + 1])))
            halts.append(Halt(begin_s=float(time_s[first]), end_s=float(time_s[last]), place=place))
        if stands or not seen[first]:
            trips += _trip(track, begin, first, moving, step_km, speed)
            begin = None
        elif begin is None:
            begin = first
    trips += _trip(track, begin, len(moving), moving, step_km, speed)
    return tuple(trips), tuple(halts)


def _trip(
    track: Track, begin: int | None, end: int, moving: NDArray[np.bool_], step_km: Floats, speed: Floats
) -> list[Trip]:
    """The trip over steps begin..end, without its standing ends; none where nothing moved."""
    if begin is None or not moving[begin:end].any():
        return []
    steps = np.flatnonzero(moving[begin:end]) + begin
    first, last = int(steps[0]), int(steps[-1]) + 1
    return [
        Trip(
            begin_s=float(track.time_s[first]),
            end_s=float(track.time_s[last]),
            km=float(step_km[first:last].sum()),
            speed_km_h_max=float(speed[steps].max()),
            begin=(float(track.lon[first]), float(track.lat[first])),
            end=(float(track.lon[last]), float(track.lat[last])),
        )
    ]
