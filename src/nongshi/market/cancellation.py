"""What calling off, or not coming, costs: by the notice given; nothing when the weather forbids the work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nongshi.core.errors import BadInput
from nongshi.market.assumptions import NO_SHOW_SHARE, NOTICE_SHARES
from nongshi.market.orders import Who


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTerms:
    """Shares of the price by hours of notice, longest notice first; and for not coming at all."""

    shares: Sequence[tuple[float, float]] = NOTICE_SHARES
    no_show_share: float = NO_SHOW_SHARE

    def __post_init__(self) -> None:
        """Refuse terms by which later notice costs less, or more than the price."""
        hours = [hours for hours, _ in self.shares]
        shares = [share for _, share in self.shares] + [self.no_show_share]
        if not hours or hours != sorted(hours, reverse=True) or hours[-1] != 0:
            raise BadInput("terms list the hours of notice from the longest to 0")
        if shares != sorted(shares) or shares[0] < 0 or shares[-1] > 1:
            raise BadInput("later notice may not cost less than earlier, no share is below 0 or above 1")


@dataclass(frozen=True, slots=True)
class Fee:
    """Who owes whom how much; 0 fen where nothing is due."""

    payer: Who
    payee: Who
    amount_fen: int
    share: float


def cancellation_fee(
    price_fen: int, start: datetime, now: datetime, by: Who, *, terms: NoticeTerms | None = None, weather: bool = False
) -> Fee:
    """What the side that calls off owes the other; both sides by the same terms.

    `weather`: the work days of the place forbid the work at that hour. Who called off may not say so; the site asks.
    """
    terms = terms or NoticeTerms()
    hours = (start - now).total_seconds() / 3600
    share = 0.0 if weather else next((share for least, share in terms.shares if hours >= least), terms.shares[-1][1])
    return _fee(price_fen, share, by)


def no_show_fee(price_fen: int, missed_by: Who, *, terms: NoticeTerms | None = None) -> Fee:
    """What the side that was not there owes the other."""
    return _fee(price_fen, (terms or NoticeTerms()).no_show_share, missed_by)


def _fee(price_fen: int, share: float, payer: Who) -> Fee:
    if price_fen < 0:
        raise BadInput("a price is not below 0")
    if payer not in (Who.FARMER, Who.COOP):
        raise BadInput("only the two sides of an order owe each other: farmer or coop")
    payee = Who.COOP if payer == Who.FARMER else Who.FARMER
    return Fee(payer, payee, round(price_fen * share), share)
