"""Laws of prices: lines sum to the total, more work never costs less, no price rises without the farmer's word."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongshi.core.errors import BadInput, NotFound
from nongshi.market.prices import (
    CONDITIONS,
    Cap,
    Line,
    Price,
    PriceList,
    Wish,
    cap_in_force,
    list_in_force,
    price_again,
    price_job,
)

DAY = date(2026, 11, 1)
lists = st.builds(
    PriceList,
    coop=st.just("c"),
    operation=st.just("rice_harvest"),
    since=st.just(DAY),
    per_ha_fen=st.integers(1, 1_000_000),
    minimum_fen=st.integers(0, 100_000),
    surcharges=st.dictionaries(st.sampled_from(CONDITIONS), st.floats(0, 1)),
    small_ha=st.floats(0, 2),
    small_share=st.floats(0, 1),
)
areas = st.floats(0.001, 50)
wishes = st.builds(Wish, area_ha=areas, km=st.floats(0, 100), conditions=st.frozensets(st.sampled_from(CONDITIONS)))
caps = st.none() | st.builds(
    Cap, operation=st.just("rice_harvest"), since=st.just(DAY), per_ha_fen=st.integers(1, 1_000_000),
    minimum_fen=st.integers(0, 100_000),
)  # fmt: skip
ROUNDING_FEN = 3  # lines are rounded one by one


@given(lists, wishes, caps)
def test_the_minimum_holds_and_the_cap_holds_above_it(prices: PriceList, wish: Wish, cap: Cap | None) -> None:
    total = price_job(prices, wish, cap).total_fen
    if cap is None:
        assert total >= prices.minimum_fen
    else:
        assert total <= max(round(cap.per_ha_fen * wish.area_ha), cap.minimum_fen)


@given(lists, wishes, caps, areas, st.floats(0, 100), st.sampled_from(CONDITIONS))
def test_more_is_never_cheaper(
    prices: PriceList, wish: Wish, cap: Cap | None, area_ha: float, km: float, condition: str
) -> None:
    more = Wish(area_ha=wish.area_ha + area_ha, km=wish.km + km, conditions=wish.conditions | {condition})
    assert price_job(prices, more, cap).total_fen >= price_job(prices, wish, cap).total_fen - ROUNDING_FEN


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.booleans())
def test_a_price_rises_only_with_the_farmers_word(agreed_fen: int, now_fen: int, yes: bool) -> None:
    agreed, now = Price((Line("area", agreed_fen),)), Price((Line("area", now_fen),))
    holds = price_again(agreed, now, farmer_said_yes=yes)
    assert holds.total_fen <= agreed_fen or (yes and holds == now)
    assert holds.total_fen == now_fen or now_fen > agreed_fen


def test_the_version_of_the_day_is_in_force() -> None:
    old = PriceList(coop="c", operation="rice_harvest", since=DAY, per_ha_fen=100)
    new = replace(old, since=date(2026, 12, 1), per_ha_fen=200)
    other = replace(old, coop="d", per_ha_fen=300)
    every = [new, other, old]
    assert list_in_force(every, "c", "rice_harvest", date(2026, 11, 30)) == old
    assert list_in_force(every, "c", "rice_harvest", date(2026, 12, 1)) == new
    with pytest.raises(NotFound, match="begins by then"):
        list_in_force(every, "c", "rice_harvest", date(2026, 10, 31))


def test_the_newest_cap_counts() -> None:
    cap = Cap(operation="rice_harvest", since=DAY, per_ha_fen=100, minimum_fen=5)
    newer = replace(cap, since=date(2026, 11, 5), per_ha_fen=90)
    assert cap_in_force([newer, cap], "rice_harvest", date(2026, 11, 6)) == newer
    assert cap_in_force([newer, cap], "till", date(2026, 11, 6)) is None


@pytest.mark.parametrize("wish", [Wish(area_ha=0.0), Wish(area_ha=1.0, km=-1.0)])
def test_impossible_wishes_have_no_price(wish: Wish) -> None:
    with pytest.raises(BadInput, match="area above 0"):
        price_job(PriceList(coop="c", operation="o", since=DAY, per_ha_fen=1), wish)


def test_unknown_conditions_are_named() -> None:
    with pytest.raises(BadInput, match="steep"):
        price_job(
            PriceList(coop="c", operation="o", since=DAY, per_ha_fen=1),
            Wish(area_ha=1.0, conditions=frozenset({"steep"})),
        )


@pytest.mark.parametrize(
    "wrong", [{"per_ha_fen": 0}, {"minimum_fen": -1}, {"small_share": 1.5}, {"surcharges": {"steep": 0.1}}]
)
def test_wrong_lists_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        PriceList(**{"coop": "c", "operation": "o", "since": DAY, "per_ha_fen": 1} | wrong)
