"""Run a command with a PostgreSQL of its own: `python -m tests.postgres pytest tests/site -m "not browser"`.

Takes the server that DATABASE_URL names, else starts one in a folder of its own from the programs that are installed.
Where there are none it says so and ends well; in CI it ends badly, because there they are installed.
JUnit results of the command get a name of their own beside those of the first run.
"""

import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "nongshi"
NOBODY = "postgres"  # initdb refuses root; Debian's package makes this user


def main(command: list[str]) -> int:
    """The command's exit code."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        return run(command, given)
    programs = find_programs()
    if programs is None:
        print("PostgreSQL is not installed: the site's tests ran on SQLite only", file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else 0
    with started(programs) as url:
        return run(command, url)


def run(command: list[str], url: str) -> int:
    """Run with this database."""
    options = re.sub(r"(--junitxml=\S*?)\.xml", r"\1-postgres.xml", os.environ.get("PYTEST_ADDOPTS", ""))
    return subprocess.run(command, env=os.environ | {"DATABASE_URL": url, "PYTEST_ADDOPTS": options}).returncode


def find_programs() -> Path | None:
    """The folder of initdb and pg_ctl."""
    on_path = shutil.which("initdb")
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    found = Path(on_path) if on_path else (newest[-1] if newest else None)
    return found.parent if found is not None else None


@contextmanager
def started(programs: Path) -> Iterator[str]:
    """A server that listens on a socket of its own folder only, gone afterwards; its address."""
    with tempfile.TemporaryDirectory(prefix="nongshi-pg-") as name:
        folder = Path(name)
        as_user = as_nobody(folder)
        password = secrets.token_hex(8)
        (folder / "password").write_text(password)
        if as_user:
            shutil.chown(folder / "password", NOBODY)
        init = ["initdb", "-D", "data", "-U", USER, "-E", "UTF8", "--locale=C.UTF-8", "-A", "scram-sha-256"]
        subprocess.run([*as_user, programs / init[0], *init[1:], "--pwfile", "password"], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        server = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c max_connections=100"
        control = [*as_user, programs / "pg_ctl", "-D", "data", "-w", "-l", "log"]
        subprocess.run([*control, "-o", server, "start"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        try:
            host = str(folder).replace("/", "%2F")
            yield f"postgres://{USER}:{password}@{host}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], cwd=folder, stdout=subprocess.DEVNULL)


def as_nobody(folder: Path) -> list[str]:
    """What to put before a command so that it is not root's; the folder becomes that user's."""
    if os.geteuid() != 0:
        return []
    folder.chmod(0o755)
    shutil.chown(folder, NOBODY)
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
