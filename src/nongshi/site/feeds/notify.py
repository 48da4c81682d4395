"""How notices reach people: the port, our own senders, and which of them a site uses.

A gateway for SMS or WeChat plugs in by a class of its own::

    class Sms:
        name = "sms"                      # at most 20 letters; written to the notice that it sent

        def send(self, letter: Letter) -> None:
            if not letter.phone:
                raise NotReachable("no phone number")   # the next sender is asked
            answer = gateway.send(letter.phone, letter.text, id=letter.key)  # the same key: the same message
            if not answer.ok:
                raise TryLater(answer.words)            # asked again after a while

``NONGSHI_NOTIFY=my.package.Sms,email`` names it; senders are asked in this order until one sends. A sender is made once
a process, without arguments. It may be asked twice for one letter if the process is killed in between.
"""

import json
import logging
import os
from dataclasses import asdict, dataclass
from functools import cache
from typing import Protocol

from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from nongshi.core.errors import BadInput, NongshiError
from nongshi.site.feeds import posting


class NotReachable(NongshiError):
    """This sender has no way to the person; another one may."""

    code = "not_reachable"


class TryLater(NongshiError):
    """This sender failed for now."""

    code = "try_later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is sent to somebody."""

    key: str  # the same for the same notice, however often it is tried
    person: int
    phone: str
    email: str
    language: str
    text: str  # in the person's language
    about: str
    generated: bool = False  # to somebody who does not exist


class Notifier(Protocol):
    """A way to reach people."""

    name: str

    def send(self, letter: Letter) -> None:
        """Send it.

        Raises:
            NotReachable: not to this person.
            TryLater: not now.
        """


class Console:
    """Into the log: for a try on one machine."""

    name = "console"
    _log = logging.getLogger("nongshi.notices")

    def send(self, letter: Letter) -> None:
        """One line; no phone number. The demo's hundred notices to generated people stay quiet."""
        level = logging.DEBUG if letter.generated else logging.INFO
        self._log.log(level, "to person %s: %s", letter.person, letter.text)


class File:
    """A line of JSON in notices.jsonl of the home folder, on the disk when this returns."""

    name = "file"

    def send(self, letter: Letter) -> None:
        """Append."""
        with (settings.HOME / "notices.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(letter), ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())


class Email:
    """By Django's mail, to the address of the person's login."""

    name = "email"

    def send(self, letter: Letter) -> None:
        """One mail."""
        if not letter.email:
            raise NotReachable("no e-mail address")
        with translation.override(letter.language):
            subject = _("Nongshi: a message")
        try:
            send_mail(subject, letter.text, None, [letter.email])
        except OSError as error:  # SMTP errors are OSErrors, too
            raise TryLater(f"the mail server: {error}") from error


class Webhook:
    """To one address that the settings name, signed: another program takes it on."""

    name = "webhook"

    def send(self, letter: Letter) -> None:
        """One request."""
        if not settings.NOTIFY_URL or not settings.NOTIFY_SECRET:
            raise NotReachable("NONGSHI_NOTIFY_URL and NONGSHI_NOTIFY_SECRET say where to; they are not set")
        body = json.dumps({"type": "notice", "data": asdict(letter)}, ensure_ascii=False).encode()
        answer = posting.post(settings.NOTIFY_URL, settings.NOTIFY_SECRET, letter.key, body)
        if not answer.ok:
            raise TryLater(answer.error or f"answer {answer.status}")


OWN = {sender.name: sender for sender in (Console, File, Email, Webhook)}


@cache
def _made(name: str) -> Notifier:
    kind = OWN.get(name)
    if kind is None and "." not in name:
        raise BadInput(f"NONGSHI_NOTIFY: there is no sender {name}; there is {', '.join(OWN)}, or a class by its path")
    try:
        made: Notifier = (kind or import_string(name))()
    except ImportError as error:
        raise BadInput(f"NONGSHI_NOTIFY: {name} cannot be imported ({error}); is its package installed?") from error
    return made


def senders() -> list[Notifier]:
    """The senders of this site, in order.

    Raises:
        BadInput: the setting names one that is not there.
    """
    return [_made(name) for name in settings.NOTIFY]
