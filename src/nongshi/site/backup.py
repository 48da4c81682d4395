"""A backup of the whole site while it runs: database, uploads, positions, heads of the log, keys; one file.

SQLite is copied with its online backup API, PostgreSQL with pg_dump in one snapshot. The manifest holds counts and a
hash of every table, made from the copy (SQLite) or in the dump's own snapshot (PostgreSQL), and a hash of every file.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from nongshi import __version__
from nongshi.core.errors import MissingExtra, NongshiError, NotFound
from nongshi.site.places_kept import KEYS, Kept
from nongshi.site.table_hashes import Counted, of_postgres, of_sqlite

FORMAT = "nongshi-backup/1"
MANIFEST = "manifest.json"
SQLITE_HEAD = b"SQLite format 3\0"
PAGES = 2_000  # copied in one step; writers go on between two
Tell = Callable[[str], None]


class ToolFailed(NongshiError):
    """A program of PostgreSQL ended badly."""

    code = "tool_failed"


def make_backup(path: Path, kept: Kept, *, keys: bool = True, tell: Tell = lambda words: None) -> dict[str, Any]:
    """Write a backup; its manifest. The file takes its name when it is whole; only its owner can read it.

    Raises:
        NotFound: there is no database.
        MissingExtra, ToolFailed: PostgreSQL's driver or programs.
    """
    if kept.sqlite is not None and not kept.sqlite.exists():
        raise NotFound(f"there is no database at {kept.sqlite}; set NONGSHI_HOME or DATABASE_URL")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as scratch:
        folder = Path(scratch) / "site"
        folder.mkdir()
        tell("database")
        tables = copy_sqlite_hashed(kept.sqlite, folder) if kept.sqlite else dump_postgres(kept.url, folder)
        for name, source in kept.folders.items():
            tell(name)
            copy_folder(source, folder / "files" / name)
        for name in KEYS if keys else ():
            if (kept.home / name).exists():
                (folder / "keys").mkdir(exist_ok=True)
                shutil.copyfile(kept.home / name, folder / "keys" / name)
        manifest = {
            "format": FORMAT,
            "nongshi": __version__,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "database": kept.vendor,
            "tables": {name: asdict(one) for name, one in tables.items()},
            "files": {str(file.relative_to(folder)): digest(file) for file in sorted(walk(folder))},
        }
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        tell("packing")
        _pack(folder, Path(scratch) / "packed", path)
    return manifest


def copy_sqlite_hashed(source: Path, folder: Path) -> dict[str, Counted]:
    """The database as `db.sqlite3`, and its tables."""
    target = folder / "db.sqlite3"
    copy_sqlite(source, target)
    return of_sqlite(target)


def copy_sqlite(source: Path, target: Path) -> None:
    """A consistent copy of a database that is in use."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=60)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy, pages=PAGES)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it


def dump_postgres(url: str, folder: Path) -> dict[str, Counted]:
    """The database as `db.dump`, and its tables, all as of one moment."""
    with postgres(url) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()[0]
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        run_tool("pg_dump", url, *options, f"--file={folder / 'db.dump'}")
        return of_postgres(connection.cursor())


@contextmanager
def postgres(url: str) -> Iterator[Any]:
    """A connection of our own, outside Django."""
    try:
        import psycopg
    except ImportError:
        raise MissingExtra("psycopg", extra="postgres") from None
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        yield connection


def run_tool(name: str, url: str, *options: str) -> None:
    """A program of PostgreSQL on a database; the password goes by the environment, where no list of processes shows it.

    Raises:
        ToolFailed: it is not there, or ends badly; its words are told.
    """
    program = shutil.which(name)
    if program is None:
        raise ToolFailed(f"{name} is not installed; it comes with PostgreSQL's client programs")
    parts = urlsplit(_plain(url))
    bare = f"{parts.username or ''}@{parts.netloc.rpartition('@')[2]}"
    from urllib.parse import unquote

    env = os.environ | ({"PGPASSWORD": unquote(parts.password)} if parts.password else {})
    address = urlunsplit(parts._replace(netloc=bare))
    done = subprocess.run(
        [program, *options, f"--dbname={address}"],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if done.returncode != 0:
        raise ToolFailed(f"{name} ended with {done.returncode}: {done.stderr.strip()[-1000:]}")


def copy_folder(source: Path, target: Path) -> None:
    """Files of a folder; those that are SQLite databases by its online backup, without what lies beside them.

    Databases first: a position that moves into a day's file meanwhile is in both then, never in neither.
    """
    files = [file for file in walk(source) if not file.name.endswith(("-wal", "-shm", "-journal", ".part"))]
    for is_first in (True, False):
        for file in files:
            if _is_sqlite(file) != is_first:
                continue
            put = target / file.relative_to(source)
            put.parent.mkdir(parents=True, exist_ok=True)
            if is_first:
                copy_sqlite(file, put)
            else:
                shutil.copyfile(file, put)


def walk(folder: Path) -> list[Path]:
    """All files below a folder; none where it is missing."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]


def digest(path: Path) -> str:
    """A file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(SQLITE_HEAD)) == SQLITE_HEAD


def _pack(folder: Path, part: Path, path: Path) -> None:
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # it holds keys and people
    with os.fdopen(handle, "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as packed:
            packed.add(folder / MANIFEST, MANIFEST)
            for one in walk(folder):
                if one.name != MANIFEST or one.parent != folder:
                    packed.add(one, str(one.relative_to(folder)))
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


def _plain(url: str) -> str:
    return urlunsplit(urlsplit(url)._replace(scheme="postgresql"))
