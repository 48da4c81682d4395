"""The owner's pages in a browser: both sizes, both languages, everybody can use them; offering one's machine."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.site import axe
from tests.site.browsing import opened, overflow, small_targets, wait_until
from tests.site.cab.day import at
from tests.site.owner.fleet import Fleet, yesterday

from nongshi.site.base.models import Event

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def make_fleet() -> Fleet:
    fleet = Fleet()
    fleet.first.inspected_until = timezone.localdate() - timedelta(days=2)
    fleet.first.save()
    for number in range(4):
        fleet.add_done(number, at(8 + number, -number), at(9.5 + number, -number), area_ha=1.2)
    fleet.add_planned(5, at(8, 1), 3.0, area_ha=3.0)
    fleet.add_open(6)
    return fleet


@pytest.mark.parametrize(("size", "language"), [("phone", "zh"), ("phone", "en"), ("desk", "zh"), ("desk", "en")])
def test_pages_fit_and_can_be_used_by_everybody(browser: Any, live_server: Any, size: str, language: str) -> None:
    fleet = make_fleet()
    machine, month = f"/owner/machine/{fleet.first.pk}/", yesterday(9)
    with opened(browser, live_server, user=fleet.person.user, size=size, language=language) as page:
        for path in ("/owner/", machine, f"{machine}nearby/", f"/owner/month/{month.year}-{month.month}/"):
            page.goto(live_server.url + path)
            if path in ("/owner/", machine):
                wait_until(page, "Boolean(document.querySelector('[data-chart] canvas'))")
            assert overflow(page) == 0, path
            assert axe.serious(page) == [], path
            if size == "phone":
                assert small_targets(page) == [], path


def test_an_owner_goes_from_the_machines_to_an_offer(browser: Any, live_server: Any) -> None:
    fleet = make_fleet()
    with opened(browser, live_server, user=fleet.person.user, size="phone", language="en") as page:
        page.goto(live_server.url + "/")
        page.click(f"a[href='/owner/machine/{fleet.first.pk}/']")
        page.click("text=Work nearby")
        page.click("text=I could take it")
        page.wait_for_selector("text=The dispatcher knows that you could take it.")
    assert Event.objects.get(name="WorkOffered").data == {"machine": fleet.first.pk}
