"""Every operation that only reads answers somebody who may, and refuses a stranger in the same words."""

from typing import Any

import pytest
from django.test import Client

from nongshi.site.api.ninja_api import list_paths

READING = [path for path, view in list_paths() for op in view.operations if op.methods == ["GET"]]


@pytest.mark.parametrize("path", [path for path in READING if "{" not in path])
def test_a_list_answers(caller: Any, path: str) -> None:
    answer = caller("dispatcher").get(path)
    assert answer.status_code == 200, answer.content
    rows = answer.json()
    if "rows" in rows:
        assert len(rows["rows"]) == min(rows["total"], rows["limit"])


@pytest.mark.parametrize("path", READING)
def test_a_stranger_learns_nothing(db: Any, path: str) -> None:
    answer = Client().get(f"/api/v1{path}".replace("{", "").replace("}", ""))
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer.json()["type"] == "urn:nongshi:unauthorized"
