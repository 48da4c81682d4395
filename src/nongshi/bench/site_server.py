"""The site as its users run it, in a process and a folder of its own, to be measured from outside."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
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
    """Where it answers, and the demo's logins by role."""

    address: str
    logins: dict[str, tuple[str, str]]  # role -> (login, password); empty without the demo
    process: subprocess.Popen[bytes]

    def cpu_ms(self) -> float:
        """Processor time that the server has used, its ended children with it; nan where the system does not say."""
        try:
            spent = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[11:15]
        except OSError:
            return float("nan")
        return sum(map(int, spent)) * 1000.0 / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(*options: str, home: Path | None = None, settings: Mapping[str, str] | None = None) -> Iterator[Site]:
    """`nongshi serve` with these options; without `home` in an empty folder that is gone afterwards.

    Args:
        options: of the command, such as "--no-demo".
        home: the site's folder.
        settings: of the environment, such as NONGSHI_API_RATE; those of whoever measures do not count.

    Raises:
        SiteNotUp: it ended before it answered; its last words are told.
    """
    with tempfile.TemporaryDirectory(prefix="nongshi-bench-") as scratch:
        folder = home or Path(scratch) / "home"
        log = Path(scratch) / "log.txt"
        with log.open("wb") as err:
            process = subprocess.Popen(
                [*PROGRAM, "serve", "--port", "0", "--json", *options],
                env=_environment(folder, settings),
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


def managed(home: Path, *words: str) -> str:
    """The last line that `nongshi manage WORDS` says about the site of a folder.

    Raises:
        SiteNotUp: it failed; its last words are told.
    """
    done = subprocess.run([*PROGRAM, "manage", *words], env=_environment(home), capture_output=True, text=True)
    if done.returncode:
        raise SiteNotUp(f"nongshi manage {words[0]} failed: {done.stderr[-2000:]}")
    return (done.stdout.splitlines() or [""])[-1]


def _environment(home: Path, settings: Mapping[str, str] | None = None) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("NONGSHI_", "DJANGO_", "DATABASE_URL"))}
    return kept | {"NONGSHI_HOME": str(home), "PYTHONUNBUFFERED": "1"} | dict(settings or {})


def _site(process: subprocess.Popen[bytes], log: Path) -> Site:
    assert process.stdout is not None
    said: list[bytes] = []
    while not said or said[-1] not in (b"}\n", b""):
        said.append(process.stdout.readline())
    if not said[-1]:
        raise SiteNotUp(f"nongshi serve ended before it answered: {log.read_text(errors='replace')[-2000:]}")
    told = json.loads(b"".join(said))
    logins = {one["role"]: (one["login"], one["password"]) for one in told["logins"]}
    return Site(told["address"], logins, process)
