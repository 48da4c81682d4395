"""Reports kept by the worker, the morning's by itself, and open data only where somebody switched it on."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.site import axe
from tests.site.browsing import opened, overflow, small_targets
from tests.site.texts import leftovers
from tests.site.world import make_coop, make_person

from nongshi.site.base.models import Event, Org, Role, User
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.jobs.models import FieldJob
from nongshi.site.officer.models import KeptReport, OfficerSettings
from nongshi.site.officer.reports import KIND, MORNING_H, make_morning_reports
from nongshi.site.officer.words import GROWERS_MIN
from nongshi.site.plans.models import Season
from nongshi.site.work import services as work
from nongshi.site.work.models import Run, RunState


@pytest.fixture(autouse=True)
def _uploads(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def officer(demo: Season) -> Client:
    client = Client()
    client.force_login(User.objects.get(username="officer"))
    return client


@pytest.fixture
def stranger(demo: Season) -> Client:
    coop = make_coop("elsewhere")
    assert coop.parent is not None
    person = make_person(coop.parent, RoleKind.OFFICER, login="officer2")
    client = Client()
    client.force_login(person.user)
    return client


def work_off() -> Run:
    run = Run.objects.get(kind=KIND, state=RunState.QUEUED)
    claimed = work.claim(run.pk)
    assert claimed is not None
    return work.work(claimed)


def jinshan() -> Org:
    return Org.objects.get(code="jinshan")


def test_a_report_is_made_in_both_languages_and_kept(officer: Client, demo: Season) -> None:
    assert officer.post("/officer/reports/make/", {"season": demo.pk, "days": 1}).status_code == 302
    run = work_off()
    assert run.state == RunState.DONE, run.fault
    kept = KeptReport.objects.all()
    assert {row.language for row in kept} == {"zh-hans", "en"}
    assert {row.org_id for row in kept} == {jinshan().pk}
    for row in kept:
        pdf = b"".join(officer.get(f"/officer/reports/{row.pk}.pdf").streaming_content)  # type: ignore[attr-defined]
        assert pdf.startswith(b"%PDF")
    assert leftovers(officer, "/officer/reports/") == []


def test_a_kept_report_is_not_there_for_another_district(officer: Client, stranger: Client, demo: Season) -> None:
    officer.post("/officer/reports/make/", {"season": demo.pk, "days": 7})
    work_off()
    row = KeptReport.objects.first()
    assert row is not None
    assert stranger.get(f"/officer/reports/{row.pk}.pdf").status_code == 404
    assert list(stranger.get("/officer/reports/").context["kept"]) == []
    assert stranger.post("/officer/reports/make/", {"season": demo.pk, "days": 1}).status_code == 404


@pytest.mark.parametrize(("season", "days"), [("x", "1"), ("", "1"), (None, "2"), (None, "")])
def test_what_cannot_be_made_is_refused_in_words(officer: Client, demo: Season, season: str | None, days: str) -> None:
    given = {"season": str(demo.pk) if season is None else season, "days": days}
    assert officer.post("/officer/reports/make/", given).status_code == 422
    assert not Run.objects.filter(kind=KIND).exists()


def test_the_morning_report_is_made_once_a_day_where_it_is_wanted(demo: Season) -> None:
    now = timezone.localtime()
    morning = now.replace(hour=MORNING_H, minute=30)
    Season.objects.filter(pk=demo.pk).update(start_date=now.date() - timedelta(days=2))
    OfficerSettings.objects.create(org=jinshan(), morning_report=False)
    assert make_morning_reports(morning) == 0  # somebody said no
    OfficerSettings.objects.all().delete()  # nobody said anything: it is made
    assert make_morning_reports(morning - timedelta(hours=1)) == 0
    assert make_morning_reports(morning) == 1
    assert make_morning_reports(morning + timedelta(minutes=10)) == 0
    assert work_off().state == RunState.DONE
    assert make_morning_reports(morning + timedelta(hours=3)) == 0
    assert KeptReport.objects.filter(morning=True).count() == 2


def test_no_morning_report_without_a_season_that_runs(demo: Season) -> None:
    now = timezone.localtime()
    Season.objects.filter(pk=demo.pk).update(start_date=now.date() + timedelta(days=1))
    assert make_morning_reports(now.replace(hour=MORNING_H)) == 0


def test_open_data_is_not_there_until_its_officer_switches_it_on(officer: Client, stranger: Client) -> None:
    page, anybody = "/officer/open/jinshan/progress.csv", Client()
    assert anybody.get(page).status_code == 404
    org = jinshan()
    assert stranger.post("/officer/reports/settings/", {"org": org.pk, "open_data": "on"}).status_code == 404
    assert anybody.get(page).status_code == 404
    assert officer.post("/officer/reports/settings/", {"org": org.pk, "open_data": "on"}).status_code == 302
    assert Event.objects.get(name="OfficerSettingsChanged").data["open_data"] is True
    answer = anybody.get(page)
    assert answer.status_code == 200
    assert "廊下" in answer.content.decode() or "Langxia" in answer.content.decode()
    assert anybody.get("/officer/open/pinghu/progress.csv").status_code == 404
    assert anybody.get("/officer/open/jinshan/progress.exe").status_code == 404
    officer.post("/officer/reports/settings/", {"org": org.pk})
    assert anybody.get(page).status_code == 404


def test_open_places_are_of_own_towns_and_none_where_few_grow(officer: Client) -> None:
    OfficerSettings.objects.create(org=jinshan(), open_data=True)
    said = json.loads(Client().get("/officer/open/jinshan/progress.geojson").content)
    assert said["features"]
    for feature in said["features"]:
        few = feature["properties"]["growers"] is None
        assert (feature["geometry"] is None) == few
        assert few or feature["properties"]["growers"] >= GROWERS_MIN
    jobs = FieldJob.objects.filter(org__path__startswith=jinshan().path)
    towns = {feature["properties"]["town"] for feature in said["features"]}
    assert len(towns) == len(set(jobs.values_list("org_id", flat=True)))
    names = set(jobs.values_list("grower__name", flat=True)) - {None}
    assert not any(name in json.dumps(said, ensure_ascii=False) for name in names if name)


def test_what_an_officer_is_elsewhere_is_not_added_into_the_sums(officer: Client, demo: Season) -> None:
    """The officer of one district is a dispatcher in another's cooperative: figures stay the district's."""
    before = officer.get("/officer/").context["standing"].all
    person = User.objects.get(username="officer").person
    Role.objects.create(person=person, org=Org.objects.get(code="xincang-coop"), kind=RoleKind.DISPATCHER)
    assert officer.get("/officer/").context["standing"].all == before
    assert FieldJob.objects.seen_by(EVERYTHING).count() > before.jobs


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("phone", "en")])
def test_an_officer_has_a_report_made_and_switches_open_data_on(
    browser: Any, live_server: Any, size: str, language: str
) -> None:
    from nongshi.site.demo import make_demo

    make_demo(fields=20)
    user = User.objects.get(username="officer")
    with opened(browser, live_server, user=user, size=size, language=language) as page:
        page.goto(f"{live_server.url}/officer/reports/")
        page.click("button[name=days][value='1']")
        work_off()
        page.goto(f"{live_server.url}/officer/reports/")
        assert page.locator("a[href$='.pdf']").count() == 2
        page.check("[name=open_data]")
        page.locator("form.form button").click()
        assert page.locator("a[href$='progress.geojson']").is_visible()
        assert overflow(page) == 0
        assert axe.serious(page) == []
        if size == "phone":
            assert small_targets(page) == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_wall_says_when_its_numbers_are_old(browser: Any, live_server: Any) -> None:
    from nongshi.site.demo import make_demo

    make_demo(fields=20)
    user = User.objects.get(username="officer")
    with opened(browser, live_server, user=user, expected=("ERR_FAILED", "htmx:")) as page:
        page.clock.install()
        page.goto(f"{live_server.url}/officer/wall/")
        assert not page.locator("#wall-old").is_visible()
        page.route("**/officer/wall/**", lambda route: route.abort())
        page.clock.run_for(200_000)
        assert page.locator("#wall-old").is_visible()
