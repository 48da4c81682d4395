"""Work in other towns: which are near enough, what the way takes off the hours and costs."""

from collections.abc import Sequence

import numpy as np

from nongshi.agronomy import Assumption
from nongshi.core.season import Season
from nongshi.forecast.arrays import Floats
from nongshi.geo.distance import km_between

STAY_D = 3.0  # days a machine stays in another town before it goes home
DAY_H = 9.0  # hours of a day of work, over which the way there and back is spread
FAR_KM = 25.0
NEAR_TOWNS = 5  # the nearest so many; more cost time and change little


def moves(season: Season, *, sharing: bool) -> tuple[Floats, Floats]:
    """(k, i, i) share of the hours left for work, and fen an hour, of a class at home in i working in j."""
    lon, lat = (np.array([getattr(town, axis) for town in season.towns]) for axis in ("lon", "lat"))
    km = season.region.detour * km_between(lon[:, None], lat[:, None], lon[None, :], lat[None, :])
    count = len(season.towns)
    rank = np.argsort(np.argsort(km, axis=1, kind="stable"), axis=1)
    near = (km <= FAR_KM) & (rank <= NEAR_TOWNS) if sharing else np.eye(count, dtype=bool)
    share, fen = [], []
    for kind in season.region.machine_classes:
        way_h = 2 * (km / kind.road_km_h + kind.load_min / 60) / STAY_D
        left = np.where(near, np.maximum(1.0 - way_h / DAY_H, 0.0), 0.0)
        cost = 2 * km * kind.cost_fen_km / (STAY_D * DAY_H)
        home = np.eye(count, dtype=bool)
        share.append(np.where(home, 1.0, left))
        fen.append(np.where(home, 0.0, cost))
    shape = (0, count, count)
    return (np.stack(share), np.stack(fen)) if share else (np.zeros(shape), np.zeros(shape))


def nearest_town(season: Season, places: Sequence[tuple[float, float]]) -> list[str]:
    """For each (lon, lat) the town whose centre is nearest."""
    if not places:
        return []
    lon, lat = np.array(places, float).T
    town_lon, town_lat = (np.array([getattr(town, axis) for town in season.towns]) for axis in ("lon", "lat"))
    km = km_between(lon[:, None], lat[:, None], town_lon[None, :], town_lat[None, :])
    return [season.towns[int(n)].name for n in km.argmin(axis=1)]


def travel_assumptions() -> tuple[Assumption, ...]:
    """The numbers as rows of docs/assumptions.md."""
    rows = (
        ("stay", STAY_D, "days", "assumption: a machine that helps another town goes home twice a week"),
        ("day", DAY_H, "h", "assumption: hours of a day of work"),
        ("far", FAR_KM, "km", "assumption: beyond it no neighbour is asked"),
        ("near_towns", float(NEAR_TOWNS), "towns", "assumption: nobody helps in more places"),
    )
    return tuple(
        Assumption(name=f"forecast.travel.{name}", value=value, unit=unit, source=source, date="2026-11-27")
        for name, value, unit, source in rows
    )
