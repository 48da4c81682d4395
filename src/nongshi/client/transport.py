"""Sending requests: keys, repeats that do nothing twice, faults as exceptions."""

import time
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx

from nongshi.client.operations import Operations
from nongshi.core.errors import NongshiError

TRIES_MAX = 4
PAUSE_S = 0.5  # before the second try; doubles with each
PAUSE_S_MAX = 60.0  # a site that asks for more patience than that gets none
AGAIN = frozenset({429, 503})


class ApiError(NongshiError):
    """The site refused, or failed; `data` is its problem+json."""

    code = "api_error"

    def __init__(self, status: int, data: Mapping[str, Any]) -> None:
        self.status, self.data = status, dict(data)
        self.kind = str(data.get("type", "")).removeprefix("urn:nongshi:")
        super().__init__(f"{status} {self.kind}: {data.get('detail', '')}")


class Client(Operations):
    """One site, one key. `with Client("https://nongshi.example", "nst_...") as site: site.list_jobs()`."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        timeout_s: float = 30.0,
        tries: int = TRIES_MAX,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._tries, self._sleep = tries, sleep
        head = {"Authorization": f"Bearer {key}", "Accept": "application/json"}
        self._http = httpx.Client(base_url=url.rstrip("/"), headers=head, timeout=timeout_s, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connections."""
        self._http.close()

    def pages(self, list_rows: Callable[..., Any], **which: Any) -> Iterator[Any]:
        """All rows of a list, page by page: `client.pages(client.list_jobs, status=["posted"])`."""
        page = 1
        while True:
            found = list_rows(**which, page=page)
            yield from found["rows"]
            if page * found["limit"] >= found["total"]:
                return
            page += 1

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: object = None,
        if_match: str | None = None,
        key: str | None = None,
    ) -> Any:
        """One operation; `key` is its Idempotency-Key, new unless given.

        Raises:
            ApiError: the site refused, or failed.
            httpx.TransportError: it cannot be reached, however often tried.
        """
        head = {} if if_match is None else {"If-Match": if_match}
        if method == "POST":
            head["Idempotency-Key"] = key or uuid4().hex
        given = {name: value for name, value in (query or {}).items() if value is not None}
        response = self._send(method, path, given, body, head)
        if response.status_code >= 400:
            raise ApiError(response.status_code, _problem(response))
        return response.json() if response.content else None

    def _send(self, method: str, path: str, query: Any, body: object, head: dict[str, str]) -> httpx.Response:
        # A change without a key is not sent twice: the first one may have arrived.
        tries = self._tries if method in ("GET", "POST") else 1
        pause_s = PAUSE_S
        for left in reversed(range(tries)):
            try:
                content = {} if body is None else {"json": body}
                response = self._http.request(method, path, params=query, headers=head, **content)  # type: ignore[arg-type]
            except httpx.TransportError:
                if left == 0:
                    raise
            else:
                asked_s = _retry_after_s(response, pause_s)
                if response.status_code not in AGAIN and not _in_flight(response):
                    return response
                if left == 0 or asked_s > PAUSE_S_MAX:
                    return response
                pause_s = max(pause_s, asked_s)
            self._sleep(pause_s)
            pause_s *= 2
        raise AssertionError("one try at least")


def _in_flight(response: httpx.Response) -> bool:
    return response.status_code == 409 and _problem(response).get("type") == "urn:nongshi:in_flight"


def _retry_after_s(response: httpx.Response, otherwise_s: float) -> float:
    given = response.headers.get("Retry-After", "")
    return float(given) if given.isdigit() else otherwise_s


def _problem(response: httpx.Response) -> dict[str, Any]:
    try:
        found = response.json()
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"detail": response.text[:300]}
