"""The proven bound: no plan that keeps the rules is worth more. Its prices say what an hour is worth.

Machine-hours, stops before, dryers and the order of jobs are sold at prices; at any prices >= 0 the best that every
job could still be worth, plus what all that is for sale would bring in, is a bound (docs/bound.md). HiGHS finds prices
to start from, steps against the slope make them better.
"""

import time
from dataclasses import dataclass, replace

import numpy as np

from nongshi.core.plan import Bound
from nongshi.dispatch.bound_lp import start_prices
from nongshi.dispatch.bound_prices import dryer_prices, licence_prices, machine_prices, worth_of_days
from nongshi.dispatch.bound_relaxed import Priced, Prices, Relaxed
from nongshi.dispatch.problem import Floats, Problem

LEVEL_SHARE = 0.005  # assumption: steps aim this far below the best bound at first
LEVEL_SHARE_MIN = 2e-5
PATIENCE = 8  # steps without a better bound until the aim is halved
MEMORY = 0.7  # share of the last direction that is kept
# assumption, measured: fen of a stop before, of a wet tonne, of a link, that move like one fen a second of a machine
SCALES = (1.0, 1500.0, 2000.0, 5000.0)
BETTER_SHARE = 1e-6  # a step that gains less than this share is no progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounding:
    """A bound, the prices it was proven at, and where to go on from."""

    bound: Bound
    price_fen_s: Floats  # (c, slots) of a machine-second, days one after another
    slot_start_s: Floats  # (c, slots)
    day_price_fen: Floats  # (m, d) worth of machine m crewed for all its hours of day d
    node_price_fen: Floats  # (n,) of being the stop before another
    dry_price_fen_t: Floats  # (d,) of a tonne of wet grain that ends on a day
    link_price_fen: Floats  # (l, d) of a follower ended by a day, jobs that wait in the region's order
    level_share: float  # how far below the best bound the next steps aim
    steps: int  # done so far


def make_bound(
    problem: Problem,
    *,
    steps: int,
    target_fen: float | None = None,
    start: Bounding | None = None,
    cpu_s_max: float | None = None,
) -> Bounding:
    """Prove a bound. The same arguments give the same bound, unless `cpu_s_max` cuts the steps short.

    Args:
        problem: the region in arrays.
        steps: how often the prices are bettered; 0 proves the bound at the starting prices.
        target_fen: worth of the best plan known; no bound can be below it, so no step aims lower.
        start: a bound of the same problem to go on from; the new one is never above it.
        cpu_s_max: CPU seconds of this process after which no new step begins; None: no limit.
    """
    began_s = time.process_time()
    relaxed = Relaxed(problem)
    search = _Descent(relaxed, target_fen, start)
    done = 0
    while done < steps and not search.proven:
        if cpu_s_max is not None and time.process_time() - began_s >= cpu_s_max:
            break
        search.step()
        done += 1
    return search.bounding(done + (0 if start is None else start.steps))


