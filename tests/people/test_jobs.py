"""Vacancies from what lacks, people placed so that none would rather change, pay and way shown; and the funnel."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.people.drawn import MONDAY, short

from nongshi.people.audit import blocking_pairs, irrational
from nongshi.people.funnel import Way, count, count_by
from nongshi.people.jobs import Candidate, Vacancy, default_wages, make_vacancies, place_people, wanted

END = date(2030, 1, 1)


def far(one: str, other: str) -> float:
    return 0.0 if one == other else 8.0


def test_weeks_in_a_row_are_one_vacancy_and_the_longest_comes_first() -> None:
    rows = [short(week=w, short_h=(h,)) for w, h in enumerate((60.0, 110.0, 50.0, 10.0, 50.0))]
    found = make_vacancies(rows)
    assert [(v.start, (v.end - v.start).days + 1, v.hours) for v in found] == [
        (MONDAY, 21, 150.0),
        (MONDAY + timedelta(days=28), 7, 50.0),
        (MONDAY + timedelta(days=7), 7, 50.0),
    ]
    assert all(v.pay_fen_h == 5000 for v in found)


def test_no_more_operators_are_wanted_than_there_are_machines() -> None:
    assert len(make_vacancies([short(short_h=(500.0,), idle_machines=2.0)])) == 2
    assert make_vacancies([short(short_h=(500.0,), idle_machines=0.4)]) == ()


@given(hours=st.lists(st.floats(0, 400), min_size=1, max_size=10), machines=st.floats(0, 6))
@settings(max_examples=80, deadline=None)
def test_vacancies_hold_the_hours_that_lack_but_for_half_an_operator_a_week(
    hours: list[float], machines: float
) -> None:
    rows = [short(week=w, short_h=(h,), idle_machines=machines) for w, h in enumerate(hours)]
    lacking = sum(wanted(row) * row.operator_h for row in rows)
    offered = sum(v.hours for v in make_vacancies(rows))
    assert offered <= lacking + 0.1 * len(rows)
    assert offered >= lacking - 0.5 * 50.0 * len(rows) - 0.1 * len(rows)


def vacancy(id: str, town: str = "A", **over: object) -> Vacancy:
    usual: dict[str, object] = {"licence": "S", "start": MONDAY, "end": MONDAY + timedelta(days=6), "hours": 50.0}
    return Vacancy(id=id, town=town, pay_fen_h=5000, **(usual | over))  # type: ignore[arg-type]


def test_the_near_one_gets_the_work_and_pay_and_way_are_shown() -> None:
    people = [Candidate(id="near", town="A", licences={"S": END}), Candidate(id="far", town="B", licences={"S": END})]
    placed, _ = place_people([vacancy("V")], people, far, lottery_seed="x")
    assert [one.candidate_id for one in placed] == ["near"]
    alone, _ = place_people([vacancy("V")], people[1:], far, lottery_seed="x")
    assert (alone[0].km, alone[0].way_fen) == (8.0, 2 * 8 * 80 * 6)
    assert "2,500 yuan; 8.0 km one way, about 77 yuan" in alone[0].said.en
    assert "2,500元；单程8.0公里，路费约77元" in alone[0].said.zh


def test_nobody_is_placed_whose_licence_ends_before_the_work_or_who_would_pay_for_it() -> None:
    ends = Candidate(id="a", town="A", licences={"S": MONDAY + timedelta(days=5)})
    other = Candidate(id="b", town="A", licences={"G1": END})
    away = Candidate(id="c", town="A", licences={"S": END}, available_to=MONDAY + timedelta(days=3))
    assert place_people([vacancy("V")], [ends, other, away], far, lottery_seed="x")[0] == ()
    poor = vacancy("V", town="B", hours=1.0)
    assert place_people([poor], [Candidate(id="d", town="A", licences={"S": END})], far, lottery_seed="x")[0] == ()


def test_a_trailer_licence_serves_a_tractor_vacancy() -> None:
    one = Candidate(id="a", town="A", licences={"G2": END})
    assert len(place_people([vacancy("V", licence="G1")], [one], far, lottery_seed="x")[0]) == 1


@given(seed=st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_nobody_would_rather_have_each_other(seed: int) -> None:
    towns = ("A", "B", "C")
    jobs = [vacancy(f"V{i}", town=towns[(seed + i) % 3], hours=20.0 + (7 * i * seed) % 40) for i in range(6)]
    people = [
        Candidate(
            id=f"P{i}",
            town=towns[(i * seed) % 3],
            licences={"S": END},
            wishes=(f"V{i % 6}", f"V{(i + seed) % 6}") if i % 2 and seed % 6 else None,
        )
        for i in range(8)
    ]
    placed, market = place_people(jobs, people, far, lottery_seed=str(seed))
    given_ = {one.candidate_id: one.vacancy.id for one in placed}
    asked = {"wishes": market.wishes, "seats": market.seats}
    found = blocking_pairs(**asked, priority=market.priority, lottery_seed=str(seed), given=given_)  # type: ignore[arg-type]
    assert found == []
    assert irrational(market.wishes, given_, market.seats) == []


def test_every_class_of_licence_has_a_wage() -> None:
    assert set(default_wages()) == {"G1", "G2", "K1", "K2", "L", "R", "S", "UAV"}


def way(id: str, *days: int | None, **over: object) -> Way:
    """Days after the seat on which somebody passed, got the licence, was paid."""
    steps = [None if day is None else MONDAY + timedelta(days=day) for day in days]
    passed, licensed, paid = (*steps, None, None, None)[:3]
    usual: dict[str, object] = {"course_id": "K1", "licence": "S", "town": "A"}
    return Way(trainee_id=id, seated=MONDAY, passed=passed, licensed=licensed, first_paid=paid, **(usual | over))  # type: ignore[arg-type]


def test_the_funnel_counts_how_far_people_came() -> None:
    ways = [way("a", 14, 20, 40), way("b", 14, 20, 50, worked_before=True), way("c", 14, 20), way("d", 14), way("e")]
    found = count(ways, until=MONDAY + timedelta(days=60))
    assert (found.seated, found.passed, found.licensed, found.paid, found.jobs_created) == (5, 4, 3, 2, 1)
    assert found.days_to_pay == 45.0
    assert found.shares() == {"passed": 0.8, "licensed": 0.75, "paid": 2 / 3}


def test_nothing_that_comes_later_is_counted_and_pay_before_the_licence_is_no_success() -> None:
    ways = [way("a", 14, 20, 40), way("b", 14, 30, 20), way("c", 14, None, 40)]
    early, late = (count(ways, until=MONDAY + timedelta(days=d)) for d in (39, 90))
    assert (early.paid, late.paid, late.licensed, late.jobs_created) == (0, 1, 2, 1)
    assert count([], until=MONDAY).shares() == {"passed": None, "licensed": None, "paid": None}


@given(st.lists(st.tuples(*[st.one_of(st.none(), st.integers(-5, 80))] * 3), max_size=30), st.integers(-5, 90))
@settings(max_examples=80, deadline=None)
def test_no_step_counts_more_people_than_the_one_before_and_groups_sum_up(
    days: list[tuple[int | None, ...]], day: int
) -> None:
    ways = [way(f"P{i}", *each, town="AB"[i % 2]) for i, each in enumerate(days)]
    until = MONDAY + timedelta(days=day)
    found = count(ways, until=until)
    assert found.seated >= found.passed >= found.licensed >= found.paid >= found.jobs_created >= 0
    by_town = count_by(ways, lambda one: one.town, until=until)
    assert sum(each.paid for each in by_town.values()) == found.paid
