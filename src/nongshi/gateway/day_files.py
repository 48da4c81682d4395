"""Day files: all fixes of one day (UTC) as Parquet, sorted by device and time; written with DuckDB and read by it.

A file is whole or not there: it is written beside its place, counted, and only then takes its name.
"""

import os
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from nongshi.core.errors import MissingExtra, NongshiError
from nongshi.gateway.fix_row import COLUMNS

DAY_MS = 86_400_000
ROW_GROUP = 50_000  # rows; a device's day lies in one or two groups, so that the rest of the file is not read
NAMES = ("id", *COLUMNS[1:])
CHUNK = 20_000  # rows that are Python objects at the same time: a day of a thousand terminals is 17 million
MEMORY = "512MB"  # of DuckDB; what does not fit goes to files beside the day files meanwhile
QUOTE = "'"


class DayFileBroken(NongshiError):
    """A day file does not hold what was written into it; nothing was deleted."""

    code = "day_file_broken"


class DayFiles:
    """A folder of `YYYY-MM-DD.parquet`."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._connection: Any = None

    def days(self) -> list[date]:
        """Days that have a file, in order."""
        return sorted(date.fromisoformat(path.stem) for path in self.folder.glob("????-??-??.parquet"))

    def write(self, day: date, rows: Iterable[Sequence[Any]]) -> int:
        """Write (or write anew, with what the file holds already) a day's rows, each once, in the order of NAMES.

        Raises:
            DayFileBroken: what was written reads back otherwise.
            OSError: the disk is full.
        """
        path, part = self._path(day), self.folder / f".{day}.part"
        connection = self._duck()
        try:
            _gather(connection, rows)
            source = f"SELECT {', '.join(NAMES)} FROM gathered"
            if path.exists():  # what the file holds already stays as it came first
                old = f"SELECT {', '.join(NAMES)} FROM read_parquet('{_quoted(path)}')"
                source = f"{old} UNION ALL {source} ANTI JOIN ({old}) USING (id, time_ms)"
            wanted = _one(connection, f"SELECT count(*) FROM ({source})")
            self._copy(connection, f"SELECT * FROM ({source}) ORDER BY id, time_ms", part)
            found = _one(connection, f"SELECT count(*) FROM read_parquet('{_quoted(part)}')")
        finally:
            connection.execute("DROP TABLE IF EXISTS gathered")
        if found != wanted:
            part.unlink(missing_ok=True)
            raise DayFileBroken(f"day file {path.name}: {found} rows written, {wanted} expected")
        _settle(part, path)
        return int(found)

    def rows(self, device_id: str, from_ms: int, to_ms: int) -> list[Sequence[Any]]:
        """A device's rows from a moment to before another, in order of time, without the device."""
        return self._query(
            f"SELECT {', '.join(COLUMNS[1:])} FROM read_parquet(?) "
            "WHERE id = ? AND time_ms >= ? AND time_ms < ? ORDER BY time_ms",
            (device_id, from_ms, to_ms),
            from_ms,
            to_ms,
        )

    def in_box(self, box: tuple[int, int, int, int], from_ms: int, to_ms: int) -> dict[str, int]:
        """How many fixes each device has in a box and time; as :meth:`HotStore.in_box`."""
        west, south, east, north = box
        rows = self._query(
            "SELECT id, count(*) FROM read_parquet(?) WHERE time_ms >= ? AND time_ms < ? "
            "AND lon_e7 BETWEEN ? AND ? AND lat_e7 BETWEEN ? AND ? GROUP BY id",
            (from_ms, to_ms, west, east, south, north),
            from_ms,
            to_ms,
        )
        return {str(name): int(count) for name, count in rows}

    def count(self) -> int:
        """How many fixes there are in all files."""
        files = [str(self._path(day)) for day in self.days()]
        return _one(self._duck(), "SELECT count(*) FROM read_parquet(?)", (files,)) if files else 0

    def forget(self, device_id: str) -> None:
        """Write every file that holds a device anew without it."""
        for day in self.days():
            self.exchange(day, device_id, ())

    def exchange(self, day: date, device_id: str, rows: Sequence[Sequence[Any]]) -> None:
        """Put these rows (in the order of NAMES) in place of a device's rows of a day; nothing where it has none."""
        path, part = self._path(day), self.folder / f".{day}.part"
        connection = self._duck()
        held = f"SELECT count(*) FROM read_parquet('{_quoted(path)}') WHERE id = ?"
        if not path.exists() or not _one(connection, held, (device_id,)):
            return
        source = f"SELECT * FROM read_parquet('{_quoted(path)}') WHERE id <> '{device_id.replace(QUOTE, QUOTE * 2)}'"
        if rows:
            connection.register("fresh", _table(rows))
            source += f" UNION ALL SELECT {_kinds()} FROM fresh"
        self._copy(connection, f"SELECT * FROM ({source}) ORDER BY id, time_ms", part)
        if rows:
            connection.unregister("fresh")
        _settle(part, path)

    def retain(self, keep_from: date) -> list[date]:
        """Delete the files of days before; which were deleted."""
        gone = [day for day in self.days() if day < keep_from]
        for day in gone:
            self._path(day).unlink()
        return gone

    def _copy(self, connection: Any, query: str, part: Path) -> None:
        connection.execute(
            f"COPY ({query}) TO '{_quoted(part)}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
        ).fetchall()

    def _query(self, sql: str, values: Sequence[Any], from_ms: int, to_ms: int) -> list[Any]:
        files = [str(self._path(day)) for day in self.days() if from_ms - DAY_MS < day_start_ms(day) < to_ms]
        return list(self._duck().execute(sql, (files, *values)).fetchall()) if files else []

    def _path(self, day: date) -> Path:
        return self.folder / f"{day}.parquet"

    def _duck(self) -> Any:
        if self._connection is None:
            try:
                import duckdb  # only who reads older days waits for it
            except ImportError as error:
                raise MissingExtra("duckdb", extra="tracks") from error
            self._connection = duckdb.connect(
                config={"threads": 1, "memory_limit": MEMORY, "temp_directory": str(self.folder / ".spill")}
            )
        return self._connection.cursor()


