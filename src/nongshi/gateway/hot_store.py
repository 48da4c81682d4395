"""The hot store: recent fixes and the last position of every device, in SQLite, durable at every commit.

Rows are put in by statements of many rows each: one step of SQLite then works without Python's lock, so that a server
goes on reading its sockets meanwhile. A fix that is there already (same device, same time) is left as it is.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from operator import itemgetter
from pathlib import Path
from threading import Lock
from typing import Any

from nongshi.gateway.fix_row import COLUMNS, DEVICE, TIME, Row

CACHE_KB = 65_536
WAL_PAGES = 16_384  # 64 MB of log before it is copied into the file: a tenth more fixes a second than by default
CHUNKS = (500, 50, 5, 1)  # rows a statement: few enough to be kept prepared, large enough to be one long step
SCHEMA = f"""
CREATE TABLE IF NOT EXISTS device (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS fix (
  {", ".join(f"{name} {'BLOB' if name == 'extra' else 'INTEGER NOT NULL'}" for name in COLUMNS)},
  PRIMARY KEY (device, time_ms)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS last (
  {", ".join(f"{name} {'BLOB' if name == 'extra' else 'INTEGER NOT NULL'}" for name in COLUMNS)},
  PRIMARY KEY (device)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS part (
  phone TEXT NOT NULL, message_id INTEGER NOT NULL, first_serial INTEGER NOT NULL, total INTEGER NOT NULL,
  number INTEGER NOT NULL, body BLOB NOT NULL, at_s REAL NOT NULL,
  PRIMARY KEY (phone, message_id, first_serial, total, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS card (
  device INTEGER NOT NULL, time_ms INTEGER NOT NULL, status INTEGER NOT NULL, certificate TEXT NOT NULL,
  PRIMARY KEY (device, time_ms)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (
  number INTEGER PRIMARY KEY, device_id TEXT NOT NULL, kind TEXT NOT NULL, content TEXT NOT NULL,
  asked_ms INTEGER NOT NULL, sent_ms INTEGER, answered_ms INTEGER);
"""
_by_place = itemgetter(0, 1)
_ONE = f"({','.join('?' * len(COLUMNS))})"
_INSERT = {size: f"INSERT OR IGNORE INTO fix VALUES {','.join([_ONE] * size)}" for size in CHUNKS}
_NAMED = ", ".join(COLUMNS)
_NEWEST = (  # one look into the key a device; CROSS JOIN keeps SQLite from going through all fixes instead
    f"SELECT {', '.join(f'f.{name}' for name in COLUMNS)} FROM device d CROSS JOIN fix f "
    "WHERE f.device = d.number AND f.time_ms = (SELECT max(time_ms) FROM fix WHERE device = d.number)"
)
_KEEP_LAST = (
    f"INSERT INTO last {_NEWEST} ON CONFLICT (device) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
    + " WHERE excluded.time_ms > last.time_ms"
)


class HotStore:
    """One SQLite file. Writers take turns by a lock; readers have connections of their own and never wait."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = Lock()
        self._readers: list[sqlite3.Connection] = []
        self._writer = self._connect()
        self._writer.executescript(SCHEMA)
        self._numbers: dict[str, int] = dict(self._writer.execute("SELECT id, number FROM device"))
        self._newest: dict[int, Row] = {}
        self._seen = -1  # version of the file that `_newest` knows

    def _connect(self) -> sqlite3.Connection:
        found = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=20.0)
        found.executescript(
            f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-{CACHE_KB};"
            f"PRAGMA wal_autocheckpoint={WAL_PAGES};"
        )
        return found

    def close(self) -> None:
        """Leave the file; everything acknowledged is in it."""
        with self._lock:
            for connection in (self._writer, *self._readers):
                connection.close()
            self._readers.clear()

    def number_of(self, device_id: str) -> int:
        """The device's number; a new one gets the next."""
        number = self._numbers.get(device_id)
        if number is None:
            with self._lock:
                self._writer.execute("INSERT OR IGNORE INTO device (id) VALUES (?)", (device_id,))
                (number,) = self._writer.execute("SELECT number FROM device WHERE id = ?", (device_id,)).fetchone()
            self._numbers[device_id] = number
        return number

    def insert(self, rows: Sequence[Row]) -> int:
        """Keep rows, durable when this returns; how many were new. The last positions never go backwards."""
        return self.commit(rows)

    def commit(
        self,
        rows: Sequence[Row],
        parts: Sequence[tuple[tuple[str, int, int, int], int, bytes, float]] = (),
        wholes: Sequence[tuple[str, int, int, int]] = (),
        cards: Sequence[tuple[int, int, int, str]] = (),
    ) -> int:
        """Keep rows, parts of long messages and driver cards in one transaction; how many rows were new.

        Args:
            rows: fixes.
            parts: (key, number, body, when it came) of messages that are not whole yet.
            wholes: keys of messages that now are: their parts go.
            cards: (device, time, status, certificate).
        """
        ordered = sorted(rows, key=_by_place)
        with self._transaction() as connection:
            before = connection.total_changes
            at = 0
            for size in CHUNKS:
                while len(ordered) - at >= size:
                    connection.execute(_INSERT[size], list(chain.from_iterable(ordered[at : at + size])))
                    at += size
            found = connection.total_changes - before
            if parts:
                kept = ((*key, number, body, at_s) for key, number, body, at_s in parts)
                connection.executemany("INSERT OR REPLACE INTO part VALUES (?,?,?,?,?,?,?)", kept)
            if wholes:
                connection.executemany(
                    "DELETE FROM part WHERE phone = ? AND message_id = ? AND first_serial = ? AND total = ?", wholes
                )
            if cards:
                connection.executemany("INSERT OR IGNORE INTO card VALUES (?,?,?,?)", cards)
        with self._lock:
            self._note_newest(ordered)
        return found

    def _note_newest(self, rows: Iterable[Row]) -> None:
        newest = self._newest
        for row in rows:
            known = newest.get(row[DEVICE])
            if known is None or row[TIME] > known[TIME]:
                newest[row[DEVICE]] = row

    def parts(self, since_s: float) -> list[tuple[Any, ...]]:
        """Parts that wait for their others, as they were kept; older ones are deleted."""
        self.drop_parts(since_s)
        with self.reading() as connection:
            return connection.execute("SELECT * FROM part ORDER BY at_s").fetchall()

    def drop_parts(self, since_s: float) -> None:
        """Delete older parts: their others do not come any more."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM part WHERE at_s < ?", (since_s,))

    def ask(self, device_id: str, kind: str, content: str, asked_ms: int) -> int:
        """Put a message to a device into the outbox; its number there."""
        with self._transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO outbox (device_id, kind, content, asked_ms) VALUES (?,?,?,?)",
                (device_id, kind, content, asked_ms),
            )
            return int(cursor.lastrowid or 0)

    def unsent(self) -> list[tuple[int, str, str, str]]:
        """(number, device, kind, content) of messages that wait for their device to be connected."""
        with self.reading() as connection:
            return connection.execute(
                "SELECT number, device_id, kind, content FROM outbox WHERE sent_ms IS NULL ORDER BY number"
            ).fetchall()

    def mark(self, column: str, numbers: Sequence[int], at_ms: int) -> None:
        """Messages of the outbox were sent (`sent_ms`) or answered (`answered_ms`)."""
        if column not in ("sent_ms", "answered_ms"):
            raise ValueError(column)
        with self._transaction() as connection:
            connection.executemany(
                f"UPDATE outbox SET {column} = ? WHERE number = ?", [(at_ms, number) for number in numbers]
            )

    def last(self, device_ids: Iterable[str] | None = None) -> dict[str, Row]:
        """The newest fix of each device, or of those named, by id; what other processes wrote is in it."""
        with self._lock:
            self._look_again()
            newest = dict(self._newest)
        wanted = self._numbers if device_ids is None else {name: self._numbers.get(name, 0) for name in device_ids}
        return {name: newest[number] for name, number in wanted.items() if number in newest}

    def _look_again(self) -> None:
        """Read the newest fixes from the file, if somebody else has written into it since."""
        (version,) = self._writer.execute("PRAGMA data_version").fetchone()
        if version == self._seen:
            return
        self._seen = version
        self._numbers = dict(self._writer.execute("SELECT id, number FROM device"))
        self._newest = {row[DEVICE]: row for row in self._writer.execute(f"SELECT {_NAMED} FROM last")}
        self._note_newest(self._writer.execute(_NEWEST))

    def rows(self, device_id: str, from_ms: int, to_ms: int) -> list[Sequence[Any]]:
        """A device's rows from a moment to before another, in order of time, without their device number."""
        number = self._numbers.get(device_id)
        if number is None:
            return []
        with self.reading() as connection:
            return connection.execute(
                f"SELECT {', '.join(COLUMNS[1:])} FROM fix WHERE device = ? AND time_ms >= ? AND time_ms < ? "
                "ORDER BY time_ms",
                (number, from_ms, to_ms),
            ).fetchall()

    def rows_since(self, from_ms: int) -> list[Row]:
        """All devices' rows from a moment on, in order of time."""
        with self.reading() as connection:
            return connection.execute(
                f"SELECT {_NAMED} FROM fix WHERE time_ms >= ? ORDER BY time_ms", (from_ms,)
            ).fetchall()

    def in_box(self, box: tuple[int, int, int, int], from_ms: int, to_ms: int) -> dict[str, int]:
        """How many fixes each device has in a box (west, south, east, north in degrees x 10^7) and time."""
        west, south, east, north = box
        with self.reading() as connection:
            return dict(
                connection.execute(
                    "SELECT id, count(*) FROM fix JOIN device ON number = device WHERE time_ms >= ? AND time_ms < ? "
                    "AND lon_e7 BETWEEN ? AND ? AND lat_e7 BETWEEN ? AND ? GROUP BY id",
                    (from_ms, to_ms, west, east, south, north),
                )
            )

    def span_ms(self) -> tuple[int, int] | None:
        """Times of the first and last fix; None: there is none."""
        with self.reading() as connection:
            first, last = connection.execute("SELECT min(time_ms), max(time_ms) FROM fix").fetchone()
        return None if first is None else (first, last)

    def count(self) -> int:
        """How many fixes there are."""
        with self.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM fix").fetchone()[0])

    def keep_last(self) -> None:
        """Write the last positions down, before the fixes that they come from are dropped."""
        with self._transaction() as connection:
            connection.execute(_KEEP_LAST)

    def drop(self, from_ms: int, to_ms: int) -> None:
        """Forget the fixes of a span; last positions stay."""
        with self._transaction() as connection:
            connection.execute(_KEEP_LAST)
            connection.execute("DELETE FROM fix WHERE time_ms >= ? AND time_ms < ?", (from_ms, to_ms))

    def drop_fixes(self, keys: Sequence[tuple[int, int]]) -> None:
        """Forget fixes by device and time; last positions stay where :meth:`keep_last` came before."""
        with self._transaction() as connection:
            connection.executemany("DELETE FROM fix WHERE device = ? AND time_ms = ?", keys)

    def forget_last(self, device_id: str, before_ms: int) -> None:
        """Forget a device's last position if it is older than a moment."""
        number = self._numbers.get(device_id, 0)
        with self._transaction() as connection:
            connection.execute("DELETE FROM last WHERE device = ? AND time_ms < ?", (number, before_ms))
            known = self._newest.get(number)
            if known is not None and known[TIME] < before_ms:
                del self._newest[number]

    def forget(self, device_id: str) -> None:
        """Forget a device's fixes and its last position."""
        number = self._numbers.get(device_id)
        if number is None:
            return
        with self._transaction() as connection:
            connection.execute("DELETE FROM fix WHERE device = ?", (number,))
            connection.execute("DELETE FROM last WHERE device = ?", (number,))
        self._newest.pop(number, None)

    @property
    def device_ids(self) -> dict[str, int]:
        """Numbers of the devices by id."""
        return dict(self._numbers)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one state of the file and disturbs no writer."""
        connection = self._readers.pop() if self._readers else self._connect()
        try:
            yield connection
        finally:
            self._readers.append(connection)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise
