"""`nongshi bench joint`: what planning things together is worth against planning them one after another.

Crews inside the search against a roster first; chains against operation by operation; dryers in the plan against
harvesting first and cutting; re-planning against a cold plan. Every side gets equal CPU-seconds of search.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from nongshi.core.errors import BadUsage
from nongshi.core.events import Event, Events, MachineDown, Rain
from nongshi.core.plan import Plan
from nongshi.core.region import Region
from nongshi.core.times import after_seconds
from nongshi.dispatch.bound import Bounding, make_bound
from nongshi.dispatch.engines.edd import chain_depth, simple_roster
from nongshi.dispatch.engines.staged import plan_by_operation, plan_then_cut
from nongshi.dispatch.engines.start import plan_start
from nongshi.dispatch.events import Applied, apply_events
from nongshi.dispatch.explain import explain_unserved
from nongshi.dispatch.problem import Problem, make_problem
from nongshi.dispatch.replan import Mode, replan_or_cut
from nongshi.dispatch.roster import make_roster
from nongshi.dispatch.search import Budget, search
from nongshi.dispatch.solution import Solution, make_plan, price_solution
from nongshi.dispatch.together import plan_together, simple_start
from nongshi.files.whole import write_whole
from nongshi.synthetic import make_region
from nongshi.verify import check_plan

LOAD = 1.0
OPERATORS, DRYER_LOAD = 0.85, 0.75  # as generated regions have them unless told otherwise
BOUND_STEPS = (40, 60)
REPLAN_CPU_S = (1.0, 5.0)
COLD_CPU_S = 10.0
EVENT_DAY = 4  # the events come on the fourth morning
FREEZE_H = 2.0

Tell = Callable[[str], None]


def bench_joint(
    fields: int,
    seeds: Sequence[int],
    *,
    cpu_s: float,
    out: Path,
    only: Sequence[str] = (),
    operators: float = OPERATORS,
    dryer_load: float = DRYER_LOAD,
    on_step: Tell | None = None,
) -> dict[str, Any]:
    """Run the comparisons (all, or those named in `only`); writes `joint.json` into `out`.

    Raises:
        BadUsage: a comparison that there is not.
    """
    compares: dict[str, Callable[[int, int, float], dict[str, Any]]] = {
        "crews": partial(_crews, operators),
        "chains": _chains,
        "dryers": partial(_dryers, dryer_load),
        "rain": _rain,
        "breakdown": _breakdown,
    }
    unknown = sorted(set(only) - set(compares))
    if unknown:
        raise BadUsage(f"no comparison {', '.join(unknown)}; there are {', '.join(compares)}")
    rows: list[dict[str, Any]] = []
    for seed in seeds:
        for name in only or compares:
            if on_step is not None:
                on_step(f"{fields} fields, load {LOAD:g}, seed {seed}: {name}")
            found = compares[name](fields, seed, cpu_s)
            rows.append({"what": name, "fields": fields, "load": LOAD, "seed": seed, **found})
    figures = {"format": "nongshi-bench-joint/1", "cpu_s": cpu_s, "rows": rows}
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / "joint.json", json.dumps(figures, indent=1) + "\n")
    return figures


def _region(fields: int, seed: int, season: str, **more: Any) -> Region:
    return make_region(fields=fields, machines=None, load=LOAD, season=season, seed=seed, **more)


def _begin(problem: Problem) -> tuple[Solution, Bounding]:
    """Crews by the bound's prices and the better of the simple starts."""
    bounding = make_bound(problem, steps=BOUND_STEPS[0])
    return simple_start(problem, make_roster(problem, bounding.day_price_fen)), bounding


def _judged(region: Region, problem: Problem, ours: Solution, theirs: Solution, bounding: Bounding) -> dict[str, Any]:
    fen, other_fen = price_solution(problem, ours), price_solution(problem, theirs)
    last = make_bound(problem, steps=BOUND_STEPS[1], start=bounding, target_fen=fen)
    return {
        "value_yuan": round(fen / 100, 2),
        "other_yuan": round(other_fen / 100, 2),
        "ratio": fen / other_fen,
        "gap": last.bound.bound_fen / fen - 1,
        "accepted": check_plan(region, _plan(problem, ours)).ok,
    }


def _plan(problem: Problem, solution: Solution) -> Plan:
    unserved = explain_unserved(problem, solution)
    return make_plan(
        problem, solution, engine="own", seed=1, cpu_s=None, iterations=None, bound=None, unserved=unserved
    )


