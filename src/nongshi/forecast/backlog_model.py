"""The backlog linear program: one model, built once; scenarios only change its right-hand sides and bounds.

A hectare is released, worked, or waits; what waits is still in its window or late. With x hours of the machines of a
pool, w and late hectares waiting, u given up, r released:

    w[t] + late[t] - w[t-1] - late[t-1] + u[t] + sum rate x share x = r[t],    0 <= w[t] <= released and not yet due
    machine hours of a pool and class     <= machines x hours           one row a pool, class, period
    the same at one operation             <= machines x its hours       where the weather leaves it less than another
    machine hours of a pool and licences  <= operators with any of them one row a pool, set of licences, period
    wet grain in - waiting more           <= dryers                     one row a period

Machines and operators are rows of their own, so each has its own price. Who holds two licences can use one at a time:
hours can be given to operators exactly where no set of licences asks for more than its holders have (Hall, 1935), and
sets that nobody's licences tie together need no row of their own. First in, first out: late[t] is what fell due and is
not done, so a hectare late costs its delay for every day of the period, and value_fen_ha when it is given up. What is
late in the last period is given up too, or done some time after where the season itself ends there.
"""

import numpy as np
import numpy.typing as npt

from nongshi.forecast.arrays import Crew, Fleet, Floats, Ints, Wanted, Works
from nongshi.forecast.backlog_parts import Columns, Hours, Model, OperatorRow, machine_hours, tied_sets

HOUR_SLACK = 1e-9
AFTER_D = 14.0  # assumption: what is late when the season ends is done two weeks later
WAIT_SHARE = 1e-3  # assumption: of the delay's cost; work in its window is not put off for nothing


def build_model(wanted: Wanted, works: Works, fleet: Fleet) -> Model:
    """The program of all scenarios: a town and operation has rows from its first release until nothing can be late.

    Args:
        wanted: of which only the lengths and where there is any work are read.
        works: (o,) each.
        fleet: machines and operators.
    """
    return _Builder(wanted, works, fleet).model()


