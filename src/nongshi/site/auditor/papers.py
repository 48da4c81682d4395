"""What the register says of a machine's papers and an operator's licence on a day.

The register keeps one date a paper, today's: that a paper was entered later is seen in the log of acts, not here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from nongshi.agronomy import MACHINE_CLASSES, WORK_RATES
from nongshi.site.plans.models import Season, WorkOrder
from nongshi.site.register.models import Machine, Operator

ALWAYS = ("inspection", "insurance")  # must hold on any day; permits only for a way into another region


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper and whether it holds on a day."""

    name: str
    until: date | None
    holds: bool
    always: bool = True  # False: only needed between regions


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceSeen:
    """The licence that a machine's class needs, and the operator's."""

    needed: str | None  # None: the class needs none
    until: date | None
    holds: bool


def machine_papers(machine: Machine, day: date) -> tuple[Paper, ...]:
    """All papers of a machine."""
    until = {
        "inspection": machine.inspected_until,
        "insurance": machine.insured_until,
        "permit": machine.permit_until,
        "oversize": machine.oversize_until,
    }
    return tuple(
        Paper(name=name, until=last, holds=last is not None and last >= day, always=name in ALWAYS)
        for name, last in until.items()
    )


def missing(machine: Machine, day: date) -> tuple[str, ...]:
    """Which of the papers that must hold on any day do not."""
    return tuple(paper.name for paper in machine_papers(machine, day) if paper.always and not paper.holds)


def licence_needed(machine_class: str, season: Season) -> str | None:
    """The licence of a machine class: the season's own, else the table's."""
    classes: Sequence[dict[str, Any]] = season.head.get("machine_classes", [])
    for one in classes:
        if one["id"] == machine_class:
            return None if one.get("licence") is None else str(one["licence"])
    default = MACHINE_CLASSES.get(machine_class)
    return None if default is None else default.licence


def licence_on(operator: Operator | None, needed: str | None, day: date) -> LicenceSeen:
    """The operator's licence on a day; `operator.licences` is read, prefetch it."""
    held = {} if operator is None else {one.licence_class: one.valid_until for one in operator.licences.all()}
    until = held.get(needed) if needed is not None else None
    return LicenceSeen(needed=needed, until=until, holds=needed is None or (until is not None and until >= day))


def rate_ha_h(order: WorkOrder, operation: str) -> float | None:
    """Effective field capacity of the order's machine: the season's own rate, else the table's."""
    machine_class = order.machine.machine_class
    for one in order.plan.season.head.get("work_rates", []):
        if one["machine_class"] == machine_class and one["operation"] == operation:
            return float(one["rate_ha_h"])
    default = WORK_RATES.get((machine_class, operation))
    return None if default is None else default.rate_ha_h
