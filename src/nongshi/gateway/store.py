"""Positions, wherever they lie: recent days in SQLite, older ones in day files, behind the same functions."""

import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

from nongshi.gateway.day_files import DAY_MS, DayFiles, day_of, day_start_ms
from nongshi.gateway.fix_row import Row, rows_of, track_of
from nongshi.gateway.hot_store import HotStore
from nongshi.geo.track import Track
from nongshi.tracks.device import Carrier
from nongshi.tracks.privacy import Retention, blurred, due

HOT_DAYS = 3  # assumption: what people look at again; older days take a fifth of the room as day files
HOT_FILE, DAY_FOLDER = "positions.sqlite3", "days"
DROP_CHUNK = 2_000  # rows a commit deletes, so that commits of terminals wait some milliseconds and not minutes
BREATH_S = 0.002  # between them, for whoever waits for the writer
Listener = Callable[[Sequence[Row]], None]


class _Stopped(Exception):
    """Somebody asked to leave off."""


class PositionStore:
    """A folder with the hot store and the day files."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.hot = HotStore(self.folder / HOT_FILE)
        self.days = DayFiles(self.folder / DAY_FOLDER)

    def close(self) -> None:
        """Leave the files."""
        self.hot.close()

    def number_of(self, device_id: str) -> int:
        """The device's number in rows."""
        return self.hot.number_of(device_id)

    def insert(self, rows: Sequence[Row]) -> int:
        """Keep rows, durable when this returns; how many were new."""
        return self.hot.insert(rows)

    def insert_track(self, track: Track) -> int:
        """Keep a track's fixes; how many were new."""
        return self.insert(rows_of(track, self.number_of(track.device_id)))

    def last(self, device_ids: Iterable[str] | None = None) -> dict[str, Row]:
        """The newest fix of each device, or of those named."""
        return self.hot.last(device_ids)

    def replay(self, device_id: str, from_s: float, to_s: float) -> Track:
        """A device's track from a moment to before another; empty where there is nothing."""
        return track_of(device_id, self.rows(device_id, round(from_s * 1000), round(to_s * 1000)))

    def rows(self, device_id: str, from_ms: int, to_ms: int) -> list[Sequence[Any]]:
        """The same as rows without their device; a day that lies in both places is told once."""
        hot = self.hot.rows(device_id, from_ms, to_ms)
        old = self.days.rows(device_id, from_ms, to_ms) if self._reaches_back(from_ms) else []
        if not old or not hot:
            return old or hot
        return [row for _, row in sorted({row[0]: row for row in (*old, *hot)}.items())]

    def in_box(
        self, west: float, south: float, east: float, north: float, from_s: float, to_s: float
    ) -> dict[str, int]:
        """How many fixes each device has in a box of degrees and a time; whole days count once."""
        box = (round(west * 1e7), round(south * 1e7), round(east * 1e7), round(north * 1e7))
        counts: dict[str, int] = {}
        rolled = set(self.days.days())
        for first, last in _spans(round(from_s * 1000), round(to_s * 1000)):
            place = self.days if day_of(first) in rolled else self.hot
            for device_id, count in place.in_box(box, first, last).items():
                counts[device_id] = counts.get(device_id, 0) + count
        return counts

    def roll(self, today: date, *, hot_days: int = HOT_DAYS, stopped: Callable[[], bool] = lambda: False) -> list[date]:
        """Move days before the last `hot_days` into day files; which were moved.

        A day's rows are deleted only when its file is on the disk and counted. Late fixes of a day that has a file are
        put into it by the next roll. Where `stopped` becomes true it leaves off: the next roll goes on from there.
        """
        span = self.hot.span_ms()
        if span is None:
            return []
        moved = []
        day, keep_from = day_of(span[0]), today - timedelta(days=hot_days - 1)
        while day < keep_from and day_start_ms(day) <= span[1]:
            try:
                if self._move(day, stopped):
                    moved.append(day)
            except _Stopped:
                break
            day += timedelta(days=1)
        return moved

    def _move(self, day: date, stopped: Callable[[], bool]) -> bool:
        """Move a day; whether there was something of it."""
        numbers, times = array("q"), array("q")  # what was written, and so may be deleted: 16 bytes a fix
        rows = self._rows_of_day(day_start_ms(day), numbers, times, stopped)
        first = next(rows, None)
        if first is None:
            return False
        self.days.write(day, chain((first,), rows))
        self.hot.keep_last()
        for at in range(0, len(numbers), DROP_CHUNK):
            if stopped():
                raise _Stopped
            self.hot.drop_fixes(list(zip(numbers[at : at + DROP_CHUNK], times[at : at + DROP_CHUNK], strict=True)))
            time.sleep(BREATH_S)
        return True

    def retain(self, keep_from: date) -> list[date]:
        """Delete all that is older than a day: files whole, rows of the hot store with them."""
        self.hot.drop(0, day_start_ms(keep_from))
        return self.days.retain(keep_from)

    def forget(self, device_id: str) -> None:
        """Delete everything of one device, as a person may ask for."""
        self.hot.forget(device_id)
        self.days.forget(device_id)

    def tidy_people(self, people: Iterable[str], today: date, rules: Retention) -> None:
        """Make people's positions coarse, then delete them, each at its age; what is coarse stays as it is."""
        oldest_ms = day_start_ms(today - timedelta(days=rules.people_exact_d))
        for device_id in people:
            self.hot.forget_last(device_id, oldest_ms)
            blur, delete = due(self.days.days(), today, Carrier.PERSON, rules)
            for day in delete:
                self.days.exchange(day, device_id, ())
            for day in blur:
                first = day_start_ms(day)
                rows = self.days.rows(device_id, first, first + DAY_MS)
                coarse = blurred(track_of(device_id, rows), rules)
                if rows and len(coarse) < len(rows):
                    self.days.exchange(day, device_id, [(device_id, *row[1:]) for row in rows_of(coarse, 0)])

    def count(self) -> int:
        """How many fixes there are."""
        return self.hot.count() + self.days.count()

    def _reaches_back(self, from_ms: int) -> bool:
        days = self.days.days()
        return bool(days) and day_start_ms(days[-1]) + DAY_MS > from_ms

    def _rows_of_day(
        self, first_ms: int, numbers: "array[int]", times: "array[int]", stopped: Callable[[], bool]
    ) -> Iterator[Sequence[Any]]:
        """A day's rows one after another; what was handed out is noted."""
        with self.hot.reading() as connection:
            names = dict(connection.execute("SELECT number, id FROM device"))
            found = connection.execute(
                "SELECT * FROM fix WHERE time_ms >= ? AND time_ms < ?", (first_ms, first_ms + DAY_MS)
            )
            for row in found:
                if stopped():
                    raise _Stopped
                numbers.append(row[0])
                times.append(row[1])
                yield (names[row[0]], *row[1:])


def _spans(from_ms: int, to_ms: int) -> list[tuple[int, int]]:
    """The span cut at midnights."""
    first = from_ms // DAY_MS + 1
    cuts = [from_ms, *(day * DAY_MS for day in range(first, -(-to_ms // DAY_MS))), to_ms]
    return [(a, b) for a, b in pairwise(cuts) if a < b]