def day_of(time_ms: int) -> date:
    """The day (UTC) of a moment."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).date()


def day_start_ms(day: date) -> int:
    """The first moment of a day (UTC)."""
    return (day - date(1970, 1, 1)) // timedelta(days=1) * DAY_MS


def _one(connection: Any, query: str, values: Sequence[Any] = ()) -> int:
    """The one whole number that a query answers."""
    return int(connection.execute(query, values).fetchall()[0][0])


def _gather(connection: Any, rows: Iterable[Sequence[Any]]) -> None:
    """Rows of any number as a table of DuckDB, a chunk of them at a time."""
    connection.register("fresh", _table(()))
    connection.execute(f"CREATE TEMP TABLE gathered AS SELECT {_kinds()} FROM fresh")
    source = iter(rows)
    while chunk := list(islice(source, CHUNK)):
        connection.register("fresh", _table(chunk))
        connection.execute(f"INSERT INTO gathered SELECT {_kinds()} FROM fresh")
    connection.unregister("fresh")


def _table(rows: Iterable[Sequence[Any]]) -> dict[str, Any]:
    """Rows in the order of NAMES as columns that DuckDB reads."""
    columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) or [[] for _ in NAMES]
    return {
        name: np.array(column, dtype=object if name in ("id", "extra") else np.int64)
        for name, column in zip(NAMES, columns, strict=True)
    }


def _kinds() -> str:
    """The columns of `fresh`, each of its type."""
    return ", ".join(f"CAST({name} AS {_type(name)}) AS {name}" for name in NAMES)


def _type(name: str) -> str:
    return {"id": "VARCHAR", "extra": "BLOB"}.get(name, "BIGINT")


def _quoted(path: Path) -> str:
    return str(path).replace(QUOTE, QUOTE * 2)


def _settle(part: Path, path: Path) -> None:
    """The part reaches the disk and takes the name."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(part, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
