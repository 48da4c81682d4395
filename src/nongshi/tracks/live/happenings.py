"""What happens with one device, fix after fix in the order of time. Pure: the same fixes always say the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from nongshi.tracks.live.fences import Fence, FenceIndex

SOS_BIT = 1  # of the alarm bits: the driver pressed for help


@dataclass(frozen=True, slots=True)
class LiveFix:
    """One fix as the live room looks at it."""

    device_id: str
    at_s: float
    lon: float
    lat: float
    speed_km_h: float | None = None
    alarm: int = 0
    fuel_l: float | None = None


class Kind(StrEnum):
    """What can happen."""

    ENTERED = "entered"
    LEFT = "left"
    DWELLED = "dwelled"
    OVERSPEED = "overspeed"
    SPEED_FINE = "speed_fine"
    IDLE = "idle"
    MOVING = "moving"
    SOS = "sos"
    SOS_OVER = "sos_over"
    CROWDED = "crowded"
    OFFLINE = "offline"
    SOS_ESCALATED = "sos_escalated"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened. `at_s` is when it did, not when it was known."""

    kind: Kind
    device_id: str
    at_s: float
    fence_id: str = ""
    alarm: bool = False  # somebody has to look
    sure: bool = True  # False: it happened somewhere in a long gap between two fixes
    retracted: bool = False  # a late fix showed that it did not happen (or at another moment, told anew)

    def taken_back(self) -> "Happening":
        """The same, taken back."""
        return replace(self, retracted=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What counts as fast, idle, silent; every number is an assumption and can be changed."""

    speed_km_h_max: float | None = 60.0  # assumption: machines on a low-loader are slower, too
    idle_km_h: float = 0.7  # assumption: a standing receiver reports up to so much
    idle_s: float = 600.0  # assumption
    gap_s: float = 300.0  # assumption: between fixes further apart nobody knows when a border was crossed
    offline_s: float = 900.0  # assumption: three heartbeats
    sos_ack_s: float = 120.0  # assumption: unanswered for so long, the next in line is called


@dataclass(frozen=True, slots=True)
class DeviceState:
    """Where a device is in all its stories. A value: earlier states stay what they were."""

    last: LiveFix | None = None
    inside: Mapping[str, float] = field(default_factory=dict)  # fence -> when entered
    dwelled: frozenset[str] = frozenset()
    fast: frozenset[str] = frozenset()  # fences whose limit is broken; "": the general one
    still_s: float | None = None  # standing since
    idle: bool = False
    sos: bool = False


def advance(
    state: DeviceState, fix: LiveFix, fences: FenceIndex, limits: Limits
) -> tuple[DeviceState, list[Happening]]:
    """The state after the next fix in time, and what happened between."""
    told: list[Happening] = []
    inside, dwelled = _borders(state, fix, fences, limits, told)
    fast = _speeds(state, fix, inside, fences, limits, told)
    still_s, idle = _standing(state, fix, limits, told)
    sos = bool(fix.alarm & SOS_BIT)
    if sos != state.sos:
        told.append(Happening(Kind.SOS if sos else Kind.SOS_OVER, fix.device_id, fix.at_s, alarm=sos))
    told.sort(key=lambda one: one.at_s)
    return DeviceState(fix, inside, dwelled, fast, still_s, idle, sos), told


def _borders(
    state: DeviceState, fix: LiveFix, fences: FenceIndex, limits: Limits, told: list[Happening]
) -> tuple[dict[str, float], frozenset[str]]:
    """Fences entered and left on the way from the last fix, and who stayed long."""
    last, inside, dwelled = state.last, dict(state.inside), set(state.dwelled)
    if last is None:
        near: Sequence[Fence] = fences.near(fix.lon, fix.lat)
    elif last.lon == fix.lon and last.lat == fix.lat:
        near = ()
    else:
        near = fences.along(last.lon, last.lat, fix.lon, fix.lat)
    for fence in near:
        here = fence.holds(fix.lon, fix.lat)
        if last is None:
            if here:
                _enter(fence, fix, fix.at_s, inside, told, sure=False)
            continue
        was = fence.id in inside
        if here != was or not here or fence.left_between(last.lon, last.lat, fix.lon, fix.lat):
            for kind, at_s, sure in _passages(fence, last, fix, here, was, limits):
                if kind == Kind.ENTERED:
                    _enter(fence, fix, at_s, inside, told, sure=sure)
                else:
                    _dwell(fence, fix, at_s if sure else last.at_s, inside, dwelled, told)
                    _leave(fence, fix, at_s, inside, dwelled, told, sure=sure)
    for fence_id in inside:
        _dwell(fences.by_id[fence_id], fix, fix.at_s, inside, dwelled, told)
    return inside, frozenset(dwelled)


def _passages(
    fence: Fence, last: LiveFix, fix: LiveFix, here: bool, was: bool, limits: Limits
) -> list[tuple[Kind, float, bool]]:
    """Border passages on the straight way: one where its two ends differ, two where it led through, or out and in."""
    gap_s = fix.at_s - last.at_s
    sure = gap_s <= limits.gap_s
    if was == here and not sure:
        return []  # nobody drives straight for so long
    shares = fence.crossings(last.lon, last.lat, fix.lon, fix.lat)
    if was != here:
        share = (shares[-1] if here else shares[0]) if shares else (1.0 if here else 0.0)
        at_s = last.at_s + gap_s * share if sure else fix.at_s
        return [(Kind.ENTERED if here else Kind.LEFT, at_s, sure)]
    if len(shares) < 2:
        return []
    first, second = (Kind.LEFT, Kind.ENTERED) if was else (Kind.ENTERED, Kind.LEFT)
    return [(first, last.at_s + gap_s * shares[0], sure), (second, last.at_s + gap_s * shares[-1], sure)]


def _enter(
    fence: Fence, fix: LiveFix, at_s: float, inside: dict[str, float], told: list[Happening], *, sure: bool
) -> None:
    inside[fence.id] = at_s
    alarm = fence.alarms(fix.device_id, at_s)
    told.append(Happening(Kind.ENTERED, fix.device_id, at_s, fence.id, alarm=alarm, sure=sure))


def _leave(
    fence: Fence, fix: LiveFix, at_s: float, inside: dict[str, float], dwelled: set[str], told: list[Happening], *,
    sure: bool,
) -> None:  # fmt: skip
    del inside[fence.id]
    dwelled.discard(fence.id)
    told.append(Happening(Kind.LEFT, fix.device_id, at_s, fence.id, sure=sure))


def _dwell(
    fence: Fence, fix: LiveFix, until_s: float, inside: Mapping[str, float], dwelled: set[str], told: list[Happening]
) -> None:
    """Told once a visit, at the moment at which it had lasted so long."""
    if fence.dwell_s is None or fence.id in dwelled:
        return
    at_s = inside[fence.id] + fence.dwell_s
    if at_s <= until_s:
        dwelled.add(fence.id)
        told.append(Happening(Kind.DWELLED, fix.device_id, at_s, fence.id, alarm=fence.alarms(fix.device_id, at_s)))


def _speeds(
    state: DeviceState, fix: LiveFix, inside: Mapping[str, float], fences: FenceIndex, limits: Limits,
    told: list[Happening],
) -> frozenset[str]:  # fmt: skip
    """Limits that are broken from this fix on, and those that are kept again."""
    speed = fix.speed_km_h
    if speed is None:
        return state.fast
    fast = {""} if limits.speed_km_h_max is not None and speed > limits.speed_km_h_max else set[str]()
    for fence_id in inside:
        most = fences.by_id[fence_id].speed_km_h_max
        if most is not None and speed > most and fences.by_id[fence_id].schedule.holds(fix.at_s):
            fast.add(fence_id)
    broken, kept = sorted(fast - state.fast), sorted(state.fast - fast)
    told += [Happening(Kind.OVERSPEED, fix.device_id, fix.at_s, fence_id, alarm=True) for fence_id in broken]
    told += [Happening(Kind.SPEED_FINE, fix.device_id, fix.at_s, fence_id) for fence_id in kept]
    return frozenset(fast)


def _standing(state: DeviceState, fix: LiveFix, limits: Limits, told: list[Happening]) -> tuple[float | None, bool]:
    """Since when it stands, and whether that was told."""
    if fix.speed_km_h is None or fix.speed_km_h > limits.idle_km_h:
        if state.idle:
            told.append(Happening(Kind.MOVING, fix.device_id, fix.at_s))
        return None, False
    since_s = fix.at_s if state.still_s is None else state.still_s
    if not state.idle and fix.at_s - since_s >= limits.idle_s:
        told.append(Happening(Kind.IDLE, fix.device_id, since_s + limits.idle_s))
        return since_s, True
    return since_s, state.idle


def state_as_values(state: DeviceState) -> dict[str, Any]:
    """A state as plain values, to be kept over a restart."""
    last = state.last
    return {
        "last": None if last is None else [last.at_s, last.lon, last.lat, last.speed_km_h, last.alarm, last.fuel_l],
        "inside": dict(state.inside),
        "dwelled": sorted(state.dwelled),
        "fast": sorted(state.fast),
        "still_s": state.still_s,
        "idle": state.idle,
        "sos": state.sos,
    }


def state_from_values(device_id: str, values: Mapping[str, Any]) -> DeviceState:
    """The state again."""
    last = values["last"]
    return DeviceState(
        last=None if last is None else LiveFix(device_id, *last),
        inside=dict(values["inside"]),
        dwelled=frozenset(values["dwelled"]),
        fast=frozenset(values["fast"]),
        still_s=values["still_s"],
        idle=values["idle"],
        sos=values["sos"],
    )
