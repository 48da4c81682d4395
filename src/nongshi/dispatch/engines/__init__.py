"""Reference engines: what our own search is measured against, on the same roster and by the same rules.

Decides routes for a given crew. Entry: :func:`run_engine`, by name. Phone dispatcher (`edd`), nearest field
(`nearest`), OR-Tools from nothing (`ortools`) and from the better of these (`ortools-warm`), PyVRP likewise (`pyvrp`).
Chains and dryers are known to `edd` and `nearest` alone. :mod:`staged` plans by operation, or cuts for the dryers.
Must not know: our own search, files, the command line.
"""

from nongshi.core.errors import NotFound
from nongshi.dispatch.engines.edd import plan_edd, simple_roster
from nongshi.dispatch.engines.nearest import plan_nearest
from nongshi.dispatch.engines.ortools_engine import plan_ortools
from nongshi.dispatch.engines.pyvrp_engine import plan_pyvrp
from nongshi.dispatch.engines.repair import repair
from nongshi.dispatch.engines.staged import plan_by_operation, plan_then_cut
from nongshi.dispatch.problem import Ints, Problem
from nongshi.dispatch.solution import Solution

ENGINES = ("edd", "nearest", "ortools", "ortools-warm", "pyvrp")

__all__ = [
    "ENGINES",
    "plan_by_operation",
    "plan_edd",
    "plan_nearest",
    "plan_ortools",
    "plan_pyvrp",
    "plan_then_cut",
    "repair",
    "run_engine",
    "simple_roster",
]


def run_engine(problem: Problem, name: str, crew: Ints, cpu_s: float, seed: int) -> Solution:
    """Routes of a reference engine on a given crew, exact and repaired.

    The phone dispatcher and the nearest field are left as their rules made them: nobody repairs by telephone.

    Raises:
        NotFound: no engine of that name.
        NotPlannable: the problem has chains or dryers, which only `edd` and `nearest` know.
        MissingExtra: the engine's package is not installed.
    """
    if name == "edd":
        return plan_edd(problem, crew, seed=seed)
    if name == "nearest":
        return plan_nearest(problem, crew, seed=seed)
    if name in ("ortools", "ortools-warm"):
        return plan_ortools(problem, crew, cpu_s=cpu_s, warm=name == "ortools-warm", seed=seed)
    if name == "pyvrp":
        return plan_pyvrp(problem, crew, cpu_s=cpu_s, seed=seed)
    raise NotFound(f"no engine {name!r}; known: {', '.join(ENGINES)}")
