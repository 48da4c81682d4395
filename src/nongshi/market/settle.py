"""From measured work to lines of money: is it settled by itself, and who gets which fen.

Every sheet sums to zero: what the farmer pays is what the others get. Fractions of a fen go by largest remainder.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from nongshi.core.errors import BadInput
from nongshi.core.measured import WorkMeasured
from nongshi.market.assumptions import COOP_SHARE, TOLERANCE, WAGE_FEN_H, WAGE_FEN_HA
from nongshi.market.prices import Line, Price


class Why(StrEnum):
    """Why an area is, or is not, settled by itself."""

    INSIDE = "inside"
    OUTSIDE = "outside"  # more than the tolerance away from the booked area
    UNSURE = "unsure"  # its measuring is not good enough; the measurement says why


@dataclass(frozen=True, slots=True)
class Judged:
    """What measuring says about the booked area."""

    why: Why
    off: float  # share of the booked area, with its sign

    @property
    def by_itself(self) -> bool:
        """Whether 48 hours without a word are a yes."""
        return self.why == Why.INSIDE


class Wage(StrEnum):
    """How an operator is paid."""

    HOUR = "hour"
    HECTARE = "hectare"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How the price is shared out in a cooperative."""

    coop_share: float = COOP_SHARE
    wage: Wage = Wage.HECTARE
    wage_fen: int = WAGE_FEN_HA  # per hour or hectare

    def __post_init__(self) -> None:
        """Refuse shares that are none."""
        if not 0 <= self.coop_share <= 1 or self.wage_fen < 0:
            raise BadInput("the cooperative's share is 0 to 1, and a wage is not below 0")


BY_HOUR = Terms(wage=Wage.HOUR, wage_fen=WAGE_FEN_H)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was done for an order, as it is to be paid."""

    area_ha: float  # agreed
    booked_ha: float
    hours: float = 0.0
    fuel_fen: int = 0  # fuel that the cooperative handed out


@dataclass(frozen=True, slots=True)
class Sheet:
    """A settlement: price lines of the farmer, and lines of all parties, which sum to zero."""

    price: Price
    parties: tuple[Line, ...]  # farmer, coop, operator, owner; + gets, - pays


def judge(booked_ha: float, measured: WorkMeasured, tolerance: float = TOLERANCE) -> Judged:
    """Whether a measured area needs a person's eyes.

    Raises:
        BadInput: nothing was booked.
    """
    if not booked_ha > 0:
        raise BadInput("nothing was booked: the booked area has to be above 0")
    off = (measured.worked_ha - booked_ha) / booked_ha
    if not measured.auto_settle:
        return Judged(Why.UNSURE, off)
    return Judged(Why.INSIDE if abs(off) <= tolerance + 1e-12 else Why.OUTSIDE, off)


def split(total_fen: int, weights: Sequence[float]) -> tuple[int, ...]:
    """Whole fen by weights, summing to the total: the largest remainders get the fen left over.

    >>> split(100, [1, 1, 1])
    (34, 33, 33)

    Raises:
        BadInput: no weight above 0, or one below.
    """
    parts = [Fraction(weight) for weight in weights]
    whole = sum(parts)
    if not parts or min(parts) < 0 or whole == 0:
        raise BadInput("shares need weights of 0 or more, and one above 0")
    if total_fen < 0:
        return tuple(-part for part in split(-total_fen, weights))
    exact = [total_fen * part / whole for part in parts]
    floors = [math.floor(one) for one in exact]
    left = total_fen - sum(floors)
    order = sorted(range(len(parts)), key=lambda i: (floors[i] - exact[i], i))
    for i in order[:left]:
        floors[i] += 1
    return tuple(floors)


def scale(price: Price, area_ha: float, booked_ha: float) -> Price:
    """The price agreed, for the area that was worked; the minimum and the way stay as they were.

    Raises:
        BadInput: areas that cannot be.
    """
    if not booked_ha > 0 or area_ha < 0:
        raise BadInput("the booked area has to be above 0 and the worked area not below 0")
    stay = ("minimum", "distance", "small")
    moving = [line for line in price.lines if line.name not in stay]
    total_fen = round(Fraction(sum(line.amount_fen for line in moving)) * Fraction(area_ha) / Fraction(booked_ha))
    signs = [1 if line.amount_fen >= 0 else -1 for line in moving]
    if all(sign > 0 for sign in signs) and any(line.amount_fen for line in moving):
        amounts = split(total_fen, [line.amount_fen for line in moving])
    else:  # a cap takes off: it takes what the others leave
        ratio = Fraction(area_ha) / Fraction(booked_ha)
        amounts = tuple(round(line.amount_fen * ratio) for line in moving)
        amounts = (*amounts[:-1], total_fen - sum(amounts[:-1]))
    scaled = dict(zip((line.name for line in moving), amounts, strict=True))
    return Price(tuple(Line(line.name, scaled.get(line.name, line.amount_fen)) for line in price.lines))


def settle(price: Price, done: Done, terms: Terms | None = None) -> Sheet:
    """Who pays and who gets what for an order.

    The owner gets what the price leaves after cooperative, wage and fuel; that may be below zero, and then it shows.
    """
    terms = terms or Terms()
    final = scale(price, done.area_ha, done.booked_ha)
    total_fen = final.total_fen
    coop_fen, rest_fen = split(total_fen, [terms.coop_share, 1 - terms.coop_share])
    per = done.hours if terms.wage == Wage.HOUR else done.area_ha
    wage_fen = round(terms.wage_fen * per)
    owner_fen = rest_fen - wage_fen - done.fuel_fen
    shares: Mapping[str, int] = {
        "farmer": -total_fen,
        "coop": coop_fen + done.fuel_fen,
        "operator": wage_fen,
        "owner": owner_fen,
    }
    return Sheet(final, tuple(Line(name, amount) for name, amount in shares.items()))
