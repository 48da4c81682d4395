"""Our engine beside the exhaustive optimum on tiny regions."""

from typing import Any

from nongshi.verify import best_value, tiny_region

ITERATIONS = 2000
SOLVED_FEN = 2.0  # a plan's sums are rounded to the fen, the optimum's are not
BOUND_FEN = 1.0


def bench_tiny(regions: int, *, iterations: int = ITERATIONS) -> dict[str, Any]:
    """How many of the regions are solved to the optimum, and how often a bound lies below it (never, it must).

    A plan's times are written to the second, so that a loss may differ a little from the optimum's: one part
    in 100,000 is allowed, as the contract allows any checker.
    """
    from nongshi.dispatch.run import solve

    rows = []
    for seed in range(regions):
        region = tiny_region(seed)
        plan = solve(region, cpu_s=None, iterations=iterations, seed=1)
        best_fen = best_value(region).objective_fen
        bound_fen = None if plan.bound is None else plan.bound.bound_fen
        slack_fen = SOLVED_FEN + 1e-5 * abs(best_fen)
        rows.append(
            {
                "seed": seed,
                "value_fen": plan.objective_fen,
                "best_fen": best_fen,
                "bound_fen": bound_fen,
                "solved": plan.objective_fen >= best_fen - slack_fen,
                "bound_below": bound_fen is not None and bound_fen < best_fen - BOUND_FEN,
            }
        )
    return {
        "regions": regions,
        "iterations": iterations,
        "solved": sum(row["solved"] for row in rows),
        "bound_below": sum(row["bound_below"] for row in rows),
        "unsolved": [row for row in rows if not row["solved"] or row["bound_below"]],
    }
