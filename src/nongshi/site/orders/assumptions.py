"""Default numbers of orders on the site, each with its source; docs/site-orders.md says the same."""

from nongshi.agronomy import Assumption

WIDTH_M = 2.0  # where the register has no working width
AROUND_MIN = 10.0  # positions are looked up from so long before begin to so long after end
NEAR_M = 40.0  # fixes farther from the field are not kept with an order
MARK_DAYS = 400  # orders that a mark is made of
LOST_SHARE = 0.005  # a dispute is lost where the paid area is below the measured one by more
WAITING_HOLD_MIN = 120  # a freed place is held for who waited


def site_order_assumptions() -> tuple[Assumption, ...]:
    """Every default of the app."""
    rows = (
        ("width", WIDTH_M, "m", "assumption: cutting width of a common rice combine, where the register has none"),
        ("around", AROUND_MIN, "min", "assumption: who taps begin and end does so within ten minutes of it"),
        ("near", NEAR_M, "m", "assumption: turns lie within it; what is farther is nobody's business"),
        ("mark_days", MARK_DAYS, "days", "assumption: what is older than a year and a month says little of today"),
        ("lost", LOST_SHARE, "share of measured area", "assumption: less than that is rounding"),
        ("waiting_hold", WAITING_HOLD_MIN, "min", "assumption: who waited is asked by phone, and has two hours"),
    )
    return tuple(
        Assumption(name=f"orders.{name}", value=value, unit=unit, source=source, date="2026-11-27")
        for name, value, unit, source in rows
    )
