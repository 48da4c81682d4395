"""Which job, or two next to each other, would have to go so that a new one fits: compiled, and exact.

Every unit that may be displaced is tried at every position of its machine. What makes that quick: units stand by what
is lost without them, so that the search ends where no later one can do better; and simple bounds on what a position
can bring leave few to be tried exactly.
"""

import numpy as np
from numba import njit

from nongshi.dispatch.problem import Floats, Ints
from nongshi.dispatch.quote_kernels import (
    CLOSES,
    COS,
    CURVE,
    DAY,
    DUE,
    END,
    EPS_S,
    FIELD,
    LAT,
    LATEST,
    LEG,
    LON,
    LOSS,
    OPENS,
    ROUND_S,
    VALUE,
    WAITS,
    WET,
    WORK,
    WORK_FEN,
    YARD,
    Board,
    Room,
    Wanted,
    day_at,
    km_between,
    late_share,
    try_at,
)

SPARE_S = 1e-3  # what quick looks leave room for; who passes is tried exactly
SPARE_FEN = 1e-3


@njit(cache=True, nogil=True)
def close_gap(board: Board, m: int, a: int, b: int, gap_km: float, room: Room) -> tuple[int, int]:
    """Time the route in room.rows[m] (a copy of the board's) as if stops a .. b - 1 were not there.

    Answers the first stop whose LATEST, and the stop behind the last whose END has changed.
    """
    n, rows, cum, start = board.length[m], room.rows[m], board.cum[m], board.start[m]
    room.wet[:] = board.wet
    for i in range(a, b):
        if rows[i, WET] > 0.0:
            room.wet[int(rows[i, DAY])] -= rows[i, WET]
    now, day, field, move = 0.0, 0, YARD, 0.0
    if a > 0:
        now, day, field = rows[a - 1, END], int(rows[a - 1, DAY]), rows[a - 1, FIELD]
    if b < n:
        rows[b, LEG] = gap_km
        move = gap_km * board.s_km[m] + board.load_s[m] if field != rows[b, FIELD] else 0.0
    high = b
    while high < n:
        row = rows[high]
        if field != row[FIELD]:
            now += row[LEG] * board.s_km[m] + board.load_s[m]
        now = max(now, row[OPENS]) + row[WORK]
        if abs(now - row[END]) <= EPS_S:
            break
        day, field = day_at(cum, now, day), row[FIELD]
        row[END], row[DAY] = now, day
        row[LOSS] = row[VALUE] * late_share(board, int(row[CURVE]), start[day] + now - cum[day] - row[DUE])
        high += 1
    low, latest = a, rows[b, LATEST] - move if b < n else np.inf
    while low > 0:
        row = rows[low - 1]
        latest = min(latest, row[CLOSES]) - row[WORK]
        if abs(latest - row[LATEST]) <= ROUND_S:
            break
        row[LATEST] = latest
        low -= 1
        if low > 0 and rows[low - 1, FIELD] != row[FIELD]:
            latest -= row[LEG] * board.s_km[m] + board.load_s[m]
    return low, high


@njit(cache=True, nogil=True)
def open_gap(board: Board, m: int, a: int, b: int, low: int, high: int, room: Room) -> None:
    """Undo close_gap()."""
    room.rows[m, low:a] = board.rows[m, low:a]
    room.rows[m, b : high + 1] = board.rows[m, b : high + 1]


