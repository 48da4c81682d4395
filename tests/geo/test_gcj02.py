"""GCJ-02 and back: the shift that maps of the area have, and no trace of it after the way there and back."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from nongshi.geo.gcj02 import from_gcj02, to_gcj02


def test_the_shift_at_jinshan_is_what_maps_there_have() -> None:
    lon, lat = to_gcj02(121.19, 30.82)
    _, _, metres = Geod(ellps="WGS84").inv(121.19, 30.82, float(lon), float(lat))
    assert 485 < metres < 500


@given(lon=st.floats(73.5, 135.0), lat=st.floats(18.0, 53.5))
def test_there_and_back_is_where_it_began(lon: float, lat: float) -> None:
    back_lon, back_lat = from_gcj02(*to_gcj02(lon, lat))
    assert abs(float(back_lon) - lon) < 1e-9
    assert abs(float(back_lat) - lat) < 1e-9


def test_abroad_nothing_is_shifted() -> None:
    lon, lat = np.array([11.5, -70.0]), np.array([49.9, -33.0])
    np.testing.assert_array_equal(np.array(to_gcj02(lon, lat)), np.array([lon, lat]))
    np.testing.assert_array_equal(np.array(from_gcj02(lon, lat)), np.array([lon, lat]))
