"""The farmer's page: a job is kept once, wrong input comes back, every own job can be followed and judged."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.site.texts import leftovers
from tests.site.world import make_coop, make_person, plan_season

from nongshi.site.base.models import User
from nongshi.site.base.rights import RoleKind
from nongshi.site.farmer import services
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.plans.models import Notice
from nongshi.site.register.models import Field

KEY = "form-key-of-a-test"


@pytest.fixture
def farmer(coop: Any) -> Any:
    person = make_person(coop, RoleKind.FARMER, login="f")
    for n in (1, 2):
        Field.objects.create(
            org=coop, ref=f"F{n}", name=f"东塘{n}号田", grower=person, area_ha=1.2, gate_lon=121.2, gate_lat=30.8
        )
    return person


@pytest.fixture
def client(farmer: Any) -> Client:
    found = Client()
    found.force_login(farmer.user)
    return found


@pytest.fixture
def job(farmer: Any, client: Client) -> FieldJob:
    client.post("/farmer/", said(farmer))
    return FieldJob.objects.get()


def said(farmer: Any, **more: str) -> dict[str, str]:
    field = Field.objects.filter(grower=farmer).first()
    day = timezone.localdate() + timedelta(days=2)
    return {"field": str(field.pk), "work": "rice_harvest", "day": day.isoformat(), "key": KEY} | more


def test_field_work_and_day_make_a_job(farmer: Any, client: Client) -> None:
    answer = client.post("/farmer/", said(farmer, note="东边有水沟"))
    assert answer.status_code == 302
    job = FieldJob.objects.get()
    assert (job.operation, job.area_ha, job.note, job.posted_by_id) == ("rice_harvest", 1.2, "东边有水沟", farmer.pk)
    assert timezone.localtime(job.open).date() == timezone.localdate() + timedelta(days=2)


def test_a_form_sent_twice_posts_once(farmer: Any, client: Client) -> None:
    for _ in range(2):
        assert client.post("/farmer/", said(farmer)).status_code == 302
    assert FieldJob.objects.count() == 1
    assert client.post("/farmer/", said(farmer, key="another-key")).status_code == 302
    assert FieldJob.objects.count() == 2
    assert client.post("/farmer/", said(farmer, work="spray")).status_code == 422  # the old key with other words
    assert client.post("/farmer/", said(farmer, key="")).status_code == 422
    assert FieldJob.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"field": "999999"},
        {"work": "dance"},
        {"day": ""},
        {"day": "other", "other": ""},
        {"day": "other", "other": "2026-13-40"},
        {"day": "2020-01-01"},
        {"area": "900"},
        {"area": "nan"},
        {"area": "x"},
        {"day": "9999-12-31"},
    ],
)
def test_wrong_input_is_told_and_what_was_typed_stays(farmer: Any, client: Client, wrong: dict[str, str]) -> None:
    answer = client.post("/farmer/", said(farmer, note="请早点来", **wrong))
    assert answer.status_code == 422
    assert "请早点来" in answer.content.decode()
    assert FieldJob.objects.count() == 0


def test_a_field_of_somebody_else_cannot_be_asked_for(coop: Any, farmer: Any, client: Client) -> None:
    other = Field.objects.create(org=coop, ref="X", area_ha=1, gate_lon=121, gate_lat=30)
    assert client.post("/farmer/", said(farmer, field=str(other.pk))).status_code == 422
    assert FieldJob.objects.count() == 0


def test_the_field_used_last_and_the_likely_work_are_chosen_already(farmer: Any, client: Client) -> None:
    last = Field.objects.get(ref="F2")
    client.post("/farmer/", said(farmer, field=str(last.pk)))
    page = client.get("/farmer/").context
    assert page["said"]["field"] == str(last.pk)
    assert page["said"]["work"] == page["works"][0]["code"]


def test_the_price_shows_before_sending_with_or_without_scripts(farmer: Any, client: Client) -> None:
    told = client.get("/farmer/quote", said(farmer))
    low, high = told.context["quote"]["found"].price_fen
    assert low < 180_000 < high
    page = client.post("/farmer/", said(farmer, show="1"))
    assert page.status_code == 200
    assert page.context["quote"]["found"].price_fen == (low, high)
    assert FieldJob.objects.count() == 0


def test_a_job_is_called_off_and_others_cannot_touch_it(job: FieldJob, client: Client) -> None:
    stranger = make_person(make_coop("elsewhere"), RoleKind.FARMER, login="g", name="李四")
    other = Client()
    other.force_login(stranger.user)
    for path in ("", "picture.svg"):
        assert other.get(f"/farmer/job/{job.pk}/{path}").status_code == 404
    for path in ("cancel", "confirm", "dispute"):
        assert other.post(f"/farmer/job/{job.pk}/{path}", {"why": "area"}).status_code == 404
    assert client.post(f"/farmer/job/{job.pk}/cancel", {"version": job.version + 1}).status_code == 409
    assert client.post(f"/farmer/job/{job.pk}/cancel", {"version": job.version}).status_code == 302
    job.refresh_from_db()
    assert job.status == JobStatus.CANCELLED


def test_work_that_is_done_is_confirmed_with_stars(job: FieldJob, client: Client) -> None:
    FieldJob.objects.update(status=JobStatus.DONE, measured_ha=1.15)
    page = client.get(f"/farmer/job/{job.pk}/")
    assert page.context["shown"].difference_ha == pytest.approx(-0.05)
    assert leftovers(client, f"/farmer/job/{job.pk}/") == []
    assert client.post(f"/farmer/job/{job.pk}/confirm", {"version": job.version, "stars": "5"}).status_code == 302
    job.refresh_from_db()
    assert (job.status, job.stars) == (JobStatus.CONFIRMED, 5)
    assert client.post(f"/farmer/job/{job.pk}/confirm", {"stars": "9"}).status_code == 422


def test_a_dispute_needs_a_reason_and_keeps_the_words(job: FieldJob, client: Client) -> None:
    FieldJob.objects.update(status=JobStatus.DONE)
    path = f"/farmer/job/{job.pk}/dispute"
    answer = client.post(path, {"words": "少了两亩"})
    assert (answer.status_code, "少了两亩" in answer.content.decode()) == (422, True)
    assert client.post(path, {"why": "other"}).status_code == 422
    assert client.post(path, {"why": "area", "words": "少了两亩"}).status_code == 302
    job.refresh_from_db()
    assert job.status == JobStatus.DISPUTED
    assert job.dispute.endswith(": 少了两亩")


def test_news_come_first_and_are_read_once(coop: Any, farmer: Any, client: Client, job: FieldJob) -> None:
    old = Notice.objects.create(org=coop, person=farmer, about=f"job:{job.pk}", text="改到十点", text_en="now 10:00")
    assert client.get("/farmer/").context["news"] == [old]
    stranger = make_person(coop, RoleKind.FARMER, login="g")
    other = Client()
    other.force_login(stranger.user)
    other.post("/farmer/news/read", {"notice": [old.pk]})
    assert client.get("/farmer/").context["news"] == [old]
    client.post("/farmer/news/read", {"notice": [old.pk, "x"]})
    assert client.get("/farmer/").context["news"] == []
    assert client.get(f"/farmer/job/{job.pk}/").context["told"] == [old]


def test_last_years_job_is_one_tap_away(farmer: Any, client: Client, job: FieldJob) -> None:
    today = timezone.localdate()
    year = timedelta(days=365)
    FieldJob.objects.update(
        status=JobStatus.CONFIRMED, open=job.open - year, due=job.due - year, close=job.close - year
    )
    found = client.get("/farmer/").context["repeats"]
    assert [one["job"].pk for one in found] == [job.pk]
    assert 0 <= (found[0]["day"] - today).days <= 3
    again = client.get("/farmer/", {"field": job.field_id, "work": job.operation, "day": found[0]["day"].isoformat()})
    assert again.context["quote"]["found"].price_fen[0] > 0


def test_who_comes_and_the_phone_only_near_the_day(demo: Any) -> None:
    plan_season(demo)
    user = User.objects.get(username="farmer")
    client = Client()
    client.force_login(user)
    shown = next(row["shown"] for row in client.get("/farmer/").context["rows"] if row["at"])
    order = shown.orders[0]
    order.operator.person.phone = "13800001111"
    order.operator.person.save()
    assert "13800001111" not in client.get(f"/farmer/job/{shown.job.pk}/").content.decode()
    near = services.Shown(shown.job, [order], order.start)
    assert near.phone == "13800001111"
    assert leftovers(client, "/farmer/") == []
    assert leftovers(client, f"/farmer/job/{shown.job.pk}/") == []


def test_wet_days_of_the_season_are_marked(demo: Any) -> None:
    head = demo.head
    wet = demo.start_date + timedelta(days=2)
    for values in head["workdays"]:
        if values["date"] == wet.isoformat():
            values["start"] = values["end"] = None
    demo.save()
    field = Field.objects.filter(org=demo.org).first()
    days = {one["day"]: one["wet"] for one in services.days_for(field, timezone.localdate())}
    assert days[wet]
    assert not all(days.values())
