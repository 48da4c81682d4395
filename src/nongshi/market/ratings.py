"""Marks by fact first, stars second: on time, loss, calling off, disputes lost.

A newcomer is taken to have done a few usual orders, so that one lucky or unlucky day decides nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from nongshi.core.errors import BadInput
from nongshi.market.assumptions import PRIOR_GOOD, PRIOR_ORDERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the records say of a provider; no opinion in it."""

    orders: int = 0  # that came to an end with it
    on_time: int = 0  # begun inside the hours agreed
    low_loss: int = 0  # measured loss at or below what the operation allows
    loss_measured: int = 0
    called_off: int = 0  # by the provider, no-shows included
    disputes_lost: int = 0
    stars: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse counts that cannot be."""
        counts = (self.on_time, self.loss_measured, self.called_off, self.disputes_lost)
        if min(*counts, self.low_loss) < 0 or max(counts) > self.orders or self.low_loss > self.loss_measured:
            raise BadInput("of the orders, no more can be on time, measured, called off or lost than there are")
        if any(star not in range(1, 6) for star in self.stars):
            raise BadInput("stars are 1 to 5")


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """How good, 0 to 100, by fact; stars only order those whose facts are the same."""

    points: int
    stars: float


WEIGHTS: Mapping[str, float] = {"on_time": 0.4, "kept": 0.25, "low_loss": 0.2, "undisputed": 0.15}  # assumption


def mark(facts: Facts) -> Mark:
    """The mark of a provider.

    >>> mark(Facts()).points, mark(Facts(orders=90, on_time=90, low_loss=90, loss_measured=90)).points
    (90, 99)
    """
    rates = {
        "on_time": _rate(facts.on_time, facts.orders),
        "kept": _rate(facts.orders - facts.called_off, facts.orders),
        "low_loss": _rate(facts.low_loss, facts.loss_measured),
        "undisputed": _rate(facts.orders - facts.disputes_lost, facts.orders),
    }
    points = sum(WEIGHTS[name] * rate for name, rate in rates.items()) * 100
    stars = (sum(facts.stars) + 3 * PRIOR_ORDERS) / (len(facts.stars) + PRIOR_ORDERS)
    return Mark(round(points), round(stars, 2))


def _rate(good: int, of: int) -> float:
    return (good + PRIOR_GOOD * PRIOR_ORDERS) / (of + PRIOR_ORDERS)
