"""Readers of the site's streams."""

import json
import threading
from typing import Any

import httpx
from tests.site.serving import until


class Stream:
    """One reader: what it was told, in order."""

    def __init__(self, server: str, session: str, last: int | None = None, *, asked: str = "") -> None:
        self.told: list[dict[str, Any]] = []  # {"event", "id", "data"}
        self.ended = threading.Event()
        self._client = httpx.Client(timeout=httpx.Timeout(20.0, read=60.0), trust_env=False)
        self._closing = False
        query = f"?with={asked}" if asked else "" if last is None else f"?last={last}"
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
