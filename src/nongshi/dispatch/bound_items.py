"""What the bound prices: every part; and where dryers count days, every job of several parts served whole as well.

Without dryers a job served whole is never better than its parts in a row, which end no later. With them it may be:
all its wet grain counts on the day on which it ends, and that may be the better day.
"""

from dataclasses import dataclass

import numpy as np

from nongshi.dispatch.bound_moves import Modes
from nongshi.dispatch.problem import Floats, Ints, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """q items: the parts, then whole jobs; x modes in the order of their items, as in Modes."""

    value_fen: Floats  # (q,)
    open_s: Floats
    due_s: Floats
    close_s: Floats
    curve: Ints
    wet_t: Floats
    work_s: Floats  # (c, q)
    job: Ints  # (q,)
    share: Floats  # (q,) of the job's parts
    node_part: Ints  # (q,) the part whose node is paid for when the item is served: of a whole job its last
    job_whole: Ints  # (j,) item of the whole job, or -1
    first: Ints  # (q + 1,)
    machine_class: Ints  # (x,)
    move_s: Floats
    move_fen: Floats
    before: Ints
    ready_s: Floats


def make_items(problem: Problem, modes: Modes) -> Items:
    """List parts and whole jobs; a whole job is come to as its first part is, but not from its own parts."""
    parts = len(problem.part_job)
    wet = np.bincount(problem.part_job, weights=problem.part_wet_t, minlength=len(problem.job_first))
    whole = np.flatnonzero((problem.job_parts > 1) & (wet > 0)) if problem.dries else np.zeros(0, np.int64)
    head, count = problem.job_first[whole], problem.job_parts[whole]
    row = np.concatenate([np.arange(parts), head]).astype(np.int64)
    times = np.concatenate([np.ones(parts), count])
    job_whole = np.full(len(problem.job_first), -1)
    job_whole[whole] = parts + np.arange(len(whole))
    taken, sizes = _modes_of_wholes(problem, modes, head)
    mode = np.concatenate([np.arange(len(modes.machine_class)), taken]).astype(np.int64)
    return Items(
        value_fen=problem.part_value_fen[row] * times,
        open_s=problem.part_open_s[row],
        due_s=problem.part_due_s[row],
        close_s=problem.part_close_s[row],
        curve=problem.part_curve[row],
        wet_t=problem.part_wet_t[row] * times,
        work_s=np.ascontiguousarray(problem.work_s[:, row] * times),
        job=problem.part_job[row],
        share=times / problem.job_parts[problem.part_job[row]],
        node_part=np.concatenate([np.arange(parts), head + count - 1]).astype(np.int64),
        job_whole=job_whole,
        first=np.concatenate([modes.first, modes.first[-1] + np.cumsum(sizes)]).astype(np.int64),
        machine_class=modes.machine_class[mode],
        move_s=modes.move_s[mode],
        move_fen=modes.move_fen[mode],
        before=modes.before[mode],
        ready_s=modes.ready_s[mode],
    )


def _modes_of_wholes(problem: Problem, modes: Modes, head: Ints) -> tuple[Ints, Ints]:
    """Modes of each whole job, one after another, and how many each has."""
    nodes = len(problem.part_job) * len(problem.class_ids)
    node_job = np.concatenate(
        [np.repeat(problem.part_job, len(problem.class_ids)), [-1] * (len(modes.node_limit) - nodes)]
    )
    taken: list[Ints] = [np.zeros(0, np.int64)]
    for p in head:
        mine = np.arange(modes.first[p], modes.first[p + 1])
        before = modes.before[mine]
        taken.append(mine[(before < 0) | (node_job[before] != problem.part_job[p])])
    return np.concatenate(taken), np.array([len(t) for t in taken[1:]], np.int64)
