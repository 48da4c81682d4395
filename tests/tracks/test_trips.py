"""Trips and halts of drawn days."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongshi.core.errors import BadInput
from nongshi.geo.track import Track, make_track
from nongshi.tracks.trips import fuel_l_ha, tell_day

KM = 1 / 95.6  # degrees of longitude a kilometre at 30.8 degrees north


def driven(*legs: tuple[float, float], step_s: float = 10.0) -> Track:
    """Legs of (minutes, km/h) one after another, eastwards; a leg of speed -1 is silence."""
    times, km, t, x = [0.0], [0.0], 0.0, 0.0
    for minutes, speed in legs:
        if speed < 0:
            t += minutes * 60
            times.append(t)
            km.append(x)
            continue
        for _ in range(round(minutes * 60 / step_s)):
            t, x = t + step_s, x + speed * step_s / 3600
            times.append(t)
            km.append(x)
    return make_track("T", np.array(times), 121.2 + np.array(km) * KM, np.full(len(times), 30.8))


def test_a_stand_of_minutes_parts_two_trips() -> None:
    day = tell_day(driven((10, 12), (5, 0), (20, 6), (10, 0)))
    assert [round(trip.km, 2) for trip in day.trips] == [2.0, 2.0]
    assert [round((halt.end_s - halt.begin_s) / 60) for halt in day.halts] == [5, 10]
    assert [round(trip.hours * 60) for trip in day.trips] == [10, 20]
    assert day.trips[0].speed_km_h_max == pytest.approx(12, rel=0.01)


def test_a_short_halt_is_part_of_the_trip_and_a_silence_ends_it() -> None:
    day = tell_day(driven((5, 12), (1, 0), (5, 12), (60, -1), (5, 12)))
    assert [round(trip.km, 2) for trip in day.trips] == [2.0, 1.0]
    assert day.halts == ()
    assert day.seen_h == pytest.approx(16 / 60)


def test_work_is_counted_by_states_or_by_the_switch_or_not_at_all() -> None:
    track = driven((10, 6), (10, 0))
    assert tell_day(track).utilisation is None
    states = ["work"] * 60 + ["idle"] * (len(track) - 60)
    assert tell_day(track, states).utilisation == pytest.approx(0.5, abs=0.01)


def test_fuel_is_what_the_tank_lost_and_filling_up_is_not_negative_use() -> None:
    assert fuel_l_ha(np.array([50.0, 40.0, 90.0, 85.0]), 3.0) == 5.0
    assert fuel_l_ha(np.array([np.nan, 40.0]), 3.0) is None
    with pytest.raises(BadInput):
        fuel_l_ha(np.array([2.0, 1.0]), 0.0)


@given(st.lists(st.tuples(st.integers(1, 15), st.sampled_from([-1.0, 0.0, 5.0, 25.0])), min_size=1, max_size=8))
def test_trips_and_halts_never_overlap_and_no_kilometre_is_counted_twice(legs: list) -> None:
    day = tell_day(driven(*legs))
    spans = sorted([(t.begin_s, t.end_s) for t in day.trips] + [(h.begin_s, h.end_s) for h in day.halts])
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    assert sum(trip.km for trip in day.trips) <= day.km + 1e-9
