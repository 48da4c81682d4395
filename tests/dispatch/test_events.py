"""Day 1 is worked by M1 (A 9-11, B 11-13, C 13-15) and M2 (E 9-13, F 13-15), day 2 by M1 (D 8-10)."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from tests.dispatch import drawn
from tests.dispatch.drawn import moment

from nongshi.core.errors import BadFiles, BadInput, NotFound, NotPlannable
from nongshi.core.events import (
    DryerDown,
    Event,
    Events,
    JobArea,
    JobCancelled,
    MachineArrived,
    MachineDown,
    OperatorIll,
    Rain,
    UrgentJob,
)
from nongshi.core.plan import Plan
from nongshi.core.region import Dryer, Region
from nongshi.dispatch.events import Applied, Why, apply_events
from nongshi.dispatch.problem import make_problem
from nongshi.dispatch.solution import Solution, make_plan

JOBS = """
job  km  ha  open     due      close    yuan
A    10   2  1T00:00  1T18:00  3T24:00  1000
B    10   2  1T00:00  1T18:00  3T24:00  1000
C    10   2  1T00:00  1T18:00  3T24:00  1000
D    10   2  2T00:00  2T18:00  3T24:00  1000
E    10   4  1T00:00  1T18:00  3T24:00  1000
F    10   2  1T00:00  1T18:00  3T24:00  1000
"""
MACHINES = """
machine  class    owner  km
M1       combine  O       0
M2       combine  O       0
"""
OPERATORS = """
operator  owner  licences
P1        O      S:2030-01-01
P2        O      S:2030-01-01
"""
WORKDAYS = """
day  class  start  end
1    *      08:00  18:00
2    *      08:00  18:00
3    *      08:00  18:00
"""
DAY = date(2026, 11, 1)


def drawn_plan(region: Region) -> Plan:
    names = {job.id: i for i, job in enumerate(region.jobs)}
    routes = (tuple(names[i] for i in "ABCD"), tuple(names[i] for i in "EF"))
    crew = np.array([[0, 0, -1], [1, 1, -1]])
    solution = Solution(crew=crew, routes=routes)
    problem = make_problem(region)
    return make_plan(problem, solution, engine="own", seed=1, cpu_s=None, iterations=1, bound=None, unserved=[])


@pytest.fixture
def region() -> Region:
    return drawn.region(JOBS, MACHINES, OPERATORS, WORKDAYS, days=3)


def apply(region: Region, now: str, *events: Event, freeze_h: float = 0.0) -> Applied:
    plan = drawn_plan(region)
    return apply_events(region, plan, Events(now=moment(now), events=events), freeze_h=freeze_h)


def down(machine_id: str, since: str, until: str) -> MachineDown:
    return MachineDown(machine_id=machine_id, since=moment(since), until=moment(until))


def ids(placed: tuple[object, ...]) -> str:
    return "".join(sorted(one.stop.job_id for one in placed))  # type: ignore[attr-defined]


def hours(applied: Applied, machine_id: str, day: int) -> tuple[float, float]:
    """What the planner's clock leaves of a day, in hours."""
    problem = make_problem(applied.region)
    m = [machine.id for machine in applied.region.machines].index(machine_id)
    midnight_s = problem.midnight_s[day - 1]
    span = problem.day_start_s[m, day - 1], problem.day_end_s[m, day - 1]
    return (span[0] - midnight_s) / 3600, (span[1] - midnight_s) / 3600


def test_without_events_only_time_sorts_the_stops(region: Region) -> None:
    applied = apply(region, "1T10:00", freeze_h=2)
    assert ids(applied.plan_kept) == "ABE"
    assert [(one.stop.job_id, one.begun) for one in applied.plan_kept] == [("A", True), ("B", False), ("E", True)]
    assert (ids(applied.promised), applied.released, applied.dropped) == ("CDF", (), ())
    assert applied.region == region
    assert applied.plan == applied.plan_before


def test_history_keeps_its_crews_and_the_future_is_free(region: Region) -> None:
    applied = apply(region, "2T07:00")
    assert {(crew.date.day, crew.machine_id, crew.operator_id) for crew in applied.crews_kept} == {
        (1, "M1", "P1"),
        (1, "M2", "P2"),
    }


