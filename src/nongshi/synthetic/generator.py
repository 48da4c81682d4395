"""make_region: everything of a made-up region from one seed, with as many jobs as the wanted load needs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import numpy as np

from nongshi.agronomy import LOSS_CURVES, MACHINE_CLASSES, WORK_RATES, assumptions
from nongshi.core.errors import BadInput
from nongshi.core.region import Dryer, Job, Region
from nongshi.synthetic import defaults
from nongshi.synthetic.fields import make_fields
from nongshi.synthetic.fleet import make_machines, make_operators
from nongshi.synthetic.jobs import Candidates, make_candidates, take_jobs
from nongshi.synthetic.load import Capacity, JobHours, load_reached, span_of
from nongshi.synthetic.seasons import SEASONS, Season
from nongshi.synthetic.towns import FIVE_TOWNS, Town
from nongshi.synthetic.weather import make_workdays

ZONE = "Asia/Shanghai"
FIELDS_MIN, MACHINES_MIN = 5, 2
SHORT_OF_LOAD = 0.97  # a group that reaches less of its wanted load gets a machine fewer
PASSES = 6  # load depends on the span of the windows, which depends on the jobs


def make_region(
    *,
    fields: int,
    machines: int | None,
    load: float,
    season: str,
    seed: int,
    operators_per_machine: float = defaults.OPERATORS_PER_MACHINE,
    chains: bool | None = None,
    dryers: bool = False,
    dryer_load: float = defaults.DRYER_SEASON_SHARE,
    towns: Sequence[Town] = FIVE_TOWNS,
    sky_seed: int | None = None,
) -> Region:
    """A region of made-up fields, fleet and jobs; the same arguments give the same region.

    The load of the harvest machines is reached by choosing jobs, and with `machines=None` also their number.
    Few fields cannot fill even one machine: `extra["generator"]["load_reached"]` says what was reached.
    `dryer_load`: the season's wet grain over what the dryers take in the whole horizon; above 1 not all can be dried.
    `sky_seed`: regions of the same season and sky have rain on the same days; None: `seed`.

    Raises:
        BadInput: an unknown season, or a number that cannot be right.
    """
    if not 0.05 <= dryer_load <= 10:
        raise BadInput(f"dryer_load must lie between 0.05 and 10, got {dryer_load}; above 1 not all grain can be dried")
    chosen = _check(fields=fields, machines=machines, load=load, season=season, seed=seed, ratio=operators_per_machine)
    tied = chosen.chains if chains is None else chains
    field_rng, sky_rng, job_rng, dry_rng = (np.random.default_rng([seed, part]) for part in range(4))
    if sky_seed is not None:
        sky_rng = np.random.default_rng([sky_seed, 1])
    places, yards = make_fields(field_rng, count=fields, towns=towns)
    groups = chosen.groups[: machines or None]
    candidates = make_candidates(job_rng, chosen, places, groups=groups, chains=tied, tz=ZoneInfo(ZONE))
    classes = [name for group in groups for name in chosen.class_shares[group]]
    bare = Region(
        name=f"{season}-{fields}-s{seed}",
        zone=ZONE,
        start_date=chosen.start_date,
        horizon_days=chosen.days,
        detour=defaults.DETOUR,
        synthetic=True,
        fields=places,
        machine_classes=(),
        work_rates=(),
        machines=(),
        operators=(),
        workdays=make_workdays(sky_rng, chosen, classes),
        jobs=(),
        loss_curves=(),
    )
    staffing = _Staffing(bare, chosen, candidates, load=load, seed=seed, ratio=operators_per_machine, yards=yards)
    region, taken = staffing.settle(machines)
    region = replace(region, jobs=take_jobs(taken, chosen, chains=tied))
    curves = sorted({job.loss_curve for job in region.jobs})
    region = replace(
        region,
        loss_curves=tuple(LOSS_CURVES[curve].curve() for curve in curves),
        dryers=_make_dryers(dry_rng, region, dryer_load) if dryers else (),
    )
    head = {"season": season, "seed": seed, "load_asked": load, "chains": tied}
    head |= {"operators_per_machine": operators_per_machine, "load_reached": load_reached(region)}
    listed = assumptions(
        machine_classes=[c.id for c in region.machine_classes], operations={j.operation for j in region.jobs}
    ) + defaults.generator_assumptions(rain=chosen.rain)
    return replace(region, extra={"generator": head, "assumptions": [row.as_dict() for row in listed]})


def _check(*, fields: int, machines: int | None, load: float, season: str, seed: int, ratio: float) -> Season:
    if season not in SEASONS:
        raise BadInput(f"season {season!r} is not known; known are {', '.join(sorted(SEASONS))}")
    if fields < FIELDS_MIN:
        raise BadInput(f"a region needs at least {FIELDS_MIN} fields, got {fields}")
    if machines is not None and machines < MACHINES_MIN:
        raise BadInput(
            f"a region needs at least {MACHINES_MIN} machines, got {machines}; or leave the number to the load"
        )
    if not 0.05 <= load <= 10:
        raise BadInput(f"load must lie between 0.05 and 10, got {load}; 1 fills the machines' hours")
    if not 0 < ratio <= 3:
        raise BadInput(f"operators_per_machine must be above 0 and at most 3, got {ratio}")
    if seed < 0:
        raise BadInput(f"seed must not be negative, got {seed}")
    return SEASONS[season]


class _Staffing:
    """Finds the machines of each group, and the jobs that give them the wanted load."""

    def __init__(
        self,
        bare: Region,
        season: Season,
        candidates: Candidates,
        *,
        load: float,
        seed: int,
        ratio: float,
        yards: Sequence[tuple[float, float]],
    ) -> None:
        self.bare, self.season, self.candidates = bare, season, candidates
        self.load, self.seed, self.ratio, self.yards = load, seed, ratio, yards

    def settle(self, machines: int | None) -> tuple[Region, Candidates]:
        """Take a machine from a group that its jobs cannot fill; with a fixed total the tractors get it."""
        counts = self._first_counts(machines)
        while True:
            region = self._staff(counts)
            taken = {group: self._take(region, group) for group in counts}
            short = [g for g in counts if counts[g] > 1 and self._reached(region, taken[g], g) < SHORT_OF_LOAD]
            short = short if machines is None else [g for g in short if g == "H"]
            if not short:
                return region, taken
            for group in short:
                counts[group] -= 1
                if machines is not None:
                    counts["T"] += 1

    def _first_counts(self, machines: int | None) -> dict[str, int]:
        """Machines that the season's usual jobs would need; scaled to a given total, at least one each."""
        one = self._staff(dict.fromkeys(self.candidates, 1))
        hours, capacity = JobHours(one), Capacity(one)
        need = {}
        for group, jobs in self.candidates.items():
            offered = self.season.shares[group] * sum(map(hours.of, jobs))
            crews = capacity.hours(group, span_of(jobs)) * min(1.0, self.ratio)
            need[group] = offered / max(1e-9, self.load * crews)
        if machines is None:
            return {group: max(1, round(value)) for group, value in need.items()}
        counts = dict.fromkeys(need, 1)
        for _ in range(machines - len(counts)):
            counts[max(need, key=lambda group: need[group] / counts[group])] += 1
        return counts

    def _staff(self, counts: Mapping[str, int]) -> Region:
        """The region with this fleet; drawn anew from the seed each time."""
        rng = np.random.default_rng([self.seed, 9])
        machines = make_machines(rng, self.season, counts, yards=self.yards, tz=self.bare.tz)
        operators = make_operators(rng, self.season, machines, operators_per_machine=self.ratio)
        classes = sorted({machine.machine_class for machine in machines})
        offered = {job.operation for jobs in self.candidates.values() for job in jobs}
        return replace(
            self.bare,
            machines=machines,
            operators=operators,
            machine_classes=tuple(MACHINE_CLASSES[name].noun() for name in classes),
            work_rates=tuple(rate.noun() for (c, o), rate in WORK_RATES.items() if c in classes and o in offered),
            workdays=tuple(row for row in self.bare.workdays if row.machine_class in ("*", *classes)),
        )

    def _take(self, region: Region, group: str) -> list[Job]:
        """The first jobs of the group that reach the load, and one more that closes the rest best."""
        jobs, hours, capacity = self.candidates[group], JobHours(region), Capacity(region)
        job_h = [hours.of(job) for job in jobs]
        best, best_off, taken = jobs[:1], float("inf"), jobs
        for _ in range(PASSES):
            given_h = capacity.hours(group, span_of(taken))
            taken = _prefix(jobs, job_h, self.load * given_h)
            off = abs(self._reached(region, taken, group) - 1)
            if off < best_off:
                best, best_off = taken, off
        return best

    def _reached(self, region: Region, taken: Sequence[Job], group: str) -> float:
        hours, given_h = JobHours(region), Capacity(region).hours(group, span_of(taken))
        return sum(map(hours.of, taken)) / max(1e-9, self.load * given_h)


