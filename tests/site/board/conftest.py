"""What tests of the board share: the demo's season, planned; somebody of each kind who looks at it."""

from typing import Any

import pytest
from django.test import Client
from tests.site.world import make_person, plan_season

from nongshi.site.base.models import Org, User
from nongshi.site.base.rights import RoleKind
from nongshi.site.plans import drafts
from nongshi.site.plans.models import PlanRow


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Plans kept in the process are those of another test's database."""
    drafts._kept.clear()


@pytest.fixture
def demo(db: None) -> Any:
    """The demo with so many fields that every work has more than one machine."""
    from nongshi.site.demo import make_demo

    return make_demo(fields=70)[0]


@pytest.fixture
def plan(demo: Any) -> PlanRow:
    """The demo's season, planned: a draft."""
    return plan_season(demo, publish=False)


@pytest.fixture
def client(plan: PlanRow) -> Client:
    """The dispatcher of the leading cooperative."""
    return signed_in("dispatcher")


@pytest.fixture
def member(plan: PlanRow) -> Client:
    """A dispatcher of a cooperative that plans along."""
    person = make_person(Org.objects.get(code="lvxiang-coop"), RoleKind.DISPATCHER, login="member")
    found = Client()
    found.force_login(person.user)
    return found


def signed_in(login: str) -> Client:
    """Somebody at a screen."""
    found = Client()
    found.force_login(User.objects.get(username=login))
    return found
