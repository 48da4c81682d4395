"""The nouns of a season ahead: what will be short where and when, as one room tells it to another (docs/formats.md).

Weeks begin on the day of the week on which the season begins; `week` counts from 0. Money is whole fen.
"""

from dataclasses import dataclass
from datetime import date

from nongshi.core.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorShortage:
    """What one town lacks in one week of one licence, over all scenarios of weather and demand.

    >>> short = OperatorShortage(town="廊下", week=3, week_start=date(2026, 11, 2), licence="S", short_h=(0.0, 120.0),
    ...     price_fen_h=9_000, idle_machines=2.5, operator_h=54.0)
    >>> short.mean_h
    60.0
    """

    town: str
    week: int
    week_start: date
    licence: str  # class of licence, as in machine_classes.csv
    short_h: tuple[float, ...]  # operator-hours lacking, one number a scenario, all equally likely
    price_fen_h: int  # what one more licensed operator-hour there and then is worth, mean over the scenarios
    idle_machines: float  # machines of this licence that stand without an operator, mean; more operators gain nothing
    operator_h: float  # hours that one operator can work in that week, mean over the scenarios

    def __post_init__(self) -> None:
        """Refuse a shortage that could not be."""
        if not self.short_h:
            raise BadInput(f"shortage of {self.licence} in {self.town}, week {self.week}, has no scenario")
        if min(self.short_h) < 0 or self.price_fen_h < 0 or self.idle_machines < 0 or self.operator_h < 0:
            raise BadInput(f"shortage of {self.licence} in {self.town}, week {self.week}, has a number below zero")

    @property
    def mean_h(self) -> float:
        """Operator-hours lacking, mean over the scenarios."""
        return sum(self.short_h) / len(self.short_h)
