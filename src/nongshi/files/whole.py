"""A file is written whole or not at all: a reader never meets half of one, and a failure leaves the old one."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

MODE_NEW_FILE = 0o644  # what an editor would give; mkstemp alone leaves 0o600, closed to colleagues


def write_whole(path: Path, content: str | bytes) -> None:
    """Put `content` at `path` in one step; text is UTF-8 with its line ends kept as they are.

    The bytes go to a temporary file in the same folder, reach the disk, and then take the name: on any
    failure the old file stays as it was and the temporary one is removed. Parent folders are made.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    mode = path.stat().st_mode & 0o777 if path.exists() else MODE_NEW_FILE
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise
