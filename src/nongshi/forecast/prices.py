"""What one more machine, operator or dryer would save: prices of rows, and the same by solving again
with a unit more.

Three combines and three operators are a tie: one more of either alone saves nothing, while the program may put the
whole price on any of the two. Prices of machines are therefore read where all machines have a trifle more hours than
they have, prices of operators where all operators have: what is left is what one more of that kind alone saves.
"""

from dataclasses import dataclass

import numpy as np

from nongshi.forecast.arrays import Floats, Ints, Wanted
from nongshi.forecast.backlog_parts import Model, machine_hours
from nongshi.forecast.backlog_solve import Program, Sides, scenario_order

NUDGE = 1e-3  # share of its hours, and of an hour, that breaks ties


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Fen that one hour more would save, a scenario each; 0 where there is nothing to do."""

    machine_fen_h: Floats  # (s, i, t, k) of a machine of the class, at home in the town
    operator_fen_h: Floats  # (s, i, t, l) of an operator with the licence alone, at home in the town
    dryer_fen_t: Floats  # (s, t) of a tonne more that the dryers take in the period


def make_prices(
    model: Model, wanted: Wanted, sides: Sides, scenarios: Ints, *, program: Program | None = None
) -> Prices:
    """Prices in some scenarios (n,); a town's are those of its pool that has most use for one more.

    Raises:
        NongshiError: HiGHS did not end at an optimum.
    """
    machine_price, operator_price, dryer_price = _one_sided(model, sides, scenarios, program or Program(model))
    some = wanted.take(scenarios)
    machine_h = machine_hours(some, model.busy)
    towns, (periods, kinds) = wanted.released_ha.shape[1], model.machine.shape[1:]
    machine = np.zeros((len(scenarios), towns, periods, kinds))
    for q, t, k in zip(*np.nonzero(model.machine >= 0), strict=True):
        fen = _machine_price(model, machine_price, some, machine_h, q, t, k)
        town = model.fleet.pool_town[q]
        machine[:, town, t, k] = np.maximum(machine[:, town, t, k], fen)
    operator = np.zeros((len(scenarios), towns, periods, wanted.operator_h.shape[2]))
    for (q, t, one), rows in operator_rows(model).items():
        town = model.fleet.pool_town[q]
        operator[:, town, t, one] = np.maximum(operator[:, town, t, one], operator_price[:, rows].sum(axis=1))
    dryer = np.zeros((len(scenarios), periods))
    there = model.dryer >= 0
    dryer[:, there] = dryer_price[:, model.dryer[there]]
    return Prices(machine_fen_h=machine, operator_fen_h=operator, dryer_fen_t=dryer)


def _one_sided(model: Model, sides: Sides, scenarios: Ints, program: Program) -> tuple[Floats, Floats, Floats]:
    """(n, rows) prices where machines, where operators and where dryers have a trifle more; none below zero."""
    machines = np.concatenate([model.machine[model.machine >= 0], model.machine_at[model.machine_at >= 0]])
    kinds = machines, np.array([row.row for row in model.operator], np.int64), model.dryer[model.dryer >= 0]
    found = [np.zeros((len(scenarios), model.rows)) for _ in kinds]
    least = np.zeros(model.columns)
    for part in program.parts:
        widened = [(rows[np.isin(rows, part.rows)], price) for rows, price in zip(kinds, found, strict=True)]
        for n in scenario_order(sides.upper[scenarios][:, np.intersect1d(part.rows, model.balance)]):
            s = scenarios[n]
            for rows, price in widened:
                if len(rows):
                    upper = sides.upper[s].copy()
                    upper[rows] += NUDGE * (upper[rows] + 1.0)
                    part.solve(sides.lower[s], upper, least, sides.most[s])
                    price[n, part.rows] = np.maximum(-part.price(), 0.0)
    return found[0], found[1], found[2]


def _machine_price(model: Model, price: Floats, wanted: Wanted, machine_h: Floats, q: int, t: int, k: int) -> Floats:
    """(s,) an hour of the machine, and of each operation as much of it as the weather leaves."""
    fen = price[:, model.machine[q, t, k]]
    for o in np.flatnonzero(model.machine_at[q, t, k] >= 0):
        given = wanted.operation_h[:, t, o] / np.maximum(machine_h[:, t, k], 1e-9)
        fen = fen + price[:, model.machine_at[q, t, k, o]] * given
    return np.asarray(fen)


def operator_rows(model: Model) -> dict[tuple[int, int, int], Ints]:
    """(pool, period, licence) -> all rows that an operator with this licence alone would widen."""
    found: dict[tuple[int, int, int], list[int]] = {}
    for row in model.operator:
        for one in row.licences:
            found.setdefault((row.pool, row.period, one), []).append(row.row)
    for (q, t, one), rows in found.items():
        rows += [r for r in found.get((q, t, 0), []) if one and r not in rows]
    return {place: np.array(rows) for place, rows in found.items()}


def machine_unit(model: Model, wanted: Wanted, s: int, q: int, t: int, k: int) -> tuple[Ints, Floats]:
    """Rows that an hour of one more machine widens, and by how much."""
    machine_h = max(float(machine_hours(wanted.take(np.array([s])), model.busy)[0, t, k]), 1e-9)
    at = np.flatnonzero(model.machine_at[q, t, k] >= 0)
    rows = np.append(model.machine[q, t, k], model.machine_at[q, t, k, at])
    return rows, np.append(1.0, wanted.operation_h[s, t, at] / machine_h)


def saved_fen(program: Program, sides: Sides, s: int, units: list[tuple[Ints, Floats]]) -> Floats:
    """(n,) what each widening alone saves in one scenario, by solving again from its own optimum.

    Raises:
        NongshiError: HiGHS did not end at an optimum.
    """
    model = program.model
    least = np.zeros(model.columns)
    value = program.solve(sides.lower[s], sides.upper[s], least, sides.most[s])
    before, saved = float(value @ model.cost), np.zeros(len(units))
    for n, (rows, amounts) in enumerate(units):
        wider = sides.upper[s].copy()
        wider[rows] += amounts
        value = program.solve(sides.lower[s], wider, least, sides.most[s])
        saved[n] = before - float(value @ model.cost)
    return saved
