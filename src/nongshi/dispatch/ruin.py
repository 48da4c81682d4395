"""The compiled heart of the search: ruin and recreate on one cell of a few machines.

A *cell* is some machines, the jobs on their routes, unserved jobs nearby, and the operators who drive
those machines. One step takes some neighbouring jobs out (slack induction by string removals, Christiaens &
Vanden Berghe, Transportation Science 54(2) 2020, doi:10.1287/trsc.2019.0914), sometimes moves an operator
to another machine first, puts the jobs back greedily where they pay most, and keeps the result by simulated
annealing on the exact objective.

Times of a route run on its machine's *working clock*: seconds in which it may move or work. Whether an
insertion is feasible is answered in O(1) from `latest`, the latest working time at which a stop can be
reached so that it and all stops behind it still end inside their windows.

Everything here is numba: plain loops, no allocation in the inner loops, random numbers from a state of our own,
so that the same seed gives the same plan on every run.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

BLINK = 0.01  # share of insertion positions passed over at random (Christiaens & Vanden Berghe use 0.01)
JOBS_RUINED_MEAN = 9.0  # assumption, tuned on generated regions (docs/benchmarks.md)
STRING_MAX = 8.0
UNSERVED_JOINING_MAX = 5  # unserved jobs that join one recreate
SPLIT_STOP = 0.5  # chance at every stop that the middle kept grows no longer (assumption)
JOIN_SKIP = 0.3  # chance that an unserved neighbour is passed over (assumption)
SPLIT_SHARE = 0.5  # share of strings that keep some of their middle
CREW_STEP_SHARE = 0.25  # share of steps that begin by moving an operator
CLEAR_SHARE = 0.7  # share of those in which the work of the days lost is taken out rather than pushed later
ORDERS = 7
EPS_S = 1e-7  # slack of every window, so that rounding never turns a stop away
ROUND_S = 1e-8  # what sums of different order may differ by; less than EPS_S


class Cell(NamedTuple):
    """What does not change while a cell is searched. p parts, j jobs, m machines, o operators, d days, q places."""

    job_first: Ints  # (j,)
    job_parts: Ints  # (j,)
    job_value: Floats  # (j,) with the parts' bonus
    near_place: Ints  # (j, n) jobs by distance, itself first
    near_time: Ints  # (j, n) jobs by distance and due date together
    part_job: Ints  # (p,)
    value: Floats  # (p,) fen
    keep: Floats  # (p,) fen: bonus of a part whose sister parts stand outside the cell, so that it stays served
    place: Ints  # (p,)
    open_s: Floats  # (p,)
    due_s: Floats  # (p,)
    close_s: Floats  # (p,)
    open_day: Ints  # (p,) the day in which the moment lies
    close_day: Ints  # (p,)
    curve: Ints  # (p,)
    work_s: Floats  # (m, p)
    work_fen: Floats  # (m, p)
    km: Floats  # (q, q) road km
    yard: Ints  # (m,) place
    s_km: Floats  # (m,) seconds per km on the road
    load_s: Floats  # (m,)
    fen_km: Floats  # (m,)
    day_start: Floats  # (m, d)
    day_end: Floats  # (m, d)
    shift_start: Floats  # (m, d)
    hours_s: Floats  # (o,)
    may: Bools  # (o, m, d)
    late_s: Floats  # (k, x)
    share: Floats  # (k, x)
    slope: Floats  # (k, x)


class State(NamedTuple):
    """What a search changes. l is the longest route that fits."""

    crew: Ints  # (m, d) operator or -1
    drives: Ints  # (o, d) machine or -1
    clock_start: Floats  # (m, d) begin of usable hours
    clock_cum: Floats  # (m, d + 1) working time before each day
    wopen: Floats  # (m, p) working time at open
    wclose: Floats  # (m, p) working time at close
    route: Ints  # (m, l)
    length: Ints  # (m,)
    end: Floats  # (m, l) working time at which the stop's work ends
    end_day: Ints  # (m, l) day in which it ends
    latest: Floats  # (m, l) latest working time of arrival
    loss: Floats  # (m, l) fen
    worth: Floats  # (m,) value - loss - costs of the route
    on: Ints  # (p,) machine or -1


def make_state(cell: Cell, crew: Ints, length_max: int) -> State:
    """An empty state with room for routes of `length_max` stops."""
    m, d = cell.day_start.shape
    p, o = len(cell.value), len(cell.hours_s)
    return State(
        crew=crew.copy(),
        drives=np.full((o, d), -1, np.int64),
        clock_start=np.zeros((m, d)),
        clock_cum=np.zeros((m, d + 1)),
        wopen=np.zeros((m, p)),
        wclose=np.zeros((m, p)),
        route=np.full((m, length_max), -1, np.int64),
        length=np.zeros(m, np.int64),
        end=np.zeros((m, length_max)),
        end_day=np.zeros((m, length_max), np.int64),
        latest=np.zeros((m, length_max)),
        loss=np.zeros((m, length_max)),
        worth=np.zeros(m),
        on=np.full(p, -1, np.int64),
    )


def copy_state(state: State) -> State:
    """The same state in arrays of its own."""
    return State._make(array.copy() for array in state)


@njit(cache=True, nogil=True, inline="always")
def _uniform(rng: NDArray[np.uint64]) -> float:
    """A number in [0, 1) from a 64-bit xorshift* state (Vigna 2016, arXiv:1402.6246)."""
    x = rng[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    rng[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@njit(cache=True, nogil=True, inline="always")
def _below(rng: NDArray[np.uint64], n: int) -> int:
    return int(_uniform(rng) * n)


@njit(cache=True, nogil=True)
def _loss(cell: Cell, p: int, end_s: float) -> float:
    """Fen lost when the work of part p ends at a moment."""
    late = end_s - cell.due_s[p]
    if late <= 0.0:
        return 0.0
    k = cell.curve[p]
    i = 0
    while i + 1 < cell.late_s.shape[1] and cell.late_s[k, i + 1] <= late:
        i += 1
    return float(cell.value[p] * min(1.0, cell.share[k, i] + cell.slope[k, i] * (late - cell.late_s[k, i])))


@njit(cache=True, nogil=True, inline="always")
def _move_s(cell: Cell, m: int, a: int, b: int) -> float:
    """Working time of a move; none on the same field."""
    if a == b:
        return 0.0
    return float(cell.km[a, b] * cell.s_km[m] + cell.load_s[m])


@njit(cache=True, nogil=True)
def set_clock(cell: Cell, state: State, m: int) -> None:
    """Rebuild the working clock of a machine from its crew, and every window on it."""
    days = cell.day_start.shape[1]
    start, cum = state.clock_start[m], state.clock_cum[m]
    cum[0] = 0.0
    for d in range(days):
        start[d] = cell.day_start[m, d]
        length = 0.0
        o = state.crew[m, d]
        if o >= 0:
            length = max(0.0, min(cell.day_end[m, d], cell.shift_start[m, d] + cell.hours_s[o]) - start[d])
        cum[d + 1] = cum[d] + length
    for p in range(len(cell.value)):
        if cell.work_s[m, p] == np.inf:
            continue
        a, b = cell.open_day[p], cell.close_day[p]
        state.wopen[m, p] = cum[a] + min(max(cell.open_s[p] - start[a], 0.0), cum[a + 1] - cum[a])
        state.wclose[m, p] = cum[b] + min(max(cell.close_s[p] - start[b], 0.0), cum[b + 1] - cum[b]) + EPS_S


@njit(cache=True, nogil=True)
def retime(cell: Cell, state: State, m: int) -> int:
    """Earliest times of a route; answers the first stop that cannot be kept, or -1."""
    n = state.length[m]
    route, end, cum = state.route[m], state.end[m], state.clock_cum[m]
    place, now, day, worth = cell.yard[m], 0.0, 0, 0.0
    for k in range(n):
        p = route[k]
        now = max(now + _move_s(cell, m, place, cell.place[p]), state.wopen[m, p]) + cell.work_s[m, p]
        if now > state.wclose[m, p]:
            return k
        while cum[day + 1] < now - EPS_S:
            day += 1
        end[k] = now
        state.end_day[m, k] = day
        state.loss[m, k] = _loss(cell, p, state.clock_start[m, day] + now - cum[day])
        costs = state.loss[m, k] + cell.work_fen[m, p] + cell.km[place, cell.place[p]] * cell.fen_km[m]
        worth += cell.value[p] + cell.keep[p] - costs
        place = cell.place[p]
    state.worth[m] = worth
    for k in range(n - 1, -1, -1):
        p = route[k]
        latest = state.wclose[m, p] - cell.work_s[m, p]
        if k + 1 < n:
            follower = route[k + 1]
            after = state.latest[m, k + 1] - _move_s(cell, m, cell.place[p], cell.place[follower])
            latest = min(latest, after - cell.work_s[m, p])
        state.latest[m, k] = latest
    return -1


@njit(cache=True, nogil=True)
def _end_moment(state: State, m: int, now: float, day: int) -> tuple[float, int]:
    """The moment at which a working time is reached, looking from a day on."""
    cum = state.clock_cum[m]
    while cum[day + 1] < now - EPS_S:
        day += 1
    return state.clock_start[m, day] + now - cum[day], day


@njit(cache=True, nogil=True)
def best_position(
    cell: Cell, state: State, m: int, p: int, cost_max: float, rng: NDArray[np.uint64], blink: float
) -> tuple[float, int]:
    """Cheapest place of part p in the route of machine m: (fen it costs in all, position); position -1: none below.

    The cost is exact: the move, the work, the part's own loss and the loss it adds to every stop behind it.
    """
    best, best_k = cost_max, -1
    n = state.length[m]
    place, work = cell.place[p], cell.work_s[m, p]
    wopen, wclose = state.wopen[m, p], state.wclose[m, p]
    fixed = cell.work_fen[m, p]
    before, leaves, day = cell.yard[m], 0.0, 0
    for k in range(n + 1):
        if k > 0:
            before = cell.place[state.route[m, k - 1]]
            leaves = state.end[m, k - 1]
            day = state.end_day[m, k - 1]
        if leaves + work > wclose:
            break
        if blink > 0.0 and _uniform(rng) < blink:
            continue
        now = max(leaves + _move_s(cell, m, before, place), wopen) + work
        if now > wclose:
            continue
        km = cell.km[before, place]
        if k < n:
            after = cell.place[state.route[m, k]]
            if now + _move_s(cell, m, place, after) > state.latest[m, k] - ROUND_S:
                continue
            km += cell.km[place, after] - cell.km[before, after]
        cost = fixed + km * cell.fen_km[m]
        if cost >= best:
            continue
        moment, day = _end_moment(state, m, now, day)
        cost += _loss(cell, p, moment)
        here = place
        for i in range(k, n):
            if cost >= best:
                break
            q = state.route[m, i]
            now = max(now + _move_s(cell, m, here, cell.place[q]), state.wopen[m, q]) + cell.work_s[m, q]
            if now <= state.end[m, i] + EPS_S:
                break
            moment, day = _end_moment(state, m, now, day)
            cost += _loss(cell, q, moment) - state.loss[m, i]
            here = cell.place[q]
        if cost < best:
            best, best_k = cost, k
    return best, best_k


@njit(cache=True, nogil=True)
def _put(cell: Cell, state: State, m: int, k: int, p: int) -> None:
    n = state.length[m]
    for i in range(n, k, -1):
        state.route[m, i] = state.route[m, i - 1]
    state.route[m, k] = p
    state.length[m] = n + 1
    state.on[p] = m
    retime(cell, state, m)


@njit(cache=True, nogil=True)
def _take_at(state: State, m: int, k: int) -> None:
    """Take one stop out of a route; the caller retimes."""
    n = state.length[m] - 1
    state.on[state.route[m, k]] = -1
    for i in range(k, n):
        state.route[m, i] = state.route[m, i + 1]
        state.end_day[m, i] = state.end_day[m, i + 1]
    state.length[m] = n


@njit(cache=True, nogil=True)
def take_job(cell: Cell, state: State, j: int, touched: Bools) -> None:
    """Take all parts of a job out; marks the routes, which the caller retimes."""
    for p in range(cell.job_first[j], cell.job_first[j] + cell.job_parts[j]):
        m = state.on[p]
        if m < 0:
            continue
        k = 0
        while state.route[m, k] != p:
            k += 1
        _take_at(state, m, k)
        touched[m] = True


@njit(cache=True, nogil=True)
def put_job(cell: Cell, state: State, j: int, touched: Bools, rng: NDArray[np.uint64], blink: float) -> bool:
    """Insert all parts of a job where they cost least, if that gains value; else leave the state as it was."""
    cost_all = 0.0
    first, last = cell.job_first[j], cell.job_first[j] + cell.job_parts[j]
    for p in range(first, last):
        best, best_m, best_k = cell.job_value[j] - cost_all, -1, -1
        for m in range(len(cell.yard)):
            if cell.work_s[m, p] == np.inf or state.length[m] >= state.route.shape[1]:
                continue
            cost, k = best_position(cell, state, m, p, best, rng, blink)
            if k >= 0:
                best, best_m, best_k = cost, m, k
        if best_m < 0:
            for q in range(first, p):
                m = state.on[q]
                k = 0
                while state.route[m, k] != q:
                    k += 1
                _take_at(state, m, k)
                retime(cell, state, m)
            return False
        cost_all += best
        touched[best_m] = True
        _put(cell, state, best_m, best_k, p)
    return True


@njit(cache=True, nogil=True)
def settle(cell: Cell, state: State, m: int, touched: Bools, out: Ints, count: int) -> int:
    """Retime a route, taking out the jobs that it can no longer keep; answers the longer list of jobs out."""
    while True:
        k = retime(cell, state, m)
        if k < 0:
            return count
        j = cell.part_job[state.route[m, k]]
        take_job(cell, state, j, touched)
        out[count] = j
        count += 1


@njit(cache=True, nogil=True)
def _copy_route(state: State, other: State, m: int) -> None:
    """Copy one machine's route and clock from `state` to `other`."""
    n = max(state.length[m], other.length[m])
    other.length[m] = state.length[m]
    other.worth[m] = state.worth[m]
    for k in range(n):
        other.route[m, k] = state.route[m, k]
        other.end[m, k] = state.end[m, k]
        other.end_day[m, k] = state.end_day[m, k]
        other.latest[m, k] = state.latest[m, k]
        other.loss[m, k] = state.loss[m, k]


