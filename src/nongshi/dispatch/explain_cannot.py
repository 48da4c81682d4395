"""Why a machine cannot serve a job at all: the first reason that holds."""

from dataclasses import replace

import numpy as np

from nongshi.core.region import Job, Region
from nongshi.core.times import seconds_between
from nongshi.core.units import SECONDS_PER_HOUR
from nongshi.dispatch.explain_words import Line, line
from nongshi.dispatch.quote import Quoter


def list_cannot(quoter: Quoter, job: Job, others: set[str]) -> list[tuple[str, Line]]:
    """(machine id, why) of every machine but those that have an offer."""
    dry = set(quoter.best_by_machine(replace(job, wet_t=None))) if quoter.problem.dries and job.wet_t else set()
    machines = quoter.problem.region.machines
    return [(one.id, _why_not(quoter, job, m, one.id in dry)) for m, one in enumerate(machines) if one.id not in others]


def _why_not(quoter: Quoter, job: Job, m: int, fits_dry: bool) -> Line:
    """The first reason that holds, from what nobody could change to what the plan chose."""
    problem, region = quoter.problem, quoter.problem.region
    machine = region.machines[m]
    machine_class = region.class_of[machine.machine_class]
    rate_ha_h = region.rate_ha_h.get((machine_class.id, job.operation))
    if rate_ha_h is None:
        return line(
            "cannot_class", machine=machine.id, name=machine_class.name or machine_class.id, operation=job.operation
        )
    open_s, close_s = (seconds_between(problem.origin, moment) for moment in (job.open, job.close))
    inside_s = np.minimum(problem.day_end_s[m], close_s) - np.maximum(problem.day_start_s[m], open_s)
    days = np.flatnonzero(inside_s > 0)
    if len(days) == 0:
        return line(_closed(region, m, job), machine=machine.id)
    if not problem.licensed[:, problem.machine_class[m], days].any():
        return line("cannot_licence", machine=machine.id, licence=machine_class.licence or "")
    crewed = days[quoter.drawn.crew_all[m, days] >= 0]
    if len(crewed) == 0:
        return line("cannot_crew", machine=machine.id)
    need_h, have_h = job.area_ha / rate_ha_h, float(inside_s[crewed].sum()) / SECONDS_PER_HOUR
    if need_h > have_h:
        return line("cannot_short", machine=machine.id, need_h=need_h, have_h=have_h)
    if fits_dry:
        return line("cannot_dryer", machine=machine.id)
    return line("cannot_full", machine=machine.id, until=quoter.busy_until(m, job))


def _closed(region: Region, m: int, job: Job) -> str:
    """Why a machine has no hours at all in a window."""
    machine = region.machines[m]
    starts, ends = machine.available_from, machine.available_to
    if (starts is not None and starts >= job.close) or (ends is not None and ends <= job.open):
        return "cannot_away"
    return "cannot_down" if any(a < job.close and b > job.open for a, b in machine.down) else "cannot_hours"
