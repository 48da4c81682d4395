"""`nongshi serve`: a first start, a sign-in, an end within ten seconds, and nothing lost."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from typer.testing import CliRunner

from nongshi.cli import serve
from nongshi.cli.main import app
from nongshi.core.errors import MissingExtra
from nongshi.site import conf, starting
from nongshi.site.base.rights import RoleKind

PROGRAM = [sys.executable, "-c", "from nongshi.cli.main import run; run()"]
END_S = 10  # the promise
FIRST_START_S = 180  # a busy machine; only to fail instead of hanging


class Site:
    """A site that was started, and what it said."""

    def __init__(self, home: Path, *options: str) -> None:
        said = {"NONGSHI_HOME": str(home), "PYTHONUNBUFFERED": "1"}
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("NONGSHI_", "DATABASE_URL", "DJANGO_"))}
        self.log = (home.parent / "log.txt").open("wb")
        self.process = subprocess.Popen(
            [*PROGRAM, "serve", "--port", "0", "--json", *options],
            env=kept | said,
            stdout=subprocess.PIPE,
            stderr=self.log,
        )
        assert self.process.stdout is not None
        lines = list(takewhile(lambda line: line not in (b"}\n", b""), iter(self.process.stdout.readline, None)))
        assert self.process.poll() is None, (home.parent / "log.txt").read_text()
        self.said: dict[str, Any] = json.loads(b"".join(lines) + b"}")

    def ask(self, path: str, body: dict[str, str] | None = None, cookies: str = "") -> Any:
        where = urlsplit(self.said["address"])
        line = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
        headers = {"Cookie": cookies, "Origin": self.said["address"]}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line.request("GET" if body is None else "POST", path, urlencode(body or {}), headers)
        return line.getresponse()

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=END_S)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def site(home: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    started = Site(home, *getattr(request, "param", ()))
    yield started
    started.process.kill()
    started.process.wait()
    started.log.close()


def test_a_first_start_gives_a_login_per_role_and_ends_when_told(site: Site, home: Path) -> None:
    logins = {one["role"]: one for one in site.said["logins"]}
    assert set(logins) == {*RoleKind, "admin"}
    assert site.ask("/health").status == 200
    page = site.ask("/accounts/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
    cookies = "; ".join(one.split(";")[0] for one in page.headers.get_all("Set-Cookie"))
    assert token is not None
    body = {"login": "clerk", "password": logins["clerk"]["password"], "csrfmiddlewaretoken": token.group(1)}
    assert site.ask("/accounts/login/", body, cookies).status == 302
    assert site.end() == 0
    again = Site(home, "--no-worker")
    assert again.said["logins"] == []
    assert again.end() == 0
    again.log.close()


@pytest.mark.parametrize("site", [["--no-demo"]], indirect=True)
def test_a_killed_server_takes_its_worker_along(site: Site) -> None:
    listed = Path(f"/proc/{site.process.pid}/task/{site.process.pid}/children")
    if not listed.exists():
        return  # only Linux tells
    children: list[str] = []
    while not children:
        site.ask("/health").read()
        children = listed.read_text().split()
    site.process.kill()
    site.process.wait()
    worker = Path(f"/proc/{children[0]}")
    for _ in range(200):
        if not worker.exists() or "Z" in (worker / "stat").read_text().rsplit(")", 1)[1][:3]:
            return
        subprocess.run([sys.executable, "-c", "import time; time.sleep(0.1)"], check=True)
    pytest.fail("the worker lives on")


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    bound = starting.listen("127.0.0.1", 0)
    with bound, pytest.raises(OSError, match="in use"):
        starting.listen("127.0.0.1", bound.getsockname()[1])


def test_names_and_address_follow_from_where_it_listens() -> None:
    assert starting.defaults("127.0.0.1", 8000)["NONGSHI_URL"] == "http://127.0.0.1:8000"
    assert "farm.example" in starting.defaults("farm.example", 80)["NONGSHI_HOSTS"].split(",")
    assert "0.0.0.0" not in starting.defaults("0.0.0.0", 80)["NONGSHI_HOSTS"]


def test_without_the_extra_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "NEEDED", ("a_package_that_is_not_there",))
    answer = CliRunner().invoke(app, ["serve"])
    assert answer.exit_code == MissingExtra.exit_code
    assert "nongshi[site]" in answer.output


def test_the_documented_home_is_the_real_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(conf.HOME_VARIABLE, raising=False)
    assert conf.home() == tmp_path / serve.DEFAULT_HOME


def test_commands_of_django_run_on_the_site() -> None:
    assert CliRunner().invoke(app, ["manage", "check"]).exit_code == 0


def test_every_role_has_its_words_in_the_terminal() -> None:
    from nongshi.cli.texts import TEXTS

    assert {f"site_role_{kind}" for kind in RoleKind} <= set(TEXTS)
