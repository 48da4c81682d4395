"""What one reader may see of a plan that several organisations make together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from nongshi.core.plan import Plan
from nongshi.site.base.scope import Scope
from nongshi.site.jobs.models import FieldJob
from nongshi.site.plans.regions import Rows
from nongshi.site.register.models import Machine, Operator


@dataclass(frozen=True, slots=True)
class Sight:
    """Numbers of the region that a reader may be told of."""

    machines: frozenset[str]
    operators: frozenset[str]
    jobs: frozenset[str]


def sight_of(scope: Scope, rows: Rows) -> Sight:
    """What of a season's rows a reader sees."""

    def seen(model: Any, of: Mapping[str, Any]) -> frozenset[str]:
        ids = set(model.objects.seen_by(scope).values_list("pk", flat=True))
        return frozenset(name for name, row in of.items() if row.pk in ids)

    return Sight(seen(Machine, rows.machine_of), seen(Operator, rows.operator_of), seen(FieldJob, rows.job_of))


def seen_plan(scope: Scope, plan: Plan, rows: Rows) -> Plan:
    """Whole routes of machines in sight, of other machines the stops at jobs in sight; sums stay those of all."""
    sight = sight_of(scope, rows)
    machines, jobs = sight.machines, sight.jobs
    routes = (
        route
        if route.machine_id in machines
        else replace(route, stops=tuple(stop for stop in route.stops if stop.job_id in jobs))
        for route in plan.routes
    )
    return replace(
        plan,
        routes=tuple(route for route in routes if route.stops),
        crews=tuple(crew for crew in plan.crews if crew.machine_id in machines),
        unserved=tuple(one for one in plan.unserved if one.job_id in jobs),
        lots=tuple(lot for lot in plan.lots if lot.job_id in jobs),
    )
