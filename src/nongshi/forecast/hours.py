"""Workable hours of operations, machines' operators and periods, from the weather of every scenario."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nongshi.agronomy import WORK_RATES, workable
from nongshi.agronomy.weather import WeatherRows
from nongshi.agronomy.workable_table import DEFAULT_SOIL, WORKABLE
from nongshi.core.season import Season
from nongshi.forecast.arrays import Floats, Ints
from nongshi.forecast.capacity import OPERATOR_DAY_H, Names


@dataclass(frozen=True, slots=True, kw_only=True)
class DayHours:
    """Hours of each day of the season under each weather row."""

    operation_h: Floats  # (rows, days, o)
    operator_h: Floats  # (rows, days, l)


def make_hours(season: Season, names: Names, rows: WeatherRows) -> DayHours:
    """Hours that the weather leaves for each operation, and for operators of each licence within their day's limit.

    Soil: that of most of the sown area, for machines go where it is dry first.
    """
    first = int((np.datetime64(season.first_day, "D") - rows.dates[0]).astype(int))
    days = slice(first, first + 7 * season.weeks)
    operation_h = np.stack(
        [
            workable.hours(_known_as(season, name), rows, usual_soil(season), lat=season.lat)[:, days]
            for name in names.operations
        ],
        axis=2,
    )
    return DayHours(operation_h=operation_h, operator_h=_operator_hours(season, names, operation_h))


def _known_as(season: Season, name: str) -> str:
    """The operation itself, or a known one of the same machine class where a region has a name of its own."""
    if name in WORKABLE:
        return name
    kind = next(row.machine_class for row in season.operations if row.operation == name)
    return next((one for machine, one in WORK_RATES if machine == kind and one in WORKABLE), "rotary_till")


def usual_soil(season: Season) -> str:
    """The soil of most of the sown area; the default one where nobody says."""
    area: dict[str, float] = {}
    for sowing in season.sowings:
        soil = sowing.soil or DEFAULT_SOIL
        area[soil] = area.get(soil, 0.0) + sowing.area_ha
    return max(sorted(area), key=lambda soil: area[soil], default=DEFAULT_SOIL)


def _operator_hours(season: Season, names: Names, operation_h: Floats) -> Floats:
    """(rows, days, l) the most that any operation has which machines of the licence can do, within a day's limit."""
    found = np.zeros((*operation_h.shape[:2], len(names.licences)))
    rates = season.region.rate_ha_h
    for n, licence in enumerate(names.licences):
        classes = [kind.id for kind in season.region.machine_classes if not licence or kind.licence == licence]
        done = [o for o, name in enumerate(names.operations) if any((kind, name) in rates for kind in classes)]
        if done:
            found[:, :, n] = np.minimum(operation_h[:, :, done].max(axis=2), OPERATOR_DAY_H)
    return found


def by_period(daily: Floats, edges: Sequence[int], axis: int) -> Floats:
    """Sums of days into periods; `edges` are their first days and the day behind the last."""
    starts = np.asarray(edges[:-1])
    inside = [slice(None)] * daily.ndim
    inside[axis] = slice(edges[0], edges[-1])
    return np.asarray(np.add.reduceat(daily[tuple(inside)], starts - edges[0], axis=axis))


def take_rows(hours: DayHours, row: Ints) -> DayHours:
    """The hours of scenarios, from the weather row that each lives through."""
    return DayHours(operation_h=hours.operation_h[row], operator_h=hours.operator_h[row])
