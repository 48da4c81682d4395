"""People's positions: nothing outside an accepted job and consent survives, and nothing stays exact for long."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongshi.core.errors import BadInput
from nongshi.geo.track import make_track
from nongshi.tracks.device import Carrier
from nongshi.tracks.privacy import Reading, Retention, blurred, due, kept_part

SPANS = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 100)).map(lambda s: (s[0], s[0] + s[1])), max_size=5)


@given(times=st.sets(st.integers(0, 1000), min_size=1), consents=SPANS, jobs=SPANS)
def test_no_fix_outside_an_accepted_job_or_without_consent_survives(
    times: set[int], consents: list, jobs: list
) -> None:
    time_s = np.array(sorted(times), float)
    kept = kept_part(make_track("P", time_s, time_s * 0 + 121.2, time_s * 0 + 30.8), consents, jobs)
    wanted = [t for t in time_s if any(a <= t < b for a, b in consents) and any(a <= t < b for a, b in jobs)]
    assert kept.time_s.tolist() == wanted


def test_a_blurred_track_tells_the_village_and_the_quarter_hour_only() -> None:
    time_s = np.arange(0, 7200, 10.0)
    track = make_track("P", time_s, 121.2 + time_s / 1e6, 30.8 + time_s / 1e6, speed_km_h=time_s * 0 + 4)
    coarse = blurred(track, Retention())
    assert len(coarse) == 8
    assert np.isnan(coarse.speed_km_h).all()
    assert len(set(coarse.lat.round(9))) <= 3
    assert abs(coarse.lat[0] - track.lat[0]) * 111_320 <= 250.01
    again = blurred(coarse, Retention())
    np.testing.assert_allclose(again.lon, coarse.lon)


def test_days_are_blurred_and_deleted_at_their_age_and_machines_never_blurred() -> None:
    today, rules = date(2026, 11, 26), Retention(people_exact_d=7, people_d=90, machines_d=400)
    days = [today - timedelta(days=age) for age in (0, 7, 8, 90, 91, 400, 401)]
    assert due(days, today, Carrier.PERSON, rules) == ([days[3], days[2]], [days[6], days[5], days[4]])
    assert due(days, today, Carrier.PERSON, rules, blurred_days=[days[3]])[0] == [days[2]]
    assert due(days, today, Carrier.MACHINE, rules) == ([], [days[6]])


def test_a_look_at_positions_names_reader_and_purpose() -> None:
    with pytest.raises(BadInput, match="what for"):
        Reading(reader="王芳", device_id="1", purpose=" ", at_s=0, from_s=0, to_s=1)


@pytest.mark.parametrize("bad", [{"people_exact_d": 100}, {"people_d": 0}, {"machines_d": 0}, {"blur_m": 0}])
def test_rules_that_protect_nobody_are_refused(bad: dict) -> None:
    with pytest.raises(BadInput):
        Retention(**bad)
