"""What a claim's own proof says of it: area, place, time, speed, licence."""

from collections.abc import Iterator, Mapping

import numpy as np

from nongshi.claims.case import Case
from nongshi.claims.flags import LOW, Flag, FlagKind, flag
from nongshi.core.errors import BadInput
from nongshi.tracks.area import AreaMeasure, survey

FIXES_MIN = 30  # as the settlement asks (docs/area.md)
OUTSIDE_MIN = 0.3  # share of the work outside the field; as the settlement asks
TOO_MUCH_SHARE = 0.05  # above the interval: a rounding of mu is no fraud
TIME_SHARE = 0.05
LEAP_KM_H = 110.0
LEAPS_MIN = 3
COVER_MIN = 0.4  # of way times width: work laps a little, a drive along roads or in circles laps much
COVER_ABS_HA = 0.05

# Fastest usual speed at work, km/h, by operation. Assumption, 2026-11-27: the upper end of makers' sheets; ASABE D497.
SPEED_MAX_KM_H: Mapping[str, float] = {
    "rice_harvest": 8.0,
    "wheat_harvest": 9.0,
    "rape_harvest": 8.0,
    "bale": 14.0,
    "rotary_till": 9.0,
    "wheat_sow": 14.0,
    "rape_sow": 14.0,
    "transplant": 8.0,
    "direct_seed": 14.0,
    "spray": 30.0,
}
SPEED_MAX_ELSE_KM_H = 15.0


def measured(case: Case) -> AreaMeasure | None:
    """What the track proves; None: nothing."""
    if len(case.track) < FIXES_MIN:
        return None
    try:
        return survey(case.track, width_m=case.claim.width_m, field=case.outline)
    except BadInput:
        return None


def check_alone(case: Case, area: AreaMeasure | None) -> Iterator[Flag]:
    """Everything that is wrong with one claim by itself."""
    yield from _papers(case)
    if area is None or area.measured.worked_ha == 0:
        yield flag(FlagKind.NO_PROOF, fixes=len(case.track))
        return
    yield from _time(case)
    yield from _speed(case)
    yield from _place(case, area)


def _papers(case: Case) -> Iterator[Flag]:
    claim = case.claim
    if claim.licence_needed is None:
        return
    until = claim.licences.get(claim.licence_needed)
    if until is None or until < claim.since.date():
        yield flag(FlagKind.LICENCE, licence=claim.licence_needed, day=claim.since.date())


def _time(case: Case) -> Iterator[Flag]:
    time_s = case.track.time_s
    share = float(np.mean((time_s < case.claim.since.timestamp() - 1) | (time_s > case.claim.until.timestamp() + 1)))
    if share > TIME_SHARE:
        yield flag(FlagKind.OUTSIDE_TIME, share=share)


def _speed(case: Case) -> Iterator[Flag]:
    speed = case.speed_km_h
    leaps = int((speed > LEAP_KM_H).sum())
    if leaps >= LEAPS_MIN:
        yield flag(FlagKind.LEAPS, count=leaps)
    working = case.at_work[:-1] & case.at_work[1:] & (speed > 0.5)
    if not working.any():
        return
    most, usual = SPEED_MAX_KM_H.get(case.claim.operation, SPEED_MAX_ELSE_KM_H), float(np.median(speed[working]))
    if usual > most:
        yield flag(FlagKind.TOO_FAST, speed=usual, most=most)


def _place(case: Case, area: AreaMeasure) -> Iterator[Flag]:
    claim, told = case.claim, area.measured
    if case.outline is not None and area.evidence.outside_share > OUTSIDE_MIN:
        yield flag(FlagKind.OUTSIDE_FIELD, share=area.evidence.outside_share)
    if claim.claimed_ha > told.high_ha * (1 + TOO_MUCH_SHARE):
        yield flag(FlagKind.TOO_MUCH, claimed=claim.claimed_ha, worked=told.worked_ha, high=told.high_ha)
    elif claim.claimed_ha > told.high_ha:
        yield flag(FlagKind.TOO_MUCH, risk=LOW, claimed=claim.claimed_ha, worked=told.worked_ha, high=told.high_ha)
    if told.travelled_ha > COVER_ABS_HA and told.worked_ha < COVER_MIN * told.travelled_ha:
        yield flag(FlagKind.NOT_FIELD_WORK, width=claim.width_m)
