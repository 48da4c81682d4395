"""What holds for every operation: who asks, faults by name, once only, nothing half done, limits."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.site.api.test_jobs import wanted

from nongshi.site.api.urls import v1
from nongshi.site.base import api_http, once
from nongshi.site.base.models import Answered, ApiToken, Event, User
from nongshi.site.base.services import find_token, make_token
from nongshi.site.jobs import services as jobs
from nongshi.site.jobs.models import FieldJob
from nongshi.site.register.models import Field

PROBLEM = "application/problem+json"


def said(answer: Any) -> tuple[int, str]:
    assert answer["Content-Type"] == PROBLEM, answer.content
    assert answer.json()["status"] == answer.status_code
    return answer.status_code, answer.json()["type"].removeprefix("urn:nongshi:")


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/nothing", (404, "not_found")),
        ("GET", "/jobs/999999", (404, "not_found")),
        ("PUT", "/jobs", (405, "method_not_allowed")),
        ("GET", "/jobs/x", (422, "bad_input")),
        ("GET", "/jobs/99999999999999999999", (422, "bad_input")),
        ("GET", "/jobs?page=0", (422, "bad_input")),
        ("GET", "/jobs?ref=%00", (422, "bad_input")),
        ("GET", "/events?since=0001-01-01T00:00:00Z", (422, "bad_input")),
        ("GET", "/events?since=9999-12-31T23:59:59-12:00", (422, "bad_input")),
    ],
)
def test_a_fault_has_its_name(caller: Any, method: str, path: str, code: tuple[int, str]) -> None:
    answer = caller("dispatcher").ask(method, path)
    assert said(answer) == code
    if code[0] == 405:
        assert answer["Allow"] == "GET, OPTIONS, POST"


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"{", "application/json", (422, "bad_input")),
        (b'{"stars": NaN}', "application/json", (422, "bad_input")),
        (b'{"a": "\\u0000"}', "application/json", (422, "bad_input")),
        (b'{"a": "\\ud800"}', "application/json", (422, "bad_input")),
        (b"[" * 100_000, "application/json", (422, "bad_input")),
        (b'{"a": ' + b"9" * 5000 + b"}", "application/json", (422, "bad_input")),
        (b"\xff\xfe", "application/json", (422, "bad_input")),
        (b"a=1", "application/x-www-form-urlencoded", (415, "unsupported_type")),
        (b" " * (api_http.BODY_BYTES_MAX + 1), "application/json", (413, "too_large")),
    ],
    ids=["half", "nan", "nul", "surrogate", "deep", "huge", "bytes", "form", "large"],
)
def test_a_body_that_cannot_be_read_is_refused(caller: Any, body: bytes, kind: str, code: tuple[int, str]) -> None:
    farmer = caller("farmer")
    answer = farmer.client.generic("POST", "/api/v1/jobs", body, content_type=kind, headers=farmer.head)
    assert said(answer) == code


@pytest.mark.parametrize(
    "change",
    [
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"since": 0},
        {"field_id": True},
        {"field_id": "1"},
        {"area_ha": 1e308},
        {"operation": "mow"},
        {"more": 1},
    ],
    ids=str,
)
def test_a_job_that_cannot_be_right_is_refused_and_not_kept(caller: Any, change: Any) -> None:
    farmer, before = caller("farmer"), FieldJob.objects.count()
    assert said(farmer.post("/jobs", wanted(farmer.person, **change))) == (422, "bad_input")
    assert FieldJob.objects.count() == before


def test_a_fault_of_ours_tells_nothing_but_that(caller: Any, monkeypatch: Any) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret of the house")

    farmer = caller("farmer")
    monkeypatch.setattr(jobs, "post_job", broken)
    answer = farmer.post("/jobs", wanted(farmer.person))
    assert said(answer) == (500, "error")
    assert b"secret" not in answer.content


def test_the_same_post_again_gets_the_same_answer_and_is_done_once(caller: Any) -> None:
    farmer, before = caller("farmer"), FieldJob.objects.count()
    body = wanted(farmer.person)
    first = farmer.post("/jobs", body, Idempotency_Key="k1")
    again = farmer.post("/jobs", body, Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again["Idempotent-Replayed"] == "true"
    assert FieldJob.objects.count() == before + 1
    assert said(farmer.post("/jobs", body | {"note": "x"}, Idempotency_Key="k1")) == (422, "key_reused")
    assert farmer.post("/jobs", body, Idempotency_Key="k2").json()["id"] != first.json()["id"]
    assert said(farmer.post("/jobs", body, Idempotency_Key="")) == (422, "bad_input")


def test_anothers_key_is_anothers(caller: Any) -> None:
    farmer, clerk = caller("farmer"), caller("clerk")
    body = wanted(farmer.person)
    first, second = (one.post("/jobs", body, Idempotency_Key="k") for one in (farmer, clerk))
    assert first.json()["id"] != second.json()["id"]


def test_what_failed_is_not_kept_so_that_it_may_be_tried_again(caller: Any, monkeypatch: Any) -> None:
    farmer, real = caller("farmer"), jobs.post_job
    count, events = FieldJob.objects.count(), Event.objects.count()

    def half(*given: Any) -> None:
        real(*given)
        raise RuntimeError("after half of it")

    monkeypatch.setattr(jobs, "post_job", half)
    body = wanted(farmer.person)
    assert farmer.post("/jobs", body, Idempotency_Key="k").status_code == 500
    assert (FieldJob.objects.count(), Event.objects.count(), Answered.objects.count()) == (count, events, 0)
    monkeypatch.setattr(jobs, "post_job", real)
    assert farmer.post("/jobs", body, Idempotency_Key="k").status_code == 201


def test_a_request_in_flight_is_not_begun_twice(caller: Any, monkeypatch: Any) -> None:
    farmer, inside = caller("farmer"), []
    real = jobs.post_job

    def slow(*given: Any) -> Any:
        inside.append(said(farmer.post("/jobs", body, Idempotency_Key="k")))
        return real(*given)

    monkeypatch.setattr(jobs, "post_job", slow)
    body = wanted(farmer.person)
    assert farmer.post("/jobs", body, Idempotency_Key="k").status_code == 201
    assert inside == [(409, "in_flight")]
    assert once._busy == set()
    assert threading.active_count() >= 1


def test_kept_answers_are_forgotten_after_days(caller: Any) -> None:
    farmer = caller("farmer")
    farmer.post("/jobs", wanted(farmer.person), Idempotency_Key="old")
    Answered.objects.update(created=timezone.now() - timedelta(days=once.KEPT_DAYS, minutes=1))
    farmer.post("/jobs", wanted(farmer.person), Idempotency_Key="new")
    assert list(Answered.objects.values_list("key", flat=True)) == ["new"]


@pytest.mark.parametrize(
    ("rights", "path", "status"),
    [
        (("read",), "/jobs", 403),
        (("write",), "/seasons/{season}/plans", 403),
        (("read", "plan"), "/seasons/{season}/plans", 202),
        (("plan",), "/jobs", 403),
    ],
)
def test_a_key_does_what_its_rights_say(caller: Any, demo: Any, rights: Any, path: str, status: int) -> None:
    dispatcher = caller("dispatcher", rights=rights)
    assert dispatcher.post(path.replace("{season}", str(demo.pk)), {}).status_code == status
    assert dispatcher.get("/me").status_code == (200 if "read" in rights else 403)


def test_a_key_that_is_revoked_out_of_date_or_of_a_login_switched_off_opens_nothing(caller: Any) -> None:
    farmer = caller("farmer")
    assert farmer.get("/me").status_code == 200
    User.objects.filter(username="farmer").update(is_active=False)
    assert said(farmer.get("/me")) == (401, "unauthorized")
    User.objects.filter(username="farmer").update(is_active=True)
    ApiToken.objects.update(expires=timezone.now())
    assert farmer.get("/me").status_code == 401
    ApiToken.objects.update(expires=None, revoked=timezone.now())
    assert farmer.get("/me").status_code == 401


def test_find_token_minds_the_login(caller: Any) -> None:
    person = caller("farmer").person
    secret = make_token(person, "x", ["read"])
    assert find_token(secret) is not None
    User.objects.filter(pk=person.user_id).update(is_active=False)
    assert find_token(secret) is None


def test_a_key_is_looked_up_once_a_second_at_most(caller: Any, settings: Any, monkeypatch: Any) -> None:
    farmer, clock = caller("farmer"), [100.0]
    settings.API_KEPT_S = 1.0
    monkeypatch.setattr(api_http.time, "monotonic", lambda: clock[0])
    assert farmer.get("/me").status_code == 200
    ApiToken.objects.update(revoked=timezone.now())
    clock[0] += 0.9
    assert farmer.get("/me").status_code == 200
    clock[0] += 0.2
    assert farmer.get("/me").status_code == 401


def test_a_session_may_look_and_changes_only_with_its_csrf_token(demo: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="farmer"))
    assert client.get("/api/v1/me").status_code == 200
    body = wanted(User.objects.get(username="farmer").person)
    send = {"data": body, "content_type": "application/json"}
    assert said(client.post("/api/v1/jobs", **send)) == (403, "forbidden")
    client.get("/")
    token = client.cookies["csrftoken"].value
    assert client.post("/api/v1/jobs", **send, headers={"X-CSRFToken": token}).status_code == 201
    bearer = {"Authorization": "Bearer wrong", "X-CSRFToken": token}
    assert client.post("/api/v1/jobs", **send, headers=bearer).status_code == 401


def test_requests_are_counted_by_key(caller: Any, settings: Any) -> None:
    settings.API_RATE = 2
    farmer, clerk = caller("farmer"), caller("clerk")
    assert farmer.get("/me")["X-RateLimit-Remaining"] == "1"
    assert farmer.get("/me")["X-RateLimit-Remaining"] == "0"
    answer = farmer.get("/me")
    assert said(answer) == (429, "too_many")
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert clerk.get("/me").status_code == 200


def test_head_is_answered_without_a_body(caller: Any) -> None:
    answer = caller("farmer").ask("HEAD", "/jobs")
    assert (answer.status_code, answer.content) == (200, b"")


def test_readers_take_no_lock_and_writers_one(caller: Any) -> None:
    callbacks = [pattern.callback for pattern in v1 if pattern.name not in ("document", "reference")]
    assert callbacks
    assert all("default" in callback._non_atomic_requests for callback in callbacks)


def test_a_field_with_its_outline_there_and_back(caller: Any) -> None:
    clerk = caller("clerk")
    ring = [[121.2, 30.8], [121.201, 30.8], [121.201, 30.801], [121.2, 30.8]]
    outline = {"type": "Polygon", "coordinates": [ring]}
    given = {"org_id": clerk.person.org_id, "ref": "F900", "name": "东三丘", "area_ha": 0.5}
    given |= {"gate_lon": 121.2, "gate_lat": 30.8, "outline": outline}
    made = clerk.post("/fields", given)
    assert made.status_code == 201, made.content
    row = made.json()
    assert row["outline"] == outline
    assert clerk.post("/fields", given).status_code == 422
    crossed = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]]}
    where = f"/fields/{row['id']}"
    assert clerk.ask("PATCH", where, {"outline": crossed}, If_Match=row["etag"]).status_code == 422
    changed = clerk.ask("PATCH", where, {"name": "东四丘"}, If_Match=row["etag"]).json()
    assert (changed["name"], changed["version"], changed["outline"]) == ("东四丘", 2, outline)
    assert said(clerk.ask("PATCH", where, {"name": "x"}, If_Match=row["etag"])) == (412, "precondition_failed")
    assert said(clerk.ask("PATCH", where, {"name": None}, If_Match="*")) == (422, "bad_input")
    assert clerk.ask("DELETE", where, If_Match=changed["etag"]).status_code == 204
    assert not Field.objects.filter(pk=row["id"]).exists()
    assert Event.objects.filter(about=f"field:{row['id']}").count() == 3


def test_a_field_with_jobs_stays(caller: Any) -> None:
    clerk = caller("clerk")
    field = FieldJob.objects.filter(org=clerk.person.org).first().field
    assert said(clerk.ask("DELETE", f"/fields/{field.pk}", If_Match="*")) == (409, "in_use")
