"""Licences that run out: everybody is told, nobody is sent too early or too late, no day takes more than it can."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from nongshi.core.region import Operator
from nongshi.people.renewals import plan_renewals

TODAY, FIRST, LAST = date(2026, 3, 2), date(2026, 5, 25), date(2026, 11, 29)


def operator(id: str, **licences: date) -> Operator:
    return Operator(id=id, owner_id="C1", licences=licences, hours_max=10, off_days=frozenset(), shared=False)


def plan(*operators: Operator, a_day: int = 10):  # type: ignore[no-untyped-def]
    return plan_renewals(operators, today=TODAY, first_day=FIRST, last_day=LAST, a_day=a_day)


def test_a_licence_that_ends_before_the_season_is_renewed_before_it() -> None:
    (one,) = plan(operator("P1", S=date(2026, 5, 1)))
    assert one.from_day == date(2026, 1, 31)
    assert one.by_day == date(2026, 5, 1)
    assert one.visit == date(2026, 3, 3)
    assert "before the season" in one.said.en
    assert "农季前" in one.said.zh


def test_a_licence_that_ends_in_the_season_is_renewed_without_a_break() -> None:
    (one,) = plan(operator("P1", G1=date(2026, 10, 31)))
    assert (one.from_day, one.by_day) == (date(2026, 8, 2), date(2026, 10, 17))
    assert one.visit == date(2026, 8, 3)  # the first working day on which it is possible
    assert one.visit.weekday() == 0


def test_a_drone_certificate_does_not_expire_and_a_long_licence_needs_nothing() -> None:
    assert plan(operator("P1", UAV=date(2026, 3, 1), S=LAST, G1=date(2031, 1, 1))) == ()


def test_one_who_is_too_late_is_told_so() -> None:
    (one,) = plan(operator("P1", S=date(2026, 2, 1)))
    assert one.visit is None
    assert "call the office now" in one.said.en


def test_a_full_office_serves_the_most_urgent_first() -> None:
    found = plan(*(operator(f"P{i}", S=date(2026, 3, 20) + timedelta(days=i)) for i in range(4)), a_day=1)
    visits = [one.visit for one in found]
    assert visits == sorted(visits)
    assert len(set(visits)) == 4


@given(
    ends=st.lists(st.dates(date(2026, 2, 1), date(2027, 3, 1)), max_size=40),
    a_day=st.integers(1, 3),
)
@settings(max_examples=60, deadline=None)
def test_every_visit_is_possible_in_time_and_on_a_day_with_room(ends: list[date], a_day: int) -> None:
    found = plan(*(operator(f"P{i}", S=end) for i, end in enumerate(ends)), a_day=a_day)
    assert len(found) == sum(end < LAST for end in ends)
    visits = [one for one in found if one.visit is not None]
    assert all(one.from_day <= one.visit <= one.by_day and one.visit > TODAY for one in visits)  # type: ignore[operator]
    assert all(n <= a_day for n in Counter(one.visit for one in visits).values())
    assert all(one.visit.weekday() < 5 for one in visits)  # type: ignore[union-attr]


@given(ends=st.lists(st.dates(date(2026, 2, 25), date(2026, 4, 1)), max_size=30))
@settings(max_examples=60, deadline=None)
def test_nobody_is_left_over_whom_another_order_could_serve(ends: list[date]) -> None:
    """All may come from the first day on, so there is room iff every deadline has days enough before it."""
    found = plan(*(operator(f"P{i}", S=end) for i, end in enumerate(ends)), a_day=1)
    by = sorted(one.by_day for one in found)
    days = [TODAY + timedelta(days=d) for d in range(1, 60)]
    enough = all(sum(day <= limit and day.weekday() < 5 for day in days) >= i + 1 for i, limit in enumerate(by))
    assert (all(one.visit for one in found)) == enough
