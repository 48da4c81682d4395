"""The page of the season ahead: what is short in words, kept by who may, seen by those below."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.site.forecasts import drawn
from tests.site.texts import leftovers
from tests.site.world import make_person

from nongshi.site.base.rights import RoleKind
from nongshi.site.forecasts.models import Forecast

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(coop: Any) -> Client:
    """The district's officer."""
    make_person(coop.parent, RoleKind.OFFICER, login="officer")
    return _signed_in("officer")


def _signed_in(name: str) -> Client:
    from nongshi.site.base.models import User

    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


def send(client: Client, org: Any, text: str) -> Any:
    """A season.json by the page."""
    return client.post("/ahead/kept/send/", {"org": org.pk, "file": SimpleUploadedFile("season.json", text.encode())})


def soon() -> date:
    return date.today() + timedelta(days=10)


def test_without_a_forecast_the_page_says_how_to_get_one(officer: Client) -> None:
    page = officer.get("/ahead/").content.decode()
    assert "/ahead/kept/send/" in page
    assert "nongshi season forecast" in officer.get("/ahead/kept/send/").content.decode()


def test_what_is_short_stands_first_in_words(officer: Client, coop: Any) -> None:
    assert send(officer, coop.parent, drawn.text(soon())).status_code == 302
    page = officer.get("/ahead/", headers={"accept-language": "en"}).content.decode()
    week = soon() + timedelta(weeks=1)
    assert "<span data-text>廊下</span> lacks 2 tracked combine operators in the" in page
    assert f"week of {week:%B}" in page
    assert "8 years of 10: 0–4 people" in page
    chinese = officer.get("/ahead/", headers={"accept-language": "zh-hans"}).content.decode()
    assert (
        f"<span data-text>廊下</span> {week.month}月第{(week.day - 1) // 7 + 1}周 缺2名履带式联合收割机机手" in chinese
    )


def test_no_text_of_the_other_language_is_left(officer: Client, coop: Any) -> None:
    send(officer, coop.parent, drawn.text(soon()))
    for path in ("/ahead/", "/ahead/kept/", "/ahead/kept/send/"):
        assert leftovers(officer, path) == []


def test_what_cannot_be_right_is_told_by_place_and_nothing_is_kept(officer: Client, coop: Any) -> None:
    bad = drawn.document(soon())
    bad["demand"][0]["area_ha"]["p10"] = 25
    bad["operator_shortage"][2]["town"] = "无此镇"
    answer = send(officer, coop.parent, json.dumps(bad))
    assert answer.status_code == 422
    assert "demand[0].area_ha" in answer.content.decode()
    bad["demand"][0]["area_ha"]["p10"] = 5
    assert "operator_shortage[2].town" in send(officer, coop.parent, json.dumps(bad)).content.decode()
    assert not Forecast.objects.exists()


def test_a_forecast_of_the_district_is_seen_below_and_kept_by_its_officer_only(officer: Client, coop: Any) -> None:
    send(officer, coop.parent, drawn.text(soon()))
    row = Forecast.objects.get()
    make_person(coop, RoleKind.OWNER, login="owner", name="李四")
    make_person(coop, RoleKind.DISPATCHER, login="dispatcher", name="王五")
    make_person(coop, RoleKind.FARMER, login="farmer", name="赵六")
    owner, dispatcher = _signed_in("owner"), _signed_in("dispatcher")
    assert owner.get(f"/ahead/{row.pk}/").status_code == 200
    assert dispatcher.post(f"/ahead/{row.pk}/remove/").status_code == 404
    assert send(dispatcher, coop.parent, drawn.text(soon())).status_code == 422
    assert send(dispatcher, coop, drawn.text(soon())).status_code == 302
    assert _signed_in("farmer").get("/ahead/").status_code == 403
    assert officer.post(f"/ahead/{row.pk}/remove/").status_code == 302


def test_the_report_is_a_pdf(officer: Client, coop: Any) -> None:
    send(officer, coop.parent, drawn.text(soon()))
    row = Forecast.objects.get()
    assert officer.get(f"/ahead/{row.pk}/report.pdf").content.startswith(b"%PDF")
    assert json.loads(officer.get(f"/ahead/{row.pk}/season.json").content)["region"] == "五镇"