def _prefix(jobs: list[Job], job_h: list[float], target_h: float) -> list[Job]:
    ends = np.cumsum(job_h)
    count = max(1, int(np.searchsorted(ends, target_h, side="right")))
    rest_h = target_h - float(ends[count - 1])
    behind = range(count, len(jobs))
    closing = min(behind, key=lambda i: abs(job_h[i] - rest_h), default=None)
    if closing is None or abs(job_h[closing] - rest_h) >= abs(rest_h):
        return jobs[:count]
    return [*jobs[:count], jobs[closing]]


def _make_dryers(rng: np.random.Generator, region: Region, load: float) -> tuple[Dryer, ...]:
    """A dryer at every third owner's yard; together they take the season's grain in `load` horizons."""
    yards = sorted({(m.owner_id, m.yard_lon, m.yard_lat) for m in region.machines})[::3]
    wet_t = sum(job.wet_t or 0.0 for job in region.jobs)
    part_t = max((job.wet_t or 0.0) / job.parts for job in region.jobs)
    t_day = max(part_t, wet_t / (load * region.horizon_days)) / len(yards)
    return tuple(
        Dryer(
            id=f"D{number:02d}",
            lon=round(lon + float(rng.uniform(-5e-4, 5e-4)), 6),
            lat=lat,
            t_day=round(t_day, 1),
            hold_t=round(defaults.DRYER_HOLD_SHARE * t_day, 1),
        )
        for number, (_, lon, lat) in enumerate(yards, start=1)
    )
