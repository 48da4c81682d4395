"""Jobs that could be wanted: windows that ripen town by town, values with noise, operations that follow another."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from nongshi.agronomy import OPERATIONS
from nongshi.core.region import Field, Job
from nongshi.core.times import local
from nongshi.synthetic.defaults import PART_MAX_HA, VALUE_SIGMA, WET_SIGMA
from nongshi.synthetic.seasons import Season, Stage

RIPE_SPREAD_D = 9  # the last field ripens so many days after the first
CHAIN_TAIL_D = 8  # days kept behind the last ripe field for what follows it
PRICE_LOW, PRICE_HIGH = 0.87, 1.2
RAPE_SHARE = 0.25
TRANSPLANT_SHARE = 0.6
OPENS, ENDS = time(7, 0), time(18, 0)

Candidates = Mapping[str, list[Job]]  # group -> jobs in the order in which they are taken


def make_candidates(
    rng: np.random.Generator,
    season: Season,
    fields: Sequence[Field],
    *,
    groups: Sequence[str],
    chains: bool,
    tz: ZoneInfo,
) -> Candidates:
    """Every job that the region could want, per group; the generator takes as many as the load needs."""
    ripe_d = _ripe_days(rng, fields, min(RIPE_SPREAD_D, season.days - CHAIN_TAIL_D) if chains else RIPE_SPREAD_D)
    order = [int(i) for i in rng.permutation(len(fields))]
    wanted = {group: [] for group in groups}  # type: dict[str, list[tuple[int, str, bool]]]
    for place, index in enumerate(order):
        for operation, again in _operations(rng, season, place, groups):
            wanted[season.operations[operation].group].append((index, operation, again))
    found: dict[str, list[Job]] = {}
    for group, triples in wanted.items():
        if not chains and group != "H":
            triples.reverse()  # other fields first than those that are still to be harvested
        triples.sort(key=lambda triple: triple[2])  # a second operation only after every field had its first
        limit = max(1, int(season.candidates_max[group] * len(fields)))
        found[group] = [
            _job(rng, season, fields[index], operation, ripe_d[index] + 2 * again, chains=chains, tz=tz)
            for index, operation, again in triples[:limit]
        ]
    return found


def take_jobs(candidates: Mapping[str, Sequence[Job]], season: Season, *, chains: bool) -> tuple[Job, ...]:
    """Number the chosen jobs by field and tie each to the earlier job on its field that it has to follow."""
    chosen = sorted((job for jobs in candidates.values() for job in jobs), key=lambda job: (job.field_id, job.open))
    numbered = [replace(job, id=f"J{number:05d}") for number, job in enumerate(chosen, start=1)]
    if not chains:
        return tuple(numbered)
    id_of = {(job.field_id, job.operation): job.id for job in numbered}
    tied = []
    for job in numbered:
        stage = season.operations[job.operation]
        before = next((id_of[job.field_id, name] for name in stage.after if (job.field_id, name) in id_of), None)
        tied.append(replace(job, after_job_id=before, after_h=stage.after_h if before else 0.0))
    return tuple(tied)


def _ripe_days(rng: np.random.Generator, fields: Sequence[Field], spread_d: int) -> list[int]:
    """Day on which each field is ripe: its town's and village's day, and a little of its own."""
    towns = {town: rng.uniform(0.2, 0.8) for town in sorted({str(f.extra["town"]) for f in fields})}
    places = sorted({(str(f.extra["town"]), f.place) for f in fields})
    village = {place: towns[place[0]] + rng.normal(0, 0.15) for place in places}
    share = [village[str(f.extra["town"]), f.place] + rng.normal(0, 0.12) for f in fields]
    return [round(spread_d * min(1.0, max(0.0, value))) for value in share]


def _operations(rng: np.random.Generator, season: Season, place: int, groups: Sequence[str]) -> list[tuple[str, bool]]:
    """Operations one field could want; True marks a second one of the same group."""
    if season.id == "rice-harvest":
        first, second = ("rotary_till", "wheat_sow") if place % 2 else ("wheat_sow", "rotary_till")
        wanted = [("rice_harvest", False), (first, False), (second, True), ("spray", False)]
    else:
        harvest = "rape_harvest" if rng.random() < RAPE_SHARE else "wheat_harvest"
        transplanted = rng.random() < TRANSPLANT_SHARE and "P" in groups
        planting = "transplant" if transplanted else "direct_seed"
        wanted = [(harvest, False), ("rotary_till", False), (planting, False)]
    return [(name, again) for name, again in wanted if season.operations[name].group in groups]


def _job(
    rng: np.random.Generator, season: Season, field: Field, operation: str, ripe_d: int, *, chains: bool, tz: ZoneInfo
) -> Job:
    stage = season.operations[operation]
    area_ha = field.area_ha or 0.0
    opens, due, close = _window(rng, season, stage, ripe_d + (stage.offset_d if chains else 0), tz)
    price = OPERATIONS[operation].price_yuan_ha * min(PRICE_HIGH, max(PRICE_LOW, rng.lognormal(0.02, VALUE_SIGMA)))
    wet_noise = rng.lognormal(0.0, WET_SIGMA)
    return Job(
        id="",
        field_id=field.id,
        operation=operation,
        area_ha=area_ha,
        open=opens,
        due=due,
        close=close,
        value_fen=round(price * area_ha * 100),
        loss_curve=OPERATIONS[operation].loss_curve,
        part_max_ha=PART_MAX_HA if area_ha > PART_MAX_HA else None,
        wet_t=None if stage.wet_t_ha is None else round(stage.wet_t_ha * area_ha * wet_noise, 2),
    )


def _window(
    rng: np.random.Generator, season: Season, stage: Stage, open_d: int, tz: ZoneInfo
) -> tuple[datetime, datetime, datetime]:
    """Open, due, close; nothing closes after the horizon's last day."""
    last_d = season.days - 1
    open_d = min(open_d, last_d - 1)
    due_d = min(last_d, open_d + int(rng.integers(stage.on_time_d[0], stage.on_time_d[1] + 1)))
    close_d = min(last_d, due_d + int(rng.integers(stage.grace_d[0], stage.grace_d[1] + 1)))

    def at(day: int, clock: time) -> datetime:
        return local(season.start_date + timedelta(days=day), clock, tz)

    return at(open_d, OPENS), at(due_d, ENDS), at(close_d, ENDS)
