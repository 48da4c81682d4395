"""The Python client is made from the schema; what it repeats is done once."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.utils import timezone
from tests.site.api.fuzz import kept_connection

import nongshi.client
from nongshi.client import ApiError, Client
from nongshi.client.make import make_client
from nongshi.site.api.document import make_document
from nongshi.site.base.models import User
from nongshi.site.base.services import make_token
from nongshi.site.demo import make_demo
from nongshi.site.jobs.models import FieldJob

HERE = Path(nongshi.client.__file__).parent
Ask = Callable[[httpx.Request], httpx.Response]


class Line(httpx.BaseTransport):
    """The site behind a line that may fail: `cut` answers get lost on their way back."""

    def __init__(self, cut: int = 0) -> None:
        self.site, self.cut, self.asked = httpx.WSGITransport(app=WSGIHandler()), cut, 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        response = self.site.handle_request(request)
        if self.asked <= self.cut:
            response.read()
            raise httpx.ReadError("the line broke")
        return response


@pytest.fixture
def site(db: Any) -> Iterator[Callable[..., Client]]:
    make_demo(fields=20)
    key = make_token(User.objects.get(username="farmer").person, "test", ("read", "write"))

    def make(line: Line | None = None, **more: Any) -> Client:
        return Client("http://localhost", key, transport=line or Line(), sleep=lambda seconds: None, **more)

    with kept_connection():
        yield make


def wish(client: Client) -> Any:
    today = timezone.localdate()
    field = client.list_fields()["rows"][0]
    until = today + timedelta(days=3)
    return {"field_id": field["id"], "operation": "rice_harvest", "since": str(today), "until": str(until)}


@pytest.mark.parametrize("file", ["models.py", "operations.py"])
def test_the_client_is_what_the_schema_makes(file: str) -> None:
    assert make_client(make_document())[file] == (HERE / file).read_text(encoding="utf-8")


def test_every_operation_has_its_method() -> None:
    names = {one["operationId"] for path in make_document()["paths"].values() for one in path.values()}
    assert [name for name in names if not callable(getattr(Client, name, None))] == []


def test_a_job_from_wish_to_called_off(site: Any) -> None:
    with site() as client:
        assert client.get_me()["name"]
        job = client.post_job(wish(client))
        assert client.get_job(job["id"]) == job
        gone = client.cancel_job(job["id"], if_match=job["etag"])
        assert gone["status"] == "cancelled"
        with pytest.raises(ApiError) as found:
            client.cancel_job(job["id"], if_match=job["etag"])
        assert (found.value.status, found.value.kind) == (412, "precondition_failed")


def test_pages_follow_one_another(site: Any) -> None:
    with site() as client:
        every = list(client.pages(client.list_jobs, limit=2))
        assert [job["id"] for job in every] == [job["id"] for job in client.list_jobs()["rows"]]


def test_an_answer_lost_on_its_way_is_asked_for_again_and_the_job_posted_once(site: Any) -> None:
    wanted, before = wish(site()), FieldJob.objects.count()
    line = Line(cut=2)
    job = site(line).post_job(wanted)
    assert line.asked == 3
    assert FieldJob.objects.count() == before + 1
    assert FieldJob.objects.filter(pk=job["id"]).exists()


def test_a_change_whose_answer_was_lost_is_not_sent_blindly_again(site: Any) -> None:
    client = site()
    me = client.get_person(client.get_me()["id"])
    line = Line(cut=1)
    with pytest.raises(httpx.ReadError):
        site(line).change_person(me["id"], {"phone": "139"}, if_match=me["etag"])
    assert line.asked == 1


def test_a_line_that_stays_broken_is_given_up(site: Any) -> None:
    line = Line(cut=99)
    with pytest.raises(httpx.ReadError):
        site(line, tries=3).get_me()
    assert line.asked == 3


def test_who_asks_too_often_waits_as_long_as_the_site_says(settings: Any, site: Any, monkeypatch: Any) -> None:
    settings.API_RATE = 2
    clock = [1_000_000.0]
    monkeypatch.setattr("nongshi.site.base.limits.time.time", lambda: clock[0])
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        clock[0] += seconds

    client = site()
    client._sleep = sleep
    for _ in range(3):
        client.get_me()
    assert waited == [20.0]  # 1,000,000 s is 40 s into its minute


def test_a_fault_that_is_no_json_is_told_as_text() -> None:
    line = httpx.MockTransport(lambda request: httpx.Response(502, text="bad gateway"))
    with Client("http://localhost", "x", transport=line) as client, pytest.raises(ApiError, match="bad gateway"):
        client.get_me()


def test_every_post_carries_a_key_of_its_own() -> None:
    keys = []

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers.get("Idempotency-Key"))
        return httpx.Response(200, text=json.dumps({}))

    client = Client("http://localhost", "x", transport=httpx.MockTransport(answer))
    client.read_notice(1)
    client.read_notice(1)
    client.read_notice(1, key="mine")
    client.get_me()
    assert len(set(keys[:2])) == 2
    assert keys[2:] == ["mine", None]