@njit(cache=True, nogil=True)
def remove_each(board: Board, units: Ints, gains: Floats, freed: Floats, room: Room) -> None:
    """What leaving out each unit (machine, first stop, behind the last) does; the rest is timed anew.

    gains (u,): change of the plan's value, fen (mostly a loss). freed (u, 4): seconds by which the stop before may at
    most end later, and by which the stop behind ends earlier (stops further away move no more than that); km of the
    way that closes the gap; fen that stops behind lose less because they come earlier.
    """
    for u in range(len(units)):
        m, a, b = units[u, 0], units[u, 1], units[u, 2]
        rows, n, way, gain = board.rows[m], board.length[m], 0.0, 0.0
        if b < n:
            x, y, c = board.yard[m, 0], board.yard[m, 1], board.yard[m, 2]
            if a > 0:
                x, y, c = rows[a - 1, LON], rows[a - 1, LAT], rows[a - 1, COS]
            freed[u, 2] = board.detour * km_between(x, y, c, rows[b, LON], rows[b, LAT], rows[b, COS])
            way = freed[u, 2] - rows[b, LEG]
        low, high = close_gap(board, m, a, b, freed[u, 2], room)
        for i in range(a, b):
            gain += rows[i, LOSS] + rows[i, WORK_FEN] - rows[i, VALUE]
            way -= rows[i, LEG]
        for i in range(b, high):
            freed[u, 3] += rows[i, LOSS] - room.rows[m, i, LOSS]
        gains[u] = freed[u, 3] + gain - way * board.fen_km[m]
        if a > 0:
            freed[u, 0] = room.rows[m, a - 1, LATEST] - rows[a - 1, LATEST]
        if b < n:
            freed[u, 1] = rows[b, END] - room.rows[m, b, END]
        open_gap(board, m, a, b, low, high, room)


@njit(cache=True, nogil=True, inline="always")
def _at_best(board: Board, m: int, wanted: Wanted, end: float) -> float:
    """What the job brings at most when it ends at a working time, moves left aside; fen."""
    first = end - (wanted.parts - 1) * wanted.work[m]
    day = day_at(board.cum[m], first, 0)
    late = board.start[m, day] + first - board.cum[m, day] - wanted.due
    return float(wanted.parts * (wanted.value * (1.0 - late_share(board, wanted.curve, late)) - wanted.fen[m]))


@njit(cache=True, nogil=True)
def _look(board: Board, m: int, wanted: Wanted, km: Floats, freed_max: float, seen: Floats) -> tuple[int, int]:
    """Every position of a machine as it is: seen (l, 5) gets end, seconds missing in the job's window, seconds missing
    before the stop behind, fen for the way, fen that the job brings; answers the range of positions that so much freed
    time can mend.
    """
    n, rows = board.length[m], board.rows[m]
    work, low, high = wanted.parts * wanted.work[m], n + 1, -1
    for k in range(wanted.first[m], n + 1):
        now = rows[k - 1, END] if k > 0 else 0.0
        if k == 0 or rows[k - 1, FIELD] != wanted.field:
            now += km[k] * board.s_km[m] + board.load_s[m]
        now = max(now, wanted.opens[m]) + work
        lack, way = -np.inf, km[k]
        if k < n:
            onward = km[k + 1] * board.s_km[m] + board.load_s[m] if rows[k, FIELD] != wanted.field else 0.0
            lack, way = now + onward - rows[k, LATEST], km[k] + km[k + 1] - rows[k, LEG]
        seen[k, 0], seen[k, 1], seen[k, 2], seen[k, 3] = now, now - wanted.closes[m], lack, way * board.fen_km[m]
        seen[k, 4] = _at_best(board, m, wanted, now) - seen[k, 3] if seen[k, 1] <= 0.0 else -np.inf
        if max(seen[k, 1], lack) <= freed_max:
            low, high = min(low, k), k
    return min(low, high + 1), high


@njit(cache=True, nogil=True, inline="always")
def _gap_end(board: Board, m: int, a: int, b: int, wanted: Wanted, km: Floats) -> float:
    """Working time at which the job ends in the very room of stops a .. b - 1, dryers left aside; inf: does not fit."""
    rows, now = board.rows[m], 0.0
    if a > 0:
        now = rows[a - 1, END]
    if a == 0 or rows[a - 1, FIELD] != wanted.field:
        now += km[a] * board.s_km[m] + board.load_s[m]
    now = max(now, wanted.opens[m]) + wanted.parts * wanted.work[m]
    if now > wanted.closes[m] or a < wanted.first[m]:
        return np.inf
    if b < board.length[m]:
        onward = km[b + 1] * board.s_km[m] + board.load_s[m] if rows[b, FIELD] != wanted.field else 0.0
        if now + onward > rows[b, LATEST] + ROUND_S:
            return np.inf
    return float(now)


@njit(cache=True, nogil=True, inline="always")
def _not_earlier(board: Board, m: int, b: int, end: float, km: Floats, wanted: Wanted) -> bool:
    """Whether stop b begins no earlier than planned when the machine comes from the job's end: nobody behind gains."""
    if b >= board.length[m]:
        return True
    row = board.rows[m, b]
    onward = km[b + 1] * board.s_km[m] + board.load_s[m] if row[FIELD] != wanted.field else 0.0
    return bool(max(end + onward, row[OPENS]) >= row[END] - row[WORK] - ROUND_S)


