"""Notices on their way: each claimed by one sender process, sent by the first way that reaches the person, once."""

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from nongshi.core.errors import NongshiError
from nongshi.site.base.models import Person
from nongshi.site.base.scope import Scope
from nongshi.site.feeds.assumptions import LEASE_S, NOTICE_OLD_H, NOTICE_WAITS_S
from nongshi.site.feeds.deliveries import wait_after
from nongshi.site.feeds.models import Sending
from nongshi.site.feeds.notify import Letter, Notifier, NotReachable, senders
from nongshi.site.plans.models import Notice

BATCH = 50
_log = logging.getLogger("nongshi.notices")


def list_notices(scope: Scope) -> Any:
    """One's own notices, newest first; also those of another organisation, for which somebody drives."""
    own = Notice.objects.filter(person_id=scope.person_id) if scope.person_id is not None else Notice.objects.none()
    return own.order_by("-pk")


def count_unread(scope: Scope) -> int:
    """How many of one's own were not read."""
    return int(list_notices(scope).filter(read_at=None).count())


@dataclass(frozen=True, slots=True)
class Unread:
    """How many notices somebody has not read."""

    person_id: int
    count: int

    @property
    def key(self) -> int:
        """The person."""
        return self.person_id

    def seen_by(self, scope: Scope) -> bool:
        """One's own only."""
        return scope.person_id == self.person_id

    def said(self) -> dict[str, Any]:
        """For a bell."""
        return {"unread": self.count}


def read_unread(people: frozenset[int]) -> list[Unread]:
    """How many each of these has not read."""
    unread = Notice.objects.filter(person_id__in=people, read_at=None).order_by()
    counts = dict(unread.values_list("person_id").annotate(n=Count("pk")))
    return [Unread(person_id, counts.get(person_id, 0)) for person_id in people]


def mark_read(scope: Scope, pks: Sequence[int] | None = None) -> int:
    """Write down that somebody read their notices: those named, or all."""
    own = list_notices(scope).filter(read_at=None)
    if pks is not None:
        own = own.filter(pk__in=pks)
    return int(own.order_by().update(read_at=timezone.now()))


def send_due_notices(by: Sequence[Notifier] | None = None, now: datetime | None = None) -> int:
    """Send what waits; how many reached somebody."""
    ways = list(senders() if by is None else by)
    now = now or timezone.now()
    unsent = Notice.objects.filter(sent_at=None, read_at=None, created__gt=now - timedelta(hours=NOTICE_OLD_H))
    due = unsent.filter(Q(sending=None) | Q(sending__dead=False, sending__next_try__lte=now))
    return sum(_send(pk, ways, now) for pk in due.order_by("pk").values_list("pk", flat=True)[:BATCH])


def _send(pk: int, ways: Sequence[Notifier], now: datetime) -> bool:
    if not _claim(pk, now):
        return False
    notice = Notice.objects.select_related("person__user", "sending").get(pk=pk)
    letter = letter_of(notice)
    faults = []
    for way in ways:
        try:
            way.send(letter)
        except NotReachable as fault:
            faults.append(f"{way.name}: {fault}")
        except NongshiError as fault:
            faults.append(f"{way.name}: {fault}")
            break  # it reaches the person, only not now: going on would tell them twice
        except Exception as fault:  # somebody else's class
            _log.exception("sender %s", way.name)
            faults.append(f"{way.name}: {type(fault).__name__}")
            break
        else:
            Notice.objects.filter(pk=pk).update(sent_at=timezone.now(), sender=way.name[:20])
            return True
    else:
        _give_up(notice.sending, "; ".join(faults) or "no sender is named")
        return False
    _later(notice.sending, "; ".join(faults))
    return False


def _claim(pk: int, now: datetime) -> bool:
    """Take a notice for ourselves until the lease ends."""
    Sending.objects.get_or_create(notice_id=pk, defaults={"next_try": now})
    until = now + timedelta(seconds=LEASE_S)
    return bool(
        Sending.objects.filter(notice_id=pk, notice__sent_at=None, dead=False, next_try__lte=now).update(
            next_try=until, tries=F("tries") + 1
        )
    )


def _later(sending: Sending, words: str) -> None:
    wait = wait_after(sending.tries, NOTICE_WAITS_S, random.Random())
    if wait is None:
        _give_up(sending, words)
    else:
        Sending.objects.filter(pk=sending.pk).update(next_try=timezone.now() + wait, error=words[:200])


def _give_up(sending: Sending, words: str) -> None:
    Sending.objects.filter(pk=sending.pk).update(dead=True, error=words[:200])


def letter_of(notice: Notice) -> Letter:
    """A notice as its person reads it."""
    person: Person = notice.person
    return Letter(
        key=f"notice-{notice.pk}",
        person=person.pk,
        phone=person.phone,
        email=person.user.email if person.user else "",
        language=person.language,
        text=words_of(notice, person.language),
        about=notice.about,
        generated=person.generated,
    )


def words_of(notice: Notice, language: str) -> str:
    """A notice in a language; where it has no English words, in Chinese."""
    return str((notice.text_en if language.startswith("en") else "") or notice.text)
