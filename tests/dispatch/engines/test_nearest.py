import pytest
from tests.dispatch.engines import drawn

from nongshi.dispatch.engines.edd import simple_roster
from nongshi.dispatch.engines.nearest import plan_nearest
from nongshi.dispatch.problem import make_problem
from nongshi.dispatch.solution import make_clock, time_route


def test_the_nearest_open_field_comes_first_and_one_that_opens_later_last() -> None:
    region = drawn.region(
        [drawn.field("far", 4), drawn.field("near", 1), drawn.field("nearest", 0.5)],
        [drawn.job("J1", "far"), drawn.job("J2", "near"), drawn.job("J3", "nearest", opens=1)],
        [drawn.machine("M", 0)],
        [drawn.operator("P")],
    )
    problem = make_problem(region)
    plan = plan_nearest(problem, simple_roster(problem))
    assert [region.jobs[problem.part_job[p]].id for p in plan.routes[0]] == ["J2", "J1", "J3"]


@pytest.mark.parametrize("seed", range(8))
def test_every_window_is_kept_and_every_job_whole(seed: int) -> None:
    problem = make_problem(drawn.by_chance(seed))
    plan = plan_nearest(problem, simple_roster(problem))
    for m, route in enumerate(plan.routes):
        assert time_route(problem, make_clock(problem, plan.crew, m), m, route) is not None
    assert drawn.times_served(problem, plan.routes) <= {0, 1}
