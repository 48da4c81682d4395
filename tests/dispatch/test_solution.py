import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dispatch import drawn

from nongshi.core.times import wall
from nongshi.dispatch.problem import Problem, make_problem
from nongshi.dispatch.solution import Solution, make_clock, make_plan, price_solution, time_route
from nongshi.verify import check_plan, tiny_region

SEEDS = st.integers(0, 10_000)
HOUR_S = 3600.0
EVERY_DAY = np.zeros((1, 2), np.int64)


def hours(problem: Problem, route: tuple[int, ...], crew: np.ndarray = EVERY_DAY) -> list[tuple[float, ...]] | None:
    """(depart, arrive, start, end) of each stop in hours after the first midnight."""
    timed = time_route(problem, make_clock(problem, crew, 0), 0, route)
    if timed is None:
        return None
    moments = [(stop.depart_s, stop.arrive_s, stop.start_s, stop.end_s) for stop in timed]
    return [tuple(round(m / HOUR_S, 6) for m in row) for row in moments]


def plan_of(problem: Problem, solution: Solution):
    return make_plan(problem, solution, engine="drawn", seed=1, cpu_s=None, iterations=0, bound=None, unserved=())


def test_a_route_in_the_head() -> None:
    """yard -10 km- A (2 ha) -10 km- B (2 x 2 ha) -10 km- C (8 ha): an hour of road each, the night in C's work."""
    problem = make_problem(drawn.region())
    assert hours(problem, (0, 1, 2, 3)) == [
        (8, 9, 9, 11),
        (11, 12, 12, 14),
        (14, 14, 14, 16),
        (16, 17, 17, 39),  # one hour left of the first day, seven of the second: 08:00 + 7 h
    ]


def test_a_road_is_interrupted_by_the_night_as_work_is() -> None:
    jobs = """
    job  km  ha   open     due      close    yuan
    A    10  8.5  1T00:00  1T11:00  2T24:00  1000
    B    20  1    1T00:00  1T11:00  2T24:00  1000
    """
    assert hours(make_problem(drawn.region(jobs)), (0, 1))[1] == (17.5, 32.5, 32.5, 33.5)


def test_what_ends_with_the_day_ends_in_the_evening_and_what_begins_then_begins_in_the_morning() -> None:
    jobs = """
    job  km  ha  open     due      close    yuan
    A    0   9.5 1T00:00  1T11:00  2T24:00  1000
    B    10  1   1T00:00  1T11:00  2T24:00  1000
    """
    assert hours(make_problem(drawn.region(jobs)), (0, 1)) == [(8, 8.5, 8.5, 18), (32, 33, 33, 34)]


def test_a_machine_waits_at_the_gate_for_the_window_to_open() -> None:
    jobs = """
    job  km  ha  open     due      close    yuan
    A    10  2   1T13:00  1T18:00  2T24:00  1000
    """
    assert hours(make_problem(drawn.region(jobs)), (0,)) == [(8, 9, 13, 15)]


def test_an_opening_at_night_is_the_next_morning() -> None:
    jobs = """
    job  km  ha  open     due      close    yuan
    A    10  2   1T20:00  2T18:00  2T24:00  1000
    """
    assert hours(make_problem(drawn.region(jobs)), (0,)) == [(8, 9, 32, 34)]


@pytest.mark.parametrize(("close", "kept"), [("1T11:00", True), ("1T10:59", False)])
def test_work_must_end_inside_its_window_to_the_second(close: str, kept: bool) -> None:
    jobs = f"""
    job  km  ha  open     due      close    yuan
    A    10  2   1T00:00  1T10:00  {close}  1000
    """
    assert (hours(make_problem(drawn.region(jobs)), (0,)) is not None) is kept


def test_a_day_without_a_driver_is_slept_through() -> None:
    problem = make_problem(drawn.region())
    assert hours(problem, (0,), np.array([[-1, 0]])) == [(32, 33, 33, 35)]
    assert hours(problem, (0,), np.array([[-1, -1]])) is None


