"""Which finished jobs an audit looks at: stated rules, each with its weight, and a draw that anybody can repeat.

Pure: no rows, no clock. A job's chance grows with the weights of the rules it breaks; one that breaks none may be
drawn, too, so that what the rules do not know is found as well. The draw is weighted sampling without replacement by
keys u^(1/w) (Efraimidis and Spirakis 2006, doi:10.1016/j.ipl.2005.11.003), with u made from seed and job: a job more or
less in the list, or another order of rows, changes nobody else's key.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from nongshi.core.errors import BadInput

FAST_FACTOR = 1.5  # assumption: nobody works faster than this times the class's effective field capacity
AREA_SHARE = 0.05  # assumption: a larger share between measured and booked area needs a reason
SAMPLE_MAX = 500
DIGITS = 52  # bits of a hash that a float in (0, 1) holds


class Rule(StrEnum):
    """What makes a job worth a look."""

    NO_REPORT = "no_report"  # said to be done, but no report of its end came from a cab
    TOO_FAST = "too_fast"  # the reported time is too short for the area
    LICENCE = "licence"  # the operator's licence did not hold on that day
    PAPERS = "papers"  # the machine's inspection or insurance did not hold on that day, or is not registered
    ENDS_BEFORE_START = "ends_before_start"
    AREA = "area"  # measured area is far from the booked one


WEIGHTS = {  # assumption: what may hurt people or money first counts more; 1 is the chance of a job without any remark
    Rule.NO_REPORT: 2.0,
    Rule.TOO_FAST: 3.0,
    Rule.LICENCE: 4.0,
    Rule.PAPERS: 1.0,
    Rule.ENDS_BEFORE_START: 3.0,
    Rule.AREA: 2.0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """One work order, as far as the rules look."""

    day: date
    area_ha: float
    rate_ha_h: float | None  # effective field capacity of the class at this operation; None: not known
    began: datetime | None = None
    ended: datetime | None = None
    end_reported: bool = False
    licence: str | None = None  # class that the machine needs; None: none
    licence_until: date | None = None  # of the operator who drove; None: does not hold it
    papers_missing: Sequence[str] = ()  # of those that must hold on any day


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFacts:
    """One finished job and its orders."""

    job_id: int
    area_ha: float
    measured_ha: float | None = None
    orders: Sequence[OrderFacts] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A rule that a job breaks, with the numbers that say so."""

    rule: Rule
    found: float | None = None
    allowed: float | None = None
    what: str = ""  # a licence class, names of papers


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A job of the sample, why it weighs what it weighs."""

    job_id: int
    weight: float
    remarks: tuple[Remark, ...]


def remarks(job: JobFacts) -> tuple[Remark, ...]:
    """Every rule that a job breaks, each once."""
    found = {remark.rule: remark for remark in reversed([*_of_job(job), *_of_orders(job.orders)])}
    return tuple(found[rule] for rule in Rule if rule in found)


def draw(jobs: Iterable[JobFacts], n: int, seed: int) -> list[Drawn]:
    """`n` jobs by risk, heaviest first; the same jobs and seed give the same sample.

    Raises:
        BadInput: n is not between 1 and SAMPLE_MAX.
    """
    if not 1 <= n <= SAMPLE_MAX:
        raise BadInput(f"a sample has 1 to {SAMPLE_MAX} jobs, not {n}; choose another size")
    keyed = []
    for job in jobs:
        noted = remarks(job)
        weight = 1.0 + sum(WEIGHTS[one.rule] for one in noted)
        keyed.append((_key(seed, job.job_id, weight), Drawn(job_id=job.job_id, weight=weight, remarks=noted)))
    keyed.sort(key=lambda pair: (-pair[0], pair[1].job_id))
    return sorted((drawn for _, drawn in keyed[:n]), key=lambda one: (-one.weight, one.job_id))


def _of_job(job: JobFacts) -> Iterator[Remark]:
    if not any(order.end_reported for order in job.orders):
        yield Remark(rule=Rule.NO_REPORT)
    if job.measured_ha is not None and abs(job.measured_ha - job.area_ha) > AREA_SHARE * job.area_ha:
        yield Remark(rule=Rule.AREA, found=job.measured_ha, allowed=job.area_ha)


def _of_orders(orders: Iterable[OrderFacts]) -> Iterator[Remark]:
    for order in orders:
        yield from _of_times(order)
        if order.licence is not None and (order.licence_until is None or order.licence_until < order.day):
            yield Remark(rule=Rule.LICENCE, what=order.licence)
        if order.papers_missing:
            yield Remark(rule=Rule.PAPERS, what=",".join(order.papers_missing))


def _of_times(order: OrderFacts) -> Iterator[Remark]:
    if order.began is None or order.ended is None:
        return
    worked_h = (order.ended - order.began).total_seconds() / 3600
    if worked_h < 0:
        yield Remark(rule=Rule.ENDS_BEFORE_START, found=worked_h)
    elif order.rate_ha_h is not None:
        least_h = order.area_ha / (FAST_FACTOR * order.rate_ha_h)
        if worked_h < least_h:
            yield Remark(rule=Rule.TOO_FAST, found=worked_h, allowed=least_h)


def _key(seed: int, job_id: int, weight: float) -> float:
    """log(u) / w, which orders as u^(1/w) does and loses no digits."""
    bits = int.from_bytes(sha256(f"{seed}:{job_id}".encode()).digest()[:8]) >> (64 - DIGITS)
    return math.log((bits + 0.5) / 2**DIGITS) / weight
