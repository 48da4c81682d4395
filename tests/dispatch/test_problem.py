from dataclasses import replace
from datetime import date, datetime, time

import numpy as np
import pytest
from tests.dispatch import drawn

from nongshi.core.region import Dryer, Region
from nongshi.dispatch.problem import Problem, make_problem

HOUR_S = 3600.0


def day_hours(problem: Problem, m: int = 0) -> list[tuple[float, float]]:
    """Begin and end of each day's usable hours, in hours after the first midnight."""
    return [(a / HOUR_S, b / HOUR_S) for a, b in zip(problem.day_start_s[m], problem.day_end_s[m], strict=True)]


def job_with(more: str = "", *, ha: str = "5", opens: str = "1T00:00", close: str = "2T24:00") -> Region:
    return drawn.region(f"""
    job  km  ha    open     due      close    yuan
    A    10  {ha}  {opens}  1T11:00  {close}  1000  {more}
    """)


def test_a_splittable_job_stands_as_its_equal_parts_with_equal_shares() -> None:
    problem = make_problem(job_with("part_max_ha=2"))

    assert problem.job_parts.tolist() == [3]
    assert problem.part_no.tolist() == [1, 2, 3]
    assert problem.part_area_ha == pytest.approx([5 / 3] * 3)
    assert problem.part_value_fen.sum() == pytest.approx(100_000)
    assert problem.work_s[0] == pytest.approx([5 / 3 * HOUR_S] * 3)


def test_parts_of_several_jobs_stand_in_a_row() -> None:
    problem = make_problem(drawn.region())
    assert problem.job_first.tolist() == [0, 1, 3]
    assert problem.part_job.tolist() == [0, 1, 1, 2]
    assert problem.part_no.tolist() == [1, 1, 2, 1]


def test_a_class_without_a_rate_cannot_do_the_work() -> None:
    problem = make_problem(drawn.region())
    assert problem.class_ids == ("combine", "header", "tractor")
    assert np.isinf(problem.work_s[2]).all()
    assert np.isfinite(problem.work_s[:2]).all()


def test_windows_are_clipped_to_the_horizon_and_due_dates_are_not() -> None:
    region = job_with(opens="0T12:00", close="5T12:00")
    problem = make_problem(replace(region, jobs=(replace(region.jobs[0], due=drawn.moment("4T00:00")),)))
    assert problem.part_open_s.tolist() == [0.0]
    assert problem.part_close_s.tolist() == [48 * HOUR_S]
    assert problem.part_due_s.tolist() == [72 * HOUR_S]


def test_jobs_on_one_field_share_a_place_and_yards_come_last() -> None:
    problem = make_problem(
        drawn.region("""
        job  km  ha  open     due      close    yuan
        A    10  2   1T00:00  1T11:00  2T24:00  1000
        B    20  2   1T00:00  1T11:00  2T24:00  1000
        C    10  2   1T00:00  1T11:00  2T24:00  1000
        """)
    )
    assert problem.part_place.tolist() == [0, 1, 0]
    assert problem.yard0 == 2
    assert problem.place_lat[2] == 30.0


def test_a_row_of_the_class_goes_before_a_row_for_all_even_where_it_says_rain() -> None:
    workdays = """
    day  class    start  end
    1    *        08:00  18:00
    1    combine  10:00  16:00
    2    *        08:00  18:00
    2    combine
    3    *        08:00  18:00
    """
    problem = make_problem(drawn.region(workdays=workdays, days=4))
    assert day_hours(problem) == [(10, 16), (24, 24), (56, 66), (72, 72)], "no row, no work on the fourth"


def test_a_row_for_another_class_changes_nothing() -> None:
    workdays = """
    day  class    start  end
    1    tractor  10:00  16:00
    1    *        08:00  18:00
    """
    assert day_hours(make_problem(drawn.region(workdays=workdays)))[0] == (8, 18)


@pytest.mark.parametrize(
    ("stay", "hours"),
    [
        ("", [(8, 18), (32, 42)]),
        ("from=1T12:00", [(12, 18), (32, 42)]),
        ("from=1T20:00", [(20, 20), (32, 42)]),
        ("to=2T00:00", [(8, 18), (32, 32)]),
        ("from=1T09:00 to=2T10:30", [(9, 18), (32, 34.5)]),
    ],
)
def test_a_machine_works_only_while_it_is_there(stay: str, hours: list[tuple[float, float]]) -> None:
    machines = f"""
    machine  class    owner  km
    M1       combine  O      0  {stay}
    """
    assert day_hours(make_problem(drawn.region(machines=machines))) == hours


def test_hours_of_an_operator_count_from_the_class_hours_even_if_the_machine_comes_later() -> None:
    machines = """
    machine  class    owner  km
    M1       combine  O      0   from=1T12:00
    """
    operators = """
    operator  owner  licences
    P1        O      S:2030-01-01  hours=6.5
    """
    problem = make_problem(drawn.region(machines=machines, operators=operators))
    assert problem.shift_start_s[0, 0] == 8 * HOUR_S
    assert problem.operator_hours_s.tolist() == [6.5 * HOUR_S]


