"""The built files of pages: their names carry a hash, `manifest.json` knows them (made by `make assets`)."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.templatetags.static import static

from nongshi.core.errors import NotFound

FOLDER = Path(__file__).parents[1] / "assets"


def asset_url(name: str) -> str:
    """The address of `map.js` as it was built last.

    Raises:
        NotFound: no such entry was built.
    """
    found = manifest().get(name)
    if found is None:
        raise NotFound(f"there is no built file {name}; add web/src/{name} and run: make assets")
    return str(static(found["file"]))


def manifest() -> dict[str, Any]:
    """Entry -> file, sha256, bytes."""
    path = FOLDER / "manifest.json"
    return _read(path, path.stat().st_mtime_ns if settings.DEBUG else 0)


@lru_cache(maxsize=2)
def _read(path: Path, _stamp: int) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read
