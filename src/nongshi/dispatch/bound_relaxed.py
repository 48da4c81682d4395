"""The bound at given prices: any prices >= 0 give a number that no plan exceeds (docs/bound.md has the proof)."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from nongshi.dispatch.bound_chains import follow, order_jobs
from nongshi.dispatch.bound_crew import crew_days
from nongshi.dispatch.bound_dryers import price_dryers
from nongshi.dispatch.bound_grid import Grid, make_grid
from nongshi.dispatch.bound_items import make_items
from nongshi.dispatch.bound_jobs import choose_jobs, use_jobs
from nongshi.dispatch.bound_links import make_links
from nongshi.dispatch.bound_moves import Modes, make_modes
from nongshi.dispatch.bound_slots import cumulate, dominate, price_parts
from nongshi.dispatch.problem import Bools, Floats, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What is for sale, all >= 0: c classes, d days, k slots, n nodes, l links."""

    slot: Floats  # (c, d, k) fen per machine-second
    node: Floats  # (n,) fen per stop before another
    dry: Floats  # (d,) fen per tonne of wet grain that ends on a day
    link: Floats  # (l, d) fen for a follower ended by a day

    def all(self) -> tuple[Floats, Floats, Floats, Floats]:
        """The four arrays."""
        return self.slot, self.node, self.dry, self.link

    @classmethod
    def of(cls, arrays: Iterable[Floats]) -> "Prices":
        """Prices of four arrays, in the same order."""
        slot, node, dry, link = arrays
        return cls(slot=slot, node=node, dry=dry, link=link)


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """The bound at some prices and its slope in each of them."""

    bound_fen: float
    use_s: Floats  # (c, d, k) machine-seconds crewed minus those taken
    node_use: Floats  # (n,) times served minus times before another
    dry_use: Floats  # (d,) tonnes that dryers and store take minus wet tonnes
    link_use: Floats  # (l, d) share of the job before ended in time minus share of the follower
    operator_fen: Floats  # (o, d) the crew's worth, split between who drives
    machine_fen: Floats  # (m, d) and what is driven

    def slope(self) -> tuple[Floats, Floats, Floats, Floats]:
        """The four slopes, in the order of Prices."""
        return self.use_s, self.node_use, self.dry_use, self.link_use