@njit(cache=True, nogil=True)
def _copy_crew(state: State, other: State, m: int) -> None:
    other.crew[m, :] = state.crew[m, :]
    other.clock_start[m, :] = state.clock_start[m, :]
    other.clock_cum[m, :] = state.clock_cum[m, :]
    other.wopen[m, :] = state.wopen[m, :]
    other.wclose[m, :] = state.wclose[m, :]


@njit(cache=True, nogil=True)
def _ruin(
    cell: Cell, state: State, seed: int, near: Ints, touched: Bools, out: Ints, count: int, rng: NDArray[np.uint64]
) -> int:
    """Take strings of neighbouring jobs out, one string a route, around a seed job."""
    machines = len(cell.yard)
    stops, used = 0, 0
    for m in range(machines):
        stops += state.length[m]
        used += state.length[m] > 0
    if stops == 0:
        return count
    string_max = min(STRING_MAX, max(1.0, stops / used))
    strings_max = 4.0 * JOBS_RUINED_MEAN / (1.0 + string_max) - 1.0
    strings = int(1.0 + _uniform(rng) * max(0.0, strings_max))
    ruined = np.zeros(machines, np.bool_)
    for c in range(near.shape[1]):
        if strings == 0:
            break
        j = near[seed, c]
        p = cell.job_first[j]
        if cell.job_parts[j] > 1:
            p += _below(rng, cell.job_parts[j])
        m = state.on[p]
        if m < 0 or ruined[m]:
            continue
        ruined[m] = True
        strings -= 1
        n = state.length[m]
        k = 0
        while state.route[m, k] != p:
            k += 1
        size = 1 + _below(rng, int(min(string_max, n)))
        keep = 0
        if size > 1 and size < n and _uniform(rng) < SPLIT_SHARE:
            keep = 1
            while size + keep < n and _uniform(rng) > SPLIT_STOP:
                keep += 1
        span = size + keep
        low = max(0, k - span + 1)
        high = min(k, n - span)
        begin = low + _below(rng, high - low + 1)
        keep_from = begin + _below(rng, size) if keep else -1
        chosen = 0
        for i in range(begin, begin + span):
            if keep and keep_from <= i < keep_from + keep:
                continue
            out[count + chosen] = cell.part_job[state.route[m, i]]
            chosen += 1
        for i in range(chosen):
            job = out[count + i]
            fresh = True
            for earlier in range(count + i):
                if out[earlier] == job:
                    fresh = False
            if fresh:
                take_job(cell, state, job, touched)
            else:
                out[count + i] = -1
        kept = 0
        for i in range(chosen):
            if out[count + i] >= 0:
                out[count + kept] = out[count + i]
                kept += 1
        count += kept
    return count


