"""Machines as they are now: the newest position counts, a phone's only with consent, and everybody sees their own."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.site.browsing import session_of
from tests.site.feeds.land import (
    make_field,
    make_job,
    make_machine,
    make_operator,
    make_order,
    make_plan,
    signed_in,
    withdraw,
)
from tests.site.feeds.streams import Stream
from tests.site.serving import served, until
from tests.site.world import make_coop, make_person

from nongshi.gateway.store import PositionStore
from nongshi.geo.track import make_track
from nongshi.site.base import live
from nongshi.site.base.live_states import TOPICS, Topic
from nongshi.site.base.models import Event, Org, Person, Role
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.services import scope_of
from nongshi.site.feeds import machines
from nongshi.site.feeds.generated_places import spot_at
from nongshi.site.feeds.machines import read_machines
from nongshi.site.plans.models import Notice, OrderState, Report, WorkOrder
from nongshi.site.register.models import Lending, Machine

TERMINAL = "013912345678"


@pytest.fixture
def store(tmp_path: Any, settings: Any) -> Iterator[PositionStore]:
    settings.POSITIONS = str(tmp_path)
    found = PositionStore(tmp_path)
    yield found
    found.close()


def fix(store: PositionStore, at: datetime, *, terminal: str = TERMINAL, lon: float = 121.5) -> None:
    store.insert_track(make_track(terminal, [at.timestamp()], [lon], [30.5]))


def order_of(coop: Org, machine: Machine, *, consent_at: datetime | None, hour: int = 0) -> WorkOrder:
    operator = make_operator(coop, f"O{machine.pk}")
    Person.objects.filter(pk=operator.person_id).update(tracks_consent_at=consent_at)
    job = make_job(make_field(coop, f"F{machine.pk}"), f"J{machine.pk}")
    return make_order(make_plan(coop), job, machine, operator, hour=hour)


def report(order: WorkOrder, at: datetime, **more: Any) -> Report:
    said = {"kind": "start", "data": {"lon": 121.4, "lat": 30.4}} | more
    return Report.objects.create(
        key=f"k{at.timestamp()}", order=order, org=order.org, by=order.operator.person, at=at, **said
    )


def only(now: datetime) -> machines.MachineNow:
    (found,) = read_machines(now=now)
    return found


def test_the_newest_of_terminal_and_phone_counts(coop: Org, store: PositionStore) -> None:
    now = timezone.now()
    machine = make_machine(coop, terminal=TERMINAL)
    order = order_of(coop, machine, consent_at=now - timedelta(days=9))
    fix(store, now - timedelta(minutes=20))
    assert only(now).source == "terminal"
    report(order, now - timedelta(minutes=5))
    assert (only(now).source, only(now).place.lon) == ("report", 121.4)
    fix(store, now - timedelta(minutes=1), lon=121.6)
    assert (only(now).source, only(now).place.lon) == ("terminal", pytest.approx(121.6))


@pytest.mark.parametrize(
    ("consent_h", "report_h", "more"),
    [
        (None, 1, {}),  # never agreed
        (1, 2, {}),  # agreed only afterwards
        (9, 1, {"flag": "withdrawn"}),  # no order of theirs any more
        (9, 1, {"kind": "sos"}),  # help is called elsewhere
        (99, machines.REPORT_H + 1, {}),  # too long ago
        (9, 1, {"data": {}}),
    ],
)
def test_a_phone_places_a_machine_only_with_consent_and_on_an_order(
    coop: Org, consent_h: int | None, report_h: int, more: dict[str, Any]
) -> None:
    now = timezone.now()
    consent_at = None if consent_h is None else now - timedelta(hours=consent_h)
    order = order_of(coop, make_machine(coop), consent_at=consent_at)
    report(order, now - timedelta(hours=report_h), **more)
    assert read_machines(now=now) == []


def test_what_is_done_today_and_in_work_is_counted_by_machine(coop: Org, store: PositionStore) -> None:
    now = datetime(2026, 11, 3, 4, 0, tzinfo=UTC)  # noon at the fields
    machine, plan = make_machine(coop, terminal=TERMINAL), make_plan(coop)
    fix(store, now)
    for number, (state, hours) in enumerate(
        [(OrderState.DONE, -3), (OrderState.STARTED, -1), (OrderState.ISSUED, 3), (OrderState.ISSUED, 30)]
    ):
        order = make_order(plan, make_job(make_field(coop, f"F{number}"), f"J{number}"), machine, state=state)
        start = now + timedelta(hours=hours)
        began_at = start if state == OrderState.STARTED else None
        WorkOrder.objects.filter(pk=order.pk).update(start=start, end=start + timedelta(hours=2), began_at=began_at)
    gone = make_order(plan, make_job(make_field(coop, "F9"), "J9"), machine)
    WorkOrder.objects.filter(pk=gone.pk).update(start=now)
    withdraw(gone)
    said = only(now).said()
    assert (said["done"], said["of"], said["done_ha"], said["of_ha"]) == (1, 3, 1.0, 3.0)
    assert (said["job"], said["since"], said["until"]) == ("廊下F1", "11:00", "13:00")
    assert "机手" not in str(said)


def test_everybody_sees_the_machines_that_lists_show_them(demo: Any) -> None:
    borrower = make_coop("elsewhere")
    lender = Org.objects.get(code="lvxiang-coop")
    lent = Machine.objects.last()
    Machine.objects.update(org=Org.objects.get(code="langxia-coop"))
    Machine.objects.filter(pk=lent.pk).update(org=lender)
    today = timezone.localdate()
    Lending.objects.create(org=lender, to=borrower, what="machine", machine=lent, since=today, until=today)
    make_person(borrower, RoleKind.DISPATCHER, login="borrower")
    known = read_machines()
    assert {one.source for one in known} == {"generated"}
    assert len(known) == Machine.objects.count()
    compared = 0
    for person in Person.objects.filter(roles__isnull=False).distinct():
        scope = scope_of(person)
        seen = set(Machine.objects.seen_by(scope).values_list("pk", flat=True))
        assert {one.machine for one in known if one.seen_by(scope)} == seen, person
        compared += bool(seen)
    assert compared >= 4  # dispatcher, borrower, officer, auditor
    assert Role.objects.filter(person__user__username="borrower").exists()


def test_nothing_is_made_up_for_a_real_machine(coop: Org) -> None:
    make_machine(coop)
    assert read_machines() == []


def test_a_made_up_machine_keeps_to_its_plan() -> None:
    at = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
    hour, yard, first, second = timedelta(hours=1), (121.0, 30.0), (121.1, 30.1), (121.3, 30.3)
    stops = [(at, at + hour, first), (at + 2 * hour, at + 3 * hour, second)]
    assert spot_at(stops, yard, at - hour) == yard
    assert spot_at(stops, yard, at + hour / 2) == pytest.approx(first, abs=0.001)
    assert spot_at(stops, yard, at + 1.5 * hour) == pytest.approx((121.2, 30.2))
    assert spot_at(stops, yard, at + 4 * hour) == yard
    assert spot_at(stops, yard, at + timedelta(days=1)) == yard


@pytest.mark.django_db(transaction=True)
def test_a_stream_tells_machines_to_whoever_asks_and_sees_them(
    store: PositionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "POLL_S", 0.05)
    monkeypatch.setitem(TOPICS, "machines", Topic(read_machines, asked=True))
    ours, theirs = make_coop(), make_coop("elsewhere")
    mine = make_machine(ours, terminal=TERMINAL)
    make_machine(theirs, terminal="013900000000")
    people = [make_person(org, RoleKind.DISPATCHER, login=f"of-{org.code}") for org in (ours, theirs)]
    now = timezone.now()
    fix(store, now - timedelta(minutes=1))
    fix(store, now - timedelta(minutes=1), terminal="013900000000", lon=121.9)
    with served() as server:
        asking, silent = (Stream(server, session_of(people[0].user), asked=asked) for asked in ("machines", ""))
        until(lambda: asking.named("machines"))
        fix(store, now, lon=121.7)
        until(lambda: len(asking.named("machines")) >= 2)
        rows = [row for one in asking.named("machines") for row in one["data"]["rows"]]
        assert [(row["machine"], row["lon"]) for row in rows] == [(mine.pk, 121.5), (mine.pk, 121.7)]
        assert asking.named("machines")[0]["data"]["now"] >= rows[0]["at"]
        assert silent.named("machines") == []
        asking.close()
        silent.close()
    assert Event.objects.filter(name="PositionsRead", by=people[0]).count() == 1
    assert signed_in(people[0]).get("/feeds/live?with=secrets").status_code == 400


@pytest.mark.django_db(transaction=True)
def test_a_stream_counts_the_own_messages_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "POLL_S", 0.05)
    coop = make_coop()
    one, other = (make_person(coop, RoleKind.FARMER, login=name) for name in ("zhang", "li"))
    notice = Notice.objects.create(org=coop, person=one, about="job:1", text="改到周四")
    with served() as server:
        readers = [Stream(server, session_of(person.user)) for person in (one, other)]
        counts = [
            lambda reader=reader: [row["unread"] for told in reader.named("unread") for row in told["data"]["rows"]]
            for reader in readers
        ]
        until(lambda: counts[0]() == [1] and counts[1]() == [0])
        Notice.objects.filter(pk=notice.pk).update(read_at=timezone.now())
        until(lambda: counts[0]() == [1, 0])
        assert counts[1]() == [0]
        for reader in readers:
            reader.close()
