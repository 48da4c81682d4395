"""Fences that the platform puts into a terminal (0x8600 to 0x8608): circle, rectangle, polygon, route.

Coordinates are degrees without sign, as on the wire; bits 6 (south) and 7 (west) of `attributes` turn them.
"""

from dataclasses import dataclass
from typing import Annotated

from nongshi.tracks.jt808.fields import Digits, Earlier, Listed, Number, Only, Text
from nongshi.tracks.jt808.header import Version

U8, U16, U32 = Number(1), Number(2), Number(4)
DEGREES = Number(4, scale=1_000_000)
TIMED, LIMITED = 1, 2  # bits of attributes: only between two times; with a highest speed
LONG_STAY, SLOW = 1, 2  # the same bits of a route's section: with longest and shortest stay; with a highest speed
SOUTH, WEST = 1 << 6, 1 << 7
UPDATE, APPEND, REPLACE = 0, 1, 2  # what to do with the areas that the terminal has


def _timed(earlier: Earlier) -> bool:
    return bool(earlier["attributes"] & TIMED)


def _limited(earlier: Earlier) -> bool:
    return bool(earlier["attributes"] & LIMITED)


Begin = Annotated[str | None, Only(Digits(6), when=_timed)]  # YYMMDDhhmmss; six zeros for the date: every day
TopSpeed = Annotated[int | None, Only(U16, when=_limited)]  # km/h
OverSeconds = Annotated[int | None, Only(U8, when=_limited)]
NightSpeed = Annotated[int | None, Only(U16, since=Version.V2019, when=_limited)]  # km/h
Name = Annotated[str, Only(Text(led_by=2), since=Version.V2019, absent="")]


@dataclass(frozen=True, slots=True)
class Circle:
    """A round area."""

    area_id: Annotated[int, U32]
    attributes: Annotated[int, U16]
    lat: Annotated[float, DEGREES]
    lon: Annotated[float, DEGREES]
    radius_m: Annotated[int, U32]
    begin: Begin = None
    end: Begin = None
    top_speed_km_h: TopSpeed = None
    over_s: OverSeconds = None
    night_speed_km_h: NightSpeed = None
    name: Name = ""


@dataclass(frozen=True, slots=True)
class SetCircles:
    """0x8600: round areas."""

    action: Annotated[int, U8]
    areas: Annotated[tuple[Circle, ...], Listed(Circle)]


@dataclass(frozen=True, slots=True)
class DeleteCircles:
    """0x8601: take these round areas out; no ids: all."""

    ids: Annotated[tuple[int, ...], Listed(U32)] = ()


@dataclass(frozen=True, slots=True)
class Rectangle:
    """An area between two parallels and two meridians, by its corners upper left and lower right."""

    area_id: Annotated[int, U32]
    attributes: Annotated[int, U16]
    top_lat: Annotated[float, DEGREES]
    left_lon: Annotated[float, DEGREES]
    bottom_lat: Annotated[float, DEGREES]
    right_lon: Annotated[float, DEGREES]
    begin: Begin = None
    end: Begin = None
    top_speed_km_h: TopSpeed = None
    over_s: OverSeconds = None
    night_speed_km_h: NightSpeed = None
    name: Name = ""


@dataclass(frozen=True, slots=True)
class SetRectangles:
    """0x8602: rectangles."""

    action: Annotated[int, U8]
    areas: Annotated[tuple[Rectangle, ...], Listed(Rectangle)]


@dataclass(frozen=True, slots=True)
class DeleteRectangles:
    """0x8603: take these rectangles out; no ids: all."""

    ids: Annotated[tuple[int, ...], Listed(U32)] = ()


@dataclass(frozen=True, slots=True)
class Corner:
    """A corner of a polygon."""

    lat: Annotated[float, DEGREES]
    lon: Annotated[float, DEGREES]


@dataclass(frozen=True, slots=True)
class SetPolygon:
    """0x8604: one polygon, a field's outline for example."""

    area_id: Annotated[int, U32]
    attributes: Annotated[int, U16]
    begin: Begin
    end: Begin
    top_speed_km_h: TopSpeed
    over_s: OverSeconds
    corners: Annotated[tuple[Corner, ...], Listed(Corner, count=2)]
    night_speed_km_h: NightSpeed = None
    name: Name = ""


@dataclass(frozen=True, slots=True)
class DeletePolygons:
    """0x8605: take these polygons out; no ids: all."""

    ids: Annotated[tuple[int, ...], Listed(U32)] = ()


@dataclass(frozen=True, slots=True)
class Bend:
    """A corner of a route, and the section that begins there."""

    corner_id: Annotated[int, U32]
    section_id: Annotated[int, U32]
    lat: Annotated[float, DEGREES]
    lon: Annotated[float, DEGREES]
    width_m: Annotated[int, U8]
    attributes: Annotated[int, U8]
    stay_s_max: Annotated[int | None, Only(U16, when=_timed)] = None
    stay_s_min: Annotated[int | None, Only(U16, when=_timed)] = None
    top_speed_km_h: TopSpeed = None
    over_s: OverSeconds = None
    night_speed_km_h: NightSpeed = None


@dataclass(frozen=True, slots=True)
class SetRoute:
    """0x8606: a route that a machine is to keep to."""

    route_id: Annotated[int, U32]
    attributes: Annotated[int, U16]
    begin: Begin
    end: Begin
    bends: Annotated[tuple[Bend, ...], Listed(Bend, count=2)]
    name: Name = ""


@dataclass(frozen=True, slots=True)
class DeleteRoutes:
    """0x8607: take these routes out; no ids: all."""

    ids: Annotated[tuple[int, ...], Listed(U32)] = ()


@dataclass(frozen=True, slots=True)
class QueryFences:
    """0x8608 (2019): send areas of a kind: 1 circles, 2 rectangles, 3 polygons, 4 routes; no ids: all."""

    kind: Annotated[int, U8]
    ids: Annotated[tuple[int, ...], Listed(U32, count=4)] = ()
