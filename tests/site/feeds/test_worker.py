"""A worker process sends what is due, beside its queue, and ends when told."""

import json
import os
import signal
import subprocess
import threading
from pathlib import Path

import pytest
from django.test import override_settings
from tests.site.feeds.receiver import receiving
from tests.site.feeds.test_live_ending import managed
from tests.site.serving import until
from tests.site.test_starting import END_S, PROGRAM

from nongshi.site.feeds.postman import run_postman
from nongshi.site.feeds.signing import verify
from nongshi.site.work import services

MADE = """
from nongshi.site.base.models import Org, Person, Role
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.base.services import log, scope_of
from nongshi.site.feeds.webhooks import make_webhook
from nongshi.site.plans.models import Notice
org = Org.objects.create(kind="coop", code="langxia", name="廊下")
person = Person.objects.create(org=org, name="李四")
Role.objects.create(person=person, org=org, kind="dispatcher")
hook, secret = make_webhook(scope_of(person), org.pk, name="x", url="URL", kinds=["job"])
for number in range(3):
    log("JobPosted", f"job:{number}", scope=EVERYTHING, org_id=org.pk)
Notice.objects.create(org=org, person=person, about="job:1", text="改到周四")
print("SECRET", secret)
"""


def test_a_worker_sends_webhooks_and_notices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    with receiving() as receiver:
        more = {"NONGSHI_HOME": str(home), "NONGSHI_WEBHOOK_HOSTS": "127.0.0.1", "NONGSHI_NOTIFY": "file"}
        managed(home, "migrate", "--verbosity", "0")
        secret = managed(home, "shell", "-c", MADE.replace("URL", receiver.url), **more).partition("SECRET ")[2].strip()
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("NONGSHI_", "DATABASE_URL", "DJANGO_"))}
        worker = subprocess.Popen([*PROGRAM, "worker"], env=kept | more)
        try:
            until(lambda: len(receiver.came) >= 3 and (home / "notices.jsonl").exists(), tries=800)
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(timeout=END_S) == 0
        finally:
            worker.kill()
            worker.wait()
    assert [json.loads(body)["data"]["about"] for _, body in receiver.came] == ["job:0", "job:1", "job:2"]
    assert all(verify(secret, headers, body) for headers, body in receiver.came)
    lines = (home / "notices.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["text"] for line in lines] == ["改到周四"]


def test_the_postman_goes_beside_the_queue_and_stops_when_told() -> None:
    assert run_postman in services.BESIDE
    stop = threading.Event()
    stop.set()
    with override_settings(NOTIFY=[]):
        run_postman(stop)  # returns
