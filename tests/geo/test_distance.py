import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongshi.geo.distance import EARTH_RADIUS_KM, km_between, km_matrix

PLACE = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
PLACES = st.lists(PLACE, min_size=1, max_size=6)


def between(one: tuple[float, float], other: tuple[float, float]) -> float:
    return float(km_between(*(np.array(x) for x in (*one, *other))))


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ((121.0, 30.0), (121.0, 31.0), 111.195080),  # a degree of latitude: R x pi / 180
        ((10.0, 0.0), (11.0, 0.0), 111.195080),  # a degree of longitude on the equator
        ((121.0, 60.0), (122.0, 60.0), 55.597011),  # 2 R asin(0.5 sin 0.5 deg)
        ((0.0, 0.0), (180.0, 0.0), 20015.114442),  # antipodes: half the round, and no nan
        ((179.5, 0.0), (-179.5, 0.0), 111.195080),  # the short way over the date line
    ],
)
def test_known_distances_on_the_sphere_of_the_contract(one, other, km) -> None:
    assert between(one, other) == pytest.approx(km, abs=1e-3)


@given(places=PLACES)
def test_a_matrix_is_symmetric_with_a_zero_diagonal_and_agrees_with_each_pair(places) -> None:
    lon, lat = (np.array(x) for x in zip(*places, strict=True))
    km = km_matrix(lon, lat)

    assert (km == km.T).all()
    assert (np.diag(km) == 0).all()
    assert ((km >= 0) & (km <= np.pi * EARTH_RADIUS_KM + 1e-6)).all()
    assert km[0, -1] == between(places[0], places[-1])


@given(a=PLACE, b=PLACE, c=PLACE)
def test_a_detour_over_a_third_place_is_never_shorter(a, b, c) -> None:
    """The search relies on it: taking a stop out of a route makes no later stop later."""
    assert between(a, c) <= between(a, b) + between(b, c) + 1e-6
