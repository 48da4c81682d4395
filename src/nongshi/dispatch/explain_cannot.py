"""Why a machine cannot serve a job at all: the first reason that holds."""

from dataclasses import dataclass, replace

import numpy as np

from nongshi.core.region import Job, Region
from nongshi.core.times import seconds_between
from nongshi.core.units import SECONDS_PER_HOUR
from nongshi.dispatch.explain_words import Line, line
from nongshi.dispatch.quote import Quoter


def list_cannot(quoter: Quoter, job: Job, others: set[str]) -> list[tuple[str, Line]]:
    """(machine id, why) of every machine but those that have an offer."""
    dry = set(quoter.best_by_machine(replace(job, wet_t=None))) if quoter.problem.dries and job.wet_t else set()
    hours = _hours(quoter, job)
    machines = quoter.problem.region.machines
    return [
        (one.id, _why_not(quoter, job, m, hours, one.id in dry))
        for m, one in enumerate(machines)
        if one.id not in others
    ]


@dataclass(frozen=True, slots=True)
class _Hours:
    """Working hours of machines in a job's window: each a list by machine."""

    some: list[bool]  # any at all
    licensed: list[bool]  # on a day on which somebody holds a valid licence for it
    crewed: list[bool]  # on a day on which somebody drives it, or an idle operator could
    have_h: list[float]  # on such days


def _hours(quoter: Quoter, job: Job) -> _Hours:
    problem = quoter.problem
    open_s, close_s = (seconds_between(problem.origin, moment) for moment in (job.open, job.close))
    inside_s = np.minimum(problem.day_end_s, close_s) - np.maximum(problem.day_start_s, open_s)
    days = np.asarray(inside_s > 0)
    licensed = np.asarray(np.asarray(problem.licensed.any(axis=0))[problem.machine_class] & days)
    crewed = np.asarray(days & (quoter.drawn.crew_all >= 0))
    have_h = np.where(crewed, inside_s, 0.0).sum(axis=1) / SECONDS_PER_HOUR
    return _Hours(
        some=np.asarray(days.any(axis=1)).tolist(),
        licensed=np.asarray(licensed.any(axis=1)).tolist(),
        crewed=np.asarray(crewed.any(axis=1)).tolist(),
        have_h=list(map(float, have_h)),
    )


def _why_not(quoter: Quoter, job: Job, m: int, hours: _Hours, fits_dry: bool) -> Line:
    """The first reason that holds, from what nobody could change to what the plan chose."""
    region = quoter.problem.region
    machine = region.machines[m]
    machine_class = region.class_of[machine.machine_class]
    rate_ha_h = region.rate_ha_h.get((machine_class.id, job.operation))
    if rate_ha_h is None:
        return line(
            "cannot_class", machine=machine.id, name=machine_class.name or machine_class.id, operation=job.operation
        )
    if not hours.some[m]:
        return line(_closed(region, m, job), machine=machine.id)
    if not hours.licensed[m]:
        return line("cannot_licence", machine=machine.id, licence=machine_class.licence or "")
    if not hours.crewed[m]:
        return line("cannot_crew", machine=machine.id)
    need_h, have_h = job.area_ha / rate_ha_h, hours.have_h[m]
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
