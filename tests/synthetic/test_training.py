"""Generated training instances: the same seed gives the same, and everything in them says that it is generated."""

import pytest

from nongshi.core.errors import BadInput
from nongshi.people.eligible import open_wishes
from nongshi.synthetic.training import make_shortage, make_training


def test_the_same_seed_gives_the_same_instance_and_another_another() -> None:
    assert make_training(trainees=30, courses=6, seed=1) == make_training(trainees=30, courses=6, seed=1)
    assert make_training(trainees=30, courses=6, seed=1) != make_training(trainees=30, courses=6, seed=2)
    assert make_shortage(seed=1) == make_shortage(seed=1) != make_shortage(seed=2)


def test_it_is_marked_as_generated() -> None:
    made = make_training(trainees=5, courses=2, seed=1)
    assert made.synthetic
    assert made.lottery_seed.startswith("generated")


def test_most_people_may_take_some_course_and_some_wishes_are_forbidden() -> None:
    made = make_training(trainees=200, courses=20, seed=1)
    able = open_wishes(made)
    assert sum(bool(mine) for mine in able.values()) > 150
    assert sum(map(len, able.values())) < sum(len(t.wishes) for t in made.trainees)


def test_nothing_of_nothing_is_refused() -> None:
    with pytest.raises(BadInput, match="at least one trainee"):
        make_training(trainees=0, courses=2, seed=1)
