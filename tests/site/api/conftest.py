"""A caller with a key, for tests of the API."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from nongshi.site.base.models import Person, User
from nongshi.site.base.services import make_token


class Caller:
    """Asks the API with a key."""

    def __init__(self, person: Person, rights: tuple[str, ...] = ("read", "write", "plan")) -> None:
        self.person = person
        self.client = Client(raise_request_exception=False)
        self.head = {"Authorization": f"Bearer {make_token(person, 'test', rights)}"}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer; `If_Match="x"` becomes a header."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return self.client.generic(method, f"/api/v1{path}", headers=self.head | named, **content)

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.ask("POST", path, body, **headers)


@pytest.fixture(autouse=True)
def _always_looked_up(settings: Any) -> None:
    """Keys and roles change within a test."""
    settings.API_KEPT_S = 0.0


@pytest.fixture
def caller(demo: Any) -> Callable[..., Caller]:
    """Callers by the name of their login."""
    return lambda name, **more: Caller(User.objects.get(username=name).person, **more)
