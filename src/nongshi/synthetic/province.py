"""make_province: many generated counties side by side, for measuring how the planner bears a hundred thousand jobs.

Every county is a region of its own seed over the five towns, moved to its place on a grid; villages keep their real
names and so stand at no real place. All counties share one sky: rain stops them on the same days.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from math import ceil
from typing import Any

from nongshi.core.errors import BadInput
from nongshi.core.region import Field, Job, Machine, Operator, Region
from nongshi.synthetic.generator import FIELDS_MIN, make_region
from nongshi.synthetic.towns import FIVE_TOWNS, Town

COUNTY_FIELDS = 1500  # assumption: fills the five towns by half
COUNTY_LON, COUNTY_LAT = 0.30, 0.28  # degrees from county to county: towns and the fields round them take 0.26 x 0.24
SEED_STEP = 1000  # county k of seed s is drawn from seed s + k x this
JOBS_MIN = 100
JOBS_MAX = 1_000_000  # beyond it the grid of counties would leave its latitudes


def make_province(
    jobs: int = 100_000,
    *,
    seed: int = 1,
    season: str = "rice-harvest",
    load: float = 1.0,
    chains: bool | None = None,
    dryers: bool = False,
) -> Region:
    """About so many jobs (within a few in a hundred), in counties of some COUNTY_FIELDS fields.

    Args:
        jobs: wanted; how many a field has follows from season and load.
        seed: same arguments, same province.
        season: as of :func:`make_region`, which draws every county.
        load: the same in every county.
        chains: jobs that follow others; None: as the season has it.
        dryers: whether counties have dryers.

    Raises:
        BadInput: too few or too many jobs, or what :func:`make_region` refuses.
    """
    if not JOBS_MIN <= jobs <= JOBS_MAX:
        raise BadInput(f"a province has {JOBS_MIN} to {JOBS_MAX:,} jobs, got {jobs}")
    counties: list[Region] = []
    made, per_field = 0, 1.5
    width = max(1, ceil((jobs / (per_field * COUNTY_FIELDS)) ** 0.5))
    while made < jobs:
        fields = min(COUNTY_FIELDS, round((jobs - made) / per_field))
        if counties and fields < COUNTY_FIELDS / 20:
            break
        number = len(counties)
        county = make_region(
            fields=max(FIELDS_MIN, fields),
            machines=None,
            load=load,
            season=season,
            seed=seed + SEED_STEP * number,
            sky_seed=seed,
            chains=chains,
            dryers=dryers,
            towns=_moved(FIVE_TOWNS, number % width, number // width),
        )
        counties.append(_named(county, number + 1))
        made += len(county.jobs)
        per_field = made / sum(len(c.fields) for c in counties)
    return _joined(counties, name=f"province-{season}-{jobs}-s{seed}")


def _moved(towns: Iterable[Town], east: int, north: int) -> tuple[Town, ...]:
    """The same towns so many counties further."""
    lon, lat = east * COUNTY_LON, north * COUNTY_LAT

    def village_of(town: Town) -> Any:
        return tuple(replace(v, lon=round(v.lon + lon, 6), lat=round(v.lat + lat, 6)) for v in town.villages)

    return tuple(replace(town, lon=town.lon + lon, lat=town.lat + lat, villages=village_of(town)) for town in towns)


def _named(county: Region, number: int) -> Region:
    """Ids and places with the county's number before them."""
    mark = f"X{number:03d}"

    def field(f: Field) -> Field:
        place, town = f"{number}县{f.place}", f"{number}县{f.extra['town']}"
        grower = f"{mark}-{f.grower_id}"
        return replace(f, id=f"{mark}-{f.id}", place=place, grower_id=grower, extra={**f.extra, "town": town})

    def machine(m: Machine) -> Machine:
        return replace(m, id=f"{mark}-{m.id}", owner_id=f"{mark}-{m.owner_id}")

    def operator(o: Operator) -> Operator:
        return replace(o, id=f"{mark}-{o.id}", owner_id=f"{mark}-{o.owner_id}")

    def job(j: Job) -> Job:
        before = None if j.after_job_id is None else f"{mark}-{j.after_job_id}"
        return replace(j, id=f"{mark}-{j.id}", field_id=f"{mark}-{j.field_id}", after_job_id=before)

    return replace(
        county,
        fields=tuple(map(field, county.fields)),
        machines=tuple(map(machine, county.machines)),
        operators=tuple(map(operator, county.operators)),
        jobs=tuple(map(job, county.jobs)),
        dryers=tuple(replace(d, id=f"{mark}-{d.id}") for d in county.dryers),
    )


def _joined(counties: list[Region], *, name: str) -> Region:
    """One region of all; tables that counties share stand once."""

    def all_of(table: str) -> tuple[Any, ...]:
        return tuple(row for county in counties for row in getattr(county, table))

    def once(table: str, key: Callable[[Any], Any]) -> tuple[Any, ...]:
        found = {key(row): row for row in all_of(table)}
        return tuple(found[k] for k in sorted(found))

    head = {**counties[0].extra["generator"], "counties": len(counties)}
    head["load_reached"] = [county.extra["generator"]["load_reached"] for county in counties]
    listed = {row["name"]: row for county in counties for row in county.extra["assumptions"]}
    return replace(
        counties[0],
        name=name,
        fields=all_of("fields"),
        machines=all_of("machines"),
        operators=all_of("operators"),
        jobs=all_of("jobs"),
        dryers=all_of("dryers"),
        machine_classes=once("machine_classes", lambda c: c.id),
        work_rates=once("work_rates", lambda r: (r.machine_class, r.operation)),
        workdays=once("workdays", lambda w: (w.date, w.machine_class)),
        loss_curves=once("loss_curves", lambda c: c.id),
        extra={"generator": head, "assumptions": list(listed.values())},
    )
