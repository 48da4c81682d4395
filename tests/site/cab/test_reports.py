"""Reports from the field: each counts once, late and out of order, and none is lost."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.site.cab.day import Day, at, lent_driver
from tests.site.world import make_person

from nongshi.core.errors import BadInput, NotFound
from nongshi.site.base.models import Event
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.services import scope_of
from nongshi.site.jobs.models import FieldJob, JobStatus
from nongshi.site.plans.models import Notice, OrderState, Report, WorkOrder
from nongshi.site.plans.reports import clear_problem, open_problems, report_work

JPEG = b"\xff\xd8\xff\xe0" + b"0" * 200


@pytest.fixture
def day(db: None) -> Day:
    return Day()


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is seven in the evening, so that all of the day's hours are past."""
    monkeypatch.setattr(timezone, "now", lambda: at_19)


at_19 = (
    datetime.now(UTC).astimezone(timezone.get_default_timezone()).replace(hour=19, minute=0, second=0, microsecond=0)
)


def say(day: Day, kind: str, hour: float, key: str = "", order: WorkOrder | None = None, **more: Any) -> Report:
    order = order or day.orders[0]
    return report_work(
        more.pop("scope", day.scope),
        order.pk,
        key=key or f"key-{kind}-{hour * 60:.0f}-{order.pk}",
        kind=kind,
        at=at(hour),
        **more,
    )


def job_of(order: WorkOrder) -> FieldJob:
    return FieldJob.objects.get(pk=order.job_id)


def test_start_and_done_move_order_and_job_with_one_event_each(day: Day) -> None:
    order = day.orders[0]
    say(day, "start", 7)
    order.refresh_from_db()
    assert (order.state, order.began_at, job_of(order).status) == (OrderState.STARTED, at(7), JobStatus.WORKING)
    say(day, "done", 8)
    order.refresh_from_db()
    assert (order.state, order.ended_at, job_of(order).status) == (OrderState.DONE, at(8), JobStatus.DONE)
    assert list(Event.objects.order_by("pk").values_list("name", "about")) == [
        ("WorkStarted", f"order:{order.pk}"),
        ("WorkDone", f"order:{order.pk}"),
    ]
    assert Event.objects.filter(by=day.driver, org=day.org).count() == 2


def test_the_same_report_again_changes_nothing_and_is_answered_alike(day: Day) -> None:
    first = say(day, "start", 7, key="once-only", photo=JPEG, data={"words": "好"})
    version = WorkOrder.objects.get(pk=day.orders[0].pk).version
    again = say(day, "start", 7, key="once-only", photo=JPEG, data={"words": "好"}, sent_at=at(18))
    assert again.pk == first.pk
    assert again.received == first.received
    assert Report.objects.count() == Event.objects.count() == 1
    assert WorkOrder.objects.get(pk=day.orders[0].pk).version == version


@pytest.mark.parametrize("other", [{"kind": "done"}, {"hour": 7.5}, {"data": {"words": "x"}}, {"photo": JPEG + b"1"}])
def test_another_report_under_a_used_key_is_refused(day: Day, other: dict[str, Any]) -> None:
    said: dict[str, Any] = {"kind": "start", "hour": 7, "key": "once-only"}
    say(day, **said)
    with pytest.raises(BadInput, match="make a new key"):
        say(day, **said | other)
    assert Report.objects.count() == 1


def test_reports_that_come_out_of_order_count_by_their_own_time(day: Day) -> None:
    order = day.orders[0]
    say(day, "done", 8)
    say(day, "start", 7)
    order.refresh_from_db()
    assert (order.state, order.began_at, order.ended_at) == (OrderState.DONE, at(7), at(8))
    assert job_of(order).status == JobStatus.DONE


def test_a_job_is_done_when_all_its_parts_are(day: Day) -> None:
    first = day.orders[0]
    second = day.add(5, job=first.job, part=2)
    say(day, "start", 7)
    say(day, "done", 8)
    assert job_of(first).status == JobStatus.WORKING
    say(day, "start", 9, order=second)
    say(day, "done", 10, order=second)
    assert job_of(first).status == JobStatus.DONE


def test_a_start_after_done_takes_the_work_up_again(day: Day) -> None:
    order = day.orders[0]
    for kind, hour in (("start", 7), ("done", 8), ("start", 9)):
        say(day, kind, hour)
    order.refresh_from_db()
    assert (order.state, order.began_at, order.ended_at) == (OrderState.STARTED, at(7), None)
    assert job_of(order).status == JobStatus.WORKING


def test_a_problem_is_told_to_the_dispatchers_with_its_photo(day: Day) -> None:
    say(day, "start", 7)
    row = say(day, "problem", 8, data={"what": "stuck", "words": "前轮陷住"}, photo=JPEG)
    order = WorkOrder.objects.get(pk=day.orders[0].pk)
    assert (order.state, order.photo.name) == (OrderState.PROBLEM, row.photo.name)
    notice = Notice.objects.get()
    assert notice.person == day.dispatcher
    assert "陷车" in notice.text
    assert "machine stuck" in notice.text_en
    assert list(open_problems(day.desk)) == [row]
    clear_problem(day.desk, row.pk)
    assert list(open_problems(day.desk)) == []


def test_a_problem_after_done_leaves_the_work_done(day: Day) -> None:
    for kind, hour in (("start", 7), ("done", 8), ("problem", 8.5)):
        say(day, kind, hour, data={"what": "other"} if kind == "problem" else None)
    assert WorkOrder.objects.get(pk=day.orders[0].pk).state == OrderState.DONE


