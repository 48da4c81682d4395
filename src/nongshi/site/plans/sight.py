"""What one reader may see of a plan that several organisations make together."""

from dataclasses import replace

from nongshi.core.plan import Plan
from nongshi.site.base.scope import Scope
from nongshi.site.jobs.models import FieldJob
from nongshi.site.plans.regions import Rows
from nongshi.site.register.models import Machine


def seen_plan(scope: Scope, plan: Plan, rows: Rows) -> Plan:
    """Whole routes of machines in sight, of other machines the stops at jobs in sight; sums stay those of all."""
    machine_ids = set(Machine.objects.seen_by(scope).values_list("pk", flat=True))
    job_ids = set(FieldJob.objects.seen_by(scope).values_list("pk", flat=True))
    machines = {name for name, row in rows.machine_of.items() if row.pk in machine_ids}
    jobs = {name for name, row in rows.job_of.items() if row.pk in job_ids}
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
