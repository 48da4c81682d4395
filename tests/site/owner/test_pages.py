"""The owner's pages: own machines only, in both languages; work nearby and the word "I could take it"."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.site.cab.day import at
from tests.site.owner.fleet import Fleet, yesterday
from tests.site.texts import leftovers
from tests.site.world import make_person

from nongshi.site.base.models import Event, Person
from nongshi.site.base.rights import RoleKind
from nongshi.site.jobs.models import JobStatus
from nongshi.site.owner.assumptions import income_fen
from nongshi.site.plans.models import Notice


@pytest.fixture
def fleet(db: None) -> Fleet:
    made = Fleet()
    made.add_done(0, yesterday(8), yesterday(10), area_ha=2.0)
    made.add_planned(1, at(8, 1), 3.0, area_ha=3.0)
    return made


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def pages(fleet: Fleet) -> list[str]:
    machine = f"/owner/machine/{fleet.first.pk}/"
    month = yesterday(10)
    return ["/owner/", machine, f"{machine}nearby/", f"/owner/month/{month.year}-{month.month}/"]


def test_pages_speak_both_languages(fleet: Fleet) -> None:
    fleet.add_open(5)
    for path in pages(fleet):
        assert leftovers(signed_in(fleet.person), path) == [], path
    idle = make_person(fleet.org, RoleKind.OWNER, login="idle")
    assert leftovers(signed_in(idle), "/owner/") == []
    assert leftovers(signed_in(fleet.person), f"/owner/machine/{fleet.second.pk}/") == []


def test_others_are_refused_and_other_owners_machines_are_not_there(fleet: Fleet) -> None:
    other = Fleet(code="lvxiang", login="owner2")
    neighbour = make_person(fleet.org, RoleKind.OWNER, login="owner3")
    for path in pages(fleet):
        assert signed_in(fleet.day.driver).get(path).status_code == 403, path
        assert Client().get(path).status_code == 403, path
    for person in (other.person, neighbour):
        for path in pages(fleet)[1:3]:
            assert signed_in(person).get(path).status_code == 404, path
        assert fleet.first not in [row.machine for row in signed_in(person).get("/owner/").context["rows"]]
        assert signed_in(person).get(pages(fleet)[3]).context["sheets"] == []


def test_a_dispatcher_who_owns_a_machine_sees_here_that_machine_alone(fleet: Fleet) -> None:
    both = make_person(fleet.org, RoleKind.OWNER, RoleKind.DISPATCHER, login="both")
    fleet.second.owner = both
    fleet.second.save()
    client = signed_in(both)
    assert [row.machine for row in client.get("/owner/").context["rows"]] == [fleet.second]
    assert client.get(f"/owner/machine/{fleet.first.pk}/").status_code == 404


def test_the_sheet_of_a_month_has_what_was_finished_in_it(fleet: Fleet) -> None:
    ended = yesterday(10)
    client = signed_in(fleet.person)
    sheet = client.get(f"/owner/month/{ended.year}-{ended.month}/").context
    assert [one["machine"] for one in sheet["sheets"]] == [fleet.first]
    assert (sheet["sum"].done_ha, sheet["sum"].done_h, sheet["sum"].done_fen) == (
        2.0,
        2.0,
        income_fen("rice_harvest", 2.0),
    )
    other = client.get(f"/owner/month/{ended.year - 1}-{ended.month}/").context
    assert other["sheets"] == []
    for wrong in ("2026-13", "2026-0", "1900-5"):
        assert client.get(f"/owner/month/{wrong}/").status_code == 404


@pytest.mark.parametrize("asked", ["999", "x"])
def test_a_season_that_is_not_ones_own_is_not_there(fleet: Fleet, asked: str) -> None:
    assert signed_in(fleet.person).get(f"/owner/?season={asked}").status_code == 404


def test_work_nearby_fits_the_class_is_open_and_nearest_first(fleet: Fleet) -> None:
    near, far = fleet.add_open(6), fleet.add_open(9)
    fleet.add_open(10, operation="transplant")
    fleet.add_open(11, status=JobStatus.PLANNED)
    fleet.add_open(12, due=timezone.now() - timedelta(hours=1))
    gone = fleet.add_open(13)
    gone.field.gate_lat += 1.0
    gone.field.save()
    Fleet(code="lvxiang", login="owner2").add_open(6)
    work = [row["work"] for row in nearby(fleet)]
    assert [one.job_id for one in work] == [near.pk, far.pk]
    assert work[0].price_fen == (127500, 172500)
    assert work[0].km == 3.0  # 0.024 degrees of longitude are 2.29 km, times 1.3, to half a kilometre
    page = signed_in(fleet.person).get(f"/owner/machine/{fleet.first.pk}/nearby/").content.decode()
    assert near.field.name not in page


def nearby(fleet: Fleet) -> Any:
    return signed_in(fleet.person).get(f"/owner/machine/{fleet.first.pk}/nearby/").context["work"]


def test_i_could_take_it_is_told_once(fleet: Fleet) -> None:
    job, client = fleet.add_open(6), signed_in(fleet.person)
    for _ in range(2):
        assert client.post(f"/owner/machine/{fleet.first.pk}/offer/{job.pk}").status_code == 302
    event = Event.objects.get(name="WorkOffered")
    assert (event.about, event.data, event.by) == (f"job:{job.pk}", {"machine": fleet.first.pk}, fleet.person)
    notice = Notice.objects.get()
    assert notice.person == fleet.day.dispatcher
    assert "陈老板" in notice.text
    assert [row["work"].offered for row in nearby(fleet)] == [True]


def test_nobody_offers_what_is_not_theirs_or_takes_what_is_gone(fleet: Fleet) -> None:
    job = fleet.add_open(6)
    other = Fleet(code="lvxiang", login="owner2")
    url = f"/owner/machine/{fleet.first.pk}/offer/{job.pk}"
    assert signed_in(other.person).post(url).status_code == 404
    assert signed_in(other.person).post(f"/owner/machine/{other.first.pk}/offer/{job.pk}").status_code == 404
    assert signed_in(fleet.day.driver).post(url).status_code == 403
    job.status = JobStatus.PLANNED
    job.save()
    assert signed_in(fleet.person).post(url).status_code == 400
    assert Event.objects.filter(name="WorkOffered").count() == 0
