"""Counting a season: parts sum up to the whole, late is late, and what is short has its reason."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nongshi.core.region import LossCurve
from nongshi.site.officer.figures import JobFacts, by_day, exceptions, progress, progress_by, shortage

NOW = datetime(2026, 11, 10, 4, tzinfo=UTC)
CURVE = LossCurve(id="rice", days_late=(0.0, 2.0, 4.0), loss_share=(0.0, 0.1, 0.4))


def job(k: int = 1, **values: Any) -> JobFacts:
    given = {
        "job_id": k, "ref": f"J{k}", "town": "廊下镇", "operation": "rice_harvest", "area_ha": 2.0,
        "value_fen": 100_000, "open": NOW - timedelta(days=4), "due": NOW + timedelta(days=1), "curve": CURVE,
    }  # fmt: skip
    return JobFacts(**(given | values))


def test_each_hectare_stands_in_one_place() -> None:
    whole = progress(
        [
            job(1, done=True, ends=NOW - timedelta(days=1)),
            job(2, working=True, ends=NOW + timedelta(hours=2), starts=NOW),
            job(3, ends=NOW + timedelta(days=3), starts=NOW + timedelta(days=2)),
            job(4, reason="no_licence"),
        ],
        NOW,
    )
    assert (whole.done_ha, whole.working_ha, whole.planned_ha, whole.open_ha) == (2.0, 2.0, 2.0, 2.0)
    assert (whole.late_jobs, whole.late_ha) == (1, 2.0)  # the third: two days after its due day
    assert whole.lost_fen == 10_000
    assert whole.wait_d == 5.0  # 4 and 6 days
    assert whole.shares == (25.0, 25.0, 25.0)


def test_a_job_without_a_place_is_late_from_its_due_day_on() -> None:
    past = job(due=NOW - timedelta(days=2))
    assert progress([past], NOW).lost_fen == 10_000
    assert progress([past], NOW - timedelta(days=3)).late_jobs == 0


def test_shortage_is_counted_by_reason_and_only_without_a_place() -> None:
    facts = [job(1, reason="no_licence"), job(2, reason="no_licence", area_ha=3.0), job(3, reason="dryers_full")]
    short = shortage([*facts, job(4, reason="no_licence", ends=NOW)])
    assert [(one.reason, one.jobs, one.area_ha) for one in short] == [("no_licence", 2, 5.0), ("dryers_full", 1, 2.0)]


def test_the_worst_comes_first() -> None:
    dear = job(1, due=NOW - timedelta(days=4), value_fen=900_000)
    cheap = job(2, due=NOW - timedelta(days=4))
    left_out = job(3, reason="no_machine")
    assert [one.job_id for one in exceptions([left_out, cheap, job(4), dear], NOW)] == [1, 2, 3]


def test_days_sum_up() -> None:
    facts = [job(1, done=True, ends=NOW), job(2, ends=NOW + timedelta(days=1))]
    days = by_day(facts, [NOW.date() + timedelta(days=k) for k in range(3)], lambda moment: moment.date())
    assert [(day.planned_ha, day.done_ha, day.due_ha) for day in days] == [
        (2.0, 2.0, 0.0),
        (4.0, 2.0, 4.0),
        (4.0, 2.0, 4.0),
    ]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # where the machine is full
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c"]), st.floats(0.1, 9), st.booleans(), st.one_of(st.none(), st.integers(-5, 5))
        ),
        max_size=20,
    )
)
def test_towns_sum_up_to_the_district(drawn: list[tuple[str, float, bool, int | None]]) -> None:
    facts = [
        job(
            k,
            town=town,
            area_ha=area,
            done=done and end is not None,
            ends=None if end is None else NOW + timedelta(end),
        )
        for k, (town, area, done, end) in enumerate(drawn)
    ]
    whole, towns = progress(facts, NOW), progress_by(facts, lambda one: one.town, NOW)
    for name in ("jobs", "area_ha", "done_ha", "planned_ha", "open_ha", "late_ha", "lost_fen"):
        assert abs(getattr(whole, name) - sum(getattr(one, name) for _, one in towns)) < 1e-6
    parts = whole.done_ha + whole.working_ha + whole.planned_ha + whole.open_ha
    assert abs(parts - whole.area_ha) < 1e-6


def test_no_day_is_no_trouble() -> None:
    assert by_day([], [date(2026, 11, 1)], lambda moment: moment.date())[0].due_ha == 0
    assert progress([], NOW).done_share == 0
