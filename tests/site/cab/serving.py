"""A real site on a port of its own, that a test stops and starts again; its rows are read from the database file."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from itertools import takewhile
from pathlib import Path
from typing import Any

PROGRAM = [sys.executable, "-c", "from nongshi.cli.main import run; run()"]
ROOT = Path(__file__).parents[3]
SEED = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from nongshi.site.base.services import make_link
from tests.site.cab.day import Day
print(make_link(Day({count}).driver, "cab"))
"""


class Site:
    """The site of one driver with `count` fields today."""

    def __init__(self, home: Path, count: int) -> None:
        self.home = home
        self._env = {k: v for k, v in os.environ.items() if not k.startswith(("NONGSHI_", "DATABASE_URL", "DJANGO_"))}
        self._env |= {
            "NONGSHI_HOME": str(home),
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "nongshi.site.settings",
        }
        self._env["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        seeded = subprocess.run(
            [sys.executable, "-c", SEED.format(count=count)], env=self._env, capture_output=True, text=True, check=True
        )
        self.link = seeded.stdout.split()[-1]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns once it listens."""
        options = ["serve", "--port", str(self.port), "--json", "--no-demo", "--no-worker"]
        self._process = subprocess.Popen([*PROGRAM, *options], env=self._env, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        said = b"".join(takewhile(lambda line: line not in (b"}\n", b""), iter(self._process.stdout.readline, None)))
        assert self._process.poll() is None, said
        json.loads(said + b"}")

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Returns once it is gone."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(timeout=30)
            self._process = None

    def rows(self, query: str) -> list[Any]:
        """What its database has."""
        with sqlite3.connect(self.home / "nongshi.sqlite3") as found:
            return found.execute(query).fetchall()
