"""Quotes by the API: hours and price; machines of others stay unnamed; what stands in the plan is told as it stands."""

from datetime import timedelta
from typing import Any

import pytest
from tests.site.world import plan_season

from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.plans import quotes, services
from nongshi.site.plans.models import PlanRow, WorkOrder
from nongshi.site.register.models import Field, Machine


@pytest.fixture
def plan(demo: Any, monkeypatch: pytest.MonkeyPatch) -> PlanRow:
    monkeypatch.setattr(quotes, "STAMP_S", 0.0)
    row = plan_season(demo)
    return row


def address(plan: PlanRow, field: Field, operation: str = "rice_harvest") -> str:
    first = plan.season.start_date
    return f"/fields/{field.pk}/quote?operation={operation}&since={first}&until={first + timedelta(days=6)}"


def test_a_farmer_learns_price_and_hours_before_posting_but_not_whose_machine(plan: PlanRow, caller: Any) -> None:
    farmer, count = caller("farmer"), FieldJob.objects.count()
    quote = farmer.get(address(plan, Field.objects.filter(grower=farmer.person).first())).json()
    assert 0 < quote["price_fen_min"] < quote["price_fen_max"]
    assert quote["planned"]
    assert quote["places"]
    assert {place["machine_id"] for place in quote["places"]} == {None}
    assert quote["earliest"] == min(place["start"] for place in quote["places"])
    assert FieldJob.objects.count() == count


def test_the_leading_dispatcher_learns_which_machine(plan: PlanRow, caller: Any) -> None:
    dispatcher = caller("dispatcher")
    quote = dispatcher.get(address(plan, Field.objects.filter(org=dispatcher.person.org).first())).json()
    assert all(place["machine_name"] for place in quote["places"])


def test_a_job_in_the_plan_is_told_as_it_stands_there(plan: PlanRow, caller: Any) -> None:
    order = WorkOrder.objects.filter(part=1).first()
    quote = caller("dispatcher").get(f"/jobs/{order.job_id}/quote").json()
    assert order.machine_id in {place["machine_id"] for place in quote["places"]}
    FieldJob.objects.filter(pk=order.job_id).update(status=JobStatus.DONE)
    assert caller("dispatcher").get(f"/jobs/{order.job_id}/quote").status_code == 400


def test_why_there_is_no_place_is_said_where_asked(plan: PlanRow, caller: Any) -> None:
    dispatcher = caller("dispatcher")
    where = address(plan, Field.objects.filter(org=dispatcher.person.org).first(), "transplant")
    answer = dispatcher.get(where)
    assert answer.status_code == 200, answer.content
    quote = answer.json()
    assert (quote["places"], quote["why"]) == ([], None)
    assert dispatcher.get(f"{where}&explain=true").json()["why"]["text_zh"]


def test_a_machine_of_a_class_that_the_season_does_not_know_breaks_nothing(plan: PlanRow, caller: Any) -> None:
    dispatcher = caller("dispatcher")
    yard = {"yard_lon": 121.2, "yard_lat": 30.8}
    new = {"org_id": dispatcher.person.org_id, "ref": "X1", "machine_class": "submarine", **yard}
    assert dispatcher.post("/machines", new).status_code == 201
    assert Machine.objects.filter(ref="X1").exists()
    field = Field.objects.filter(org=dispatcher.person.org).first()
    assert dispatcher.get(address(plan, field)).json()["places"]
    services.make_plan({"season": plan.season_id, "iterations": 50}, lambda share, words: None)
    assert PlanRow.objects.count() == 2


def test_a_plan_is_cut_to_what_is_in_sight(plan: PlanRow, caller: Any) -> None:
    dispatcher, officer = caller("dispatcher"), caller("officer")
    whole, seen = (one.get(f"/plans/{plan.pk}/plan.json").json() for one in (dispatcher, officer))
    assert whole["totals"] == seen["totals"]
    assert 0 < len(seen["routes"]) <= len(whole["routes"])