def test_what_a_breakdown_interrupts_is_planned_again_whole(region: Region) -> None:
    applied = apply(region, "1T10:00", down("M2", "1T10:00", "2T12:00"))
    assert [(one.stop.job_id, one.begun, one.why) for one in applied.released] == [
        ("E", True, Why.MACHINE_DOWN),
        ("F", False, Why.MACHINE_DOWN),
    ]
    assert ids(applied.plan_kept) == "A"
    assert hours(applied, "M2", 1) == (8, 10)
    assert hours(applied, "M2", 2) == (12, 18)


def test_a_breakdown_behind_work_of_the_day_ends_the_day(region: Region) -> None:
    """The longer piece is 13-18, but A and B are worked before."""
    applied = apply(region, "1T11:30", down("M1", "1T13:00", "1T13:30"))
    assert hours(applied, "M1", 1) == (8, 13)
    assert applied.region.machine_of["M1"].down == ((moment("1T13:00"), moment("2T00:00")),)
    assert (ids(applied.plan_kept), ids(applied.released)) == ("ABE", "C")


def test_a_breakdown_of_a_machine_that_still_stands_keeps_the_longer_piece(region: Region) -> None:
    applied = apply(region, "1T06:00", down("M1", "2T10:00", "2T11:00"), down("M2", "2T15:00", "2T16:00"))
    assert hours(applied, "M1", 2) == (11, 18)
    assert hours(applied, "M2", 2) == (8, 15)
    assert (ids(applied.released), ids(applied.promised)) == ("D", "ABCEF")


def test_of_today_only_the_hours_to_come_count_for_the_longer_piece(region: Region) -> None:
    later = tuple(replace(job, open=moment("2T00:00")) if job.id in "ABCD" else job for job in region.jobs)
    applied = apply(replace(region, jobs=later), "1T12:00", down("M1", "1T14:00", "1T15:00"))
    assert hours(applied, "M1", 1) == (15, 18)


def test_two_breakdowns_of_a_day_leave_one_piece_that_the_planner_sees_too(region: Region) -> None:
    applied = apply(region, "1T06:00", down("M1", "2T10:00", "2T11:00"), down("M1", "2T16:00", "2T17:00"))
    assert hours(applied, "M1", 2) == (11, 16)


def test_a_breakdown_at_night_moves_nothing(region: Region) -> None:
    applied = apply(region, "1T10:00", down("M1", "1T19:00", "2T06:00"))
    assert applied.released == ()
    assert hours(applied, "M1", 2) == (8, 18)


def test_a_breakdown_before_now_undoes_what_the_plan_thought_done(region: Region) -> None:
    applied = apply(region, "1T12:00", down("M1", "1T10:00", "1T18:00"))
    assert [(one.stop.job_id, one.begun) for one in applied.released] == [("A", True), ("B", True), ("C", False)]


def test_rain_interrupts_what_has_begun_and_takes_its_class_only(region: Region) -> None:
    """M2 has begun E; it goes on the next morning, as its day ends with the rain."""
    rain = Rain(since=moment("1T12:00"), until=moment("1T14:00"), machine_class="combine")
    applied = apply(region, "1T11:30", rain)
    kept = {one.stop.job_id: one.stop for one in applied.plan_kept}
    assert set(kept) == {"A", "B", "E"}
    assert kept["E"].end == moment("2T09:00")
    assert kept["E"].start == moment("1T09:00")
    assert [(one.stop.job_id, one.why) for one in applied.released] == [("C", Why.RAIN), ("F", Why.RAIN)]
    other = replace(rain, machine_class="tractor")
    assert apply(region, "1T11:30", other).region == region


def test_rain_that_fell_before_now_does_not_change_what_was_done(region: Region) -> None:
    applied = apply(region, "1T13:30", Rain(since=moment("1T09:00"), until=moment("1T16:00")))
    assert "A" in ids(applied.plan_kept)
    assert hours(applied, "M1", 1) == (8, 13.5)


def test_who_falls_ill_before_work_has_the_day_off_and_the_promise_stands(region: Region) -> None:
    applied = apply(region, "1T07:00", OperatorIll(operator_id="P1", first=DAY, last=DAY), freeze_h=3)
    assert applied.region.operator_of["P1"].off_days == {DAY}
    assert (ids(applied.plan_kept), ids(applied.promised), applied.barred) == ("E", "ABCDF", frozenset())
    assert {crew.operator_id for crew in applied.crews_kept} == {"P2"}


