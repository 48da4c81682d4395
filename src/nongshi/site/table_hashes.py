"""How many rows each table has, and a hash over them: what a backup and its restored copy are compared by."""

import hashlib
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ROW = "encode(sha256(convert_to(t::text, 'UTF8')), 'hex')"
_ALL = f"encode(sha256(convert_to(coalesce(string_agg({_ROW}, '' ORDER BY {_ROW}), ''), 'UTF8')), 'hex')"
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"


@dataclass(frozen=True, slots=True)
class Counted:
    """A table's rows."""

    rows: int
    hash: str


def of_sqlite(path: Path) -> dict[str, Counted]:
    """Tables of a database file that nobody writes to."""
    found = {}
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        for (name,) in database.execute(names).fetchall():
            digest, rows = hashlib.sha256(), 0
            for row in database.execute(f'SELECT * FROM "{name}" ORDER BY rowid'):  # names come from the file itself
                digest.update(repr(row).encode())
                rows += 1
            found[name] = Counted(rows, digest.hexdigest())
    return found


def of_postgres(cursor: Any) -> dict[str, Counted]:
    """Tables as the cursor's transaction sees them."""
    for setting in ("TIME ZONE 'UTC'", "datestyle TO 'ISO'", "extra_float_digits TO 1", "bytea_output TO 'hex'"):
        cursor.execute(f"SET {setting}")
    cursor.execute(_TABLES)
    found = {}
    for (name,) in cursor.fetchall():
        cursor.execute(f'SELECT count(*), {_ALL} FROM "{name}" AS t')  # as above
        found[name] = Counted(*cursor.fetchone())
    return found


def differences(kept: Mapping[str, Counted], found: Mapping[str, Counted]) -> list[str]:
    """Tables that are not the same, in words; empty is well."""
    wrong = []
    for name in sorted({*kept, *found}):
        one, other = kept.get(name), found.get(name)
        if one is None or other is None:
            wrong.append(f"table {name} is {'new' if one is None else 'missing'}")
        elif one.rows != other.rows:
            wrong.append(f"table {name} has {other.rows} rows instead of {one.rows}")
        elif one.hash != other.hash:
            wrong.append(f"table {name} has other rows than were kept")
    return wrong
