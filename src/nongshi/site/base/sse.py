"""Server-sent events: `return event_stream(generator)` from an async view; the page listens with nongshi.stream."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connections
from django.http import StreamingHttpResponse

BEAT_S = 15.0  # a comment line so often, so that proxies keep the line open and a gone reader is noticed
END_LOOK_S = 0.5  # how soon an open stream notices that the server ends
ENDING = threading.Event()  # set by the server at the signal to end: open streams stop, pages take them up again later


@dataclass(frozen=True, slots=True)
class Sent:
    """One event; `id` comes back as `?last=` when the page takes the stream up again."""

    name: str
    data: Any = None
    id: str = ""

    def encode(self) -> bytes:
        """As it goes over the line.

        >>> Sent("moved", {"m": 1}, id="7").encode()
        b'id: 7\\nevent: moved\\ndata: {"m": 1}\\n\\n'
        """
        first = f"id: {self.id}\n" if self.id else ""
        return f"{first}event: {self.name}\ndata: {json.dumps(self.data, ensure_ascii=False, default=str)}\n\n".encode()


def event_stream(events: AsyncIterator[Sent]) -> StreamingHttpResponse:
    """The answer that stays open; mark the view `transaction.non_atomic_requests`."""
    response = StreamingHttpResponse(_with_beat(events), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Accel-Buffering"] = "no"
    response.headers["Content-Encoding"] = "identity"  # GZipMiddleware leaves it alone then
    return response


async def _with_beat(events: AsyncIterator[Sent]) -> AsyncIterator[bytes]:
    await sync_to_async(connections.close_all)()  # the request's own: not kept open as long as the stream is
    yield b"retry: 2000\n\n"
    coming = asyncio.ensure_future(anext(events, None))
    try:
        quiet_s = 0.0
        while not ENDING.is_set():
            wait_s = min(BEAT_S, END_LOOK_S)
            done, _ = await asyncio.wait({coming}, timeout=wait_s)
            if not done:
                quiet_s += wait_s
                if quiet_s >= BEAT_S:
                    quiet_s = 0.0
                    yield b": still here\n\n"
                continue
            quiet_s = 0.0
            sent = coming.result()
            if sent is None:
                return
            yield sent.encode()
            coming = asyncio.ensure_future(anext(events, None))
    finally:
        coming.cancel()
