"""What a dispatcher looks at first: what is late or nearly so, who has no licence or papers, which pins do not hold."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Protocol

from nongshi.core.plan import Plan
from nongshi.core.times import seconds_between
from nongshi.core.units import SECONDS_PER_DAY, SECONDS_PER_HOUR
from nongshi.site.plans.drafts import Loaded
from nongshi.site.plans.pins import broken_pins

RISK_H = 12.0  # assumption: a job that ends within half a day of its best time is lost by one more shower
SHOWN_MAX = 2000  # rows of one answer; the page shows them by sixty


class Minutes(Protocol):
    """What turns days into numbers."""

    def day(self, day: date) -> int:
        """Number of a day."""


def list_exceptions(
    loaded: Loaded, plan: Plan, clock: Minutes, jobs: Mapping[str, int], machines: Mapping[str, int]
) -> list[list[Any]]:
    """[kind, job or -1, machine or -1, more ...] with the gravest first.

    `late` hours, lost fen; `pin` how; `licence` operator, day, class; `papers` names; `risk` hours left.
    """
    late, risk = _late(loaded, plan, jobs, machines)
    pins = [
        ["pin", jobs.get(job_id, -1), -1, how]
        for job_id, how in broken_pins(plan, loaded.pins).items()
        if job_id in jobs
    ]
    return [*pins, *_licences(loaded, plan, clock, machines), *late, *_papers(loaded, plan, machines), *risk][
        :SHOWN_MAX
    ]


def _late(
    loaded: Loaded, plan: Plan, jobs: Mapping[str, int], machines: Mapping[str, int]
) -> tuple[list[list[Any]], list[list[Any]]]:
    late: dict[str, list[Any]] = {}
    risk: dict[str, list[Any]] = {}
    for route in plan.routes:
        for stop in route.stops:
            job = loaded.region.job_of[stop.job_id]
            after_s = seconds_between(job.due, stop.end)
            where = [jobs[stop.job_id], machines[route.machine_id]]
            if after_s > 0:
                share = loaded.region.curve_of[job.loss_curve].share(after_s / SECONDS_PER_DAY)
                lost = round(job.value_fen * stop.area_ha / job.area_ha * share)
                known = late.get(stop.job_id)
                lost += known[4] if known else 0
                hours = max(round(after_s / SECONDS_PER_HOUR, 1), known[3] if known else 0.0)
                late[stop.job_id] = ["late", *where, hours, lost]
            elif after_s > -RISK_H * SECONDS_PER_HOUR:
                left_h = round(-after_s / SECONDS_PER_HOUR, 1)
                if stop.job_id not in risk or left_h < risk[stop.job_id][3]:
                    risk[stop.job_id] = ["risk", *where, left_h]
    lost_most = sorted(late.values(), key=lambda one: -one[4])
    nearest = sorted((one for job_id, one in risk.items() if job_id not in late), key=lambda one: one[3])
    return lost_most, nearest


def _licences(loaded: Loaded, plan: Plan, clock: Minutes, machines: Mapping[str, int]) -> list[list[Any]]:
    """Machine-days whose operator's licence does not hold that day any more, the first day of each."""
    found: dict[tuple[str, str], list[Any]] = {}
    for crew in sorted(plan.crews, key=lambda crew: crew.date):
        machine = loaded.region.machine_of.get(crew.machine_id)
        operator = loaded.region.operator_of.get(crew.operator_id)
        if machine is None or operator is None or crew.machine_id not in machines:
            continue
        licence = loaded.region.class_of[machine.machine_class].licence
        until = operator.licences.get(licence) if licence else None
        if licence and (until is None or until < crew.date):
            name = str(loaded.rows.operator_of.get(crew.operator_id, crew.operator_id))
            found.setdefault(
                (crew.machine_id, crew.operator_id),
                ["licence", -1, machines[crew.machine_id], name, clock.day(crew.date), licence],
            )
    return list(found.values())


def _papers(loaded: Loaded, plan: Plan, machines: Mapping[str, int]) -> list[list[Any]]:
    """Machines at work whose inspection or insurance runs out before the plan's last day; empty dates are not told."""
    last = loaded.region.start_date + timedelta(days=loaded.region.horizon_days - 1)
    found = []
    for route in plan.routes:
        row = loaded.rows.machine_of.get(route.machine_id)
        if row is None or route.machine_id not in machines:
            continue
        papers = {"inspection": row.inspected_until, "insurance": row.insured_until}
        names = [name for name, until in papers.items() if until is not None and until < last]
        if names:
            found.append(["papers", -1, machines[route.machine_id], *names])
    return found
