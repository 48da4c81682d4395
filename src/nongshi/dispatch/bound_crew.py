"""The bound's crews: for each day, who drives what so that the hours driven are worth most at given prices.

A maximum-weight matching of operators and machines (not all need be matched), by shortest augmenting paths.
Whatever the rounding, the sum of the duals is an upper bound on it, and only the duals are counted.
"""

import numpy as np
from numba import njit

from nongshi.dispatch.bound_slots import priced, use_slots


@njit(cache=True, nogil=True)  # pragma: no cover - compiled
def match(weight, operator_of, operator_fen, machine_fen):  # type: ignore[no-untyped-def]
    """Match operators (rows of weight) and machines (columns); weights <= 0 are no pairs.

    Fills operator_of (m,) with an operator or -1, and the duals: operator_fen[o] + machine_fen[m] >= weight[o, m].
    """
    operators, machines = weight.shape
    machine_of = np.full(operators, -1)
    dist, via = np.empty(operators), np.empty(operators, np.int64)
    done = np.zeros(operators, np.bool_)
    row_dist, reached = np.empty(machines), np.empty(operators, np.int64)
    operator_fen[:] = 0.0
    operator_of[:] = -1
    for m in range(machines):
        machine_fen[m] = 0.0
        for o in range(operators):
            machine_fen[m] = max(machine_fen[m], weight[o, m])
    for root in range(machines):
        if machine_fen[root] <= 0.0:
            continue
        dist[:] = np.inf
        done[:] = False
        row, row_dist[root], count = root, 0.0, 0
        stop, drop = machine_fen[root], root  # cheapest end so far: leave machine `drop` without a driver
        last = -1
        while True:
            base = row_dist[row] + machine_fen[row]
            nearest, at = np.inf, -1
            for o in range(operators):
                if done[o]:
                    continue
                if weight[o, row] > 0.0:
                    far = base + operator_fen[o] - weight[o, row]
                    if far < dist[o]:
                        dist[o], via[o] = far, row
                if dist[o] < nearest:
                    nearest, at = dist[o], o
            if at < 0 or nearest >= stop:
                break
            if machine_of[at] < 0:
                stop, last = nearest, at
                break
            done[at] = True
            reached[count] = at
            count += 1
            row = machine_of[at]
            row_dist[row] = nearest
            if nearest + machine_fen[row] < stop:
                stop, drop = nearest + machine_fen[row], row
        machine_fen[root] = max(0.0, machine_fen[root] - stop)
        for i in range(count):
            o = reached[i]
            if dist[o] < stop:
                operator_fen[o] += stop - dist[o]
                machine_fen[machine_of[o]] = max(0.0, machine_fen[machine_of[o]] - (stop - dist[o]))
        if last < 0:
            if drop == root:
                continue
            last = operator_of[drop]
            operator_of[drop] = -1
        while True:  # turn the path around
            row = via[last]
            before = operator_of[row]
            operator_of[row], machine_of[last] = last, row
            if row == root:
                break
            last = before


@njit(cache=True, nogil=True)  # pragma: no cover - compiled
def crew_days(cum, slot_s, low_s, high_s, machine_class, hours_s, allowed, operator_of, operator_fen, machine_fen, use):  # type: ignore[no-untyped-def]
    """Match every day at the prices in `cum`, add the hours driven to `use`; the sum of the duals."""
    machines, days = low_s.shape
    operators = len(hours_s)
    weight, total = np.zeros((operators, machines)), 0.0
    matched = np.empty(machines, np.int64)
    duals_o, duals_m = np.empty(operators), np.empty(machines)
    for d in range(days):
        some = False
        for m in range(machines):
            c = machine_class[m]
            below = priced(cum, c, d, low_s[m, d], slot_s) if high_s[m, d] > low_s[m, d] else 0.0
            for o in range(operators):
                weight[o, m] = 0.0
                if allowed[d, o, m] and min(high_s[m, d], hours_s[o]) > low_s[m, d]:
                    weight[o, m] = max(0.0, priced(cum, c, d, min(high_s[m, d], hours_s[o]), slot_s) - below)
                    some = some or weight[o, m] > 0.0
        operator_of[:, d] = -1
        operator_fen[:, d] = 0.0
        machine_fen[:, d] = 0.0
        if not some:
            continue
        match(weight, matched, duals_o, duals_m)
        for m in range(machines):  # whatever the rounding: duals that cover every pair
            for o in range(operators):
                duals_m[m] = max(duals_m[m], weight[o, m] - duals_o[o])
        operator_of[:, d], operator_fen[:, d], machine_fen[:, d] = matched, duals_o, duals_m
        total += duals_o.sum() + duals_m.sum()
        for m in range(machines):
            if matched[m] >= 0:
                top_s = min(high_s[m, d], hours_s[matched[m]])
                use_slots(use, machine_class[m], d, low_s[m, d], top_s, slot_s, 1.0)
    return total