@njit(cache=True, nogil=True)
def _move_operator(
    cell: Cell, state: State, touched: Bools, crew_touched: Bools, out: Ints, rng: NDArray[np.uint64]
) -> tuple[int, int]:
    """Move one operator to another machine for some days in a row (swapping with whoever sits there).

    The work that a machine loses its driver for is taken out, so that the days behind it stay as they were.
    Answers a machine that gained (-1: nothing could be moved) and how many jobs were taken out.
    """
    count = 0
    operators, machines, days = cell.may.shape
    if operators == 0:
        return -1, 0
    o = _below(rng, operators)
    d0 = _below(rng, days)
    b = _below(rng, machines)
    tries = 0
    while not cell.may[o, b, d0] or state.drives[o, d0] == b:
        o, d0, b = _below(rng, operators), _below(rng, days), _below(rng, machines)
        tries += 1
        if tries > 60:
            return -1, 0
    u = _uniform(rng)
    span = 1 if u < 0.5 else 1 + _below(rng, days)
    changed, clears = False, _uniform(rng) < CLEAR_SHARE
    for d in range(d0, min(days, d0 + span)):
        if not cell.may[o, b, d]:
            continue
        a, other = state.drives[o, d], state.crew[b, d]
        if a == b:
            continue
        state.crew[b, d] = o
        state.drives[o, d] = b
        crew_touched[b] = True
        changed = True
        if a >= 0:
            state.crew[a, d] = -1
            crew_touched[a] = True
            if clears:
                count = _take_day(cell, state, a, d, touched, out, count)
        if other >= 0:
            state.drives[other, d] = -1
            if a >= 0 and cell.may[other, a, d]:
                state.crew[a, d] = other
                state.drives[other, d] = a
            else:  # sit the displaced operator on some machine that stands without one
                start = _below(rng, machines)
                for i in range(machines):
                    c = (start + i) % machines
                    if state.crew[c, d] < 0 and cell.may[other, c, d]:
                        state.crew[c, d] = other
                        state.drives[other, d] = c
                        crew_touched[c] = True
                        break
    if not changed:
        return -1, 0
    for m in range(machines):
        if crew_touched[m]:
            touched[m] = True
            set_clock(cell, state, m)
    return b, count


