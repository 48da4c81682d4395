import re
from dataclasses import replace

import numpy as np
import pytest
from tests.dispatch import drawn

from nongshi.core.plan import Reason
from nongshi.core.region import Dryer
from nongshi.dispatch.explain import TEXTS, explain_unserved
from nongshi.dispatch.problem import make_problem
from nongshi.dispatch.run import solve
from nongshi.dispatch.solution import Solution
from nongshi.verify import tiny_region

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ONE = """
job  km  ha  open     due      close    yuan
A    10  2   1T00:00  1T11:00  2T24:00  1000
"""
PEOPLE = "operator owner licences\n"
RAIN = """
day  class  start  end
1    *
2    *      08:00  18:00
"""
# Each region leaves A out for one reason: tables that differ from the drawn region, and what the text must name.
DRAWN = {
    Reason.NO_MACHINE: ({"jobs": ONE.replace("1000", "1000 operation=till")}, ["till"], ["till"]),
    Reason.NO_WORK_HOURS: (
        {"jobs": ONE.replace("2T24:00", "1T24:00"), "workdays": RAIN},
        ["2026-11-01 00:00", "2026-11-02 00:00"],
        ["2026-11-01 00:00", "2026-11-02 00:00"],
    ),
    Reason.NO_LICENCE: ({"operators": PEOPLE + "P1 O H:2030-01-01\nP2 O S:2026-10-31"}, ["licence S"], ["的 S 证"]),
    Reason.NO_OPERATOR: ({"operators": PEOPLE + "P1 O S:2030-01-01 off=1,2"}, ["licence S"], ["持 S 证"]),
    Reason.WINDOW_TOO_SHORT: (
        {"jobs": ONE.replace("10  2 ", "10  21")},
        ["takes 21.0 h", "more than 20.0 h"],
        ["需 21.0 小时", "只能干 20.0 小时"],
    ),
    Reason.NOT_WORTH: (
        {"jobs": ONE.replace("1000", "15")},
        ["20 yuan", "15 yuan"],
        ["20 元", "15 元"],
    ),  # work 10, road 10
    Reason.NO_CAPACITY: (
        {"jobs": ONE.replace("2T24:00", "1T18:00") + "B    10  9   1T00:00  1T18:00  1T18:00  9000"},
        ["busy with work worth more"],
        ["收益更高"],
    ),
}


def test_a_job_whose_job_before_is_left_out_says_which() -> None:
    nobody_can = ONE.replace("1000", "1000 operation=till")
    region = drawn.region(jobs=nobody_can + "B    10  2   1T00:00  2T11:00  2T24:00  9000")
    a, b = region.jobs
    plan = solve(replace(region, jobs=(a, replace(b, field_id=a.field_id, after_job_id="A"))), iterations=50, seed=1)
    assert [(u.job_id, u.reason) for u in plan.unserved] == [("A", Reason.NO_MACHINE), ("B", Reason.AFTER_UNSERVED)]
    assert "job A" in plan.unserved[1].text
    assert "作业 A 未安排" in plan.unserved[1].text_zh


def test_a_job_at_a_loss_is_served_where_what_follows_it_is_worth_more() -> None:
    region = drawn.region(jobs=ONE.replace("1000", "15") + "B    10  2   1T00:00  2T11:00  2T24:00  9000")
    a, b = region.jobs
    plan = solve(replace(region, jobs=(a, replace(b, field_id=a.field_id, after_job_id="A"))), iterations=50, seed=1)
    assert not plan.unserved
    assert plan.totals.jobs_served == 2
    assert plan.objective_fen > 0


def test_a_job_whose_grain_no_dryer_takes_in_time_says_so() -> None:
    region = drawn.region(jobs=ONE)
    wet = tuple(replace(job, wet_t=30.0) for job in region.jobs)
    dryer = Dryer(id="D1", lon=121.0, lat=30.0, t_day=10.0, hold_t=5.0)
    plan = solve(replace(region, jobs=wet, dryers=(dryer,)), iterations=50, seed=1)
    assert [u.reason for u in plan.unserved] == [Reason.DRYERS_FULL]
    assert "30.0 t more" in plan.unserved[0].text
    assert "30.0 吨" in plan.unserved[0].text_zh


