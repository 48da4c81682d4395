"""What an ASGI server runs: Django, and before it a quicker way for the API and for what the board's script asks.

Django gives every request a thread and a database connection of its own and hands it to and fro between the threads of
its middleware. Requests of the API and of the board are short, many and never wait for anything but the database: they
run from end to end in one of a few threads that keep their connection. How fast that is say `nongshi bench api` and
`nongshi bench board`; Django's own way was not compared.
"""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

from django.core.asgi import get_asgi_application
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.base import BaseHandler
from django.core.signals import request_started
from django.db import connections
from django.http import HttpResponse
from django.urls import set_script_prefix

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nongshi.site.settings")
django_application = get_asgi_application()
QUICK = re.compile(r"/api/v1|/board/plan/\d+/(?:data|outlines|pulse|places|why|change)$")
THREADS = 4  # assumption: readers share one interpreter; a writer that waits for the disk lets others on
BODY_BYTES_MAX = 2**20  # as base.api_http; nothing longer is even kept


class PooledHandler(BaseHandler):
    """Django's middleware and views in the thread that calls."""

    def __init__(self) -> None:
        self.load_middleware()

    def answer(self, scope: Scope, body: bytes) -> HttpResponse:
        """One request; its connection stays open for the next."""
        set_script_prefix("/")
        request_started.send(sender=self.__class__, scope=scope)
        response = self.get_response(ASGIRequest(scope, BytesIO(body)))
        for connection in connections.all(initialized_only=True):
            if connection.connection is not None and not connection.errors_occurred:
                connection.close_at = None
        if not getattr(response, "streaming", False):
            response.close()  # tells request_finished, which closes a connection with faults
        return response


_handler = PooledHandler()
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="api")


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI."""
    if scope["type"] == "http" and QUICK.match(str(scope["path"])):
        await _answer(scope, receive, send)
    else:
        await django_application(scope, receive, send)


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    body = await _read(receive)
    if body is None:
        return
    loop = asyncio.get_running_loop()
    response = await loop.run_in_executor(_threads, _handler.answer, scope, body)
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.items()]
    headers += [
        (b"Set-Cookie", cookie.output(header="").strip().encode("latin-1")) for cookie in response.cookies.values()
    ]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    content = response.getvalue() if response.streaming else response.content
    await send({"type": "http.response.body", "body": content})


async def _read(receive: Receive) -> bytes | None:
    """The body, cut one byte after what is allowed; None: the caller has gone."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        if size <= BODY_BYTES_MAX:
            parts.append(part)
            size += len(part)
        if not message.get("more_body", False):
            return b"".join(parts)[: BODY_BYTES_MAX + 1]
