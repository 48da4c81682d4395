"""What the worker does beside its queue: sends webhooks and notices as they fall due.

Not tasks of the queue: a plan takes minutes there, and a receiver that is slow to answer would keep a plan waiting.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.db import connections
from django.utils import timezone

from nongshi.site.feeds import deliveries, notices

LOOK_S = 1.0  # how soon something due is noticed
NOTICES_S = 3.0  # the same for notices, of which there are many more
TIDY_S = 3600.0
HANDS = 4  # assumption: receivers that are waited for at the same time
_log = logging.getLogger("nongshi.postman")


class Postman:
    """Sends what is due until told to stop; a slow receiver holds up nobody else."""

    def __init__(self) -> None:
        self._hands = ThreadPoolExecutor(HANDS, thread_name_prefix="postman")
        self._busy: dict[str, Future[Any]] = {}
        self._done_s: dict[str, float] = {}  # when something rarer was done last

    def run(self, stop: threading.Event) -> None:
        """Look, send, rest."""
        try:
            while not stop.wait(LOOK_S):
                self.look()
        finally:
            self._hands.shutdown(wait=False, cancel_futures=True)
            connections.close_all()

    def look(self) -> None:
        """Give what is due to hands that are free; faults of one look are told and the next one follows."""
        try:
            self._busy = {name: busy for name, busy in self._busy.items() if not busy.done()}
            for hook_id in deliveries.list_due_hooks(timezone.now()):
                self._give(f"hook {hook_id}", deliveries.send_due, hook_id)
            self._give_rarely("notices", NOTICES_S, notices.send_due_notices)
            self._give_rarely("tidy", TIDY_S, deliveries.tidy)
        except Exception:  # the database may be away for a while
            _log.exception("looking for what is due")
        finally:
            connections.close_all()

    def wait(self) -> None:
        """Until all hands are free; for tests."""
        for busy in list(self._busy.values()):
            busy.result()

    def _give_rarely(self, name: str, every_s: float, call: Callable[..., Any]) -> None:
        now_s = time.monotonic()
        if now_s - self._done_s.get(name, -every_s) >= every_s:
            self._done_s[name] = now_s
            self._give(name, call)

    def _give(self, name: str, call: Callable[..., Any], *given: Any) -> None:
        if name not in self._busy and len(self._busy) < 2 * HANDS:
            self._busy[name] = self._hands.submit(_done, name, call, *given)


def _done(name: str, call: Callable[..., Any], *given: Any) -> Any:
    try:
        return call(*given)
    except Exception:
        _log.exception("sending %s", name)
        return None
    finally:
        connections.close_all()


def run_postman(stop: threading.Event) -> None:
    """Send until told to stop."""
    Postman().run(stop)
