"""Live events: each reader gets the own ones only, each once and in order, and all of them cost one look a second."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests.site.browsing import session_of
from tests.site.feeds.land import make_field, make_job, make_machine, make_operator, make_order, make_plan
from tests.site.feeds.streams import Stream
from tests.site.serving import served, until
from tests.site.world import make_coop, make_person

from nongshi.site.base import live, sse
from nongshi.site.base.live import Poller, live_events
from nongshi.site.base.live_rows import ABOUT, SILENT, Happened, describe, in_sight
from nongshi.site.base.models import Event, Org, Person
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.rows import OrgRow
from nongshi.site.base.scope import EVERYTHING, Scope
from nongshi.site.base.services import log, scope_of
from nongshi.site.base.sse import Sent
from nongshi.site.feeds import webhooks
from nongshi.site.work.models import Run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "POLL_S", 0.05)


@pytest.fixture
def server(transactional_db: None) -> Iterator[str]:
    with served() as found:
        yield found


def happened(org: Org, about: str, name: str = "JobPosted") -> Event:
    return log(name, about, scope=EVERYTHING, org_id=org.pk)


def dispatcher_of(org: Org) -> Person:
    return make_person(org, RoleKind.DISPATCHER, login=f"of-{org.code}")


def test_three_readers_of_two_organisations_get_only_their_own(server: str) -> None:
    ours, theirs = make_coop(), make_coop("elsewhere")
    officer = make_person(ours.parent, RoleKind.OFFICER, login="officer")
    readers = [Stream(server, session_of(one.user)) for one in (dispatcher_of(ours), dispatcher_of(theirs), officer)]
    mine, other = make_job(make_field(ours)), make_job(make_field(theirs, "F9"))
    run = Run.objects.create(org=ours, kind="plan")
    happened(ours, f"job:{mine.pk}")
    happened(theirs, f"job:{other.pk}")
    happened(ours, f"run:{run.pk}", "RunStarted")  # no officer's business
    happened(ours, "person:1", "TokenMade")  # nobody's
    happened(theirs, f"job:{other.pk}", "JobCancelled")
    happened(ours, f"job:{mine.pk}", "JobCancelled")
    wanted = [
        [f"job:{mine.pk}", f"run:{run.pk}", f"job:{mine.pk}"],
        [f"job:{other.pk}", f"job:{other.pk}"],
        [f"job:{mine.pk}", f"job:{mine.pk}"],
    ]
    for reader, abouts in zip(readers, wanted, strict=True):
        until(lambda reader=reader, abouts=abouts: len(reader.abouts) >= len(abouts))
    Stream(server, session_of(officer.user)).close()  # time passes: nothing more comes
    assert [reader.abouts for reader in readers] == wanted
    said = readers[0].named("event")[0]
    assert set(said["data"]) == {"id", "name", "about", "at"}
    assert said["id"] == str(said["data"]["id"])
    for reader in readers:
        reader.close()


def test_who_comes_back_by_the_last_id_misses_nothing_and_gets_nothing_twice(server: str) -> None:
    coop = make_coop()
    job, session = make_job(make_field(coop)), session_of(dispatcher_of(coop).user)
    made = []
    found: list[int] = []
    last = None
    for round_ in range(4):
        reader = Stream(server, session, last)
        made += [happened(coop, f"job:{job.pk}").pk for _ in range(3)]
        wanted = 8 if round_ else 3
        until(lambda reader=reader, wanted=wanted: len(reader.ids) >= wanted)
        reader.close()
        found += reader.ids
        last = found[-1]
        if round_ < 3:
            made += [happened(coop, f"job:{job.pk}").pk for _ in range(5)]  # while nobody reads
    assert found == made[: len(found)]
    assert len(found) == 3 + 3 * 8


def test_people_without_an_organisations_rights_hear_of_their_own_rows_only(server: str) -> None:
    coop = make_coop()
    farmer = make_person(coop, RoleKind.FARMER, login="zhang")
    operator = make_operator(coop, login="op")
    own, other = make_job(make_field(coop, grower=farmer)), make_job(make_field(coop, "F2"), "J2")
    plan, machine = make_plan(coop), make_machine(coop)
    theirs, mine = make_order(plan, other, machine), make_order(plan, own, machine, operator)
    readers = [Stream(server, session_of(user)) for user in (farmer.user, operator.person.user)]
    for about in (f"job:{other.pk}", f"job:{own.pk}", f"order:{theirs.pk}", f"order:{mine.pk}", f"plan:{plan.pk}"):
        happened(coop, about)
    until(lambda: len(readers[0].abouts) >= 2 and len(readers[1].abouts) >= 1)
    happened(coop, f"job:{own.pk}", "JobDone")
    until(lambda: len(readers[0].abouts) >= 3)
    assert readers[0].abouts == [f"job:{own.pk}", f"order:{mine.pk}", f"job:{own.pk}"]
    assert readers[1].abouts == [f"order:{mine.pk}"]
    for reader in readers:
        reader.close()


@pytest.mark.postgres  # SQLite's database of these tests lies in memory: its connections cannot be closed
def test_an_open_stream_keeps_no_connection_of_its_own(server: str) -> None:
    session = session_of(dispatcher_of(make_coop()).user)
    readers = [Stream(server, session) for _ in range(8)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        assert cursor.fetchone()[0] <= 3  # ours, the poller's, and one that just closes
    for reader in readers:
        reader.close()


def test_how_far_long_work_is_comes_along(server: str) -> None:
    coop = make_coop()
    Run.objects.create(org=make_coop("elsewhere"), kind="plan", state="running")
    run = Run.objects.create(org=coop, kind="plan", state="running")
    reader = Stream(server, session_of(dispatcher_of(coop).user))
    until(lambda: reader.named("run"))
    Run.objects.filter(pk=run.pk).update(share=0.5, words="1,200")
    until(lambda: len(reader.named("run")) >= 2)
    Run.objects.filter(pk=run.pk).update(share=1.0, state="done")
    until(lambda: len(reader.named("run")) >= 3)
    said = [one["data"] for one in reader.named("run")]
    assert [(one["run"], one["state"], one["share"]) for one in said] == [
        (run.pk, "running", 0.0),
        (run.pk, "running", 0.5),
        (run.pk, "done", 1.0),
    ]
    reader.close()


def test_a_reader_who_signs_out_is_cut_off(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "SCOPE_S", 0.2)
    person = dispatcher_of(make_coop())
    client = Client()
    client.force_login(person.user)
    reader = Stream(server, client.cookies["sessionid"].value)
    client.post("/sign-out")
    until(reader.ended.is_set)


def test_open_streams_end_when_the_server_does(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Stream(server, session_of(dispatcher_of(make_coop()).user))
    assert not reader.ended.is_set()
    sse.ENDING.set()
    try:
        until(reader.ended.is_set)
    finally:
        sse.ENDING.clear()


def test_nobody_and_wrong_ids_are_refused() -> None:
    coop = make_coop()
    assert Client().get("/feeds/live").status_code == 403
    client = Client()
    client.force_login(dispatcher_of(coop).user)
    for last in ("x", "-1", "9" * 30):
        assert client.get(f"/feeds/live?last={last}").status_code == 400


async def take(events: Any, count: int, into: list[Sent]) -> None:
    async for sent in events:
        into.append(sent)
        if len(into) >= count:
            return


def test_many_readers_cost_one_look_at_a_time() -> None:
    coop = make_coop()
    job, scope = make_job(make_field(coop)), scope_of(dispatcher_of(coop))

    async def read() -> tuple[int, list[list[Sent]]]:
        told: list[list[Sent]] = [[] for _ in range(50)]
        reading = [asyncio.create_task(take(live_events(lambda: scope), 5, into)) for into in told]
        while not all(told):
            await asyncio.sleep(0.01)
        for _ in range(3):
            await asyncio.to_thread(happened, coop, f"job:{job.pk}")
        before, at = live.poller().polls, asyncio.get_running_loop().time()
        await asyncio.wait_for(asyncio.gather(*reading), 30)
        looks_max = 3 + (asyncio.get_running_loop().time() - at) / live.POLL_S
        assert live.poller().polls - before <= looks_max
        return live.poller().polls, told

    polls, told = asyncio.run(read())
    assert polls > 0
    assert {tuple(sent.name for sent in one) for one in told} == {("ready", "unread", "event", "event", "event")}


def test_a_reader_away_for_too_long_is_told_to_load_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HISTORY_MAX", 5)
    monkeypatch.setattr(live, "GAP_S", 0.0)  # else the last seconds are told again, where many write at once
    coop = make_coop()
    job, scope = make_job(make_field(coop)), scope_of(dispatcher_of(coop))
    first = happened(coop, f"job:{job.pk}").pk
    for _ in range(9):
        head = happened(coop, f"job:{job.pk}").pk
    for last, names in ((first, ["reset", "ready"]), (head + 50, ["reset", "ready"]), (head - 1, ["event", "ready"])):
        told: list[Sent] = []
        asyncio.run(take(live_events(lambda: scope, last), 2, told))
        assert [sent.name for sent in told] == names


def test_a_database_that_is_away_for_a_while_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import DatabaseError

    coop = make_coop()
    scope, troubles = scope_of(dispatcher_of(coop)), [DatabaseError("away")] * 3
    real = live.find_head

    def find_head() -> int:
        if troubles:
            raise troubles.pop()
        return real()

    monkeypatch.setattr(live, "find_head", find_head)
    told: list[Sent] = []
    asyncio.run(take(live_events(lambda: scope), 1, told))
    assert [sent.name for sent in told] == ["ready"]


def test_where_many_write_at_once_a_late_id_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids 1 and 3 are committed before 2: 3 is held back until 2 is there, or its time is over."""
    monkeypatch.setattr(live, "_one_writer", lambda: False)
    clock = [100.0]
    monkeypatch.setattr(live.time, "monotonic", lambda: clock[0])
    poller = Poller()

    def row(id_: int) -> Happened:
        from django.utils import timezone

        return Happened(id=id_, name="JobPosted", about="job:1", at=timezone.now())

    def ripe(*ids: int) -> list[int]:
        return [one.id for one in poller._ripe(row(id_) for id_ in ids if id_ > poller.head)]

    assert ripe(1, 3) == [1]
    assert ripe(1, 2, 3) == [2, 3]
    assert ripe(5) == []
    clock[0] += live.GAP_S + 0.1
    assert ripe(5, 6) == [5, 6]  # 4 was rolled back


