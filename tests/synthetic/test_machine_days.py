"""Simulated days of machines: the same from the same seed, and such as a machine could have."""

import numpy as np
import pytest

from nongshi.geo.plane import plane_about
from nongshi.synthetic.machine_days import KINDS, make_machine_days
from nongshi.synthetic.machine_legs import Parcel, road, spiral, strips, thicken
from nongshi.tracks.segment import segment
from nongshi.tracks.segment_train import f1_scores


def test_a_day_does_not_depend_on_how_many_follow() -> None:
    one, two = make_machine_days(1, seed=3), make_machine_days(2, seed=3)
    assert (one[0].track.lon == two[0].track.lon).all()
    assert (one[0].field == two[0].field).all()
    assert len(make_machine_days(1, seed=4)[0].track) != len(one[0].track)


def test_days_are_driven_at_speeds_that_machines_reach() -> None:
    for day in make_machine_days(6, seed=5):
        track = day.track
        x_m, y_m = plane_about(track.lon, track.lat).to_m(track.lon, track.lat)
        km_h = 3.6 * np.hypot(np.diff(x_m), np.diff(y_m)) / np.diff(track.time_s)
        kind = next(kind for kind in KINDS if kind.name == day.kind)
        assert np.percentile(km_h, 99) < 110
        assert kind.width_m[0] <= day.width_m <= kind.width_m[1]
        assert set(np.unique(day.field)) <= {0, 1}
        if day.field.any():
            assert np.median(km_h[day.field[1:] == 1]) < kind.work_km_h[1] * 1.5


@pytest.mark.parametrize("pattern", [strips, spiral])
def test_a_worked_parcel_is_covered_to_its_edges(pattern) -> None:
    """Every place of the field lies within a working width of the way over it."""
    parcel = Parcel(east_m=0, north_m=0, long_m=120, wide_m=40, turn=0.0, shear=0.0, bend_m=0.0)
    way = np.vstack([thicken(leg, 0.5) for leg in pattern(parcel, 2.0, np.random.default_rng(1))])
    grid = np.stack(np.meshgrid(np.arange(1, 120, 2.0), np.arange(1, 40, 2.0)), axis=-1).reshape(-1, 2)
    nearest = np.array([np.hypot(*(way - place).T).min() for place in grid])
    assert (nearest < 2.0).mean() > 0.97


def test_a_road_begins_and_ends_where_it_should_and_winds() -> None:
    way = road(np.zeros(2), np.array([3000.0, 0.0]), np.random.default_rng(2))
    assert way[0].tolist() == [0, 0]
    assert way[-1].tolist() == [3000, 0]
    assert np.hypot(*np.diff(way, axis=0).T).sum() > 3010


def test_the_packaged_model_knows_days_it_was_not_trained_on_better_than_density_does() -> None:
    from nongshi.files.segment_model import packaged_model

    days = make_machine_days(5, seed=12345)
    field = np.concatenate([day.field for day in days])
    ours = np.concatenate([segment(day.track, packaged_model()).field for day in days])
    plain = np.concatenate([segment(day.track).field for day in days])
    assert f1_scores(field, ours)[2] > max(0.85, f1_scores(field, plain)[2])
