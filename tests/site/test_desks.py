"""The first desks: each role finds its own page and no other's, in both languages; a plan is made and put in force."""

from typing import Any

import pytest
from django.test import Client
from tests.site import axe
from tests.site.browsing import opened, overflow, small_targets
from tests.site.texts import leftovers
from tests.site.world import make_coop, make_person, plan_season

from nongshi.site.base.models import Org, User
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.plans import services
from nongshi.site.plans.models import Notice, PlanRow, PlanState, WorkOrder
from nongshi.site.work.models import Run

PAGES = {"farmer": "/farmer/", "operator": "/cab/", "dispatcher": "/board/"}


@pytest.fixture
def planned(demo: Any) -> PlanRow:
    """The demo's season, planned."""
    return plan_season(demo, publish=False)


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=role))
    return client


@pytest.mark.parametrize(("role", "page"), PAGES.items())
def test_each_role_has_its_page_in_both_languages_and_others_are_refused(
    planned: PlanRow, role: str, page: str
) -> None:
    services.publish(EVERYTHING, planned.pk, planned.version)
    client = signed_in(role)
    assert client.get("/", follow=True).redirect_chain[-1][0] == page
    assert client.get(page).status_code == 200
    assert leftovers(client, page) == []
    stranger = make_person(make_coop("elsewhere"), RoleKind.BUYER, login="buyer2")
    other = Client()
    other.force_login(stranger.user)
    assert other.get(page).status_code == 403
    assert Client().get(page).status_code == 403


def test_a_farmer_sees_own_jobs_and_when_somebody_comes(planned: PlanRow) -> None:
    services.publish(EVERYTHING, planned.pk, planned.version)
    person = User.objects.get(username="farmer").person
    rows = signed_in("farmer").get("/farmer/").context["rows"]
    assert {row["job"].grower_id for row in rows} == {person.pk}
    first = {o.job_id: o.start for o in WorkOrder.objects.filter(job__grower=person).order_by("-start")}
    assert {row["job"].pk: row["at"] for row in rows if row["at"]} == first


def test_an_operator_sees_own_work_only(planned: PlanRow) -> None:
    services.publish(EVERYTHING, planned.pk, planned.version)
    rows = signed_in("operator").get("/cab/").context["rows"]
    person = User.objects.get(username="operator").person
    mine = WorkOrder.objects.filter(operator__person=person)
    assert {row["order"].pk for row in rows} == set(mine.values_list("pk", flat=True)[:60])


def test_a_plan_is_shown_put_in_force_once_and_told(planned: PlanRow) -> None:
    client, page = signed_in("dispatcher"), f"/board/plan/{planned.pk}/"
    assert leftovers(client, page) == []
    shown = client.get(f"{page}table/")
    assert len(shown.context["unserved"]) == planned.jobs_unserved
    assert client.post(f"{page}publish/", {"version": planned.version + 5}).status_code == 409
    assert client.post(f"{page}publish/", {"version": planned.version}).status_code == 302
    planned.refresh_from_db()
    assert planned.state == PlanState.PUBLISHED
    assert Notice.objects.count() > 0
    assert client.post(f"{page}publish/", {"version": planned.version}).status_code == 400


def test_a_plan_is_asked_for_and_those_of_others_are_not_there(
    planned: PlanRow, django_capture_on_commit_callbacks: Any
) -> None:
    client = signed_in("dispatcher")
    assert client.post(f"/board/season/{planned.season_id}/plan/").status_code == 302
    assert Run.objects.filter(kind="plan").count() == 1
    stranger = make_person(make_coop("elsewhere"), RoleKind.DISPATCHER, login="d2")
    other = Client()
    other.force_login(stranger.user)
    assert other.get(f"/board/plan/{planned.pk}/").status_code == 404
    assert other.post(f"/board/season/{planned.season_id}/plan/").status_code == 404
    assert other.post(f"/board/plan/{planned.pk}/publish/", {"version": 1}).status_code == 404
    assert other.get("/board/").context["seasons"] == []


@pytest.mark.parametrize("code", ["lvxiang-coop", "xincang-coop", "langxia-coop"])
def test_a_member_sees_of_a_common_plan_its_own_machines_and_jobs(planned: PlanRow, code: str) -> None:
    """The demo's 廊下 leads and sees all; the others what is theirs."""
    org = Org.objects.get(code=code)
    person = make_person(org, RoleKind.DISPATCHER, login="member")
    client = Client()
    client.force_login(person.user)
    shown = client.get(f"/board/plan/{planned.pk}/table/").context
    leads = planned.season.org_id == org.pk
    whole = services.plan_of(planned)
    if leads:
        assert len(shown["routes"]) == len([route for route in whole.routes if route.stops])
        assert len(shown["unserved"]) == planned.jobs_unserved
    for route in shown["routes"]:
        mine = leads or route["machine"].org_id == org.pk
        assert mine or all(stop["job"].org_id == org.pk for stop in route["stops"])
    assert leads or all(one["job"].org_id == org.pk for one in shown["unserved"])


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("size", "language"), [("desk", "en"), ("phone", "zh")])
def test_desks_fit_and_can_be_used_by_everybody(browser: Any, live_server: Any, size: str, language: str) -> None:
    from nongshi.site.demo import make_demo

    season = make_demo(fields=20)[0]
    plan = plan_season(season)
    for role, path in [*PAGES.items(), ("dispatcher", f"/board/plan/{plan.pk}/table/")]:
        user = User.objects.get(username=role)
        with opened(browser, live_server, user=user, size=size, language=language) as page:
            page.goto(live_server.url + path)
            assert overflow(page) == 0, path
            assert axe.serious(page) == [], path
            if size == "phone":
                assert small_targets(page) == [], path