@njit(cache=True, nogil=True, inline="always")
def _back(board: Board, m: int, a: int, b: int, gap_km: float) -> float:
    """Working time at which the machine is at stop b when stops a .. b - 1 are gone."""
    if b >= board.length[m]:
        return np.inf
    same = a > 0 and board.rows[m, a - 1, FIELD] == board.rows[m, b, FIELD]
    move = 0.0 if same else gap_km * board.s_km[m] + board.load_s[m]
    return float((board.rows[m, a - 1, END] if a > 0 else 0.0) + move)


@njit(cache=True, nogil=True, inline="always")
def _stays(board: Board, m: int, k: int, a: int, b: int, back: float, lack: float) -> bool:
    """Whether a job in front of stop k delays the stops up to a so much that stop b begins no earlier than planned.

    Only said where no stop in between waits, so that they all come later by as much.
    """
    rows = board.rows[m]
    if rows[a - 1, WAITS] - (rows[k - 1, WAITS] if k > 0 else 0.0) > 0.0:
        return False
    later = lack + rows[k, LATEST] - rows[k, END] + rows[k, WORK]
    return bool(b >= board.length[m] or max(back + later, rows[b, OPENS]) >= rows[b, END] - rows[b, WORK] - ROUND_S)


@njit(cache=True, nogil=True)
def count_waits(board: Board) -> None:
    """Fill WAITS of all routes."""
    for m in range(len(board.length)):
        now, field, waits = 0.0, YARD, 0.0
        for k in range(board.length[m]):
            row = board.rows[m, k]
            if field != row[FIELD]:
                now += row[LEG] * board.s_km[m] + board.load_s[m]
            waits += now < row[OPENS]
            row[WAITS] = waits
            now, field = row[END], row[FIELD]


@njit(cache=True, nogil=True)
def _delays(board: Board, m: int, k: int, arrive: float, limit: float, delay: Floats) -> None:
    """delay[i]: fen that stops k .. i - 1 lose at least when stop k is only reached at a working time.

    inf where one of them can no longer be kept, and beyond the limit. Dryers could only delay them more.
    """
    n, rows, cum, start = board.length[m], board.rows[m], board.cum[m], board.start[m]
    now, day, lost, field = arrive, 0, 0.0, rows[k, FIELD]
    delay[k] = 0.0
    for i in range(k, n):
        row = rows[i]
        if field != row[FIELD]:
            now += row[LEG] * board.s_km[m] + board.load_s[m]
        now, field = max(now, row[OPENS]) + row[WORK], row[FIELD]
        if now <= row[END] + EPS_S:
            delay[i + 1 : n + 1] = lost
            return
        day = day_at(cum, now, max(day, int(row[DAY])))
        lost += row[VALUE] * late_share(board, int(row[CURVE]), start[day] + now - cum[day] - row[DUE]) - row[LOSS]
        if now > row[CLOSES] or lost > limit:
            delay[i + 1 : n + 1] = np.inf
            return
        delay[i + 1] = lost


@njit(cache=True, nogil=True, inline="always")
def _gap_most(
    board: Board, m: int, a: int, b: int, wanted: Wanted, km: Floats, gap_km: float, sooner_fen: float
) -> float:
    """What the job can gain at most in the very room of stops a .. b - 1, beside what leaving them out does; fen."""
    end = _gap_end(board, m, a, b, wanted, km)
    if end == np.inf:
        return -np.inf
    way = km[a] + (km[b + 1] - gap_km if b < board.length[m] else 0.0)
    most = _at_best(board, m, wanted, end) - way * board.fen_km[m] + SPARE_FEN
    return float(most - sooner_fen if _not_earlier(board, m, b, end, km, wanted) else most)


