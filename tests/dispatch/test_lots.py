"""Lots: every tonne of a plan goes to a dryer with room for it, on the shortest ways."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dispatch.engines import drawn

from nongshi.core.plan import Lot, Plan
from nongshi.core.region import Dryer, Region
from nongshi.dispatch.engines import plan_edd, simple_roster
from nongshi.dispatch.lots import assign_lots, count_loads
from nongshi.dispatch.problem import make_problem
from nongshi.dispatch.solution import Solution, make_plan

DAY1 = drawn.START


def planned(region: Region, solution: Solution | None = None) -> Plan:
    problem = make_problem(region)
    solution = solution or plan_edd(problem, simple_roster(problem))
    return make_plan(problem, solution, engine="edd", seed=1, cpu_s=None, iterations=None, bound=None, unserved=())


def two_dryers(t_day: tuple[float, float], hold_t: tuple[float, float], *wet_t: float) -> Region:
    """Jobs of 2 h on one field at 0 km, two on the first day and one on each day after; dryers at 1 and 5 km."""
    jobs = [
        replace(drawn.job(f"J{i}", "F", opens=max(0, i - 1), due=max(1, i)), wet_t=one) for i, one in enumerate(wet_t)
    ]
    region = drawn.region([drawn.field("F", 0)], jobs, [drawn.machine("M", 0)], [drawn.operator("P")])
    dryers = (
        Dryer(id=f"D{k}", lon=121, lat=31 + km / drawn.KM_DEG, t_day=t_day[k], hold_t=hold_t[k])
        for k, km in enumerate((1, 5))
    )
    return replace(region, dryers=tuple(dryers))


def named(lots: tuple[Lot, ...]) -> list[tuple[str, str, int, float, float]]:
    """Job, dryer, day of drying from 1, tonnes, km."""
    return [
        (x.job_id, x.dryer_id, 0 if x.dried is None else (x.dried - DAY1).days + 1, round(x.wet_t, 3), round(x.km, 3))
        for x in lots
    ]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), scarce=st.sampled_from([0.2, 0.5, 1.0]))
def test_every_tonne_is_dried_and_no_dryer_takes_more_than_it_can(seed: int, scarce: float) -> None:
    """The plan keeps the pooled rule alone; one dryer is down on the second day."""
    region = drawn.tied_by_chance(seed, scarce=scarce)
    plan = planned(region)
    lots = assign_lots(region, plan)
    sent_t, dried_t = defaultdict(float), defaultdict(float)
    for lot in lots:
        assert lot.dried is not None
        assert lot.dried >= lot.harvested
        sent_t[lot.job_id, lot.part] += lot.wet_t
        dried_t[lot.dryer_id, lot.dried] += lot.wet_t
    stops = [(stop, region.job_of[stop.job_id]) for route in plan.routes for stop in route.stops]
    wanted_t = {(s.job_id, s.part): job.wet_t * s.area_ha / job.area_ha for s, job in stops if job.wet_t}
    assert dict(sent_t) == pytest.approx(wanted_t, abs=1e-6)
    for dryer in region.dryers:
        down = {first for first, _ in dryer.down}
        for (id_, day), wet_t in dried_t.items():
            assert id_ != dryer.id or wet_t <= (0.0 if day in down else dryer.t_day) + 1e-4
    assert _most_waiting_t(lots) <= sum(dryer.hold_t for dryer in region.dryers) + 1e-3


def _most_waiting_t(lots: tuple[Lot, ...]) -> float:
    nights = defaultdict(float)
    for lot in lots:
        assert lot.dried is not None
        for night in range((lot.dried - lot.harvested).days):
            nights[lot.harvested + timedelta(days=night)] += lot.wet_t
    return max(nights.values(), default=0.0)


def test_the_near_dryer_takes_what_it_can_and_the_far_one_the_rest() -> None:
    region = two_dryers((6, 20), (0, 0), 10.0)
    assert named(assign_lots(region, planned(region))) == [("J0", "D0", 1, 6, 1), ("J0", "D1", 1, 4, 5)]


def test_what_came_first_is_dried_first_and_the_rest_waits_where_it_lies() -> None:
    region = two_dryers((6, 0), (9, 0), 4.0, 10.0)
    assert named(assign_lots(region, planned(region))) == [
        ("J0", "D0", 1, 4, 1),
        ("J1", "D0", 1, 2, 1),
        ("J1", "D0", 2, 6, 1),
        ("J1", "D0", 3, 2, 1),
    ]


def test_grain_is_reloaded_where_a_hold_and_a_dryer_are_not_at_the_same_place() -> None:
    """D0 holds 10 t but dries 1 t a day, D1 dries 10 t and holds none: 19 t on the first day, 20 on the third."""
    region = two_dryers((1, 10), (10, 0), 19.0, 0.0, 0.0, 20.0)
    lots = assign_lots(region, planned(region))
    assert sum(lot.wet_t for lot in lots) == pytest.approx(39)
    by_day = defaultdict(float)
    for lot in lots:
        assert lot.dried is not None
        by_day[lot.dryer_id, (lot.dried - DAY1).days] += lot.wet_t
    assert by_day["D1", 0] == pytest.approx(10)
    assert by_day["D1", 1] == pytest.approx(6)  # after it 1 t may wait
    assert _most_waiting_t(lots) <= 10 + 1e-6
    assert max(lot.km for lot in lots) == pytest.approx(5.0)  # 1 km to the hold, 4 km on


def test_a_dryer_that_is_down_takes_nothing_that_day() -> None:
    region = two_dryers((20, 20), (0, 0), 10.0)
    near = replace(region.dryers[0], down=((DAY1, DAY1),))
    region = replace(region, dryers=(near, region.dryers[1]))
    assert named(assign_lots(region, planned(region))) == [("J0", "D1", 1, 10, 5)]


def test_what_no_dryer_ever_takes_has_no_day() -> None:
    region = two_dryers((0, 0), (10, 0), 4.0)
    assert named(assign_lots(region, planned(region))) == [("J0", "D0", 0, 4, 1)]


def test_a_plan_with_too_much_grain_still_has_lots_for_all_of_it() -> None:
    region = two_dryers((5, 0), (1, 0), 30.0)
    problem = make_problem(region)
    plan = planned(region, Solution(crew=simple_roster(problem), routes=((0,),)))
    assert sum(lot.wet_t for lot in assign_lots(region, plan)) == pytest.approx(30)


def test_without_dryers_there_are_no_lots() -> None:
    region = replace(two_dryers((5, 5), (5, 5), 3.0), dryers=())
    assert assign_lots(region, planned(region)) == ()


def test_trucks_come_once_for_every_load_that_is_begun() -> None:
    """12 t to one dryer on two days are three loads of 5 t; 4 t to the other one more."""

    def lot(dryer_id: str, dried: int, wet_t: float) -> Lot:
        day = date(2026, 11, dried)
        return Lot(job_id="J", part=1, harvested=DAY1, dryer_id=dryer_id, dried=day, wet_t=wet_t, km=1.0)

    assert count_loads([lot("D1", 1, 7.0), lot("D1", 2, 5.0), lot("D2", 1, 4.0)]) == 4
    assert np.isclose(count_loads([]), 0)
