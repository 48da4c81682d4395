"""The room's default numbers in one list; docs/assumptions.md says the same."""

from nongshi.agronomy import Assumption
from nongshi.market.days import OPEN_DAYS, PAST_DAYS, SOON_DAYS
from nongshi.market.match import AREA_NEAR
from nongshi.market.pool import AREA_MAX_HA, NEAR_M


def market_assumptions() -> tuple[Assumption, ...]:
    """Every default of reading and pooling."""
    rows: tuple[tuple[str, float, str, str], ...] = (
        ("open_days", OPEN_DAYS, "days", "assumption: '28号以后' means within a week of it"),
        ("soon_days", SOON_DAYS, "days", "assumption: '尽快' and '这几天' mean within so many days"),
        ("past_days", PAST_DAYS, "days", "assumption: a day without a year that is over for longer is next year's"),
        ("area_near", AREA_NEAR, "share", "assumption: people round to the half mu"),
        ("pool_near", NEAR_M, "m", "assumption: a ditch and a field road lie between neighbours"),
        ("pool_area_max", AREA_MAX_HA, "ha", "assumption: what one harvester does in two days"),
    )
    return tuple(
        Assumption(name=f"market.{name}", value=value, unit=unit, source=source, date="2026-11-27")
        for name, value, unit, source in rows
    )
