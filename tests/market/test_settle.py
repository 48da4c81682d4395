"""Laws of settlement: what one pays the others get, to the fen; unsure areas wait for people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongshi.core.errors import BadInput
from nongshi.core.measured import WorkMeasured
from nongshi.market.prices import Line, Price
from nongshi.market.settle import BY_HOUR, Done, Terms, Wage, Why, judge, scale, settle, split

NAMES = ["area", "lodged", "distance", "minimum", "cap"]
prices = st.lists(st.integers(1, 10**7), min_size=1, max_size=4).map(
    lambda amounts: Price(tuple(Line(name, fen) for name, fen in zip(NAMES, amounts, strict=False)))
)


def measured(worked_ha: float, *, sure: bool = True) -> WorkMeasured:
    return WorkMeasured(
        worked_ha=worked_ha, low_ha=worked_ha * 0.98, high_ha=worked_ha * 1.02, overlap_ha=0.0, skip_ha=0.0,
        travelled_ha=worked_ha, fixes=500, auto_settle=sure,
        why="" if sure else "width?", why_zh="" if sure else "幅宽?",
    )  # fmt: skip


@given(st.integers(-(10**9), 10**9), st.lists(st.floats(0, 1e6), min_size=1, max_size=9).filter(any))
def test_shares_sum_to_the_fen_and_are_within_one_of_exact(total: int, weights: list[float]) -> None:
    shares = split(total, weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - total * weight / sum(weights)) < 1 + 1e-6 * abs(total)


@given(
    prices,
    st.floats(0, 100),
    st.floats(0.01, 100),
    st.floats(0, 24),
    st.integers(0, 10**5),
    st.floats(0, 1),
    st.sampled_from(Wage),
)
def test_every_sheet_sums_to_zero(
    price: Price, area_ha: float, booked_ha: float, hours: float, fuel_fen: int, share: float, wage: Wage
) -> None:
    done = Done(area_ha=area_ha, booked_ha=booked_ha, hours=hours, fuel_fen=fuel_fen)
    sheet = settle(price, done, Terms(coop_share=share, wage=wage))
    amounts = {line.name: line.amount_fen for line in sheet.parties}
    assert sum(amounts.values()) == 0
    assert amounts["farmer"] == -sheet.price.total_fen <= 0
    assert amounts["coop"] >= fuel_fen
    assert amounts["operator"] >= 0


@given(prices, st.floats(0.01, 100))
def test_the_booked_area_costs_what_was_agreed(price: Price, booked_ha: float) -> None:
    assert scale(price, booked_ha, booked_ha) == price


def test_a_capped_price_stays_capped_by_the_hectare() -> None:
    price = Price((Line("area", 100_000), Line("lodged", 30_000), Line("cap", -10_000)))
    assert scale(price, 0.98, 1.0).total_fen == 117_600


@pytest.mark.parametrize(
    ("worked", "sure", "why"),
    [(1.03, True, Why.INSIDE), (0.97, True, Why.INSIDE), (1.031, True, Why.OUTSIDE), (0.969, True, Why.OUTSIDE),
     (1.0, False, Why.UNSURE)],
)  # fmt: skip
def test_three_percent_and_a_good_measurement_settle_by_themselves(worked: float, sure: bool, why: Why) -> None:
    judged = judge(1.0, measured(worked, sure=sure))
    assert judged.why == why
    assert judged.by_itself == (why == Why.INSIDE)


def test_wages_by_hour_and_by_hectare() -> None:
    price, done = Price((Line("area", 300_000),)), Done(area_ha=2.0, booked_ha=2.0, hours=5.0)
    by_hour = settle(price, done, BY_HOUR)
    by_area = settle(price, done)
    assert [line.amount_fen for line in by_hour.parties] == [-300_000, 30_000, 30_000, 240_000]
    assert [line.amount_fen for line in by_area.parties] == [-300_000, 30_000, 36_000, 234_000]


def test_nothing_booked_cannot_be_judged() -> None:
    with pytest.raises(BadInput, match="booked"):
        judge(0.0, measured(1.0))
