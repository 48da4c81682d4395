"""What was entered by mistake is taken back: the region is as before, and who did so and why stands in the record."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.site.seasons.test_making import make_town, post, quiet, wish

from nongshi.core.errors import BadInput, NotFound
from nongshi.site.base.faults import Outdated
from nongshi.site.base.models import Event, User
from nongshi.site.base.services import make_token
from nongshi.site.jobs.models import FieldJob
from nongshi.site.plans import services as plans
from nongshi.site.plans.facts_back import list_facts, take_back_fact
from nongshi.site.plans.models import PlanRow, Season
from nongshi.site.plans.replans import make_replan
from nongshi.site.seasons import services
from nongshi.site.seasons.making import make_season


@pytest.fixture
def rained(db: None) -> Any:
    """Two towns with a plan, rain on all machines, a breakdown, a larger area and a job that is off."""
    east, west = make_town("east", 121.1), make_town("west", 121.2)
    post(east)
    post(west)
    season = make_season(east.scope, wish(east, west))
    services.set_agreed(west.scope, season.pk, west.org.pk, agreed=True)
    made = plans.make_plan({"season": season.pk, "iterations": 50, "seed": 1}, quiet)
    day = timezone.localdate() + timedelta(days=2)
    jobs = sorted(plans.season_region(season)[1].job_of)
    events = [
        {"kind": "rain", "from": f"{day}T08:00", "to": f"{day}T12:00"},
        {"kind": "machine_down", "machine_id": "west/M1", "from": f"{day}T14:00", "to": f"{day}T15:00"},
        {"kind": "job_area", "job_id": jobs[0], "area_ha": 0.8}, {"kind": "job_cancelled", "job_id": jobs[1]},
    ]  # fmt: skip
    make_replan({"plan": made["plan"], "events": events, "mode": "free", "iterations": 50, "by": east.person.pk}, quiet)
    return type("Rained", (), {"east": east, "west": west, "season": Season.objects.get(pk=season.pk), "jobs": jobs})


def test_each_fact_is_listed_with_whom_it_befell_and_who_said_so(rained: Any) -> None:
    found = {fact.kind: fact for fact in list_facts(rained.season) if fact.kind != "down"}
    down = [fact.ids for fact in list_facts(rained.season) if fact.kind == "down"]
    assert sorted(down) == [("east/M1", "west/M1"), ("west/M1",)]
    assert (found["area"].what, found["area"].ids) == ("0.8", (rained.jobs[0],))
    assert found["out"].ids == (rained.jobs[1],)
    assert {fact.by for fact in list_facts(rained.season)} == {rained.east.person.pk}


def test_a_fact_that_is_taken_back_is_out_of_the_region_and_in_the_record(rained: Any) -> None:
    before, season = plans.season_region(rained.season)[1], rained.season
    for fact in list_facts(season):
        season = take_back_fact(rained.east.scope, season.pk, fact.key, why="误填", version=season.version)
    after = plans.season_region(Season.objects.get(pk=season.pk))[1]
    assert all(machine.down for machine in before.machines)
    assert not any(machine.down for machine in after.machines)
    assert len(after.jobs) == len(before.jobs) + 1
    assert after.job_of[rained.jobs[0]].area_ha == 1.0
    assert [one["why"] for one in season.head["facts_back"]] == ["误填"] * 4
    assert list_facts(season) == []
    assert Event.objects.filter(name="FactTakenBack", by=rained.east.person, org=rained.east.org).count() == 4


def test_rain_may_be_taken_back_for_one_machine_only(rained: Any) -> None:
    rain = next(fact for fact in list_facts(rained.season) if len(fact.ids) == 2)
    said = {"only": "west/M1", "why": "那边没下", "version": rained.season.version}
    season = take_back_fact(rained.east.scope, rained.season.pk, rain.key, **said)
    region = plans.season_region(season)[1]
    assert [len(region.machine_of[name].down) for name in ("east/M1", "west/M1")] == [1, 1]


def test_without_a_reason_or_on_another_version_nothing_is_taken_back(rained: Any) -> None:
    fact, season = list_facts(rained.season)[0], rained.season
    scope = rained.east.scope
    with pytest.raises(BadInput):
        take_back_fact(scope, season.pk, fact.key, why=" ", version=season.version)
    with pytest.raises(Outdated):
        take_back_fact(scope, season.pk, fact.key, why="x", version=season.version - 1)
    with pytest.raises(NotFound):
        take_back_fact(scope, season.pk, "down|nothing", why="x", version=season.version)
    with pytest.raises(NotFound):  # a member does not lead
        take_back_fact(rained.west.scope, season.pk, fact.key, why="x", version=season.version)
    assert Season.objects.get(pk=season.pk).head == season.head


def test_the_page_and_the_api_take_back(rained: Any) -> None:
    client = Client()
    client.force_login(User.objects.get(username="east"))
    season, first = rained.season, list_facts(rained.season)[0]
    page = client.get(f"/seasons/{season.pk}/facts/")
    assert "east机" in page.content.decode()
    refused = client.post(f"/seasons/{season.pk}/facts/back/", {"key": first.key, "version": season.version})
    assert refused.status_code == 422
    told = {"key": first.key, "version": season.version, "why": "天晴了"}
    assert client.post(f"/seasons/{season.pk}/facts/back/", told).status_code == 302
    assert "天晴了" in client.get(f"/seasons/{season.pk}/facts/").content.decode()
    assert client.post(f"/seasons/{season.pk}/facts/back/", told).status_code == 409
    key = make_token(rained.east.person, "t", ["read", "write", "plan"])
    head = {"Authorization": f"Bearer {key}", "If-Match": "*"}
    url = f"/api/v1/seasons/{season.pk}/facts"
    left = client.get(url, headers=head).json()
    assert [one["why"] for one in left["taken_back"]] == ["天晴了"]
    body = {"key": left["facts"][0]["key"], "why": "误"}
    answer = client.post(f"{url}/take-back", body, content_type="application/json", headers=head)
    assert answer.status_code == 200, answer.content
    assert len(answer.json()["facts"]) == len(left["facts"]) - 1
    other = Client()
    other.force_login(User.objects.get(username="west"))
    assert other.get(f"/seasons/{season.pk}/facts/").status_code == 404


def test_a_member_learns_why_of_its_own_jobs_without_others_rows(rained: Any) -> None:
    west = rained.west
    mine = next(name for name in rained.jobs if name.startswith("west/"))
    theirs = next(name for name in rained.jobs if name.startswith("east/") and name != rained.jobs[1])
    job = FieldJob.objects.get(org=west.org, ref=mine.partition("/")[2])
    end = job.open + timedelta(hours=8)  # an hour of work: too short for it
    FieldJob.objects.filter(pk=job.pk).update(due=end, close=end)
    made = plans.make_plan({"season": rained.season.pk, "iterations": 20, "seed": 1}, quiet)
    assert mine in {out.job_id for out in plans.plan_of(PlanRow.objects.get(pk=made["plan"])).unserved}
    client = Client()
    client.force_login(User.objects.get(username="west"))
    answer = client.get(f"/board/plan/{made['plan']}/why", {"job": mine})
    assert answer.status_code == 200, answer.content
    assert answer.json()["why"]
    said = answer.content.decode()
    for word in ("east/M1", "east/O1", "east机", "east手", theirs, "east田"):
        assert word not in said
    assert client.get(f"/board/plan/{made['plan']}/why", {"job": theirs}).status_code == 404
    lead = Client()
    lead.force_login(User.objects.get(username="east"))
    assert lead.get(f"/board/plan/{made['plan']}/why", {"job": theirs}).status_code == 200
