import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.dispatch import drawn
from tests.dispatch.engines.drawn import by_chance

from nongshi.core.errors import NotFound
from nongshi.dispatch.run import Step, solve
from nongshi.files.plan_files import plan_json
from nongshi.files.region_reader import read_region
from nongshi.verify import best_value, check_plan, tiny_region

REGIONS = Path(__file__).parents[2].parent / "shared" / "data" / "regions"
WRITTEN_FEN = 10.0  # what times to the second and sums to the fen may move the worth of a handful of stops by


def test_tiny_regions_are_solved_to_their_true_optimum_under_their_bound() -> None:
    """Seeds 0..99 against trying every roster and order; a search may miss one, a bound or a rule none."""
    missed = []
    for seed in range(100):
        region = tiny_region(seed)
        best_fen = best_value(region).objective_fen
        plan = solve(region, iterations=1000, seed=1)
        verdict = check_plan(region, plan)

        assert verdict.ok, (seed, verdict.breaches)
        assert verdict.objective_fen == pytest.approx(plan.objective_fen, abs=4), seed
        assert plan.bound is not None
        assert plan.bound.bound_fen >= best_fen - 1e-3, seed
        assert plan.objective_fen <= best_fen + WRITTEN_FEN, f"better than the best: seed {seed}"
        if plan.objective_fen < best_fen - WRITTEN_FEN:
            missed.append((seed, plan.objective_fen, best_fen))
    assert len(missed) <= 1, missed


@pytest.mark.parametrize("region", [tiny_region(11), by_chance(5, fields=30, machines=9)], ids=["tiny", "crowded"])
def test_the_same_seed_and_iterations_give_the_same_plan_to_the_byte(region) -> None:
    one, two = (solve(region, iterations=400, seed=1) for _ in range(2))
    assert one == two
    assert one.cpu_s is None
    assert plan_json(one, zone=region.tz) == plan_json(two, zone=region.tz)


@pytest.mark.parametrize("engine", ["own", "edd", "nearest"])
@pytest.mark.parametrize("seed", range(4))
def test_plans_of_crowded_regions_are_accepted_by_the_verifier(engine: str, seed: int) -> None:
    region = by_chance(seed, fields=40, machines=8)
    plan = solve(region, iterations=500, seed=seed, engine=engine)
    verdict = check_plan(region, plan)

    assert verdict.ok, verdict.breaches
    assert verdict.objective_fen == pytest.approx(plan.objective_fen, abs=50)


@pytest.mark.parametrize("name", ["jinshan-60", "jinshan-300", "jinshan-1000"])
def test_plans_of_generated_regions_are_accepted_by_the_verifier(name: str) -> None:
    """Dryers and chains are taken off, which the planner does not know yet."""
    if not (REGIONS / name).is_dir():
        pytest.skip(f"the shared region {name} is not here")
    region = read_region(REGIONS / name)
    jobs = tuple(replace(job, after_job_id=None, after_h=0.0) for job in region.jobs)
    region = replace(region, dryers=(), jobs=jobs)
    plan = solve(region, iterations=2000, seed=1)
    verdict = check_plan(region, plan)

    assert verdict.ok, verdict.breaches[:5]
    assert plan.totals.jobs_served > 0
    assert plan.gap is not None
    assert plan.gap >= 0


@pytest.mark.parametrize(
    ("zone", "start"),
    [("Europe/Berlin", "2026-10-24"), ("Europe/Berlin", "2026-03-28"), ("Asia/Shanghai", "2026-12-31")],
)
def test_plans_over_summer_time_and_the_years_end_are_accepted(zone: str, start: str) -> None:
    region = drawn.region(zone=zone, start=date.fromisoformat(start))
    plan = solve(region, iterations=200, seed=1)
    verdict = check_plan(region, plan)
    assert verdict.ok, verdict.breaches
    assert plan.totals.jobs_served == 3


def test_seconds_are_kept_and_written_and_iterations_are_not() -> None:
    plan = solve(tiny_region(3), cpu_s=0.3, seed=1)
    assert plan.cpu_s is not None
    assert plan.iterations is None


def test_steps_are_told_in_order_from_bound_to_proof() -> None:
    told: list[Step] = []
    plan = solve(by_chance(1), iterations=300, seed=1, on_step=told.append)

    phases = [step.phase for step in told]
    assert [p for i, p in enumerate(phases) if i == 0 or p != phases[i - 1]] == ["bound", "search", "proof"]
    assert [step.share for step in told] == sorted(step.share for step in told)
    assert told[-1].best_fen == pytest.approx(plan.objective_fen, abs=100)


def test_an_unknown_engine_is_named_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="no engine tractor; there are own, ortools, pyvrp, edd, nearest"):
        solve(tiny_region(1), engine="tractor")


@pytest.mark.parametrize(
    "change",
    [{"jobs": ()}, {"machines": ()}, {"operators": ()}, {"workdays": ()}],
    ids=lambda change: next(iter(change)),
)
def test_a_region_without_jobs_machines_people_or_work_hours_gets_an_honest_plan(change) -> None:
    region = replace(drawn.region(), **change)
    plan = solve(region, iterations=20, seed=1)
    assert check_plan(region, plan).ok
    assert (plan.totals.jobs_served, plan.totals.jobs_unserved) == (0, len(region.jobs))
    assert plan.gap is None


def test_solving_prints_nothing() -> None:
    """`plan --json` writes to standard output, where no library may speak."""
    code = (
        "from nongshi.verify import tiny_region\n"
        "from nongshi.dispatch import solve\n"
        "import sys; print(solve(tiny_region(2), iterations=50, seed=1), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    assert "<Plan tiny-2 by own" in done.stderr