def test_who_falls_ill_at_work_ends_what_is_begun_and_the_machine_stands(region: Region) -> None:
    ill = OperatorIll(operator_id="P1", first=DAY, last=DAY + timedelta(days=1))
    applied = apply(region, "1T10:00", ill, freeze_h=2)
    assert applied.region.operator_of["P1"].off_days == {DAY + timedelta(days=1)}
    assert applied.barred == {("P1", DAY)}
    assert (ids(applied.plan_kept), ids(applied.released), ids(applied.promised)) == ("AE", "BC", "DF")
    assert {one.why for one in applied.released} == {Why.OPERATOR_ILL}
    assert hours(applied, "M1", 1)[1] == pytest.approx(11, abs=0.02)


@pytest.mark.parametrize(("spare", "driver"), [("P3        O      S:2030-01-01", "P3"), ("", "P1")])
def test_work_that_goes_on_tomorrow_gets_another_driver(spare: str, driver: str) -> None:
    """E takes till 10:00 on day 2, when P2 is ill: somebody idle drives, else who has only promises that day."""
    region = drawn.region(JOBS.replace("E    10   4", "E    10  11"), MACHINES, OPERATORS + spare, WORKDAYS, days=3)
    plan = drawn_plan(region)
    assert plan.routes[1].stops[0].end > moment("1T18:00")
    ill = OperatorIll(operator_id="P2", first=DAY + timedelta(days=1), last=DAY + timedelta(days=1))
    applied = apply_events(region, plan, Events(now=moment("1T17:00"), events=(ill,)), freeze_h=0)
    assert "E" in ids(applied.plan_kept)
    drivers = {(crew.date.day, crew.machine_id): crew.operator_id for crew in applied.crews_kept}
    assert drivers[2, "M2"] == driver
    assert len({(crew.date, crew.operator_id) for crew in applied.crews}) == len(applied.crews)


def test_a_smaller_job_is_worth_and_yields_less(region: Region) -> None:
    region = replace(region, jobs=tuple(replace(job, wet_t=10.0) for job in region.jobs))
    applied = apply(region, "1T10:00", JobArea(job_id="C", area_ha=0.5))
    job = applied.region.job_of["C"]
    assert (job.area_ha, job.value_fen, job.wet_t) == (0.5, 25_000, 2.5)
    assert [one.stop.area_ha for one in applied.promised if one.stop.job_id == "C"] == [0.5]


def test_a_larger_job_that_pushes_a_frozen_stop_away_releases_it(region: Region) -> None:
    """B takes 11-14 now; C is promised for 13."""
    applied = apply(region, "1T10:00", JobArea(job_id="B", area_ha=3.0), freeze_h=4)
    assert (ids(applied.plan_kept), [(one.stop.job_id, one.why) for one in applied.released]) == (
        "ABEF",
        [("C", Why.LATE)],
    )
    assert applied.plan.routes[0].stops[1].end == moment("1T14:00")


def test_other_parts_of_a_job_are_other_promises(region: Region) -> None:
    region = replace(region, jobs=tuple(replace(j, part_max_ha=1.0) if j.id == "D" else j for j in region.jobs))
    problem = make_problem(region)
    numbers = [p for p, j in enumerate(problem.part_job) if region.jobs[j].id in "ABCD"]
    crew = np.array([[0, 0, -1], [1, -1, -1]])
    solution = Solution(crew=crew, routes=(tuple(numbers), ()))
    plan = make_plan(problem, solution, engine="own", seed=1, cpu_s=None, iterations=1, bound=None, unserved=[])
    events = Events(now=moment("1T10:00"), events=(JobArea(job_id="D", area_ha=3.0),))
    applied = apply_events(region, plan, events, freeze_h=0)
    assert [(one.stop.job_id, one.why) for one in applied.released] == [("D", Why.JOB_AREA)] * 2


def test_who_follows_a_cancelled_job_goes_with_it_unless_told_otherwise(region: Region) -> None:
    after = {"D": "C", "F": "D"}
    region = replace(region, jobs=tuple(replace(job, after_job_id=after.get(job.id)) for job in region.jobs))
    region = replace(
        region, jobs=tuple(replace(job, after_job_id=None) if job.id == "F" else job for job in region.jobs)
    )
    gone = apply(region, "1T10:00", JobCancelled(job_id="C"))
    assert [(one.job_id, one.after_job_id) for one in gone.dropped] == [("C", None), ("D", "C")]
    assert {job.id for job in gone.region.jobs} == set("ABEF")
    stays = apply(region, "1T10:00", JobCancelled(job_id="C", keep_followers=True))
    assert [one.job_id for one in stays.dropped] == ["C"]
    assert stays.region.job_of["D"].after_job_id is None


