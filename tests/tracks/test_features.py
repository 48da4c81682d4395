"""Features: each kernel beside the plain way to count the same thing."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from tests.tracks.segment_world import road_and_strips

from nongshi.tracks import features_cells as cells
from nongshi.tracks.features import FEATURES, features_of, make_features
from nongshi.tracks.thinned_dbscan import dbscan_members

PLACES = hnp.arrays(np.float64, st.tuples(st.integers(1, 60), st.just(2)), elements=st.floats(-40, 40, width=16))


@settings(max_examples=40, deadline=None)
@given(places=PLACES, radius_m=st.floats(1.0, 30.0), points_min=st.integers(1, 12))
def test_dbscan_agrees_with_its_definition(places: np.ndarray, radius_m: float, points_min: int) -> None:
    """In a cluster is who has enough neighbours, or is neighbour of one who has."""
    near = ((places[:, None] - places[None]) ** 2).sum(axis=2) <= radius_m * radius_m
    core = near.sum(axis=1) >= points_min
    assert (dbscan_members(places[:, 0], places[:, 1], radius_m, points_min) == (near & core).any(axis=1)).all()


@settings(max_examples=40, deadline=None)
@given(places=PLACES)
def test_crowding_counts_distinct_cells_and_finds_the_thickest_nearby(places: np.ndarray) -> None:
    _, columns, rows, keys, numbers = cells.number_cells(places[:, 0], places[:, 1], 3.0)
    radii = np.array([2.0, 3.5])
    share, peak = cells.crowding(columns, rows, keys, numbers, radii)
    far = np.hypot(columns[:, None] - columns[None], rows[:, None] - rows[None])
    grid = np.hypot(*np.meshgrid(np.arange(-9, 10), np.arange(-9, 10)))
    for k, radius in enumerate(radii):
        plain = (far <= radius).sum(axis=1) / (grid <= radius).sum()
        assert np.allclose(share[:, k], plain)
        assert np.allclose(peak[:, k], np.where(far <= radius, plain[None], 0).max(axis=1))


@settings(max_examples=40, deadline=None)
@given(places=PLACES)
def test_every_fix_finds_its_own_cell(places: np.ndarray) -> None:
    cell_of, columns, rows, _, _ = cells.number_cells(places[:, 0], places[:, 1], 3.0)
    assert (columns[cell_of] == np.floor(places[:, 0] / 3)).all()
    assert (rows[cell_of] == np.floor(places[:, 1] / 3)).all()
    assert len({*zip(columns.tolist(), rows.tolist(), strict=True)}) == len(columns)
    assert cells.first_visits(cell_of, len(columns)).sum() == len(columns)


def test_features_are_finite_and_named() -> None:
    found = make_features(road_and_strips()[0])
    assert found.shape[1] == len(FEATURES) == len(set(FEATURES))
    assert np.isfinite(found).all()


def test_what_is_wanted_is_the_same_alone_as_among_all() -> None:
    track, _ = road_and_strips()
    wanted = [name for name in FEATURES if "disc216" not in name and "_640m" not in name][::3]
    columns = [FEATURES.index(name) for name in wanted]
    assert (make_features(track, wanted)[:, columns] == make_features(track)[:, columns]).all()


def test_standing_longer_in_one_place_makes_it_no_denser() -> None:
    x_m = np.arange(0.0, 200.0, 2.0)
    waits = np.concatenate([x_m, np.full(500, 200.0), 200 + x_m])
    crowd = FEATURES.index("crowd25_share")
    walked = features_of(np.arange(len(waits)) * 2.0, waits, np.zeros(len(waits)))[:, crowd]
    passed = features_of(np.arange(2 * len(x_m)) * 2.0, np.concatenate([x_m, 200 + x_m]), np.zeros(2 * len(x_m)))
    assert walked[len(x_m) + 250] == passed[len(x_m), crowd]


def test_dense_blocks_that_touch_are_one_patch_and_others_another() -> None:
    x_m = np.array([0.5, 1.5, 2.5, 9.5, 10.5])
    _, columns, rows, keys, numbers = cells.number_cells(x_m, np.zeros(5), 1.0)
    patch_of = cells.patches(columns, rows, keys, numbers, np.array([True, True, False, True, True]))
    assert patch_of.tolist() == [0, 0, -1, 3, 3]
