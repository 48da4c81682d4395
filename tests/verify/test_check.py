"""Each rule of a plan broken alone, and named alone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
from tests.verify import drawn

from nongshi.core.plan import Bound, Plan, Reason, Route, Unserved
from nongshi.core.region import Dryer, Region, Workday
from nongshi.verify import Rule, check_figures, check_plan


@pytest.fixture
def region() -> Region:
    return drawn.region()


@pytest.fixture
def plan(region: Region) -> Plan:
    return drawn.plan(region)


def broken(region: Region, plan: Plan) -> list[Rule]:
    """The rules a plan breaks, once its totals are made true, so that only the tampering itself is seen."""
    return [breach.rule for breach in check_plan(region, drawn.scored(region, plan)).breaches]


def test_a_right_plan_passes_and_is_worth_what_one_reckons_by_hand(region: Region, plan: Plan) -> None:
    verdict = check_plan(region, plan)
    assert verdict.ok
    assert verdict.breaches == ()
    totals = verdict.totals
    assert totals.value_fen == pytest.approx(700_000)
    assert totals.loss_fen == pytest.approx(40_000)  # C ends a day after it is due: a tenth of 400,000
    assert (totals.km, totals.area_ha) == (pytest.approx(20.0), pytest.approx(14.0))
    assert totals.move_cost_fen == pytest.approx(2_000)  # 20 km
    assert totals.work_cost_fen == pytest.approx(7_000)  # 14 h
    assert (totals.jobs_served, totals.jobs_unserved) == (3, 1)
    assert verdict.objective_fen == pytest.approx(651_000)


def test_a_plan_of_nothing_passes(region: Region) -> None:
    assert check_plan(region, drawn.plan(region, table="", crews="")).ok


def test_a_breach_names_machine_job_time_and_both_numbers(region: Region, plan: Plan) -> None:
    (breach,) = check_plan(drawn.changed_job(region, "C", close="2T13:00"), plan).breaches
    assert str(breach) == (
        "close: machine M1, job C part 1: ends 2026-11-02T14:00:00, but the window closes 2026-11-02T13:00:00"
    )


# Legs: one written time moved, so that one leg is wrong


@pytest.mark.parametrize(
    ("job_id", "changes", "rule"),
    [
        ("A", {"depart": "1T07:30", "arrive": "1T09:00"}, Rule.WORK_HOURS),
        ("A", {"arrive": "1T08:30"}, Rule.MOVE_TIME),
        ("C", {"depart": "1T14:00", "arrive": "1T15:00"}, Rule.LEAVES_EARLY),
        ("C", {"start": "1T15:30", "end": "2T13:30"}, Rule.STARTS_BEFORE_ARRIVAL),
        ("C", {"end": "2T13:30"}, Rule.WORK_TIME),
        ("C", {"end": "2T14:30"}, Rule.WORK_TIME),
        ("C", {"km": 9.9}, Rule.KM),
    ],
)
def test_one_leg_bent_is_the_one_named(
    region: Region, plan: Plan, job_id: str, changes: dict[str, Any], rule: Rule
) -> None:
    assert broken(region, drawn.edited(region, plan, job_id, **changes)) == [rule]


def test_work_that_starts_at_night_is_outside_work_hours_though_its_working_time_is_right(region: Region) -> None:
    plan = drawn.plan(region, "C 1 1T08:00 1T09:30 1T20:00 2T16:00 20", crews="1 M1 P1, 2 M1 P1")
    assert broken(region, plan) == [Rule.WORK_HOURS]


def test_a_machine_never_crewed_is_named_once_a_stop(region: Region) -> None:
    assert broken(region, drawn.plan(region, crews="")) == [Rule.WORK_HOURS] * 4


def test_work_over_a_day_without_crew_ends_too_early(region: Region) -> None:
    """C is begun on day 1 and goes on on day 2, for which nobody is assigned."""
    assert broken(region, drawn.plan(region, crews="1 M1 P1")) == [Rule.WORK_TIME]


def test_work_that_needs_more_than_all_crewed_hours_cannot_end_with_the_last_of_them(region: Region) -> None:
    """C needs 8 h, of which 2 are left when the only crewed day ends."""
    one_day = drawn.plan(region, crews="1 M1 P1")
    assert broken(region, drawn.edited(region, one_day, "C", end="1T18:00")) == [Rule.WORK_TIME]


def test_rain_stops_work_of_the_class_it_is_written_for(region: Region, plan: Plan) -> None:
    day_2 = region.start_date + timedelta(days=1)
    rain = Workday(date=day_2, machine_class="combine", start=None, end=None)
    other = Workday(date=day_2, machine_class="tractor", start=None, end=None)
    assert broken(replace(region, workdays=(*region.workdays, rain)), plan) == [Rule.WORK_TIME]
    assert broken(replace(region, workdays=(*region.workdays, other)), plan) == []


def test_a_date_without_a_row_has_no_work(region: Region, plan: Plan) -> None:
    assert broken(replace(region, workdays=region.workdays[:1]), plan) == [Rule.WORK_TIME]


def test_hours_max_ends_the_day_counted_from_its_first_work_hour(region: Region, plan: Plan) -> None:
    """9 h: the day ends at 17:00, so that the hour of C after it is left for the next day."""
    short = drawn.changed_operator(region, "P1", hours_max=9.0)
    assert broken(short, plan) == [Rule.WORK_TIME]
    assert broken(short, drawn.edited(short, plan, "C", end="2T15:00")) == []


def test_hours_max_counts_from_the_shift_though_the_machine_comes_later(region: Region) -> None:
    """5 h from 08:00 end at 13:00, not at 14:00, on a machine that comes at 09:00."""
    late = drawn.changed_machine(drawn.changed_operator(region, "P1", hours_max=5.0), "M1", available_from="1T09:00")
    one = "A 1 1T09:00 1T10:00 1T10:00 1T12:00 10\n"
    assert broken(late, drawn.plan(late, one)) == []
    two = one + "B 1 1T12:00 1T12:00 1T12:00 1T14:00 0\nB 2 1T14:00 1T14:00 2T08:00 2T10:00 0"
    assert Rule.WORK_TIME in broken(late, drawn.plan(late, two))


def test_a_machine_works_only_from_and_to(region: Region, plan: Plan) -> None:
    away_early = drawn.changed_machine(region, "M1", available_from="1T08:30")
    assert broken(away_early, plan) == [Rule.WORK_HOURS, Rule.MOVE_TIME]
    away_late = drawn.changed_machine(region, "M1", available_to="2T13:00")
    assert broken(away_late, plan) == [Rule.WORK_TIME]


def test_waiting_before_a_start_is_allowed(region: Region) -> None:
    assert broken(region, drawn.plan(region, "A 1 1T08:00 1T09:00 1T12:00 1T14:00 10")) == []


def test_two_fields_with_one_gate_still_need_loading(region: Region, plan: Plan) -> None:
    """Zero move time is for stops on the same field, not for the same place."""
    fields = tuple(replace(f, gate_lat=region.fields[0].gate_lat) for f in region.fields)
    near = replace(region, fields=fields)
    no_load = drawn.plan(near, "A 1 1T08:00 1T09:00 1T09:00 1T11:00 10\nC 1 1T11:00 1T11:00 1T11:00 2T09:00 0")
    assert broken(near, no_load) == [Rule.MOVE_TIME]


def test_work_that_ends_with_the_day_may_end_in_the_evening_or_the_next_morning_but_not_at_midnight_minus_a_leg(
    region: Region,
) -> None:
    """9 h from 09:00 end at 18:00; rounding may push that to 08:00, but never into the middle of the morning."""
    day = drawn.changed_job(region, "A", area_ha=9.0)
    evening = drawn.plan(day, "A 1 1T08:00 1T09:00 1T09:00 1T18:00 10")
    assert broken(day, evening) == []
    assert broken(day, drawn.edited(day, evening, "A", end="2T08:00")) == []
    assert broken(day, drawn.edited(day, evening, "A", end="2T08:02")) == [Rule.WORK_TIME]


def test_a_minute_of_work_left_over_night_does_not_hide_the_night(region: Region) -> None:
    """The last 30 s fall on the next morning: an end written 14 h before is not within 60 s of the true one."""
    day = drawn.changed_job(region, "A", area_ha=9.0 + 30 / 3600)
    plan = drawn.plan(day, "A 1 1T08:00 1T09:00 1T09:00 1T18:00 10")
    assert broken(day, plan) == [Rule.WORK_TIME]


# Tolerances


@pytest.mark.parametrize(("late_s", "rules"), [(59, []), (61, [Rule.CLOSE])])
def test_a_minute_is_allowed_on_a_time(region: Region, plan: Plan, late_s: int, rules: list[Rule]) -> None:
    close = region.job_of["C"].close.replace(day=2, hour=14) - timedelta(seconds=late_s)
    assert broken(drawn.changed_job(region, "C", close=close), plan) == rules


@pytest.mark.parametrize(("wrong_s", "rules"), [(-59, []), (59, []), (-65, [Rule.WORK_TIME]), (65, [Rule.WORK_TIME])])
def test_a_minute_is_allowed_on_a_leg(region: Region, plan: Plan, wrong_s: int, rules: list[Rule]) -> None:
    end = plan.routes[0].stops[3].end + timedelta(seconds=wrong_s)
    assert broken(region, drawn.edited(region, plan, "C", end=end)) == rules


@pytest.mark.parametrize(
    ("name", "within", "beyond"),
    [
        ("value_fen", 49, 51),
        ("loss_fen", 49, 51),
        ("work_cost_fen", 49, 51),
        ("move_cost_fen", 49, 51),
        ("km", 0.04, 0.06),
        ("area_ha", 0.0009, 0.0021),
        ("jobs_served", 0, 1),
        ("jobs_unserved", 0, 1),
    ],
)
def test_a_sum_may_be_wrong_by_its_tolerance_and_no_more(
    region: Region, plan: Plan, name: str, within: float, beyond: float
) -> None:
    def rules(wrong: float) -> set[Rule]:
        totals = replace(plan.totals, **{name: getattr(plan.totals, name) + wrong})
        return {breach.rule for breach in check_plan(region, replace(plan, totals=totals)).breaches}

    assert rules(within) == rules(-within) == set()
    assert Rule.TOTALS in rules(beyond) <= {Rule.TOTALS, Rule.OBJECTIVE}
    assert Rule.TOTALS in rules(-beyond)


def test_two_sums_each_within_tolerance_can_still_make_a_wrong_objective(region: Region, plan: Plan) -> None:
    totals = replace(plan.totals, value_fen=plan.totals.value_fen + 40, loss_fen=plan.totals.loss_fen - 40)
    assert [b.rule for b in check_plan(region, replace(plan, totals=totals)).breaches] == [Rule.OBJECTIVE]


def test_numbers_that_are_no_numbers_are_breaches(region: Region, plan: Plan) -> None:
    totals = replace(plan.totals, value_fen=float("nan"))
    rules = [b.rule for b in check_plan(region, replace(plan, totals=totals)).breaches]
    assert rules == [Rule.TOTALS, Rule.OBJECTIVE]
    assert broken(region, drawn.edited(region, plan, "C", km=float("nan"))) == [Rule.KM]


# Windows, jobs, parts


def test_a_start_before_open_is_named(region: Region, plan: Plan) -> None:
    assert broken(drawn.changed_job(region, "C", open="1T16:30"), plan) == [Rule.OPEN]


def test_an_operation_without_a_rate_is_named(region: Region, plan: Plan) -> None:
    assert broken(drawn.changed_job(region, "C", operation="till"), plan) == [Rule.NO_RATE]


def test_a_job_of_two_parts_may_be_served_whole(region: Region) -> None:
    assert broken(region, drawn.plan(region, "B 1 1T08:00 1T09:00 1T09:00 1T13:00 10 4.0")) == []
    rounded = drawn.plan(region, "B 1 1T08:00 1T09:00 1T09:00 1T13:00 10 3.999")
    assert broken(region, rounded) == []
    assert rounded.totals.value_fen == 200_000  # a written area is rounded; the share is not


def test_one_part_of_two_is_not_a_job(region: Region) -> None:
    assert broken(region, drawn.plan(region, "B 1 1T08:00 1T09:00 1T09:00 1T11:00 10")) == [Rule.PARTS]


def test_a_part_number_that_does_not_exist_is_named(region: Region, plan: Plan) -> None:
    assert broken(region, drawn.edited(region, plan, "B", 2, part=3)) == [Rule.PARTS]


def test_a_part_served_twice_is_named(region: Region, plan: Plan) -> None:
    assert broken(region, drawn.edited(region, plan, "B", 2, part=1)) == [Rule.JOB_TWICE]


def test_a_whole_job_served_twice_is_named(region: Region) -> None:
    twice = "A 1 1T08:00 1T09:00 1T09:00 1T11:00 10\nA 1 1T11:00 1T11:00 1T11:00 1T13:00 0"
    assert broken(region, drawn.plan(region, twice)) == [Rule.JOB_TWICE]


def test_a_part_of_another_area_is_named(region: Region, plan: Plan) -> None:
    assert broken(region, drawn.edited(region, plan, "B", 2, area_ha=1.99)) == [Rule.PART_AREA]
    assert broken(region, drawn.edited(region, plan, "A", area_ha=2.01)) == [Rule.PART_AREA]


# Crews


def test_an_operator_on_two_machines_is_named(region: Region) -> None:
    assert broken(region, drawn.plan(region, crews="1 M1 P1, 2 M1 P1, 1 M2 P1")) == [Rule.CREW_TWO_MACHINES]


def test_a_machine_with_two_operators_is_named(region: Region) -> None:
    lent = drawn.changed_operator(region, "P2", shared=True)
    assert broken(lent, drawn.plan(lent, crews="1 M1 P1, 2 M1 P1, 1 M1 P2")) == [Rule.CREW_TWO_OPERATORS]


def test_a_machine_needs_its_licence(region: Region) -> None:
    assert broken(region, drawn.plan(region, crews="1 M1 P3, 2 M1 P1")) == [Rule.CREW_NO_LICENCE]
    assert broken(region, drawn.plan(region, crews="1 M1 P1, 2 M1 P1, 1 M2 P3")) == []


def test_a_licence_counts_on_its_last_day_and_not_after(region: Region, plan: Plan) -> None:
    day_1, day_2 = region.start_date, region.start_date + timedelta(days=1)
    assert broken(drawn.changed_operator(region, "P1", licences={"S": day_2}), plan) == []
    assert broken(drawn.changed_operator(region, "P1", licences={"S": day_1}), plan) == [Rule.CREW_LICENCE_EXPIRED]


def test_an_off_day_is_off(region: Region, plan: Plan) -> None:
    off = drawn.changed_operator(region, "P1", off_days=frozenset({region.start_date}))
    assert broken(off, plan) == [Rule.CREW_OFF_DAY]


def test_only_a_shared_operator_drives_another_owners_machine(region: Region) -> None:
    plan = drawn.plan(region, crews="1 M1 P2, 2 M1 P1")
    assert broken(region, plan) == [Rule.CREW_OWNER]
    assert broken(drawn.changed_operator(region, "P2", shared=True), plan) == []


def test_a_crew_on_a_machine_that_is_away_is_named(region: Region) -> None:
    away = drawn.changed_machine(region, "M2", available_to="2T00:00")
    assert broken(away, drawn.plan(away, crews="1 M1 P1, 2 M1 P1, 1 M2 P3")) == []
    assert broken(away, drawn.plan(away, crews="1 M1 P1, 2 M1 P1, 2 M2 P3")) == [Rule.CREW_MACHINE_AWAY]
    later = drawn.changed_machine(region, "M2", available_from="2T00:00")
    assert broken(later, drawn.plan(later, crews="1 M1 P1, 2 M1 P1, 1 M2 P3")) == [Rule.CREW_MACHINE_AWAY]


def test_a_crew_beyond_the_horizon_is_named_and_gives_no_work_hours(region: Region) -> None:
    assert broken(region, drawn.plan(region, crews="1 M1 P1, 2 M1 P1, 3 M1 P1")) == [Rule.HORIZON]
    assert broken(region, drawn.plan(region, crews="1 M1 P1, 3 M1 P1")) == [Rule.HORIZON, Rule.WORK_TIME]


# Order and dryers


def test_a_job_waits_for_the_job_before_it_and_its_hours(region: Region, plan: Plan) -> None:
    assert broken(drawn.changed_job(region, "C", after_job_id="B", after_h=1.0), plan) == []
    assert broken(drawn.changed_job(region, "C", after_job_id="B", after_h=1.1), plan) == [Rule.AFTER_JOB]


def test_a_job_is_not_served_without_the_job_before_it(region: Region, plan: Plan) -> None:
    assert broken(drawn.changed_job(region, "C", after_job_id="D"), plan) == [Rule.AFTER_JOB]


@pytest.mark.parametrize(("t_day", "hold_t", "rules"), [(10, 20, []), (10, 19, [Rule.DRYER]), (9, 20, [Rule.DRYER])])
def test_wet_grain_beyond_the_day_waits_and_only_so_much_may(
    region: Region, plan: Plan, t_day: float, hold_t: float, rules: list[Rule]
) -> None:
    """30 t end on day 1 (A 10, B 20); 20 t of them wait over night. The second day's 10 t are dried at once."""
    wet = drawn.changed_job(drawn.changed_job(region, "A", wet_t=10.0), "B", wet_t=20.0)
    assert broken(replace(wet, dryers=(_dryer(t_day, hold_t),)), plan) == rules