def test_a_report_about_a_withdrawn_order_is_kept_and_flagged(day: Day) -> None:
    WorkOrder.objects.filter(pk=day.orders[0].pk).update(state=OrderState.WITHDRAWN)
    row = say(day, "done", 8)
    assert row.flag == "withdrawn"
    assert WorkOrder.objects.get(pk=day.orders[0].pk).state == OrderState.WITHDRAWN
    assert job_of(day.orders[0]).status == JobStatus.PLANNED
    assert list(open_problems(day.desk)) == [row]
    assert "任务已撤回" in Notice.objects.get().text


def test_an_order_issued_anew_to_the_same_driver_takes_the_report_over(day: Day) -> None:
    old = day.orders[0]
    WorkOrder.objects.filter(pk=old.pk).update(state=OrderState.WITHDRAWN)
    new = day.add(6, job=old.job)
    row = say(day, "start", 7, order=old)
    new.refresh_from_db()
    assert (row.order_id, row.flag, new.state, new.began_at) == (new.pk, "", OrderState.STARTED, at(7))
    assert say(day, "start", 7, order=old).pk == row.pk


def test_a_report_about_an_order_that_a_colleague_got_is_kept_and_moves_nothing(day: Day) -> None:
    colleague = make_person(day.org, RoleKind.OPERATOR, name="赵师傅")
    row = say(day, "start", 7, scope=scope_of(colleague))
    assert row.flag == "reassigned"
    assert WorkOrder.objects.get(pk=day.orders[0].pk).state == OrderState.ISSUED


def test_a_report_about_a_cancelled_job_is_kept_and_flagged(day: Day) -> None:
    FieldJob.objects.filter(pk=day.orders[0].job_id).update(status=JobStatus.CANCELLED)
    assert say(day, "start", 7).flag == "cancelled"
    assert job_of(day.orders[0]).status == JobStatus.CANCELLED


def test_a_confirmed_job_is_not_moved(day: Day) -> None:
    FieldJob.objects.filter(pk=day.orders[0].job_id).update(status=JobStatus.CONFIRMED)
    say(day, "start", 7)
    assert job_of(day.orders[0]).status == JobStatus.CONFIRMED


def test_nobody_reports_on_another_organisations_order(day: Day) -> None:
    stranger = Day(1, code="lvxiang", login="other")
    for scope in (stranger.scope, stranger.desk):
        with pytest.raises(NotFound):
            say(day, "start", 7, scope=scope)
    assert Report.objects.count() == 0


def test_a_driver_of_another_cooperative_reports_on_the_order_he_drives(day: Day) -> None:
    driver = lent_driver(day, Day(1, code="lvxiang", login="other"))
    row = say(day, "start", 7, scope=scope_of(driver))
    assert row.flag == ""
    assert WorkOrder.objects.seen_by(scope_of(driver)).filter(pk=day.orders[0].pk).exists()


def test_a_dispatcher_stands_in_for_a_driver(day: Day) -> None:
    row = say(day, "start", 7, scope=day.desk)
    assert (row.flag, row.by) == ("", day.dispatcher)


@pytest.mark.parametrize("wrong_h", [-5, -1, 1, 5])
def test_a_phone_whose_clock_is_wrong_by_hours_is_put_right_and_both_times_kept(day: Day, wrong_h: int) -> None:
    wrong = timedelta(hours=wrong_h)
    row = report_work(
        day.scope, day.orders[0].pk, key="wrong-clock", kind="start", at=at(8) + wrong, sent_at=at_19 + wrong
    )
    assert (row.at, row.said_at) == (at(8), at(8) + wrong)
    assert Event.objects.get().data["clock_s"] == str(-wrong_h * 3600)


def test_without_its_clock_a_time_to_come_is_now_and_one_long_before_the_order_is_bounded(day: Day) -> None:
    early = report_work(day.scope, day.orders[0].pk, key="year-1970", kind="start", at=datetime(1970, 1, 1, tzinfo=UTC))
    late = report_work(day.scope, day.orders[1].pk, key="next-week", kind="start", at=at_19 + timedelta(days=7))
    assert early.at == day.orders[0].start - timedelta(days=2)
    assert late.at == at_19


def test_sos_without_an_order_reaches_the_dispatchers(day: Day) -> None:
    row = report_work(
        day.scope, None, key="help-me-1", kind="sos", at=at(8), data={"lon": 121.2, "lat": 30.8, "accuracy_m": 12}
    )
    assert (row.order, row.org) == (None, day.org)
    assert "30.80000, 121.20000" in Notice.objects.get(person=day.dispatcher).text
    assert Event.objects.get().name == "SosRaised"
    assert list(open_problems(day.desk)) == [row]
    assert list(open_problems(Day(0, code="lvxiang", login="other").desk)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "short"}, {"key": "with blank here"}, {"kind": "begun"}, {"data": {"what": "ufo"}},
        {"data": {"words": "x" * 501}}, {"data": {"lon": 181.0}}, {"data": {"lat": float("nan")}},
        {"data": {"wage": 1}}, {"photo": b"<svg onload=1>"}, {"photo": JPEG + b"0" * (6 * 2**20)},
        {"at": datetime(2026, 11, 27, 8)},
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_and_nothing_kept(day: Day, wrong: dict[str, Any]) -> None:
    said: dict[str, Any] = {"key": "well-formed", "kind": "problem", "at": at(8)}
    with pytest.raises(BadInput):
        report_work(day.scope, day.orders[0].pk, **said | wrong)
    assert Report.objects.count() == 0
