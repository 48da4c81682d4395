"""Figures of machines from their work orders: hours, area, income, kilometres; by week and by machine. No queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from nongshi.agronomy import WORK_RATES
from nongshi.site.owner.assumptions import WIDTH_M, income_fen
from nongshi.site.plans.models import OrderState, WorkOrder
from nongshi.site.register.models import Machine

HOUR = timedelta(hours=1)
RATES_HA_H = {(rate.machine_class, rate.operation): rate.rate_ha_h for rate in WORK_RATES.values()}


@dataclass(frozen=True, slots=True)
class Figures:
    """What was done, and what is planned besides."""

    done_ha: float = 0.0
    done_h: float = 0.0
    done_fen: int = 0
    done_km: float = 0.0  # on the road, without work
    work_km: float = 0.0  # in the field while working
    planned_ha: float = 0.0
    planned_h: float = 0.0
    planned_fen: int = 0
    planned_km: float = 0.0
    orders_done: int = 0
    orders_planned: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    @property
    def empty_share(self) -> float | None:
        """Road kilometres of all kilometres driven; None before any."""
        driven = self.done_km + self.work_km
        return self.done_km / driven if driven > 0 else None

    @property
    def km_ha(self) -> float | None:
        """Road kilometres for a hectare done."""
        return self.done_km / self.done_ha if self.done_ha > 0 else None


@dataclass(frozen=True, slots=True)
class Use:
    """Worked hours against those in which work was possible."""

    worked_h: float
    available_h: float

    @property
    def share(self) -> float | None:
        """None where no hour was possible."""
        return self.worked_h / self.available_h if self.available_h > 0 else None


def figures_of(order: WorkOrder) -> Figures:
    """One order: done by its reports, planned by its hours; what is in work counts as planned until it is done."""
    fen = income_fen(order.job.operation, order.area_ha)
    if order.state == OrderState.DONE:
        hours = worked_h(order)
        work_km = order.area_ha * 10 / (order.machine.width_m or WIDTH_M)  # 10,000 m2 a ha, by the width, in km
        return Figures(
            done_ha=order.area_ha, done_h=hours, done_fen=fen, done_km=order.km, work_km=work_km, orders_done=1
        )
    hours = planned_h(order)
    return Figures(planned_ha=order.area_ha, planned_h=hours, planned_fen=fen, planned_km=order.km, orders_planned=1)


def worked_h(order: WorkOrder) -> float:
    """Hours from begin to end as reported, else as planned."""
    since, until = order.began_at or order.start, order.ended_at or order.end
    return max(0.0, (until - since) / HOUR)


def planned_h(order: WorkOrder) -> float:
    """Hours that the work takes by the table of rates; a field worked over night does not count the night."""
    wall = max(0.0, (order.end - order.start) / HOUR)
    rate_ha_h = RATES_HA_H.get((order.machine.machine_class, order.job.operation))
    return min(wall, order.area_ha / rate_ha_h) if rate_ha_h else wall


def sum_of(orders: Iterable[WorkOrder]) -> Figures:
    """All of them together."""
    return sum((figures_of(order) for order in orders), Figures())


def day_of(order: WorkOrder, tz: ZoneInfo) -> date:
    """The local day to which an order counts: that of its end if it is done, else of its start."""
    at = order.ended_at if order.state == OrderState.DONE and order.ended_at else order.start
    return at.astimezone(tz).date()


def by_week(orders: Iterable[WorkOrder], tz: ZoneInfo) -> list[tuple[date, Figures]]:
    """Sums by the Monday of the week, without gaps."""
    found: dict[date, Figures] = {}
    for order in orders:
        day = day_of(order, tz)
        monday = day - timedelta(days=day.weekday())
        found[monday] = found.get(monday, Figures()) + figures_of(order)
    if not found:
        return []
    first, last = min(found), max(found)
    weeks = [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]
    return [(monday, found.get(monday, Figures())) for monday in weeks]


def available_h(
    machine: Machine, workdays: Sequence[Mapping[str, Any]], tz: ZoneInfo, since: datetime, until: datetime
) -> float:
    """Hours between two times in which this machine could have worked, by the season's work days.

    A row for the machine's own class goes before the one for all (`*`); a row without hours is a day without work.
    Hours in which the machine is broken or not there do not count.
    """
    rows: dict[str, Mapping[str, Any]] = {}
    for row in workdays:
        if row["machine_class"] == machine.machine_class or (row["machine_class"] == "*" and row["date"] not in rows):
            rows[row["date"]] = row
    if machine.available_from is not None:
        since = max(since, machine.available_from)
    if machine.available_to is not None:
        until = min(until, machine.available_to)
    down = [(_local(first, tz), _local(last, tz)) for first, last in machine.down]
    hours = 0.0
    for row in rows.values():
        if row["start"] is None or row["end"] is None:
            continue
        day = date.fromisoformat(row["date"])
        begin = max(datetime.combine(day, time.fromisoformat(row["start"]), tz), since)
        end = min(datetime.combine(day, time.fromisoformat(row["end"]), tz), until)
        if end > begin:
            hours += (end - begin) / HOUR - _overlap_h(begin, end, down)
    return hours


def _local(text: str, tz: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=tz)


def _overlap_h(begin: datetime, end: datetime, spans: Iterable[tuple[datetime, datetime]]) -> float:
    """Hours of begin..end within spans, each moment once."""
    hours, reached = 0.0, begin
    for since, until in sorted(spans):
        since, until = max(since, reached), min(until, end)
        if until > since:
            hours += (until - since) / HOUR
            reached = until
    return hours
