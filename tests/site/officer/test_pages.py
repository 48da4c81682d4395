"""The officer sees the whole tree below and nothing beside it; page, wall, report and data say the same."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from tests.site import axe
from tests.site.browsing import opened, overflow, small_targets, wait_until
from tests.site.texts import leftovers
from tests.site.world import make_coop, make_person, plan_season

from nongshi.site.base.models import Org, User
from nongshi.site.base.rights import RoleKind
from nongshi.site.jobs.models import FieldJob
from nongshi.site.officer.words import GROWERS_MIN
from nongshi.site.plans import services
from nongshi.site.plans.models import PlanRow, Season


def published(season: Season) -> Season:
    plan_season(season)
    return season


@pytest.fixture
def season(demo: Season) -> Season:
    return published(demo)


@pytest.fixture
def officer(season: Season) -> Client:
    client = Client()
    client.force_login(User.objects.get(username="officer"))
    return client


@pytest.mark.parametrize("path", ["/officer/", "/officer/wall/"])
def test_pages_speak_one_language_and_are_for_officers(officer: Client, path: str) -> None:
    assert leftovers(officer, path) == []
    other = Client()
    other.force_login(User.objects.get(username="clerk"))
    assert other.get(path).status_code == 403
    assert Client().get(path).status_code == 403


def test_only_the_own_district_is_counted(officer: Client) -> None:
    """金山 holds three of the five towns."""
    below = Org.objects.get(code="jinshan")
    mine = FieldJob.objects.filter(org__path__startswith=below.path)
    standing = officer.get("/officer/").context["standing"]
    assert 0 < mine.count() < FieldJob.objects.count()
    assert standing.all.jobs == mine.count()
    assert standing.all.area_ha == pytest.approx(sum(job.area_ha for job in mine))
    assert {name for name, _ in standing.towns} == {job.org.parent.name for job in mine.select_related("org__parent")}
    places = officer.get(f"/officer/season/{standing.season.pk}/places.geojson").json()
    assert {feature["id"] for feature in places["features"]} == set(mine.values_list("pk", flat=True))


def test_another_districts_officer_sees_nothing_of_it(season: Season) -> None:
    stranger = make_person(make_coop("elsewhere").parent, RoleKind.OFFICER, login="o2")
    client = Client()
    client.force_login(stranger.user)
    assert "seasons" not in client.get("/officer/").context
    for path in ("places.geojson", "report-1.pdf", "progress.csv"):
        assert client.get(f"/officer/season/{season.pk}/{path}").status_code == 404


def test_what_the_plan_leaves_out_has_its_reason(officer: Client) -> None:
    shown = officer.get("/officer/").context
    plan = services.plan_of(PlanRow.objects.get())
    mine = set(
        FieldJob.objects.filter(org__path__startswith=Org.objects.get(code="jinshan").path).values_list(
            "ref", flat=True
        )
    )
    left_out = [one for one in plan.unserved if one.job_id in mine]
    assert sum(row["one"].jobs for row in shown["short"]) == len(left_out)


@pytest.mark.parametrize("days", [1, 7])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_report_is_a_pdf_in_both_languages(officer: Client, season: Season, days: int, language: str) -> None:
    officer.cookies["django_language"] = language
    answer = officer.get(f"/officer/season/{season.pk}/report-{days}.pdf")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")


def test_open_data_leaves_out_what_could_name_somebody(officer: Client, season: Season) -> None:
    text = officer.get(f"/officer/season/{season.pk}/progress.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows
    for row in rows:
        hidden = row["growers"] == ""
        assert hidden == (row["area_ha"] == "")
        assert hidden or int(row["growers"]) >= GROWERS_MIN
    assert officer.get(f"/officer/season/{season.pk}/progress.xlsx").content[:2] == b"PK"
    assert officer.get(f"/officer/season/{season.pk}/progress.doc").status_code == 404


def test_before_any_season_the_page_says_so(coop: Any) -> None:
    person = make_person(coop.parent, RoleKind.OFFICER, login="o3")
    client = Client()
    client.force_login(person.user)
    assert leftovers(client, "/officer/") == []
    assert leftovers(client, "/officer/wall/") == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("phone", "en")])
def test_page_and_wall_in_a_browser(browser: Any, live_server: Any, size: str, language: str) -> None:
    from nongshi.site.demo import make_demo

    published(make_demo(fields=20)[0])
    user = User.objects.get(username="officer")
    with opened(browser, live_server, user=user, size=size, language=language) as page:
        page.goto(f"{live_server.url}/officer/")
        page.locator("#season-day").fill("0")
        wait_until(page, "document.getElementById('season-date').textContent.length > 3")
        assert overflow(page) == 0
        assert axe.serious(page) == []
        assert size == "desk" or small_targets(page) == []
        page.goto(f"{live_server.url}/officer/wall/")
        assert page.locator(".wall-figure").count() == 7
        assert overflow(page) == 0
        assert axe.serious(page) == []


def test_without_a_plan_nothing_is_said_to_have_a_place(demo: Season) -> None:
    client = Client()
    client.force_login(User.objects.get(username="officer"))
    for path, times in (("/officer/", 2), ("/officer/wall/", 1)):
        said = client.get(path, headers={"accept-language": "en"}).content.decode()
        assert said.count("No plan is in force yet.") == times
        assert "Every job has a place" not in said
        assert "Nothing is late" not in said
        assert leftovers(client, path) == []
