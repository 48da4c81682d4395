"""Calendars by secret address: what they show, to whom, how changes arrive, and when they end."""

from datetime import timedelta
from typing import Any

import icalendar
import pytest
from django.test import Client
from django.utils import timezone
from tests.site.feeds.land import make_field, make_job, make_machine, make_operator, make_order, make_plan, withdraw
from tests.site.world import make_coop, make_person

from nongshi.core.errors import BadInput, NotFound
from nongshi.site.base.models import Role
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.services import scope_of
from nongshi.site.feeds import calendars
from nongshi.site.feeds.models import CalendarFeed
from nongshi.site.plans.models import WorkOrder


class Village:
    """A cooperative with one job, done by one machine."""

    def __init__(self) -> None:
        self.coop = make_coop()
        self.farmer = make_person(self.coop, RoleKind.FARMER, name="张三", login="zhang")
        self.dispatcher = make_person(self.coop, RoleKind.DISPATCHER, name="李四", login="li")
        self.field = make_field(self.coop, grower=self.farmer, hazards="北边有沟")
        self.machine, self.operator = make_machine(self.coop), make_operator(self.coop)
        self.job, self.plan = make_job(self.field), make_plan(self.coop)
        self.order = make_order(self.plan, self.job, self.machine, self.operator)


@pytest.fixture
def village(db: None) -> Village:
    return Village()


def taken(secret: str, **headers: str) -> Any:
    return Client().get(f"/feeds/calendar/{secret}.ics", headers=headers)


def events(secret: str) -> list[Any]:
    answer = taken(secret)
    assert answer.status_code == 200
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


def made(person: Any, what: str) -> str:
    return calendars.make_calendar(scope_of(person), what, days=30)[1]


def test_a_farmer_sees_own_work_at_the_right_hour_and_nobodys_name(village: Village) -> None:
    other = make_job(make_field(village.coop, "F2"), "J2")
    make_order(village.plan, other, village.machine)
    secret = made(village.farmer, "farmer")
    (event,) = events(secret)
    assert event["dtstart"].dt == village.order.start
    assert event["dtend"].dt == village.order.end
    assert "水稻" in str(event["summary"])
    assert str(event["status"]) == "CONFIRMED"
    assert event["geo"].to_ical() == "30.8;121.2"
    text = taken(secret).content.decode()
    assert "DTSTART:" in text
    assert "Z\r\n" in text.partition("DTSTART:")[2][:20]
    for hidden in ("机手", "北边", "张三", "李四"):
        assert hidden not in text, hidden


def test_the_words_are_the_persons_language(village: Village) -> None:
    village.farmer.language = "en"
    village.farmer.save()
    (event,) = events(made(village.farmer, "farmer"))
    assert "harvest" in str(event["summary"]).lower()
    assert "ha" in str(event["description"])


def test_an_operators_and_a_machines_calendar_warn_of_hazards(village: Village) -> None:
    for person, what in ((village.operator.person, "operator"), (village.dispatcher, f"machine:{village.machine.pk}")):
        (event,) = events(made(person, what))
        assert "北边有沟" in str(event["description"])


def test_an_order_issued_anew_is_the_same_event_with_a_higher_sequence(village: Village) -> None:
    secret = made(village.farmer, "farmer")
    (before,) = events(secret)
    withdraw(village.order)
    later = make_order(village.plan, village.job, village.machine, hour=30)
    (after,) = events(secret)
    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]
    assert after["dtstart"].dt == later.start
    assert after["last-modified"].dt >= before["last-modified"].dt


def test_a_withdrawn_order_is_cancelled_not_gone(village: Village) -> None:
    secret = made(village.farmer, "farmer")
    (before,) = events(secret)
    withdraw(village.order)
    (after,) = events(secret)
    assert str(after["status"]) == "CANCELLED"
    assert after["sequence"] > before["sequence"]


