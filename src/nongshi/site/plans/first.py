"""A season's first plan, made and put in force in one go; the demo begins so, and every desk has something to show."""

from collections.abc import Mapping
from typing import Any

from nongshi.site.base.scope import EVERYTHING
from nongshi.site.plans.models import PlanRow
from nongshi.site.plans.services import make_plan, publish
from nongshi.site.work.services import Step, kind


@kind("first_plan")
def plan_and_publish(given: Mapping[str, Any], step: Step) -> Mapping[str, Any]:
    """Plan a season and publish the plan."""
    made = make_plan(given, step)
    row = PlanRow.objects.get(pk=made["plan"])
    publish(EVERYTHING, row.pk, row.version)
    return made