def test_a_short_shift_ends_the_day_so_many_hours_after_the_class_hours_begin() -> None:
    operators = """
    operator  owner  licences
    P1        O      S:2030-01-01  hours=2
    """
    assert hours(make_problem(drawn.region(operators=operators)), (0,)) == [(8, 9, 9, 33)]


def test_a_route_is_worth_its_value_less_loss_roads_and_work() -> None:
    """A on time, B's first part on time and its second 1 h late, C 25 h late (0.1 + 0.2 x 1/24): see the first test."""
    problem = make_problem(drawn.region())
    worth = price_solution(problem, Solution(crew=EVERY_DAY, routes=((0, 1, 2, 3),)))
    value = 100_000 + 100_000 + 100_000 * (1 - 0.1 / 24) + 400_000 * (1 - 0.1 - 0.2 / 24)
    assert worth == pytest.approx(value - 30 * 100 - 14 * 500)


def test_a_written_plan_names_who_when_where() -> None:
    problem = make_problem(drawn.region())
    plan = plan_of(problem, Solution(crew=EVERY_DAY, routes=((0, 1, 2),)))
    stop = plan.routes[0].stops[2]

    assert [(c.date.day, c.machine_id, c.operator_id) for c in plan.crews] == [(1, "M1", "P1"), (2, "M1", "P1")]
    assert (stop.job_id, stop.part, stop.area_ha, stop.km) == ("B", 2, 2.0, 0.0)
    assert (wall(stop.start), wall(stop.end)) == ("2026-11-01T14:00:00", "2026-11-01T16:00:00")
    assert (plan.totals.jobs_served, plan.totals.jobs_unserved, plan.totals.km) == (2, 1, 20.0)


def test_a_route_that_breaks_a_window_is_never_made_a_plan() -> None:
    problem = make_problem(drawn.region())
    broken = Solution(crew=np.full((1, 2), -1), routes=((0,),))
    with pytest.raises(ValueError, match="route of machine M1 breaks a window"):
        plan_of(problem, broken)
    with pytest.raises(ValueError, match="route of machine M1 breaks a window"):
        price_solution(problem, broken)


@settings(max_examples=100, deadline=None)
@given(region=SEEDS.map(tiny_region), seed=SEEDS)
def test_any_plan_made_here_is_accepted_and_priced_alike_by_the_verifier(region, seed: int) -> None:
    """Whole seconds and metres may move the worth by less than a yuan."""
    problem = make_problem(region)
    solution = drawn.at_random(problem, seed)
    plan = plan_of(problem, solution)
    verdict = check_plan(region, plan)
    breaches = [b for b in verdict.breaches if b.rule != "unserved"]  # none are listed here

    assert breaches == []
    assert verdict.objective_fen == pytest.approx(plan.objective_fen, abs=4)
    assert plan.objective_fen == pytest.approx(price_solution(problem, solution), abs=100)


def test_what_begins_at_a_days_end_but_for_rounding_begins_next_morning() -> None:
    problem = make_problem(drawn.region())
    clock = make_clock(problem, np.zeros((1, 2), np.int64), 0)
    day_s = 10 * 3600.0
    for almost_s in (day_s, day_s - 1e-7):
        assert clock.moment_s(almost_s, begins=True) == (24 + 8) * 3600.0
    assert clock.moment_s(day_s + 1e-7, begins=False) == pytest.approx(18 * 3600.0)


@settings(max_examples=100, deadline=None)
@given(region=SEEDS.map(tiny_region), seed=SEEDS, worked_s=st.floats(0, 1))
def test_a_moment_of_the_working_clock_has_so_much_work_before_it(region, seed: int, worked_s: float) -> None:
    problem = make_problem(region)
    crew = drawn.random_crew(problem, np.random.default_rng(seed))
    clock = make_clock(problem, crew, 0)
    if clock.total_s == 0:
        return
    worked_s *= clock.total_s
    first, last = (clock.moment_s(worked_s, begins=begins) for begins in (False, True))
    assert clock.worked_s(first) == pytest.approx(worked_s, abs=2e-5)
    assert clock.worked_s(last) == pytest.approx(worked_s, abs=2e-5)
    assert first <= last
