"""Jobs by the API: each sees its own, a change says from which version it was made."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from nongshi.site.register.models import Field


def wanted(person: Any, **more: Any) -> dict[str, Any]:
    field = Field.objects.filter(grower=person).first()
    today = timezone.localdate()
    until = today + timedelta(days=3)
    return {"field_id": field.pk, "operation": "rice_harvest", "since": str(today), "until": str(until)} | more


def test_a_job_is_posted_read_and_called_off(caller: Any) -> None:
    farmer = caller("farmer")
    posted = farmer.post("/jobs", wanted(farmer.person))
    assert posted.status_code == 201, posted.content
    job = posted.json()
    assert posted["Location"] == f"/api/v1/jobs/{job['id']}"
    assert posted["ETag"] == job["etag"]
    found = farmer.get(f"/jobs/{job['id']}")
    assert found.json() == job
    assert farmer.get(f"/jobs/{job['id']}", If_None_Match=job["etag"]).status_code == 304
    where = f"/jobs/{job['id']}/cancel"
    assert farmer.post(where).status_code == 428
    assert farmer.post(where, If_Match='"1-0"').status_code == 412
    gone = farmer.post(where, If_Match=job["etag"])
    assert (gone.status_code, gone.json()["status"]) == (200, "cancelled")
    assert farmer.post(where, If_Match=gone.json()["etag"]).status_code == 400


def test_a_list_has_pages_and_filters(caller: Any) -> None:
    dispatcher = caller("dispatcher")
    first = dispatcher.get("/jobs?limit=3").json()
    assert len(first["rows"]) == 3
    assert first["total"] > 3
    answer = dispatcher.get("/jobs?limit=3&page=2&status=posted")
    assert 'rel="prev"' in answer["Link"]
    ids = {row["id"] for row in first["rows"]} & {row["id"] for row in answer.json()["rows"]}
    assert ids == set()
    assert dispatcher.get("/jobs?status=done").json()["total"] == 0
    assert dispatcher.get("/jobs?limit=201").status_code == 422