def test_urgent_jobs_and_machines_come_in_and_move_no_earlier_than_now(region: Region) -> None:
    urgent = replace(region.job_of["A"], id="U")
    machine, operator = replace(region.machines[0], id="M9"), replace(region.operators[0], id="P9")
    applied = apply(region, "1T10:00", UrgentJob(job=urgent), MachineArrived(machine=machine, operator=operator))
    assert applied.region.job_of["U"] == urgent
    assert applied.region.machine_of["M9"].available_from == moment("1T10:00")
    assert applied.region.operator_of["P9"] == operator
    assert ids(applied.promised) == "BCDF"


def test_a_dryer_that_is_down_lets_go_of_frozen_grain_and_names_what_is_harvested(region: Region) -> None:
    jobs = tuple(replace(job, wet_t=10.0) for job in region.jobs)
    region = replace(region, jobs=jobs, dryers=(Dryer(id="K", lon=121.0, lat=30.0, t_day=50.0, hold_t=20.0),))
    event = DryerDown(dryer_id="K", first=DAY, last=DAY + timedelta(days=1))
    applied = apply(region, "1T10:00", event, freeze_h=4)
    assert ids(applied.released) == "BCF"
    assert {one.why for one in applied.released} == {Why.DRYERS_FULL}
    assert ids(applied.plan_kept) == "AE"
    assert applied.region.dryers[0].down == ((DAY, DAY + timedelta(days=1)),)
    full = replace(region, dryers=(replace(region.dryers[0], hold_t=5.0),))
    with pytest.raises(NotPlannable, match="hold_t"):
        apply(full, "1T10:00", event)


def test_all_that_cannot_be_true_is_named_at_once(region: Region) -> None:
    late = down("M1", "1T06:00", "1T09:00")
    with pytest.raises(BadFiles) as caught:
        apply(
            region,
            "1T12:00",
            down("M8", "1T13:00", "1T14:00"),
            late,
            OperatorIll(operator_id="P8", first=DAY, last=DAY),
            JobCancelled(job_id="A"),
            JobArea(job_id="E", area_ha=1.0),
            JobArea(job_id="C", area_ha=-1.0),
            JobCancelled(job_id="C"),
            DryerDown(dryer_id="K", first=DAY, last=DAY),
            UrgentJob(job=region.job_of["B"]),
            MachineArrived(machine=region.machines[0]),
        )
    told = {fault.column: fault.problem for fault in caught.value.faults}
    assert set(told) == {
        *("events[0].machine_id", "events[1].to", "events[2].operator_id", "events[3].job_id", "events[4].job_id"),
        *("events[5].area_ha", "events[6].job_id", "events[7].dryer_id", "events[8].job.id", "events[9].machine.id"),
    }
    assert "done" in told["events[3].job_id"]
    assert "begun" in told["events[4].job_id"]
    assert "events[5]" in told["events[6].job_id"]
    assert all(fault.mend for fault in caught.value.faults)


def test_now_after_the_last_day_is_refused(region: Region) -> None:
    with pytest.raises(BadFiles, match="last planned day"):
        apply(region, "9T12:00")


def test_a_plan_of_another_region_is_refused(region: Region) -> None:
    plan = drawn_plan(region)
    events = Events(now=moment("1T10:00"), events=())
    with pytest.raises((NotFound, BadInput)):
        apply_events(replace(region, jobs=region.jobs[1:]), plan, events, freeze_h=2)


@pytest.mark.parametrize("hour", range(6, 19))
@pytest.mark.parametrize("length_h", [1, 5, 30])
def test_whatever_stays_is_possible_on_the_clock_after_the_breakdown(region: Region, hour: int, length_h: int) -> None:
    """The law that lets the re-planner cut off what stays: kept stops lie in hours that are left, in order."""
    since: datetime = moment(f"1T{hour:02d}:20")
    event = MachineDown(machine_id="M1", since=since, until=since + timedelta(hours=length_h))
    applied = apply(region, f"1T{hour:02d}:00", event, freeze_h=3)
    first, last = hours(applied, "M1", 1)
    mine = [one.stop for one in applied.plan_kept if one.machine_id == "M1" and one.stop.start.date() == DAY]
    assert all(first <= s.start.hour + s.start.minute / 60 < last for s in mine)
    assert all(s.end <= since or s.start >= event.until for s in mine)
    assert sorted(ids(applied.plan_kept) + ids(applied.promised) + ids(applied.released)) == sorted("ABCDEF")
