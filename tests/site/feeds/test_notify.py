"""Notices reach people by the first way that does, in their language, once; and are tried again where they did not."""

import json
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from tests.site.feeds.gateways import FakeSms, TryLater
from tests.site.feeds.receiver import receiving
from tests.site.world import make_coop, make_person

from nongshi.core.errors import BadInput
from nongshi.site.base.models import Org, Person
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import scope_of
from nongshi.site.feeds import notices
from nongshi.site.feeds.assumptions import NOTICE_OLD_H, NOTICE_WAITS_S
from nongshi.site.feeds.models import Sending
from nongshi.site.feeds.notify import senders
from nongshi.site.feeds.signing import new_secret, verify
from nongshi.site.plans.models import Notice

SMS = "tests.site.feeds.gateways.FakeSms"


@pytest.fixture
def coop(db: None) -> Org:
    return make_coop()


@pytest.fixture
def farmer(coop: Org) -> Person:
    return make_person(coop, RoleKind.FARMER, name="张三", login="zhang", phone="13800000000")


@pytest.fixture
def sms() -> type[FakeSms]:
    FakeSms.sent.clear()
    FakeSms.troubles.clear()
    return FakeSms


def noted(person: Person, **more: Any) -> Notice:
    return Notice.objects.create(
        org=person.org, person=person, about="job:1", text="改到周四", text_en="now Thursday", **more
    )


def make_due() -> None:
    Sending.objects.update(next_try=timezone.now() - timedelta(seconds=1))


def test_a_gateway_plugs_in_by_its_path_and_sends_each_notice_once(
    farmer: Person, sms: type[FakeSms], settings: Any
) -> None:
    settings.NOTIFY = [SMS]
    notice = noted(farmer)
    assert notices.send_due_notices() == 1
    make_due()
    assert notices.send_due_notices() == 0
    (letter,) = sms.sent
    assert (letter.phone, letter.text, letter.key) == ("13800000000", "改到周四", f"notice-{notice.pk}")
    notice.refresh_from_db()
    assert notice.sender == "sms"
    assert notice.sent_at is not None


def test_the_words_are_the_persons_language(farmer: Person, sms: type[FakeSms], settings: Any) -> None:
    settings.NOTIFY = [SMS]
    farmer.language = "en"
    farmer.save()
    noted(farmer)
    notices.send_due_notices()
    assert [one.text for one in sms.sent] == ["now Thursday"]


def test_the_next_way_is_taken_where_the_first_does_not_reach(
    farmer: Person, sms: type[FakeSms], settings: Any
) -> None:
    settings.NOTIFY = [SMS, "email"]
    farmer.phone = ""
    farmer.save()
    farmer.user.email = "zhang@example.org"
    farmer.user.save()
    notice = noted(farmer)
    assert notices.send_due_notices() == 1
    assert sms.sent == []
    (letter,) = mail.outbox
    assert (letter.to, letter.body, letter.subject) == (["zhang@example.org"], "改到周四", "农时：消息提醒")
    notice.refresh_from_db()
    assert notice.sender == "email"