def test_a_job_that_moves_to_another_machine_is_cancelled_on_the_first(village: Village) -> None:
    second = make_machine(village.coop, "M2")
    secrets = [made(village.dispatcher, f"machine:{one.pk}") for one in (village.machine, second)]
    withdraw(village.order)
    make_order(village.plan, village.job, second)
    (first_event,), (second_event,) = events(secrets[0]), events(secrets[1])
    assert (str(first_event["status"]), str(second_event["status"])) == ("CANCELLED", "CONFIRMED")


def test_what_did_not_change_is_not_sent_again(village: Village) -> None:
    secret = made(village.farmer, "farmer")
    first = taken(secret)
    assert "private" in first.headers["Cache-Control"]
    again = taken(secret, if_none_match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    WorkOrder.objects.filter(pk=village.order.pk).update(start=village.order.start + timedelta(hours=1))
    assert taken(secret, if_none_match=first.headers["ETag"]).status_code == 200


def test_only_a_digest_of_the_address_is_kept(village: Village) -> None:
    secret = made(village.farmer, "farmer")
    row = CalendarFeed.objects.values().get()
    assert secret not in str(row)
    assert taken(secret[:-1] + ("a" if secret[-1] != "a" else "b")).status_code == 404


def test_a_calendar_ends_when_taken_back_out_of_date_or_without_the_role(village: Village) -> None:
    scope = scope_of(village.farmer)
    for end in ("revoke", "expire", "role"):
        feed, secret = calendars.make_calendar(scope, "farmer", days=30)
        assert len(events(secret)) == 1
        if end == "revoke":
            calendars.revoke_calendar(scope, feed.pk)
        elif end == "expire":
            CalendarFeed.objects.filter(pk=feed.pk).update(expires=timezone.now())
        else:
            Role.objects.filter(person=village.farmer).delete()
            assert events(secret) == []
            continue
        assert taken(secret).status_code == 404


def test_nobody_makes_a_calendar_of_what_is_not_in_reach(village: Village) -> None:
    stranger = make_person(make_coop("elsewhere"), RoleKind.DISPATCHER)
    buyer = make_person(village.coop, RoleKind.BUYER)
    reach = f"machine:{village.machine.pk}", f"operator:{village.operator.pk}", "farmer", "operator", "x", "machine:"
    for person in (stranger, buyer, village.farmer):
        for what in reach:
            if (person, what) != (village.farmer, "farmer"):
                with pytest.raises(BadInput):
                    calendars.make_calendar(scope_of(person), what, days=30)
    assert calendars.list_choices(scope_of(buyer)) == []


def test_a_dispatcher_makes_an_operators_calendar_and_both_may_take_it_back(village: Village) -> None:
    dispatcher, operator = scope_of(village.dispatcher), scope_of(village.operator.person)
    feed, secret = calendars.make_calendar(dispatcher, f"operator:{village.operator.pk}", days=30)
    assert len(events(secret)) == 1
    assert list(calendars.list_calendars(operator)) == [feed]
    assert list(calendars.list_calendars(scope_of(village.farmer))) == []
    with pytest.raises(NotFound):
        calendars.revoke_calendar(scope_of(village.farmer), feed.pk)
    calendars.revoke_calendar(operator, feed.pk)
    assert list(calendars.list_calendars(dispatcher)) == []


def test_an_operator_sees_work_on_another_organisations_field_too(village: Village) -> None:
    """Organisations that plan together send their drivers to each other's fields."""
    other = make_coop("lvxiang")
    make_order(village.plan, make_job(make_field(other, "F9"), "J9"), village.machine, village.operator, hour=40)
    assert len(events(made(village.operator.person, "operator"))) == 2


def test_a_sequence_never_falls_when_an_old_order_goes_out_of_sight(village: Village) -> None:
    secret = made(village.farmer, "farmer")
    withdraw(village.order)
    make_order(village.plan, village.job, village.machine, hour=60)
    (before,) = events(secret)
    long_ago = timezone.now() - timedelta(days=90)
    WorkOrder.objects.filter(pk=village.order.pk).update(start=long_ago, end=long_ago)
    (after,) = events(secret)
    assert after["sequence"] == before["sequence"]
