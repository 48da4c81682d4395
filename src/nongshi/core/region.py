"""The nouns of a region folder (docs/formats.md): what there is, who there is, what is wanted.

A Region is sound by construction of its reader: ids are unique and known, money is whole fen,
times are aware datetimes, areas are hectares, positions are WGS 84 longitude and latitude.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

Ring = tuple[tuple[float, float], ...]  # (lon, lat) points, closed
Polygon = tuple[Ring, ...]  # outer ring first, then holes


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A parcel: where it lies and where a machine enters it."""

    id: str
    name: str
    place: str  # village or town
    grower_id: str
    area_ha: float | None
    gate_lon: float
    gate_lat: float
    polygons: tuple[Polygon, ...]
    extra: Mapping[str, Any] = field(default_factory=dict)  # unknown properties, kept


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineClass:
    """A kind of self-mover: its licence, its speed on the road, what it costs."""

    id: str
    name: str
    licence: str | None  # None: anybody may drive it
    road_km_h: float
    load_min: float  # loading + unloading, every move
    cost_fen_km: int
    cost_fen_h: int  # per hour of work


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRate:
    """Effective field capacity of a machine class at an operation."""

    machine_class: str
    operation: str
    rate_ha_h: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One machine: whose it is, where it sleeps at first, when it is there."""

    id: str
    machine_class: str
    owner_id: str
    yard_lon: float
    yard_lat: float
    available_from: datetime | None  # aware; None: from the first day
    available_to: datetime | None  # aware; a bare date in the file is already its day's end
    down: tuple[tuple[datetime, datetime], ...] = ()  # aware [from, to): broken, neither moves nor works


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """A person who may drive some machines on some days."""

    id: str
    owner_id: str
    licences: Mapping[str, date]  # licence class -> last valid day
    hours_max: float  # a day
    off_days: frozenset[date]
    shared: bool  # may drive another owner's machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Workday:
    """Work hours of a machine class (or of all, `*`) on a date; no times: no work that day."""

    date: date
    machine_class: str
    start: time | None
    end: time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One operation wanted on one field, inside its window."""

    id: str
    field_id: str
    operation: str
    area_ha: float
    open: datetime
    due: datetime
    close: datetime
    value_fen: int
    loss_curve: str
    part_max_ha: float | None = None
    after_job_id: str | None = None
    after_h: float = 0.0
    wet_t: float | None = None

    @property
    def parts(self) -> int:
        """How many equal parts the job is split into when it is not served whole.

        Areas are read from decimal text, so a quotient within 1e-9 of a whole number is that number.
        """
        if self.part_max_ha is None or self.area_ha <= self.part_max_ha:
            return 1
        quotient = self.area_ha / self.part_max_ha
        nearest = round(quotient)
        if abs(quotient - nearest) < 1e-9:
            return nearest
        return int(quotient) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LossCurve:
    """Share of a part's value lost by days late: piecewise linear and convex, from (0, 0).

    >>> LossCurve(id="rice", days_late=(0.0, 2.0), loss_share=(0.0, 0.06)).share(3.0)
    0.09
    """

    id: str
    days_late: tuple[float, ...]
    loss_share: tuple[float, ...]

    def share(self, late_d: float) -> float:
        """Share lost when the work ends `late_d` days of 24 h after due; at most 1."""
        if late_d <= 0 or len(self.days_late) < 2:
            return 0.0
        last = len(self.days_late) - 1
        upper = next((i for i in range(1, last) if late_d <= self.days_late[i]), last)
        x0, x1 = self.days_late[upper - 1], self.days_late[upper]
        y0, y1 = self.loss_share[upper - 1], self.loss_share[upper]
        return min(1.0, y0 + (y1 - y0) * (late_d - x0) / (x1 - x0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dryer:
    """Takes wet grain: tonnes a day, and tonnes that may wait over night."""

    id: str
    lon: float
    lat: float
    t_day: float
    hold_t: float
    down: tuple[tuple[date, date], ...] = ()  # first and last day on which it accepts nothing


@dataclass(frozen=True, kw_only=True)
class Region:
    """Everything a plan is made from."""

    name: str
    zone: str  # IANA name
    start_date: date
    horizon_days: int
    detour: float
    synthetic: bool
    fields: tuple[Field, ...]
    machine_classes: tuple[MachineClass, ...]
    work_rates: tuple[WorkRate, ...]
    machines: tuple[Machine, ...]
    operators: tuple[Operator, ...]
    workdays: tuple[Workday, ...]
    jobs: tuple[Job, ...]
    loss_curves: tuple[LossCurve, ...]
    dryers: tuple[Dryer, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)  # other tables of region.toml, kept

    @cached_property
    def tz(self) -> ZoneInfo:
        """The region's time zone."""
        return ZoneInfo(self.zone)

    @cached_property
    def field_of(self) -> Mapping[str, Field]:
        """Fields by id."""
        return {f.id: f for f in self.fields}

    @cached_property
    def class_of(self) -> Mapping[str, MachineClass]:
        """Machine classes by id."""
        return {c.id: c for c in self.machine_classes}

    @cached_property
    def machine_of(self) -> Mapping[str, Machine]:
        """Machines by id."""
        return {m.id: m for m in self.machines}

    @cached_property
    def operator_of(self) -> Mapping[str, Operator]:
        """Operators by id."""
        return {o.id: o for o in self.operators}

    @cached_property
    def job_of(self) -> Mapping[str, Job]:
        """Jobs by id."""
        return {j.id: j for j in self.jobs}

    @cached_property
    def curve_of(self) -> Mapping[str, LossCurve]:
        """Loss curves by id."""
        return {c.id: c for c in self.loss_curves}

    @cached_property
    def rate_ha_h(self) -> Mapping[tuple[str, str], float]:
        """(machine class, operation) -> ha/h."""
        return {(r.machine_class, r.operation): r.rate_ha_h for r in self.work_rates}

    def __repr__(self) -> str:
        made = ", generated" if self.synthetic else ""
        return (
            f"<Region {self.name}: {len(self.fields)} fields, {len(self.jobs)} jobs, "
            f"{len(self.machines)} machines, {len(self.operators)} operators, "
            f"{self.horizon_days} days from {self.start_date}{made}>"
        )
