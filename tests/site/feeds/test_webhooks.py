"""Webhooks: which events leave rows for whom, signed sending, tries again, and what is never told."""

import json
import random
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from tests.site.feeds.land import make_field
from tests.site.feeds.receiver import Receiver, receiving
from tests.site.world import make_coop, make_person

from nongshi.core.errors import BadInput, BadUsage, NotFound
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.models import Event, Org, Person
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.services import log, scope_of
from nongshi.site.feeds import deliveries, posting, webhooks
from nongshi.site.feeds.assumptions import JITTER, WAITS_S
from nongshi.site.feeds.models import Delivery, DeliveryState, Webhook
from nongshi.site.feeds.postman import Postman
from nongshi.site.feeds.signing import TOLERANCE_S, signature, verify
from nongshi.site.jobs.services import Wanted, post_job

ALL = list(webhooks.KINDS)
URL = "https://example.org/hook"


@pytest.fixture
def coop(db: None) -> Org:
    return make_coop()


@pytest.fixture
def dispatcher(coop: Org) -> Person:
    return make_person(coop, RoleKind.DISPATCHER, name="李四", login="li")


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_HOSTS = ["127.0.0.1"]
    with receiving() as found:
        yield found


def made(person: Person, org: Org, url: str = URL, kinds: list[str] = ALL) -> tuple[Webhook, str]:
    return webhooks.make_webhook(scope_of(person), org.pk, name="ERP", url=url, kinds=kinds)


def happened(org: Org, name: str = "JobPosted", about: str = "job:1", **data: Any) -> Event:
    from nongshi.site.base.scope import EVERYTHING

    return log(name, about, scope=EVERYTHING, org_id=org.pk, **data)


def make_due() -> None:
    Delivery.objects.update(next_try=timezone.now() - timedelta(seconds=1))


def test_an_event_leaves_a_row_in_its_own_transaction(coop: Org, dispatcher: Person) -> None:
    hook, _ = made(dispatcher, coop)
    with transaction.atomic():
        happened(coop)
        assert hook.deliveries.count() == 1
        transaction.set_rollback(True)
    assert hook.deliveries.count() == 0
    happened(coop)
    assert hook.deliveries.count() == 1


def test_only_wanted_kinds_of_the_own_organisation_leave_rows(coop: Org, dispatcher: Person) -> None:
    hook, _ = made(dispatcher, coop, kinds=["job"])
    happened(make_coop("elsewhere"))
    happened(coop, "PlanMade", "plan:1")
    happened(coop.parent)
    assert hook.deliveries.count() == 0
    happened(coop, "JobCancelled", "job:2")
    assert [one.kind for one in hook.deliveries.all()] == ["JobCancelled"]


def test_ways_in_and_people_are_never_told(coop: Org, dispatcher: Person) -> None:
    hook, _ = made(dispatcher, coop)
    for name, about in (("TokenMade", "person:1"), ("LinkFollowed", "link:1"), ("WebhookMade", "webhook:1")):
        happened(coop, name, about)
    assert hook.deliveries.count() == 0
    with pytest.raises(BadInput):
        made(dispatcher, coop, kinds=["person"])


def test_an_officers_webhook_hears_from_below_what_officers_may_see(coop: Org) -> None:
    officer = make_person(coop.parent, RoleKind.OFFICER, login="officer")
    hook, _ = made(officer, coop.parent)
    happened(coop, "JobPosted", "job:1")
    happened(coop, "RunEnded", "run:1")  # officers do not see runs
    happened(coop, "OperatorChanged", "operator:1")  # nor operators
    assert [one.kind for one in hook.deliveries.all()] == ["JobPosted"]


def test_a_dispatcher_of_a_town_hears_nothing_from_below(coop: Org) -> None:
    above = make_person(coop.parent, RoleKind.DISPATCHER, login="town")
    hook, _ = made(above, coop.parent)
    happened(coop)
    assert hook.deliveries.count() == 0
    happened(coop.parent)
    assert hook.deliveries.count() == 1


def test_no_name_goes_out(coop: Org, dispatcher: Person) -> None:
    hook, _ = made(dispatcher, coop)
    clerk = make_person(coop, RoleKind.CLERK, name="王五")
    today = timezone.localdate()
    wanted = Wanted(
        field=make_field(coop), operation="rice_harvest", since=today, until=today + timedelta(days=3),
        said_by="赵六", note="电话13800000000",
    )  # fmt: skip
    job = post_job(scope_of(clerk), wanted)
    body = hook.deliveries.get().body
    said = json.loads(body)
    assert said["type"] == "JobPosted"
    assert said["data"] == {
        "event": said["data"]["event"], "about": f"job:{job.pk}", "org": coop.pk, "by": clerk.pk,
        "operation": "rice_harvest",
    }  # fmt: skip
    for hidden in ("王五", "赵六", "13800000000", "廊下"):
        assert hidden not in body


