"""A backup put back into an empty place, and compared with what it was made from."""

import json
import os
import shutil
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from nongshi.core.errors import BadInput, BadUsage
from nongshi.site.backup import FORMAT, MANIFEST, Tell, digest, postgres, run_tool, walk
from nongshi.site.places_kept import KEYS, Kept
from nongshi.site.table_hashes import Counted, differences, of_postgres, of_sqlite


def restore(path: Path, kept: Kept, *, tell: Tell = lambda words: None) -> dict[str, Any]:
    """Put a backup into an empty place; its manifest. Nothing is put anywhere before the whole file was read and sound.

    Raises:
        BadUsage: the place is not empty, or the database is of another kind.
        BadInput: no backup, or one that was damaged.
    """
    check_empty(kept)
    with tempfile.TemporaryDirectory(dir=kept.home, prefix=".restore-") as scratch:
        folder = Path(scratch)
        tell("reading")
        manifest = unpack(path, folder)
        if manifest["database"] != kept.vendor:
            raise BadUsage(
                f"{path} holds a database of {manifest['database']}, but DATABASE_URL names one of {kept.vendor}; "
                "restore it into the same kind"
            )
        tell("database")
        tables = {name: Counted(**one) for name, one in manifest["tables"].items()}
        _check(of_sqlite(folder / "db.sqlite3") if kept.sqlite else _load_postgres(kept.url, folder), tables)
        tell("files")
        for name in kept.folders:
            if (folder / "files" / name).exists():
                _put(folder / "files" / name, kept.folders[name])
        for name in KEYS:
            if (folder / "keys" / name).exists():
                shutil.move(folder / "keys" / name, kept.home / name)
                (kept.home / name).chmod(0o600)
        if kept.sqlite is not None:  # last: a database that is there belongs to a whole place
            kept.sqlite.parent.mkdir(parents=True, exist_ok=True)
            os.replace(folder / "db.sqlite3", kept.sqlite)
    return manifest


def check_empty(kept: Kept) -> None:
    """Refuse a place where something is.

    Raises:
        BadUsage: naming everything that is there.
    """
    there = [str(kept.home / name) for name in KEYS if (kept.home / name).exists()]
    there += [str(folder) for folder in kept.folders.values() if walk(folder)]
    if kept.sqlite is not None:
        there += [str(kept.sqlite)] if kept.sqlite.exists() else []
    else:
        with postgres(kept.url) as connection:
            tables = of_postgres(connection.cursor())
        there += [f"{len(tables)} tables of the database"] if tables else []
    if there:
        raise BadUsage(f"a backup goes into an empty place only; there is already: {', '.join(there)}")


def unpack(path: Path, folder: Path) -> dict[str, Any]:
    """The backup's files in a folder, each with the hash that the manifest names; the manifest.

    Raises:
        BadInput: no backup, or one that was damaged.
    """
    try:
        with tarfile.open(path, "r:gz") as packed:
            _extract(packed, folder)
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise BadInput(f"{path} has the format {manifest['format']}; this version reads {FORMAT}")
        wanted: dict[str, str] = manifest["files"]
    except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError, FileNotFoundError, OSError) as fault:
        if isinstance(fault, FileNotFoundError) and not path.exists():
            raise
        raise BadInput(f"{path} is no backup, or was damaged ({fault}); take another one") from fault
    found = {str(file.relative_to(folder)): digest(file) for file in walk(folder) if file != folder / MANIFEST}
    wrong = sorted(name for name in {*wanted, *found} if wanted.get(name) != found.get(name))
    if wrong:
        raise BadInput(f"{path} was damaged; take another one. Not as they were kept: {', '.join(wrong[:20])}")
    return dict(manifest)


def _extract(packed: tarfile.TarFile, folder: Path) -> None:
    """Plain files below the folder and nothing else; tarfile's own filter for this came only with Python 3.11.4."""
    base = folder.resolve()
    for member in packed:
        target, content = (base / member.name).resolve(), packed.extractfile(member) if member.isfile() else None
        if member.isdir():
            continue
        if content is None or not target.is_relative_to(base):
            raise ValueError(f"{member.name} is no plain file of a backup")
        target.parent.mkdir(parents=True, exist_ok=True)
        with content, target.open("wb") as put:
            shutil.copyfileobj(content, put)


def _load_postgres(url: str, folder: Path) -> dict[str, Counted]:
    run_tool("pg_restore", url, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
             str(folder / "db.dump"))  # fmt: skip
    with postgres(url) as connection:
        return of_postgres(connection.cursor())


def _check(found: dict[str, Counted], wanted: dict[str, Counted]) -> None:
    wrong = differences(wanted, found)
    if wrong:
        raise BadInput(f"the restored database differs from the one that was kept: {'; '.join(wrong[:20])}")


def _put(source: Path, target: Path) -> None:
    for file in walk(source):
        put = target / file.relative_to(source)
        put.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(file, put)


def check_site() -> list[str]:
    """What is wrong with the site's own promises, in the database that Django is set up on; empty is well."""
    from django.db import connection

    from nongshi.site.base.audit import verify_database
    from nongshi.site.money.services import check_books
    from nongshi.site.orders.checks import check_places

    wrong = [*check_books(), *check_places(), *(verify_database().faults or [])]
    try:
        connection.check_constraints()
    except Exception as fault:  # an integrity error of whichever driver
        wrong.append(str(fault))
    return wrong
