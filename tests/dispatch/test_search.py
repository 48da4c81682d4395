import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dispatch import drawn
from tests.dispatch.engines.drawn import by_chance, times_served

from nongshi.dispatch.engines.edd import plan_edd
from nongshi.dispatch.problem import Problem, make_problem
from nongshi.dispatch.roster import make_roster
from nongshi.dispatch.search import Budget, Progress, search
from nongshi.dispatch.solution import Solution, price_solution
from nongshi.verify import tiny_region

SEEDS = st.integers(0, 10_000)


def crowded(seed: int = 3, machines: int = 9) -> Problem:
    """More machines than one cell holds, so that rounds cut and put together."""
    return make_problem(by_chance(seed, fields=40, machines=machines))


def start_of(problem: Problem) -> Solution:
    return plan_edd(problem, make_roster(problem))


def improved(problem: Problem, start: Solution, iterations: int = 600, seed: int = 1, **more: float) -> Solution:
    return search(problem, start, budget=Budget(None, iterations), seed=seed, **more)


def test_the_same_seed_and_iterations_give_the_same_crew_and_routes() -> None:
    problem = crowded()
    one, two = (improved(problem, start_of(problem), seed=5) for _ in range(2))
    assert one.routes == two.routes
    assert (one.crew == two.crew).all()


def test_another_seed_searches_elsewhere() -> None:
    problem = crowded()
    found = {improved(problem, start_of(problem), seed=seed).routes for seed in range(4)}
    assert len(found) > 1


def test_the_start_is_left_as_it_was() -> None:
    problem = crowded()
    start = start_of(problem)
    crew, routes = start.crew.copy(), start.routes
    improved(problem, start)
    assert (start.crew == crew).all()
    assert start.routes == routes


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, machines=st.integers(2, 14), iterations=st.sampled_from((1, 30, 300)))
def test_a_search_is_never_worse_than_its_start_and_serves_jobs_whole(
    seed: int, machines: int, iterations: int
) -> None:
    problem = crowded(seed, machines)
    start = drawn.at_random(problem, seed)
    found = improved(problem, start, iterations, seed)

    assert price_solution(problem, found) >= price_solution(problem, start) - 1.0
    assert times_served(problem, found.routes) <= {0, 1}
    for d in range(len(problem.dates)):
        driving = found.crew[:, d][found.crew[:, d] >= 0].tolist()
        assert len(driving) == len(set(driving))
        assert all(problem.may_drive(o, m, d) for m, o in enumerate(found.crew[:, d].tolist()) if o >= 0)


def test_a_search_gains_on_the_phone_dispatcher() -> None:
    """On each of five crowded regions; how much is for the benchmark to say."""
    for seed in range(5):
        problem = crowded(seed, 4)
        start = start_of(problem)
        assert price_solution(problem, improved(problem, start)) > price_solution(problem, start)


def test_a_roster_that_may_not_be_touched_stays() -> None:
    problem = crowded()
    start = start_of(problem)
    assert (improved(problem, start, crew_share=0.0).crew == start.crew).all()


def test_operators_go_where_the_work_is() -> None:
    """One operator, two machines 200 km of road apart; the jobs lie beside the machine that he does not start on."""
    machines = """
    machine  class    owner  km
    M1       combine  O      0
    M2       combine  O      200
    """
    jobs = """
    job  km   ha  open     due      close    yuan
    A    200  8   1T00:00  1T18:00  1T18:00  9000
    B    199  8   2T00:00  2T18:00  2T18:00  9000
    """
    problem = make_problem(drawn.region(jobs, machines))
    found = improved(problem, Solution(crew=np.array([[0, 0], [-1, -1]]), routes=((), ())), 300)
    assert found.routes == ((), (0, 1))
    assert found.crew[1].tolist() == [0, 0]


def test_what_does_not_fit_a_start_is_dropped_whole() -> None:
    """The first part of the job fits its machine's only day and the second does not."""
    jobs = """
    job  km  ha  open     due      close    yuan
    A    10  12  1T00:00  1T18:00  1T24:00  9000  part_max_ha=6
    """
    problem = make_problem(drawn.region(jobs))
    found = improved(problem, Solution(crew=np.zeros((1, 2), np.int64), routes=((0, 1),)), 10)
    assert found.routes == ((),)


def test_nothing_to_do_and_nothing_to_do_it_with_are_answered_at_once() -> None:
    nothing = Solution(crew=np.zeros((1, 2), np.int64), routes=((),))
    no_jobs = make_problem(drawn.region("job km ha open due close yuan"))
    nobody = make_problem(drawn.region(machines="machine class owner km"))
    assert improved(no_jobs, nothing) is nothing
    assert improved(nobody, nothing) is nothing


@pytest.mark.parametrize("iterations", [1, 7, 1000])
def test_iterations_are_used_up_and_told(iterations: int) -> None:
    told: list[Progress] = []
    problem, budget = crowded(machines=4), Budget(None, iterations)
    found = search(problem, start_of(problem), budget=budget, seed=1, on_step=told.append)

    assert iterations <= budget.used <= iterations + 24 * 1, "at most one more a round and cell"
    assert [p.iterations for p in told] == sorted(p.iterations for p in told)
    assert told[-1].share == 1.0
    assert told[-1].worth_fen == pytest.approx(price_solution(problem, found), abs=1.0)


def test_a_tiny_budget_of_seconds_still_gives_a_sound_solution() -> None:
    problem = make_problem(tiny_region(4))
    found = search(problem, start_of(problem), budget=Budget(0.001, None), seed=1)
    assert price_solution(problem, found) >= price_solution(problem, start_of(problem)) - 1.0
