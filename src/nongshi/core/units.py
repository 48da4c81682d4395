"""Units at the edges: mu and yuan are shown to people, hectares and fen are computed with."""

from decimal import Decimal

MU_PER_HA = 15  # 1 mu = 1/15 ha, by definition
FEN_PER_YUAN = 100
SECONDS_PER_DAY = 86_400
SECONDS_PER_HOUR = 3_600


def mu(area_ha: float) -> float:
    """Area in mu, for showing.

    >>> mu(2.0)
    30.0
    """
    return area_ha * MU_PER_HA


def yuan(amount_fen: float) -> float:
    """Money in yuan, rounded to the fen, for showing and writing.

    >>> yuan(123456)
    1234.56
    """
    return round(amount_fen) / FEN_PER_YUAN


def fen(amount_yuan: Decimal) -> int:
    """Money in whole fen; refuses fractions of a fen, so that no sum is quietly changed.

    >>> fen(Decimal("12.34"))
    1234

    Raises:
        ValueError: more than two decimals.
    """
    amount = amount_yuan * FEN_PER_YUAN
    if amount != amount.to_integral_value():
        raise ValueError(f"{amount_yuan} yuan has more than 2 decimals")
    return int(amount)
