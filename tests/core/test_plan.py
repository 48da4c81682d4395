from dataclasses import replace

import pytest

from nongshi.core.plan import Bound, Plan, Totals

TOTALS = Totals(
    value_fen=1_000_000,
    loss_fen=20_000,
    km=12.0,
    move_cost_fen=5_000,
    work_cost_fen=15_000,
    area_ha=8.5,
    jobs_served=3,
    jobs_unserved=1,
)
PLAN = Plan(
    region="drawn",
    engine="own",
    seed=1,
    cpu_s=None,
    iterations=10,
    totals=TOTALS,
    bound=Bound(bound_fen=1_008_000.0),
    crews=(),
    routes=(),
    unserved=(),
)


def test_the_objective_is_value_less_loss_moves_and_work() -> None:
    assert PLAN.objective_fen == 960_000


def test_the_gap_is_what_the_bound_lies_above_the_plan() -> None:
    assert PLAN.gap == pytest.approx(0.05)


@pytest.mark.parametrize("value_fen", [40_000, 39_000])
def test_a_plan_that_gains_nothing_has_no_gap(value_fen: int) -> None:
    assert replace(PLAN, totals=replace(TOTALS, value_fen=value_fen)).gap is None


def test_a_plan_without_a_bound_has_no_gap_and_claims_none() -> None:
    plan = replace(PLAN, bound=None)
    assert plan.gap is None
    assert repr(plan) == "<Plan drawn by own: 9,600 yuan; 3 of 4 jobs, 8.5 ha, 12 km>"


def test_a_plan_says_how_far_below_the_best_it_is_at_most() -> None:
    assert "9,600 yuan, the best possible at most 5.0% more; 3 of 4 jobs" in repr(PLAN)
