"""Where the site's things lie: database, files, keys, positions. Known without Django, so that they can be restored."""

import os
from dataclasses import dataclass
from pathlib import Path

import dj_database_url

from nongshi.core.errors import BadUsage
from nongshi.site import conf

KEYS = ("secret.key", "field.key")
FOLDERS = ("uploads", "audit")  # of the home folder


@dataclass(frozen=True, slots=True)
class Kept:
    """The places of one site."""

    home: Path
    sqlite: Path | None  # the database's file; None: it is PostgreSQL
    url: str  # PostgreSQL's address
    folders: dict[str, Path]  # name in a backup -> folder

    @property
    def vendor(self) -> str:
        """As Django calls it."""
        return "postgresql" if self.sqlite is None else "sqlite"


def kept() -> Kept:
    """As the environment says.

    Raises:
        BadUsage: a kind of database that cannot be backed up here.
    """
    home = conf.home()
    url = os.environ.get("DATABASE_URL", "")
    parsed = dj_database_url.parse(url or f"sqlite:///{home / 'nongshi.sqlite3'}")
    engine = parsed["ENGINE"].rsplit(".", 1)[-1]
    if engine not in ("sqlite3", "postgresql"):
        raise BadUsage(f"a database of the kind {engine} is backed up with its own tools")
    folders = {name: home / name for name in FOLDERS}
    if os.environ.get("NONGSHI_AUDIT"):
        folders["audit"] = Path(os.environ["NONGSHI_AUDIT"])
    if os.environ.get("NONGSHI_POSITIONS"):
        folders["positions"] = Path(os.environ["NONGSHI_POSITIONS"])
    return Kept(home, Path(parsed["NAME"]) if engine == "sqlite3" else None, url, folders)
