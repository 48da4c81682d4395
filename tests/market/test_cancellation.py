"""Laws of calling off: shorter notice never costs less, both sides by one rule, weather is nobody's fault."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongshi.core.errors import BadInput
from nongshi.market.cancellation import NoticeTerms, cancellation_fee, no_show_fee
from nongshi.market.orders import Who

START = datetime(2026, 11, 27, 4, tzinfo=UTC)
SIDES = st.sampled_from([Who.FARMER, Who.COOP])


@given(st.integers(0, 10**8), st.floats(-5, 200), st.floats(0, 100), SIDES)
def test_shorter_notice_never_costs_less_and_a_no_show_most(price: int, hours: float, less: float, by: Who) -> None:
    early = cancellation_fee(price, START, START - timedelta(hours=hours), by)
    late = cancellation_fee(price, START, START - timedelta(hours=hours - less), by)
    assert 0 <= early.amount_fen <= late.amount_fen <= no_show_fee(price, by).amount_fen <= price
    assert {early.payer, early.payee} == {Who.FARMER, Who.COOP}
    assert early.payer == by


@given(st.integers(0, 10**8), st.floats(-5, 200), SIDES)
def test_weather_costs_nobody(price: int, hours: float, by: Who) -> None:
    assert cancellation_fee(price, START, START - timedelta(hours=hours), by, weather=True).amount_fen == 0


@pytest.mark.parametrize(("hours", "fen"), [(48, 0), (47.9, 10_000), (12, 10_000), (11.9, 30_000), (-1, 30_000)])
def test_the_usual_terms(hours: float, fen: int) -> None:
    assert cancellation_fee(100_000, START, START - timedelta(hours=hours), Who.FARMER).amount_fen == fen


@pytest.mark.parametrize("shares", [(), ((12.0, 0.1), (48.0, 0.0)), ((12.0, 0.2), (0.0, 0.1)), ((12.0, 0.1),)])
def test_terms_that_punish_early_notice_are_refused(shares: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(BadInput):
        NoticeTerms(shares=shares)
