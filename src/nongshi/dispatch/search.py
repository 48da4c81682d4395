"""The own search: rounds of ruin and recreate over cells, cooling as the budget is used.

Each round cuts the machines into cells of a few neighbours by another random centre, searches every cell by itself
(:mod:`nongshi.dispatch.ruin`) and puts the results together; small regions are one cell. Decomposition pays even on one
processor: an insertion looks at a cell's six routes instead of all.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from nongshi.dispatch import ruin
from nongshi.dispatch.cells import (
    Draft,
    Loaded,
    load_cell,
    make_cells,
    share_operators,
    share_unserved,
    unload_cell,
)
from nongshi.dispatch.problem import Floats, Problem
from nongshi.dispatch.solution import Solution

CELL_MACHINES = 6  # assumption, tuned with the temperatures
CHAINED_CELL_MACHINES = 18  # who harvests, tills and plants the same fields should meet; 5 % over 6 (one region)
HOT_SHARE = 0.06  # first temperature as a share of the mean job value (assumption, tuned on generated regions)
COLD_SHARE = 0.0004  # assumption, as above; a fifth to five times of either changes the gap by less than 0.2 points
ROUNDS = 24  # assumption: enough to meet each machine with several neighbours, few enough to cool in each
FIRST_STEP_S = 60e-6  # guess of one step's CPU seconds, corrected after the first round


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a search is."""

    share: float  # 0..1 of the budget
    iterations: int
    worth_fen: float


@dataclass(slots=True)
class Budget:
    """CPU seconds or iterations, whichever is given; both count what was used."""

    cpu_s: float | None
    iterations: int | None
    used: int = 0
    began_s: float = field(default_factory=time.process_time)

    @property
    def share(self) -> float:
        """Share of the budget that is used, 0..1."""
        if self.iterations is not None:
            return min(1.0, self.used / max(1, self.iterations))
        return min(1.0, (time.process_time() - self.began_s) / max(1e-9, self.cpu_s or 0.0))

    def split(self, share: float) -> tuple["Budget", "Budget"]:
        """Two budgets that follow one another; each counts from its own first look."""
        if self.iterations is not None:
            first = max(1, round(share * self.iterations))
            return Budget(None, first), Budget(None, max(0, self.iterations - first))
        cpu_s = self.cpu_s or 0.0
        return Budget(share * cpu_s, None), Budget((1.0 - share) * cpu_s, None)

    def split_even(self, count: int) -> list["Budget"]:
        """So many equal budgets."""
        if self.iterations is not None:
            return [Budget(None, self.iterations // count) for _ in range(count)]
        return [Budget((self.cpu_s or 0.0) / count, None) for _ in range(count)]

    def begin(self) -> None:
        """Count from now on."""
        self.began_s = time.process_time()

    def steps(self, rounds_left: int, step_s: float) -> int:
        """Steps of the next round, when so many rounds are left."""
        if self.iterations is not None:
            return max(1, -(-(self.iterations - self.used) // rounds_left))
        left_s = (self.cpu_s or 0.0) - (time.process_time() - self.began_s)
        return max(1, int(left_s / step_s / rounds_left))


def search(
    problem: Problem,
    start: Solution,
    *,
    budget: Budget,
    seed: int,
    crew_share: float = ruin.CREW_STEP_SHARE,
    hot_share: float = HOT_SHARE,
    cold_share: float = COLD_SHARE,
    cell_machines: int | None = None,
    rounds: int = ROUNDS,
    on_step: Callable[[Progress], None] | None = None,
) -> Solution:
    """Improve a solution until the budget is used; the same seed and iterations give the same solution.

    Args:
        problem: the region in arrays.
        start: any solution that keeps the windows of its own clocks; what does not fit is dropped.
        budget: CPU seconds or iterations.
        seed: of every random choice.
        crew_share: share of steps that move an operator; 0 keeps the roster as it is.
        hot_share: first temperature as a share of the mean job value; low where the start is to be kept.
        cold_share: last temperature.
        cell_machines: machines searched together; None: as many as proved well.
        rounds: how often the cells are cut anew.
        on_step: told after every cell.
    """
    if len(problem.part_job) == 0 or len(problem.machine_class) == 0 or budget.iterations == 0:
        return start
    budget.begin()
    rng = np.random.default_rng(seed)
    size = cell_machines or (CHAINED_CELL_MACHINES if problem.chained else CELL_MACHINES)
    draft = Draft.of(problem, start)
    job_fen = float(problem.part_value_fen.sum()) / len(problem.job_first)
    hot_fen, cooling = hot_share * job_fen, cold_share / hot_share
    step_s, worth = FIRST_STEP_S, np.zeros(len(draft.routes))
    for left in range(rounds, 0, -1):
        if budget.share >= 1.0 and (budget.used or left < rounds):
            break
        cells = make_cells(problem, draft, size, rng)
        unserved = share_unserved(problem, draft, cells, rng)
        placeable = share_operators(problem, draft, cells, rng)
        sizes = [
            len(free) + sum(len(draft.routes[m]) for m in cell) for cell, free in zip(cells, unserved, strict=True)
        ]
        steps = budget.steps(left, step_s)
        share = budget.share
        heats = [hot_fen * cooling**at for at in (share, share + (1.0 - share) / left)]
        before, before_s = budget.used, time.process_time()
        for cell, free, mine, jobs in zip(cells, unserved, placeable, sizes, strict=True):
            each = load_cell(problem, draft, cell, free, mine)
            count = max(1, round(steps * jobs / max(1, sum(sizes))))
            worth[each.machines] = _search_cell(problem, draft, each, count, heats, crew_share, rng)
            budget.used += count
            if on_step is not None:
                on_step(Progress(share=budget.share, iterations=budget.used, worth_fen=float(worth.sum())))
        step_s = max(1e-7, (time.process_time() - before_s) / (budget.used - before))
    return draft.solution(problem)


def _search_cell(
    problem: Problem,
    draft: Draft,
    loaded: Loaded,
    steps: int,
    heats: list[float],
    crew_share: float,
    rng: np.random.Generator,
) -> Floats:
    """Search one cell, write its best state back, answer the worth of each of its routes."""
    cell, state = loaded.cell, loaded.state
    random = rng.integers(1, 2**63, size=1, dtype=np.uint64)
    ruin.load(cell, state)
    trial, best = (ruin.copy_state(state) for _ in range(2))
    ruin.search_cell(cell, state, trial, best, random, steps, heats[0], heats[1], crew_share)
    unload_cell(problem, draft, loaded, best)
    return best.worth - _bonus(cell, best)


def _bonus(cell: ruin.Cell, state: ruin.State) -> Floats:
    """What the routes' worth holds of bonuses for parts with sisters outside the cell."""
    served = state.on >= 0
    return np.asarray(np.bincount(state.on[served], weights=cell.keep[served], minlength=len(cell.yard)), float)
