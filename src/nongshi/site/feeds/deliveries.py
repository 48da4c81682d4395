"""Sending what waits: each delivery claimed by one sender, tried again later and later, given up at the end."""

import random
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from nongshi.site.feeds import posting
from nongshi.site.feeds.assumptions import JITTER, KEPT_D, LEASE_S, WAITS_S
from nongshi.site.feeds.models import Delivery, DeliveryState, Webhook

BATCH = 20  # deliveries of one webhook at a time, so that others get their turn


def wait_after(tries: int, waits_s: tuple[int, ...], rng: random.Random) -> timedelta | None:
    """How long to wait after so many failed tries; None: no more.

    >>> wait_after(9, WAITS_S, random.Random(1)) is None
    True
    """
    if tries > len(waits_s):
        return None
    return timedelta(seconds=waits_s[tries - 1] * (1 + JITTER * rng.random()))


def list_due_hooks(now: datetime) -> list[int]:
    """Webhooks that something waits for."""
    due = Delivery.objects.filter(state=DeliveryState.WAITING, next_try__lte=now, webhook__active=True)
    return list(due.order_by("webhook_id").values_list("webhook_id", flat=True).distinct())


def send_due(hook_id: int, resolve: Any = None) -> int:
    """Send what is due for one webhook, oldest first; stops at the first that fails. How many were taken."""
    hook = Webhook.objects.filter(pk=hook_id, active=True).first()
    sent = 0
    while hook is not None and sent < BATCH:
        delivery = claim(hook_id)
        if delivery is None:
            break
        answer = posting.post(hook.url, hook.secret, delivery.message_id, delivery.body.encode(), resolve)
        keep_answer(delivery, answer)
        if not answer.ok:
            break
        sent += 1
    return sent


def claim(hook_id: int, now: datetime | None = None) -> Delivery | None:
    """The oldest delivery that is due, for us alone until its lease ends."""
    now = now or timezone.now()
    due = Q(webhook_id=hook_id, state=DeliveryState.WAITING, next_try__lte=now)
    for pk in Delivery.objects.filter(due).order_by("pk").values_list("pk", flat=True)[:BATCH]:
        until = now + timedelta(seconds=LEASE_S)
        if Delivery.objects.filter(due, pk=pk).update(next_try=until, tries=F("tries") + 1):
            return Delivery.objects.get(pk=pk)
    return None


def keep_answer(delivery: Delivery, answer: posting.Answer, rng: random.Random | None = None) -> None:
    """Write down what came of a try, and when the next one is."""
    now = timezone.now()
    said: dict[str, Any] = {"status": answer.status, "error": answer.error[:200]}
    wait = wait_after(delivery.tries, WAITS_S, rng or random.Random())
    if answer.ok:
        said |= {"state": DeliveryState.SENT, "sent_at": now, "error": ""}
    elif answer.for_good or wait is None:
        said["state"] = DeliveryState.DEAD
    else:
        said["next_try"] = now + wait
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING).update(**said)
        if answer.for_good:  # the receiver says it is gone
            Webhook.objects.filter(pk=delivery.webhook_id).update(active=False)


def tidy(now: datetime | None = None) -> int:
    """Forget deliveries that are long over."""
    old = (now or timezone.now()) - timedelta(days=KEPT_D)
    return int(Delivery.objects.filter(created__lt=old).exclude(state=DeliveryState.WAITING).delete()[0])
