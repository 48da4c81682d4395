import numpy as np
import pytest
from tests.dispatch import drawn

from nongshi.core.errors import BadInput
from nongshi.dispatch.problem import make_problem
from nongshi.dispatch.solution import road_km
from nongshi.geo.joining import make_roads
from nongshi.geo.network import Way, make_network

LAT_PER_KM = drawn.LAT_PER_KM


def corner_roads(lon, lat):
    """The meridian of the drawn regions is one-way north; back it goes round, over a corner 20 km to the east."""
    where = {1: (121.0, 30.0), 2: (121.0, 30.0 + 40 * LAT_PER_KM), 3: (121.2, 30.0 + 20 * LAT_PER_KM)}
    ways = [
        Way(nodes=[1, 2], along_km_h=30.0, against_km_h=0.0),
        Way(nodes=[2, 3, 1], along_km_h=30.0, against_km_h=0.0),
    ]
    return make_roads(make_network(where, ways), lon, lat, [""] * len(lon), detour=1.0)


def test_distances_follow_the_roads_from_one_place_to_another() -> None:
    plain = make_problem(drawn.region())
    problem = make_problem(drawn.region(), corner_roads(plain.place_lon, plain.place_lat))
    every = np.arange(len(problem.place_lon))
    km, straight_km = problem.km(every, every), plain.km(every, every)
    yard, a, b = problem.yard0, 0, 1

    assert km[yard, [a, b]] == pytest.approx([10.0, 20.0], abs=1e-3)
    assert km[b, a] > 2 * straight_km[b, a], "back it goes round"
    assert (km >= problem.least_detour * straight_km).all()
    assert [[road_km(problem, i, j) for j in every] for i in every] == km.tolist()


def test_without_roads_distances_are_great_circles_times_the_detour() -> None:
    problem = make_problem(drawn.region())
    km = problem.km(np.array([problem.yard0]), np.array([0, 1, 2]))
    assert km.tolist() == [[pytest.approx(10.0), pytest.approx(20.0), pytest.approx(30.0)]]
    assert problem.least_detour == problem.detour


def test_roads_of_another_region_are_refused() -> None:
    roads = corner_roads(np.array([121.0]), np.array([30.0]))
    with pytest.raises(BadInput, match="make them for the region"):
        make_problem(drawn.region(), roads)
