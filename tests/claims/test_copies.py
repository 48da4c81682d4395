"""One drive is known again moved, turned, delayed, thinned and roughened; two honest drives are never one."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nongshi.claims import Case
from nongshi.claims.copies import likeness
from nongshi.synthetic.claims import make_claims


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    made = make_claims(honest=12, planted=0, seed=5)
    return [Case(claim=one.claim, track=one.track, outline=one.outline) for one in made]


def moved(case: Case, *, turn: float = 0.0, noise_m: float = 0.0, thin: int = 1, first: int = 0) -> Case:
    """The same drive elsewhere, another day."""
    rng = np.random.default_rng(3)
    x, y = case.xy_m.T + rng.normal(0, noise_m, case.xy_m.T.shape)
    east, north = x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
    lat = 30.5 + north / 111_320
    lon = 120.9 + east / 111_320 / np.cos(np.radians(30.5))
    track = replace(case.track, lon=lon, lat=lat, time_s=case.track.time_s + 1e6)
    return Case(claim=case.claim, track=track.part(slice(first, None, thin)), outline=case.outline)


@given(
    turn=st.sampled_from([0.0, 0.4, 3.0]), thin=st.sampled_from([1, 2]), first=st.integers(0, 300), k=st.integers(0, 11)
)
@settings(max_examples=25, deadline=None)
def test_a_moved_turned_thinned_part_of_a_drive_is_known(
    cases: list[Case], turn: float, thin: int, first: int, k: int
) -> None:
    case = cases[k]
    if len(case.track) < 2 * first + 400:
        first = 0
    if len(case.track) // thin < 300:
        thin = 1
    assert likeness(case, moved(case, turn=turn, thin=thin, first=first)) > 0.3


def test_honest_drives_have_nothing_in_common(cases: list[Case]) -> None:
    for i, a in enumerate(cases):
        for b in cases[:i]:
            assert likeness(a, b) == 0.0, (a.claim.id, b.claim.id)


def test_noise_far_above_the_receivers_own_hides_a_copy(cases: list[Case]) -> None:
    """So it is written in the docs: who adds a metre hides the drive, and spoils the area."""
    rtk = min(cases, key=lambda case: float(np.median(np.abs(np.diff(case.xy_m[:, 0], 2)))))
    assert likeness(rtk, moved(rtk, noise_m=3.0)) < 0.15
