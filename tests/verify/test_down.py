"""What is broken is not used: a machine inside its `down`, and a dryer on its days of `down`.

Drawn: M1 moves 8-9, works A 9-11, B 11-15, moves 15-16 and works C from 16 to 14 on day 2. A day is one interval: of
two pieces that a breakdown leaves of it, the longer counts, of equal ones the first (docs/formats.md).
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.verify import drawn

from nongshi.core.plan import Plan
from nongshi.core.region import Dryer, Region
from nongshi.verify import Rule, check_plan

DAY_2 = drawn.DAY_1 + timedelta(days=1)


@pytest.fixture
def region() -> Region:
    return drawn.region()


@pytest.fixture
def plan(region: Region) -> Plan:
    return drawn.plan(region)


def with_down(region: Region, *spans: tuple[str, str]) -> Region:
    at = tuple((drawn.moment(since, region.tz), drawn.moment(until, region.tz)) for since, until in spans)
    return drawn.changed_machine(region, "M1", down=at)


def broken(region: Region, plan: Plan) -> set[tuple[Rule, str]]:
    """Rules and the jobs at whose stops they are broken."""
    breaches = check_plan(region, drawn.scored(region, plan)).breaches
    return {(breach.rule, breach.where.removeprefix("machine M1, job ").partition(" ")[0]) for breach in breaches}


# A machine


@pytest.mark.parametrize(
    ("span", "breach"),
    [
        (("1T08:00", "1T08:30"), (Rule.WORK_HOURS, "A")),  # sets out in it
        (("1T17:00", "1T18:00"), (Rule.WORK_TIME, "C")),  # works in it
        (("2T08:00", "2T09:00"), (Rule.WORK_TIME, "C")),  # goes on with work in it
        (("1T16:00", "2T00:00"), (Rule.WORK_TIME, "C")),  # begins as it breaks
        (("2T13:00", "2T18:00"), (Rule.WORK_TIME, "C")),  # ends after it
    ],
)
def test_a_machine_that_moves_or_works_while_it_is_broken_is_named(
    region: Region, plan: Plan, span: tuple[str, str], breach: tuple[Rule, str]
) -> None:
    assert check_plan(region, plan).ok
    assert breach in broken(with_down(region, span), plan)


@pytest.mark.parametrize("span", [("1T18:00", "2T08:00"), ("2T14:00", "3T00:00"), ("1T00:00", "1T08:00")])
def test_a_breakdown_outside_what_it_does_is_none_of_its_business(
    region: Region, plan: Plan, span: tuple[str, str]
) -> None:
    assert broken(with_down(region, span), plan) == set()


def test_another_machine_that_is_broken_breaks_nothing(region: Region, plan: Plan) -> None:
    down = ((drawn.moment("1T08:00", region.tz), drawn.moment("2T18:00", region.tz)),)
    assert check_plan(drawn.changed_machine(region, "M2", down=down), plan).ok


def test_a_plan_that_waits_for_the_repair_passes(region: Region) -> None:
    """Down till 10 on day 1: everything is two hours later."""
    later = """
    A 1  1T10:00 1T11:00 1T11:00 1T13:00  10
    B 1  1T13:00 1T13:00 1T13:00 1T15:00   0
    B 2  1T15:00 1T15:00 1T15:00 1T17:00   0
    C 1  1T17:00 1T18:00 2T08:00 2T16:00  10
    """
    repaired = with_down(region, ("1T06:00", "1T10:00"))
    assert broken(repaired, drawn.plan(region, later)) == set()
    assert broken(region, drawn.plan(region, later)) == set()


def test_of_a_day_cut_in_two_only_the_longer_piece_is_worked(region: Region) -> None:
    """Down from 12 to 13 on day 1, the morning (4 h) is lost with it; from 14 to 15, the evening (3 h)."""
    evening = "A 1 1T13:00 1T14:00 1T14:00 1T16:00 10"
    morning = "A 1 1T08:00 1T09:00 1T09:00 1T11:00 10"
    noon, afternoon = with_down(region, ("1T12:00", "1T13:00")), with_down(region, ("1T14:00", "1T15:00"))
    assert broken(noon, drawn.plan(region, evening)) == set()
    assert (Rule.WORK_HOURS, "A") in broken(noon, drawn.plan(region, morning))
    assert broken(afternoon, drawn.plan(region, morning)) == set()
    late = "A 1 1T15:00 1T16:00 1T16:00 1T18:00 10"
    assert (Rule.WORK_HOURS, "A") in broken(afternoon, drawn.plan(region, late))


def test_of_two_equal_pieces_the_first_is_worked(region: Region) -> None:
    halves = with_down(region, ("1T12:30", "1T13:30"))
    assert broken(halves, drawn.plan(region, "A 1 1T08:00 1T09:00 1T09:00 1T11:00 10")) == set()
    assert broken(halves, drawn.plan(region, "A 1 1T13:30 1T14:30 1T14:30 1T16:30 10")) != set()


def test_two_breakdowns_of_a_day_are_both_kept_out(region: Region) -> None:
    twice = with_down(region, ("1T08:00", "1T09:00"), ("1T17:00", "1T18:00"))
    between = "A 1 1T09:00 1T10:00 1T10:00 1T12:00 10"
    assert broken(twice, drawn.plan(region, between)) == set()
    assert broken(twice, drawn.plan(region, "A 1 1T08:00 1T09:00 1T09:00 1T11:00 10")) != set()
    assert broken(twice, drawn.plan(region, "A 1 1T14:30 1T15:30 1T15:30 1T17:30 10")) != set()


def test_a_machine_that_is_down_all_the_time_has_no_hours(region: Region, plan: Plan) -> None:
    never = with_down(region, ("1T00:00", "3T00:00"))
    assert {rule for rule, _ in broken(never, plan)} == {Rule.WORK_HOURS}


@pytest.mark.parametrize("hour", range(8, 18))
@pytest.mark.parametrize("day", [1, 2])
def test_no_hour_of_work_can_be_lost_unseen(region: Region, plan: Plan, day: int, hour: int) -> None:
    """Whatever hour of the days that the plan works is taken, somebody notices; after 14:00 on day 2 nobody need."""
    hurt = with_down(region, (f"{day}T{hour:02}:00", f"{day}T{hour + 1:02}:00"))
    assert bool(broken(hurt, plan)) == (day == 1 or hour < 14)


# A dryer


def with_dryers(region: Region, *down: tuple[date, date], others: int = 0) -> Region:
    """A brings 10 t on day 1, C 20 t on day 2; each dryer takes 20 t a day and holds 5 t over night."""
    wet = drawn.changed_job(drawn.changed_job(region, "A", wet_t=10.0), "C", wet_t=20.0)
    dryer = Dryer(id="K", lon=121.0, lat=30.0, t_day=20.0, hold_t=5.0)
    more = tuple(replace(dryer, id=f"K{i}") for i in range(others))
    return replace(wet, dryers=(replace(dryer, down=down), *more))


def test_grain_that_comes_to_a_dryer_that_is_down_waits_and_is_too_much(region: Region, plan: Plan) -> None:
    assert check_plan(with_dryers(region), plan).ok
    idle = drawn.changed_job(with_dryers(region, (drawn.DAY_1, drawn.DAY_1)), "C", wet_t=10.0)
    (breach,) = check_plan(idle, plan).breaches
    assert breach.rule is Rule.DRYER
    assert str(drawn.DAY_1) in breach.where
    assert "10.000 t" in breach.text
    assert "5.000 t" in breach.text


def test_both_ends_of_a_span_are_days_without_drying(region: Region, plan: Plan) -> None:
    told = [breach.where for breach in check_plan(with_dryers(region, (drawn.DAY_1, DAY_2)), plan).breaches]
    assert told == [f"dryers, {drawn.DAY_1}", f"dryers, {DAY_2}"]


def test_what_waits_from_a_day_without_drying_is_dried_the_day_after(region: Region, plan: Plan) -> None:
    """5 t may wait, and 20 t of C come behind them on day 2: 5 t are left again, no more."""
    little = drawn.changed_job(with_dryers(region, (drawn.DAY_1, drawn.DAY_1)), "A", wet_t=5.0)
    assert check_plan(little, plan).ok
    more = drawn.changed_job(little, "C", wet_t=20.1)
    assert [breach.rule for breach in check_plan(more, plan).breaches] == [Rule.DRYER]


def test_the_other_dryers_go_on(region: Region, plan: Plan) -> None:
    assert check_plan(with_dryers(region, (drawn.DAY_1, DAY_2), others=1), plan).ok


def test_a_dryer_down_on_other_days_breaks_nothing(region: Region, plan: Plan) -> None:
    before, after = drawn.DAY_1 - timedelta(days=3), DAY_2 + timedelta(days=1)
    assert check_plan(with_dryers(region, (before, before), (after, after)), plan).ok
