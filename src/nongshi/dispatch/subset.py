"""Some parts of a problem as a problem of their own, in smaller numbers."""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from nongshi.dispatch.problem import Bools, Ints, Problem, Wishes


@dataclass(frozen=True, slots=True)
class Subset:
    """A smaller problem and what its numbers are in the whole one."""

    problem: Problem
    parts: Ints  # number in the whole problem of each part
    jobs: Ints


def take_parts(problem: Problem, wanted: Bools) -> Subset:
    """The problem with the wanted parts (p,) only; a job keeps those of its parts that are wanted.

    Machines, operators, places and days stay as they are; a job whose job before is gone follows nobody.
    """
    parts = np.flatnonzero(wanted)
    jobs, part_job = np.unique(problem.part_job[parts], return_inverse=True)
    count = np.bincount(part_job, minlength=len(jobs)).astype(np.int64)
    number = np.full(len(problem.job_first) + 1, -1, np.int64)  # the last for "follows nobody"
    number[jobs] = np.arange(len(jobs))
    arrays: dict[str, Any] = {
        name: getattr(problem, name)[parts]
        for name in (f.name for f in fields(Problem))
        if name.startswith("part_") and name != "part_job"
    }
    return Subset(
        problem=replace(
            problem,
            **arrays,
            part_job=part_job.astype(np.int64),
            work_s=np.ascontiguousarray(problem.work_s[:, parts]),
            job_first=np.concatenate([[0], np.cumsum(count)[:-1]]).astype(np.int64) if len(jobs) else number[:0],
            job_parts=count,
            job_after=number[problem.job_after[jobs]],
            job_after_s=problem.job_after_s[jobs],
            fleet=None if problem.fleet is None else replace(problem.fleet, demand=problem.fleet.demand[parts]),
            wishes=None if problem.wishes is None else _wishes(problem.wishes, parts),
        ),
        parts=parts,
        jobs=jobs,
    )


def _wishes(wishes: Wishes, parts: Ints) -> Wishes:
    return replace(
        wishes,
        keep_fen=wishes.keep_fen[parts],
        wait_fen_s=wishes.wait_fen_s[parts],
        promised_machine=wishes.promised_machine[parts],
        promised_start_s=wishes.promised_start_s[parts],
        promised_end_s=wishes.promised_end_s[parts],
        promised_day=wishes.promised_day[parts],
    )
