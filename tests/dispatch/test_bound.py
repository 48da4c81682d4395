"""The bound is never below the best plan, at any prices; and it is no empty promise where the best plan is plain."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nongshi.core.region import Dryer, Region
from nongshi.dispatch.bound import make_bound
from nongshi.dispatch.bound_relaxed import Prices, Relaxed
from nongshi.dispatch.fill import fill_greedy
from nongshi.dispatch.problem import make_problem
from nongshi.dispatch.roster import make_roster
from nongshi.dispatch.search import Budget, search
from nongshi.dispatch.solution import price_solution
from nongshi.synthetic import make_region
from nongshi.verify.exhaustive import best_value
from nongshi.verify.tiny import tiny_region


def drawn_prices(relaxed: Relaxed, rng: np.random.Generator) -> Prices:
    """Prices of all sizes, some zero, smooth or ragged within a day."""
    shape, nodes = relaxed.grid.shape, len(relaxed.modes.node_limit)
    scale = rng.choice([0.0, 0.5, 2.0, 5.0, 20.0])
    price = rng.exponential(scale, shape) * (rng.random(shape) < rng.random())
    if rng.random() < 0.5:
        price[:] = price[:, :, :1]
    node = rng.exponential(rng.choice([0.0, 300.0, 3000.0]), nodes) * (rng.random(nodes) < rng.random())
    free = relaxed.zero_prices()
    dry = rng.exponential(rng.choice([0.0, 1000.0, 20_000.0]), free.dry.shape) * (rng.random(free.dry.shape) < 0.5)
    link = rng.exponential(rng.choice([0.0, 1000.0, 20_000.0]), free.link.shape) * (rng.random(free.link.shape) < 0.5)
    return Prices(slot=price, node=node, dry=dry, link=link)


@pytest.mark.parametrize("seed", range(100))
def test_bound_is_never_below_the_best_plan_of_a_tiny_region(seed: int) -> None:
    region = tiny_region(seed)
    best_fen = best_value(region).objective_fen
    problem = make_problem(region)

    at_start = make_bound(problem, steps=0)
    later = make_bound(problem, steps=25, target_fen=best_fen, start=at_start)

    assert at_start.bound.bound_fen >= best_fen
    assert best_fen <= later.bound.bound_fen <= at_start.bound.bound_fen


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 400), draw=st.integers(0, 2**32 - 1))
def test_any_prices_give_a_bound(seed: int, draw: int) -> None:
    """The law behind everything: a relaxation that forbids one allowed plan shows itself here first."""
    region = tiny_region(seed)
    relaxed = Relaxed(make_problem(region))

    prices = drawn_prices(relaxed, np.random.default_rng(draw))

    assert relaxed.at(prices).bound_fen >= best_value(region).objective_fen


def tied(seed: int) -> Region:
    """A tiny region in which jobs follow one another and dryers are tight."""
    region, rng = tiny_region(seed), np.random.default_rng(seed)
    jobs = [
        replace(job, field_id=region.jobs[0].field_id, wet_t=round(float(rng.uniform(2, 9)), 1)) for job in region.jobs
    ]
    for i in range(1, len(jobs)):
        if rng.random() < 0.6:
            jobs[i] = replace(jobs[i], after_job_id=jobs[i - 1].id, after_h=float(rng.choice([0.0, 0.5, 3.0])))
    dryer = Dryer(
        id="D1", lon=121.0, lat=30.8, t_day=round(float(rng.uniform(4, 12)), 1), hold_t=float(rng.uniform(0, 4))
    )
    return replace(region, jobs=tuple(jobs), dryers=(dryer,))


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 400), draw=st.integers(0, 2**32 - 1))
def test_with_chains_and_dryers_no_prices_give_less_than_a_plan_is_worth(seed: int, draw: int) -> None:
    """Plans are those of the search, for lack of a plain enumeration; a wrong price of order or grain shows here."""
    problem = make_problem(tied(seed))
    relaxed = Relaxed(problem)
    crew = make_roster(problem)
    found = search(problem, fill_greedy(problem, crew), budget=Budget(None, 300), seed=draw % 7)

    prices = drawn_prices(relaxed, np.random.default_rng(draw))

    worth_fen = price_solution(problem, found)
    assert relaxed.at(prices).bound_fen >= worth_fen
    assert make_bound(problem, steps=15, target_fen=worth_fen).bound.bound_fen >= worth_fen


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 400), draw=st.integers(0, 2**32 - 1))
def test_more_machines_never_lower_the_bound_at_the_same_prices(seed: int, draw: int) -> None:
    region = tiny_region(seed)
    twice = replace(region, machines=(*region.machines, *(replace(m, id=m.id + "x") for m in region.machines)))
    relaxed, more = Relaxed(make_problem(region)), Relaxed(make_problem(twice))

    prices = drawn_prices(relaxed, np.random.default_rng(draw))

    assert more.at(prices).bound_fen >= relaxed.at(prices).bound_fen - 1e-6


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 400), draw=st.integers(0, 2**32 - 1))
def test_the_slope_it_steps_along_supports_the_bound_from_below(seed: int, draw: int) -> None:
    """A subgradient: bound(q) >= bound(p) + slope(p) . (q - p) for all prices p, q. Wrong counts of use break it."""
    relaxed = Relaxed(make_problem(tiny_region(seed)))
    rng = np.random.default_rng(draw)
    low, high = drawn_prices(relaxed, rng), drawn_prices(relaxed, rng)
    here, there = relaxed.at(low), relaxed.at(high)

    steps = zip(here.slope(), low.all(), high.all(), strict=True)
    rise = float(sum((slope * (b - a)).sum() for slope, a, b in steps))

    assert there.bound_fen >= here.bound_fen + rise - 1e-6 * (1.0 + abs(rise) + here.bound_fen)


def test_bound_is_the_optimum_where_one_machine_has_one_job() -> None:
    found = 0
    for seed in range(200):
        region = tiny_region(seed)
        whole = tuple(replace(job, part_max_ha=None) for job in region.jobs[:1])
        alone = replace(region, jobs=whole, machines=region.machines[:1])
        best_fen = best_value(alone).objective_fen
        if best_fen <= 0 or any(o.hours_max < 10 or o.off_days for o in region.operators):
            continue
        found += 1
        relaxed = Relaxed(make_problem(alone))
        bound_fen = make_bound(make_problem(alone), steps=0).bound.bound_fen
        assert best_fen <= bound_fen <= best_fen + relaxed.rounding_fen + 1.0, seed
    assert found >= 5


def test_bound_of_tiny_regions_is_mostly_within_a_twentieth_of_the_best_plan() -> None:
    gaps = []
    for seed in range(40):
        best_fen = best_value(tiny_region(seed)).objective_fen
        if best_fen > 0:
            gaps.append(make_bound(make_problem(tiny_region(seed)), steps=60).bound.bound_fen / best_fen - 1)

    assert float(np.median(gaps)) < 0.05


def test_going_on_never_raises_the_bound_and_the_same_call_gives_the_same_bound() -> None:
    problem = make_problem(tiny_region(3))
    first = make_bound(problem, steps=10)
    again = make_bound(problem, steps=10)
    later = make_bound(problem, steps=10, start=first)

    assert first.bound == again.bound
    assert np.array_equal(first.price_fen_s, again.price_fen_s)
    assert later.bound.bound_fen <= first.bound.bound_fen
    assert later.steps == 20


def test_no_prices_are_negative_and_their_shapes_are_as_promised() -> None:
    region = tiny_region(5)
    problem = make_problem(region)
    bounding = make_bound(problem, steps=40)

    assert (bounding.price_fen_s >= 0).all()
    assert bounding.price_fen_s.shape == bounding.slot_start_s.shape
    assert bounding.day_price_fen.shape == problem.day_start_s.shape
    assert [p.machine_class for p in bounding.bound.machine_prices] == [c.id for c in region.machine_classes]
    assert all(p.fen_h >= 0 for p in (*bounding.bound.machine_prices, *bounding.bound.licence_prices))


def test_no_cpu_time_means_no_steps_but_still_a_bound() -> None:
    region = tiny_region(7)
    bounding = make_bound(make_problem(region), steps=1000, cpu_s_max=0.0)

    assert bounding.steps == 0
    assert bounding.bound.bound_fen >= best_value(region).objective_fen


@pytest.mark.parametrize("missing", ["jobs", "machines", "operators", "workdays", "work_rates"])
def test_with_something_missing_nothing_can_be_gained(missing: str) -> None:
    region: Region = replace(tiny_region(1), **{missing: ()})
    problem = make_problem(region)

    assert make_bound(problem, steps=3).bound.bound_fen <= Relaxed(problem).rounding_fen


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_jobs_never_makes_the_bound_looser(seed: int) -> None:
    """Whoever forgets that jobs wait for each other allows more plans; the bound of all of them is no tighter."""
    problem = make_problem(make_region(fields=60, machines=None, load=1.0, season="may-turnround", seed=seed))
    free = replace(problem, job_after=np.full_like(problem.job_after, -1))
    tied_fen, free_fen = (make_bound(p, steps=60).bound.bound_fen for p in (problem, free))
    assert tied_fen < 0.99 * free_fen
