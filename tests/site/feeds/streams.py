"""The site under a real ASGI server in a thread, and readers of its streams."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn

from nongshi.site.starting import listen


@contextmanager
def served() -> Iterator[str]:
    """The site's address, while it is served."""
    bound = listen("127.0.0.1", 0)
    config = uvicorn.Config(
        "nongshi.site.asgi:application", lifespan="off", log_level="error", timeout_graceful_shutdown=2
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    try:
        until(lambda: server.started)
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        bound.close()
        assert not thread.is_alive()


class Stream:
    """One reader: what it was told, in order."""

    def __init__(self, server: str, session: str, last: int | None = None) -> None:
        self.told: list[dict[str, Any]] = []  # {"event", "id", "data"}
        self.ended = threading.Event()
        self._client = httpx.Client(timeout=httpx.Timeout(20.0, read=60.0), trust_env=False)
        self._closing = False
        query = "" if last is None else f"?last={last}"
        self._asked = (f"{server}/feeds/live{query}", {"Cookie": f"sessionid={session}"})
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        until(lambda: self.named("ready") or self.ended.is_set())

    def _read(self) -> None:
        try:
            with self._client.stream("GET", self._asked[0], headers=self._asked[1]) as answer:
                self.status = answer.status_code
                said: dict[str, Any] = {}
                for line in answer.iter_lines():
                    if self._closing:
                        return
                    name, _, value = line.partition(": ")
                    if not line and "event" in said:
                        self.told.append(said | {"data": json.loads(said["data"])})
                    if not line:
                        said = {}
                    elif name:
                        said[name] = value
        except httpx.HTTPError:
            pass
        finally:
            self.ended.set()

    def named(self, name: str) -> list[dict[str, Any]]:
        return [one for one in self.told if one["event"] == name]

    @property
    def abouts(self) -> list[str]:
        return [one["data"]["about"] for one in self.named("event")]

    @property
    def ids(self) -> list[int]:
        return [one["data"]["id"] for one in self.named("event")]

    def close(self) -> None:
        self._closing = True
        self._client.close()


def until(true: Callable[[], Any], *, tries: int = 400) -> None:
    """Wait for something."""
    for _ in range(tries):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it never came")
