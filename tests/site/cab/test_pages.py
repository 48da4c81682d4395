"""The operator's pages: own work only, in order, in both languages; what comes in over the wire."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.site.cab.day import Day, at, lent_driver
from tests.site.texts import leftovers
from tests.site.world import make_person

from nongshi.site.base.models import Event, Person
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.services import make_link
from nongshi.site.plans.models import OrderState, Report, WorkOrder
from nongshi.site.plans.reports import report_work

JPEG = b"\xff\xd8\xff\xe0" + b"0" * 200
PAGES = ("/cab/", "/cab/hours/", "/cab/me/")


@pytest.fixture
def day(db: None) -> Day:
    return Day()


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def body(day: Day, **more: Any) -> dict[str, Any]:
    said = {"key": "0f8a-1234-5678", "order": day.orders[0].pk, "kind": "start", "at": at(6).isoformat()}
    return said | more


def work(day: Day, number: int = 0, *, hours: float = 2.0) -> None:
    """An order begun and done in the last hours."""
    now = timezone.now()
    order = day.orders[number]
    report_work(day.scope, order.pk, key=f"began-key-{order.pk}", kind="start", at=now - timedelta(hours=hours))
    report_work(day.scope, order.pk, key=f"ended-key-{order.pk}", kind="done", at=now)


@pytest.mark.parametrize("page", PAGES)
def test_pages_speak_both_languages_full_and_empty(day: Day, page: str) -> None:
    work(day)
    assert leftovers(signed_in(day.driver), page) == []
    idle = make_person(day.org, RoleKind.OPERATOR, login="idle")
    assert leftovers(signed_in(idle), page) == []


@pytest.mark.parametrize("page", [*PAGES, "/cab/cards/", "/cab/token/"])
def test_others_are_refused(day: Day, page: str) -> None:
    farmer = make_person(day.org, RoleKind.FARMER, login="farmer9")
    assert signed_in(farmer).get(page).status_code == 403
    assert Client().get(page).status_code == 403


def test_cards_are_the_drivers_own_soonest_first_and_none_of_colleagues(day: Day) -> None:
    colleague = Day(2, code="lvxiang", login="other")
    day.add(9, day=1)
    day.add(8, day=-1, state=OrderState.DONE)
    left = day.add(7, day=-1)
    WorkOrder.objects.filter(pk=day.orders[2].pk).update(state=OrderState.WITHDRAWN)
    shown = signed_in(day.driver).get("/cab/")
    rows = [row["order"].pk for row in shown.context["rows"]]
    assert rows[:3] == [left.pk, day.orders[0].pk, day.orders[1].pk]
    assert len(rows) == 4
    assert [found for found, _ in shown.context["days"]] == [
        timezone.localdate() + timedelta(days=n) for n in (-1, 0, 1)
    ]
    driver = lent_driver(day, colleague)
    lent = [row["order"].pk for row in signed_in(driver).get("/cab/").context["rows"]]
    assert day.orders[0].pk in lent
    assert day.orders[1].pk not in lent


def test_somebody_with_a_link_needs_no_password_and_reads_their_own_language(day: Day) -> None:
    Person.objects.filter(pk=day.driver.pk).update(language="en")
    client = Client()
    answer = client.get(f"/l/{make_link(day.driver, 'cab')}", follow=True)
    assert answer.redirect_chain[-1][0] == "/cab/"
    del client.cookies["django_language"]
    assert b"Way to the gate" in client.get("/cab/").content


def test_a_report_comes_in_once_with_the_same_answer(day: Day) -> None:
    client = signed_in(day.driver)
    photo = lambda: SimpleUploadedFile("x.jpg", JPEG, content_type="image/jpeg")  # noqa: E731
    first = client.post("/cab/reports/", body(day, photo=photo()))
    again = client.post("/cab/reports/", body(day, photo=photo(), sent_at=timezone.now().isoformat()))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.json()["photo"] is True
    assert Report.objects.count() == 1
    other = client.post("/cab/reports/", body(day, kind="done"), headers={"accept": "application/json"})
    assert other.status_code == 422
    assert other.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"order": "99999"}, 404), ({"order": "one"}, 422), ({"at": "yesterday"}, 422),
        ({"at": "2026-13-45T00:00"}, 422),
        ({"data": "[1]"}, 422), ({"data": "{"}, 422), ({"kind": "sleep"}, 422), ({"person": "1000"}, 403),
        ({"photo": SimpleUploadedFile("x.jpg", b"<script>")}, 422),
    ],
)  # fmt: skip
def test_a_wrong_report_is_refused_by_name(day: Day, wrong: dict[str, Any], status: int) -> None:
    answer = signed_in(day.driver).post("/cab/reports/", body(day, **wrong), headers={"accept": "application/json"})
    assert answer.status_code == status
    assert answer.json()["detail"]
    assert Report.objects.count() == 0


def test_a_photo_is_seen_by_whoever_sees_the_order(day: Day) -> None:
    row = report_work(day.scope, day.orders[0].pk, key="with-photo", kind="done", at=at(6), photo=JPEG)
    for person in (day.driver, day.dispatcher):
        answer = signed_in(person).get(f"/cab/photo/{row.pk}")
        assert b"".join(answer.streaming_content) == JPEG
        assert answer.headers["content-type"] == "image/jpeg"
    other = Day(1, code="lvxiang", login="other")
    assert signed_in(other.driver).get(f"/cab/photo/{row.pk}").status_code == 404
    assert signed_in(other.dispatcher).get(f"/cab/photo/{row.pk}").status_code == 404
    assert Client().get(f"/cab/photo/{row.pk}").status_code == 403


def test_hours_area_and_pay_are_those_of_ones_own_reports(day: Day) -> None:
    work(day, 0, hours=2.0)
    work(day, 1, hours=1.5)
    shown = signed_in(day.driver).get("/cab/hours/").context
    week = shown["week"]
    assert (week.orders, round(week.hours, 2), week.area_ha) == (2, 3.5, 2.0)
    assert week.pay_fen == 7 * 1500 + 2 * 12000  # 30 yuan an hour, 120 yuan a hectare of rice
    assert shown["season"] == week
    now = timezone.now()
    report_work(day.scope, day.orders[2].pk, key="done-without-start", kind="done", at=now)
    season = signed_in(day.driver).get("/cab/hours/").context["season"]
    assert (season.orders, season.hours, season.area_ha) == (3, week.hours, 3.0)  # no start: no hours, but its area
    other = Day(1, code="lvxiang", login="other")
    assert signed_in(other.driver).get("/cab/hours/").context["season"].orders == 0


def test_papers_that_end_within_two_months_are_reminded_of(day: Day) -> None:
    today = timezone.localdate()
    day.machine.inspected_until = today - timedelta(days=1)
    day.machine.insured_until = today + timedelta(days=61)
    day.machine.upkeep_due = today + timedelta(days=60)
    day.machine.save()
    found = signed_in(day.driver).get("/cab/me/").context["reminders"]
    assert [(one.what, one.over) for one in found] == [("inspection", True), ("licence", False), ("upkeep", False)]


def test_consent_is_given_and_withdrawn_by_oneself(day: Day) -> None:
    client = signed_in(day.driver)
    for given in ("1", "1", "0"):
        assert client.post("/cab/consent/", {"given": given}).status_code == 302
        day.driver.refresh_from_db()
        assert (day.driver.tracks_consent_at is not None) == (given == "1")
    assert list(Event.objects.order_by("pk").values_list("name", flat=True)) == ["ConsentGiven", "ConsentWithdrawn"]


def test_the_service_worker_keeps_the_files_of_now_and_answers_for_the_whole_site(day: Day) -> None:
    answer = signed_in(day.driver).get("/cab/sw.js")
    said = answer.content.decode()
    assert answer.headers["Service-Worker-Allowed"] == "/"
    page = signed_in(day.driver).get("/cab/").content.decode()
    for part in page.split('"'):
        if part.startswith("/static/"):
            assert part in said, part