def test_a_message_is_signed_so_that_a_receiver_can_tell(coop: Org, dispatcher: Person, receiver: Receiver) -> None:
    hook, secret = made(dispatcher, coop, receiver.url)
    happened(coop)
    assert deliveries.send_due(hook.pk) == 1
    headers, body = receiver.came[0]
    assert verify(secret, headers, body)
    assert headers["host"] == f"127.0.0.1:{receiver.port}"
    assert headers["content-type"] == "application/json"
    assert json.loads(body)["data"]["about"] == "job:1"
    assert not verify(secret, headers, body + b" ")
    assert not verify("whsec_" + "A" * 44, headers, body)
    assert not verify(secret, headers | {"webhook-id": "msg_other"}, body)
    late_s = int(headers["webhook-timestamp"]) + TOLERANCE_S + 1
    assert not verify(secret, headers, body, now_s=late_s)
    assert not verify(secret, {}, body)
    changed = headers | {"webhook-signature": "v1,x " + headers["webhook-signature"]}
    assert verify(secret, changed, body)  # several signatures: while a secret is exchanged
    delivery = hook.deliveries.get()
    assert (delivery.state, delivery.status, delivery.tries) == (DeliveryState.SENT, 200, 1)
    assert deliveries.send_due(hook.pk) == 0


def test_the_secret_is_kept_encrypted_and_bound_to_its_row(coop: Org, dispatcher: Person) -> None:
    (hook, secret), (other, _) = made(dispatcher, coop), made(dispatcher, coop)
    assert secret not in str(Webhook.objects.values().first())
    assert Webhook.objects.get(pk=hook.pk).secret == secret
    other.secret_sealed = hook.secret_sealed
    with pytest.raises(BadInput):
        _ = other.secret


def test_a_failed_try_is_made_again_under_the_same_id(coop: Org, dispatcher: Person, receiver: Receiver) -> None:
    hook, _ = made(dispatcher, coop, receiver.url)
    first, second = happened(coop), happened(coop, about="job:2")
    receiver.answers = [500, 503]
    assert deliveries.send_due(hook.pk) == 0
    waiting = hook.deliveries.get(event=first)
    assert (waiting.state, waiting.status, waiting.tries) == (DeliveryState.WAITING, 500, 1)
    assert "said so" in waiting.error
    assert waiting.next_try > timezone.now() + timedelta(seconds=WAITS_S[0] - 1)
    make_due()
    deliveries.send_due(hook.pk)
    make_due()
    assert deliveries.send_due(hook.pk) == 2
    ids = [headers["webhook-id"] for headers, _ in receiver.came]
    assert ids[:3] == [waiting.message_id] * 3
    assert ids[3:] == [hook.deliveries.get(event=second).message_id]


def test_a_delivery_is_given_up_at_last(coop: Org, dispatcher: Person) -> None:
    hook, _ = made(dispatcher, coop)
    happened(coop)
    for tries in range(1, len(WAITS_S) + 2):
        make_due()
        delivery = deliveries.claim(hook.pk)
        assert delivery is not None
        assert delivery.tries == tries
        deliveries.keep_answer(delivery, posting.Answer(error="no answer"))
    assert hook.deliveries.get().state == DeliveryState.DEAD
    make_due()
    assert deliveries.claim(hook.pk) is None


def test_waits_grow_and_differ_at_random() -> None:
    rng = random.Random(1)
    waits = [deliveries.wait_after(n, WAITS_S, rng) for n in range(1, len(WAITS_S) + 1)]
    for wait, least in zip(waits, WAITS_S, strict=True):
        assert wait is not None
        assert least <= wait.total_seconds() <= least * (1 + JITTER)
    assert deliveries.wait_after(1, WAITS_S, rng) != deliveries.wait_after(1, WAITS_S, rng)


def test_a_try_that_nobody_finished_is_made_again_after_its_lease(coop: Org, dispatcher: Person) -> None:
    hook, _ = made(dispatcher, coop)
    happened(coop)
    now = timezone.now() + timedelta(seconds=1)
    assert deliveries.claim(hook.pk, now) is not None
    assert deliveries.claim(hook.pk, now) is None  # somebody is at it
    assert deliveries.claim(hook.pk, now + timedelta(seconds=deliveries.LEASE_S)) is not None


def test_redirects_are_not_followed(coop: Org, dispatcher: Person, receiver: Receiver) -> None:
    hook, _ = made(dispatcher, coop, receiver.url)
    happened(coop)
    receiver.answers, receiver.location = [302], receiver.url
    deliveries.send_due(hook.pk)
    assert len(receiver.came) == 1
    delivery = hook.deliveries.get()
    assert (delivery.status, delivery.state) == (302, DeliveryState.WAITING)
    assert "redirects" in delivery.error


def test_a_receiver_that_says_gone_gets_nothing_more(coop: Org, dispatcher: Person, receiver: Receiver) -> None:
    hook, _ = made(dispatcher, coop, receiver.url)
    happened(coop)
    receiver.answers = [410]
    deliveries.send_due(hook.pk)
    hook.refresh_from_db()
    assert not hook.active
    happened(coop)
    assert hook.deliveries.count() == 1