def test_what_is_told_is_what_could_be_asked_for() -> None:
    """The same rule as `seen_by`, for every role and kind of row there is."""
    coop, other = make_coop(), make_coop("elsewhere")
    people = [make_person(org, kind) for kind in RoleKind for org in (coop, coop.parent, other)]
    farmer = next(one for one in people if scope_of(one).has(RoleKind.FARMER) and one.org_id == coop.pk)
    operator = make_operator(coop)
    job, machine, plan = make_job(make_field(coop, grower=farmer)), make_machine(coop), make_plan(coop)
    order = make_order(plan, job, machine, operator)
    foreign = make_machine(other, "M2")
    crossing = make_order(plan, job, foreign, part=2)
    run = Run.objects.create(org=coop, kind="plan")
    rows: list[tuple[str, OrgRow]] = [
        ("job", job), ("machine", machine), ("plan", plan), ("order", order), ("order", crossing), ("run", run),
        ("field", job.field), ("operator", operator), ("season", plan.season),
    ]  # fmt: skip
    told = describe(happened(coop, f"{kind}:{row.pk}") for kind, row in rows)
    seen = 0
    for person in [*people, operator.person]:
        scope = scope_of(person)
        for (kind, row), news in zip(rows, told, strict=True):
            may = type(row).objects.seen_by(scope).filter(pk=row.pk).exists()
            assert in_sight(scope, news) == may, (scope, kind)
            seen += may
    assert seen > 20
    assert all(one.resource == ABOUT[one.about.partition(":")[0]][0] for one in told)


def test_an_event_about_a_row_that_is_gone_is_its_organisations() -> None:
    coop = make_coop()
    (news,) = describe([happened(coop, "job:99999")])
    assert in_sight(scope_of(dispatcher_of(coop)), news)
    assert not in_sight(scope_of(dispatcher_of(make_coop("elsewhere"))), news)
    assert not in_sight(Scope(), news)


def test_every_kind_of_event_is_either_told_or_meant_to_be_silent() -> None:
    """A page that logs something about a new kind of row decides who hears of it: in `live_rows`."""
    source = Path(live.__file__).parents[1]
    found = {
        kind
        for path in source.rglob("*.py")
        for kind in re.findall(r"""log\([^)]*?f"([a-z_]+):\{""", path.read_text(encoding="utf-8"), re.DOTALL)
    }
    assert {"job", "plan", "run"} <= found
    assert found - set(ABOUT) - SILENT == set()
    assert not SILENT & set(webhooks.KINDS)
