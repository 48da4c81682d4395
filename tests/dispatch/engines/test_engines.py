"""All reference engines by name: the verifier accepts what they make."""

import time

import pytest
from tests.dispatch.engines import drawn

from nongshi.core.errors import NotFound
from nongshi.dispatch.engines import ENGINES, run_engine, simple_roster
from nongshi.dispatch.engines.edd import plan_edd
from nongshi.dispatch.engines.tables import objective_fen
from nongshi.dispatch.explain import explain_unserved
from nongshi.dispatch.problem import make_problem
from nongshi.dispatch.solution import make_plan
from nongshi.verify import check_plan


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("engine", ENGINES)
def test_the_verifier_accepts_every_plan(engine: str, seed: int) -> None:
    region = drawn.by_chance(seed)
    problem = make_problem(region)
    solution = run_engine(problem, engine, simple_roster(problem), 0.3, 1)
    plan = make_plan(
        problem,
        solution,
        engine=engine,
        seed=1,
        cpu_s=None,
        iterations=None,
        bound=None,
        unserved=explain_unserved(problem, solution),
    )
    assert check_plan(region, plan).breaches == ()
    assert plan.totals.jobs_served > 0


@pytest.mark.parametrize("engine", ["ortools", "ortools-warm", "pyvrp"])
def test_a_second_of_search_beats_the_phone_dispatcher(engine: str) -> None:
    """A wrong model shows here: the repair alone, from bad routes, does not."""
    problem = make_problem(drawn.by_chance(7, fields=40, machines=4))
    crew = simple_roster(problem)
    solution = run_engine(problem, engine, crew, 1.0, 1)
    assert objective_fen(problem, solution) > objective_fen(problem, plan_edd(problem, crew))


@pytest.mark.parametrize("engine", ["ortools", "ortools-warm", "pyvrp"])
def test_the_search_ends_by_its_cpu_limit(engine: str) -> None:
    """Loose on purpose: process time only, and model building comes on top. Without a limit it would never end."""
    problem = make_problem(drawn.by_chance(7, fields=40, machines=4))
    crew = simple_roster(problem)
    run_engine(problem, engine, crew, 0.1, 1)
    began_s = time.process_time()
    run_engine(problem, engine, crew, 1.0, 1)
    assert 0.8 < time.process_time() - began_s < 5.0


def test_an_unknown_engine_is_named_with_those_there_are() -> None:
    problem = make_problem(drawn.by_chance(1, fields=3))
    with pytest.raises(NotFound, match=r"no engine 'magic'.*edd"):
        run_engine(problem, "magic", simple_roster(problem), 1.0, 1)