def test_wet_grain_counts_only_where_there_are_dryers(region: Region, plan: Plan) -> None:
    assert broken(drawn.changed_job(region, "A", wet_t=500.0), plan) == []


def test_grain_that_waits_adds_to_the_next_days(region: Region, plan: Plan) -> None:
    """20 t wait over the first night, and C's 15 t come: 25 t over the second, of 20 that may."""
    wet = drawn.changed_job(drawn.changed_job(region, "A", wet_t=30.0), "C", wet_t=15.0)
    verdict = check_plan(replace(wet, dryers=(_dryer(5, 10), _dryer(5, 10))), plan)
    assert [breach.where for breach in verdict.breaches] == ["dryers, 2026-11-02"]


def _dryer(t_day: float, hold_t: float) -> Dryer:
    return Dryer(id="D", lon=121.0, lat=30.0, t_day=t_day, hold_t=hold_t)


# Names and lists


def test_a_plan_for_another_region_is_named(region: Region, plan: Plan) -> None:
    assert broken(region, replace(plan, region="elsewhere")) == [Rule.REGION]


def test_ids_that_the_region_does_not_have_are_named(region: Region, plan: Plan) -> None:
    ghost = drawn.crew(region, "1", "M1", "P1")
    unserved = (*plan.unserved, Unserved(job_id="Z", reason=Reason.NO_CAPACITY, text=""))
    assert broken(region, replace(plan, unserved=unserved)) == [Rule.UNKNOWN_ID]
    assert broken(region, replace(plan, crews=(*plan.crews, replace(ghost, machine_id="Z", operator_id="P3")))) == [
        Rule.UNKNOWN_ID
    ]
    second = replace(ghost, machine_id="M2", operator_id="Z")
    assert broken(region, replace(plan, crews=(*plan.crews, second))) == [Rule.UNKNOWN_ID]
    assert broken(region, replace(plan, routes=(*plan.routes, Route(machine_id="Z", stops=())))) == [Rule.UNKNOWN_ID]
    stray = replace(plan.routes[0].stops[0], job_id="Z")
    route = replace(plan.routes[0], stops=(*plan.routes[0].stops, stray))
    assert broken(region, replace(plan, routes=(route,))) == [Rule.UNKNOWN_ID]


