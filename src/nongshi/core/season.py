"""The nouns of a season ahead: what will be short where and when, as one room tells it to another (docs/formats.md).

Weeks begin on the day of the week on which the season begins; `week` counts from 0. Money is whole fen.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from nongshi.core.errors import BadInput
from nongshi.core.region import Region

CROPS = ("rice", "wheat", "rapeseed", "barley")
METHODS = ("direct", "transplant")
STAGES_SEEN = ("emergence", "heading", "maturity")
STAGES = ("sown", "planted", *STAGES_SEEN)  # planted: the day of transplanting, or of sowing where sown directly


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A town of the region, its centre and its people."""

    name: str
    lon: float
    lat: float
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sowing:
    """Area of one variety in one town; without dates, the crop calendar holds, and less is known."""

    town: str
    crop: str  # one of CROPS
    variety: str
    method: str  # one of METHODS
    area_ha: float
    sown_from: date | None  # first and last day of sowing (in the nursery, where it is transplanted)
    sown_to: date | None
    reported: date  # day on which this became known
    soil: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSeen:
    """A stage as it was seen in a town's fields of a variety; `date` is when half of them had reached it."""

    town: str
    crop: str
    variety: str
    stage: str  # one of STAGES_SEEN
    date: datetime.date
    reported: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Work that was really posted: wanted from that day on."""

    town: str
    operation: str
    date: datetime.date
    area_ha: float
    reported: datetime.date  # day on which it became known; where the file does not say, the day it is wanted from


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonOperation:
    """One operation on one crop: when it falls due, and what a day of delay costs."""

    operation: str
    crop: str
    method: str | None  # None: however it was sown
    stage: str  # one of STAGES
    after_d: float  # days from the stage; below 0: before it
    window_d: float  # days that it may wait without loss
    delay_fen_ha_d: int
    value_fen_ha: int  # what it costs to have it done some other way, or not at all; no delay costs more
    machine_class: str  # the usual one, for showing; work_rates.csv says who can do it
    wet_t_ha: float = 0.0  # wet grain for the dryers
    share: float = 1.0  # of the area that gets it by machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Hire:
    """Crewed machines that may come from outside."""

    machine_class: str
    machines: float
    price_fen_h: int  # above what one of the region's costs


@dataclass(frozen=True, kw_only=True)
class Season:
    """A season folder without its weather: what a forecast is made from."""

    region: Region
    first_day: date
    weeks: int
    today: date  # nothing that became known on a later day is read
    scenarios: int
    seed: int
    lat: float
    towns: tuple[Town, ...]
    sowings: tuple[Sowing, ...]
    operations: tuple[SeasonOperation, ...]
    stages: tuple[StageSeen, ...] = ()
    posted: tuple[Posted, ...] = ()
    machine_town: Mapping[str, str] = field(default_factory=dict)  # machine id -> town
    operator_town: Mapping[str, str] = field(default_factory=dict)  # operator id -> town
    hire: tuple[Hire, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)  # other keys of season.toml, kept

    @property
    def last_day(self) -> date:
        """The last day of the last week."""
        return self.first_day + timedelta(days=7 * self.weeks - 1)


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
