"""The exhaustive solver against cases reckoned by hand, and the laws of an optimum."""

from dataclasses import replace
from datetime import timedelta
from math import inf
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.verify import drawn

from nongshi.core.errors import NotPlannable
from nongshi.core.plan import Crew
from nongshi.core.region import Job, Machine, Region
from nongshi.core.times import days
from nongshi.verify import TooLarge, best_plan, best_value, check_plan, tiny_region
from nongshi.verify.rules import Hours, crew_fault, road_km

SEEDS = st.integers(0, 10_000)


@pytest.fixture
def region() -> Region:
    return drawn.region()


def only(region: Region, *job_ids: str) -> Region:
    """The region with these jobs alone."""
    return replace(region, jobs=tuple(region.job_of[j] for j in job_ids))


def test_one_job_is_worth_its_value_less_its_loss_its_way_and_its_work(region: Region) -> None:
    """C: 20 km take 1.5 h, so 8 h from 09:30 end at 17:30, 3.5 h late of a curve of 0.1 a day."""
    best = best_value(only(region, "C"))
    assert best.objective_fen == pytest.approx(400_000 * (1 - 0.1 * 3.5 / 24) - 20 * 100 - 8 * 500)
    assert best.routes == (("M1", (("C", 1),)),)


def test_the_order_that_loses_less_is_found_though_its_way_is_longer(region: Region) -> None:
    """C first ends 3.5 h late; then 1 h back, half of it in the morning, and A from 08:30 to 10:30, 23.5 h late.

    A first would end C at 10:00 on day 2, 20 h late: 16,667 fen lost instead of 14,646 and 1,000 of way.
    """
    dearer = drawn.changed_job(only(region, "C", "A"), "A", value_fen=90_000)
    best = best_value(dearer)
    lost = 400_000 * 0.1 * 3.5 / 24 + 90_000 * 0.1 * 23.5 / 24
    assert best.objective_fen == pytest.approx(490_000 - lost - 30 * 100 - 10 * 500)
    assert best.routes == (("M1", (("C", 1), ("A", 1))),)
    much_dearer = drawn.changed_job(dearer, "A", value_fen=900_000)
    best = best_value(much_dearer)
    assert best.objective_fen == pytest.approx(1_300_000 - 400_000 * 0.1 * 20 / 24 - 20 * 100 - 10 * 500)
    assert best.routes == (("M1", (("A", 1), ("C", 1))),)


def test_a_job_that_costs_more_than_it_brings_is_left_out(region: Region) -> None:
    """D: 100 fen for 10 km at 100 fen."""
    assert best_value(only(region, "D")).objective_fen == 0
    assert best_value(only(region, "D")).routes == ()


def test_two_machines_share_the_parts_of_a_job_when_its_window_is_short(region: Region) -> None:
    """B, 4 ha till 12:00: two combines end 2 ha each at 11:00; one would end at 13:00, and half of B is nothing."""
    short = drawn.changed_job(only(region, "B"), "B", close="1T12:00")
    assert best_value(short).objective_fen == 0
    twin = replace(short.machine_of["M1"], id="M3")
    lent = drawn.changed_operator(replace(short, machines=(*short.machines, twin)), "P2", shared=True)
    best = best_value(lent)
    assert best.objective_fen == pytest.approx(200_000 - 2 * 10 * 100 - 4 * 500)
    assert best.routes == (("M1", (("B", 1),)), ("M3", (("B", 2),)))


def test_the_operator_goes_to_the_machine_that_brings_more_each_day(region: Region) -> None:
    """One operator for a combine and a tractor: tilling pays on day 1, harvest on day 2."""
    tilled = drawn.changed_job(region, "D", value_fen=300_000, close="1T18:00")
    waiting = drawn.changed_job(tilled, "A", open="1T00:00", due="2T18:00")
    one = replace(only(waiting, "A", "D"), operators=(region.operator_of["P1"],))
    best = best_value(one)
    assert [(c.date.day, c.machine_id) for c in best.crews] == [(1, "M2"), (2, "M1")]
    assert best.objective_fen == pytest.approx(100_000 - 1_000 - 1_000 + 300_000 - 1_000 - 500)


def test_a_licence_that_expires_leaves_the_second_day_to_nobody(region: Region) -> None:
    """10 ha do not fit into day 1 after a move of an hour."""
    large = drawn.changed_job(only(region, "A"), "A", area_ha=10.0)
    assert best_value(large).objective_fen > 0
    assert best_value(drawn.changed_operator(large, "P1", licences={"S": region.start_date})).objective_fen == 0


def test_nine_hours_that_just_fit_a_day_are_not_lost_to_float_noise(region: Region) -> None:
    full = drawn.changed_job(only(region, "A"), "A", area_ha=9.0, close="1T18:00", due="1T18:00")
    assert best_value(full).objective_fen == pytest.approx(100_000 - 1_000 - 9 * 500)


def test_more_than_can_be_enumerated_is_refused_with_both_numbers(region: Region) -> None:
    many = drawn.changed_job(region, "C", part_max_ha=1.0)
    with pytest.raises(TooLarge, match="12 parts; the exhaustive solver takes at most 7"):
        best_value(many)
    machines = tuple(replace(region.machines[0], id=f"M{i}") for i in range(4))
    with pytest.raises(TooLarge, match="4 machines"):
        best_value(replace(region, machines=machines))


