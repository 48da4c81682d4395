"""A plain region folder as a season: what its jobs ask for, on the dates of the crop calendar.

Nobody said when anything was sown there. The areas are those of the jobs, a crop's by its harvest and its sowing; the
dates are the calendar's, and the forecast says both. Real sowings go into season.toml, towns.csv and sowings.csv.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

import numpy as np

from nongshi.agronomy.season_operations import default_operations
from nongshi.agronomy.varieties import DEFAULT_VARIETY
from nongshi.core.errors import BadInput
from nongshi.core.region import Field, Region
from nongshi.core.season import Season, SeasonOperation, Sowing, Town
from nongshi.files.season_head import SCENARIOS_DEFAULT
from nongshi.forecast.said import AREAS_FROM_JOBS
from nongshi.geo.distance import km_matrix

BEFORE_D = 21  # assumption: a district looks three weeks ahead of the plan's first day
AFTER_D = 21  # assumption: what ripens late is still harvested three weeks after its last day
TOWNS_MAX = 12  # smaller places count with the nearest larger one: a season is planned by towns
METHOD = "direct"  # assumption: where nobody says so, rice is sown directly; it moves its harvest by days


def season_of_region(region: Region) -> Season:
    """The season around a region's plan, three weeks before it begins.

    Raises:
        BadInput: no job of the region is the sowing or the harvest of a crop that the calendar knows.
    """
    operations = tuple(
        row
        for row in default_operations()
        if row.operation in {operation for _, operation in region.rate_ha_h} and row.machine_class in region.class_of
    )
    areas = _areas(region, operations)
    if not areas:
        raise BadInput(
            "no job of this region sows or harvests a crop of the calendar; put season.toml, towns.csv and sowings.csv "
            "into the folder (nongshi season generate writes an example)"
        )
    first_day = region.start_date - timedelta(days=BEFORE_D)
    return Season(
        region=region,
        first_day=first_day,
        weeks=-(-(BEFORE_D + region.horizon_days + AFTER_D) // 7),
        today=first_day,
        scenarios=SCENARIOS_DEFAULT,
        seed=1,
        lat=sum(field.gate_lat for field in region.fields) / len(region.fields),
        towns=(towns := _towns(region)),
        sowings=tuple(
            Sowing(
                town=town, crop=crop, variety=DEFAULT_VARIETY[crop], method=METHOD, area_ha=round(area_ha, 4),
                sown_from=None, sown_to=None, reported=first_day,
            )
            for (town, crop), area_ha in sorted(_by_town(areas, region, towns).items())
        ),
        operations=operations,
        extra={AREAS_FROM_JOBS: True},
    )  # fmt: skip


def _areas(region: Region, operations: Iterable[SeasonOperation]) -> Mapping[tuple[str, str], float]:
    """(place, crop) -> ha: the larger of what is to be harvested of a crop and what is to be sown of it."""
    told = (row for row in operations if row.after_d == 0 and row.stage in ("maturity", "planted"))
    crop_of: dict[str, str] = {}
    for row in told:
        crop_of.setdefault(row.operation, row.crop)  # an operation of two crops counts for the first
    by_operation: dict[tuple[str, str], float] = {}
    for job in region.jobs:
        if job.operation in crop_of:
            key = (region.field_of[job.field_id].place, job.operation)
            by_operation[key] = by_operation.get(key, 0.0) + job.area_ha
    found: dict[tuple[str, str], float] = {}
    for (place, operation), area_ha in by_operation.items():
        key = (place, crop_of[operation])
        found[key] = max(found.get(key, 0.0), area_ha)
    return found


def _towns(region: Region) -> tuple[Town, ...]:
    """The places with most fields, each where its fields' gates are on average; people: its growers."""
    fields: dict[str, list[Field]] = {}
    for field in region.fields:
        fields.setdefault(field.place, []).append(field)
    largest = sorted(fields, key=lambda place: (-len(fields[place]), place))[:TOWNS_MAX]
    return tuple(
        Town(
            name=place or region.name,
            lon=sum(field.gate_lon for field in fields[place]) / len(fields[place]),
            lat=sum(field.gate_lat for field in fields[place]) / len(fields[place]),
            people=len({field.grower_id for field in fields[place]}),
        )
        for place in sorted(largest)
    )


def _by_town(
    areas: Mapping[tuple[str, str], float], region: Region, towns: tuple[Town, ...]
) -> Mapping[tuple[str, str], float]:
    """Areas of places summed into the town that is nearest to a place's first field."""
    first = {field.place: field for field in reversed(region.fields)}
    names = [town.name for town in towns]
    found: dict[tuple[str, str], float] = {}
    for (place, crop), area_ha in areas.items():
        name = place or region.name
        if name not in names:
            gate = first[place]
            lons, lats = ([gate.gate_lon, *(t.lon for t in towns)], [gate.gate_lat, *(t.lat for t in towns)])
            km = km_matrix(np.array(lons), np.array(lats))[0, 1:]
            name = names[int(km.argmin())]
        found[name, crop] = found.get((name, crop), 0.0) + area_ha
    return found
