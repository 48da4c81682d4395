"""The site's own default numbers about jobs, each with its source; docs/assumptions.md says the same."""

from nongshi.agronomy import OPERATIONS, Assumption, make_assumptions
from nongshi.synthetic import SEASONS

PRICE_SPREAD = 0.15  # share of the table's price by which cooperatives differ
AHEAD_DAYS = 400  # how far ahead a job may be posted
DAYS_DEFAULT = 3  # a farmer who names one day is content with so many more

WET_T_HA = {
    stage.operation: stage.wet_t_ha
    for season in SEASONS.values()
    for stage in season.stages
    if stage.wet_t_ha is not None
}  # wet grain of a hectare, as in generated regions


def job_assumptions() -> tuple[Assumption, ...]:
    """Every default of this app."""
    rows = (
        ("price_spread", PRICE_SPREAD, "share", "assumption: posted prices of one operation differ by so much"),
        ("ahead", AHEAD_DAYS, "days", "assumption: next year's season may be booked, nothing later"),
        ("days_default", DAYS_DEFAULT, "days", "assumption: slack that a farmer leaves who names one day"),
    )
    return make_assumptions("job", rows, date="2026-11-27")


def price_range_fen(operation: str, area_ha: float) -> tuple[int, int]:
    """What an operation costs on an area, least and most, in whole fen.

    >>> price_range_fen("rice_harvest", 1.0)
    (127500, 172500)
    """
    price_fen = OPERATIONS[operation].price_yuan_ha * area_ha * 100
    return round(price_fen * (1 - PRICE_SPREAD)), round(price_fen * (1 + PRICE_SPREAD))
