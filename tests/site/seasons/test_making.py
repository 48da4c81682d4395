"""Towns plan together without files: a season from the register, asked and agreed, planned, put in force."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.site.world import make_coop, make_person

from nongshi.agronomy import markdown_table
from nongshi.core.errors import BadInput
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.models import Event, User
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.base.services import scope_of
from nongshi.site.jobs.services import Wanted, post_job
from nongshi.site.plans import services as plans
from nongshi.site.plans.models import PlanRow, Season, WorkOrder
from nongshi.site.register.models import Field, Licence, Machine, Operator
from nongshi.site.seasons import services
from nongshi.site.seasons.assumptions import season_assumptions
from nongshi.site.seasons.making import SeasonWish, make_season


def quiet(_share: float, _words: str) -> None:
    """Nobody waits for news."""


def make_town(code: str, lon: float) -> Any:
    """A cooperative with two fields, one machine and its driver; both towns use the same numbers."""
    org = make_coop(code, name=f"{code}合作社", name_en=f"{code} cooperative")
    person = make_person(org, RoleKind.DISPATCHER, name=f"{code}调度", login=code)
    for number in (1, 2):
        Field.objects.create(
            org=org,
            ref=f"P{number}",
            name=f"{code}田{number}",
            area_ha=1.0,
            gate_lon=lon + number * 0.01,
            gate_lat=30.8,
        )
    Machine.objects.create(
        org=org, ref="M1", name=f"{code}机", machine_class="combine-full", yard_lon=lon, yard_lat=30.8
    )
    driver = Operator.objects.create(org=org, ref="O1", person=make_person(org, RoleKind.OPERATOR, name=f"{code}手"))
    Licence.objects.create(operator=driver, licence_class="S", valid_until=date(2040, 1, 1))
    return type("Town", (), {"org": org, "person": person, "scope": scope_of(person), "driver": driver})


def post(town: Any, *, days: int = 5) -> None:
    first = timezone.localdate() + timedelta(days=1)
    for field in Field.objects.filter(org=town.org):
        post_job(
            town.scope,
            Wanted(field=field, operation="rice_harvest", since=first, until=first + timedelta(days=days), said_by="x"),
        )


def wish(lead: Any, *others: Any, **more: Any) -> SeasonWish:
    said = {"name": "两镇收割", "start_date": timezone.localdate() + timedelta(days=1), "horizon_days": 7}
    said |= {"operations": ["rice_harvest"], "member_ids": [one.org.pk for one in others]}
    return SeasonWish(lead_id=lead.org.pk, **(said | more))


@pytest.fixture
def towns(db: None) -> Any:
    return make_town("east", 121.1), make_town("west", 121.2)


def test_two_towns_plan_together_and_each_joins_by_its_own_word(towns: Any) -> None:
    east, west = towns
    post(east)
    post(west)
    season = make_season(east.scope, wish(east, west))
    assert dict(season.members.values_list("org__code", "agreed")) == {"east": True, "west": False}
    assert len(plans.season_region(season)[1].jobs) == 2
    services.set_agreed(west.scope, season.pk, west.org.pk, agreed=True)
    region = plans.season_region(Season.objects.get(pk=season.pk))[1]
    assert {job.id.partition("/")[0] for job in region.jobs} == {"east", "west"}
    assert {machine.id for machine in region.machines} == {"east/M1", "west/M1"}
    made = plans.make_plan({"season": season.pk, "iterations": 200, "seed": 1}, quiet)
    row = PlanRow.objects.get(pk=made["plan"])
    assert (row.jobs_served, row.jobs_unserved) == (4, 0)
    plans.publish(EVERYTHING, row.pk, row.version)
    assert WorkOrder.objects.filter(job__org=west.org).count() == 2
    assert Event.objects.filter(name="SeasonMade", org=east.org).count() == 1


def test_only_work_and_days_of_the_season_are_planned(towns: Any) -> None:
    east, _west = towns
    post(east)
    field = Field.objects.filter(org=east.org).first()
    assert field is not None
    late = timezone.localdate() + timedelta(days=60)
    post_job(east.scope, Wanted(field=field, operation="rice_harvest", since=late, until=late, said_by="x"))
    first = timezone.localdate() + timedelta(days=1)
    post_job(east.scope, Wanted(field=field, operation="wheat_sow", since=first, until=first, said_by="x"))
    region = plans.season_region(make_season(east.scope, wish(east)))[1]
    assert {job.operation for job in region.jobs} == {"rice_harvest"}
    assert len(region.jobs) == 2
    assert [c.id for c in region.machine_classes] == ["combine-full", "combine-half", "combine-wheeled"]


def test_an_officer_makes_one_for_towns_below_and_none_of_them_has_agreed(towns: Any) -> None:
    east, west = towns
    district = east.org.parent
    west.org.parent = district
    west.org.save()
    officer = make_person(district, RoleKind.OFFICER, name="科员", login="officer1")
    season = make_season(scope_of(officer), wish(east, west))
    assert not season.members.filter(agreed=True).exists()
    far = make_town("far", 121.3)
    with pytest.raises(Forbidden):
        make_season(scope_of(officer), wish(far))


def test_nobody_makes_a_season_for_another_organisation(towns: Any) -> None:
    east, west = towns
    with pytest.raises(Forbidden):
        make_season(east.scope, wish(west, east))
    clerk = make_person(east.org, RoleKind.CLERK, name="文员")
    with pytest.raises(Forbidden):
        make_season(scope_of(clerk), wish(east))
    assert not Season.objects.exists()


@pytest.mark.parametrize(
    "more",
    [
        {"operations": []}, {"operations": ["fly"]}, {"horizon_days": 0}, {"horizon_days": 61}, {"name": " "},
        {"start_date": date(2020, 1, 1)}, {"member_ids": [999_999]},
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused(towns: Any, more: Any) -> None:
    east, _west = towns
    with pytest.raises(BadInput):
        make_season(east.scope, wish(east, **more))


def test_the_same_machines_are_not_planned_twice_on_a_day(towns: Any) -> None:
    east, _west = towns
    make_season(east.scope, wish(east))
    with pytest.raises(BadInput, match="same machines"):
        make_season(east.scope, wish(east))
    make_season(east.scope, wish(east, start_date=timezone.localdate() + timedelta(days=8)))


def test_the_page_makes_one_and_keeps_what_was_typed(towns: Any) -> None:
    east, west = towns
    client = Client()
    client.force_login(User.objects.get(username="east"))
    first = timezone.localdate() + timedelta(days=1)
    said = {
        "name": "联合收割", "lead": east.org.pk, "start_date": first, "horizon_days": 7, "work_start": "07:00",
        "work_end": "06:00", "operations": ["rice_harvest"], "members": [west.org.pk],
    }  # fmt: skip
    refused = client.post("/seasons/new/", said)
    assert refused.status_code == 422
    assert "联合收割" in refused.content.decode()
    made = client.post("/seasons/new/", said | {"work_end": "18:00"})
    assert made.status_code == 302, made.content.decode()[:600]
    assert Season.objects.get().head["workdays"][0]["end"] == "18:00:00"
    assert client.get("/seasons/").status_code == 200


def test_the_api_makes_one(towns: Any) -> None:
    from nongshi.site.base.services import make_token

    east, west = towns
    key = make_token(east.person, "t", ["read", "write", "plan"])
    body = {
        "name": "API", "org_id": east.org.pk, "start_date": str(timezone.localdate() + timedelta(days=3)),
        "operations": ["rice_harvest"], "member_ids": [west.org.pk], "work_start": "08:00",
    }  # fmt: skip
    said = {"Authorization": f"Bearer {key}"}
    answer = Client().post("/api/v1/seasons", body, content_type="application/json", headers=said)
    assert answer.status_code == 201, answer.content
    season = Season.objects.get(pk=answer.json()["id"])
    assert season.members.count() == 2


def test_docs_list_every_default_as_the_code_has_it() -> None:
    from pathlib import Path

    docs = (Path(__file__).parents[3] / "docs" / "assumptions.md").read_text(encoding="utf-8")
    table = markdown_table(season_assumptions())
    assert table in docs, "put this table into docs/assumptions.md:\n" + table
