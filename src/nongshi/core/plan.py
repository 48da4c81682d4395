"""The nouns of a plan (docs/formats.md): who drives what when, what is worked in which order, what it is worth.

Money is in fen. Sums are floats because km x fen/km has fractions; they are rounded once, when written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Reason(StrEnum):
    """Why a job is not served. Documented in docs/formats.md; each has a text in both languages."""

    NO_MACHINE = "no_machine"  # no machine of a class that can do this operation
    NO_LICENCE = "no_licence"  # machines there are, but nobody holds the licence in the window
    NO_OPERATOR = "no_operator"  # licences there are, but off days or owners keep them from the machines
    NO_WORK_HOURS = "no_work_hours"  # rain, nights or the horizon leave no work hours in the window
    WINDOW_TOO_SHORT = "window_too_short"  # the work does not fit into its window on any crewed machine
    NOT_WORTH = "not_worth"  # getting there and working costs more than the job's value
    AFTER_UNSERVED = "after_unserved"  # the job that it has to follow is not served
    DRYERS_FULL = "dryers_full"  # on no day of its window do the dryers take its grain besides what is planned
    NO_CAPACITY = "no_capacity"  # every crew that could come is busy with work worth more


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """One operator on one machine for one day."""

    date: date
    machine_id: str
    operator_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One part of one job on a machine's route. Times are aware and whole seconds."""

    job_id: str
    part: int  # 1 for a whole job, 1..n for one in n parts
    area_ha: float
    depart: datetime  # leaves the stop before (or the yard)
    arrive: datetime
    start: datetime  # work begins
    end: datetime
    km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Wet grain of one part that goes to one dryer and is dried there on one day; a part may be split into several."""

    job_id: str
    part: int  # as in Stop
    harvested: date  # day on which the part's work ends
    dryer_id: str
    dried: date | None  # None: no dryer takes it within a long time after the horizon
    wet_t: float
    km: float  # by truck, one way, from the field; by way of another dryer where it waited there over night


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A machine's stops in order over the whole horizon; it sleeps where it stopped."""

    machine_id: str
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unserved:
    """A job that the plan leaves out, and why."""

    job_id: str
    reason: Reason
    text: str  # in plain words, English
    text_zh: str = ""  # in plain words, Chinese


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Mean days from a job's opening to its end: of all jobs, of the smallest and of the most remote quarter."""

    mean_d: float
    small_d: float
    remote_d: float
    extra_d_max: float  # so much longer than the mean may either quarter wait

    @property
    def kept(self) -> bool:
        """Whether neither quarter waits longer than it may."""
        return max(self.small_d, self.remote_d) <= self.mean_d + self.extra_d_max


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over a plan's served parts. Objective = value - loss - moves - work."""

    value_fen: float  # of served parts, before loss
    loss_fen: float  # lost by lateness
    km: float
    move_cost_fen: float
    work_cost_fen: float
    area_ha: float  # served
    jobs_served: int
    jobs_unserved: int

    @property
    def objective_fen(self) -> float:
        """What the plan is worth, fen."""
        return self.value_fen - self.loss_fen - self.move_cost_fen - self.work_cost_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class MachinePrice:
    """What one more machine-hour of a class is worth (dual of the bound), and on which day it peaks."""

    machine_class: str
    fen_h: float  # mean over the horizon's work hours
    fen_h_by_day: Mapping[date, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class LicencePrice:
    """What one more operator-hour with a licence is worth (dual of the bound)."""

    licence: str
    fen_h: float
    fen_h_by_day: Mapping[date, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class DryerPrice:
    """What room in the dryers for one more tonne of wet grain is worth on a day (dual of the bound)."""

    date: date
    fen_t: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A number that no plan keeping the rules can exceed, with its prices."""

    bound_fen: float
    machine_prices: tuple[MachinePrice, ...] = ()
    licence_prices: tuple[LicencePrice, ...] = ()
    dryer_prices: tuple[DryerPrice, ...] = ()
    method: str = ""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What every machine, operator and job does, what it is worth, and how far from the best it can be."""

    region: str
    engine: str
    seed: int
    cpu_s: float | None  # None where only iterations were counted, so that the file is reproducible
    iterations: int | None
    totals: Totals
    bound: Bound | None
    crews: tuple[Crew, ...]
    routes: tuple[Route, ...]
    unserved: tuple[Unserved, ...]
    lots: tuple[Lot, ...] = ()  # none where the region has no dryers
    extra: Mapping[str, Any] = field(default_factory=dict)  # unknown keys of the file, kept

    @property
    def objective_fen(self) -> float:
        """What the plan is worth, fen."""
        return self.totals.objective_fen

    @property
    def gap(self) -> float | None:
        """bound / objective - 1; None without a bound or with nothing gained."""
        if self.bound is None or self.objective_fen <= 0:
            return None
        return self.bound.bound_fen / self.objective_fen - 1

    def __repr__(self) -> str:
        gap = "" if self.gap is None else f", the best possible at most {self.gap:.1%} more"
        jobs = self.totals.jobs_served + self.totals.jobs_unserved
        return (
            f"<Plan {self.region} by {self.engine}: {self.objective_fen / 100:,.0f} yuan{gap}; "
            f"{self.totals.jobs_served} of {jobs} jobs, {self.totals.area_ha:,.1f} ha, {self.totals.km:,.0f} km>"
        )
