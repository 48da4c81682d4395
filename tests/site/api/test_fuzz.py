"""No request made from the schema, sound or broken, ends in a fault of ours; every answer is as described."""

from typing import Any

import pytest
from tests.site.api import fuzz

from nongshi.site.base import api_http
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.plans import services
from nongshi.site.plans.models import PlanRow

ROLES = ("dispatcher", "officer", "farmer")


@pytest.fixture
def planned(demo: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.API_RATE = 10**9
    monkeypatch.setattr(api_http, "STRANGER_RATE", 10**9)
    services.make_plan({"season": demo.pk, "iterations": 50}, lambda share, words: None)
    row = PlanRow.objects.get()
    services.publish(EVERYTHING, row.pk, row.version)


@pytest.mark.parametrize("role", ROLES)
def test_every_operation_holds(planned: None, caller: Any, role: str) -> None:
    head = caller(role).head
    with fuzz.kept_connection():
        assert fuzz.ask_each(fuzz.make_schema(), head) == []


@pytest.mark.parametrize("role", ROLES)
def test_chains_along_the_links_hold(planned: None, caller: Any, role: str) -> None:
    head = caller(role).head
    with fuzz.kept_connection():
        fuzz.follow_links(fuzz.make_schema(), head)
