"""Two plans side by side: nothing differs from itself, and what towns and owners gain is what the plan gains."""

from dataclasses import fields, replace
from functools import cache

import pytest
from tests.dispatch import drawn
from tests.dispatch.test_events import JOBS, MACHINES, OPERATORS, WORKDAYS, drawn_plan

from nongshi.core.plan import Plan
from nongshi.core.region import Region
from nongshi.dispatch.compare import Sums, compare_plans
from nongshi.dispatch.run import solve
from nongshi.synthetic import make_region

FEN = 2.0  # every sum of a plan is rounded to the fen
NAMES = [field.name for field in fields(Sums)]


@cache
def two_plans(season: str) -> tuple[Region, Plan, Plan]:
    """A generated region of several towns and owners, planned by the phone dispatcher and by the search."""
    region = make_region(fields=30, machines=6, load=1.3, season=season, seed=2)
    return region, solve(region, iterations=10, seed=1, engine="edd"), solve(region, iterations=150, seed=1)


@pytest.mark.parametrize("season", ["rice-harvest", "may-turnround"])
def test_a_plan_differs_in_nothing_from_itself(season: str) -> None:
    region, _, plan = two_plans(season)
    found = compare_plans(plan, plan, region)
    assert found.moved == ()
    for a, b in [(found.a, found.b), *found.towns.values(), *found.owners.values()]:
        assert b - a == Sums()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("season", ["rice-harvest", "may-turnround"])
def test_what_towns_and_owners_gain_is_what_the_plan_gains(season: str, name: str) -> None:
    region, plan_a, plan_b = two_plans(season)
    found = compare_plans(plan_a, plan_b, region)
    gained = getattr(found.b - found.a, name)
    assert len(found.towns) > 1
    assert len(found.owners) > 1
    slack = 2 * FEN if name.endswith("_fen") else 0.02
    for groups in (found.towns, found.owners):
        assert sum(getattr(b - a, name) for a, b in groups.values()) == pytest.approx(gained, abs=slack)


def test_the_other_way_round_every_gain_is_a_loss() -> None:
    region, plan_a, plan_b = two_plans("may-turnround")
    there, back = compare_plans(plan_a, plan_b, region), compare_plans(plan_b, plan_a, region)
    assert (there.a, there.b) == (back.b, back.a)
    assert there.towns == {name: (a, b) for name, (b, a) in back.towns.items()}
    assert [one.job_id for one in there.moved] == [one.job_id for one in back.moved]


def test_sums_are_those_that_the_plan_is_written_with() -> None:
    region, _, plan = two_plans("rice-harvest")
    sums = compare_plans(plan, plan, region).a
    assert sums.objective_fen == plan.objective_fen
    assert sums.value_fen - sums.loss_fen - sums.cost_fen == pytest.approx(plan.objective_fen, abs=FEN)
    assert (sums.jobs, sums.km, sums.area_ha) == (plan.totals.jobs_served, plan.totals.km, plan.totals.area_ha)


def test_without_a_region_lateness_towns_and_owners_are_left_open() -> None:
    _, plan_a, plan_b = two_plans("rice-harvest")
    found = compare_plans(plan_a, plan_b)
    assert (found.towns, found.owners, found.a.late_d, found.a.work_h) == ({}, {}, 0.0, 0.0)
    assert found.b.objective_fen - found.a.objective_fen == plan_b.objective_fen - plan_a.objective_fen


def test_what_moves_is_named_with_both_places_and_what_moves_within_its_day_is_not() -> None:
    region = drawn.region(JOBS, MACHINES, OPERATORS, WORKDAYS, days=3)
    plan = drawn_plan(region)
    first, second = plan.routes
    *others, last = first.stops  # D, of day 2
    later = replace(last, start=drawn.moment("2T10:00"), end=drawn.moment("2T12:00"))
    within = replace(plan, routes=(replace(first, stops=(*others, later)), second))
    assert compare_plans(plan, within, region).moved == ()
    gone = replace(plan, routes=(replace(first, stops=tuple(others)), second))
    (moved,) = compare_plans(plan, gone, region).moved
    assert (moved.job_id, moved.machine_a, moved.end_a) == ("D", "M1", "2026-11-02")
    assert (moved.machine_b, moved.end_b) == (None, None)
    given = replace(plan, routes=(replace(first, stops=tuple(others)), replace(second, stops=(*second.stops, last))))
    (moved,) = compare_plans(plan, given, region).moved
    assert (moved.machine_a, moved.machine_b) == ("M1", "M2")


def test_a_town_is_the_fields_town_or_else_its_village() -> None:
    region = drawn.region(JOBS, MACHINES, OPERATORS, WORKDAYS, days=3)
    (field,) = region.fields
    plan = drawn_plan(region)
    assert set(compare_plans(plan, plan, region).towns) == {"drawn"}
    in_town = replace(region, fields=(replace(field, extra={"town": "廊下"}),))
    assert set(compare_plans(plan, plan, in_town).towns) == {"廊下"}
