"""Towns of a made-up season: the five of the belt, and as many made-up ones round them as are wanted."""

import math

import numpy as np

from nongshi.core.season import Town
from nongshi.synthetic.towns import FIVE_TOWNS, Village
from nongshi.synthetic.towns import Town as Place

APART_LON, APART_LAT = 0.075, 0.062  # degrees from town to town: about 7 km
PEOPLE = (18_000, 45_000)  # assumption: residents of a town of the belt
VILLAGES = 4


def make_towns(rng: np.random.Generator, count: int) -> tuple[Town, ...]:
    """The first five are real, the others lie on a grid to the west of them and say in their names that they do not."""
    places = make_places(count)
    return tuple(
        Town(name=place.name, lon=place.lon, lat=place.lat, people=int(rng.integers(*PEOPLE))) for place in places
    )


def make_places(count: int) -> tuple[Place, ...]:
    """Towns with villages, for fields and yards."""
    found = list(FIVE_TOWNS[:count])
    width = max(1, math.ceil(math.sqrt(max(0, count - len(found)))))
    for number in range(count - len(found)):
        lon = round(121.05 - APART_LON * (number % width), 4)
        lat = round(30.70 + APART_LAT * (number // width), 4)
        villages = tuple(
            Village(
                code=f"G{number:03d}{v}",
                name=f"模拟{number + 1}镇{v + 1}村",
                lon=round(lon + 0.02 * (v % 2 - 0.5), 4),
                lat=round(lat + 0.02 * (v // 2 - 0.5), 4),
                centre_source="generated",
            )
            for v in range(VILLAGES)
        )
        found.append(
            Place(
                code=f"G{number:03d}",
                name=f"模拟{number + 1}镇",
                county="模拟县",
                province="模拟省",
                lon=lon,
                lat=lat,
                villages=villages,
            )
        )
    return tuple(found)
