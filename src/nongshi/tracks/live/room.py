"""The live room: takes fixes in any order, says what happened, and who is where.

Every device has a window of its latest fixes. A fix that is newer than all takes one step; a late one is put into its
place and the window is gone through again: what is no longer true is taken back, what is new is told. Fixes older than
the window change nothing any more and are counted. What a room says in the end depends on the fixes alone.
"""

from collections import Counter, deque
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
STALE_S = 300.0  # assumption: who was not heard of for so long is told apart in a muster


@dataclass(slots=True)
class _Watched:
    """One device: the state before its window, the window, and what was told of it."""

    base: DeviceState = field(default_factory=DeviceState)
    state: DeviceState = field(default_factory=DeviceState)
    fixes: deque[LiveFix] = field(default_factory=deque)
    told: deque[list[Happening]] = field(default_factory=deque)  # by fix
    offline_s: float | None = None  # told silent since


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
        watched.state, found = advance(watched.state, fix, self.fences, self.limits)
        watched.fixes.append(fix)
        watched.told.append(found)
        watched.offline_s = None
        if len(watched.fixes) > self._window:
            oldest = watched.fixes.popleft()
            watched.told.popleft()
            watched.base, _ = advance(watched.base, oldest, self.fences, self.limits)
        return list(found)

    def _insert(self, watched: _Watched, late: Sequence[LiveFix]) -> list[Happening]:
        """Go through the window again with the late fixes in their places."""
        first_s = -float("inf") if watched.base.last is None else watched.base.last.at_s
        known = {fix.at_s for fix in watched.fixes}
        fresh = []
        for fix in late:
            if fix.at_s <= first_s:
                self.too_late += 1
            elif fix.at_s not in known:
                fresh.append(fix)
        if not fresh:
            return []
        fixes = sorted({fix.at_s: fix for fix in (*fresh, *watched.fixes)}.values(), key=lambda fix: fix.at_s)
        before = Counter(one for found in watched.told for one in found)
        state, told = watched.base, []
        for fix in fixes:
            state, found = advance(state, fix, self.fences, self.limits)
            told.append(found)
        after = Counter(one for found in told for one in found)
        watched.state, watched.fixes, watched.told = state, deque(fixes), deque(told)
        self._shrink(watched)
        gone, come = before - after, after - before
        return sorted(
            [*(one.taken_back() for one in gone.elements()), *come.elements()],
            key=lambda one: (one.at_s, not one.retracted),
        )

    def _shrink(self, watched: _Watched) -> None:
        while len(watched.fixes) > self._window:
            watched.base, _ = advance(watched.base, watched.fixes.popleft(), self.fences, self.limits)
            watched.told.popleft()

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
        fresh = HelpCall(device_id, at_s, last.lon, last.lat)
        self._calls[device_id] = fresh if call is None else replace(call, at_s=at_s, lon=last.lon, lat=last.lat)

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
                last = max(told, key=lambda one: one.at_s)
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
        """Take up a snapshot of a room with the same fences."""
        for device_id, kept in values["devices"].items():
            base = state_from_values(device_id, kept["base"])
            watched = self._devices[device_id] = _Watched(base=base, state=base, offline_s=kept["offline_s"])
            for fix in kept["fixes"]:
                watched.state, found = advance(watched.state, LiveFix(device_id, *fix), self.fences, self.limits)
                watched.fixes.append(LiveFix(device_id, *fix))
                watched.told.append(found)
        self._entered, self._left = Counter(values["entered"]), Counter(values["left"])
        self._crowded = set(values["crowded"])
        self._calls = {call[0]: HelpCall(*call) for call in values["calls"]}
        self.too_late = values["too_late"]