class _Builder:
    def __init__(self, wanted: Wanted, works: Works, fleet: Fleet) -> None:
        self.wanted, self.works, self.fleet = wanted, works, fleet
        self.length_d = wanted.length_d
        _, self.towns, self.periods, self.operations = wanted.released_ha.shape
        self.columns, self.rows = Columns(), 0
        self.active, self.last = self._active()

    def _rows(self, wanted: npt.NDArray[np.bool_]) -> Ints:
        """Numbers of new rows where `wanted` is true, -1 elsewhere."""
        there = np.asarray(wanted, bool)
        numbers = np.where(there, np.cumsum(there.ravel()).reshape(there.shape) - 1 + self.rows, -1)
        self.rows += int(there.sum())
        return numbers

    def _active(self) -> tuple[Ints, Ints]:
        """(i, t, o) whether there can be work, and (i, o) its last period; -1: none ever."""
        any_work = self.wanted.released_ha.max(axis=0) > 0
        active, last = np.zeros(any_work.shape, np.int64), np.full((self.towns, self.operations), -1)
        self.cut = np.zeros(last.shape, bool)
        edge = np.concatenate([[0.0], np.cumsum(self.length_d)])
        for o in range(self.operations):
            tail_d = self.works.window_d[o] + self.works.value_fen_ha[o] / max(self.works.delay_fen_ha_d[o], 1e-9)
            for i in range(self.towns):
                there = np.flatnonzero(any_work[i, :, o])
                if len(there):
                    end = int(np.searchsorted(edge, edge[there[-1] + 1] + tail_d))
                    last[i, o] = min(self.periods, end) - 1
                    self.cut[i, o] = end > self.periods
                    active[i, there[0] : last[i, o] + 1, o] = 1
        return active, last

    def model(self) -> Model:
        balance = self._rows(self.active > 0)
        waiting, late, given_up = self._waiting(balance)
        machine = self._machine_rows()
        operator = self._operator_rows(machine)
        busy = np.einsum("ito,ko->tko", self.active, self.fleet.rate_ha_h > 0) > 0
        machine_at = self._rows((machine >= 0)[..., None] & self._tighter(busy))
        hours = self._hours(balance, machine, machine_at)
        self._enter_operators(operator, hours)
        hired, hire = self._hire(balance)
        held, dryer = self._dryers(hours, hired)
        wait_cost = np.zeros(self.columns.count)
        kept = waiting >= 0
        wait_cost[waiting[kept]] = np.concatenate(self.columns.cost)[waiting[kept]]
        nothing = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
        parts = zip(nothing, *self.columns.entries, strict=True)
        rows, columns, values = (np.concatenate(part) for part in parts)
        return Model(
            works=self.works,
            fleet=self.fleet,
            cost=np.concatenate(self.columns.cost),
            wait_cost=wait_cost,
            entries=(rows, columns, values),
            waiting=waiting,
            late=late,
            given_up=given_up,
            last=self.last,
            cut=self.cut,
            hired=hired,
            hours=hours,
            balance=balance,
            busy=busy,
            machine=machine,
            machine_at=machine_at,
            operator=operator,
            hire=hire,
            dryer=dryer,
            held=held,
            rows=self.rows,
        )

    def _waiting(self, balance: Ints) -> tuple[Ints, Ints, Ints]:
        """Columns of what waits in its window, is late, is given up, and their entries in the balance."""
        there = balance >= 0
        i, t, o = np.nonzero(there)
        delay = self.works.delay_fen_ha_d[o] * self.length_d[t]
        value = self.works.value_fen_ha[o]
        ends = t == self.last[i, o]
        cut = delay + AFTER_D * self.works.delay_fen_ha_d[o]  # the season ends before it would be given up
        at_end = np.where(self.cut[i, o], np.minimum(cut, value), value)
        made = []
        for cost in (WAIT_SHARE * delay, np.where(ends, at_end, delay), value):
            columns = self.columns.add(cost, len(i))
            self.columns.enter(balance[there], columns, 1.0)
            table = np.full(balance.shape, -1)
            table[there] = columns
            made.append(table)
        for table in made[:2]:
            after = np.full(len(i), -1)
            after[~ends] = balance[i[~ends], t[~ends] + 1, o[~ends]]
            self.columns.enter(after, table[there], -1.0)
        return made[0], made[1], made[2]

    def _machine_rows(self) -> Ints:
        """(q, t, k) rows of machines where they could have work."""
        fleet, can = self.fleet, self.fleet.rate_ha_h > 0
        near = (fleet.work_share > 0).transpose(1, 0, 2)[fleet.pool_town]  # (q, k, i)
        busy = np.einsum("ito,ko->kit", self.active, can)
        useful = np.einsum("qki,kit->qtk", near, busy) > 0
        at_home = np.eye(self.towns, dtype=bool)[fleet.pool_town]
        first = np.unique(fleet.pool_town, return_index=True)[1]  # a row for one more machine where there is none
        home_use = np.einsum("qi,kit->qtk", at_home, busy) > 0
        there = useful & (fleet.machines > 0)
        there[first] |= home_use[first]
        return self._rows(there)

    def _tighter(self, busy: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """(t, k, o) whether the weather leaves a class less of this operation than of another it could do then."""
        most = machine_hours(self.wanted, busy)
        given = self.wanted.operation_h[:, :, None, :]
        return busy & (given < most[..., None] - HOUR_SLACK).any(axis=0)

    def _operator_rows(self, machine: Ints) -> tuple[OperatorRow, ...]:
        """A row for every set of licences that machines ask for there and then and that holders tie together."""
        held: dict[int, list[Crew]] = {}
        for crew in self.fleet.crews:
            held.setdefault(crew.pool, []).append(crew)
        found: list[OperatorRow] = []
        families: dict[tuple[int, frozenset[int]], list[tuple[int, ...]]] = {}
        for q, t in zip(*np.nonzero((machine >= 0).any(axis=2)), strict=True):
            asked = frozenset(int(one) for one in self.fleet.class_licence[machine[q, t] >= 0])
            crews = held.get(q, [])
            if (q, asked) not in families:
                families[q, asked] = tied_sets(asked, [crew.licences for crew in crews])
            for licences in families[q, asked]:
                holders = (c.count[t] for c in crews if 0 in licences or not c.licences.isdisjoint(licences))
                row = OperatorRow(row=self.rows, pool=q, period=t, licences=licences, count=float(sum(holders)))
                found.append(row)
                self.rows += 1
        return tuple(found)

    def _enter_operators(self, operator: tuple[OperatorRow, ...], hours: Hours) -> None:
        if not len(hours.column):
            return
        licences = int(self.wanted.operator_h.shape[2])
        asked = self.fleet.class_licence[hours.kind]
        by_place: dict[tuple[int, int, int], list[int]] = {}
        for row in operator:
            for one in row.licences:
                by_place.setdefault((row.pool, row.period, one), []).append(row.row)
        place = np.ravel_multi_index((hours.pool, hours.period, asked), (self.fleet.pools, self.periods, licences))
        order = np.argsort(place, kind="stable")
        kinds, first = np.unique(place[order], return_index=True)
        for key, columns in zip(kinds, np.split(hours.column[order], first[1:]), strict=True):
            q, t, one = (int(part) for part in np.unravel_index(key, (self.fleet.pools, self.periods, licences)))
            for number in by_place[q, t, one]:
                self.columns.enter(np.full(len(columns), number), columns, 1.0)

    def _hours(self, balance: Ints, machine: Ints, machine_at: Ints) -> Hours:
        """Columns of hours: every pool, class and operation, at home and in towns that are near enough."""
        fleet, blocks = self.fleet, []
        for q, home in enumerate(fleet.pool_town):
            for k, o in zip(*np.nonzero(fleet.rate_ha_h > 0), strict=True):
                for i in np.flatnonzero(fleet.work_share[k, home] > 0):
                    there = (balance[i, :, o] >= 0) & (machine[q, :, k] >= 0)
                    t = np.flatnonzero(there & ((i == home) | (fleet.machines[q, :, k] > 0)))
                    if len(t):
                        blocks.append(self._hours_block(balance, machine, machine_at, q, k, o, int(i), t))
        parts = zip(*blocks, strict=True) if blocks else [[np.zeros(0, np.int64)]] * 7
        column, pool, kind, town, operation, period, move = (np.concatenate(list(part)) for part in parts)
        return Hours(
            column=column, pool=pool, kind=kind, town=town, operation=operation, period=period, move_fen_h=move
        )

    def _hours_block(
        self, balance: Ints, machine: Ints, machine_at: Ints, q: int, k: int, o: int, i: int, t: Ints
    ) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints, Floats]:
        fleet, home = self.fleet, self.fleet.pool_town[q]
        move = fleet.move_fen_h[k, home, i]
        x = self.columns.add(move, len(t))
        self.columns.enter(balance[i, t, o], x, fleet.rate_ha_h[k, o] * fleet.work_share[k, home, i])
        self.columns.enter(machine[q, t, k], x, 1.0)
        self.columns.enter(machine_at[q, t, k, o], x, 1.0)
        same = (np.full(len(t), value) for value in (q, k, i, o))
        return (x, *same, t, np.full(len(t), float(move)))  # type: ignore[return-value]

    def _hire(self, balance: Ints) -> tuple[Ints, Ints]:
        """Columns of hectares done by crewed machines from outside, by the class that is best at it."""
        fleet = self.fleet
        hired = np.full(balance.shape, -1)
        kinds = fleet.rate_ha_h.shape[0]
        if not len(fleet.hire_machines) or not fleet.hire_machines.any():
            return hired, np.full((self.periods, kinds), -1)
        able = np.where((fleet.hire_machines > 0)[:, None], fleet.rate_ha_h, 0.0)
        best, rate = able.argmax(axis=0), able.max(axis=0)
        used = np.zeros((self.periods, kinds), bool)
        i, t, o = np.nonzero((balance >= 0) & (rate > 0)[None, None, :])
        used[t, best[o]] = True
        rows = self._rows(used)
        columns = self.columns.add(fleet.hire_fen_h[best[o]] / rate[o], len(i))
        self.columns.enter(balance[i, t, o], columns, 1.0)
        self.columns.enter(rows[t, best[o]], columns, 1.0 / rate[o])
        hired[i, t, o] = columns
        return hired, rows

    def _dryers(self, hours: Hours, hired: Ints) -> tuple[Ints, Ints]:
        """Wet grain of a period, less what waits more than before, within what the dryers take."""
        fleet, wet = self.fleet, self.works.wet_t_ha
        grainy = (self.active * (wet > 0)).any(axis=(0, 2))
        if not len(fleet.dryer_t_d) or not grainy.any():
            return np.full(self.periods, -1), np.full(self.periods, -1)
        rows = self._rows(np.asarray(grainy, bool))
        held = np.full(self.periods, -1)
        held[grainy] = self.columns.add(0.0, int(grainy.sum()))
        t = np.flatnonzero(grainy)
        self.columns.enter(rows[t], held[t], -1.0)
        after = np.append(rows, -1)[t + 1]
        self.columns.enter(after, held[t], 1.0)
        home = fleet.pool_town[hours.pool]
        ha_h = fleet.rate_ha_h[hours.kind, hours.operation] * fleet.work_share[hours.kind, home, hours.town]
        x = wet[hours.operation] > 0
        self.columns.enter(rows[hours.period[x]], hours.column[x], (ha_h * wet[hours.operation])[x])
        i, t, o = np.nonzero((hired >= 0) & (wet > 0)[None, None, :])
        self.columns.enter(rows[t], hired[i, t, o], wet[o])
        return held, rows
