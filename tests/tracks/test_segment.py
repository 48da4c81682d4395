"""Work, road and idle: what must never change a state, and what must."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tracks.segment_world import road_and_strips, track_of

from nongshi.core.errors import BadInput
from nongshi.files.segment_model import packaged_model
from nongshi.geo.track import make_track
from nongshi.tracks.segment import IDLE, ROAD, WORK, decode, segment, standing
from nongshi.tracks.segment_trees import Forest

MODELS = [pytest.param(packaged_model, id="packaged"), pytest.param(lambda: None, id="density")]


@pytest.mark.parametrize("model", MODELS)
def test_strips_are_work_and_the_road_is_road(model) -> None:
    track, field = road_and_strips()
    state = segment(track, model()).state
    assert ((state == WORK) == field).mean() > 0.97
    assert (state[:100] == ROAD).all()


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(("turned", "moved_m"), [(0.0, 3000.0), (0.6, 0.0), (2.2, -1500.0)])
def test_where_and_how_a_field_lies_hardly_changes_a_state(model, turned: float, moved_m: float) -> None:
    """Cells lie on a grid, so a few fixes at the edge may differ; work and road as a whole may not."""
    before = segment(road_and_strips()[0], model()).state
    after = segment(road_and_strips(turned=turned, moved_m=moved_m)[0], model()).state
    assert (before == after).mean() > 0.98


def test_doubled_and_shuffled_fixes_change_nothing() -> None:
    track, _ = road_and_strips()
    mixed = np.random.default_rng(1).permutation(np.concatenate([np.arange(len(track)), np.arange(0, len(track), 3)]))
    again = make_track("T", track.time_s[mixed], track.lon[mixed], track.lat[mixed])
    assert (segment(again, packaged_model()).state == segment(track, packaged_model()).state).all()


@pytest.mark.parametrize("model", MODELS)
def test_standing_still_is_never_work(model) -> None:
    """Two hours in one place with a receiver that wanders: crowded fixes, no crowded cells."""
    wander = np.random.default_rng(2).normal(0, 0.4, (3600, 2))
    found = segment(track_of(wander[:, 0], wander[:, 1]), model())
    assert (found.state == IDLE).all()
    assert not found.field.any()


def test_a_long_stop_on_the_road_is_idle_and_a_short_one_is_not() -> None:
    drive = np.arange(0, 1000, 10.0)
    for stop_s, state in ((400, IDLE), (60, ROAD)):
        x_m = np.concatenate([drive, np.full(stop_s // 2, 1000.0), 1000 + drive])
        found = segment(track_of(x_m, np.zeros(len(x_m))), packaged_model())
        assert found.state[len(drive) + stop_s // 4] == state


def test_a_silence_in_one_place_is_a_stay() -> None:
    lon = np.array([121.0, 121.001, 121.001, 121.002])
    track = make_track("T", np.array([0.0, 10.0, 3610.0, 3620.0]), lon, np.full(4, 31.0))
    assert standing(track).tolist() == [False, True, True, False]


def test_a_known_outline_makes_doubtful_slow_fixes_work_and_those_outside_road() -> None:
    x_m = np.arange(0, 300, 2.0)
    track = track_of(x_m, np.zeros(len(x_m)))
    doubtful = _always(0.0)
    inside = x_m < 150
    assert (segment(track, doubtful, inside=inside).state == np.where(inside, WORK, ROAD)).all()


def test_a_fast_drive_across_a_known_field_is_road() -> None:
    x_m = np.arange(0, 3000, 20.0)
    found = segment(track_of(x_m, np.zeros(len(x_m))), _always(0.0), inside=np.ones(len(x_m), bool))
    assert (found.state == ROAD).all()


def test_a_track_without_fixes_has_no_states() -> None:
    empty = np.zeros(0)
    assert segment(make_track("T", empty, empty, empty), packaged_model()).names() == []
    assert segment(make_track("T", empty, empty, empty)).names() == []


def test_a_single_fix_has_a_state() -> None:
    one = make_track("T", np.zeros(1), np.array([121.0]), np.array([31.0]))
    assert segment(one, packaged_model()).names() == ["road"]


def test_a_model_that_reads_unknown_features_is_refused() -> None:
    with pytest.raises(BadInput, match="train it again"):
        segment(road_and_strips()[0], _always(0.0, feature="moon"))


@settings(max_examples=60, deadline=None)
@given(odds=st.lists(st.floats(-6, 6), min_size=1, max_size=8), switch=st.floats(0.1, 20))
def test_no_other_course_is_likelier_than_the_decoded_one(odds: list[float], switch: float) -> None:
    """All 2^n courses are tried; steps of 5 s, so every fix counts in full."""
    gains = np.array(odds)

    def worth(course: np.ndarray) -> float:
        return float(gains[course].sum()) - switch * int(np.count_nonzero(np.diff(course)))

    found = decode(np.arange(len(odds)) * 5.0, gains, switch)
    best = max(worth(np.array(course, bool)) for course in itertools.product((False, True), repeat=len(odds)))
    assert worth(found) == pytest.approx(best, abs=1e-9)


def _always(log_odds: float, feature: str = "km_h_10s") -> Forest:
    none = np.zeros(0, np.int32)
    return Forest(
        card=(), features=(feature,), switch=0.0, threshold=0.5, roots=np.array([-1], np.int32), column=none,
        limit=np.zeros(0), left=none, right=none, leaf=np.array([log_odds]),
    )  # fmt: skip