@njit(cache=True, nogil=True)
def _take_day(cell: Cell, state: State, m: int, d: int, touched: Bools, out: Ints, count: int) -> int:
    """Take out the jobs that a machine ends on a day; positions and end days move together."""
    k = 0
    while k < state.length[m]:
        if state.end_day[m, k] != d:
            k += 1
            continue
        j = cell.part_job[state.route[m, k]]
        take_job(cell, state, j, touched)
        out[count] = j
        count += 1
        k = 0
    return count


@njit(cache=True, nogil=True)
def _sort_out(cell: Cell, out: Ints, count: int, rng: NDArray[np.uint64]) -> None:
    """Order the jobs to be put back by one of several rules, drawn at random."""
    order = _below(rng, ORDERS)
    key = np.empty(count)
    for i in range(count):
        j = out[i]
        p = cell.job_first[j]
        noise = _uniform(rng)
        if order == 0:
            key[i] = noise
        elif order == 1:
            key[i] = -cell.job_value[j]
        elif order == 2:
            key[i] = cell.due_s[p]
        elif order == 3:
            key[i] = cell.close_s[p] - cell.open_s[p]
        elif order == 4:
            key[i] = cell.close_s[p]
        elif order == 5:
            key[i] = noise - 1.0 * cell.job_parts[j]
        else:
            key[i] = -cell.value[p] * (0.8 + 0.4 * noise) / _shortest_work(cell, p)
    index = np.argsort(key)
    copy = out[:count].copy()
    for i in range(count):
        out[i] = copy[index[i]]