def test_a_receiver_that_does_not_answer_costs_a_try(
    coop: Org, dispatcher: Person, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "ANSWER_S", 0.3)
    hook, _ = made(dispatcher, coop, receiver.url)
    happened(coop)
    receiver.hold = threading.Event()
    deliveries.send_due(hook.pk)
    delivery = hook.deliveries.get()
    assert (delivery.state, delivery.status) == (DeliveryState.WAITING, None)
    assert "no answer" in delivery.error or "Timeout" in delivery.error


def test_private_addresses_are_refused_when_made_and_again_when_sent(coop: Org, dispatcher: Person) -> None:
    with pytest.raises(BadInput):
        made(dispatcher, coop, "https://127.0.0.1/hook")
    hook, _ = made(dispatcher, coop, "https://example.org/")
    happened(coop)
    deliveries.send_due(hook.pk, lambda host, port: ["10.0.0.1"])  # the name leads elsewhere meanwhile
    assert "private network" in hook.deliveries.get().error


def test_others_neither_make_nor_see_nor_change_a_webhook(coop: Org, dispatcher: Person) -> None:
    hook, _ = made(dispatcher, coop)
    happened(coop)
    delivery = hook.deliveries.get()
    Delivery.objects.update(state=DeliveryState.DEAD)
    stranger = scope_of(make_person(make_coop("elsewhere"), RoleKind.DISPATCHER))
    clerk = scope_of(make_person(coop, RoleKind.CLERK))
    for scope in (stranger, clerk):
        with pytest.raises(Forbidden):
            webhooks.make_webhook(scope, coop.pk, name="x", url=URL, kinds=["job"])
        assert not Webhook.objects.seen_by(scope).exists()
        for act in (webhooks.take_back, webhooks.send_test):
            with pytest.raises(NotFound):
                act(scope, hook.pk)
        with pytest.raises(NotFound):
            webhooks.set_active(scope, hook.pk, active=False)
        with pytest.raises(NotFound):
            webhooks.send_again(scope, delivery.pk)


def test_a_test_and_once_more_by_hand(coop: Org, dispatcher: Person, receiver: Receiver) -> None:
    hook, _ = made(dispatcher, coop, receiver.url)
    scope = scope_of(dispatcher)
    delivery = webhooks.send_test(scope, hook.pk)
    with pytest.raises(BadUsage):
        webhooks.send_again(scope, delivery.pk)
    deliveries.send_due(hook.pk)
    webhooks.send_again(scope, delivery.pk)
    deliveries.send_due(hook.pk)
    assert len({headers["webhook-id"] for headers, _ in receiver.came}) == 1
    assert [json.loads(body)["type"] for _, body in receiver.came] == ["test", "test"]
    webhooks.set_active(scope, hook.pk, active=False)
    with pytest.raises(BadUsage):
        webhooks.send_again(scope, delivery.pk)


def test_a_webhook_taken_back_sends_nothing_and_forgets_its_secret(
    coop: Org, dispatcher: Person, receiver: Receiver
) -> None:
    hook, _ = made(dispatcher, coop, receiver.url)
    happened(coop)
    webhooks.take_back(scope_of(dispatcher), hook.pk)
    happened(coop)
    deliveries.send_due(hook.pk)
    assert receiver.came == []
    assert [one.state for one in Delivery.objects.all()] == [DeliveryState.DEAD]
    assert Webhook.objects.get().secret_sealed == ""


def test_old_deliveries_are_forgotten(coop: Org, dispatcher: Person) -> None:
    hook, _ = made(dispatcher, coop)
    happened(coop)
    happened(coop)
    old = hook.deliveries.last()
    long_ago = timezone.now() - timedelta(days=deliveries.KEPT_D + 1)
    Delivery.objects.filter(pk=old.pk).update(state=DeliveryState.SENT, created=long_ago)
    assert deliveries.tidy() == 1
    assert hook.deliveries.count() == 1


def test_the_example_of_the_standard_is_signed_as_it_says() -> None:
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    said = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert said == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.django_db(transaction=True)
def test_the_postman_sends_what_is_due_and_a_slow_receiver_holds_up_nobody(settings: Any) -> None:
    settings.WEBHOOK_HOSTS = ["127.0.0.1"]
    coop = make_coop()
    dispatcher = make_person(coop, RoleKind.DISPATCHER)
    with receiving() as slow, receiving() as quick:
        slow.hold = threading.Event()
        slow_hook, _ = made(dispatcher, coop, slow.url)
        quick_hook, _ = made(dispatcher, coop, quick.url)
        happened(coop)
        postman = Postman()
        for _ in range(100):
            postman.look()
            if quick_hook.deliveries.get().state == DeliveryState.SENT:
                break
            threading.Event().wait(0.05)
        assert slow_hook.deliveries.get().state == DeliveryState.WAITING
        assert quick_hook.deliveries.get().state == DeliveryState.SENT
        slow.hold.set()
        postman.wait()
        assert slow_hook.deliveries.get().state == DeliveryState.SENT
    assert (len(slow.came), len(quick.came)) == (1, 1)
