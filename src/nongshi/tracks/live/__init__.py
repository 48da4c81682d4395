"""Live: who is where now, and what just happened: fences, speed, idling, help calls, musters.

Decides by the time of the fix, never by when it came: late fixes take their place in the order of time, and what had
been concluded without them is taken back by name. Nouns: :class:`Fence`, :class:`LiveFix`, :class:`Happening`,
:class:`Muster`.
Entry: :class:`LiveRoom`. Must not know stores, sockets, files or the clock: fixes and moments come in as values.
"""

from nongshi.tracks.live.fences import Fence, FenceIndex, FenceKind, Schedule
from nongshi.tracks.live.happenings import Happening, Kind, Limits, LiveFix
from nongshi.tracks.live.muster import Muster, Present
from nongshi.tracks.live.room import LiveRoom

__all__ = [
    "Fence",
    "FenceIndex",
    "FenceKind",
    "Happening",
    "Kind",
    "Limits",
    "LiveFix",
    "LiveRoom",
    "Muster",
    "Present",
    "Schedule",
]