def _crews(operators: float, fields: int, seed: int, cpu_s: float) -> dict[str, Any]:
    """Operators moved inside the search, and the same search on a roster by the bound's prices, or by simple rules."""
    region = _region(fields, seed, "rice-harvest", chains=False, operators_per_machine=operators)
    problem = make_problem(region)
    start, bounding = _begin(problem)
    ours = search(problem, start, budget=Budget(cpu_s, None), seed=1)
    theirs = search(problem, start, budget=Budget(cpu_s, None), seed=1, crew_share=0.0)
    plain = simple_start(problem, simple_roster(problem))
    simple_fen = price_solution(problem, search(problem, plain, budget=Budget(cpu_s, None), seed=1, crew_share=0.0))
    found = _judged(region, problem, ours, theirs, bounding)
    to_simple = 100 * found["value_yuan"] / simple_fen
    return {"operators_per_machine": operators, **found, "ratio_to_simple_roster": to_simple}


def _chains(fields: int, seed: int, cpu_s: float) -> dict[str, Any]:
    """The May turn-round at once, and operation by operation; each of its stages gets an equal part of the CPU time."""
    region = _region(fields, seed, "may-turnround", chains=True)
    problem = make_problem(region)
    start, bounding = _begin(problem)
    ours = plan_together(problem, start.crew, budget=Budget(cpu_s, None), seed=1)
    stages = 1 + int(chain_depth(problem).max(initial=0))

    def plan_one(part: Problem, begin: Solution) -> Solution:
        return search(part, begin, budget=Budget(cpu_s / stages, None), seed=1)

    return _judged(region, problem, ours, plan_by_operation(problem, start.crew, plan_one), bounding)


def _dryers(dryer_load: float, fields: int, seed: int, cpu_s: float) -> dict[str, Any]:
    """Dryers in the plan, and the harvest planned without them and cut afterwards."""
    region = _region(fields, seed, "rice-harvest", chains=False, dryers=True, dryer_load=dryer_load)
    problem = make_problem(region)
    start, bounding = _begin(problem)
    ours = plan_together(problem, start.crew, budget=Budget(cpu_s, None), seed=1)
    free = replace(problem, dry_t_day=np.full(len(problem.dates), np.inf))
    blind = search(free, plan_start(free, start.crew), budget=Budget(cpu_s, None), seed=1)
    cut = plan_then_cut(problem, replace(blind, end_day=None))
    return {"dryer_load": dryer_load, **_judged(region, problem, ours, cut, bounding)}


def _rain(fields: int, seed: int, cpu_s: float) -> dict[str, Any]:
    return _replanned(fields, seed, cpu_s, lambda now, plan: Rain(since=now, until=now + timedelta(hours=14)))


def _breakdown(fields: int, seed: int, cpu_s: float) -> dict[str, Any]:
    def busiest(now: datetime, plan: Plan) -> Event:
        route = max(plan.routes, key=lambda route: sum(stop.start > now for stop in route.stops))
        return MachineDown(machine_id=route.machine_id, since=now, until=now + timedelta(days=3))

    return _replanned(fields, seed, cpu_s, busiest)


def _replanned(fields: int, seed: int, cpu_s: float, happens: Callable[[datetime, Plan], Event]) -> dict[str, Any]:
    """Share of what a cold plan gains over leaving out what broke, and promised stops moved against the cold plan."""
    region = _region(fields, seed, "rice-harvest", chains=False)
    problem = make_problem(region)
    start, _ = _begin(problem)
    plan = _plan(problem, search(problem, start, budget=Budget(cpu_s, None), seed=1))
    now = after_seconds(problem.origin, problem.midnight_s[EVENT_DAY - 1] + 6 * 3600.0, region.tz)
    events = Events(now=now, events=(happens(now, plan),))
    applied = apply_events(region, plan, events, freeze_h=FREEZE_H)
    applied, kept = replan_or_cut(applied, mode=Mode.KEEP, iterations=0, seed=1)
    applied, cold = replan_or_cut(applied, mode=Mode.FREE, cpu_s=COLD_CPU_S, seed=2, cold=True)
    gain_fen, cold_moved = cold.objective_fen - kept.objective_fen, _moved(applied, cold)
    found: dict[str, Any] = {"keep_yuan": kept.objective_fen / 100, "cold_yuan": cold.objective_fen / 100}
    for seconds in REPLAN_CPU_S:
        applied, again = replan_or_cut(applied, mode=Mode.BOUNDED, cpu_s=seconds, seed=1)
        found |= {
            f"share_{seconds:g}s": (again.objective_fen - kept.objective_fen) / gain_fen if gain_fen > 0 else None,
            f"value_to_cold_{seconds:g}s": again.objective_fen / cold.objective_fen,
            f"moved_ratio_{seconds:g}s": _moved(applied, again) / cold_moved if cold_moved else None,
            f"accepted_{seconds:g}s": check_plan(applied.region, again).ok,
        }
    return found


def _moved(applied: Applied, plan: Plan) -> int:
    """Promised stops that are on another machine, on another day, or nowhere."""
    where = {
        (stop.job_id, stop.part): (route.machine_id, stop.end.date()) for route in plan.routes for stop in route.stops
    }
    return sum(
        where.get((one.stop.job_id, one.stop.part)) != (one.machine_id, one.stop.end.date()) for one in applied.promised
    )
