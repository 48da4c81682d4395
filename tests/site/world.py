"""Rows for tests: an organisation, people with roles and logins."""

from typing import Any

from nongshi.site.base.models import Org, OrgKind, Person, Role, User
from nongshi.site.base.rights import RoleKind


def make_coop(code: str = "langxia", name: str = "廊下农机合作社", name_en: str = "Langxia cooperative") -> Org:
    """A cooperative below a district of its own."""
    district = Org.objects.create(kind=OrgKind.DISTRICT, code=f"{code}-district", name="金山区", name_en="Jinshan")
    return Org.objects.create(kind=OrgKind.COOP, code=code, name=name, name_en=name_en, parent=district)


def make_person(org: Org, *kinds: RoleKind, name: str = "张三", login: str = "", **more: Any) -> Person:
    """Somebody with roles in an organisation; with a login if one is named."""
    user = User.objects.create(username=login) if login else None
    person = Person.objects.create(org=org, name=name, user=user, **more)
    for kind in kinds:
        Role.objects.create(person=person, org=org, kind=kind)
    return person


def plan_season(season: Any, *, iterations: int = 100, publish: bool = True) -> Any:
    """A season planned as the worker does it; its plan in force, or as a draft."""
    from nongshi.site.base.scope import EVERYTHING
    from nongshi.site.plans import services
    from nongshi.site.plans.models import PlanRow

    given = {"season": season.pk, "iterations": iterations}
    row = PlanRow.objects.get(pk=services.make_plan(given, lambda share, words: None)["plan"])
    if publish:
        services.publish(EVERYTHING, row.pk, row.version)
        row.refresh_from_db()
    return row