def test_who_may_drive_what_when() -> None:
    """Licences last through their last day, off days and owners count, and nobody drives in the rain."""
    machines = """
    machine  class    owner  km
    M1       combine  O      0
    M2       tractor  O      0
    """
    operators = """
    operator  owner  licences
    expires   O      S:2026-11-02
    off       O      S:2030-01-01  off=2
    stranger  X      S:2030-01-01
    shared    X      S:2030-01-01  shared
    other     O      H:2030-01-01
    """
    workdays = """
    day  class    start  end
    1    *        08:00  18:00
    2    *        08:00  18:00
    3    *        08:00  18:00
    3    tractor
    """
    problem = make_problem(drawn.region(machines=machines, operators=operators, workdays=workdays, days=3))
    table = ["".join("x" if problem.may_drive(o, m, d) else "-" for d in range(3)) for o in range(5) for m in range(2)]

    #                combine  tractor (nobody needs a licence for it)
    assert table == ["xx-", "xx-", "x-x", "x--", "---", "---", "xxx", "xx-", "---", "xx-"]
    for d in range(3):
        matrix = problem.may_drive_matrix(d)
        assert matrix.tolist() == [[problem.may_drive(o, m, d) for m in range(2)] for o in range(5)]


def test_the_night_of_summer_times_end_is_an_hour_longer() -> None:
    workdays = """
    day  class  start  end
    1    *      08:00  18:00
    2    *      08:00  18:00
    3    *      08:00  18:00
    """
    jobs = """
    job  km  ha  open     due      close    yuan
    A    10  2   2T00:00  2T11:00  3T24:00  1000
    """
    region = drawn.region(jobs, workdays=workdays, days=3, zone="Europe/Berlin", start=date(2026, 10, 24))
    problem = make_problem(region)
    assert day_hours(problem) == [(8, 18), (33, 43), (57, 67)]
    assert problem.horizon_s == 73 * HOUR_S
    assert (problem.part_open_s[0], problem.part_due_s[0]) == (24 * HOUR_S, 36 * HOUR_S)


def test_a_horizon_runs_over_the_end_of_the_year() -> None:
    problem = make_problem(drawn.region(start=date(2026, 12, 31)))
    assert problem.dates == (date(2026, 12, 31), date(2027, 1, 1))
    assert day_hours(problem) == [(8, 18), (32, 42)]
    assert problem.horizon_s == 48 * HOUR_S


def test_curves_are_kept_knot_by_knot_in_seconds() -> None:
    problem = make_problem(drawn.region())
    assert problem.curve_late_s[0].tolist() == [0, 86_400, 172_800]
    assert problem.curve_slope[0] * 86_400 == pytest.approx([0.1, 0.2, 0.2])
    assert problem.curve_slope[1, 0] == 0, "a curve of one knot loses nothing, however late"


def test_jobs_that_must_wait_name_the_job_before_and_the_pause() -> None:
    region = drawn.region()
    first, *others = region.jobs
    chained = replace(region, jobs=(first, *(replace(job, after_job_id="A", after_h=1.5) for job in others)))
    problem = make_problem(chained)
    assert problem.chained
    assert problem.job_after.tolist() == [-1, *[0] * len(others)]
    assert problem.job_after_s.tolist() == [0, *[5400] * len(others)]
    assert not make_problem(region).chained


def test_dryers_are_pooled_by_day_and_a_broken_one_takes_nothing() -> None:
    region = drawn.region()
    down = ((region.start_date, region.start_date),)
    dryers = (
        Dryer(id="D1", lon=121.0, lat=30.0, t_day=50.0, hold_t=20.0),
        Dryer(id="D2", lon=121.0, lat=30.0, t_day=30.0, hold_t=5.0, down=down),
    )
    jobs = tuple(replace(job, wet_t=8.0) for job in region.jobs)
    problem = make_problem(replace(region, jobs=jobs, dryers=dryers))
    assert problem.dries
    assert problem.dry_t_day.tolist() == [50.0, *[80.0] * (region.horizon_days - 1)]
    assert problem.dry_hold_t == 25.0
    assert problem.part_wet_t.sum() == pytest.approx(8.0 * len(jobs))


def test_without_dryers_wet_grain_counts_nothing() -> None:
    region = drawn.region()
    problem = make_problem(replace(region, jobs=tuple(replace(job, wet_t=8.0) for job in region.jobs)))
    assert not problem.dries
    assert problem.part_wet_t.sum() == 0


def test_a_breakdown_leaves_the_longer_piece_of_a_day_and_of_equal_ones_the_first() -> None:
    region = drawn.region()
    (machine, *rest), day = region.machines, region.start_date

    def at(hour: int) -> datetime:
        return datetime.combine(day, time(hour), tzinfo=region.tz)

    for since, until, left in ((10, 12, (12, 18)), (15, 16, (8, 15)), (12, 14, (8, 12)), (6, 20, None)):
        broken = replace(machine, down=((at(since), at(until)),))
        problem = make_problem(replace(region, machines=(broken, *rest)))
        hours = problem.day_start_s[0, 0] / 3600, problem.day_end_s[0, 0] / 3600
        assert hours == left if left else hours[0] == hours[1]


def test_a_region_without_jobs_or_people_is_still_a_problem() -> None:
    problem = make_problem(replace(drawn.region(), jobs=(), operators=()))
    assert len(problem.part_job) == 0
    assert problem.licensed.shape == (0, 3, 2)
    assert not problem.may_drive_matrix(0).any()
