"""The demo: five towns of two provinces with generated fields, machines and people, and a login for every role.

Town names are real, everything else is generated and marked so. Passwords are random and printed once.
"""

import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from nongshi.core import region as core
from nongshi.site.base.models import Org, OrgKind, Person, Role, User
from nongshi.site.base.rights import RoleKind
from nongshi.site.jobs.services import keep_jobs
from nongshi.site.plans.models import Season, SeasonMember
from nongshi.site.plans.regions import geometry_of, head_of
from nongshi.site.register.models import Machine, Operator
from nongshi.site.register.services import keep_register

FIELDS = 120  # assumption: large enough to see what is short, small enough to plan while somebody looks on
SEED = 7
PASSWORD_BYTES = 9
IN_DISTRICT = frozenset({RoleKind.OFFICER, RoleKind.AUDITOR, RoleKind.TRAINER})
TREE = (
    ("shanghai", "上海市", "Shanghai", OrgKind.PROVINCE, ""),
    ("jinshan", "金山区", "Jinshan", OrgKind.DISTRICT, "shanghai"),
    ("langxia", "廊下镇", "Langxia", OrgKind.TOWN, "jinshan"),
    ("lvxiang", "吕巷镇", "Lvxiang", OrgKind.TOWN, "jinshan"),
    ("zhangyan", "张堰镇", "Zhangyan", OrgKind.TOWN, "jinshan"),
    ("zhejiang", "浙江省", "Zhejiang", OrgKind.PROVINCE, ""),
    ("pinghu", "平湖市", "Pinghu", OrgKind.DISTRICT, "zhejiang"),
    ("guangchen", "广陈镇", "Guangchen", OrgKind.TOWN, "pinghu"),
    ("xincang", "新仓镇", "Xincang", OrgKind.TOWN, "pinghu"),
)
TOWNS = {name: code for code, name, _, kind, _ in TREE if kind == OrgKind.TOWN}


@dataclass(frozen=True, slots=True)
class Login:
    """One login of the demo."""

    role: RoleKind
    org: str
    username: str
    password: str


def make_demo(
    *, fields: int = FIELDS, seed: int = SEED, start: date | None = None, region: core.Region | None = None
) -> tuple[Season, list[Login]]:
    """Fill an empty site; the season begins a few days from now unless `start` says otherwise."""
    from nongshi import api

    region = region or api.make_region(fields=fields, load=1.0, season="rice-harvest", seed=seed, dryers=True)
    region = _shifted(region, start or date.today() + timedelta(days=2))
    with transaction.atomic():
        coops = _keep_orgs()
        owners = _share_owners(region, coops)
        rows = keep_register(
            region,
            org_of_field=lambda field: coops[str(field.extra.get("town", "廊下镇"))],
            org_of_owner=owners,
            org_of_dryer=lambda dryer: _nearest(region, coops, dryer.lon, dryer.lat),
            outline=lambda field: geometry_of(field.polygons),
        )
        keep_jobs(region, rows)
        season = _keep_season(region, coops)
        logins = _keep_logins(coops)
    return season, logins


def _keep_orgs() -> dict[str, Org]:
    """The tree, and a cooperative in each town; the cooperatives by town name."""
    made: dict[str, Org] = {}
    for code, name, name_en, kind, parent in TREE:
        made[code] = Org.objects.create(code=code, name=name, name_en=name_en, kind=kind, parent=made.get(parent))
    return {
        town: Org.objects.create(
            code=f"{code}-coop",
            name=f"{town[:-1]}农机合作社",
            name_en=f"{made[code].name_en} machinery cooperative",
            kind=OrgKind.COOP,
            parent=made[code],
            generated=True,
        )
        for town, code in TOWNS.items()
    }


def _share_owners(region: core.Region, coops: dict[str, Org]) -> dict[str, Org]:
    """Each owner's machines and operators to the cooperative of the town nearest to its yard; none left without one."""
    found = {m.owner_id: _nearest(region, coops, m.yard_lon, m.yard_lat) for m in region.machines}
    idle = [org for org in coops.values() if org not in found.values()]
    for org in idle:
        most = Counter(found.values()).most_common(1)[0][0]
        found[next(owner for owner in reversed(found) if found[owner] == most)] = org
    others = {o.owner_id for o in region.operators} - set(found)
    return found | {owner: next(iter(coops.values())) for owner in others}


def _nearest(region: core.Region, coops: dict[str, Org], lon: float, lat: float) -> Org:
    near = min(region.fields, key=lambda f: (f.gate_lon - lon) ** 2 + (f.gate_lat - lat) ** 2)
    return coops[str(near.extra.get("town", "廊下镇"))]


def _keep_season(region: core.Region, coops: dict[str, Org]) -> Season:
    lead = coops["廊下镇"]
    season = Season.objects.create(
        org=lead,
        name="五镇水稻收割（生成数据）",
        zone=region.zone,
        start_date=region.start_date,
        horizon_days=region.horizon_days,
        detour=region.detour,
        head=head_of(region),
        generated=True,
    )
    SeasonMember.objects.bulk_create(SeasonMember(season=season, org=org, agreed=True) for org in coops.values())
    return season


def _keep_logins(coops: dict[str, Org]) -> list[Login]:
    """One login a role: at the desk in 廊下, the district's officer, auditor and trainer in 金山."""
    coop, district = coops["廊下镇"], Org.objects.get(code="jinshan")
    logins = []
    for kind in RoleKind:
        org = district if kind in IN_DISTRICT else coop
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        user = User.objects.create_user(kind.value, password=password)
        person = _person_of(kind, org)
        person.user = user
        person.save()
        Role.objects.get_or_create(person=person, org=org, kind=kind)
        logins.append(Login(kind, org.name, kind.value, password))
    return logins


def _person_of(kind: RoleKind, org: Org) -> Person:
    """Somebody of the generated people where the role has rows of its own, else somebody new."""
    if kind == RoleKind.OPERATOR:
        operator = Operator.objects.filter(org=org).select_related("person").first()
        if operator is not None and operator.person is not None:
            return operator.person
    if kind == RoleKind.FARMER:
        role = Role.objects.filter(org=org, kind=kind).select_related("person").first()
        if role is not None:
            return role.person
    person = Person.objects.create(org=org, name=kind.value, generated=True)
    if kind == RoleKind.OWNER:
        Machine.objects.filter(org=org).update(owner=person)
        neighbour = Org.objects.get(code="lvxiang-coop")  # an owner with machines in two cooperatives
        Role.objects.create(person=person, org=neighbour, kind=kind)
        Machine.objects.filter(org=neighbour).update(owner=person)
    return person


def _shifted(region: core.Region, start: date) -> core.Region:
    """The same region with all its days moved, so that the season begins on `start`."""
    from dataclasses import replace

    by = start - region.start_date
    return replace(
        region,
        start_date=start,
        jobs=tuple(replace(j, open=j.open + by, due=j.due + by, close=j.close + by) for j in region.jobs),
        workdays=tuple(replace(w, date=w.date + by) for w in region.workdays),
        machines=tuple(
            replace(
                m,
                available_from=None if m.available_from is None else m.available_from + by,
                available_to=None if m.available_to is None else m.available_to + by,
                down=tuple((since + by, until + by) for since, until in m.down),
            )
            for m in region.machines
        ),
        operators=tuple(
            replace(
                o,
                licences={name: until + by for name, until in o.licences.items()},
                off_days=frozenset(day + by for day in o.off_days),
            )
            for o in region.operators
        ),
    )
