"""A season under one policy: a plan every morning, and what becomes of it until the evening."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nongshi.core.region import Region
from nongshi.core.units import SECONDS_PER_HOUR
from nongshi.dispatch.fairness import remote_jobs, small_jobs
from nongshi.dispatch.problem import make_problem
from nongshi.simulate.field_day import FieldDay
from nongshi.simulate.hazards import Hazards
from nongshi.simulate.policies import Policy
from nongshi.simulate.standing import Standing, morning_region, wait_d
from nongshi.simulate.truth import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a season came to. Money in fen; waits in days from a job's opening to its end or its window's close."""

    late_fen: float  # lost by lateness
    unserved_fen: float  # value of the area that nobody worked
    cost_fen: float  # of driving and working
    km: float  # driven between fields, empty
    wait_d: float
    overtime_h: float
    unfair_d: float  # so much longer than the mean the smallest or the most remote quarter waits, whichever is longer
    worked_ha: float
    jobs_done: int
    jobs: int

    @property
    def lost_fen(self) -> float:
        """Late and unserved."""
        return self.late_fen + self.unserved_fen


def simulate(
    region: Region,
    policy: Policy,
    truth: Truth,
    hazards: Hazards,
    *,
    days: int | None = None,
    seed: int = 1,
    on_day: Callable[[int, Region], None] | None = None,
) -> Result:
    """Live through a season; the same arguments give the same result.

    Args:
        region: the season; its own work hours are what is usual, the truth says what they are.
        policy: makes a plan of each morning's problem.
        truth: what happens; drawn once for all policies.
        hazards: with which it was drawn.
        days: of the season; None: all. What is not done by then counts as unserved.
        seed: of the policy.
        on_day: told each morning's region.
    """
    standing = Standing.of(region)
    for day in range(min(region.horizon_days, days or region.horizon_days)):
        known = morning_region(standing, truth, hazards, day)
        if on_day is not None:
            on_day(day, known)
        if known.jobs:
            problem = make_problem(known)
            FieldDay(standing, problem, policy(problem, seed + day), truth, hazards, day).run()
    return _result(standing)


def _result(standing: Standing) -> Result:
    region, problem, waits = standing.region, make_problem(standing.region), wait_d(standing)
    mean_d = float(waits.mean()) if len(waits) else 0.0
    groups = [float(waits[of].mean()) - mean_d for of in (small_jobs(problem), remote_jobs(problem)) if of.any()]
    return Result(
        late_fen=standing.late_fen,
        unserved_fen=sum(job.value_fen for job in region.jobs) - standing.earned_fen,
        cost_fen=standing.cost_fen,
        km=standing.km,
        wait_d=mean_d,
        overtime_h=standing.overtime_s / SECONDS_PER_HOUR,
        unfair_d=max(0.0, *groups, 0.0),
        worked_ha=standing.worked_ha,
        jobs_done=int(np.count_nonzero(standing.done)),
        jobs=len(region.jobs),
    )
