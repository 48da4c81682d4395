"""What a season will be short of: hours, hectares late and fen by town, period and operation; operators by licence."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np

from nongshi.core.season import OperatorShortage
from nongshi.forecast.ahead import Ahead
from nongshi.forecast.arrays import Fleet, Floats, Ints, Wanted
from nongshi.forecast.backlog_model import build_model
from nongshi.forecast.backlog_parts import Model, machine_hours
from nongshi.forecast.backlog_solve import Program, Sides, Solved, make_sides, solve_all
from nongshi.forecast.capacity import make_fleet, make_works
from nongshi.forecast.prices import Prices, make_prices
from nongshi.forecast.prices_checked import with_units
from nongshi.forecast.rolling import roll

ROLLED = 6  # seasons lived through without foresight
PRICED = 36  # scenarios of which prices are the mean
CHECKED = 4  # dearest cells of machines and of operators that are solved again with an hour more
CHECKED_SCENARIOS = 6
DAYS_BEHIND = 3  # weeks behind the days
DAYS_SCENARIOS = 60
TIGHT_H = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """Everything that the backlog program says of a season."""

    ahead: Ahead
    edges: tuple[int, ...]  # days after the season's first day
    wanted: Wanted
    fleet: Fleet
    cost_fen: Floats  # (s,) late, given up, moves and hire, with perfect foresight
    shares_fen: dict[str, Floats]  # (s,) each: late, given_up, moves, hire
    short_ha: Floats  # (s, i, t, o) newly late or given up in the period
    late_ha: Floats  # (s, i, t, o) late at the end of the period
    loss_fen: Floats  # (s, i, t, o) late and given up
    operator_short_h: Floats  # (s, i, t, l)
    idle_machines: Floats  # (i, t, l) mean
    prices: Prices
    rolled: Ints  # (n,) scenarios
    rolled_fen: Floats  # (n,) the same cost without foresight
    rate_ha_h: Floats = field(default_factory=lambda: np.zeros(0))  # (o,) of the usual machine

    @property
    def short_h(self) -> Floats:
        """(s, i, t, o) hours of the usual machine that were lacking."""
        return np.asarray(self.short_ha / self.rate_ha_h)

    @property
    def foresight_ratio(self) -> float:
        """Loss without foresight over loss with it, in the seasons that were rolled; 1 where there is none."""
        seen = float(self.cost_fen[self.rolled].sum())
        return float(self.rolled_fen.sum()) / seen if seen > 0 else 1.0


def make_shortage(
    ahead: Ahead,
    *,
    edges: tuple[int, ...] | None = None,
    fleet: Fleet | None = None,
    sharing: bool = True,
    rolled: int = ROLLED,
    priced: int = PRICED,
    checked: int = CHECKED,
    scenarios: int | None = None,
) -> Shortage:
    """Solve every scenario, price what is short, and live through some seasons without foresight.

    Args:
        ahead: the forecast.
        edges: periods; default whole weeks.
        fleet: default: the season's own.
        sharing: whether towns and owners help each other; not looked at where a fleet is given.
        rolled: seasons without foresight; 0: none.
        priced: scenarios that prices are the mean of; 0: no prices.
        checked: dearest cells that are solved again.
        scenarios: only so many of the forecast's, evenly over them; None: all.

    Raises:
        NongshiError: HiGHS did not end at an optimum.
    """
    edges = edges or ahead.weeks
    wanted = ahead.wanted(edges)
    if scenarios is not None:
        wanted = wanted.take(_spread_out(len(wanted.released_ha), scenarios))
    fleet = fleet or make_fleet(ahead.season, edges, sharing=sharing)
    model = build_model(wanted, make_works(ahead.season), fleet)
    program, sides = Program(model), make_sides(model, wanted)
    solved = solve_all(model, sides, program=program, prices=False)
    some = _spread_out(len(solved.value), priced)
    prices = make_prices(model, wanted, sides, some, program=program)
    if checked and len(some):
        prices = with_units(prices, program, wanted, sides, some, cells=checked, scenarios=CHECKED_SCENARIOS)
    lived = _spread_out(len(solved.value), rolled)
    decided = roll(model, wanted, lived, program=program)
    short, late, loss = _late(model, solved, wanted)
    rates = usual_rates(ahead)
    operator_short, idle = _operators(model, solved, sides, wanted, short / rates)
    return Shortage(
        ahead=ahead,
        edges=edges,
        wanted=wanted,
        fleet=fleet,
        cost_fen=solved.cost_fen(model),
        shares_fen=_shares(model, solved),
        short_ha=short,
        late_ha=late,
        loss_fen=loss,
        operator_short_h=operator_short,
        idle_machines=idle,
        prices=prices,
        rolled=lived,
        rolled_fen=decided @ (model.cost - model.wait_cost),
        rate_ha_h=rates,
    )


def days_shortage(ahead: Ahead, *, sharing: bool = True) -> Shortage | None:
    """The next days one by one, then three weeks that tell what waits behind them; None where no day is ahead.

    What was released before the first of them counts as done: a folder does not say what still waits.
    """
    days = ahead.days_ahead
    if not days:
        return None
    end = 7 * ahead.season.weeks
    edges = (*days, *(edge for edge in range(days[-1] + 7, min(end, days[-1] + 7 * DAYS_BEHIND) + 1, 7)))
    found = make_shortage(ahead, edges=edges, sharing=sharing, rolled=0, priced=0, scenarios=DAYS_SCENARIOS)
    kept = len(days) - 1
    return replace(
        found,
        edges=days,
        short_ha=found.short_ha[:, :, :kept],
        late_ha=found.late_ha[:, :, :kept],
        loss_fen=found.loss_fen[:, :, :kept],
    )


def usual_rates(ahead: Ahead) -> Floats:
    """(o,) rate of each operation's usual machine class, or of the fastest where the region gives that one none."""
    usual = {row.operation: row.machine_class for row in reversed(ahead.season.operations)}
    rates = ahead.season.region.rate_ha_h
    found = []
    for name in ahead.names.operations:
        any_class = max((rate for (_, done), rate in rates.items() if done == name), default=np.inf)
        found.append(rates.get((usual[name], name), any_class))
    return np.array(found)


