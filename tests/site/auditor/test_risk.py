"""The rules of the sample and the draw, on facts made by hand."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongshi.core.errors import BadInput
from nongshi.site.auditor.risk import SAMPLE_MAX, WEIGHTS, JobFacts, OrderFacts, Rule, draw, remarks

DAY = date(2026, 11, 29)
NOON = datetime(2026, 11, 29, 12)
SOUND = OrderFacts(
    day=DAY,
    area_ha=1.0,
    rate_ha_h=0.5,
    began=NOON,
    ended=NOON + timedelta(hours=2),
    end_reported=True,
    licence="S",
    licence_until=DAY,
)


def job(job_id: int = 1, *, measured_ha: float | None = None, **changed: object) -> JobFacts:
    return JobFacts(job_id=job_id, area_ha=1.0, measured_ha=measured_ha, orders=(replace(SOUND, **changed),))


def rules(facts: JobFacts) -> set[Rule]:
    return {remark.rule for remark in remarks(facts)}


def test_sound_work_gets_no_remark() -> None:
    assert remarks(job(measured_ha=1.04)) == ()


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        (job(end_reported=False), Rule.NO_REPORT),
        (JobFacts(job_id=1, area_ha=1.0), Rule.NO_REPORT),
        (job(ended=NOON + timedelta(hours=1.3)), Rule.TOO_FAST),
        (job(ended=NOON - timedelta(minutes=1)), Rule.ENDS_BEFORE_START),
        (job(licence_until=DAY - timedelta(days=1)), Rule.LICENCE),
        (job(licence_until=None), Rule.LICENCE),
        (job(papers_missing=("insurance",)), Rule.PAPERS),
        (job(measured_ha=0.94), Rule.AREA),
        (job(measured_ha=1.06), Rule.AREA),
    ],
)
def test_each_rule_finds_its_own_fault_and_no_other(facts: JobFacts, rule: Rule) -> None:
    assert rules(facts) == {rule}


@pytest.mark.parametrize(
    "facts",
    [job(licence=None, licence_until=None), job(rate_ha_h=None, ended=NOON + timedelta(minutes=1)), job(ended=None)],
)
def test_what_is_not_known_or_not_needed_is_no_fault(facts: JobFacts) -> None:
    assert rules(facts) == set()


def test_too_fast_says_both_times() -> None:
    (remark,) = remarks(job(ended=NOON + timedelta(hours=1)))
    assert remark.found == pytest.approx(1.0)
    assert remark.allowed == pytest.approx(4 / 3)


def test_a_rule_that_two_orders_break_is_named_once() -> None:
    late = replace(SOUND, licence_until=None)
    assert len(remarks(JobFacts(job_id=1, area_ha=2.0, orders=(late, late)))) == 1


def crowd(n: int = 200) -> list[JobFacts]:
    return [job(i, end_reported=i % 10 != 0, licence_until=DAY if i % 10 else None) for i in range(n)]


@given(st.permutations(range(30)), st.integers(0, 2**31 - 1))
def test_the_order_of_the_rows_changes_nothing(order: list[int], seed: int) -> None:
    jobs = crowd(30)
    assert draw([jobs[i] for i in order], 7, seed) == draw(jobs, 7, seed)


def test_one_job_less_replaces_at_most_one_of_the_sample() -> None:
    jobs = crowd()
    first = [one.job_id for one in draw(jobs, 20, 5)]
    without = [one.job_id for one in draw([j for j in jobs if j.job_id != first[0]], 20, 5)]
    assert set(first[1:]) <= set(without)
    assert len(set(without) - set(first)) == 1


def test_risk_is_drawn_more_often_and_the_rest_is_not_left_alone() -> None:
    """One job in ten weighs 7, the others 1: its share of 400 draws of 20 is between its weight's and certainty."""
    drawn = [one for seed in range(400) for one in draw(crowd(), 20, seed)]
    risky = sum(one.weight > 1 for one in drawn) / len(drawn)
    assert 0.33 < risky < 0.47  # with replacement 7 * 20 / (7 * 20 + 180) = 0.4375; without it a little less
    assert {one.weight for one in drawn} == {1.0, 1.0 + WEIGHTS[Rule.NO_REPORT] + WEIGHTS[Rule.LICENCE]}


def test_a_sample_is_no_larger_than_the_list_and_its_size_is_checked() -> None:
    assert len(draw(crowd(5), 20, 1)) == 5
    assert draw([], 20, 1) == []
    for n in (0, -1, SAMPLE_MAX + 1):
        with pytest.raises(BadInput):
            draw(crowd(5), n, 1)


def test_another_seed_draws_others() -> None:
    assert draw(crowd(), 20, 1) != draw(crowd(), 20, 2)
