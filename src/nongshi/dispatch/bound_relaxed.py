"""The bound at given prices: any prices >= 0 give a number that no plan exceeds (docs/bound.md has the proof)."""

from dataclasses import dataclass

import numpy as np

from nongshi.dispatch.bound_crew import crew_days
from nongshi.dispatch.bound_grid import Grid, make_grid
from nongshi.dispatch.bound_moves import Modes, make_modes
from nongshi.dispatch.bound_slots import cumulate, dominate, price_jobs, price_parts
from nongshi.dispatch.problem import Floats, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """The bound at some prices and its slope."""

    bound_fen: float
    use_s: Floats  # (c, d, k) machine-seconds crewed minus those taken: slope in the price of a slot
    node_use: Floats  # (n,) slope in the price of a node
    operator_fen: Floats  # (o, d) the crew's worth, split between who drives
    machine_fen: Floats  # (m, d) and what is driven


class Relaxed:
    """A problem whose machine-hours and stops before are for sale."""

    def __init__(self, problem: Problem, grid: Grid | None = None, modes: Modes | None = None) -> None:
        self.problem = problem
        self.grid = make_grid(problem) if grid is None else grid
        self.modes = make_modes(problem, self.grid) if modes is None else modes
        parts = len(problem.part_job)
        self._allowed = np.array(self.grid.allowed, bool).reshape(
            len(problem.dates), len(problem.operator_hours_s), len(problem.machine_class)
        )
        self._worth, self._x = np.zeros(parts), np.zeros(parts)
        self._mode, self._depth = np.zeros(parts, np.int64), np.zeros(parts, np.int64)
        self._day = np.full((parts, len(problem.dates) + 1), -1, np.int64)
        self._end = np.zeros((parts, len(problem.dates) + 1), np.int64)
        self.rounding_fen = _rounding_fen(problem)

    def at(self, price: Floats, node_price: Floats) -> Priced:
        """The bound at prices (c, d, k) in fen per machine-second and (n,) in fen per stop, all >= 0."""
        p, g, x = self.problem, self.grid, self.modes
        use, node_use = np.zeros(g.shape), x.node_limit.copy()
        cum = np.zeros((*g.shape[:2], g.shape[2] + 1))
        cumulate(price, g.slots, g.slot_s, cum)
        operator_of = np.zeros(g.low_s.shape, np.int64)
        operator_fen = np.zeros((len(p.operator_hours_s), len(p.dates)))
        machine_fen = np.zeros(g.low_s.shape)
        total = crew_days(
            cum, g.slot_s, g.low_s, g.high_s, p.machine_class, p.operator_hours_s, self._allowed,
            operator_of, operator_fen, machine_fen, use,
        )  # fmt: skip
        total += self._jobs(cum, node_price, use, node_use)
        total += float(x.node_limit @ node_price) + self.rounding_fen
        return Priced(bound_fen=total, use_s=use, node_use=node_use, operator_fen=operator_fen, machine_fen=machine_fen)

    @property
    def part_worth(self) -> Floats:
        """(p,) best worth of each part at the prices last asked for; -inf where it cannot be done."""
        return self._worth.copy()

    def _jobs(self, cum: Floats, node_price: Floats, use: Floats, node_use: Floats) -> float:
        p, g, x = self.problem, self.grid, self.modes
        as_last, as_through = np.zeros(g.end_s.shape, np.int64), np.zeros(g.end_s.shape, np.int64)
        dominate(cum, g.end_s, g.ends, g.slot_s, as_last, as_through)
        price_parts(
            p.part_value_fen, p.part_open_s, p.part_due_s, p.part_close_s, p.part_curve, p.work_s, p.class_fen_s,
            p.curve_late_s, p.curve_share, p.curve_slope,
            x.first, x.machine_class, x.move_s, x.move_fen, x.before, x.ready_s, node_price,
            g.start_s, g.len_s, g.end_s, g.ends, g.slot_s, cum, as_last, as_through,
            self._worth, self._mode, self._x, self._depth, self._day, self._end,
        )  # fmt: skip
        return float(
            price_jobs(
                p.job_first, p.job_parts, self._worth, p.work_s, x.machine_class, x.move_s, x.before, g.end_s, g.slot_s,
                self._mode, self._x, self._depth, self._day, self._end, use, node_use,
            )
        )  # fmt: skip


def _rounding_fen(problem: Problem) -> float:
    """What a written plan can gain by rounding: half a second and half a metre of every part, a fen of every sum."""
    slope = problem.curve_slope.max(axis=1, initial=0.0)[problem.part_curve] if len(problem.part_curve) else np.zeros(0)
    late_fen = 0.5 * float((problem.part_value_fen * slope).sum())
    return late_fen + 0.0005 * float(problem.class_fen_km.max(initial=0.0)) * len(problem.part_job) + 2.0


def zero_prices(relaxed: Relaxed) -> tuple[Floats, Floats]:
    """Prices at which everything is free."""
    return np.zeros(relaxed.grid.shape), np.zeros(len(relaxed.modes.node_limit))