def test_every_reason_is_tried() -> None:
    assert {*DRAWN, Reason.AFTER_UNSERVED, Reason.DRYERS_FULL} == set(Reason)


@pytest.mark.parametrize("reason", list(DRAWN))
def test_each_reason_is_given_for_what_it_says(reason: Reason) -> None:
    tables, english, chinese = DRAWN[reason]
    plan = solve(drawn.region(**({"jobs": ONE} | tables)), iterations=200, seed=1)

    assert [(u.job_id, u.reason) for u in plan.unserved] == [("A", reason)]
    assert all(words in plan.unserved[0].text for words in english), plan.unserved[0].text
    assert all(words in plan.unserved[0].text_zh for words in chinese), plan.unserved[0].text_zh


def test_where_no_licence_is_needed_none_is_named() -> None:
    region = drawn.region(
        ONE.replace("1000", "1000 operation=till"),
        machines="machine class owner km\nM1 tractor O 0",
        operators=PEOPLE + "P1 O S:2030-01-01 off=1,2",
    )
    (unserved,) = explain_unserved(make_problem(region), Solution(crew=np.full((1, 2), -1), routes=((),)))
    assert unserved.reason == Reason.NO_OPERATOR
    assert "licence" not in unserved.text
    assert "证" not in unserved.text_zh


@pytest.mark.parametrize(
    ("operators", "machines"),
    [
        ("P1 X S:2030-01-01", ""),  # another owner's
        ("P1 O S:2030-01-01 hours=3", "from=1T12:00 to=2T00:00"),  # gone home before the machine comes
    ],
)
def test_a_licence_that_no_machine_can_use_is_no_operator(operators: str, machines: str) -> None:
    region = drawn.region(
        ONE, machines=f"machine class owner km\nM1 combine O 0 {machines}", operators=PEOPLE + operators
    )
    (unserved,) = explain_unserved(make_problem(region), Solution(crew=np.full((1, 2), -1), routes=((),)))
    assert unserved.reason == Reason.NO_OPERATOR


def test_a_licence_that_expires_before_the_window_opens_is_no_licence() -> None:
    jobs = ONE.replace("1T00:00", "2T00:00")
    region = drawn.region(jobs, operators=PEOPLE + "P1 O S:2026-11-01")
    (unserved,) = explain_unserved(make_problem(region), Solution(crew=np.full((1, 2), -1), routes=((),)))
    assert unserved.reason == Reason.NO_LICENCE


def test_served_jobs_are_not_explained_and_the_others_stand_in_the_regions_order() -> None:
    problem = make_problem(drawn.region())
    solution = Solution(crew=np.zeros((1, 2), np.int64), routes=((1, 2),))
    assert [u.job_id for u in explain_unserved(problem, solution)] == ["A", "C"]


def test_every_reason_has_a_text_in_both_languages() -> None:
    assert set(TEXTS) == set(Reason)
    assert all(CHINESE.search(chinese) and not CHINESE.search(english) for english, chinese in TEXTS.values())


@pytest.mark.parametrize("seed", range(40))
def test_texts_are_whole_sentences_of_their_language_without_gaps(seed: int) -> None:
    problem = make_problem(tiny_region(seed))
    empty = Solution(crew=np.full(problem.day_start_s.shape, -1), routes=tuple(() for _ in problem.machine_class))
    unserved = explain_unserved(problem, empty)

    assert len(unserved) == len(problem.region.jobs)
    for each in unserved:
        assert not re.search(r"[{}]|nan|inf\b|None|licence  |的  证|持  证", each.text + each.text_zh), each
        assert CHINESE.search(each.text_zh)
        assert not CHINESE.search(each.text)
