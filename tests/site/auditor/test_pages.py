"""The auditor reads everything below, changes nothing, and sees nothing of another district."""

import re
from typing import Any

import pytest
from django.test import Client
from tests.site import axe
from tests.site.browsing import opened, overflow, small_targets
from tests.site.texts import leftovers
from tests.site.world import make_coop, make_person

from nongshi.site.base.models import Event, Org, User
from nongshi.site.base.rights import RIGHTS, Reach, RoleKind
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.jobs.models import FieldJob
from nongshi.site.plans import services
from nongshi.site.plans.models import PlanRow, WorkOrder
from nongshi.site.register.models import Machine


def published(season: Any) -> PlanRow:
    services.make_plan({"season": season.pk, "iterations": 100}, lambda share, words: None)
    plan = PlanRow.objects.get()
    services.publish(EVERYTHING, plan.pk, plan.version)
    plan.refresh_from_db()
    return plan


@pytest.fixture
def plan(demo: Any) -> PlanRow:
    return published(demo)


@pytest.fixture
def auditor(plan: PlanRow) -> Client:
    client = Client()
    client.force_login(User.objects.get(username="auditor"))
    return client


def pages(plan: PlanRow) -> list[str]:
    below = Org.objects.get(code="jinshan").path
    order = WorkOrder.objects.filter(org__path__startswith=below).first()
    assert order is not None
    machine, _ = Machine.objects.get_or_create(
        org=Org.objects.get(code="langxia-coop"),
        ref="M-own",
        defaults={"machine_class": "combine-full", "yard_lon": 121.2, "yard_lat": 30.8},
    )
    return [
        "/auditor/",
        "/auditor/sample/",
        f"/auditor/job/{order.job_id}/",
        f"/auditor/plan/{plan.pk}/",
        f"/auditor/machine/{machine.pk}/",
    ]


def test_every_page_speaks_one_language_and_is_for_auditors(auditor: Client, plan: PlanRow) -> None:
    other = Client()
    other.force_login(User.objects.get(username="officer"))
    for path in pages(plan):
        assert leftovers(auditor, path) == [], path
        assert other.get(path).status_code == 403, path
        assert auditor.post(path).status_code == 405, path


def test_the_role_changes_nothing_but_its_own_person() -> None:
    changes = {resource for resource, (_see, change) in RIGHTS[RoleKind.AUDITOR].items() if change > Reach.SELF}
    assert changes == set()


def test_another_district_sees_nothing_of_it(plan: PlanRow) -> None:
    stranger = make_person(make_coop("elsewhere").parent, RoleKind.AUDITOR, login="a2")
    client = Client()
    client.force_login(stranger.user)
    assert client.get("/auditor/").context["shown"] == []
    assert client.get("/auditor/sample/").context["rows"] == []
    for path in pages(plan)[2:]:
        assert client.get(path).status_code == 404


def test_a_plan_is_verified_anew_and_a_forged_figure_is_seen(auditor: Client, plan: PlanRow) -> None:
    again = auditor.get(f"/auditor/plan/{plan.pk}/").context["again"]
    assert again.same
    PlanRow.objects.filter(pk=plan.pk).update(jobs_served=plan.jobs_served + 1)
    assert not auditor.get(f"/auditor/plan/{plan.pk}/").context["again"].same
    PlanRow.objects.filter(pk=plan.pk).update(jobs_served=plan.jobs_served)
    FieldJob.objects.filter(orders__plan=plan).update(area_ha=99.0)
    changed = auditor.get(f"/auditor/plan/{plan.pk}/").context["again"]
    assert changed.breaches or changed.fault


def test_acts_are_found_by_kind_object_and_day(auditor: Client, plan: PlanRow) -> None:
    shown = auditor.get("/auditor/?kind=PlanPublished").context["shown"]
    assert [row["event"].about for row in shown] == [f"plan:{plan.pk}"]
    assert auditor.get(f"/auditor/?about=plan:{plan.pk}").context["page"].paginator.count == 2
    assert auditor.get("/auditor/?since=2999-01-01").context["shown"] == []
    assert auditor.get("/auditor/?since=rubbish&who=%00&page=-3").status_code == 200
    csv = auditor.get("/auditor/acts.csv?kind=PlanPublished").content.decode("utf-8-sig").splitlines()
    assert len(csv) == 2


def test_a_formula_in_a_name_stays_a_text(auditor: Client) -> None:
    coop = Org.objects.get(code="langxia-coop")
    Event.objects.create(org=coop, name="=cmd()", about="x", by=None)
    assert "'=cmd()" in auditor.get("/auditor/acts.csv").content.decode("utf-8-sig")


def test_no_link_leads_to_a_row_out_of_reach(auditor: Client, plan: PlanRow) -> None:
    """A machine from the other province may serve a job of this one."""
    for path in ("/auditor/sample/?count=200", pages(plan)[2]):
        html = auditor.get(path).content.decode()
        for pk in set(re.findall(r'href="/auditor/machine/(\d+)/"', html)):
            assert auditor.get(f"/auditor/machine/{pk}/").status_code == 200


def test_a_job_tells_its_whole_story(auditor: Client, plan: PlanRow) -> None:
    job_page = pages(plan)[2]
    story = auditor.get(job_page).context
    assert story["orders"]
    for row in story["orders"]:
        assert row["order"].job == story["job"]
        assert row["papers"]["licence_ok"]  # the planner gave it to somebody with a licence


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("size", "language"), [("desk", "en"), ("phone", "zh")])
def test_pages_fit_and_can_be_used_by_everybody(browser: Any, live_server: Any, size: str, language: str) -> None:
    from nongshi.site.demo import make_demo

    plan = published(make_demo(fields=20)[0])
    user = User.objects.get(username="auditor")
    with opened(browser, live_server, user=user, size=size, language=language) as page:
        for path in pages(plan):
            page.goto(live_server.url + path)
            assert overflow(page) == 0, path
            assert axe.serious(page) == [], path
            assert size == "desk" or small_targets(page) == [], path
