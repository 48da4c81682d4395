"""The live room: takes fixes in any order, says what happened, and who is where.

Every device has a window of its latest fixes. A fix that is newer than all takes one step; a late one is put into its
place and the window is gone through again: what is no longer true is taken back, what is new is told. Fixes older than
the window change nothing any more and are counted. What a room says in the end depends on the fixes alone.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nongshi.core.errors import BadInput, NotFound
from nongshi.tracks.live.fences import Fence, FenceIndex
from nongshi.tracks.live.happenings import (
    DeviceState,
    Happening,
    Kind,
    Limits,
    LiveFix,
    advance,
    state_as_values,
    state_from_values,
)
from nongshi.tracks.live.muster import Muster, Present

WINDOW_FIXES = 2000  # assumption: an hour and more at a fix a second or two; a blind zone is seldom longer
SHRINK_PART = 8  # the window is cut when it is longer by this part of itself
STALE_S = 300.0  # assumption: who was not heard of for so long is told apart in a muster


@dataclass(slots=True)
class _Watched:
    """One device: the state before its window; of each fix in it the state behind it and what was told."""

    base: DeviceState = field(default_factory=DeviceState)
    fixes: list[LiveFix] = field(default_factory=list)
    states: list[DeviceState] = field(default_factory=list)
    told: list[list[Happening]] = field(default_factory=list)
    offline_s: float | None = None  # told silent since

    @property
    def state(self) -> DeviceState:
        """Where the device is now."""
        return self.states[-1] if self.states else self.base

    def shrink(self, window: int) -> None:
        """Let the oldest fixes go, some at a time, as lists are cut dearly."""
        surplus = len(self.fixes) - window
        if surplus > window // SHRINK_PART:
            self.base = self.states[surplus - 1]
            del self.fixes[:surplus], self.states[:surplus], self.told[:surplus]


@dataclass(frozen=True, slots=True)
class HelpCall:
    """An SOS that is open."""

    device_id: str
    at_s: float
    lon: float
    lat: float
    acknowledged_by: str = ""
    acknowledged_s: float | None = None
    escalated_s: float | None = None


class LiveRoom:
    """All devices and fences. Not for several threads at a time."""

    def __init__(
        self, fences: Iterable[Fence] = (), *, limits: Limits | None = None, window_fixes: int = WINDOW_FIXES
    ) -> None:
        self.fences = FenceIndex(fences)
        self.limits = limits or Limits()
        self.too_late = 0
        self._window = window_fixes
        self._devices: dict[str, _Watched] = {}
        self._entered: Counter[str] = Counter()
        self._left: Counter[str] = Counter()
        self._crowded: set[str] = set()
        self._calls: dict[str, HelpCall] = {}

    # fixes in, happenings out

    def take(self, fixes: Iterable[LiveFix]) -> list[Happening]:
        """Take fixes of any devices in any order; what happened, and what is taken back, by device and time."""
        by_device: dict[str, list[LiveFix]] = {}
        for fix in fixes:
            by_device.setdefault(fix.device_id, []).append(fix)
        told: list[Happening] = []
        for device_id, mine in by_device.items():
            watched = self._devices.get(device_id)
            if watched is None:
                watched = self._devices[device_id] = _Watched()
            told += self._take_of(watched, sorted(mine, key=lambda fix: fix.at_s))
        return told + self._crowds(told)

    def _take_of(self, watched: _Watched, fixes: Sequence[LiveFix]) -> list[Happening]:
        told: list[Happening] = []
        late = []
        for fix in fixes:
            last = watched.state.last
            if last is None or fix.at_s > last.at_s:
                told += self._step(watched, fix)
            else:
                late.append(fix)
        if late:
            told += self._insert(watched, late)
        self._post(told)
        return told

    def _step(self, watched: _Watched, fix: LiveFix) -> list[Happening]:
        state, found = advance(watched.state, fix, self.fences, self.limits)
        watched.fixes.append(fix)
        watched.states.append(state)
        watched.told.append(found)
        watched.offline_s = None
        watched.shrink(self._window)
        return list(found)

    def _insert(self, watched: _Watched, late: Sequence[LiveFix]) -> list[Happening]:
        """Put late fixes in their places, and go through what follows each until it is as it was."""
        first_s = -float("inf") if watched.base.last is None else watched.base.last.at_s
        gone, come = Counter[Happening](), Counter[Happening]()
        for fix in late:
            at = bisect_left(watched.fixes, fix.at_s, key=lambda one: one.at_s)
            if fix.at_s <= first_s:
                self.too_late += 1
            elif at == len(watched.fixes) or watched.fixes[at].at_s != fix.at_s:
                self._insert_one(watched, at, fix, gone, come)
        watched.shrink(self._window)
        both = gone & come
        gone, come = gone - both, come - both
        return sorted(
            [*(one.taken_back() for one in gone.elements()), *come.elements()],
            key=lambda one: (one.at_s, not one.retracted),
        )

    def _insert_one(
        self, watched: _Watched, at: int, fix: LiveFix, gone: Counter[Happening], come: Counter[Happening]
    ) -> None:
        state = watched.states[at - 1] if at else watched.base
        state, found = advance(state, fix, self.fences, self.limits)
        watched.fixes.insert(at, fix)
        watched.states.insert(at, state)
        watched.told.insert(at, found)
        come.update(found)
        for k in range(at + 1, len(watched.fixes)):
            state, found = advance(state, watched.fixes[k], self.fences, self.limits)
            if found != watched.told[k]:
                gone.update(watched.told[k])
                come.update(found)
                watched.told[k] = found
            if state == watched.states[k]:
                return
            watched.states[k] = state

    def _post(self, told: Sequence[Happening]) -> None:
        """Into the ledger: what is taken back is subtracted."""
        for one in told:
            sign = -1 if one.retracted else 1
            if one.kind == Kind.ENTERED:
                self._entered[one.fence_id] += sign
            elif one.kind == Kind.LEFT:
                self._left[one.fence_id] += sign
        for device_id in {one.device_id for one in told if one.kind in (Kind.SOS, Kind.SOS_OVER)}:
            self._tend_call(device_id)

    def _tend_call(self, device_id: str) -> None:
        """A help call is open while the device asks for help; what was done about it stays with it."""
        watched = self._devices[device_id]
        if not watched.state.sos:
            self._calls.pop(device_id, None)
            return
        pressed = [one.at_s for found in watched.told for one in found if one.kind == Kind.SOS]
        last, call = watched.state.last, self._calls.get(device_id)
        assert last is not None
        at_s = pressed[-1] if pressed else last.at_s
        if call is None or at_s > call.at_s:  # pressed anew: a call of its own, whatever was done about the one before
            self._calls[device_id] = HelpCall(device_id, at_s, last.lon, last.lat)
        else:
            self._calls[device_id] = replace(call, at_s=at_s, lon=last.lon, lat=last.lat)

    def _crowds(self, told: Sequence[Happening]) -> list[Happening]:
        """Fences that hold more than they may, told once until they do not."""
        found = []
        for fence_id in {one.fence_id for one in told if one.kind in (Kind.ENTERED, Kind.LEFT)}:
            most = self.fences.by_id[fence_id].occupancy_max
            if most is None:
                continue
            if self.occupancy(fence_id) <= most:
                self._crowded.discard(fence_id)
            elif fence_id not in self._crowded:
                self._crowded.add(fence_id)
                came = [one for one in told if one.fence_id == fence_id and one.kind == Kind.ENTERED]
                last = max(came or told, key=lambda one: one.at_s)
                found.append(Happening(Kind.CROWDED, last.device_id, last.at_s, fence_id, alarm=True))
        return found

    # what time alone brings

    def check(self, now_s: float) -> list[Happening]:
        """What the passing of time brings: devices fallen silent, help calls that nobody acknowledged."""
        found = []
        for device_id, watched in self._devices.items():
            last = watched.state.last
            if last is not None and watched.offline_s is None and now_s - last.at_s > self.limits.offline_s:
                watched.offline_s = last.at_s + self.limits.offline_s
                found.append(Happening(Kind.OFFLINE, device_id, watched.offline_s))
        for device_id, call in self._calls.items():
            waits = call.acknowledged_s is None and call.escalated_s is None
            if waits and now_s - call.at_s > self.limits.sos_ack_s:
                at_s = call.at_s + self.limits.sos_ack_s
                self._calls[device_id] = replace(call, escalated_s=at_s)
                found.append(Happening(Kind.SOS_ESCALATED, device_id, at_s, alarm=True))
        return found

    def acknowledge(self, device_id: str, by: str, at_s: float) -> HelpCall:
        """Somebody takes a help call on.

        Raises:
            NotFound: the device has no open call.
            BadInput: nobody is named.
        """
        call = self._calls.get(device_id)
        if call is None:
            raise NotFound(f"device {device_id} has no open help call")
        if not by.strip():
            raise BadInput("who acknowledges a help call is named")
        if call.acknowledged_s is None:
            call = self._calls[device_id] = replace(call, acknowledged_by=by, acknowledged_s=at_s)
        return call

    @property
    def help_calls(self) -> tuple[HelpCall, ...]:
        """Open calls, oldest first."""
        return tuple(sorted(self._calls.values(), key=lambda call: (call.at_s, call.device_id)))

    # who is where

    def inside(self, device_id: str) -> Mapping[str, float]:
        """The fences a device is in, and since when."""
        watched = self._devices.get(device_id)
        return {} if watched is None else dict(watched.state.inside)

    def occupancy(self, fence_id: str) -> int:
        """How many devices are in a fence."""
        return sum(fence_id in watched.state.inside for watched in self._devices.values())

    def muster(self, fence_id: str, now_s: float, *, stale_s: float = STALE_S) -> Muster:
        """The roll-call of a fence.

        Who is inside is told by where each was last heard of, not by the ledger: the two check each other.

        Raises:
            NotFound: there is no such fence.
        """
        fence = self.fences.by_id.get(fence_id)
        if fence is None:
            raise NotFound(f"no fence is called {fence_id}; there are: {', '.join(sorted(self.fences.by_id)[:20])}")
        found = []
        for device_id, watched in sorted(self._devices.items()):
            last = watched.state.last
            if last is not None and fence.holds(last.lon, last.lat):
                since_s = watched.state.inside.get(fence_id, last.at_s)
                found.append(Present(device_id, since_s, now_s - last.at_s))
        return Muster(
            fence_id=fence_id,
            at_s=now_s,
            fresh=tuple(one for one in found if one.age_s <= stale_s),
            stale=tuple(one for one in found if one.age_s > stale_s),
            entered=self._entered[fence_id],
            left=self._left[fence_id],
        )

    def told(self, device_id: str) -> list[Happening]:
        """What holds of a device inside its window, in order of time."""
        watched = self._devices.get(device_id)
        return [] if watched is None else [one for found in watched.told for one in found]

    # over a restart

    def snapshot(self) -> dict[str, Any]:
        """Everything as plain values: a room that is restored goes on without telling anything twice."""
        return {
            "devices": {
                device_id: {
                    "base": state_as_values(watched.base),
                    "fixes": [[f.at_s, f.lon, f.lat, f.speed_km_h, f.alarm, f.fuel_l] for f in watched.fixes],
                    "offline_s": watched.offline_s,
                }
                for device_id, watched in self._devices.items()
            },
            "entered": dict(self._entered),
            "left": dict(self._left),
            "crowded": sorted(self._crowded),
            "calls": [
                [c.device_id, c.at_s, c.lon, c.lat, c.acknowledged_by, c.acknowledged_s, c.escalated_s]
                for c in self._calls.values()
            ],
            "too_late": self.too_late,
        }

    def restore(self, values: Mapping[str, Any]) -> None:
        """Take up a snapshot; of fences that are no more nothing is known any longer."""
        for device_id, kept in values["devices"].items():
            base = self._of_these_fences(state_from_values(device_id, kept["base"]))
            watched = self._devices[device_id] = _Watched(base=base)
            for fix in kept["fixes"]:
                self._step(watched, LiveFix(device_id, *fix))
            watched.offline_s = kept["offline_s"]
        self._entered, self._left = Counter(values["entered"]), Counter(values["left"])
        self._crowded = set(values["crowded"])
        self._calls = {call[0]: HelpCall(*call) for call in values["calls"]}
        self.too_late = values["too_late"]

    def _of_these_fences(self, state: DeviceState) -> DeviceState:
        known = self.fences.by_id
        return replace(
            state,
            inside={fence_id: since_s for fence_id, since_s in state.inside.items() if fence_id in known},
            dwelled=frozenset(fence_id for fence_id in state.dwelled if fence_id in known),
            fast=frozenset(fence_id for fence_id in state.fast if not fence_id or fence_id in known),
        )
