"""`nongshi bench quote`: how long a quote takes inside a running process, beside the same thing in plain Python."""

import time
from dataclasses import replace
from typing import Any

import numpy as np

from nongshi.core.region import Job, Region
from nongshi.dispatch.quote import Quoter
from nongshi.dispatch.quote_plain import PlainQuoter
from nongshi.dispatch.run import solve
from nongshi.synthetic import make_region

ITERATIONS = 2000  # assumption: enough for a plan whose machines are full


def bench_quote(*, fields: int = 990, seed: int = 1, quotes: int = 500, plain: int = 3) -> dict[str, Any]:
    """Milliseconds a quote of jobs by chance against one plan at load 1.0, displacement included where nothing pays.

    `plain` of them are also made by the readable version, which must agree to the fen.

    Raises:
        RuntimeError: the two versions disagree.
    """
    region = make_region(fields=fields, machines=None, load=1.0, season="rice-harvest", seed=seed)
    plan = solve(region, cpu_s=None, iterations=ITERATIONS, seed=seed, engine="own")
    began_s = time.perf_counter()
    quoter = Quoter(region, plan)
    build_s = time.perf_counter() - began_s
    jobs = some_jobs(region, quotes, seed)
    quoter.quote(jobs[0])  # compiled, or loaded, before the clock runs
    taken_ms, displaced = [], 0
    for job in jobs:
        began_s = time.perf_counter()
        quote = quoter.quote(job)
        taken_ms.append((time.perf_counter() - began_s) * 1e3)
        displaced += quote.displacement is not None
    plain_ms = [_plain_ms(quoter, job) for job in [job for job in jobs if job.parts == 1][:plain]]
    return {
        "format": "nongshi-bench-quote/1",
        "jobs": len(region.jobs),
        "jobs_served": plan.totals.jobs_served,
        "machines": len(region.machines),
        "quotes": quotes,
        "quotes_with_displacement": displaced,
        "build_s": round(build_s, 3),
        **{f"p{p}_ms": round(float(np.percentile(taken_ms, p)), 3) for p in (50, 95, 99)},
        **_beside(taken_ms, plain_ms),
    }


def _beside(taken_ms: list[float], plain_ms: list[float]) -> dict[str, Any]:
    if not plain_ms:
        return {}
    mean_ms = float(np.mean(plain_ms))
    return {"plain_mean_ms": round(mean_ms, 1), "times_as_fast": round(mean_ms / float(np.mean(taken_ms)))}


def some_jobs(region: Region, count: int, seed: int) -> list[Job]:
    """New jobs like those of the region, each on another field by chance."""
    rng = np.random.default_rng(seed)
    jobs, fields = rng.integers(len(region.jobs), size=count), rng.integers(len(region.fields), size=count)
    return [
        replace(region.jobs[j], id=f"new-{i}", field_id=region.fields[f].id, after_job_id=None)
        for i, (j, f) in enumerate(zip(jobs, fields, strict=True))
    ]


def _plain_ms(quoter: Quoter, job: Job) -> float:
    """Milliseconds of the readable version for the same answer; the setting up is not counted."""
    plain = PlainQuoter.beside(quoter)
    began_s = time.perf_counter()
    offers = plain.offers(job)
    room = None if offers and offers[0].gain_fen > 0 else plain.displacement(job)
    taken_ms = (time.perf_counter() - began_s) * 1e3
    quote = quoter.quote(job)
    ours = [offer.gain_fen for offer in quote.offers[:1]] + [
        one.net_fen for one in [quote.displacement] if one is not None
    ]
    theirs = [offer.gain_fen for offer in offers[:1]] + ([] if room is None else [room.gain_fen])
    if len(ours) != len(theirs) or any(abs(a - b) > 1 for a, b in zip(ours, theirs, strict=True)):
        raise RuntimeError(f"quotes of job {job.id} disagree: {ours} fen compiled, {theirs} fen in plain Python")
    return taken_ms
