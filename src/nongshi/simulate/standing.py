"""Where a season stands: what is done of each job, and where each machine is. The only state that days hand on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np

from nongshi.core.region import Job, Machine, Operator, Region
from nongshi.core.times import after_seconds, midnight, seconds_between
from nongshi.core.units import SECONDS_PER_DAY, SECONDS_PER_HOUR
from nongshi.dispatch.problem import Bools, Floats
from nongshi.simulate.hazards import Hazards
from nongshi.simulate.truth import Truth, work_hours

DONE_HA = 1e-6  # less than this left of a job is nothing


@dataclass(slots=True)
class Standing:
    """Of a region with j jobs and m machines; seconds count from the season's first midnight."""

    region: Region
    left_ha: Floats  # (j,)
    ended_s: Floats  # (j,) end of its last work; inf: not done
    lon: Floats  # (m,)
    lat: Floats
    at_field: list[str]  # (m,) field on which it stands; empty: its yard
    held_t: float = 0.0  # wet grain that waits at the dryers
    earned_fen: float = 0.0  # of worked shares, before loss
    late_fen: float = 0.0  # lost by lateness
    cost_fen: float = 0.0
    km: float = 0.0
    overtime_s: float = 0.0
    worked_ha: float = 0.0
    stops: list[tuple[str, str, float, float, float]] = field(default_factory=list)  # machine, job, start, end s, ha

    @classmethod
    def of(cls, region: Region) -> "Standing":
        """The evening before the season."""
        return cls(
            region=region,
            left_ha=np.array([job.area_ha for job in region.jobs], float),
            ended_s=np.full(len(region.jobs), np.inf),
            lon=np.array([machine.yard_lon for machine in region.machines], float),
            lat=np.array([machine.yard_lat for machine in region.machines], float),
            at_field=[""] * len(region.machines),
        )

    @property
    def done(self) -> Bools:
        """(j,) jobs of which nothing is left."""
        return np.asarray(self.left_ha <= DONE_HA)

    def seconds(self, moment: datetime) -> float:
        """Seconds after the season's first midnight."""
        return seconds_between(midnight(self.region.start_date, self.region.tz), moment)


def morning_region(standing: Standing, truth: Truth, hazards: Hazards, day: int) -> Region:
    """The region as a dispatcher knows it on a morning: nothing of what comes, save a forecast."""
    region, origin = standing.region, midnight(standing.region.start_date, standing.region.tz)
    now_s = standing.seconds(midnight(region.start_date + timedelta(days=day), region.tz))
    jobs = _open_jobs(standing, truth, day, now_s)

    def moment(seconds: float) -> datetime:
        return after_seconds(origin, seconds, region.tz)

    def machine(m: int, one: Machine) -> Machine:
        broken = [
            (moment(a), moment(b))
            for a, b in zip(truth.breaks_s[m], truth.repaired_s[m], strict=True)
            if a < now_s < b  # what breaks down today is not known yet
        ]
        lon, lat = float(standing.lon[m]), float(standing.lat[m])
        return replace(one, yard_lon=lon, yard_lat=lat, down=(*one.down, *broken))

    def operator(o: int, one: Operator) -> Operator:
        today = region.start_date + timedelta(days=day)
        return replace(one, off_days=one.off_days | {today}) if truth.absent[o, day] else one

    return replace(
        region,
        start_date=region.start_date + timedelta(days=day),
        horizon_days=region.horizon_days - day,
        jobs=jobs,
        machines=tuple(machine(m, one) for m, one in enumerate(region.machines)),
        operators=tuple(operator(o, one) for o, one in enumerate(region.operators)),
        workdays=work_hours(region, truth, hazards, day),
    )


def _open_jobs(standing: Standing, truth: Truth, day: int, now_s: float) -> tuple[Job, ...]:
    """Jobs that are called and not done, at what is left of them; who follows a job done opens after it."""
    region, done, number = standing.region, standing.done, numbers(standing.region)
    kept: dict[str, Job] = {}
    for j in sorted(range(len(region.jobs)), key=lambda j: _depth(region, region.jobs[j])):
        job = region.jobs[j]
        if done[j] or truth.called_d[j] > day or standing.seconds(job.close) <= now_s:
            continue
        left = _left_of(job, float(standing.left_ha[j]))
        before = None if job.after_job_id is None else number.get(job.after_job_id)
        if before is not None and done[before]:
            ready = after_seconds(
                midnight(region.start_date, region.tz),
                standing.ended_s[before] + job.after_h * SECONDS_PER_HOUR,
                region.tz,
            )
            left = replace(left, open=max(job.open, ready), after_job_id=None, after_h=0.0)
            left = replace(left, due=max(left.due, left.open))
            if left.open >= left.close:
                continue
        elif before is not None and job.after_job_id not in kept:
            continue  # what it follows can no more be done
        kept[job.id] = left
    return tuple(kept[job.id] for job in region.jobs if job.id in kept)


def _left_of(job: Job, left_ha: float) -> Job:
    share = left_ha / job.area_ha
    if share >= 1.0 - 1e-9:
        return job
    wet_t = None if job.wet_t is None else job.wet_t * share
    return replace(job, area_ha=left_ha, value_fen=round(job.value_fen * share), wet_t=wet_t)


def _depth(region: Region, job: Job) -> int:
    depth, seen = 0, {job.id}
    before = job.after_job_id
    while before is not None and before in region.job_of and before not in seen:
        seen.add(before)
        before, depth = region.job_of[before].after_job_id, depth + 1
    return depth


def numbers(region: Region) -> Mapping[str, int]:
    """Job id -> its place in the region."""
    return {job.id: j for j, job in enumerate(region.jobs)}


def wait_d(standing: Standing) -> Floats:
    """(j,) days from a job's opening to its end; one that was not done waits until its window closes."""
    jobs = standing.region.jobs
    opens_s = np.array([max(0.0, standing.seconds(job.open)) for job in jobs], float)
    closes_s = np.array([standing.seconds(job.close) for job in jobs], float)
    ended_s = np.where(np.isfinite(standing.ended_s), standing.ended_s, closes_s)
    return np.asarray(np.maximum(0.0, ended_s - opens_s) / SECONDS_PER_DAY)
