"""An open stream does not keep the server from ending, and nothing is cut off half-way."""

import http.client
import os
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

from tests.site.test_starting import END_S, PROGRAM, Site

PEOPLE = """
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from nongshi.site.base.models import Org, Person, Role, User
org = Org.objects.create(kind="coop", code="langxia", name="廊下")
user = User.objects.create_user("li", password="x")
Role.objects.create(person=Person.objects.create(org=org, name="李四", user=user), org=org, kind="dispatcher")
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session.create()
print("SESSION", session.session_key)
"""


def managed(home: Path, *words: str, **more: str) -> str:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("NONGSHI_", "DATABASE_URL", "DJANGO_"))}
    return subprocess.run(
        [*PROGRAM, "manage", *words],
        env=kept | {"NONGSHI_HOME": str(home)} | more,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_a_server_with_an_open_stream_ends_within_its_time(tmp_path: Path) -> None:
    home = tmp_path / "home"
    managed(home, "migrate", "--verbosity", "0")
    session = managed(home, "shell", "-c", PEOPLE).partition("SESSION ")[2].strip()
    site = Site(home, "--no-demo", "--no-worker")
    try:
        where = urlsplit(site.said["address"])
        line = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
        line.request("GET", "/feeds/live", headers={"Cookie": f"sessionid={session}"})
        answer = line.getresponse()
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/event-stream")
        while b"event: ready" not in answer.readline():
            pass
        began = time.monotonic()
        assert site.end() == 0
        assert time.monotonic() - began < END_S
        rest = answer.read()  # to its proper end: nothing is left open
        assert b"event: ready" not in rest
    finally:
        site.process.kill()
        site.process.wait()
        site.log.close()