@njit(cache=True, nogil=True)
def _shortest_work(cell: Cell, p: int) -> float:
    best = np.inf
    for m in range(cell.work_s.shape[0]):
        best = min(best, cell.work_s[m, p])
    return best if best < np.inf else 1.0


@njit(cache=True, nogil=True)
def _join_unserved(
    cell: Cell, state: State, seed: int, near: Ints, out: Ints, count: int, rng: NDArray[np.uint64]
) -> int:
    """Let unserved jobs near the seed join those to be put back."""
    joined = 0
    for c in range(near.shape[1]):
        if joined == UNSERVED_JOINING_MAX:
            break
        j = near[seed, c]
        if state.on[cell.job_first[j]] >= 0 or _uniform(rng) < JOIN_SKIP:
            continue
        fresh = True
        for i in range(count):
            if out[i] == j:
                fresh = False
        if fresh:
            out[count] = j
            count += 1
            joined += 1
    return count


@njit(cache=True, nogil=True)
def load(cell: Cell, state: State) -> float:
    """Set clocks and times of a state whose crew, routes and lengths are given; answers its worth."""
    machines, days = cell.day_start.shape
    for m in range(machines):
        for d in range(days):
            if state.crew[m, d] >= 0:
                state.drives[state.crew[m, d], d] = m
        set_clock(cell, state, m)
    touched = np.zeros(machines, np.bool_)
    out = np.empty(len(cell.value) + len(cell.job_first) + 1, np.int64)
    for m in range(machines):
        for k in range(state.length[m]):
            state.on[state.route[m, k]] = m
    for m in range(machines):
        touched[m] = True
        settle(cell, state, m, touched, out, 0)
    total = 0.0
    for m in range(machines):
        retime(cell, state, m)
        total += state.worth[m]
    return total


