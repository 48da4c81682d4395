"""What would help more: one more machine, operator or dryer. The bound's prices say so, planning again checks it.

A price is what the first hour more is worth and so overstates a whole season's worth of hours; the plan made with one
more says what can be had. Both searches, with and without, get equal steps from the same plan.
"""

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from nongshi.core.plan import Plan
from nongshi.core.region import Dryer, Machine, Operator, Region
from nongshi.core.units import SECONDS_PER_HOUR
from nongshi.dispatch.cells import fit_routes
from nongshi.dispatch.from_plan import solution_of
from nongshi.dispatch.problem import Problem, make_problem
from nongshi.dispatch.roster import fill_roster
from nongshi.dispatch.search import Budget, search
from nongshi.dispatch.solution import Solution, price_solution
from nongshi.geo.roads import Roads

ITERATIONS_PER_JOB = 20  # of each search (assumption: the order of what helps is that of four times as many)
HOT_SHARE = 0.004  # first temperature: the plan is not to be melted (as replan.HOT_SHARE)
KINDS_MAX = 2  # so many machine classes, and so many licences, are looked at: those of the highest price


@dataclass(frozen=True, slots=True, kw_only=True)
class OneMore:
    """What one more of something is worth over the season."""

    kind: str  # machine, operator, dryer, or machine_operator: a machine that brings its operator
    id: str  # machine class; for an operator the licence; for a dryer the one that it is like
    price_fen: float | None  # by the bound's prices; None: the plan has no bound
    gain_fen: float  # by planning again


def list_one_more(
    region: Region, plan: Plan, *, iterations_per_job: int = ITERATIONS_PER_JOB, roads: Roads | None = None
) -> tuple[OneMore, ...]:
    """What one more of each kind is worth, the most first; the same plan gives the same answer.

    Args:
        region: that the plan was made for.
        plan: sound; nothing of it changes.
        iterations_per_job: search steps for every job, with and without.
        roads: those that the plan was made over.
    """
    problem = make_problem(region, roads)
    iterations = iterations_per_job * len(region.jobs)
    here = solution_of(problem, plan)
    base_fen = _searched(problem, here, iterations)
    found = []
    for kind, name, more, price_fen in _options(region, plan, problem):
        wider = make_problem(more, roads)
        idle = len(more.machines) - len(region.machines)
        nobody = np.full((idle, here.crew.shape[1]), -1, np.int64)
        crew = fill_roster(wider, np.concatenate([here.crew, nobody]), 0)
        start = Solution(crew=crew, routes=(*here.routes, *(() for _ in range(idle))), end_day=here.end_day)
        gain_fen = _searched(wider, start, iterations) - base_fen
        found.append(OneMore(kind=kind, id=name, price_fen=price_fen, gain_fen=max(0.0, gain_fen)))
    return tuple(sorted(found, key=lambda one: -one.gain_fen))


def _searched(problem: Problem, start: Solution, iterations: int) -> float:
    """What the plan is worth after a search from it; never less than before."""
    start = fit_routes(problem, start)
    found = search(problem, start, budget=Budget(None, iterations), seed=1, hot_share=HOT_SHARE)
    return max(price_solution(problem, start), price_solution(problem, found))


