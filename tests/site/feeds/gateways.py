"""Senders of somebody else, as a site names them by their path."""

from typing import ClassVar

from nongshi.site.feeds.notify import Letter, NotReachable, TryLater


class FakeSms:
    """Keeps what it sent; whom it cannot reach has no phone."""

    name = "sms"
    sent: ClassVar[list[Letter]] = []
    troubles: ClassVar[list[Exception]] = []

    def send(self, letter: Letter) -> None:
        if not letter.phone:
            raise NotReachable("no phone number")
        if self.troubles:
            raise self.troubles.pop(0)
        self.sent.append(letter)


__all__ = ["FakeSms", "TryLater"]