class _Descent:
    """Subgradient steps with memory, towards a level below the best bound; back to the best when the level is halved.

    Source: level steps of Brannlund, Kiwiel and Lindberg (1995), doi:10.1016/0167-6377(94)00056-C.
    """

    def __init__(self, relaxed: Relaxed, target_fen: float | None, start: Bounding | None) -> None:
        self.relaxed = relaxed
        self.target_fen = -np.inf if target_fen is None else target_fen
        self.level_share = LEVEL_SHARE if start is None else start.level_share
        self.prices = self._first(start)
        self.now = relaxed.at(self.prices)
        self.best, self.best_prices = self.now, self.prices
        for prices in self._others() if start is None else ():
            self._keep(prices)
        self.prices, self.now = self.best_prices, self.best
        self.slope: list[Floats] | None = None
        self.idle = 0

    @property
    def proven(self) -> bool:
        """Whether the plan is known to be best, so that nothing is left to prove."""
        return self.best.bound_fen <= self.target_fen + self.relaxed.rounding_fen

    def _first(self, start: Bounding | None) -> Prices:
        zero, grid = self.relaxed.zero_prices(), self.relaxed.grid
        if start is not None:
            return Prices(
                slot=start.price_fen_s.reshape(zero.slot.shape).copy(),
                node=start.node_price_fen.copy(),
                dry=start.dry_price_fen_t.copy(),
                link=start.link_price_fen.copy(),
            )
        hours, dry, link = start_prices(self.relaxed.problem, grid, self.relaxed.modes, self.relaxed.links)
        return replace(zero, slot=hours[:, :, None] * (grid.width_s() > 0), dry=dry, link=link)

    def _others(self) -> list[Prices]:
        """Other prices to begin from: hours alone, and nothing at all.

        The program's prices of links and dryers are those of its groups; where a group's jobs are not alike, the order
        of jobs is better priced from nothing, step by step.
        """
        zero, first = self.relaxed.zero_prices(), self.prices
        return [replace(first, link=zero.link), replace(first, link=zero.link, dry=zero.dry), zero]

    def step(self) -> None:
        """One step against the slope, and a look at the bound there."""
        direction = self._direction()
        length = float(sum((part**2).sum() for part in direction))
        if length <= 0.0:
            self._halve()
            return
        level_fen = max(self.target_fen, self.best.bound_fen * (1.0 - self.level_share))
        far = max(0.0, self.now.bound_fen - level_fen) / length
        moved = zip(self.prices.all(), direction, SCALES, strict=True)
        self.prices = Prices.of(np.maximum(0.0, price - far * scale * part) for price, part, scale in moved)
        before_fen = self.best.bound_fen
        self.now = self._keep(self.prices)
        self.idle = 0 if self.best.bound_fen < before_fen * (1.0 - BETTER_SHARE) else self.idle + 1
        if self.idle >= PATIENCE:
            self._halve()

    def _direction(self) -> list[Floats]:
        """The slope, scaled and mixed with the directions before; where a price is 0 it is not pushed lower."""
        here = zip(self.prices.all(), self.now.slope(), SCALES, strict=True)
        slope = [scale * np.where((price <= 0) & (use > 0), 0.0, use) for price, use, scale in here]
        if self.slope is not None:
            slope = [(1.0 - MEMORY) * new + MEMORY * old for new, old in zip(slope, self.slope, strict=True)]
        self.slope = slope
        return slope

    def _halve(self) -> None:
        self.level_share = max(LEVEL_SHARE_MIN, 0.5 * self.level_share)
        self.idle, self.slope = 0, None
        self.prices, self.now = self.best_prices, self.best

    def _keep(self, prices: Prices) -> Priced:
        now = self.relaxed.at(prices)
        if now.bound_fen < self.best.bound_fen:
            self.best, self.best_prices = now, prices
        return now

    def bounding(self, steps: int) -> Bounding:
        """The best bound so far with its prices."""
        problem, grid, prices = self.relaxed.problem, self.relaxed.grid, self.best_prices
        classes, _, slots = grid.shape
        starts = grid.start_s[:, :, None] + np.arange(slots) * grid.slot_s
        return Bounding(
            bound=Bound(
                bound_fen=self.best.bound_fen,
                machine_prices=machine_prices(problem, self.best.machine_fen),
                licence_prices=licence_prices(problem, self.best.operator_fen),
                dryer_prices=dryer_prices(problem, prices.dry),
                method=f"Lagrangian relaxation over time slots, started from HiGHS duals, {steps} steps",
            ),
            price_fen_s=prices.slot.reshape(classes, -1).copy(),
            slot_start_s=starts.reshape(classes, -1),
            day_price_fen=worth_of_days(grid, problem.machine_class, prices.slot),
            node_price_fen=prices.node.copy(),
            dry_price_fen_t=prices.dry.copy(),
            link_price_fen=prices.link.copy(),
            level_share=self.level_share,
            steps=steps,
        )
