"""A season made from the register: who plans together, which days and work; rates and costs come from agronomy's table.

A dispatcher leads it for the own organisation; an officer may make one for organisations below and name which leads.
Each organisation joins by its own word, the maker's own at once. The season's plan then takes the open jobs of its work
and days, and the machines, operators and dryers in use of those that agreed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from nongshi.agronomy import LOSS_CURVES, MACHINE_CLASSES, OPERATIONS, WORK_RATES
from nongshi.core.errors import BadInput
from nongshi.core.times import days
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.models import Org, OrgKind
from nongshi.site.base.rights import Resource, RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import log
from nongshi.site.plans.models import Season, SeasonMember
from nongshi.site.plans.regions import values_of
from nongshi.site.seasons.assumptions import DAYS, DAYS_MAX, DETOUR, WORK_END, WORK_START

LEADERS = (OrgKind.COOP, OrgKind.FARM)
ZONE = "Asia/Shanghai"
PAST_DAYS = 31  # a season that began longer ago is a slip of the keyboard


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonWish:
    """What a season is to be."""

    name: str
    lead_id: int
    start_date: date
    operations: Collection[str]
    horizon_days: int = DAYS
    member_ids: Collection[int] = ()
    work_start: time = WORK_START
    work_end: time = WORK_END


def may_lead(scope: Scope) -> frozenset[int]:
    """Organisations for which somebody may make a season: the own ones, and those below an officer's."""
    below = frozenset[int]().union(*(held.below for held in scope.held if held.kind == RoleKind.OFFICER))
    coops = Org.objects.filter(pk__in=below, kind__in=LEADERS).values_list("pk", flat=True)
    return scope.orgs(Resource.SEASON, change=True) | frozenset(coops)


def make_season(scope: Scope, wish: SeasonWish) -> Season:
    """A season from the register, with everybody asked.

    Raises:
        Forbidden: not an organisation for which this person may make one.
        BadInput: days, hours or work cannot be right, or the leading one plans these days already.
    """
    if wish.lead_id not in may_lead(scope):
        raise Forbidden(f"you may not make a season for organisation {wish.lead_id}")
    members = _check(wish)
    mine = scope.orgs(Resource.SEASON, change=True)
    with transaction.atomic():
        season = Season.objects.create(
            org_id=wish.lead_id, name=wish.name.strip(), zone=ZONE, start_date=wish.start_date,
            horizon_days=wish.horizon_days, detour=DETOUR, head=head_of_wish(wish, prefixed=len(members) > 1),
        )  # fmt: skip
        SeasonMember.objects.bulk_create(
            SeasonMember(
                season=season,
                org_id=org_id,
                agreed=org_id in mine,
                agreed_by_id=scope.person_id if org_id in mine else None,
            )
            for org_id in members
        )
        about = f"season:{season.pk}"
        log("SeasonMade", about, scope=scope, org_id=wish.lead_id, asked=[one for one in members if one not in mine])
    return season


def _check(wish: SeasonWish) -> list[int]:
    """The organisations that plan together, the leading one first."""
    if not wish.name.strip():
        raise BadInput("the season has no name; give it one")
    unknown = sorted(set(wish.operations) - set(OPERATIONS))
    if unknown or not wish.operations:
        raise BadInput(f"there is no work {', '.join(unknown) or 'chosen'}; choose of: {', '.join(sorted(OPERATIONS))}")
    if not 1 <= wish.horizon_days <= DAYS_MAX:
        raise BadInput(f"a season has 1 to {DAYS_MAX} days, not {wish.horizon_days}; correct them")
    if wish.work_end <= wish.work_start:
        raise BadInput(f"the working day ends at {wish.work_end}, before it begins at {wish.work_start}; correct it")
    if wish.start_date < timezone.localdate() - timedelta(days=PAST_DAYS):
        raise BadInput(f"the first day, {wish.start_date}, is long over; choose a later one")
    members = list(dict.fromkeys([wish.lead_id, *wish.member_ids]))
    known = set(Org.objects.filter(pk__in=members, kind__in=LEADERS).values_list("pk", flat=True))
    if missing := [str(one) for one in members if one not in known]:
        raise BadInput(f"organisation {', '.join(missing)} is no cooperative or farm; only those plan together")
    _check_free(wish)
    return members


def _check_free(wish: SeasonWish) -> None:
    """The leading organisation's machines stand in one plan a day."""
    last = wish.start_date + timedelta(days=wish.horizon_days - 1)
    others = Season.objects.filter(members__org_id=wish.lead_id, members__agreed=True, start_date__lte=last).distinct()
    for other in others:
        if other.start_date + timedelta(days=other.horizon_days - 1) >= wish.start_date:
            raise BadInput(
                f"season {other} ({other.start_date}, {other.horizon_days} days) plans the same machines then; "
                "choose other days, or withdraw from it"
            )


def head_of_wish(wish: SeasonWish, *, prefixed: bool) -> dict[str, Any]:
    """What is kept with a season, as `plans.regions.head_of` of a region folder."""
    wanted = [name for name in OPERATIONS if name in set(wish.operations)]
    rates = [rate for (_class, operation), rate in WORK_RATES.items() if operation in wanted]
    classes = [name for name in MACHINE_CLASSES if any(rate.machine_class == name for rate in rates)]
    curves = [LOSS_CURVES[name].curve() for name in dict.fromkeys(OPERATIONS[one].loss_curve for one in wanted)]
    hours = {"start": wish.work_start.isoformat(), "end": wish.work_end.isoformat()}
    return {
        "prefixed": prefixed,
        "operations": wanted,
        "machine_classes": [values_of(MACHINE_CLASSES[name].noun()) for name in classes],
        "work_rates": [values_of(rate.noun()) for rate in rates],
        "workdays": [
            {"date": day.isoformat(), "machine_class": "*", **hours} for day in days(wish.start_date, wish.horizon_days)
        ],
        "loss_curves": [
            {"id": c.id, "days_late": list(c.days_late), "loss_share": list(c.loss_share)} for c in curves
        ],
        "extra": {},
    }  # fmt: skip
