"""What a board of quotes is made of besides rows: who is idle, when jobs begin and end, which day gets wet grain."""

import numpy as np

from nongshi.dispatch.problem import Bools, Floats, Ints, Problem
from nongshi.dispatch.solution import TimedStop


def find_idle(problem: Problem, crew: Ints) -> tuple[Ints, Bools]:
    """(m, d) the idle operator with the most hours, his own owner's people first; (m, d) whether there is one."""
    machines, days = crew.shape
    best, some = np.zeros((machines, days), np.int64), np.zeros((machines, days), bool)
    if len(problem.operator_owner) == 0:
        return best, some
    own = problem.operator_owner[:, None] == problem.machine_owner[None, :]
    for d in range(days):
        idle = np.ones(len(problem.operator_owner), bool)
        idle[crew[crew[:, d] >= 0, d]] = False
        may = problem.may_drive_matrix(d) & idle[:, None]
        end_s = np.minimum(problem.day_end_s[:, d], problem.shift_start_s[:, d] + problem.operator_hours_s[:, None])
        rank = np.where(may & (end_s > problem.day_start_s[:, d]), end_s + 0.5 * own, -np.inf)
        best[:, d], some[:, d] = rank.argmax(axis=0), np.isfinite(rank.max(axis=0))
    return best, some


def lend_idle(problem: Problem, crew: Ints, timed: list[list[TimedStop]], idle: tuple[Ints, Bools]) -> Ints:
    """The crew with an idle operator on every machine-day behind the machine's last stop that has none.

    An operator may be lent to several machines, because a quote uses one of them.
    """
    best, some = idle
    last_s = np.array([stops[-1].end_s if stops else -np.inf for stops in timed])
    lent = some & (crew < 0) & (problem.day_start_s >= last_s[:, None])
    return np.where(lent, best, crew)


def job_spans(problem: Problem, part_start_s: Floats, part_end_s: Floats) -> tuple[Floats, Floats]:
    """(j,) planned end and start of jobs; inf: not served."""
    end_s, start_s = np.full(len(problem.job_first), -np.inf), np.full(len(problem.job_first), np.inf)
    np.maximum.at(end_s, problem.part_job, part_end_s)
    np.minimum.at(start_s, problem.part_job, part_start_s)
    end_s[np.isinf(end_s)] = np.inf
    return end_s, start_s


def needed_s(problem: Problem, job_start_s: Floats) -> Floats:
    """(j,) the moment at which a job must have ended for its planned followers; inf: nobody waits for it."""
    needed = np.full(len(job_start_s), np.inf)
    followers = np.flatnonzero((problem.job_after >= 0) & np.isfinite(job_start_s))
    np.minimum.at(needed, problem.job_after[followers], job_start_s[followers] - problem.job_after_s[followers])
    return needed


def wet_t(problem: Problem, part_end_s: Floats) -> Floats:
    """(d,) tonnes of wet grain by the day on which its part ends."""
    wet = np.flatnonzero((problem.part_wet_t > 0) & np.isfinite(part_end_s))
    count = len(problem.dates)
    days = np.clip(np.searchsorted(problem.midnight_s, part_end_s[wet], side="right") - 1, 0, count - 1)  # as day_of
    return np.bincount(days, weights=problem.part_wet_t[wet], minlength=count).astype(float)
