"""Small seasons for the tests: a handful of towns, weeks and machines, drawn from a seed or laid down by hand."""

from typing import Any

import numpy as np

from nongshi.forecast.arrays import Crew, Fleet, Floats, Wanted, Works

WEEK_D = 7.0


def one_town(
    released_ha: list[float],
    *,
    machines: float = 1.0,
    operators: float = 10.0,
    hours: float = 10.0,
    rate_ha_h: float = 1.0,
    window_d: float = WEEK_D,
    delay_fen_ha_d: float = 100.0,
    value_fen_ha: float = 1e6,
    **fleet: Any,
) -> tuple[Wanted, Works, Fleet]:
    """One town, one operation, one class, weeks in which each machine has so many hours."""
    weeks = len(released_ha)
    wanted = Wanted(
        length_d=np.full(weeks, WEEK_D),
        released_ha=np.array(released_ha, float).reshape(1, 1, weeks, 1),
        operation_h=np.full((1, weeks, 1), hours),
        operator_h=np.full((1, weeks, 2), hours),
    )
    works = Works(
        window_d=np.array([window_d]),
        delay_fen_ha_d=np.array([delay_fen_ha_d]),
        value_fen_ha=np.array([value_fen_ha]),
        wet_t_ha=np.array([5.0]),
    )
    given = {
        "pool_town": np.zeros(1, np.int64),
        "machines": np.full((1, weeks, 1), machines),
        "crews": (Crew(pool=0, licences=frozenset({1}), count=np.full(weeks, operators)),),
        "class_licence": np.array([1]),
        "rate_ha_h": np.array([[rate_ha_h]]),
        "work_share": np.ones((1, 1, 1)),
        "move_fen_h": np.zeros((1, 1, 1)),
    }
    return wanted, works, Fleet(**(given | fleet))


CLASS_LICENCE = np.array([1, 2, 0])
RATE_HA_H = np.array([[0.5, 0.0, 0.4], [0.0, 0.7, 0.6], [0.0, 0.3, 0.0]])


def drawn(seed: int, *, towns: int = 2, weeks: int = 4, scenarios: int = 2, whole_hours: bool = False) -> Any:
    """Three operations, three classes (one that needs no licence), crews of one and of two licences, dryers, hire."""
    rng = np.random.default_rng(seed)
    released = rng.uniform(0, 60, (scenarios, towns, weeks, 3)) * (rng.random((1, towns, weeks, 3)) < 0.6)
    hours = rng.uniform(15, 45, (scenarios, weeks, 3))
    if whole_hours:
        hours[:] = hours[..., :1]
    wanted = Wanted(
        length_d=np.full(weeks, WEEK_D),
        released_ha=released,
        operation_h=hours,
        operator_h=np.repeat(hours.max(axis=2, keepdims=True), 3, axis=2),
    )
    works = Works(
        window_d=WEEK_D * rng.integers(0, 3, 3),
        delay_fen_ha_d=rng.uniform(1_000, 9_000, 3),
        value_fen_ha=rng.uniform(80_000, 200_000, 3),
        wet_t_ha=np.array([6.0, 0.0, 0.0]),
    )
    share = rng.uniform(0.5, 0.9, (3, towns, towns))
    share[:, range(towns), range(towns)] = 1.0
    moves = rng.uniform(500, 3_000, (3, towns, towns)) * (1 - np.eye(towns))
    held = [frozenset({1}), frozenset({2}), frozenset({1, 2}), frozenset[int]()]
    fleet = Fleet(
        pool_town=np.arange(towns),
        machines=np.repeat(rng.integers(0, 3, (towns, 1, 3)), weeks, axis=1).astype(float),
        crews=tuple(
            Crew(pool=q, licences=one, count=np.full(weeks, float(rng.integers(0, 3))))
            for q in range(towns)
            for one in held
        ),
        class_licence=CLASS_LICENCE,
        rate_ha_h=RATE_HA_H,
        work_share=share,
        move_fen_h=moves,
        dryer_t_d=rng.uniform(2, 40, weeks),
        hold_t=float(rng.uniform(0, 50)),
        hire_machines=np.array([1.0, 0.0, 0.0]),
        hire_fen_h=np.array([20_000.0, 0.0, 0.0]),
    )
    return wanted, works, fleet


