"""A plan made piece by piece keeps all rules and is the same however many processes make it."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from nongshi.compute import Pool, open_pool
from nongshi.core.plan import Reason, Unserved
from nongshi.core.region import Region
from nongshi.dispatch import parts
from nongshi.dispatch.parts import PartResult, PartTask, solve_parts
from nongshi.dispatch.problem import Problem, make_problem
from nongshi.dispatch.solution import Solution, make_plan, price_solution, release_idle
from nongshi.synthetic import make_region
from nongshi.verify import check_plan

REGIONS = {
    "free": ("rice-harvest", False),
    "chains": ("may-turnround", False),
    "dryers": ("rice-harvest", True),
    "chains and dryers": ("may-turnround", True),
}


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART_MACHINES", 6)


@pytest.fixture(scope="module")
def two() -> Iterator[Pool]:
    with open_pool(2) as pool:
        yield pool


def region(name: str, fields: int = 200) -> Region:
    season, dryers = REGIONS[name]
    return make_region(fields=fields, machines=None, load=1.0, season=season, seed=7, dryers=dryers)


def solved(problem: Problem, pool: Pool | None = None, start: Solution | None = None, **more: int) -> Solution:
    given = {"rounds": 3, "iterations_per_job": 8, "seed": 1} | more
    return solve_parts(problem, start, pool=pool or open_pool(1), **given)  # type: ignore[arg-type]


def accepted(made: Region, problem: Problem, solution: Solution) -> None:
    served = {problem.part_job[p] for route in solution.routes for p in route}
    left = [
        Unserved(job_id=job.id, reason=Reason.NO_CAPACITY, text="")
        for i, job in enumerate(made.jobs)
        if i not in served
    ]
    solution = release_idle(problem, solution)
    plan = make_plan(problem, solution, engine="own", seed=1, cpu_s=None, iterations=None, bound=None, unserved=left)
    verdict = check_plan(made, plan)
    assert verdict.ok, [str(breach) for breach in verdict.breaches[:5]]
    assert verdict.totals.jobs_served > 0.4 * len(made.jobs)


@pytest.mark.parametrize("name", REGIONS)
def test_plan_of_many_pieces_keeps_every_rule(name: str) -> None:
    made = region(name)
    problem = make_problem(made)
    accepted(made, problem, solved(problem))


@pytest.mark.parametrize("name", ["free", "chains and dryers"])
def test_two_workers_make_the_same_plan_as_one(name: str, two: Pool) -> None:
    problem = make_problem(region(name))
    alone, together = solved(problem), solved(problem, two)
    assert alone.routes == together.routes
    assert alone.crew.tobytes() == together.crew.tobytes()
    if problem.dries:
        assert alone.end_day is not None
        assert together.end_day is not None
        assert alone.end_day.tobytes() == together.end_day.tobytes()


def test_another_seed_makes_another_plan() -> None:
    problem = make_problem(region("free"))
    assert solved(problem).routes != solved(problem, seed=2).routes


@pytest.mark.parametrize("name", REGIONS)
def test_rounds_on_a_plan_never_lose_value(name: str) -> None:
    """Every round begins from what holds: limits between pieces leave the plan as it is possible."""
    problem = make_problem(region(name))
    before = solved(problem, rounds=1)
    after = solved(problem, start=before, rounds=2, iterations_per_job=2, seed=5)
    assert price_solution(problem, after) >= price_solution(problem, before) - 1.0


def test_many_pieces_are_nearly_as_good_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = make_problem(region("free"))
    pieces = price_solution(problem, solved(problem, iterations_per_job=40))
    monkeypatch.setattr(parts, "PART_MACHINES", 1000)
    assert pieces > 0.95 * price_solution(problem, solved(problem, iterations_per_job=40))


def test_a_piece_that_loses_what_others_count_on_is_not_put_back() -> None:
    """A worker that drops everything: parts with sisters or followers elsewhere must stand all the same."""
    made = region("chains")
    problem = make_problem(made)
    start = solved(problem, rounds=1)

    class Dropping:
        def map(self, function, tasks):  # type: ignore[no-untyped-def]
            for task in tasks:
                result = function(replace(task, iterations=0))
                wishes = task.problem.wishes
                kept = wishes is not None and (wishes.keep_fen > 0).any()
                yield replace(result, routes=((),) * len(result.routes)) if kept else result

    after = solve_parts(problem, start, rounds=1, iterations_per_job=1, seed=3, pool=Dropping())
    assert after.routes == start.routes


def test_a_piece_is_light_and_holds_only_what_is_its_own() -> None:
    problem = make_problem(region("chains and dryers"))
    start = solved(problem, rounds=1)
    seen: list[tuple[PartTask, PartResult]] = []

    class Looking:
        def map(self, function, tasks):  # type: ignore[no-untyped-def]
            for task in tasks:
                seen.append((task, function(task)))
                yield seen[-1][1]

    solve_parts(problem, start, rounds=1, iterations_per_job=1, seed=3, pool=Looking())
    assert len(seen) > 1
    assert sum(len(task.problem.machine_class) for task, _ in seen) == len(problem.machine_class)
    assert sum(len(route) for task, _ in seen for route in task.solution.routes) == sum(map(len, start.routes))
    allowed = sum(task.problem.dry_t_day for task, _ in seen)
    assert (np.cumsum(allowed) <= np.cumsum(problem.dry_t_day) + problem.dry_hold_t + 1e-3).all()
    for task, _ in seen:
        assert task.problem.region.fields == task.problem.region.operators == ()
        assert len(task.problem.region.jobs) == len(task.problem.job_first)
        assert len(task.problem.place_lon) == task.problem.yard0 + len(task.problem.machine_class)


def test_an_operator_is_offered_to_one_piece_a_day() -> None:
    problem = make_problem(region("free"))
    start = solved(problem, rounds=1)
    offered = 0.0

    class Counting:
        def map(self, function, tasks):  # type: ignore[no-untyped-def]
            nonlocal offered
            for task in tasks:
                offered += task.problem.licensed.any(axis=1).sum()
                yield function(task)

    solve_parts(problem, start, rounds=1, iterations_per_job=1, seed=3, pool=Counting())
    assert offered <= problem.licensed.any(axis=1).sum()


def test_nothing_to_plan_is_planned() -> None:
    problem = make_problem(replace(region("free"), jobs=()))
    assert solved(problem).routes == ((),) * len(problem.machine_class)
