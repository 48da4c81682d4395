"""A grower says that a field is missing; a clerk of the same organisation answers, once; the grower is told."""

from typing import Any

import pytest
from django.test import Client
from tests.site.texts import leftovers
from tests.site.world import make_coop, make_person

from nongshi.site.base.models import Event
from nongshi.site.base.rights import RoleKind
from nongshi.site.plans.models import Notice
from nongshi.site.register.models import Field

SAID = {"name": "西塘", "area": "3", "lon": "121.21", "lat": "30.81"}


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


@pytest.fixture
def farmer(coop: Any) -> Any:
    return make_person(coop, RoleKind.FARMER, login="f")


@pytest.fixture
def clerk(coop: Any) -> Any:
    return make_person(coop, RoleKind.CLERK, login="c", name="村办")


def test_a_missing_field_is_entered_by_a_clerk_once_and_told(farmer: Any, clerk: Any) -> None:
    assert client_of(farmer).post("/farmer/field/", SAID).status_code == 302
    assert Field.objects.count() == 0
    desk = client_of(clerk)
    (ask,) = desk.get("/clerk/").context["asks"]
    assert desk.post(f"/clerk/asked/{ask.pk}", {"answer": "enter"}).status_code == 302
    field = Field.objects.get()
    assert (field.name, field.grower_id, field.gate_lon, field.gate_lat) == ("西塘", farmer.pk, 121.21, 30.81)
    assert field.area_ha == pytest.approx(0.2)
    assert Notice.objects.get().person_id == farmer.pk
    assert desk.post(f"/clerk/asked/{ask.pk}", {"answer": "enter"}).status_code == 404
    assert desk.get("/clerk/").context["asks"] == []


def test_a_refusal_is_told_and_others_cannot_answer(farmer: Any, clerk: Any) -> None:
    client_of(farmer).post("/farmer/field/", SAID)
    ask = Event.objects.get(name="FieldAsked")
    stranger = make_person(make_coop("elsewhere"), RoleKind.CLERK, login="x")
    assert client_of(stranger).post(f"/clerk/asked/{ask.pk}", {"answer": "enter"}).status_code == 404
    assert client_of(farmer).post(f"/clerk/asked/{ask.pk}", {"answer": "enter"}).status_code == 403
    client_of(clerk).post(f"/clerk/asked/{ask.pk}", {"answer": "refuse"})
    assert (Field.objects.count(), Notice.objects.count()) == (0, 1)


@pytest.mark.parametrize("wrong", [{"name": ""}, {"area": "0"}, {"area": "x"}, {"lon": "999"}])
def test_wrong_input_stays_on_the_page(farmer: Any, wrong: dict[str, str]) -> None:
    answer = client_of(farmer).post("/farmer/field/", SAID | wrong)
    assert answer.status_code == 422
    assert Event.objects.filter(name="FieldAsked").count() == 0


def test_a_grower_does_not_flood_the_clerk(farmer: Any) -> None:
    client = client_of(farmer)
    assert [client.post("/farmer/field/", SAID).status_code for _ in range(6)] == [302] * 5 + [422]


def test_the_pages_speak_one_language(farmer: Any, clerk: Any) -> None:
    client = client_of(farmer)
    assert leftovers(client, "/farmer/field/") == []
    assert leftovers(client, "/farmer/") == []
    client.post("/farmer/field/", SAID)
    assert leftovers(client_of(clerk), "/clerk/", allowed=frozenset({"Excel", "WPS", "Tab", "Ctrl", "D"})) == []


def test_only_the_area_has_a_unit(farmer: Any) -> None:
    said = client_of(farmer).get("/farmer/field/", headers={"accept-language": "zh-hans"}).content.decode()
    assert said.count("<span>亩</span>") == 1
