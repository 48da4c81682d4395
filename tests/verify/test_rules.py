"""The judge's arithmetic: summer time, the year's end, loss curves, distance, the clock."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.verify import drawn

from nongshi.core.plan import Plan
from nongshi.core.region import LossCurve, Region
from nongshi.verify import Rule, check_plan, score
from nongshi.verify.rules import DAY_S, NOISE_S, loss_share, make_clock, part_count, road_km

CURVE = LossCurve(id="x", days_late=(0.0, 1.0, 2.0), loss_share=(0.0, 0.1, 0.3))


def rules(region: Region, plan: Plan) -> list[Rule]:
    return [breach.rule for breach in check_plan(region, plan).breaches]


def test_a_night_shift_over_the_end_of_summer_time_is_an_hour_longer_than_its_wall_times() -> None:
    """Berlin, 2026-10-25: 00:00 to 06:00 are 7 h. A move of 1 h and 6 ha fill them; 5 ha do not."""
    region = drawn.region("Europe/Berlin", date(2026, 10, 25), ("00:00", "06:00"))
    six = drawn.changed_job(region, "A", area_ha=6.0)
    five = drawn.changed_job(region, "A", area_ha=5.0)
    table = "A 1 1T00:00 1T01:00 1T01:00 1T06:00 10"
    assert rules(six, drawn.plan(six, table)) == []
    assert rules(five, drawn.plan(five, table)) == [Rule.WORK_TIME]


def test_hours_max_is_true_hours_over_the_end_of_summer_time() -> None:
    """6 h from 00:00 end at 05:00 by the wall clock that was put back."""
    region = drawn.region("Europe/Berlin", date(2026, 10, 25), ("00:00", "06:00"))
    six = drawn.changed_operator(drawn.changed_job(region, "A", area_ha=6.0), "P1", hours_max=6.0)
    assert rules(six, drawn.plan(six, "A 1 1T00:00 1T01:00 1T01:00 1T06:00 10")) == [Rule.WORK_TIME]
    assert rules(six, drawn.plan(six, "A 1 1T00:00 1T01:00 1T01:00 2T01:00 10")) == []


def test_lateness_counts_days_of_24_hours_over_the_end_of_summer_time() -> None:
    """Due on the 24th at 14:00, ended on the 25th at 14:00: 25 h, so 1 h on the steeper piece (0.2 a day)."""
    region = drawn.region("Europe/Berlin", date(2026, 10, 24))
    plan = drawn.plan(region)
    assert rules(region, plan) == []
    assert score(region, plan).loss_fen == pytest.approx(400_000 * (0.1 + 0.2 / 24))


def test_a_plan_runs_over_the_years_end() -> None:
    region = drawn.region(start=date(2026, 12, 31))
    plan = drawn.plan(region)
    assert str(plan.routes[0].stops[-1].end.date()) == "2027-01-01"
    assert rules(region, plan) == []
    assert score(region, plan).objective_fen == pytest.approx(651_000)


def test_a_licence_that_ends_with_the_year_does_not_drive_on_new_years_day() -> None:
    region = drawn.changed_operator(drawn.region(start=date(2026, 12, 31)), "P1", licences={"S": date(2026, 12, 31)})
    (breach,) = check_plan(region, drawn.plan(region)).breaches
    assert breach.rule is Rule.CREW_LICENCE_EXPIRED
    assert "2027-01-01" in breach.text
    assert "2026-12-31" in breach.text


@pytest.mark.parametrize(
    ("late_d", "share"), [(-1, 0), (0, 0), (0.5, 0.05), (1, 0.1), (1.5, 0.2), (2, 0.3), (3, 0.5), (9, 1)]
)
def test_loss_follows_its_curve_and_its_last_slope_and_stops_at_all(late_d: float, share: float) -> None:
    assert loss_share(CURVE, late_d * DAY_S) == pytest.approx(share)


def test_a_curve_of_one_point_loses_nothing() -> None:
    assert loss_share(LossCurve(id="x", days_late=(0.0,), loss_share=(0.0,)), 9 * DAY_S) == 0


@given(st.floats(-3, 12))
def test_the_judge_and_the_noun_agree_on_every_lateness(late_d: float) -> None:
    """Two readings of one sentence of the contract, written apart."""
    assert loss_share(CURVE, late_d * DAY_S) == pytest.approx(CURVE.share(late_d), abs=1e-12)


@pytest.mark.parametrize(
    ("area_ha", "part_max_ha", "parts"),
    [(2.0, None, 1), (2.0, 2.0, 1), (2.01, 2.0, 2), (4.0, 2.0, 2), (0.3, 0.1, 3), (0.5, 2.0, 1)],
)
def test_parts_are_the_quotient_rounded_up(area_ha: float, part_max_ha: float | None, parts: int) -> None:
    """0.3 / 0.1 is a hair below 3, and 3 x 0.1 a hair above 0.3: decimal text means three parts."""
    job = drawn.changed_job(drawn.region(), "A", area_ha=area_ha, part_max_ha=part_max_ha).job_of["A"]
    assert part_count(job) == job.parts == parts


def test_a_degree_of_latitude_is_111_km_and_the_detour_multiplies_it() -> None:
    region = drawn.region()
    assert road_km(region, (121.0, 30.0), (121.0, 31.0)) == pytest.approx(111.195, abs=0.001)
    assert road_km(region, (121.0, 60.0), (122.0, 60.0)) == pytest.approx(55.597, abs=0.01)


@given(st.lists(st.integers(0, 500), min_size=2, max_size=8, unique=True), st.integers(0, 600))
def test_a_moment_lies_between_the_earliest_and_latest_of_its_used_time(edges: list[int], moment: int) -> None:
    """The three readings of a clock are of one piece, for any days and any moment between the first and the last.

    Tenths of a second, so that sums carry float noise at the ends of the days.
    """
    cuts = [edge / 10 for edge in sorted(edges)[: len(edges) // 2 * 2]]
    clock = make_clock(zip(cuts[::2], cuts[1::2], strict=True))
    inside = min(max(moment / 10, cuts[0]), cuts[-1])
    used_s = clock.used_s(inside)
    assert clock.earliest(used_s) <= inside + NOISE_S
    assert clock.latest(used_s) >= inside - NOISE_S
    assert clock.used_s(clock.earliest(used_s)) == pytest.approx(used_s)
    assert clock.used_s(clock.latest(used_s)) == pytest.approx(used_s)