@njit(cache=True, nogil=True, inline="always")
def _try_unit(
    board: Board,
    m: int,
    a: int,
    b: int,
    around: bool,
    wanted: Wanted,
    room: Room,
    km: Floats,
    seen: Floats,
    low: int,
    high: int,
    freed: Floats,
    floor: float,
    spare: float,
    found: Floats,
) -> tuple[float, int]:
    """(gain, position) of the best that is more than `floor`, in the room of a unit or `around` it; -inf: none.

    `spare`: the most that leaving out any unit of the machine gains, less the best so far; fen.
    """
    best_k, closed, first, last = -1, False, 0, 0
    soonest, back = wanted.opens[m] + wanted.parts * wanted.work[m], _back(board, m, a, b, freed[2])
    for k in range(low if around else b, high + 1 if around else b + 1):
        if k < a:  # it ends as it would now, and the stop behind may wait a little longer
            if seen[k, 4] <= floor or seen[k, 2] > freed[0] + SPARE_S:
                continue
            if not room.known[k]:
                room.known[k] = True
                arrive = seen[k, 2] + board.rows[m, k, LATEST]
                _delays(board, m, k, arrive, seen[k, 4] + spare + SPARE_FEN, room.delay[k])
            own = seen[k, 4] - room.delay[k, a] + SPARE_FEN
            if own <= floor or (own <= floor + freed[3] and _stays(board, m, k, a, b, back, seen[k, 2])):
                continue
        elif k == b:
            if around or _gap_most(board, m, a, b, wanted, km, freed[2], freed[3]) <= floor:
                continue
        else:
            if k < b or max(seen[k, 1], seen[k, 2]) > freed[1] + SPARE_S:
                continue
            if _at_best(board, m, wanted, max(soonest, seen[k, 0] - freed[1])) - seen[k, 3] <= floor:
                continue
        if not closed:
            first, last = close_gap(board, m, a, b, freed[2], room)
            closed = True
        if k > b:
            earlier = board.rows[m, k - 1, END] - room.rows[m, k - 1, END]
            if max(seen[k, 1], seen[k, 2]) > earlier + SPARE_S:
                continue
        km_to, n = km[a if k == b else k], board.length[m]
        one = try_at(
            board, m, room.rows[m], n, k, a, b, wanted, wanted.parts, km_to, km[k + 1], np.inf, floor, room
        )  # fmt: skip
        if one[0] > floor:
            floor, best_k = one[0], k
            for i in range(5):
                found[i] = one[i]
    if closed:
        open_gap(board, m, a, b, first, last, room)
    return (floor, best_k) if best_k >= 0 else (-np.inf, -1)


@njit(cache=True, nogil=True)
def displace(
    board: Board,
    wanted: Wanted,
    room: Room,
    km: Floats,
    units: Ints,
    begins: Ints,
    gains: Floats,
    freed: Floats,
    found: Floats,
) -> tuple[int, int]:
    """(unit, the stop in front of which the job comes) with the best net gain; -1 where nothing makes room.

    Units of machine m are begins[m] .. begins[m + 1] - 1 by falling `gains`, `freed` as remove_each() says; `km` as
    offers() fills it; `found` (5,) as try_at answers, without what the unit loses. First all are tried in the very
    room that they leave: that is mostly the best, and leaves few other positions that can be better.
    """
    machines, width = km.shape
    seen, span = np.empty((machines, width, 5)), np.zeros((machines, 2), np.int64)
    freed_max = freed[:, :2].max() + SPARE_S if len(freed) else 0.0
    best, best_u, best_k = -np.inf, -1, -1
    for around in range(2):
        for m in range(machines):
            soonest = wanted.opens[m] + wanted.parts * wanted.work[m]
            if soonest > wanted.closes[m] or begins[m] == begins[m + 1]:
                continue
            most = _at_best(board, m, wanted, soonest)
            if around == 0:
                span[m, 0], span[m, 1] = _look(board, m, wanted, km[m], freed_max, seen[m])
            room.known[:] = False
            for u in range(begins[m], begins[m + 1]):
                if gains[u] + most <= best:
                    break
                a, b = units[u, 1], units[u, 2]
                if a < wanted.first[m] <= b:
                    continue
                one_u = _try_unit(
                    board, m, a, b, around == 1, wanted, room, km[m], seen[m], span[m, 0], span[m, 1], freed[u],
                    best - gains[u], gains[begins[m]] - best, found,
                )  # fmt: skip
                if one_u[0] > best - gains[u]:
                    best, best_u, best_k = gains[u] + one_u[0], u, one_u[1]
    return best_u, best_k