@njit(cache=True, nogil=True)
def search_cell(
    cell: Cell,
    state: State,
    trial: State,
    best: State,
    rng: NDArray[np.uint64],
    steps: int,
    hot_fen: float,
    cold_fen: float,
    crew_share: float,
) -> tuple[float, float]:
    """Search a cell for a number of steps, cooling from one temperature to another.

    `state` is loaded and is left at the last kept solution, `best` at the best one; `trial` is scratch room.
    Answers (worth now, best worth).
    """
    machines, jobs = len(cell.yard), len(cell.job_first)
    worth = 0.0
    for m in range(machines):
        worth += state.worth[m]
        _copy_route(state, trial, m)
        _copy_route(state, best, m)
        _copy_crew(state, trial, m)
        best.crew[m, :] = state.crew[m, :]
    trial.drives[:, :] = state.drives[:, :]
    trial.on[:] = state.on[:]
    best.on[:] = state.on[:]
    best_worth = worth
    if jobs == 0 or machines == 0:
        return worth, best_worth
    touched = np.zeros(machines, np.bool_)
    crew_touched = np.zeros(machines, np.bool_)
    out = np.empty(2 * len(cell.value) + jobs + 1, np.int64)
    cooling = (cold_fen / hot_fen) ** (1.0 / max(1, steps))
    heat = hot_fen
    for _ in range(steps):
        heat *= cooling
        touched[:] = False
        crew_touched[:] = False
        count = 0
        seed = _below(rng, jobs)
        if crew_share > 0.0 and _uniform(rng) < crew_share:
            m, count = _move_operator(cell, trial, touched, crew_touched, out, rng)
            for i in range(machines):
                if crew_touched[i]:
                    count = settle(cell, trial, i, touched, out, count)
            if m >= 0 and trial.length[m] > 0:
                seed = cell.part_job[trial.route[m, _below(rng, trial.length[m])]]
        near = cell.near_place if _uniform(rng) < 0.5 else cell.near_time
        count = _ruin(cell, trial, seed, near, touched, out, count, rng)
        for m in range(machines):
            if touched[m]:
                retime(cell, trial, m)
        count = _join_unserved(cell, trial, seed, near, out, count, rng)
        _sort_out(cell, out, count, rng)
        for i in range(count):
            put_job(cell, trial, out[i], touched, rng, BLINK)
        new = 0.0
        for m in range(machines):
            new += trial.worth[m]
        if new > worth + heat * np.log(max(1e-300, _uniform(rng))):
            worth = new
            for m in range(machines):
                if touched[m]:
                    _copy_route(trial, state, m)
                    if crew_touched[m]:
                        _copy_crew(trial, state, m)
            state.drives[:, :] = trial.drives[:, :]
            state.on[:] = trial.on[:]
            if new > best_worth + 1e-6:
                best_worth = new
                for m in range(machines):
                    _copy_route(state, best, m)
                    best.crew[m, :] = state.crew[m, :]
                best.on[:] = state.on[:]
        else:
            for m in range(machines):
                if touched[m]:
                    _copy_route(state, trial, m)
                    if crew_touched[m]:
                        _copy_crew(state, trial, m)
            trial.drives[:, :] = state.drives[:, :]
            trial.on[:] = state.on[:]
    return worth, best_worth
