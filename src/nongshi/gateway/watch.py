"""The live room beside a gateway: it hears every fix once it is on the disk, and keeps its place over a restart."""

import json
import logging
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from nongshi.gateway.fix_row import Row
from nongshi.tracks.live import Fence, Happening, LiveFix, LiveRoom

ROOM_FILE = "live.json"
EVENTS_FILE = "happenings.jsonl"
TAIL_BYTES = 8 << 20  # of the file of happenings: far more than is told between two saves
DEGREE, SPEED_SCALE, MS = 1e7, 10.0, 1000.0
_log = logging.getLogger(__name__)


class Watch:
    """Hands committed rows to a live room; what happens goes to `tell` and, a line each, to a file."""

    def __init__(
        self,
        folder: Path,
        fences: Iterable[Fence],
        names: Callable[[], dict[int, str]],
        *,
        tell: Callable[[Happening], None] | None = None,
    ) -> None:
        """`names` gives device ids by their numbers in the store."""
        self._path, self._events = folder / ROOM_FILE, folder / EVENTS_FILE
        self._names, self._tell = names, tell
        self._known: dict[int, str] = {}
        self._lock = threading.Lock()
        self.room = LiveRoom(fences)
        if self._path.exists():
            self.room.restore(json.loads(self._path.read_text(encoding="utf-8")))

    def catch_up(self, rows_since: Callable[[int], Iterable[Row]]) -> None:
        """Take what was stored after the room's place was last kept; what was told of it already is not told again.

        `rows_since` answers stored rows from a moment (ms) on.
        """
        seen_s = [fixes[-1][0] for kept in self.room.snapshot()["devices"].values() if (fixes := kept["fixes"])]
        if not seen_s and not self._events.exists():
            return
        told = set(self._told_lines())
        with self._lock:
            fresh = self.room.take(self._fix(row) for row in rows_since(round(min(seen_s, default=0.0) * MS)))
            self._out([one for one in fresh if _line(one) not in told])

    def hear(self, rows: Sequence[Row]) -> None:
        """Take committed rows (the gateway's listener)."""
        with self._lock:
            self._out(self.room.take(self._fix(row) for row in rows))

    def check(self, now_s: float) -> None:
        """Let time pass: silent devices, help calls without an answer."""
        with self._lock:
            self._out(self.room.check(now_s))

    def save(self) -> None:
        """Keep the room's place, whole or not at all."""
        with self._lock:
            text = json.dumps(self.room.snapshot(), separators=(",", ":"))
        part = self._path.with_suffix(".part")
        with part.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, self._path)

    def _out(self, told: Sequence[Happening]) -> None:
        if not told:
            return
        with self._events.open("a", encoding="utf-8") as file:
            file.writelines(_line(one) for one in told)
        for one in told:
            if one.alarm and not one.retracted:
                _log.warning("%s: device %s %s", one.kind.value, one.device_id, one.fence_id)
            if self._tell is not None:
                self._tell(one)

    def _told_lines(self) -> list[str]:
        """The last lines of the file of happenings."""
        if not self._events.exists():
            return []
        with self._events.open("rb") as file:
            file.seek(max(0, self._events.stat().st_size - TAIL_BYTES))
            return file.read().decode("utf-8", "replace").splitlines(keepends=True)

    def _fix(self, row: Row) -> LiveFix:
        if row[0] not in self._known:
            self._known = self._names()
        speed = None if row[4] < 0 else row[4] / SPEED_SCALE
        return LiveFix(self._known[row[0]], row[1] / MS, row[2] / DEGREE, row[3] / DEGREE, speed, row[8])


def _line(one: Happening) -> str:
    return json.dumps(_values(one), ensure_ascii=False) + "\n"


def _values(one: Happening) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "device_id": one.device_id,
        "at_s": one.at_s,
        "fence_id": one.fence_id,
        "alarm": one.alarm,
        "sure": one.sure,
        "retracted": one.retracted,
    }
