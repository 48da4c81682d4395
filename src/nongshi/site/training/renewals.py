"""Licences that end soon: who should renew, and by when it may be done."""

from dataclasses import dataclass
from datetime import date, timedelta

from nongshi.site.base.rights import Resource
from nongshi.site.base.scope import Scope
from nongshi.site.register.models import Licence
from nongshi.site.training.assumptions import RENEW_DAYS

SHOWN_MAX = 200


@dataclass(frozen=True, slots=True)
class Due:
    """One licence that ends within the time in which it may be renewed, or has ended."""

    licence: Licence
    days: int  # until its last day; below zero: over

    @property
    def kind(self) -> str:
        """How urgent: bad (over), late (a month), or empty."""
        return "bad" if self.days < 0 else "late" if self.days <= RENEW_DAYS // 3 else ""


def due(scope: Scope, today: date) -> list[Due]:
    """Licences of operators in sight that end within RENEW_DAYS, or ended within them, soonest first."""
    orgs = scope.orgs(Resource.OPERATOR)
    rows = Licence.objects.filter(
        operator__org_id__in=orgs, operator__out_since=None,
        valid_until__range=(today - timedelta(days=RENEW_DAYS), today + timedelta(days=RENEW_DAYS)),
    ).select_related("operator__person", "operator__org").order_by("valid_until", "pk")  # fmt: skip
    return [Due(row, (row.valid_until - today).days) for row in rows[:SHOWN_MAX]]