def operator_shortages(shortage: Shortage, *, least_h: float = 0.5) -> tuple[OperatorShortage, ...]:
    """Towns, weeks and licences in which operators lack at least `least_h` hours in the mean."""
    ahead, mean = shortage.ahead, shortage.operator_short_h.mean(axis=0)
    price = shortage.prices.operator_fen_h.mean(axis=0) if len(shortage.prices.operator_fen_h) else np.zeros(mean.shape)
    hours = shortage.wanted.operator_h.mean(axis=0)
    first = ahead.season.first_day
    return tuple(
        OperatorShortage(
            town=ahead.names.towns[i],
            week=int(t),
            week_start=first + timedelta(days=shortage.edges[t]),
            licence=ahead.names.licences[one],
            short_h=tuple(round(float(h), 2) for h in shortage.operator_short_h[:, i, t, one]),
            price_fen_h=round(float(price[i, t, one])),
            idle_machines=round(float(shortage.idle_machines[i, t, one]), 3),
            operator_h=round(float(hours[t, one]), 2),
        )
        for i, t, one in zip(*np.nonzero(mean >= least_h), strict=True)
    )


def _spread_out(count: int, wanted: int) -> Ints:
    """So many of the scenarios, evenly over them."""
    return np.unique(np.linspace(0, count - 1, min(wanted, count)).round().astype(np.int64))


def _table(values: Floats, columns: Ints) -> Floats:
    """(s, ...) values of a table of columns; 0 where there is none."""
    if not (columns >= 0).any():
        return np.zeros((len(values), *columns.shape))
    found = values[:, np.maximum(columns, 0)]
    return np.asarray(np.where(columns[None] >= 0, found, 0.0))


def _late(model: Model, solved: Solved, wanted: Wanted) -> tuple[Floats, Floats, Floats]:
    """(s, i, t, o) newly late or given up, late at the end, and what both cost."""
    late, given_up = _table(solved.value, model.late), _table(solved.value, model.given_up)
    undone = late + np.cumsum(given_up, axis=2)
    short = np.maximum(np.diff(undone, axis=2, prepend=0.0), 0.0)
    short[short < TIGHT_H] = 0.0
    cost = np.where(model.late >= 0, np.append(model.cost, 0.0)[model.late], 0.0)
    loss = late * cost + given_up * model.works.value_fen_ha
    return short, np.where(late < TIGHT_H, 0.0, late), np.where(loss < 1.0, 0.0, loss)


def _shares(model: Model, solved: Solved) -> dict[str, Floats]:
    def of(columns: Ints) -> Floats:
        kept = columns[columns >= 0]
        return np.asarray(solved.value[:, kept] @ model.cost[kept])

    tables: Sequence[tuple[str, Ints]] = (
        ("late", model.late),
        ("given_up", model.given_up),
        ("moves", model.hours.column),
        ("hire", model.hired),
    )
    return {name: of(table) for name, table in tables}


def _operators(model: Model, solved: Solved, sides: Sides, wanted: Wanted, short_h: Floats) -> tuple[Floats, Floats]:
    """(s, i, t, l) hours that operators alone lack, and (i, t, l) machines that stand without one.

    Operators lack where all who hold the licence work; no more hours than machines of the licence stand idle.
    """
    fleet, towns = model.fleet, wanted.released_ha.shape[1]
    count, licences = len(solved.value), wanted.operator_h.shape[2]
    slack = sides.upper - solved.activity
    machine_h = machine_hours(wanted, model.busy)
    idle_h = np.zeros((count, towns, model.machine.shape[1], licences))
    idle = np.zeros(idle_h.shape[1:])
    q, t, k = np.nonzero(model.machine >= 0)
    standing = np.maximum(slack[:, model.machine[q, t, k]], 0.0)
    place = fleet.pool_town[q], t, fleet.class_licence[k]
    for s in range(count):
        np.add.at(idle_h[s], place, standing[s])
    given = np.maximum(machine_h[:, t, k], TIGHT_H)
    np.add.at(idle, place, np.where(machine_h[:, t, k] > 0, standing / given, 0.0).mean(axis=0))
    tight = np.zeros(idle_h.shape, bool)
    for row in model.operator:
        if len(row.licences) == 1 or 0 in row.licences:
            full = slack[:, row.row] <= TIGHT_H * (1.0 + sides.upper[:, row.row])
            for one in row.licences:
                tight[:, fleet.pool_town[row.pool], row.period, one] |= full
    wanted_h = np.zeros(idle_h.shape)
    for o in range(short_h.shape[3]):
        kinds = np.flatnonzero(fleet.rate_ha_h[:, o] > 0)
        if len(kinds):
            machines = fleet.machines.sum(axis=(0, 1))[kinds]
            wanted_h[..., fleet.class_licence[kinds[machines.argmax()]]] += short_h[..., o]
    return np.where(tight, np.minimum(wanted_h, idle_h), 0.0), idle
