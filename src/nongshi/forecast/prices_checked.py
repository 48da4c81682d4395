"""The dearest prices once more: what an hour more really saves, where a price may hold for less than an hour."""

from dataclasses import replace

import numpy as np

from nongshi.forecast.arrays import Floats, Ints, Wanted
from nongshi.forecast.backlog_parts import Model
from nongshi.forecast.backlog_solve import Program, Sides
from nongshi.forecast.prices import Prices, machine_unit, operator_rows, saved_fen

Unit = tuple[Ints, Floats]


def with_units(
    prices: Prices, program: Program, wanted: Wanted, sides: Sides, priced: Ints, *, cells: int, scenarios: int
) -> Prices:
    """Prices of the dearest cells, scaled to what an hour more saves in some of the scenarios.

    Where owners work alone, towns have several pools and nothing is scaled.

    Args:
        prices: of the scenarios `priced`.
        program: of the model.
        wanted: all scenarios.
        sides: of all scenarios.
        priced: (n,) scenarios.
        cells: how many of machines and how many of operators.
        scenarios: in how many of the priced ones.

    Raises:
        NongshiError: HiGHS did not end at an optimum.
    """
    model = program.model
    if len(np.unique(model.fleet.pool_town)) < model.fleet.pools:
        return prices
    machine, operator = dearest(prices.machine_fen_h, cells), dearest(prices.operator_fen_h, cells)
    picked = np.unique(np.linspace(0, len(priced) - 1, min(scenarios, len(priced))).round().astype(np.int64))
    saved, expected = np.zeros(len(machine) + len(operator)), np.zeros(len(machine) + len(operator))
    for n in picked:
        s = int(priced[n])
        units = [_best_machine(model, wanted, s, cell) for cell in machine]
        units += [_best_operator(model, cell) for cell in operator]
        saved += saved_fen(program, sides, s, units)
        told = [prices.machine_fen_h[n][cell] for cell in machine]
        expected += told + [prices.operator_fen_h[n][cell] for cell in operator]
    kept = np.clip(saved / np.maximum(expected, 1e-9), 0.0, 1.0)
    scaled = prices.machine_fen_h.copy(), prices.operator_fen_h.copy()
    for table, listed, shares in zip(scaled, (machine, operator), np.split(kept, [len(machine)]), strict=True):
        for (i, t, x), share in zip(listed, shares, strict=True):
            table[:, i, t, x] *= share
    return replace(prices, machine_fen_h=scaled[0], operator_fen_h=scaled[1])


def dearest(price: Floats, count: int) -> list[tuple[int, int, int]]:
    """Places with the highest mean over scenarios, none of them without a price."""
    mean = price.mean(axis=0)
    order = np.argsort(mean, axis=None)[::-1][:count]
    places = [np.unravel_index(int(n), mean.shape) for n in order if mean.flat[int(n)] > 0]
    return [(int(i), int(t), int(x)) for i, t, x in places]


def _best_machine(model: Model, wanted: Wanted, s: int, cell: tuple[int, int, int]) -> Unit:
    """An hour more in the town's first pool that has the class: with sharing, the town has one pool."""
    i, t, k = cell
    pools = [int(q) for q in np.flatnonzero(model.fleet.pool_town == i) if model.machine[q, t, k] >= 0]
    return machine_unit(model, wanted, s, pools[0], t, k)


def _best_operator(model: Model, cell: tuple[int, int, int]) -> Unit:
    i, t, one = cell
    rows = operator_rows(model)
    pools = [int(q) for q in np.flatnonzero(model.fleet.pool_town == i)]
    found = [rows[q, t, one] for q in pools if (q, t, one) in rows]
    return found[0], np.ones(len(found[0]))
