"""A plan is made again where matching left a town below its share; the bound stays that of the first."""

from dataclasses import replace

import pytest
from tests.people.drawn import course, short, trainee, training

from nongshi.people.plan import make_plan
from nongshi.people.seats import give_seats, make_market
from nongshi.people.settle import missing, settle
from nongshi.people.worth import Worth
from nongshi.synthetic.training import make_shortage, make_training


@pytest.mark.parametrize("seed", range(4))
def test_no_round_is_less_fair_than_the_first(seed: int) -> None:
    case = replace(make_training(trainees=40, courses=6, seed=seed), fairness=0.95)
    worth = Worth(case, make_shortage(seed=seed))
    first = make_plan(case, (), worth=worth, gap=0.05, cpu_s=5.0)
    before = give_seats(case, make_market(case, worth, first.pairs))
    plan, seats = settle(case, worth, first, gap=0.05, cpu_s=5.0)
    assert sum(missing(case, plan, seats).values()) <= sum(missing(case, first, before).values())
    assert plan.bound_fen == first.bound_fen
    assert seats.blocking() == []


def test_what_a_town_misses_is_counted_in_whole_seats_and_not_where_it_has_too_few_people() -> None:
    people = [trainee(f"P{i}", "K") for i in range(4)] + [trainee("Q", "K", town="B")]
    case = training([course("K", seats=4)], people, fairness=1.0, people={"A": 10, "B": 10, "C": 10})
    worth = Worth(case, (short(short_h=(200.0,)),))
    plan = make_plan(replace(case, fairness=0.0), (), worth=worth, gap=0.0)
    seats = give_seats(case, make_market(case, worth, plan.pairs))
    assert len(seats.given) == 4
    assert missing(case, plan, seats) == {"B": 2}
    assert missing(case, replace(plan, short_towns=("B",)), seats) == {}


def test_a_margin_gives_a_town_more_seats_than_its_share() -> None:
    people = [trainee(f"P{i}", "K") for i in range(6)] + [trainee(f"Q{i}", "K", town="B") for i in range(6)]
    case = training([course("K", seats=6)], people, fairness=0.5, people={"A": 10, "B": 10})
    shortage = (short(short_h=(300.0,)),)
    counts = [
        sum(who[0] == "Q" for who, _ in make_plan(case, shortage, gap=0.0, margin=margin).pairs)
        for margin in ({}, {"B": 1}, {"B": 2})
    ]
    assert counts == [2, 3, 4]
