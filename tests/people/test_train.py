"""The whole answer: reasons for everybody, what is really reached, courses dropped below their minimum."""

from collections import Counter
from datetime import date

import pytest
from tests.people.drawn import course, short, trainee, training

from nongshi.people.train import Trained, train
from nongshi.people.worth import Worth
from nongshi.synthetic.training import make_shortage, make_training


@pytest.fixture(scope="module", params=(1, 2))
def generated(request: pytest.FixtureRequest) -> Trained:
    case = make_training(trainees=60, courses=8, seed=request.param)
    return train(case, make_shortage(seed=request.param), gap=0.02)


def test_everybody_and_every_course_has_a_reason_in_both_languages(generated: Trained) -> None:
    answer = generated.as_dict()
    told = [c["why"] for c in answer["courses"]] + [s["why"] for s in answer["seats"]]
    told += [refused["why"] for seat in answer["seats"] for refused in seat["refused"]]
    assert all(why["zh"] and why["en"] and why["zh"] != why["en"] for why in told)
    assert len(answer["seats"]) == len(generated.training.trainees)


def test_every_wish_above_the_seat_is_refused_with_its_reason(generated: Trained) -> None:
    wishes = {t.id: t.wishes for t in generated.training.trainees}
    for seat in generated.as_dict()["seats"]:
        above = wishes[seat["trainee_id"]][: (seat["rank"] or len(wishes[seat["trainee_id"]]) + 1) - 1]
        assert [refused["course_id"] for refused in seat["refused"]] == list(above)


def test_figures_are_of_those_who_sit_there(generated: Trained) -> None:
    answer = generated.as_dict()
    pairs = [(s["trainee_id"], s["course_id"]) for s in answer["seats"] if s["course_id"]]
    fresh = Worth(generated.training, make_shortage(seed=int(generated.training.lottery_seed[-1])))
    assert answer["removed_yuan"] == pytest.approx(fresh.removed_fen(pairs) / 100, abs=0.01)
    assert answer["cost_yuan"] <= answer["budget_yuan"]
    assert answer["removed_yuan"] <= answer["bound"]
    assert answer["blocking_pairs"] == 0
    count = Counter(course_id for _, course_id in pairs)
    assert {c["course_id"]: c["enrolled"] for c in answer["courses"] if c["enrolled"]} == count
    assert sum(town["seats"] for town in answer["towns"]) == len(pairs)


def test_no_open_course_lies_below_its_minimum(generated: Trained) -> None:
    count = Counter(generated.seats.given.values())
    minimum = {c.id: c.minimum for c in generated.training.courses}
    assert all(count[c] >= minimum[c] for c in generated.seats.market.seats)


def test_a_course_is_dropped_below_its_minimum() -> None:
    lottery = {}
    for seed in range(12):  # who draws the better ticket decides whether P0 leaves K1 alone
        courses = [course("K0", seats=1), course("K1", seats=2, minimum=2, licence="G1")]
        people = [trainee("P0", "K0", "K1"), trainee("P1", "K1", "K0"), trainee("P2", "K0")]
        shortage = (short(), short(licence="G1", short_h=(100.0,)))
        found = train(training(courses, people, lottery_seed=str(seed)), shortage, gap=0.0)
        lottery[bool(found.seats.dropped)] = found
    assert set(lottery) == {True, False}
    dropped = lottery[True].as_dict()
    assert dropped["removed_yuan"] < dropped["promised_yuan"]
    assert dropped["blocking_pairs"] == 0


def test_closed_courses_say_what_stands_against_them() -> None:
    courses = [
        course("open", seats=3),
        course("late", start=date(2026, 6, 20), end=date(2026, 6, 28)),
        course("taken", trainer_id="T-open"),
        course("nobody", needs=("L",)),
        course("few", minimum=2),
    ]
    people = [trainee(f"P{i}", "open", "late", "taken", "nobody") for i in range(3)] + [trainee("Q", "few")]
    answer = train(training(courses, people), (short(short_h=(150.0,)),), gap=0.0)
    told = {c.id: answer.why_course[c.id].en for c in courses}
    assert told["open"].startswith("opens: removes 15,000 yuan")
    assert "nobody who wants it lives where its licence is short" in told["late"]
    assert "taken by open" in told["taken"]
    assert "nobody may take it (must hold L before)" in told["nobody"]
    assert "1 people want and may take it, 2 are needed" in told["few"]


def test_a_town_without_enough_people_is_named() -> None:
    people = [trainee(f"P{i}", "K") for i in range(6)] + [trainee("Q", "K", town="B")]
    case = training([course("K", seats=6)], people, fairness=0.85, people={"A": 10, "B": 10})
    rows = {t["town"]: t for t in train(case, (short(short_h=(300.0,)),), gap=0.0).as_dict()["towns"]}
    assert rows["A"]["said"] is None
    assert rows["B"]["said"]["en"] == "B has only 1 trainees who want and may take a course: too few for its share"
