"""The numbers that watching live, telling trips and keeping people's positions put in, for docs/assumptions.md."""

from dataclasses import fields

from nongshi.agronomy import Assumption
from nongshi.tracks import trips
from nongshi.tracks.live import Limits, room
from nongshi.tracks.privacy import Retention

_DATE = "2026-11-26"
_UNITS = {"_km_h": "km/h", "_km_h_max": "km/h", "_s": "s", "_d": "days", "_m": "m"}
_RECEIVER = "assumption: receivers that stand report up to 0.7 km/h"


def live_assumptions() -> tuple[Assumption, ...]:
    """What was put in, with unit, source and date."""
    rows = [(f"live.{f.name}", getattr(Limits(), f.name), _unit(f.name), "assumption") for f in fields(Limits)]
    rows += [
        ("live.window", room.WINDOW_FIXES, "fixes a device", "assumption"),
        ("live.stale", room.STALE_S, "s", "assumption"),
        ("trips.stop", trips.STOP_S, "s", "assumption"),
        ("trips.still", trips.STILL_KM_H, "km/h", _RECEIVER),
        ("trips.gap", trips.GAP_S, "s", "assumption"),
        ("trips.refill", trips.REFILL_L, "l", "assumption"),
    ]
    rows += [
        (f"privacy.{f.name}", getattr(Retention(), f.name), _unit(f.name), "assumption") for f in fields(Retention)
    ]
    return tuple(
        Assumption(name=name, value=value, unit=unit, source=source, date=_DATE) for name, value, unit, source in rows
    )


def _unit(name: str) -> str:
    return next(unit for ending, unit in sorted(_UNITS.items(), key=lambda one: -len(one[0])) if name.endswith(ending))
