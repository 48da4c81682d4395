"""Explanations: what is said must be what the plan and exact quotes say."""

from dataclasses import replace

import numpy as np
import pytest
from tests.dispatch import drawn

from nongshi.core.errors import NotFound
from nongshi.core.plan import Plan
from nongshi.core.region import Region
from nongshi.dispatch.explain import explain_unserved
from nongshi.dispatch.explain_job import Explanation, explain_job
from nongshi.dispatch.explain_words import SENTENCES
from nongshi.dispatch.problem import make_problem
from nongshi.dispatch.solution import Solution, make_plan

JOBS = """
job  km  ha  open     due      close    yuan
A    10   8  1T08:00  1T18:00  1T18:00  1000
B    30   2  1T08:00  1T18:00  1T18:00  2000
"""
ONE_DAY = """
day  class  start  end
1    *      08:00  18:00
"""
TWO_DAYS = drawn.WORKDAYS
MACHINES = (
    drawn.MACHINES
    + """M2       combine  O       5
M3       tractor  O       0
M4       header   O       0
"""
)
OPERATORS = drawn.OPERATORS + "P2        O      S:2030-01-01\n"


def explained(region: Region, routes: tuple[tuple[int, ...], ...], crew: list[list[int]], job: str) -> Explanation:
    problem = make_problem(region)
    solution = Solution(crew=np.array(crew), routes=routes)
    plan: Plan = make_plan(
        problem,
        solution,
        engine="own",
        seed=1,
        cpu_s=None,
        iterations=1,
        bound=None,
        unserved=explain_unserved(problem, solution),
    )
    return explain_job(region, plan, job)


def by_kind(found: Explanation) -> dict[str, str]:
    return {one.kind: one.en for one in (*found.why, *found.frees)}


def test_a_served_job_tells_who_when_and_what_each_other_machine_would_cost() -> None:
    """M2 stands 5 km nearer to A: 5 yuan less of way."""
    region = drawn.region(JOBS, MACHINES, OPERATORS, ONE_DAY, days=1)
    found = explained(region, ((0,), (), (), ()), [[0], [1], [-1], [-1]], "A")
    said = by_kind(found)
    assert "M1 (combine) with P1 works it from 11-01 09:00 to 11-01 17:00" in said["served"]
    assert "licence S, valid to 2030-01-01; 1 others" in said["licence"]
    assert "it comes from its yard; it is its last stop" in said["free"]
    assert said["gain"] == "It brings the plan 950.00 yuan."
    instead = {one.machine_id: one for one in found.instead}
    assert instead["M2"].worse_fen == pytest.approx(-500)
    assert instead["M3"].line.kind == "cannot_class"
    assert instead["M4"].line.kind == "cannot_licence"
    assert "M1" not in instead


def test_machines_that_cannot_come_tell_why() -> None:
    """M2 has no driver left, M5 is another owner's, who holds no licence, M6 is not there yet."""
    machines = drawn.MACHINES + "M2 combine O 0\nM6 combine O 0 from=2T00:00\n"
    region = drawn.region(JOBS, machines, drawn.OPERATORS, TWO_DAYS)
    found = explained(region, ((0,), (), ()), [[0, -1], [-1, -1], [-1, -1]], "A")
    kinds = {one.machine_id: one.line.kind for one in found.instead}
    assert kinds == {"M2": "cannot_crew", "M6": "cannot_away"}


def test_a_job_left_out_tells_what_would_make_room_and_for_how_much() -> None:
    """A fills the day. Without A, B gains 1,960 for 950 lost; a day longer, B comes after A: 20 km and 2 h more."""
    region = drawn.region(JOBS, drawn.MACHINES, drawn.OPERATORS, TWO_DAYS)
    found = explained(region, ((0,),), [[0, 0]], "B")
    assert not found.served
    said = by_kind(found)
    assert found.why[0].kind == "no_capacity"
    assert "left out" in found.why[0].en
    assert said["free_displace"] == "Without A, M1 could do it, 11-01 10:00 to 11-01 12:00: 1,010.00 yuan more in all."
    assert "1 d longer" in said["free_later"]
    assert found.displacement is not None
    assert found.displacement.job_ids == ("A",)


def test_one_more_operator_is_named_with_licence_day_and_machine() -> None:
    machines = drawn.MACHINES + "M2 combine O 0\n"
    region = drawn.region(JOBS, machines, drawn.OPERATORS, ONE_DAY, days=1)
    found = explained(region, ((0,), ()), [[0], [-1]], "B")
    said = by_kind(found)["free_operator"]
    assert said == "One more operator with licence S on 11-01: M2 could do it, 1,960.00 yuan more."


def test_a_job_that_others_wait_for_is_explained_with_them_in_place() -> None:
    """B is planned at 13:30, an hour or more behind A: M2 may do A instead if it has ended by 12:30."""
    jobs = JOBS.replace("10   8", "10   3")
    region = drawn.region(jobs, MACHINES, OPERATORS, ONE_DAY, days=1)
    region = replace(region, jobs=(region.jobs[0], replace(region.jobs[1], after_job_id="A", after_h=1.0)))
    found = explained(region, ((0, 1), (), (), ()), [[0], [1], [-1], [-1]], "A")
    assert by_kind(found)["followed"] == "B must wait for it."
    instead = {one.machine_id: one for one in found.instead}
    assert instead["M2"].offer is not None
    assert instead["M2"].offer.pieces[0].end <= drawn.moment("1T12:30")


def test_an_unknown_job_is_named() -> None:
    region = drawn.region(JOBS, workdays=ONE_DAY, days=1)
    with pytest.raises(NotFound, match="J9"):
        explained(region, ((0,),), [[0]], "J9")


@pytest.mark.parametrize("kind", SENTENCES)
def test_both_languages_tell_the_same_facts(kind: str) -> None:
    """A fact of the English sentence stands in the Chinese one, apart from words that are given in both."""
    english, chinese = ({part.split("}")[0].split(":")[0] for part in text.split("{")[1:]} for text in SENTENCES[kind])
    assert {name.removesuffix("_zh") for name in chinese} == english
