"""The site under the server that it runs under, in a thread of the tests: pages may listen to what happens."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

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


class Served:
    """What pytest-django's helper of `live_server` asks of it, and the address."""

    def __init__(self, url: str) -> None:
        from django.test.utils import modify_settings

        self.url = url
        self._live_server_modified_settings: Any = modify_settings()


def until(true: Callable[[], Any], *, tries: int = 400) -> None:
    """Wait for something."""
    for _ in range(tries):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it never came")
