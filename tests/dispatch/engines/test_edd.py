import numpy as np
import pytest
from tests.dispatch.engines import drawn

from nongshi.dispatch.engines.edd import plan_edd, simple_roster
from nongshi.dispatch.problem import Problem, make_problem
from nongshi.dispatch.solution import make_clock, time_route


def routes_by_id(problem: Problem, routes: tuple[tuple[int, ...], ...]) -> dict[str, list[str]]:
    region = problem.region
    return {
        region.machines[m].id: [region.jobs[problem.part_job[part]].id for part in route]
        for m, route in enumerate(routes)
    }


def test_the_job_due_first_takes_the_nearest_machine_and_the_next_one_what_is_left() -> None:
    """J2 is due first: M1 (1 km) takes it, though M2 could too. J1 cannot follow there in time, so M2 comes 9 km."""
    region = drawn.region(
        [drawn.field("near", 1), drawn.field("nearer", 2)],
        [
            drawn.job("J1", "near", area_ha=4.5, due=1, close=2),
            drawn.job("J2", "nearer", area_ha=4, due=0.9, close=2),
        ],
        [drawn.machine("M1", 1), drawn.machine("M2", 10)],
        [drawn.operator("P1"), drawn.operator("P2")],
    )
    problem = make_problem(region)
    plan = plan_edd(problem, simple_roster(problem))
    assert routes_by_id(problem, plan.routes) == {"M1": ["J2"], "M2": ["J1"]}


def test_where_nobody_can_end_on_time_the_one_who_ends_first_comes() -> None:
    """Due before anybody can be there; the far wide machine still ends before the near slow one."""
    region = drawn.region(
        [drawn.field("F", 0)],
        [drawn.job("J", "F", area_ha=4, due=0.1, close=2, value_yuan=9000)],
        [drawn.machine("slow", 0), drawn.machine("wide", 5, machine_class="wide")],
        [drawn.operator("P1"), drawn.operator("P2")],
    )
    problem = make_problem(region)
    assert routes_by_id(problem, plan_edd(problem, simple_roster(problem)).routes) == {"slow": [], "wide": ["J"]}


def test_a_job_that_is_not_worth_its_way_is_left_out() -> None:
    region = drawn.region(
        [drawn.field("F", 20)], [drawn.job("J", "F", value_yuan=100)], [drawn.machine("M", 0)], [drawn.operator("P")]
    )
    problem = make_problem(region)
    assert plan_edd(problem, simple_roster(problem)).routes == ((),)


def test_own_people_drive_first_and_an_idle_shared_one_helps_the_nearest_cooperative() -> None:
    """A has two people for one machine; its shared second goes to B (3 km), not to C (9 km)."""
    region = drawn.region(
        [drawn.field("F", 0)],
        [drawn.job("J", "F")],
        [drawn.machine("MC", 9, "C"), drawn.machine("MA", 0, "A"), drawn.machine("MB", 3, "B")],
        [drawn.operator("P2", "A", shared=True), drawn.operator("P1", "A")],
    )
    crew = simple_roster(make_problem(region))
    assert crew[:, 0].tolist() == [-1, 1, 0]


@pytest.mark.parametrize("seed", range(8))
def test_every_window_licence_and_job_is_kept_whole(seed: int) -> None:
    problem = make_problem(drawn.by_chance(seed))
    plan = plan_edd(problem, simple_roster(problem))
    for m, route in enumerate(plan.routes):
        assert time_route(problem, make_clock(problem, plan.crew, m), m, route) is not None
        assert all(o < 0 or problem.may_drive(o, m, d) for d, o in enumerate(plan.crew[m].tolist()))
    assert drawn.times_served(problem, plan.routes) <= {0, 1}
    for day in range(len(problem.dates)):
        people = plan.crew[plan.crew[:, day] >= 0, day]
        assert len(np.unique(people)) == len(people)
