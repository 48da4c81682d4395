"""Reading a plan back into arrays: exact for ours, patient with others', clear about what cannot be."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from tests.dispatch import drawn

from nongshi.core.errors import BadInput, NotFound
from nongshi.core.plan import Crew, Plan, Route
from nongshi.core.region import Dryer, Region
from nongshi.dispatch.from_plan import solution_of
from nongshi.dispatch.problem import Problem, make_problem
from nongshi.dispatch.solution import Solution, make_plan, time_routes

A, B1, B2, C = range(4)


def planned(
    region: Region, routes: tuple[tuple[int, ...], ...], end_day: list[int] | None = None
) -> tuple[Problem, Plan]:
    """A plan with the first operator on the first machine on all days."""
    problem = make_problem(region)
    days = None if end_day is None else np.array(end_day, np.int64)
    solution = Solution(crew=np.zeros((1, len(problem.dates)), np.int64), routes=routes, end_day=days)
    plan = make_plan(problem, solution, engine="own", seed=1, cpu_s=None, iterations=1, bound=None, unserved=())
    return problem, plan


def changed(plan: Plan, **stop: object) -> Plan:
    """The plan with its first stop changed."""
    route = plan.routes[0]
    first = replace(route.stops[0], **stop)  # type: ignore[arg-type]
    return replace(plan, routes=(replace(route, stops=(first, *route.stops[1:])), *plan.routes[1:]))


def test_routes_and_crew_come_back() -> None:
    problem, plan = planned(drawn.region(), ((B2, A, B1),))
    solution = solution_of(problem, plan)
    assert solution.routes == ((B2, A, B1),)
    assert (solution.crew == 0).all()


def test_a_job_served_whole_is_all_its_parts_in_a_row() -> None:
    problem, plan = planned(drawn.region(), ((B1, B2, A),))
    stops = plan.routes[0].stops
    whole = replace(stops[0], area_ha=4.0, end=stops[1].end)
    plan = replace(plan, routes=(Route(machine_id="M1", stops=(whole, stops[2])),))
    assert solution_of(problem, plan).routes == ((B1, B2, A),)


def wet_region() -> Region:
    """A and B yield wet grain; the dryers take one of them a day."""
    region = drawn.region()
    jobs = tuple(replace(job, wet_t=6.0, due=job.close) if job.id != "C" else job for job in region.jobs)
    return replace(region, jobs=jobs, dryers=(Dryer(id="D", lon=121.0, lat=30.0, t_day=6.0, hold_t=0.0),))


def test_wet_grain_that_waited_keeps_its_day_and_the_rest_is_free() -> None:
    problem, plan = planned(wet_region(), ((A, B1, B2),), [-1, 1, -1, -1])
    assert solution_of(problem, plan).end_day is not None
    assert solution_of(problem, plan).end_day.tolist() == [-1, 1, -1, -1]  # type: ignore[union-attr]
    problem, plan = planned(wet_region(), ((A,),), [-1, -1, -1, -1])
    assert solution_of(problem, plan).end_day.tolist() == [-1, -1, -1, -1]  # type: ignore[union-attr]


def test_wet_grain_behind_somebodys_idle_time_keeps_its_day_too() -> None:
    """B idles into the next day in this plan; timed as early as possible, A behind it would come a day earlier."""
    problem, plan = planned(wet_region(), ((B1, B2, A),))
    stops = [
        replace(
            stop, **{name: getattr(stop, name) + timedelta(days=1) for name in ("depart", "arrive", "start", "end")}
        )
        for stop in plan.routes[0].stops
    ]
    later = replace(plan, routes=(Route(machine_id="M1", stops=tuple(stops)),))
    solution = solution_of(problem, later)
    ends = {stop.part: stop.end_s for stop in time_routes(problem, solution)[0]}
    assert ends[A] > 24 * 3600


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda plan: replace(plan, routes=(replace(plan.routes[0], machine_id="M9"),)), "M9"),
        (lambda plan: changed(plan, job_id="J9"), "J9"),
        (lambda plan: replace(plan, crews=(replace(plan.crews[0], operator_id="P9"),)), "P9"),
        (lambda plan: replace(plan, crews=(replace(plan.crews[0], machine_id="M9"),)), "M9"),
    ],
)
def test_who_the_region_does_not_have_is_named(change: object, named: str) -> None:
    problem, plan = planned(drawn.region(), ((A, B1, B2),))
    with pytest.raises(NotFound, match=named):
        solution_of(problem, change(plan))  # type: ignore[operator]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda plan: replace(plan, crews=(*plan.crews, plan.crews[0])), "two operators"),
        (lambda plan: replace(plan, crews=(replace(plan.crews[0], date=drawn.START - timedelta(days=1)),)), "days"),
        (lambda plan: replace(plan, routes=(*plan.routes, *plan.routes)), "two routes"),
        (lambda plan: changed(plan, job_id="A"), "twice"),
        (lambda plan: changed(plan, part=7), "part 7"),
        (lambda plan: replace(plan, routes=(replace(plan.routes[0], stops=plan.routes[0].stops[1:]),)), "without"),
    ],
)
def test_what_cannot_be_is_refused(change: object, said: str) -> None:
    problem, plan = planned(drawn.region(), ((B1, B2, A),))
    with pytest.raises(BadInput, match=said):
        solution_of(problem, change(plan))  # type: ignore[operator]


def test_one_operator_on_two_machines_is_refused() -> None:
    machines = drawn.MACHINES + "M2       combine  O       0\n"
    problem, plan = planned_two(drawn.region(machines=machines))
    crews = (*plan.crews, Crew(date=drawn.START, machine_id="M2", operator_id="P1"))
    with pytest.raises(BadInput, match="drives M1 and M2"):
        solution_of(problem, replace(plan, crews=crews))


def planned_two(region: Region) -> tuple[Problem, Plan]:
    problem = make_problem(region)
    crew = np.array([[0, 0], [-1, -1]])
    solution = Solution(crew=crew, routes=((A,), ()))
    return problem, make_plan(
        problem, solution, engine="own", seed=1, cpu_s=None, iterations=1, bound=None, unserved=()
    )
