"""Price lists with dates, and the price of a job by its lines: shown before, and never raised without a word.

Lists are per cooperative and operation; a new version begins at its day and leaves earlier prices as they were.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from nongshi.core.errors import BadInput, NotFound
from nongshi.core.units import MU_PER_HA
from nongshi.market.assumptions import KM_FEN, MINIMUM_FEN, NEAR_KM, SMALL_HA, SMALL_SHARE, SURCHARGES

CONDITIONS = tuple(SURCHARGES)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceList:
    """What a cooperative asks for an operation, from a day on."""

    coop: str
    operation: str
    since: date
    per_ha_fen: int
    minimum_fen: int = MINIMUM_FEN
    surcharges: Mapping[str, float] = field(default_factory=lambda: MappingProxyType(SURCHARGES))
    small_ha: float = SMALL_HA
    small_share: float = SMALL_SHARE  # of the price of the area that a small field lacks
    near_km: float = NEAR_KM
    km_fen: int = KM_FEN

    def __post_init__(self) -> None:
        """Refuse a list by which a larger field could cost less, or a condition that nobody knows."""
        if self.per_ha_fen <= 0 or min(self.minimum_fen, self.km_fen, self.near_km, self.small_ha) < 0:
            raise BadInput("a price list needs a price per hectare above 0 and no number below 0")
        if not 0 <= self.small_share <= 1:
            raise BadInput(f"the surcharge of small fields is a share of 0 to 1, not {self.small_share:g}")
        unknown = set(self.surcharges) - set(CONDITIONS)
        if unknown or any(share < 0 for share in self.surcharges.values()):
            raise BadInput(f"surcharges are shares of 0 or more for: {', '.join(CONDITIONS)}")

    @property
    def per_mu_fen(self) -> float:
        """As people are shown it."""
        return self.per_ha_fen / MU_PER_HA


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """The most that a district allows for an operation, from a day on."""

    operation: str
    since: date
    per_ha_fen: int
    minimum_fen: int  # what coming at all may cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be priced."""

    area_ha: float
    km: float = 0.0  # way that this job adds
    conditions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a price or a sheet."""

    name: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Price:
    """A price with its lines, which sum to it."""

    lines: tuple[Line, ...]

    @property
    def total_fen(self) -> int:
        """What is paid."""
        return sum(line.amount_fen for line in self.lines)


def list_in_force(lists: Iterable[PriceList], coop: str, operation: str, day: date) -> PriceList:
    """The newest version that has begun by a day.

    Raises:
        NotFound: the cooperative has no price for it by then.
    """
    begun = [one for one in lists if (one.coop, one.operation) == (coop, operation) and one.since <= day]
    if not begun:
        raise NotFound(f"{coop} has no price for {operation} on {day}; enter a price list that begins by then")
    return max(begun, key=lambda one: one.since)


def cap_in_force(caps: Iterable[Cap], operation: str, day: date) -> Cap | None:
    """The district's newest cap by a day, if it set one."""
    begun = [one for one in caps if one.operation == operation and one.since <= day]
    return max(begun, key=lambda one: one.since, default=None)


def price_job(prices: PriceList, wish: Wish, cap: Cap | None = None) -> Price:
    """The price of a job, line by line; a larger area, a longer way, one more condition never make it cheaper.

    >>> harvest = PriceList(coop="c", operation="rice_harvest", since=date(2026, 1, 1), per_ha_fen=150_000)
    >>> price = price_job(harvest, Wish(area_ha=0.5, km=12.0, conditions=frozenset({"lodged"})))
    >>> [(line.name, line.amount_fen) for line in price.lines], price.total_fen
    ([('area', 75000), ('lodged', 22500), ('distance', 600)], 98100)

    Raises:
        BadInput: no area, or a condition that the list does not know.
    """
    if not wish.area_ha > 0 or wish.km < 0:
        raise BadInput(f"a price needs an area above 0 and a way of 0 km or more, not {wish.area_ha:g} and {wish.km:g}")
    unknown = wish.conditions - set(CONDITIONS)
    if unknown:
        raise BadInput(f"unknown condition: {', '.join(sorted(unknown))}; known: {', '.join(CONDITIONS)}")
    base_fen = round(prices.per_ha_fen * wish.area_ha)
    lacks_ha = max(0.0, prices.small_ha - wish.area_ha)
    lines = [Line("area", base_fen)]
    lines += [
        Line(name, round(base_fen * prices.surcharges.get(name, 0.0))) for name in CONDITIONS if name in wish.conditions
    ]
    lines.append(Line("small", round(prices.per_ha_fen * lacks_ha * prices.small_share)))
    lines.append(Line("distance", round(max(0.0, wish.km - prices.near_km) * prices.km_fen)))
    total_fen = sum(line.amount_fen for line in lines)
    lines.append(Line("minimum", max(0, prices.minimum_fen - total_fen)))
    total_fen = max(total_fen, prices.minimum_fen)
    if cap is not None:
        most_fen = max(round(cap.per_ha_fen * wish.area_ha), cap.minimum_fen)
        lines.append(Line("cap", min(0, most_fen - total_fen)))
    return Price(tuple(line for line in lines if line.amount_fen or line.name == "area"))


def price_again(agreed: Price, now: Price, *, farmer_said_yes: bool) -> Price:
    """The price that holds after conditions turned out otherwise: the lower one, unless the farmer said yes."""
    return now if farmer_said_yes or now.total_fen <= agreed.total_fen else agreed
