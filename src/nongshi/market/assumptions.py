"""The room's default numbers in one list; docs/assumptions.md says the same."""

from nongshi.agronomy import Assumption, make_assumptions
from nongshi.market.days import OPEN_DAYS, PAST_DAYS, SOON_DAYS
from nongshi.market.match import AREA_NEAR
from nongshi.market.pool import AREA_MAX_HA, NEAR_M

HOLD_MIN = 15  # a quoted place is kept for so long
TOLERANCE = 0.03  # measured against booked area
ACCEPT_H = 48  # measured work that nobody disputes is accepted after so long
LATE_MIN = 60  # how long either side waits before it may say "no-show"
COOP_SHARE = 0.10
WAGE_FEN_H = 6_000
WAGE_FEN_HA = 18_000
NOTICE_SHARES = ((48.0, 0.0), (12.0, 0.10), (0.0, 0.30))  # hours of notice at least, share of the price
NO_SHOW_SHARE = 0.50
SURCHARGES = {"lodged": 0.30, "wet": 0.20, "awkward": 0.10, "night": 0.15}  # share of the price by area
SMALL_HA = 0.2  # a field below it pays for the turning
SMALL_SHARE = 0.5  # of the price of the hectares it lacks
NEAR_KM = 10.0  # the way that the price holds
KM_FEN = 300  # each kilometre beyond it
MINIMUM_FEN = 10_000
PRIOR_ORDERS = 10  # how many usual orders a newcomer is taken to have done
PRIOR_GOOD = 0.9

_A = "assumption"


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
    return make_assumptions("market", rows, date="2026-11-27")


def order_assumptions() -> tuple[Assumption, ...]:
    """Every default of orders and money."""
    rows: list[tuple[str, float, str, str]] = [
        ("hold", HOLD_MIN, "min", _A),
        ("tolerance", TOLERANCE, "share of booked area", "assumption: the project's brief"),
        ("accept", ACCEPT_H, "h", "assumption: the project's brief"),
        ("late", LATE_MIN, "min", _A),
        ("coop_share", COOP_SHARE, "share of price", "TROTRO tractor hire takes 10 %; Maschinenring 0, 1 or 10 %"),
        ("wage_h", WAGE_FEN_H, "fen/h", _A),
        ("wage_ha", WAGE_FEN_HA, "fen/ha", _A),
        *(("notice", share, f"share of price, {hours:g} h of notice", _A) for hours, share in NOTICE_SHARES),
        ("no_show", NO_SHOW_SHARE, "share of price", _A),
        *((f"surcharge.{name}", share, "share of price", _A) for name, share in SURCHARGES.items()),
        ("small", SMALL_HA, "ha", _A),
        ("small_share", SMALL_SHARE, "share of the price of the missing area", _A),
        ("near", NEAR_KM, "km", _A),
        ("km", KM_FEN, "fen/km", _A),
        ("minimum", MINIMUM_FEN, "fen", _A),
        ("prior_orders", PRIOR_ORDERS, "orders", _A),
        ("prior_good", PRIOR_GOOD, "share", _A),
    ]
    return make_assumptions("market", rows, date="2026-11-27")