def batches_cost(wanted: Wanted, works: Works, fleet: Fleet, s: int) -> float:
    """The least cost by another program: every week's batch of work by the week it is done in, operators one by one.

    Windows must be whole weeks. No code and no formulation of the room is used: batches instead of backlogs, flows of
    operators to licences instead of Hall's sets, scipy instead of our own way into HiGHS.
    """
    from scipy.optimize import linprog
    from scipy.sparse import coo_matrix

    names: dict[tuple[Any, ...], int] = {}
    cost: list[float] = []
    rows: list[tuple[dict[int, float], float, bool]] = []

    def column(name: tuple[Any, ...], price: float = 0.0) -> int:
        if name not in names:
            names[name] = len(cost)
            cost.append(price)
        return names[name]

    _, towns, weeks, operations = wanted.released_ha.shape
    done: dict[tuple[int, int, int], dict[int, float]] = {}
    for i, t, o in np.ndindex(towns, weeks, operations):
        due = t + round(works.window_d[o] / WEEK_D)
        batch: dict[int, float] = {}
        for u in range(t, weeks):
            late_fen = max(0, u - due) * WEEK_D * works.delay_fen_ha_d[o]
            batch[column(("done", i, t, o, u), late_fen)] = 1.0
            done.setdefault((i, u, o), {})[names["done", i, t, o, u]] = 1.0
            batch[column(("given up", i, t, o, u), late_fen + works.value_fen_ha[o])] = 1.0
        after_fen = min((WEEK_D + 14.0) * works.delay_fen_ha_d[o], works.value_fen_ha[o])  # late when the season ends
        late_fen = (weeks - 1 - due) * WEEK_D * works.delay_fen_ha_d[o] + after_fen if due < weeks else 0.0
        batch[column(("left", i, t, o), late_fen)] = 1.0
        rows.append((batch, wanted.released_ha[s, i, t, o], True))
    machine: dict[tuple[Any, ...], dict[int, float]] = {}
    asked: dict[tuple[int, int, int], dict[int, float]] = {}
    grain: dict[int, dict[int, float]] = {}
    hire: dict[int, dict[int, float]] = {}
    for q, k, o, i, t in np.ndindex(fleet.pools, *fleet.rate_ha_h.shape, towns, weeks):
        if fleet.rate_ha_h[k, o] > 0:
            x = column(("x", q, k, o, i, t), fleet.move_fen_h[k, fleet.pool_town[q], i])
            ha_h = fleet.rate_ha_h[k, o] * fleet.work_share[k, fleet.pool_town[q], i]
            done[i, t, o][x] = -ha_h
            machine.setdefault((q, t, k), {})[x] = 1.0
            machine.setdefault((q, t, k, o), {})[x] = 1.0
            asked.setdefault((q, t, int(fleet.class_licence[k])), {})[x] = 1.0
            grain.setdefault(t, {})[x] = ha_h * works.wet_t_ha[o]
    for i, t, o in np.ndindex(towns, weeks, operations):
        rate = fleet.rate_ha_h[0, o]
        if rate > 0:
            x = column(("hire", i, t, o), fleet.hire_fen_h[0] / rate)
            done[i, t, o][x] = -1.0
            hire.setdefault(t, {})[x] = 1.0 / rate
            grain.setdefault(t, {})[x] = works.wet_t_ha[o]
    rows += [(entries, 0.0, False) for entries in done.values()]
    for place, entries in machine.items():
        q, t, k = place[:3]
        could = [o for o in range(operations) if fleet.rate_ha_h[k, o] > 0]
        hours = wanted.operation_h[s, t, place[3]] if len(place) == 4 else wanted.operation_h[s, t, could].max()
        rows.append((entries, fleet.machines[q, t, k] * hours, False))
    for t, entries in hire.items():
        could = [o for o in range(operations) if fleet.rate_ha_h[0, o] > 0]
        rows.append((entries, fleet.hire_machines[0] * wanted.operation_h[s, t, could].max(), False))
    for c, crew in enumerate(fleet.crews):
        for t in range(weeks):
            lent = {one: column(("lent", c, one, t)) for one in (0, *crew.licences)}
            rows.append((dict.fromkeys(lent.values(), 1.0), crew.count[t] * wanted.operator_h[s, t, 0], False))
            for one, y in lent.items():
                asked.setdefault((crew.pool, t, one), {})[y] = -1.0
    rows += [(entries, 0.0, False) for entries in asked.values()]
    for t, entries in grain.items():
        held = {column(("held", t)): -1.0} | ({column(("held", t - 1)): 1.0} if t else {})
        rows.append((entries | held, fleet.dryer_t_d[t] * WEEK_D, False))
    most: list[float | None] = [fleet.hold_t if name[0] == "held" else None for name in names]
    equal, below = ([row for row in rows if row[2] is kind] for kind in (True, False))

    def matrix(listed: list[tuple[dict[int, float], float, bool]]) -> tuple[Any, Floats]:
        at = [(r, c, v) for r, (entries, _, _) in enumerate(listed) for c, v in entries.items()]
        r, c, v = zip(*at, strict=True)
        return coo_matrix((v, (r, c)), shape=(len(listed), len(cost))).tocsr(), np.array([row[1] for row in listed])

    (a_eq, b_eq), (a_ub, b_ub) = matrix(equal), matrix(below)
    bounds = [(0.0, upper) for upper in most]
    found = linprog(cost, A_ub=a_ub, b_ub=b_ub, A_eq=a_eq, b_eq=b_eq, bounds=bounds, method="highs-ipm")
    assert found.status == 0, found.message
    return float(found.fun)
