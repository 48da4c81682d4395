"""What would free a job that a plan leaves out: each remedy is quoted, so that only what truly helps is said."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from nongshi.core.region import Job, Operator
from nongshi.core.times import seconds_between
from nongshi.core.units import yuan
from nongshi.dispatch.explain_words import Line, line
from nongshi.dispatch.problem import make_problem
from nongshi.dispatch.quote import Displacement, Offer, Quote, Quoter

LONGER_D = (1, 2, 3)  # assumption: windows are stretched by so many days at most
OPERATORS_TRIED_MAX = 8  # assumption: machine-days for which one more operator is tried, the nearest machines first


def list_frees(quoter: Quoter, job: Job, quote: Quote) -> tuple[Line, ...]:
    """What would help, the easiest first; one sentence where nothing does."""
    found, frees = quote.displacement, []
    if quote.offers:
        frees.append(_offered("free_now" if quote.pays else "free_price", quote.offers[0]))
    if found is not None and found.net_fen > 0:
        frees.append(_displaced(found))
    if not quote.pays:
        frees += [*_operators(quoter, job), *_windows(quoter, job), *_dryers(quoter, job), *_before(quoter, job)]
    if found is not None and found.net_fen <= 0:
        frees.append(_displaced(found))
    return tuple(frees) or (line("free_nothing"),)


def _offered(kind: str, offer: Offer, **facts: object) -> Line:
    piece = offer.pieces[0]
    return line(
        kind,
        machine=piece.machine_id,
        operator=piece.operator_id,
        start=piece.start,
        end=piece.end,
        yuan=yuan(abs(offer.gain_fen)),
        **facts,
    )


def _displaced(found: Displacement) -> Line:
    amount = f"{yuan(abs(found.net_fen)):,.2f}"
    gains = found.net_fen > 0
    net = f"{amount} yuan more in all" if gains else f"at a net cost of {amount} yuan"
    net_zh = f"合计增收 {amount} 元" if gains else f"净损失 {amount} 元"
    return _offered("free_displace", found.offer, jobs=", ".join(found.job_ids), net=net, net_zh=net_zh)


def _operators(quoter: Quoter, job: Job) -> list[Line]:
    """The machine-day at which one more operator would gain most."""
    problem, region = quoter.problem, quoter.problem.region
    best: tuple[float, int, int, Offer] | None = None
    for m, d in _empty_days(quoter, job):
        licence = region.class_of[region.machines[m].machine_class].licence
        helper = Operator(
            id="+",
            owner_id=region.machines[m].owner_id,
            licences={licence: problem.dates[-1]} if licence else {},
            hours_max=10.0,  # docs/formats.md, default of hours_max
            off_days=frozenset(set(problem.dates) - {problem.dates[d]}),
            shared=False,
        )
        helped = make_problem(replace(region, operators=(*region.operators, helper)))
        crew = quoter.solution.crew.copy()
        crew[m, d] = len(region.operators)
        try:
            offer = (
                Quoter.of(helped, replace(quoter.solution, crew=crew)).best_by_machine(job).get(region.machines[m].id)
            )
        except ValueError:
            continue  # work that goes on over that day would end elsewhere
        if offer is not None and offer.gain_fen > 0 and (best is None or offer.gain_fen > best[0]):
            best = offer.gain_fen, m, d, offer
    if best is None:
        return []
    licence = region.class_of[region.machines[best[1]].machine_class].licence
    day = problem.dates[best[2]]
    kind = "free_operator" if licence else "free_anybody"
    return [_offered(kind, best[3], licence=licence or "", day=day)]


def _empty_days(quoter: Quoter, job: Job) -> list[tuple[int, int]]:
    """Machine-days of the window without an operator, of machines that can do the job; the nearest yards first."""
    problem, region = quoter.problem, quoter.problem.region
    field = region.field_of[job.field_id]
    able = [m for m, one in enumerate(region.machines) if (one.machine_class, job.operation) in region.rate_ha_h]
    able.sort(
        key=lambda m: (
            abs(region.machines[m].yard_lon - field.gate_lon) + abs(region.machines[m].yard_lat - field.gate_lat)
        )
    )
    open_s, close_s = (seconds_between(problem.origin, moment) for moment in (job.open, job.close))
    inside = (problem.day_end_s > np.maximum(problem.day_start_s, open_s)) & (problem.day_start_s < close_s)
    empty = [(m, int(d)) for m in able for d in np.flatnonzero(inside[m] & (quoter.drawn.crew_all[m] < 0))]
    return empty[:OPERATORS_TRIED_MAX]


def _windows(quoter: Quoter, job: Job) -> list[Line]:
    """The shortest stretch of the window that would pay."""
    for days in LONGER_D:
        later = replace(job, close=job.close + timedelta(days=days))
        offers = quoter.quote(later, displace=False).offers
        if offers and offers[0].gain_fen > 0:
            return [_offered("free_later", offers[0], close=later.close, days=days)]
    earlier = replace(job, open=job.open - timedelta(days=1))
    offers = quoter.quote(earlier, displace=False).offers
    return [_offered("free_earlier", offers[0], open=earlier.open)] if offers and offers[0].gain_fen > 0 else []


def _dryers(quoter: Quoter, job: Job) -> list[Line]:
    """Whether more room in the dryers would be enough."""
    if not quoter.problem.dries or not job.wet_t:
        return []
    offers = quoter.quote(replace(job, wet_t=None), displace=False).offers
    if not offers or offers[0].gain_fen <= 0:
        return []
    return [_offered("free_dryer", offers[0], wet_t=job.wet_t, day=offers[0].pieces[-1].end.date())]


def _before(quoter: Quoter, job: Job) -> list[Line]:
    before = job.after_job_id
    return [line("free_before", before=before)] if before is not None and not quoter.serves(before) else []
