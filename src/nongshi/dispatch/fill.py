"""A first plan where simple dispatchers do not know the rules: every job, by due date, where it costs least.

Used where jobs wait for each other or for dryers. Cells are filled one after another, so that what a job waits for
is known; what found no room in its cell tries another one in the next turn.
"""

import numpy as np

from nongshi.dispatch import ruin
from nongshi.dispatch.cells import Draft, load_cell, make_cells, share_operators, share_unserved, unload_cell
from nongshi.dispatch.problem import Ints, Problem
from nongshi.dispatch.solution import Solution

TURNS = 3  # assumption: a fourth finds next to nothing
FILL_MACHINES = 12  # machines of a cell: more than in a search, for each job is looked at once only


def fill_greedy(problem: Problem, crew: Ints, *, seed: int = 1) -> Solution:
    """Crews as given, and routes by cheapest insertion in the order of due dates; a job before those that follow it."""
    draft = Draft.of(problem, Solution(crew=crew, routes=tuple(() for _ in crew)))
    if len(problem.part_job) == 0 or len(crew) == 0:
        return draft.solution(problem)
    rng = np.random.default_rng(seed)
    for _ in range(TURNS):
        cells = make_cells(problem, draft, FILL_MACHINES, rng)
        unserved = share_unserved(problem, draft, cells, rng)
        placeable = share_operators(problem, draft, cells, rng)
        for machines, free, mine in zip(cells, unserved, placeable, strict=True):
            loaded = load_cell(problem, draft, machines, free, mine)
            cell, state = loaded.cell, loaded.state
            ruin.load(cell, state)
            out = np.flatnonzero(state.on[cell.job_first] < 0) if len(cell.job_first) else np.zeros(0, np.int64)
            out = out[np.argsort(cell.due_s[cell.job_first[out]], kind="stable")]
            spill = np.zeros(len(cell.job_first) + 1, np.int64)
            touched, dirty = np.zeros(len(machines), bool), np.zeros(len(machines), bool)
            words = rng.integers(1, 2**63, size=1, dtype=np.uint64)
            ruin.put_back(cell, state, out.copy(), len(out), touched, dirty, words, spill)
            unload_cell(problem, draft, loaded, state)
    return draft.solution(problem)
