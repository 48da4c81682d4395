"""The site as its users run it, in a process and a folder of its own, to be measured from outside."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nongshi.core.errors import NongshiError

PROGRAM = (sys.executable, "-c", "from nongshi.cli.main import run; run()")
END_S = 15


class SiteNotUp(NongshiError):
    """The site did not come up."""

    code = "site_not_up"


@dataclass(frozen=True, slots=True)
class Site:
    """Where it answers, and the demo's passwords by role."""

    address: str
    passwords: dict[str, str]
    process: subprocess.Popen[bytes]


@contextmanager
def served(*options: str, home: Path | None = None) -> Iterator[Site]:
    """`nongshi serve` with these options; without `home` in an empty folder that is gone afterwards.

    Raises:
        SiteNotUp: it ended before it answered; its last words are told.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = home or Path(scratch) / "home"
        log = Path(scratch) / "log.txt"
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("NONGSHI_", "DJANGO_"))}
        with log.open("wb") as err:
            process = subprocess.Popen(
                [*PROGRAM, "serve", "--port", "0", "--json", *options],
                env=inherited | {"NONGSHI_HOME": str(folder), "PYTHONUNBUFFERED": "1"},
                stdout=subprocess.PIPE,
                stderr=err,
            )
        try:
            yield _site(process, log)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=END_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _site(process: subprocess.Popen[bytes], log: Path) -> Site:
    assert process.stdout is not None
    said: list[bytes] = []
    while not said or said[-1] not in (b"}\n", b""):
        said.append(process.stdout.readline())
    if not said[-1]:
        raise SiteNotUp(f"nongshi serve ended before it answered: {log.read_text(errors='replace')[-2000:]}")
    told = json.loads(b"".join(said))
    return Site(told["address"], {one["role"]: one["password"] for one in told["logins"]}, process)
