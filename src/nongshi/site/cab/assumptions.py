"""The cab's own default numbers, each with its source."""

from collections.abc import Mapping

from nongshi.agronomy import Assumption, make_assumptions

REMIND_DAYS = 60  # papers that end within so many days are reminded of
PAY_FEN_H = 3000  # 30 yuan for an hour of work
PAY_FEN_HA: Mapping[str, int] = {  # besides, by the area done
    "rice_harvest": 12000,
    "wheat_harvest": 12000,
    "transplant": 15000,
}
PAY_FEN_HA_OTHER = 7500  # 5 yuan a mu for every other operation


def cab_assumptions() -> tuple[Assumption, ...]:
    """Every default of this app."""
    source = "assumption: a seasonal driver's hourly wage and bonus by area; cooperatives set their own"
    rows = (
        ("pay_hour", PAY_FEN_H / 100, "yuan/h", source),
        *((f"pay_area.{name}", fen / 100, "yuan/ha", source) for name, fen in PAY_FEN_HA.items()),
        ("pay_area.other", PAY_FEN_HA_OTHER / 100, "yuan/ha", source),
        ("remind", REMIND_DAYS, "days", "assumption: a licence or inspection is renewed within two months"),
    )
    return make_assumptions("cab", rows, date="2026-11-27")


def pay_fen(operation: str, hours: float, area_ha: float) -> int:
    """What a driver earns with one order, in whole fen.

    >>> pay_fen("rice_harvest", 2.0, 1.0)
    18000
    """
    return round(hours * PAY_FEN_H + area_ha * PAY_FEN_HA.get(operation, PAY_FEN_HA_OTHER))
