"""A job that has begun and cannot be ended in its window: it is cut to the area that is done, and planning goes on."""

from collections.abc import Collection
from dataclasses import replace

from nongshi.core.plan import Plan, Route, Stop
from nongshi.dispatch.event_region import scaled
from nongshi.dispatch.events import Applied

Place = tuple[str, str, int]  # machine, job, part


def cut_to_done(applied: Applied, job_ids: Collection[str]) -> Applied:
    """The same events, with some jobs no larger than their stops that stay.

    Value and wet grain are in proportion. Parts are numbered anew: k equal parts of n are, by themselves, a job in k
    parts, for each is larger than (n - 1) / n of the largest part allowed.
    """
    kept = [one for one in applied.plan_kept if one.stop.job_id in job_ids]
    number: dict[Place, int] = {}
    area_ha: dict[str, float] = {}
    for one in sorted(kept, key=lambda one: (one.stop.job_id, one.stop.part)):
        job_id = one.stop.job_id
        number[one.machine_id, job_id, one.stop.part] = sum(place[1] == job_id for place in number) + 1
        area_ha[job_id] = area_ha.get(job_id, 0.0) + one.stop.area_ha

    def renumbered(machine_id: str, stop: Stop) -> Stop:
        return replace(stop, part=number.get((machine_id, stop.job_id, stop.part), stop.part))

    jobs = tuple(scaled(job, area_ha.get(job.id, job.area_ha)) for job in applied.region.jobs)
    return replace(
        applied,
        region=replace(applied.region, jobs=jobs),
        plan_before=_with_routes(applied.plan_before, number, job_ids),
        plan_kept=tuple(replace(one, stop=renumbered(one.machine_id, one.stop)) for one in applied.plan_kept),
        promised=tuple(one for one in applied.promised if one.stop.job_id not in job_ids),
        released=tuple(one for one in applied.released if one.stop.job_id not in job_ids),
        cut=(*applied.cut, *sorted(job_ids)),
    )


def _with_routes(plan: Plan, number: dict[Place, int], job_ids: Collection[str]) -> Plan:
    """The plan without the stops of these jobs that do not stay, the others under their new numbers."""
    routes = []
    for route in plan.routes:
        stops = []
        for stop in route.stops:
            place = (route.machine_id, stop.job_id, stop.part)
            if place in number:
                stops.append(replace(stop, part=number[place]))
            elif stop.job_id not in job_ids:
                stops.append(stop)
        routes.append(Route(machine_id=route.machine_id, stops=tuple(stops)))
    return replace(plan, routes=tuple(route for route in routes if route.stops))
