"""Planted claims are held with a reason, honest ones pass; whoever was lied about is spared."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from nongshi.claims import Case, FlagKind, Reviewed, review
from nongshi.claims.flags import RISKS, WORDS
from nongshi.synthetic.claims import PLANTED, make_claims


@pytest.fixture(scope="module")
def heap() -> tuple[list[Any], list[Reviewed]]:
    made = make_claims(honest=60, planted=25, seed=77)
    return made, review([Case(claim=one.claim, track=one.track, outline=one.outline) for one in made])


@pytest.fixture(scope="module")
def honest() -> Case:
    made = make_claims(honest=1, planted=0, seed=9)[0]
    return Case(claim=made.claim, track=made.track, outline=made.outline)


def kinds(*cases: Case, at: int = 0) -> set[FlagKind]:
    return {one.kind for one in review(list(cases))[at].flags}


@pytest.mark.parametrize("trick", PLANTED)
def test_each_kind_of_trick_is_held(heap: tuple[list[Any], list[Reviewed]], trick: str) -> None:
    seen = [one.held for made, one in zip(*heap, strict=True) if made.planted == trick]
    assert len(seen) == 5
    assert sum(seen) >= 4


def test_hardly_an_honest_claim_waits(heap: tuple[list[Any], list[Reviewed]]) -> None:
    assert sum(one.held for made, one in zip(*heap, strict=True) if not made.planted) <= 2


def test_an_honest_claim_alone_is_clean(honest: Case) -> None:
    assert kinds(honest) == set()


def test_what_is_wrong_with_one_claim_is_named(honest: Case) -> None:
    claim, track = honest.claim, honest.track
    expired = replace(claim, licences={claim.licence_needed or "": date(2020, 1, 1)})
    assert kinds(replace_case(honest, claim=expired)) == {FlagKind.LICENCE}
    assert kinds(replace_case(honest, claim=replace(claim, claimed_ha=claim.claimed_ha * 1.4))) == {FlagKind.TOO_MUCH}
    other_day = replace(claim, since=claim.since + timedelta(days=2), until=claim.until + timedelta(days=2))
    assert FlagKind.OUTSIDE_TIME in kinds(replace_case(honest, claim=other_day))
    assert FlagKind.NO_PROOF in kinds(replace_case(honest, track=track.part(slice(0, 5))))
    quick = replace(track, time_s=track.time_s[0] + (track.time_s - track.time_s[0]) / 9)
    assert FlagKind.TOO_FAST in kinds(replace_case(honest, track=quick))
    lon = track.lon.copy()
    lon[::40] += 0.3
    assert FlagKind.LEAPS in kinds(replace_case(honest, track=replace(track, lon=lon)))
    away = replace_case(honest, track=replace(track, lon=track.lon + 0.02))
    assert kinds(away) & {FlagKind.OUTSIDE_FIELD, FlagKind.NO_PROOF}


def test_ground_claimed_twice_is_found_in_the_later_claim(honest: Case) -> None:
    rng = np.random.default_rng(1)
    again = replace(
        honest.track,
        time_s=honest.track.time_s + 86_400 * 5,
        lon=honest.track.lon[::-1] + rng.normal(0, 2e-6, len(honest.track)),
        lat=honest.track.lat[::-1],
        working=honest.track.working[::-1],
    )
    later = replace(
        honest.claim,
        id="later",
        claimant_id="other",
        machine_id="M9",
        device_id="D9",
        since=honest.claim.since + timedelta(days=5),
        until=honest.claim.until + timedelta(days=5),
    )
    second = Case(claim=later, track=again, outline=honest.outline)
    assert FlagKind.SAME_GROUND in kinds(honest, second, at=1)
    assert FlagKind.SAME_GROUND not in kinds(honest, second, at=0)
    tilled = Case(claim=replace(later, operation="rotary_till"), track=again, outline=honest.outline)
    assert FlagKind.SAME_GROUND not in kinds(honest, tilled, at=1)


def test_every_flag_has_a_risk_and_words_in_both_languages() -> None:
    assert set(RISKS) == set(WORDS) == set(FlagKind)


def replace_case(case: Case, **values: Any) -> Case:
    return Case(**({"claim": case.claim, "track": case.track, "outline": case.outline} | values))
