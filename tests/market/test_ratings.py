"""Laws of marks: good facts never lower one, and no star outweighs a fact."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongshi.core.errors import BadInput
from nongshi.market.ratings import Facts, mark


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    orders = draw(st.integers(0, 300))
    upto = st.integers(0, orders)
    loss = draw(upto)
    return Facts(
        orders=orders, on_time=draw(upto), loss_measured=loss, low_loss=draw(st.integers(0, loss)),
        called_off=draw(upto), disputes_lost=draw(upto), stars=tuple(draw(st.lists(st.integers(1, 5), max_size=8))),
    )  # fmt: skip


@given(facts())
def test_one_more_good_order_never_lowers_the_mark(one: Facts) -> None:
    better = replace(
        one,
        orders=one.orders + 1,
        on_time=one.on_time + 1,
        loss_measured=one.loss_measured + 1,
        low_loss=one.low_loss + 1,
        stars=(*one.stars, 5),
    )
    assert mark(better) >= mark(one)
    assert 0 <= mark(one).points <= 100


@given(facts(), facts())
def test_stars_only_order_those_with_the_same_facts(one: Facts, other: Facts) -> None:
    praised, blamed = mark(replace(one, stars=(5,) * 50)), mark(replace(other, stars=(1,) * 50))
    assert (praised > blamed) == (praised.points >= blamed.points)


def test_a_newcomer_stands_between_the_best_and_the_worst() -> None:
    worst = mark(Facts(orders=50, called_off=50, disputes_lost=50))
    assert worst < mark(Facts()) < mark(Facts(orders=50, on_time=50))


@pytest.mark.parametrize("wrong", [{"orders": 1, "on_time": 2}, {"stars": (6,)}, {"orders": 2, "low_loss": 1}])
def test_counts_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        Facts(**wrong)
