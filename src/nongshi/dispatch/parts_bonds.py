"""What ties pieces of a problem together, turned into limits of each piece: sister parts, chains, dryers."""

from dataclasses import replace

import numpy as np

from nongshi.dispatch.cells import KEEP_FEN
from nongshi.dispatch.parts_cut import Standing, job_parts
from nongshi.dispatch.problem import Bools, Floats, Ints, Problem, Wishes

SPARE_T = 2e-6  # wet tonnes above what a piece harvests, so that rounding takes none of it away: never usable by more


def bind(problem: Problem, standing: Standing, home: Ints, rng: np.random.Generator) -> tuple[Problem, Bools]:
    """The problem with every tie between pieces cut and replaced by limits; and which parts (p,) must stay served.

    A job whose sister parts stand elsewhere is kept. Between a job and its follower elsewhere a random moment t is
    drawn from those that today's plan leaves: the one ends a pause before t and is kept, the other starts after t.
    """
    low, high = job_parts(problem, home, np.minimum), job_parts(problem, home, np.maximum)
    keep = low != high
    open_s, close_s, job_after = problem.part_open_s, problem.part_close_s, problem.job_after
    if problem.chained:
        after = _links_cut(problem, standing, low, high)
        before = job_after[after]
        t = _moments(problem, standing, after, rng)
        job_open, job_close = np.zeros(len(job_after)), np.full(len(job_after), np.inf)
        job_open[after] = t
        np.minimum.at(job_close, before, t - problem.job_after_s[after])
        open_s = np.maximum(open_s, job_open[problem.part_job])
        close_s = np.minimum(close_s, job_close[problem.part_job])
        keep[before] = True
        job_after = job_after.copy()
        job_after[after] = -1
    kept = keep[problem.part_job] & (standing.on >= 0)
    bound = replace(problem, part_open_s=open_s, part_close_s=close_s, job_after=job_after)
    return replace(bound, wishes=_with_keeps(problem, kept)), kept


def _links_cut(problem: Problem, standing: Standing, low: Ints, high: Ints) -> Ints:
    """Served followers that do not stand in one piece with the whole of the served job before them."""
    served = standing.on[problem.job_first] >= 0
    after = np.flatnonzero((problem.job_after >= 0) & served)
    before = problem.job_after[after]
    together = (low[after] == high[after]) & (low[before] == high[before]) & (low[after] == low[before])
    return np.asarray(after[served[before] & ~together])


def _moments(problem: Problem, standing: Standing, after: Ints, rng: np.random.Generator) -> Floats:
    """A moment between the end of the job before, its pause over, and the start of the follower."""
    ready_s = job_parts(problem, standing.end_s, np.maximum)[problem.job_after[after]] + problem.job_after_s[after]
    start_s = job_parts(problem, standing.start_s, np.minimum)[after]
    return np.asarray(ready_s + rng.random(len(after)) * np.maximum(0.0, start_s - ready_s))


def _with_keeps(problem: Problem, kept: Bools) -> Wishes | None:
    if not kept.any():
        return problem.wishes
    wishes = problem.wishes or no_wishes(problem)
    return replace(wishes, keep_fen=np.maximum(wishes.keep_fen, np.where(kept, KEEP_FEN, 0.0)))


def no_wishes(problem: Problem) -> Wishes:
    """Wishes that wish nothing."""
    parts, inf = len(problem.part_job), np.full(len(problem.part_job), np.inf)
    return Wishes(
        keep_fen=np.zeros(parts),
        wait_fen_s=np.zeros(parts),
        promised_machine=np.full(parts, -1, np.int64),
        promised_start_s=inf,
        promised_end_s=inf,
        promised_day=np.full(parts, -1, np.int64),
        machine_fen=0.0,
        day_fen=0.0,
        hour_fen=0.0,
        crew_fixed=np.zeros((len(problem.machine_class), len(problem.dates)), bool),
    )


def wet_days(problem: Problem, end_s: Floats) -> Ints:
    """(p,) day on which grain counts that comes in at a moment."""
    day = np.searchsorted(problem.midnight_s, end_s, side="right") - 1
    return np.clip(day, 0, len(problem.dates) - 1).astype(np.int64)


def allowances(
    problem: Problem, standing: Standing, home: Ints, pieces: int, rng: np.random.Generator
) -> Floats | None:
    """(pieces, d) wet tonnes that each piece may harvest on each day, nothing waiting; None where nothing limits.

    What it harvests today, and a share of what the dryers could take besides, by the grain that it could bring on
    the day, times a random number. All pieces together keep within the dryers, nights included.
    """
    if not problem.dries:
        return None
    days = len(problem.dates)
    harvest = np.zeros((pieces, days))
    wet = (standing.on >= 0) & (problem.part_wet_t > 0)
    np.add.at(harvest, (home[wet], wet_days(problem, standing.end_s)[wet]), problem.part_wet_t[wet])
    given = np.zeros(days) if problem.dry_given_t is None else problem.dry_given_t
    total = harvest.sum(axis=0) + given
    slack = greatest_profile(total, problem.dry_t_day, problem.dry_hold_t, rng.permutation(days)) - total
    wanted = np.zeros((pieces, days))
    here = np.flatnonzero((home >= 0) & (problem.part_wet_t > 0))
    opens, closes = wet_days(problem, problem.part_open_s), wet_days(problem, problem.part_close_s)
    for d in range(days):
        some = here[(opens[here] <= d) & (closes[here] >= d)]
        wanted[:, d] = np.bincount(home[some], weights=problem.part_wet_t[some], minlength=pieces)
    wanted *= rng.exponential(size=wanted.shape)
    share = wanted / np.maximum(wanted.sum(axis=0), 1e-9)
    return np.asarray(harvest + share * np.maximum(slack, 0.0) + SPARE_T)


def greatest_profile(harvest_t: Floats, take_t: Floats, hold_t: float, order: Ints) -> Floats:
    """(d,) a harvest no smaller than the given one of which no day can grow; days are filled in the order given.

    More on day d waits over the nights until it meets free hours, so it may be the least, over every day e from d
    on, of what the store has left on e and what the dryers leave idle from d to e.
    """
    grown = harvest_t.copy()
    for d in order:
        waiting, idle = np.zeros(len(grown)), np.zeros(len(grown))
        before = 0.0
        for e, (wet_t, day_t) in enumerate(zip(grown, take_t, strict=True)):
            idle[e] = max(0.0, day_t - before - wet_t)
            before = waiting[e] = max(0.0, before + wet_t - day_t)
        grown[d] += max(0.0, float((hold_t - waiting[d:] + np.cumsum(idle[d:])).min()))
    return grown
