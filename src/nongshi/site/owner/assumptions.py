"""The owner's own default numbers, each with its source."""

from nongshi.agronomy import OPERATIONS, Assumption, make_assumptions
from nongshi.core.units import FEN_PER_YUAN

WIDTH_M = 2.0  # where the register has no working width
NEAR_KM = 30.0  # work farther away is not shown as nearby
DUE_DAYS = 60  # papers and upkeep are called due so many days before


def owner_assumptions() -> tuple[Assumption, ...]:
    """Every default of this app; income follows the prices of the table of operations."""
    rows = (
        ("width", WIDTH_M, "m", "assumption: cutting width of a common rice combine, where the register has none"),
        ("near", NEAR_KM, "km", "assumption: a low-loader's hour there and back"),
        ("due", DUE_DAYS, "days", "assumption: an inspection is renewed within two months"),
    )
    return make_assumptions("owner", rows, date="2026-11-27")


def income_fen(operation: str, area_ha: float) -> int:
    """What an operation brings on an area by the table of prices, in whole fen; nothing for one not in the table.

    >>> income_fen("rice_harvest", 2.0)
    300000
    """
    known = OPERATIONS.get(operation)
    return 0 if known is None else round(known.price_yuan_ha * area_ha * FEN_PER_YUAN)
