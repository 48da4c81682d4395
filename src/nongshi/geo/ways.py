"""Which ways of OpenStreetMap a farm machine may use, how fast and in which direction, by the way's tags.

Speeds choose between two ways and nothing else: a machine's time on the road is km over its own road speed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

Tags = Mapping[str, str]

SPEED_SOURCE = "assumption, 2026-11-24: a combine on a low-loader or a tractor with its implement behind it"
MOTORWAY_SOURCE = "Road Traffic Safety Law of China (2003, amended 2021), art. 67: no tractors, nothing below 70 km/h"
SPEED_KM_H: Mapping[str, float] = {  # all SPEED_SOURCE; a kind that is missing here may not be used
    "trunk": 30.0,  # without motorroad=yes; motorway and motorway_link are missing: MOTORWAY_SOURCE
    "trunk_link": 25.0,
    "primary": 30.0,
    "primary_link": 25.0,
    "secondary": 30.0,
    "secondary_link": 25.0,
    "tertiary": 30.0,
    "tertiary_link": 25.0,
    "unclassified": 25.0,
    "residential": 20.0,
    "road": 20.0,  # of unknown kind
    "service": 15.0,
    "living_street": 10.0,
    "track": 12.0,  # of unknown grade
}
TRACK_KM_H: Mapping[str, float] = {  # by tracktype, solid to soft; all SPEED_SOURCE
    "grade1": 20.0,
    "grade2": 15.0,
    "grade3": 12.0,
    "grade4": 8.0,
    "grade5": 6.0,
}
ACCESS_KEYS = ("agricultural", "motor_vehicle", "vehicle", "access")  # the first that is given counts
OPEN = frozenset({"yes", "permissive", "designated", "official", "destination", "agricultural", "unknown"})
BARRIERS = frozenset({"bollard", "block", "chain", "cycle_barrier", "jersey_barrier", "kissing_gate", "log", "stile"})
KG_PER_T, CM_PER_M, KM_PER_MILE, M_PER_FOOT, M_PER_INCH = 1000.0, 100.0, 1.609344, 0.3048, 0.0254
T_PER_SHORT_TON = 0.90718474
UNIT: Mapping[str, Mapping[str, float]] = {
    "m": {"": 1.0, "m": 1.0, "cm": 1 / CM_PER_M, "ft": M_PER_FOOT},
    "t": {"": 1.0, "t": 1.0, "kg": 1 / KG_PER_T, "st": T_PER_SHORT_TON},
    "km/h": {"": 1.0, "km/h": 1.0, "kmh": 1.0, "mph": KM_PER_MILE},
}
LIMITS = (("maxwidth", "width_m", "m"), ("maxheight", "height_m", "m"), ("maxweight", "weight_t", "t"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """What goes over the road: the machine, or the low-loader with the machine on it."""

    width_m: float
    height_m: float
    weight_t: float  # all together
    source: str


_ON_LOADER = "assumption, 2026-11-24: on a two-axle low-loader of 5 t whose bed is 0.9 m high"
_WHEELS = "assumption, 2026-11-24: on its own wheels with the implement lifted"
VEHICLES: Mapping[str, Vehicle] = {
    "combine-full": Vehicle(width_m=2.55, height_m=3.8, weight_t=9.0, source=_ON_LOADER),
    "combine-half": Vehicle(width_m=2.55, height_m=3.6, weight_t=9.0, source=_ON_LOADER),
    "combine-wheeled": Vehicle(width_m=2.9, height_m=3.4, weight_t=6.0, source=_WHEELS),
    "tractor-wheeled": Vehicle(width_m=2.4, height_m=2.8, weight_t=5.0, source=_WHEELS),
    "tractor-crawler": Vehicle(width_m=2.55, height_m=3.6, weight_t=10.0, source=_ON_LOADER),
    "transplanter": Vehicle(width_m=2.4, height_m=3.0, weight_t=4.0, source=_ON_LOADER),
    "uav": Vehicle(width_m=1.8, height_m=2.2, weight_t=2.5, source="assumption, 2026-11-24: in a van"),
}
LARGEST = Vehicle(  # one graph for all machines: each fits wherever this one does
    width_m=max(v.width_m for v in VEHICLES.values()),
    height_m=max(v.height_m for v in VEHICLES.values()),
    weight_t=max(v.weight_t for v in VEHICLES.values()),
    source="the largest of VEHICLES in each measure",
)


def way_km_h(tags: Tags, vehicle: Vehicle = LARGEST) -> tuple[float, float]:
    """Speed along a way and against it, km/h; 0 where the vehicle may not go.

    >>> way_km_h({"highway": "track", "tracktype": "grade2"})
    (15.0, 15.0)
    >>> way_km_h({"highway": "tertiary", "oneway": "yes", "maxspeed": "20"})
    (20.0, 0.0)
    """
    kind = tags.get("highway", "")
    speed_km_h = SPEED_KM_H.get(kind, 0.0)
    if kind == "track":
        speed_km_h = TRACK_KM_H.get(tags.get("tracktype", ""), speed_km_h)
    if tags.get("motorroad") == "yes" or not is_open(tags) or not _fits(tags, vehicle):
        return 0.0, 0.0
    limit_km_h = _measure(tags.get("maxspeed", ""), "km/h")
    if limit_km_h:
        speed_km_h = min(speed_km_h, limit_km_h)
    oneway = tags.get("oneway", "yes" if tags.get("junction") in ("roundabout", "circular") else "no")
    along = oneway not in ("-1", "reverse")
    against = oneway not in ("yes", "true", "1")
    return speed_km_h * along, speed_km_h * against


def is_open(tags: Tags) -> bool:
    """Whether farm machines may pass, by the most special access tag; without one they may."""
    said = next((tags[key] for key in ACCESS_KEYS if key in tags), "yes")
    return not OPEN.isdisjoint(value.strip() for value in said.split(";"))


def blocks(tags: Tags) -> bool:
    """Whether a node of a way stops machines: posts and blocks always, gates only where they say so."""
    if any(key in tags for key in ACCESS_KEYS):
        return not is_open(tags)
    return tags.get("barrier") in BARRIERS


def _fits(tags: Tags, vehicle: Vehicle) -> bool:
    """Whether the vehicle keeps every limit of the way that can be read; one that says no number is none."""
    for key, measure, unit in LIMITS:
        for name in (key, f"{key}:physical"):
            limit = _measure(tags.get(name, ""), unit)
            if limit is not None and getattr(vehicle, measure) > limit:
                return False
    return True


def _measure(text: str, unit: str) -> float | None:
    """A number with or without its unit; None where it is none (`none`, `walk`, `DE:rural`)."""
    feet = re.fullmatch(r"\s*(\d+)\s*'\s*(?:(\d+)\s*\"?)?\s*", text)
    if feet and unit == "m":
        return int(feet[1]) * M_PER_FOOT + int(feet[2] or 0) * M_PER_INCH
    number = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*([a-z/]*)\s*", text.lower())
    if number is None or number[2] not in UNIT[unit]:
        return None
    return float(number[1].replace(",", ".")) * UNIT[unit][number[2]]
