"""Receivers err as they say: how much, how long, and where they are silent."""

import numpy as np
import pytest

from nongshi.geo.track import UNKNOWN
from nongshi.synthetic.gnss import ERRORS, PLACE, GnssError, errors_at, observe

T_S = np.arange(0.0, 3600.0, 0.5)
X_M, Y_M = T_S * 1.5, np.zeros(len(T_S))


@pytest.mark.parametrize("name", sorted(ERRORS))
def test_errors_have_the_size_that_the_class_states(name: str) -> None:
    error = ERRORS[name]
    seen = np.concatenate(
        [errors_at(np.arange(0.0, 6000.0, 60.0), error, np.random.default_rng(i)) for i in range(300)]
    )
    assert seen.std() == pytest.approx(np.hypot(error.drift_m, error.white_m), rel=0.1)
    assert abs(seen.mean()) < 0.1 * max(seen.std(), 0.01)


def test_drift_fades_over_its_time() -> None:
    error = GnssError("slow", 1.0, 0.0, 600.0)
    pairs = np.array([errors_at(np.array([0.0, 600.0]), error, np.random.default_rng(i)) for i in range(4000)])
    assert np.corrcoef(pairs.T)[0, 1] == pytest.approx(np.exp(-1), abs=0.05)


def test_a_perfect_receiver_shows_the_path() -> None:
    track = observe(T_S, X_M, Y_M, 5.0, GnssError("perfect", 0.0, 0.0), np.random.default_rng(1))
    x_m, y_m = PLACE.to_m(track.lon, track.lat)
    assert np.diff(track.time_s) == pytest.approx(5.0)
    assert np.diff(x_m) == pytest.approx(7.5, abs=1e-5)
    assert y_m == pytest.approx(0.0, abs=1e-5)
    assert track.course_deg == pytest.approx(90.0)
    assert track.speed_km_h.mean() == pytest.approx(5.4, abs=0.05)
    assert (track.working == UNKNOWN).all()


def test_no_fix_comes_while_minutes_are_missing() -> None:
    track = observe(T_S, X_M, Y_M, 1.0, ERRORS["rtk"], np.random.default_rng(1), missing=[(600.0, 900.0)])
    assert np.diff(track.time_s).max() == pytest.approx(301.0, abs=1.0)
    assert len(track) == pytest.approx(3300, abs=2)