class Relaxed:
    """A problem whose machine-hours, stops before, dryers and order are for sale."""

    def __init__(self, problem: Problem, grid: Grid | None = None, modes: Modes | None = None) -> None:
        self.grid = make_grid(problem) if grid is None else grid
        self.problem = problem = follow(problem, self.grid)
        self.modes = make_modes(problem, self.grid) if modes is None else modes
        self.items = make_items(problem, self.modes)
        self.links = make_links(problem, self.grid)
        self._order = order_jobs(problem)
        items, jobs = len(self.items.value_fen), len(problem.job_first)
        self._allowed = np.array(self.grid.allowed, bool).reshape(
            len(problem.dates), len(problem.operator_hours_s), len(problem.machine_class)
        )
        self._worth, self._x = np.zeros(items), np.zeros(items)
        self._mode, self._depth = np.zeros(items, np.int64), np.zeros(items, np.int64)
        self._day = np.full((items, len(problem.dates) + 1), -1, np.int64)
        self._end = np.zeros((items, len(problem.dates) + 1), np.int64)
        self._gain, self._job_worth, self._chosen = np.zeros(jobs), np.zeros(jobs), np.zeros(jobs, np.int64)
        self.rounding_fen = _rounding_fen(problem)

    def at(self, prices: Prices) -> Priced:
        """The bound at some prices."""
        p, g, x = self.problem, self.grid, self.modes
        use, node_use = np.zeros(g.shape), x.node_limit.copy()
        cum = np.zeros((*g.shape[:2], g.shape[2] + 1))
        cumulate(prices.slot, g.slots, g.slot_s, cum)
        operator_of = np.zeros(g.low_s.shape, np.int64)
        operator_fen = np.zeros((len(p.operator_hours_s), len(p.dates)))
        machine_fen = np.zeros(g.low_s.shape)
        total = crew_days(
            cum, g.slot_s, g.low_s, g.high_s, p.machine_class, p.operator_hours_s, self._allowed,
            operator_of, operator_fen, machine_fen, use,
        )  # fmt: skip
        dried_fen, dry_use = price_dryers(p, prices.dry)
        total += dried_fen + self._jobs(cum, prices, use, node_use, dry_use)
        total += float(x.node_limit @ prices.node) + self.rounding_fen
        return Priced(
            bound_fen=total,
            use_s=use,
            node_use=node_use,
            dry_use=np.where(np.isfinite(p.dry_t_day), dry_use, 0.0),
            link_use=self.links.slope(self.items, self._served(), self._day[:, 0]),
            operator_fen=operator_fen,
            machine_fen=machine_fen,
        )

    @property
    def part_worth(self) -> Floats:
        """(p,) best worth of each part at the prices last asked for; -inf where it cannot be done."""
        return self._worth[: len(self.problem.part_job)].copy()

    def zero_prices(self) -> Prices:
        """Prices at which everything is free."""
        return Prices(
            slot=np.zeros(self.grid.shape),
            node=np.zeros(len(self.modes.node_limit)),
            dry=np.zeros(len(self.problem.dates)),
            link=np.zeros(self.links.by_day.shape),
        )

    def _served(self) -> Bools:
        """(q,) which items the bound serves at the prices last asked for."""
        way = self._chosen[self.items.job]
        return np.asarray(np.where(np.arange(len(way)) < len(self.problem.part_job), way == 1, way == 2))

    def _jobs(self, cum: Floats, prices: Prices, use: Floats, node_use: Floats, dry_use: Floats) -> float:
        p, g, x = self.problem, self.grid, self.items
        as_last, as_through = np.zeros(g.end_s.shape, np.int64), np.zeros(g.end_s.shape, np.int64)
        dominate(cum, g.end_s, g.ends, g.slot_s, as_last, as_through)
        dry = np.where(np.isfinite(p.dry_t_day), prices.dry, 0.0)
        day_fen = self.links.day_fen(x, prices.link) + x.wet_t[:, None] * dry
        price_parts(
            x.value_fen, x.open_s, x.due_s, x.close_s, x.curve, x.work_s, p.class_fen_s,
            p.curve_late_s, p.curve_share, p.curve_slope,
            x.first, x.machine_class, x.move_s, x.move_fen, x.before, x.ready_s, prices.node, x.node_part, day_fen,
            g.start_s, g.len_s, g.end_s, g.ends, g.slot_s, cum, as_last, as_through,
            self._worth, self._mode, self._x, self._depth, self._day, self._end,
        )  # fmt: skip
        total = choose_jobs(
            p.job_first, p.job_parts, x.job_whole, p.job_after, self._order, self._worth,
            self._gain, self._job_worth, self._chosen,
        )  # fmt: skip
        use_jobs(
            p.job_first, p.job_parts, x.job_whole, self._chosen, x.work_s, x.wet_t, x.node_part, x.machine_class,
            x.move_s, x.before, g.end_s, g.slot_s, self._mode, self._x, self._depth, self._day, self._end,
            use, node_use, dry_use,
        )  # fmt: skip
        return float(total)


def _rounding_fen(problem: Problem) -> float:
    """What a written plan can gain by rounding: half a second and half a metre of every part, a fen of every sum."""
    slope = problem.curve_slope.max(axis=1, initial=0.0)[problem.part_curve] if len(problem.part_curve) else np.zeros(0)
    late_fen = 0.5 * float((problem.part_value_fen * slope).sum())
    return late_fen + 0.0005 * float(problem.class_fen_km.max(initial=0.0)) * len(problem.part_job) + 2.0
