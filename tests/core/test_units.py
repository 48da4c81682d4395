from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongshi.core.units import fen, mu, yuan


def test_a_hectare_is_fifteen_mu() -> None:
    assert mu(1.0) == 15
    assert mu(1 / 15) == pytest.approx(1.0)


@given(amount_fen=st.integers(-(10**12), 10**12))
def test_money_comes_back_to_the_fen_from_what_is_written(amount_fen: int) -> None:
    assert fen(Decimal(str(yuan(amount_fen)))) == amount_fen


def test_yuan_are_rounded_to_the_fen() -> None:
    assert yuan(123456.4) == 1234.56
    assert yuan(-0.6) == -0.01


@pytest.mark.parametrize("text", ["0.001", "12.345", "-1.999"])
def test_a_fraction_of_a_fen_is_refused_rather_than_rounded(text: str) -> None:
    with pytest.raises(ValueError, match="more than 2 decimals"):
        fen(Decimal(text))


def test_trailing_zeros_are_no_fraction_of_a_fen() -> None:
    assert fen(Decimal("12.3400")) == 1234
