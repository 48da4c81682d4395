"""A plan changed by hand: one job to another machine, into the plan, or out of it; all else keeps its order and crew.

Where a job may go is answered by quotes (:mod:`nongshi.dispatch.quote`, :mod:`nongshi.dispatch.explain_job`); here the
offer that somebody chose is carried out, and the plan is timed and priced anew.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from nongshi.core.errors import BadInput, NotFound
from nongshi.core.plan import Plan
from nongshi.core.region import Region
from nongshi.core.times import seconds_between
from nongshi.dispatch.explain import explain_unserved
from nongshi.dispatch.from_plan import day_of
from nongshi.dispatch.lift import Lifter
from nongshi.dispatch.problem import Ints, Problem
from nongshi.dispatch.quote import Offer
from nongshi.dispatch.run import with_extras
from nongshi.dispatch.solution import Solution, make_plan, release_idle


class NoPlaceThere(BadInput):
    """The job cannot be done by that machine in this plan."""

    code = "no_place_there"


def move_job(region: Region, plan: Plan, job_id: str, machine_id: str) -> Plan:
    """The plan with a job whole on a machine, where that costs least; a job left out is brought in.

    Raises:
        NotFound: there is no such job or machine.
        NoPlaceThere: it does not fit there.
    """
    return move_lifted(Lifter(region, plan), plan, job_id, machine_id)


def move_lifted(lifter: Lifter, plan: Plan, job_id: str, machine_id: str) -> Plan:
    """As `move_job`, of a plan that is read already."""
    region, problem, solution = lifter.region, lifter.problem, lifter.solution
    if machine_id not in region.machine_of:
        raise NotFound(f"machine {machine_id} does not stand in the region; correct the id")
    quoter, _ = lifter.lift(job_id)
    offer = quoter.best_by_machine(region.job_of[job_id]).get(machine_id)
    if offer is None:
        raise NoPlaceThere(f"job {job_id} does not fit on machine {machine_id}; nongshi explain says why")
    j = [job.id for job in region.jobs].index(job_id)
    out = range(int(problem.job_first[j]), int(problem.job_first[j] + problem.job_parts[j]))
    rest = _routes(solution, lambda route: tuple(p for p in route if p not in out))
    return _planned(problem, _placed(problem, rest, job_id, offer), plan)


def drop_job(region: Region, plan: Plan, job_id: str) -> Plan:
    """The plan without a job, and without the jobs that wait for it.

    Raises:
        NotFound: there is no such job.
    """
    lifter = Lifter(region, plan)
    problem, out = lifter.problem, _with_followers(lifter.problem, job_id)
    rest = _routes(lifter.solution, lambda route: tuple(p for p in route if int(problem.part_job[p]) not in out))
    return _planned(problem, rest, plan)


def fit_plan(region: Region, plan: Plan) -> Plan:
    """The plan as it is in a region that has changed since: jobs called off are gone, new ones are left out.

    Raises:
        NoPlaceThere: what is left cannot be done in time any more.
    """
    try:
        lifter = Lifter(region, strip_plan(region, plan))
    except ValueError as error:
        raise NoPlaceThere(f"the plan cannot be kept as the region is now: {error}") from error
    return _planned(lifter.problem, lifter.solution, plan)


def strip_plan(region: Region, plan: Plan) -> Plan:
    """The plan without what the region does not have any more; its times and sums stay."""
    routes = (
        replace(route, stops=tuple(stop for stop in route.stops if stop.job_id in region.job_of))
        for route in plan.routes
        if route.machine_id in region.machine_of
    )
    return replace(
        plan,
        region=region.name,
        routes=tuple(route for route in routes if route.stops),
        crews=tuple(
            crew
            for crew in plan.crews
            if crew.machine_id in region.machine_of and crew.operator_id in region.operator_of
        ),
        unserved=tuple(out for out in plan.unserved if out.job_id in region.job_of),
    )


def _with_followers(problem: Problem, job_id: str) -> set[int]:
    ids = [job.id for job in problem.region.jobs]
    if job_id not in ids:
        raise NotFound(f"job {job_id} does not stand in the region; correct the id")
    found = {ids.index(job_id)}
    while more := {int(j) for j in np.flatnonzero(np.isin(problem.job_after, list(found)))} - found:
        found |= more
    return found


def _placed(problem: Problem, rest: Solution, job_id: str, offer: Offer) -> Solution:
    """The offer carried out: the job's parts in a row where the offer says, idle operators called in."""
    ids = [job.id for job in problem.region.jobs]
    j, piece = ids.index(job_id), offer.pieces[0]
    m = [machine.id for machine in problem.region.machines].index(piece.machine_id)
    route = rest.routes[m]
    names = [None, *(ids[problem.part_job[p]] for p in route), None]
    at = next(k for k in range(len(route) + 1) if (names[k], names[k + 1]) == (piece.after_job_id, piece.before_job_id))
    parts = range(int(problem.job_first[j]), int(problem.job_first[j] + problem.job_parts[j]))
    routes = list(rest.routes)
    routes[m] = (*route[:at], *parts, *route[at:])
    crew = rest.crew.copy()
    operators = [operator.id for operator in problem.region.operators]
    for one in offer.crew_new:
        crew[m, problem.dates.index(one.date)] = operators.index(one.operator_id)
    return replace(rest, crew=crew, routes=tuple(routes), end_day=_end_day(problem, rest, parts, offer))


def _end_day(problem: Problem, rest: Solution, parts: range, offer: Offer) -> Ints | None:
    """Wet grain of the job comes on the day that was offered, not on the one that was planned before."""
    if rest.end_day is None:
        return None
    end_day = rest.end_day.copy()
    wet = problem.part_wet_t[parts.start] > 0
    last = day_of(problem, seconds_between(problem.origin, offer.pieces[-1].end) - 1.0)
    end_day[parts] = last if wet and len(parts) == 1 else -1
    return end_day


def _routes(solution: Solution, change: Callable[[tuple[int, ...]], Iterable[int]]) -> Solution:
    return replace(solution, routes=tuple(tuple(change(route)) for route in solution.routes))


def _planned(problem: Problem, solution: Solution, before: Plan) -> Plan:
    """Timed, priced, with its reasons; the bound stays, for it holds for every plan of the region.

    Raises:
        NoPlaceThere: a job that waits for another would come too late.
    """
    try:
        solution = release_idle(problem, solution)
    except ValueError as error:
        raise NoPlaceThere(f"a job that waits for another would come too late: {error}") from error
    plan = make_plan(
        problem,
        solution,
        engine=before.engine,
        seed=before.seed,
        cpu_s=before.cpu_s,
        iterations=before.iterations,
        bound=before.bound,
        unserved=explain_unserved(problem, solution),
    )
    made = with_extras(problem, solution, plan)
    return replace(made, extra={**before.extra, **made.extra})
