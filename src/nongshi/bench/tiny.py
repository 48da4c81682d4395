"""Our engine beside the exhaustive optimum on tiny regions."""

from itertools import product
from typing import Any

from nongshi.verify import best_value, tiny_region

ITERATIONS = 2000
SOLVED_FEN = 2.0  # a plan's sums are rounded to the fen, the optimum's are not
BOUND_FEN = 1.0


KINDS = {"plain": (False, False), "chained": (True, False), "dried": (False, True), "both": (True, True)}


def bench_tiny(regions: int, *, iterations: int = ITERATIONS) -> dict[str, Any]:
    """How many of so many regions of each kind are solved to the optimum; how often a bound lies below it (never).

    A plan's times are written to the second, so that a loss may differ a little from the optimum's: one part
    in 100,000 is allowed, as the contract allows any checker. Work put off for a dryer ends minutes into the day,
    the optimum's at its begin: there one part in 1,000 is allowed.
    """
    from nongshi.dispatch.run import solve

    rows = []
    for seed, (kind, (chains, dryers)) in product(range(regions), KINDS.items()):
        region = tiny_region(seed, chains=chains, dryers=dryers)
        plan = solve(region, cpu_s=None, iterations=iterations, seed=1)
        best_fen = best_value(region).objective_fen
        bound_fen = None if plan.bound is None else plan.bound.bound_fen
        slack_fen = SOLVED_FEN + (1e-3 if dryers else 1e-5) * abs(best_fen)
        rows.append(
            {
                "seed": seed,
                "kind": kind,
                "value_fen": plan.objective_fen,
                "best_fen": best_fen,
                "bound_fen": bound_fen,
                "solved": plan.objective_fen >= best_fen - slack_fen,
                "bound_below": bound_fen is not None and bound_fen < best_fen - BOUND_FEN,
            }
        )
    return {
        "regions": len(rows),
        "kinds": {kind: sum(row["solved"] for row in rows if row["kind"] == kind) for kind in KINDS},
        "iterations": iterations,
        "solved": sum(row["solved"] for row in rows),
        "bound_below": sum(row["bound_below"] for row in rows),
        "unsolved": [row for row in rows if not row["solved"] or row["bound_below"]],
    }
