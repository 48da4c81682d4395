"""What a receiver would have reported of a true path: fixes with drift, noise and holes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nongshi.geo.plane import Plane
from nongshi.geo.track import Flags, Track, make_track

Floats = NDArray[np.float64]
PLACE = Plane(121.2, 30.8)  # where constructed fields lie unless told otherwise
START_S = 1_793_000_000.0  # 2026-10-26, a moment in the rice harvest
SPEED_NOISE_KM_H = 0.15  # assumption: Doppler speed of a usual receiver
DRIFT_TAU_S = 600.0  # assumption: position errors of code receivers fade over some ten minutes


@dataclass(frozen=True, slots=True)
class GnssError:
    """Error of each axis: a slow drift (AR(1) with `drift_tau_s`) and white noise, standard deviations in metres."""

    name: str
    drift_m: float
    white_m: float
    drift_tau_s: float = DRIFT_TAU_S


ERRORS: Mapping[str, GnssError] = {
    error.name: error
    for error in (
        GnssError("rtk", 0.0, 0.02),
        GnssError("sbas", 0.3, 0.1),
        GnssError("drift-0.5", 0.5, 0.1),
        GnssError("drift-1", 1.0, 0.2),
        GnssError("drift-2", 2.0, 0.3),
        GnssError("drift-3", 3.0, 0.5),
    )
}


def observe(
    t_s: Floats,
    x_m: Floats,
    y_m: Floats,
    step_s: float,
    error: GnssError,
    rng: np.random.Generator,
    *,
    working: NDArray[np.bool_] | None = None,
    missing: Sequence[tuple[float, float]] = (),
    plane: Plane = PLACE,
    device_id: str = "constructed",
    start_s: float = START_S,
    with_speed: bool = True,
) -> Track:
    """The fixes of a true path, one every `step_s` from a drawn first moment on.

    Args:
        t_s: (n,) fine time steps of the path, rising.
        x_m: (n,) metres east of the plane's point.
        y_m: (n,) metres north.
        step_s: seconds between fixes.
        error: what the receiver gets wrong.
        rng: draws first moment, drift and noise.
        working: (n,) whether the tool is down; not given: the fixes do not say.
        missing: stretches of `t_s` without fixes, as (from, until).
        plane: where the path lies on the globe.
        device_id: who reports.
        start_s: moment of `t_s` = 0, seconds since 1970 UTC.
        with_speed: whether the fixes carry speed and course.
    """
    at_s = t_s[0] + np.arange(rng.uniform(0, min(step_s, t_s[-1] - t_s[0])), t_s[-1] - t_s[0], step_s)
    for begin, end in missing:
        at_s = at_s[(at_s < begin) | (at_s >= end)]
    x, y = np.interp(at_s, t_s, x_m), np.interp(at_s, t_s, y_m)
    seen_x, seen_y = (true + errors_at(at_s, error, rng) for true in (x, y))
    lon, lat = plane.to_degrees(seen_x, seen_y)
    near = np.clip(np.searchsorted(t_s, at_s, side="right") - 1, 0, len(t_s) - 2)
    lapse = t_s[near + 1] - t_s[near]
    east, north = (x_m[near + 1] - x_m[near]) / lapse, (y_m[near + 1] - y_m[near]) / lapse
    speed = np.maximum(0.0, np.hypot(east, north) * 3.6 + rng.normal(0, SPEED_NOISE_KM_H, len(at_s)))
    flags: Flags | None = None if working is None else working[near].astype(np.int8)
    return make_track(
        device_id,
        start_s + at_s,
        lon,
        lat,
        speed_km_h=speed if with_speed else None,
        course_deg=np.degrees(np.arctan2(east, north)) % 360 if with_speed else None,
        working=flags,
    )


def errors_at(at_s: Floats, error: GnssError, rng: np.random.Generator) -> Floats:
    """Position errors of one axis at given moments, metres: exact AR(1) over uneven steps, and white noise."""
    noise = rng.normal(0.0, 1.0, len(at_s))
    keep = np.exp(-np.diff(at_s, prepend=at_s[:1]) / error.drift_tau_s)
    drift = np.empty(len(at_s))
    before = rng.normal()
    for i, (kept, drawn) in enumerate(zip(keep, noise, strict=True)):
        before = kept * before + np.sqrt(1 - kept * kept) * drawn
        drift[i] = before
    return error.drift_m * drift + rng.normal(0.0, error.white_m, len(at_s))