def test_a_way_that_fails_for_now_is_asked_again_and_no_other(
    farmer: Person, sms: type[FakeSms], settings: Any, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    settings.NOTIFY = [SMS, "file"]
    sms.troubles += [TryLater("gateway busy"), ValueError("its own fault")]
    noted(farmer)
    for wait_s in NOTICE_WAITS_S[:2]:
        assert notices.send_due_notices() == 0
        assert Sending.objects.get().next_try > timezone.now() + timedelta(seconds=wait_s - 1)
        assert notices.send_due_notices() == 0  # not due yet
        make_due()
    assert notices.send_due_notices() == 1
    assert len(sms.sent) == 1
    assert not (settings.HOME / "notices.jsonl").exists()


def test_it_is_given_up_at_last(farmer: Person, sms: type[FakeSms], settings: Any) -> None:
    settings.NOTIFY = [SMS]
    sms.troubles += [TryLater("busy")] * 20
    noted(farmer)
    for _ in range(len(NOTICE_WAITS_S) + 1):
        notices.send_due_notices()
        make_due()
    sending = Sending.objects.get()
    assert sending.dead
    assert sending.tries == len(NOTICE_WAITS_S) + 1
    assert "busy" in sending.error


def test_whom_nothing_reaches_is_given_up_at_once_and_reads_it_on_the_page(
    farmer: Person, sms: type[FakeSms], settings: Any
) -> None:
    settings.NOTIFY = [SMS, "email"]
    farmer.phone = ""
    farmer.save()
    noted(farmer)
    assert notices.send_due_notices() == 0
    assert Sending.objects.get().dead
    assert notices.count_unread(scope_of(farmer)) == 1


def test_what_is_read_or_old_is_not_sent(farmer: Person, sms: type[FakeSms], settings: Any) -> None:
    settings.NOTIFY = [SMS]
    noted(farmer, read_at=timezone.now())
    noted(farmer, created=timezone.now() - timedelta(hours=NOTICE_OLD_H + 1))
    assert notices.send_due_notices() == 0


def test_one_that_somebody_is_sending_is_left_alone_until_the_lease_ends(
    farmer: Person, sms: type[FakeSms], settings: Any
) -> None:
    settings.NOTIFY = [SMS]
    notice, now = noted(farmer), timezone.now() + timedelta(seconds=1)
    assert notices._claim(notice.pk, now)
    assert not notices._claim(notice.pk, now)
    assert notices.send_due_notices(now=now) == 0
    assert notices.send_due_notices(now=now + timedelta(seconds=notices.LEASE_S)) == 1


def test_the_file_holds_a_line_each(farmer: Person, settings: Any, tmp_path: Path) -> None:
    settings.NOTIFY, settings.HOME = ["file"], tmp_path
    noted(farmer)
    noted(farmer)
    assert notices.send_due_notices() == 2
    lines = (tmp_path / "notices.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["text"] for line in lines] == ["改到周四"] * 2


def test_the_console_says_no_phone_number(farmer: Person, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.NOTIFY = ["console"]
    noted(farmer)
    with caplog.at_level(logging.INFO, logger="nongshi.notices"):
        assert notices.send_due_notices() == 1
    assert "改到周四" in caplog.text
    assert "13800000000" not in caplog.text


def test_the_demos_generated_people_do_not_fill_the_console(
    farmer: Person, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.NOTIFY = ["console"]
    farmer.generated = True
    farmer.save()
    noted(farmer)
    with caplog.at_level(logging.INFO, logger="nongshi.notices"):
        assert notices.send_due_notices() == 1
    assert caplog.text == ""


def test_the_webhook_sender_signs(farmer: Person, settings: Any) -> None:
    with receiving() as receiver:
        settings.NOTIFY, settings.WEBHOOK_HOSTS = ["webhook"], ["127.0.0.1"]
        settings.NOTIFY_URL, settings.NOTIFY_SECRET = receiver.url, new_secret()
        noted(farmer)
        assert notices.send_due_notices() == 1
        headers, body = receiver.came[0]
        assert verify(settings.NOTIFY_SECRET, headers, body)
        assert json.loads(body)["data"]["phone"] == "13800000000"


@pytest.mark.parametrize("name", ["pigeon", "no.such.Sender", "tests.site.feeds.gateways.Nobody"])
def test_a_sender_that_is_not_there_is_named(name: str, settings: Any) -> None:
    settings.NOTIFY = [name]
    with pytest.raises(BadInput, match=name):
        senders()


def test_one_reads_ones_own_only(farmer: Person, coop: Org) -> None:
    other = make_person(coop, RoleKind.FARMER, name="李四")
    dispatcher = make_person(coop, RoleKind.DISPATCHER, name="王五")
    mine, theirs = noted(farmer), noted(other)
    assert list(notices.list_notices(scope_of(farmer))) == [mine]
    assert list(notices.list_notices(scope_of(dispatcher))) == []  # sees them as a dispatcher, but they are not theirs
    assert notices.mark_read(scope_of(farmer), [theirs.pk]) == 0
    assert notices.mark_read(scope_of(farmer)) == 1
    assert notices.count_unread(scope_of(farmer)) == 0
    theirs.refresh_from_db()
    assert theirs.read_at is None
    assert list(notices.list_notices(Scope())) == []


def test_what_another_organisation_tells_somebody_is_theirs_too(farmer: Person) -> None:
    """A driver who works on the fields of another cooperative is told by that one."""
    Notice.objects.create(org=make_coop("elsewhere"), person=farmer, about="job:1", text="改到周四")
    assert notices.mark_read(scope_of(farmer)) == 1


@pytest.mark.parametrize("kind", list(RoleKind))
def test_every_role_has_its_messages(coop: Org, kind: RoleKind) -> None:
    person = make_person(coop, kind)
    noted(person)
    assert notices.count_unread(scope_of(person)) == 1