def test_a_second_route_of_a_machine_is_named(region: Region, plan: Plan) -> None:
    stops = plan.routes[0].stops
    split = (Route(machine_id="M1", stops=stops[:3]), Route(machine_id="M1", stops=stops[3:]))
    assert Rule.ROUTE_TWICE in broken(region, replace(plan, routes=split))
    assert broken(region, replace(plan, routes=(*plan.routes, Route(machine_id="M1", stops=())))) == [Rule.ROUTE_TWICE]


def test_the_unserved_list_is_exactly_the_jobs_not_served(region: Region, plan: Plan) -> None:
    (out,) = plan.unserved
    for wrong in ((), (out, out), (out, replace(out, job_id="A"))):
        assert broken(region, replace(plan, unserved=wrong)) == [Rule.UNSERVED]


def test_a_reason_that_nobody_documented_is_named(region: Region, plan: Plan) -> None:
    out = replace(plan.unserved[0], reason=cast(Reason, "bad_mood"))
    assert broken(region, replace(plan, unserved=(out,))) == [Rule.REASON]


# Bound and gap


def test_a_bound_below_the_plan_is_refuted(region: Region, plan: Plan) -> None:
    assert broken(region, drawn.bounded(plan, 651_000)) == []
    assert broken(region, drawn.bounded(plan, 650_900)) == [Rule.BOUND]
    assert broken(region, replace(plan, bound=Bound(bound_fen=float("nan")))) == [Rule.BOUND]


def test_a_file_may_not_state_another_objective_or_gap_than_its_stops_give(region: Region, plan: Plan) -> None:
    bounded = drawn.bounded(plan, 716_100)  # 10 % above 651,000
    assert check_figures(region, bounded, objective_fen=651_040, gap=0.10005) == ()
    wrong = check_figures(region, bounded, objective_fen=651_060, gap=0.09)
    assert [breach.rule for breach in wrong] == [Rule.OBJECTIVE, Rule.GAP]
    assert [breach.rule for breach in check_figures(region, plan, gap=0.0)] == [Rule.GAP]