def _options(region: Region, plan: Plan, problem: Problem) -> list[tuple[str, str, Region, float | None]]:
    """Kind, id, the region with one more, and the price of it."""
    found: list[tuple[str, str, Region, float | None]] = []
    machines = _by_price(Counter(machine.machine_class for machine in region.machines), _machine_fen(plan, problem))
    licences = Counter(licence for operator in region.operators for licence in operator.licences)
    operators = _by_price(licences, _operator_fen(plan, problem))
    with_machine = {
        name: replace(region, machines=(*region.machines, _machine(region, plan, name))) for name in machines
    }
    found += [("machine", name, more, machines[name]) for name, more in with_machine.items()]
    for name, fen in operators.items():
        found.append(("operator", name, _with_operator(region, name), fen))
    for name, more in with_machine.items():
        licence = region.class_of[name].licence
        if licence is not None and licence in licences:
            fens = machines[name], operators.get(licence)
            both = None if None in fens else sum(fen for fen in fens if fen is not None)
            found.append(("machine_operator", name, _with_operator(more, licence), both))
    if region.dryers:
        dryer = sorted(region.dryers, key=lambda one: one.t_day)[len(region.dryers) // 2]
        more = replace(region, dryers=(*region.dryers, replace(dryer, id=_new_id(region.dryers, dryer.id), down=())))
        found.append(("dryer", dryer.id, more, _dryer_fen(plan, dryer)))
    return found


def _by_price(counts: Counter[str], fen: dict[str, float] | None) -> dict[str, float | None]:
    """Those of the highest price, or the most of them where there are no prices."""
    names = sorted(counts, key=lambda name: (-(fen or {}).get(name, 0.0), -counts[name], name))[:KINDS_MAX]
    return {name: None if fen is None else fen.get(name, 0.0) for name in names}


def _machine_fen(plan: Plan, problem: Problem) -> dict[str, float] | None:
    """Machine class -> fen that one more machine would bring by the bound's prices."""
    if plan.bound is None:
        return None
    hours = _hours(problem)
    return {
        price.machine_class: sum(
            fen * hours[price.machine_class][d]
            for d, day in enumerate(problem.dates)
            if (fen := price.fen_h_by_day.get(day)) is not None
        )
        for price in plan.bound.machine_prices
    }


def _operator_fen(plan: Plan, problem: Problem) -> dict[str, float] | None:
    """Licence -> fen that one more operator who holds it would bring by the bound's prices."""
    if plan.bound is None:
        return None
    hours, classes = _hours(problem), problem.region.machine_classes
    found = {}
    for price in plan.bound.licence_prices:
        longest = np.max(
            [hours[c.id] for c in classes if c.licence == price.licence] or [np.zeros(len(problem.dates))], 0
        )
        found[price.licence] = sum(
            fen * float(longest[d])
            for d, day in enumerate(problem.dates)
            if (fen := price.fen_h_by_day.get(day)) is not None
        )
    return found


def _dryer_fen(plan: Plan, dryer: Dryer) -> float | None:
    return None if plan.bound is None else sum(price.fen_t * dryer.t_day for price in plan.bound.dryer_prices)


def _hours(problem: Problem) -> dict[str, np.ndarray]:
    """Machine class -> (d,) longest usable hours of one of its machines."""
    usable_h = (problem.day_end_s - problem.day_start_s) / SECONDS_PER_HOUR
    return {
        name: usable_h[problem.machine_class == c].max(axis=0, initial=0.0) for c, name in enumerate(problem.class_ids)
    }


def _machine(region: Region, plan: Plan, machine_class: str) -> Machine:
    """One more of a class, in the yard of the one that works most."""
    work_s = {route.machine_id: sum((s.end - s.start).total_seconds() for s in route.stops) for route in plan.routes}
    mine = [machine for machine in region.machines if machine.machine_class == machine_class]
    busiest = max(mine, key=lambda machine: work_s.get(machine.id, 0.0))
    fresh = replace(busiest, id=_new_id(region.machines, busiest.id), down=())
    return replace(fresh, available_from=None, available_to=None)


def _with_operator(region: Region, licence: str) -> Region:
    """One more holder of a licence, who may drive for anybody."""
    holder = max((one for one in region.operators if licence in one.licences), key=lambda one: one.licences[licence])
    fresh = Operator(
        id=_new_id(region.operators, holder.id),
        owner_id=holder.owner_id,
        licences={licence: holder.licences[licence]},
        hours_max=max(one.hours_max for one in region.operators),
        off_days=frozenset(),
        shared=True,
    )
    return replace(region, operators=(*region.operators, fresh))


def _new_id(nouns: tuple[Machine, ...] | tuple[Operator, ...] | tuple[Dryer, ...], like: str) -> str:
    """An id that nobody has."""
    taken, number = {noun.id for noun in nouns}, 2
    while f"{like}+{number}" in taken:
        number += 1
    return f"{like}+{number}"
