"""Which pieces of work an auditor looks at first: simple rules, each with its points and its reason. Pure.

The draw is reproducible: the same seed and the same work give the same sample. Who has no points can be drawn too, so
that a clean record is no promise of never being looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import numpy as np

BASE_POINTS = 0.2  # of work without any finding
FASTER_THAN_POSSIBLE = 0.5  # reported hours below this share of area over rate
AREA_DIFFERS = 0.05  # share by which measured and booked area may differ


class Rule(StrEnum):
    """What makes a piece of work worth looking at."""

    NO_REPORT = "no_report"
    TOO_QUICK = "too_quick"
    LICENCE = "licence"
    PAPERS = "papers"
    DONE_BEFORE_START = "done_before_start"
    AREA = "area"
    DISPUTED = "disputed"


POINTS = {
    Rule.NO_REPORT: 2.0,
    Rule.TOO_QUICK: 3.0,
    Rule.LICENCE: 3.0,
    Rule.PAPERS: 1.0,
    Rule.DONE_BEFORE_START: 2.0,
    Rule.AREA: 2.0,
    Rule.DISPUTED: 2.0,
}  # assumption: what an auditor would ask about first


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFacts:
    """What is known of one work order."""

    order_id: int
    area_ha: float
    booked_ha: float
    rate_ha_h: float | None  # of the machine's class for the operation
    day: date
    licence_needed: str | None
    licence_until: date | None  # of the operator, for that class
    papers_missing: tuple[str, ...]
    finished: bool
    began_at: datetime | None
    ended_at: datetime | None
    measured_ha: float | None = None
    disputed: bool = False


def findings(work: WorkFacts) -> list[Rule]:
    """The rules that a piece of work meets."""
    found = []
    if work.finished and (work.began_at is None or work.ended_at is None):
        found.append(Rule.NO_REPORT)
    if work.began_at is not None and work.ended_at is not None:
        hours = (work.ended_at - work.began_at).total_seconds() / 3600
        if hours < 0:
            found.append(Rule.DONE_BEFORE_START)
        elif work.rate_ha_h and hours < FASTER_THAN_POSSIBLE * work.area_ha / work.rate_ha_h:
            found.append(Rule.TOO_QUICK)
    if work.licence_needed and (work.licence_until is None or work.licence_until < work.day):
        found.append(Rule.LICENCE)
    if work.papers_missing:
        found.append(Rule.PAPERS)
    if work.measured_ha is not None and abs(work.measured_ha - work.booked_ha) > AREA_DIFFERS * work.booked_ha:
        found.append(Rule.AREA)
    if work.disputed:
        found.append(Rule.DISPUTED)
    return found


def points(work: WorkFacts) -> float:
    """How much a piece of work weighs in the draw."""
    return BASE_POINTS + sum(POINTS[rule] for rule in findings(work))


def draw(works: Sequence[WorkFacts], count: int, seed: int) -> list[WorkFacts]:
    """A sample without repetition, likelier by points; in the order drawn.

    >>> draw([], 5, 1)
    []
    """
    ordered = sorted(works, key=lambda work: work.order_id)
    if not ordered:
        return []
    weight = np.array([points(work) for work in ordered])
    keys = np.random.default_rng(seed).exponential(size=len(ordered)) / weight  # Efraimidis and Spirakis 2006
    return [ordered[int(i)] for i in np.argsort(keys, kind="stable")[:count]]
