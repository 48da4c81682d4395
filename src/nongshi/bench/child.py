"""One engine on one generated region, alone in a process: its CPU time and memory are then its own.

Reads a JSON object from the command line, writes one to stdout. Run by :mod:`nongshi.bench.dispatch`.
"""

import json
import resource
import sys
import time
from typing import Any

from nongshi.core.plan import Plan
from nongshi.core.region import Region
from nongshi.core.units import yuan
from nongshi.dispatch.engines import run_engine, simple_roster
from nongshi.dispatch.explain import explain_unserved
from nongshi.dispatch.problem import make_problem
from nongshi.dispatch.solution import make_plan
from nongshi.synthetic import make_region
from nongshi.verify import check_plan

SEASON = "rice-harvest"
BY_RULES = ("edd", "nearest")  # roster and routes by simple rules, without any bound


def run_child(*, fields: int, load: float, seed: int, engine: str, cpu_s: float) -> dict[str, Any]:
    """Plan one region with one engine and let the verifier judge the plan."""
    region = make_region(fields=fields, machines=None, load=load, season=SEASON, seed=seed, chains=False)
    plan = plan_by_rules(region, engine) if engine in BY_RULES else plan_by_search(region, engine, cpu_s)
    verdict = check_plan(region, plan)
    return {
        "jobs": len(region.jobs),
        "machines": len(region.machines),
        "operators": len(region.operators),
        "value_yuan": yuan(verdict.objective_fen),
        "bound_yuan": None if plan.bound is None else yuan(plan.bound.bound_fen),
        "km": verdict.totals.km,
        "area_ha": verdict.totals.area_ha,
        "wanted_ha": sum(job.area_ha for job in region.jobs),
        "jobs_served": verdict.totals.jobs_served,
        "accepted": verdict.ok,
        "breaches": [str(breach) for breach in verdict.breaches[:5]],
        "cpu_s": plan.cpu_s,
        "rss_mb": peak_rss_mb(),
    }


def plan_by_search(region: Region, engine: str, cpu_s: float) -> Plan:
    """Our plan or a reference engine's, on the roster that the bound's prices give."""
    from nongshi.dispatch.run import solve  # here, so that the phone dispatcher's memory stays his own

    return solve(region, cpu_s=cpu_s, engine=engine)


def plan_by_rules(region: Region, engine: str) -> Plan:
    """The phone dispatcher's or the nearest-field plan, on the simple roster."""
    problem = make_problem(region)
    run_engine(problem, engine, simple_roster(problem), 0.0, 1)  # compiling is not its work
    began_s = time.process_time()
    solution = run_engine(problem, engine, simple_roster(problem), 0.0, 1)
    used_s = time.process_time() - began_s
    unserved = explain_unserved(problem, solution)
    return make_plan(
        problem, solution, engine=engine, seed=1, cpu_s=used_s, iterations=None, bound=None, unserved=unserved
    )


def peak_rss_mb() -> float:
    """Peak resident memory of this process; the system counts in kB, or in bytes on macOS."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    print(json.dumps(run_child(**json.loads(sys.argv[1]))))
