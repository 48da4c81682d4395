"""How people sign in: allauth, with open sign-up off unless a district wants it."""

import time
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.usersessions.middleware import UserSessionsMiddleware
from django.http import HttpRequest, HttpResponse

from nongshi.site import conf


class Adapter(DefaultAccountAdapter):
    """A login is made by an organisation for its people, not by whoever comes along."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Only where NONGSHI_SIGNUP says so."""
        return conf.flag("NONGSHI_SIGNUP")


ACTIVITY_S = 60.0  # assumption: "last seen" is shown in minutes
NOTED_MAX = 20_000  # sessions remembered by a process; beyond it all are noted once more


class ActivityMiddleware(UserSessionsMiddleware):
    """Notes when a session was last used: once a minute, and at once where it comes from somewhere else.

    allauth's own notes it at every request. That made every question a write: it waited for its turn among writers and
    for the disk, and whoever only wanted to read stood in the queue.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)
        self._noted: dict[tuple[Any, ...], float] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        answer: Any = super().__call__ if self._is_due(request) else self.get_response
        found: HttpResponse = answer(request)
        return found

    def _is_due(self, request: HttpRequest) -> bool:
        if not request.user.is_authenticated:
            return False
        origin = (request.META.get(name) for name in ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "HTTP_USER_AGENT"))
        key = (request.session.session_key, *origin)
        now_s = time.monotonic()
        if now_s - self._noted.get(key, float("-inf")) < ACTIVITY_S:
            return False
        if len(self._noted) >= NOTED_MAX:
            self._noted.clear()
        self._noted[key] = now_s
        return True