def test_more_crews_than_can_be_enumerated_are_refused(region: Region) -> None:
    operators = tuple(replace(region.operators[0], id=f"P{i}") for i in range(7))
    with pytest.raises(TooLarge, match="7 operators"):
        best_value(replace(only(region, "A"), operators=operators))
    machines = tuple(replace(region.machines[0], id=f"M{i}") for i in range(3))
    lent = tuple(replace(o, hours_max=4.0 + i) for i, o in enumerate(operators[:6]))
    with pytest.raises(TooLarge, match="rosters; the exhaustive solver takes at most 20000"):
        best_value(replace(only(region, "A"), machines=machines, operators=lent), prune=False)


def test_a_best_plan_with_chains_or_dryers_is_refused(region: Region) -> None:
    with pytest.raises(NotPlannable, match="may be a limit without a plan"):
        best_plan(only(drawn.changed_job(region, "C", after_job_id="A"), "A", "C"))


@pytest.mark.parametrize("seed", range(100))
def test_the_best_plan_of_a_tiny_region_keeps_the_rules_and_is_worth_its_value(seed: int) -> None:
    region = tiny_region(seed)
    plan = best_plan(region)
    verdict = check_plan(region, plan)
    assert verdict.breaches == ()
    assert verdict.objective_fen == pytest.approx(best_value(region).objective_fen, abs=50)


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_leaving_crews_out_that_others_contain_loses_nothing(seed: int) -> None:
    """The one pruning of the solver, against trying every roster."""
    region = tiny_region(seed)
    assert best_value(region).objective_fen == best_value(region, prune=False).objective_fen


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.integers(0, 2))
def test_one_more_machine_or_operator_never_lowers_the_best(seed: int, which: int) -> None:
    region = tiny_region(seed)
    machine, operator = region.machines[which % len(region.machines)], region.operators[which % len(region.operators)]
    more_machines = replace(region, machines=(*region.machines, replace(machine, id="M9")))
    more_operators = replace(region, operators=(*region.operators, replace(operator, id="P9")))
    best = best_value(region).objective_fen
    assert best_value(more_machines).objective_fen >= best - 1e-6
    assert best_value(more_operators).objective_fen >= best - 1e-6


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_no_plan_drawn_at_random_is_worth_more(seed: int) -> None:
    """200 crews and orders, timed by walking through the days and priced with core's curve: none beats the best."""
    region, rng = tiny_region(seed), Random(seed)
    best = best_value(region).objective_fen
    worths = [_worth(region, rng) for _ in range(200)]
    assert max(worths) <= best + 1e-6


def _worth(region: Region, rng: Random) -> float:
    """What a random plan is worth: random crews, random jobs, their parts in random order on random machines."""
    hours, shifts = Hours(region), {machine.id: [] for machine in region.machines}
    for day in days(region.start_date, region.horizon_days):
        operators = rng.sample(region.operators, len(region.operators))
        for machine, operator in zip(rng.sample(region.machines, len(region.machines)), operators, strict=False):
            shift = hours.shift(machine, day, operator)
            if shift and crew_fault(region, Crew(date=day, machine_id=machine.id, operator_id=operator.id)) is None:
                shifts[machine.id].append(shift)
    parts = [job for job in region.jobs if rng.random() < 0.6 for _ in range(job.parts)]
    rng.shuffle(parts)
    orders = {machine.id: [] for machine in region.machines}
    for job in parts:
        orders[rng.choice(region.machines).id].append(job)
    return sum(_walk(region, machine, shifts[machine.id], orders[machine.id]) for machine in region.machines)


def _walk(region: Region, machine: Machine, shifts: list[tuple[float, float]], order: list[Job]) -> float:
    """Worth of one machine's route; minus infinity where a part misses its window."""
    cls, here, field_id, now, worth = region.class_of[machine.machine_class], None, "", 0.0, 0.0
    for job in order:
        field = region.field_of[job.field_id]
        if (cls.id, job.operation) not in region.rate_ha_h:
            return -inf
        if field.id != field_id:
            km = road_km(region, here or (machine.yard_lon, machine.yard_lat), (field.gate_lon, field.gate_lat))
            now = _after(shifts, now, km / cls.road_km_h * 3600 + cls.load_min * 60)
            worth -= km * cls.cost_fen_km
        work_h = job.area_ha / job.parts / region.rate_ha_h[cls.id, job.operation]
        now = _after(shifts, max(now, job.open.timestamp()), work_h * 3600)
        if now > job.close.timestamp():
            return -inf
        late_d = (now - job.due.timestamp()) / 86_400
        share = region.curve_of[job.loss_curve].share(late_d)
        worth += job.value_fen / job.parts * (1 - share) - work_h * cls.cost_fen_h
        here, field_id = (field.gate_lon, field.gate_lat), field.id
    return worth


def _after(shifts: list[tuple[float, float]], now: float, need_s: float) -> float:
    """When so much usable time has gone by, day after day; infinity: never."""
    for start, end in shifts:
        begin = max(start, now)
        if end - begin >= need_s:
            return begin + need_s
        need_s -= max(0.0, end - begin)
    return inf


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_a_later_close_never_lowers_the_best(seed: int) -> None:
    region = tiny_region(seed)
    wider = replace(region, jobs=tuple(replace(j, close=j.close + timedelta(hours=6)) for j in region.jobs))
    assert best_value(wider).objective_fen >= best_value(region).objective_fen - 1e-6
