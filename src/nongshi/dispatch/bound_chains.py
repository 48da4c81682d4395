"""The bound's chains: jobs in the order in which they wait for each other, and the earliest that each can begin."""

from dataclasses import replace

import numpy as np

from nongshi.dispatch.bound_grid import SLACK_S, Grid
from nongshi.dispatch.problem import Floats, Ints, Problem


def order_jobs(problem: Problem) -> Ints:
    """Jobs, each after the one that it waits for; jobs that wait in a circle, which nobody can serve, are left out."""
    return np.concatenate([np.zeros(0, np.int64), *_levels(problem)])


def follow(problem: Problem, grid: Grid) -> Problem:
    """The same problem, where no follower opens before the job before it can have ended and its pause is over.

    The job before ends no earlier than one of its parts that begins at its opening, by the class that ends it
    first, with that class's days as long as they can be. What cannot be served at all opens after the horizon.
    """
    if not problem.chained:
        return problem
    open_s = problem.part_open_s.copy()
    end_s = np.full(len(problem.job_first), np.inf)
    circle = np.ones(len(problem.job_first), bool)
    for level in _levels(problem):
        circle[level] = False
        before = problem.job_after[level]
        ready_s = np.where(before >= 0, end_s[before] + problem.job_after_s[level], -np.inf)
        for job, at_s in zip(level[before >= 0], ready_s[before >= 0], strict=True):
            mine = slice(problem.job_first[job], problem.job_first[job] + problem.job_parts[job])
            open_s[mine] = np.minimum(np.maximum(open_s[mine], at_s), problem.horizon_s + 1.0)
        end_s[level] = _earliest_ends(problem, grid, problem.job_first[level], open_s)
    open_s[circle[problem.part_job]] = problem.horizon_s + 1.0
    return replace(problem, part_open_s=open_s)


def _levels(problem: Problem) -> list[Ints]:
    """Jobs that wait for nobody, then those that wait for them, and so on."""
    after = problem.job_after
    levels = [np.flatnonzero(after < 0)]
    while len(levels[-1]):
        levels.append(np.flatnonzero((after >= 0) & np.isin(after, levels[-1])))
    return levels[:-1]


def _earliest_ends(problem: Problem, grid: Grid, parts: Ints, open_s: Floats) -> Floats:
    """Earliest moment at which each of some parts can end; inf where nobody can end it in its window."""
    first_s = np.full(len(parts), np.inf)
    for c in range(len(problem.class_ids)):
        if not (grid.len_s[c] > 0).any():
            continue
        done = grid.worked_s(c, open_s[parts]) + problem.work_s[c, parts]
        fits = done <= grid.worked_s(c, problem.part_close_s[parts]) + SLACK_S
        first_s[fits] = np.minimum(first_s[fits], grid.ends_s(c, done[fits]))
    return first_s
