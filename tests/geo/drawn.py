"""Roads drawn as a map of letters: one step right or up is one km; lower numbers in a row lie further north."""

from collections.abc import Mapping
from math import pi

import numpy as np

from nongshi.geo.joining import make_roads
from nongshi.geo.network import Network, Way, make_network
from nongshi.geo.roads import Roads

DEG_PER_KM = 180 / (pi * 6371.0088)  # on the equator the same both ways
Place = tuple[float, float]  # km east, km north


def network(spots: Mapping[str, Place], ways: str, blocked: str = "") -> Network:
    """`A-B-C 30` is a way of 30 km/h both ways; `A-B 30 0` is one-way."""
    where = {ord(name): (x * DEG_PER_KM, y * DEG_PER_KM) for name, (x, y) in spots.items()}
    made = []
    for line in ways.strip().splitlines():
        nodes, along, *against = line.split()
        refs = [ord(name) for name in nodes.split("-")]
        made.append(Way(nodes=refs, along_km_h=float(along), against_km_h=float((against or [along])[0])))
    return make_network(where, made, {ord(name) for name in blocked})


def roads(drawn: Network, *places: Place, detour: float = 1.0) -> Roads:
    lon, lat = np.array(places).T * DEG_PER_KM
    return make_roads(drawn, lon, lat, [f"P{i}" for i in range(len(places))], detour=detour)


def km(drawn: Network, here: Place, there: Place, *, detour: float = 1.0) -> float:
    return between(roads(drawn, here, there, detour=detour), here, there)


def between(made: Roads, here: Place, there: Place) -> float:
    degrees = [tuple((np.array(place) * DEG_PER_KM).tolist()) for place in (here, there)]
    return made.between(*degrees)
