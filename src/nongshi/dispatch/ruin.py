"""The compiled heart of the search: ruin and recreate on one cell of a few machines.

A *cell* is some machines, the jobs on their routes, unserved jobs nearby, and the operators who drive
those machines. One step takes some neighbouring jobs out (slack induction by string removals, Christiaens &
Vanden Berghe, Transportation Science 54(2) 2020, doi:10.1287/trsc.2019.0914), sometimes moves an operator
to another machine first, puts the jobs back greedily where they pay most, and keeps the result by simulated
annealing on the exact objective.

Times of a route run on its machine's *working clock*: seconds in which it may move or work. Whether an
insertion is feasible is answered in O(1) from `latest`, the latest working time at which a stop can be
reached so that it and all stops behind it still end inside their windows.

Jobs in order: a follower is only served if the job before it is; it is *ready* when that job has ended and the pause is
over, and its route is timed again whenever that moment changes. Dryers: the wet grain of the cell and of all machines
outside is counted by the day on which the work ends; a part whose day is full waits for the next day with room.

Everything here is numba: plain loops, no allocation in the inner loops, random numbers from a state of our own,
so that the same seed gives the same plan on every run.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

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
WAIT_MARGIN_S = 120.0  # as solution.WAIT_MARGIN_S: work that waits for a day ends so long after the day begins
DRY_SPARE_T = 2e-6  # wet tonnes a day kept free by what is new, half of it by what is counted anew: rounding
SAME_HOUR_S = 1800.0  # a promise moved by less is kept (assumption)
EPS_S = 1e-7  # slack of every window, so that rounding never turns a stop away
ROUND_S = 1e-8  # what sums of different order may differ by; less than EPS_S

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _kernel(function: _Function) -> _Function:
    """The function compiled without reference counting, half of a step; nothing in it may allocate."""
    options: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}
    compiled: _Function = njit(**options)(function)
    return compiled


class Cell(NamedTuple):
    """What does not change while a cell is searched. p parts, j jobs, m machines, o operators, d days, q places."""

    job_first: Ints  # (j,)
    job_parts: Ints  # (j,)
    job_value: Floats  # (j,) with the parts' bonus
    job_hope: Floats  # (j,) worth of what can only be served once this job is
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
    wet_t: Floats  # (p,)
    demand: Floats  # (p,) what it takes of a machine's capacity
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
    crew_fixed: Bools  # (m, d)
    capacity: Floats  # (m,) inf: none
    back: Bools  # (m,) the route ends at the yard
    shift_max: Floats  # (m,) longest time from leaving the yard to being back; inf: none
    late_s: Floats  # (k, x)
    share: Floats  # (k, x)
    slope: Floats  # (k, x)
    job_after: Ints  # (j,) job in the cell that must have ended before, or -1
    job_pause: Floats  # (j,) and so many seconds before
    job_end_out: Floats  # (j,) latest end of its parts outside the cell; 0: none
    next_first: Ints  # (j + 1,) followers of job j: next_job[next_first[j]:next_first[j + 1]]
    next_job: Ints
    dry_t: Floats  # (d,) tonnes that the dryers take
    dry_base: Floats  # (d,) tonnes that come from outside the cell
    dry_hold: float
    wait_fen_s: Floats  # (p,)
    promised_machine: Ints  # (p,) -1: another cell's; -2: nothing promised
    promised_start: Floats  # (p,)
    promised_end: Floats  # (p,)
    promised_day: Ints  # (p,)
    promise_fen: Floats  # (3,) price of another machine, another day, an hour
    chained: bool
    dries: bool
    wished: bool


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
    opens: Floats  # (m, l) working time before which the stop may not begin
    load: Floats  # (m,)
    ready: Floats  # (p,) moment at which the job before and its pause are over
    start_s: Floats  # (p,) moments, kept where jobs are chained
    end_s: Floats  # (p,)
    late_s: Floats  # (p,) latest moment of start
    wet_day: Ints  # (p,) day on which its grain counts, or -1
    wait_day: Ints  # (p,) the same where it waited for that day, else -1
    wet: Floats  # (d,) tonnes by day, those from outside included
    waiting: Floats  # (d,) tonnes that wait over night


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
        opens=np.zeros((m, length_max)),
        load=np.zeros(m),
        ready=np.zeros(p),
        start_s=np.zeros(p),
        end_s=np.zeros(p),
        late_s=np.full(p, np.inf),
        wet_day=np.full(p, -1, np.int64),
        wait_day=np.full(p, -1, np.int64),
        wet=cell.dry_base.copy(),
        waiting=np.zeros(d),
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


@_kernel
def _wish_fen(
    fen: float, promise_fen: Floats, promised: int, m: int, promised_day: int, day: int, moved_s: float
) -> float:
    """The price of waiting, and of another machine, day or hour than promised."""
    if promised == -2:
        return fen
    if promised != m:
        fen += promise_fen[0]
    if day != promised_day:
        fen += promise_fen[1]
    elif abs(moved_s) > SAME_HOUR_S:
        fen += promise_fen[2] * abs(moved_s) / 3600.0
    return float(fen)


@njit(cache=True, nogil=True, inline="always")
def _late_share(late_s: Floats, share: Floats, slope: Floats, k: int, late: float) -> float:
    """Share lost of a part that ends late, from curve k."""
    if late <= 0.0:
        return 0.0
    i = 0
    while i + 1 < late_s.shape[1] and late_s[k, i + 1] <= late:
        i += 1
    return float(min(1.0, share[k, i] + slope[k, i] * (late - late_s[k, i])))


@njit(cache=True, nogil=True, inline="always")
def _move_s(cell: Cell, m: int, a: int, b: int) -> float:
    """Working time of a move; none on the same field."""
    if a == b:
        return 0.0
    return float(cell.km[a, b] * cell.s_km[m] + cell.load_s[m])


@_kernel
def _worked(start: Floats, cum: Floats, moment: float) -> float:
    """Working time of a clock that has passed at a moment."""
    for d in range(len(start) - 1, -1, -1):
        if cum[d + 1] > cum[d] and moment > start[d]:
            return float(cum[d] + min(moment - start[d], cum[d + 1] - cum[d]))
    return 0.0


@_kernel
def _begin_moment(start: Floats, cum: Floats, now: float) -> float:
    """The last moment of a working time: what begins at the end of a day begins on the next."""
    last = 0
    for d in range(len(start)):
        if cum[d + 1] <= cum[d]:
            continue
        last = d
        if now < cum[d + 1] - 1e-5:
            break
    return float(start[last] + now - cum[last])


@_kernel
def _fill_dryers(dry_t: Floats, wet: Floats, waiting: Floats, from_day: int) -> None:
    """Grain waiting over night, from a day on."""
    before = waiting[from_day - 1] if from_day > 0 else 0.0
    for d in range(from_day, len(wet)):
        before = max(0.0, before + wet[d] - dry_t[d])
        waiting[d] = before


@_kernel
def _first_room(
    dry_t: Floats, hold_t: float, wet: Floats, waiting: Floats, wet_t: float, day: int, spare_t: float
) -> int:
    """First day from `day` on at which the dryers take so many tonnes more; the number of days: none."""
    days = len(wet)
    for f in range(day, days):
        before, extra, fits = (waiting[f - 1] if f > 0 else 0.0), wet_t, True
        for d in range(f, days):
            before = max(0.0, before + wet[d] + extra - dry_t[d] + spare_t)
            extra = 0.0
            if before > hold_t:
                fits = False
                break
            if before <= waiting[d]:
                break
        if fits:
            return f
    return days


@_kernel
def _count_wet(dry_t: Floats, wet: Floats, waiting: Floats, wet_day: Ints, p: int, wet_t: float, day: int) -> None:
    """Count the grain of part p on a day; -1: on none."""
    old = wet_day[p]
    if old == day:
        return
    first = len(wet)
    if old >= 0:
        wet[old] -= wet_t
        first = old
    if day >= 0:
        wet[day] += wet_t
        first = min(first, day)
    wet_day[p] = day
    _fill_dryers(dry_t, wet, waiting, first)


@_kernel
def _dried_end(
    cum: Floats,
    dry_t: Floats,
    hold_t: float,
    wet: Floats,
    waiting: Floats,
    wet_t: float,
    now: float,
    day: int,
    spare_t: float,
) -> tuple[float, int, int]:
    """(working time, day, day waited for or -1) at which wet grain can be in, given the dryers; time inf: never."""
    days, waited = len(wet), -1
    while True:
        while day < days - 1 and cum[day + 1] < now - EPS_S:
            day += 1
        f = _first_room(dry_t, hold_t, wet, waiting, wet_t, day, spare_t)
        if f == day:
            return now, day, waited
        if f >= days or cum[f] + WAIT_MARGIN_S > cum[days]:
            return np.inf, day, waited
        now, waited, day = cum[f] + WAIT_MARGIN_S, f, f


@_kernel
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
        if cell.promised_machine[p] == m:
            state.wopen[m, p] = max(
                state.wopen[m, p], _worked(state.clock_start[m], state.clock_cum[m], cell.promised_start[p])
            )
        state.wclose[m, p] = cum[b] + min(max(cell.close_s[p] - start[b], 0.0), cum[b + 1] - cum[b]) + EPS_S


@_kernel
def retime(cell: Cell, state: State, m: int) -> int:
    """Earliest times of a route; answers the first stop that cannot be kept, or -1.

    Arrays have names of their own here and in `best_position`: numba counts references at every look into a tuple.
    """
    n = state.length[m]
    route, end, end_day, loss, opens = state.route[m], state.end[m], state.end_day[m], state.loss[m], state.opens[m]
    cum, start, wopen, wclose = state.clock_cum[m], state.clock_start[m], state.wopen[m], state.wclose[m]
    place_of, km, work_s, work_fen = cell.place, cell.km, cell.work_s[m], cell.work_fen[m]
    value, keep, due_s, curve = cell.value, cell.keep, cell.due_s, cell.curve
    late_s, share, slope = cell.late_s, cell.share, cell.slope
    wet_t, dry_t, wet, waiting, wet_day = cell.wet_t, cell.dry_t, state.wet, state.waiting, state.wet_day
    ready, start_s, end_s, wait_day = state.ready, state.start_s, state.end_s, state.wait_day
    open_s, promise_fen, promised_machine = cell.open_s, cell.promise_fen, cell.promised_machine
    wait_fen_s, promised_day, promised_end = cell.wait_fen_s, cell.promised_day, cell.promised_end
    chained, dries, wished, hold_t = cell.chained, cell.dries, cell.wished, cell.dry_hold
    part_job, next_first, job_after, latest_s = cell.part_job, cell.next_first, cell.job_after, state.late_s
    s_km, load_s, fen_km = cell.s_km[m], cell.load_s[m], cell.fen_km[m]
    place, now, day, worth = cell.yard[m], 0.0, 0, 0.0
    for k in range(n):
        p = route[k]
        here = place_of[p]
        opens[k] = wopen[p]
        if chained and ready[p] > 0.0:
            opens[k] = max(opens[k], _worked(start, cum, ready[p]))
        if here != place:
            now += km[place, here] * s_km + load_s
        now = max(now, opens[k]) + work_s[p]
        if now > wclose[p]:
            return int(k)
        while cum[day + 1] < now - EPS_S:
            day += 1
        if dries and wet_t[p] > 0.0:
            spare_t = DRY_SPARE_T if wet_day[p] < 0 else 0.5 * DRY_SPARE_T
            _count_wet(dry_t, wet, waiting, wet_day, p, wet_t[p], -1)
            now, day, waited = _dried_end(cum, dry_t, hold_t, wet, waiting, wet_t[p], now, day, spare_t)
            if now > wclose[p]:
                return int(k)
            _count_wet(dry_t, wet, waiting, wet_day, p, wet_t[p], day)
            wait_day[p] = waited
        end[k] = now
        end_day[k] = day
        moment = start[day] + now - cum[day]
        if chained:
            end_s[p] = moment
            start_s[p] = _begin_moment(start, cum, now - work_s[p])
        lost = value[p] * _late_share(late_s, share, slope, curve[p], moment - due_s[p])
        if wished:
            waits_fen = wait_fen_s[p] * max(0.0, moment - open_s[p])
            moved_s = moment - promised_end[p]
            lost += _wish_fen(waits_fen, promise_fen, promised_machine[p], m, promised_day[p], day, moved_s)
        loss[k] = lost
        worth += value[p] + keep[p] - lost - work_fen[p] - km[place, here] * fen_km
        place = here
    until = np.inf
    if cell.back[m] and n > 0:
        home = _move_s(cell, m, place, cell.yard[m])
        until = cum[len(cum) - 1] + EPS_S - home
        if now > until or _shift_s(cell, state, m, now, home) > cell.shift_max[m] + EPS_S:
            return int(n - 1)
        worth -= km[place, cell.yard[m]] * fen_km
    state.worth[m] = worth
    latest = state.latest[m]
    for k in range(n - 1, -1, -1):
        p = route[k]
        until = min(until, wclose[p]) - work_s[p]
        if chained:
            j = part_job[p]
            if next_first[j + 1] > next_first[j]:
                until = min(until, _until_followers(cell, state, m, j) - work_s[p])
            if job_after[j] >= 0:
                latest_s[p] = _begin_moment(start, cum, max(0.0, until))
        latest[k] = until
        if k > 0 and place_of[route[k - 1]] != place_of[p]:
            until -= km[place_of[route[k - 1]], place_of[p]] * s_km + load_s
    return -1


@_kernel
def _shift_s(cell: Cell, state: State, m: int, ends: float, home: float) -> float:
    """Shortest working time from leaving the yard to being back, without ending later."""
    t = ends
    for k in range(state.length[m] - 1, -1, -1):
        p = state.route[m, k]
        t = min(t, state.wclose[m, p]) - cell.work_s[m, p]
        before = cell.place[state.route[m, k - 1]] if k > 0 else cell.yard[m]
        t -= _move_s(cell, m, before, cell.place[p])
    return float(ends + home - t)


@_kernel
def _until_followers(cell: Cell, state: State, m: int, j: int) -> float:
    """Working time at which job j must have ended, so that no follower in the cell need start too late."""
    until = np.inf
    for i in range(cell.next_first[j], cell.next_first[j + 1]):
        f = cell.next_job[i]
        for q in range(cell.job_first[f], cell.job_first[f] + cell.job_parts[f]):
            if state.on[q] >= 0:
                until = min(until, state.late_s[q] - cell.job_pause[f])
    if until == np.inf:
        return until
    return _worked(state.clock_start[m], state.clock_cum[m], until) + EPS_S


@njit(cache=True, nogil=True, inline="always")
def _end_moment(start: Floats, cum: Floats, now: float, day: int) -> tuple[float, int]:
    """The moment at which a working time is reached, looking from a day on."""
    while cum[day + 1] < now - EPS_S:
        day += 1
    return start[day] + now - cum[day], day


@njit(cache=True, nogil=True, inline="always")
def best_position(
    cell: Cell, state: State, m: int, p: int, cost_max: float, rng: NDArray[np.uint64], blink: float
) -> tuple[float, int]:
    """Cheapest place of part p in the route of machine m: (fen it costs in all, position); position -1: none below.

    The cost is exact: the move, the work, the part's own loss and the loss it adds to every stop behind it; of what
    follows those on other routes only the next job is looked at.
    """
    best, best_k = cost_max, -1
    if state.load[m] + cell.demand[p] > cell.capacity[m]:
        return best, best_k
    n = state.length[m]
    route, end, end_day, loss, opens = state.route[m], state.end[m], state.end_day[m], state.loss[m], state.opens[m]
    cum, start, latest, wcloses = state.clock_cum[m], state.clock_start[m], state.latest[m], state.wclose[m]
    place_of, km_of, work_s = cell.place, cell.km, cell.work_s[m]
    value, due_s, curve = cell.value, cell.due_s, cell.curve
    late_s, share, slope = cell.late_s, cell.share, cell.slope
    wet_t, dry_t, wet, waiting = cell.wet_t, cell.dry_t, state.wet, state.waiting
    open_s, promise_fen, promised_machine = cell.open_s, cell.promise_fen, cell.promised_machine
    wait_fen_s, promised_day, promised_end = cell.wait_fen_s, cell.promised_day, cell.promised_end
    chained, dries, wished, hold_t = cell.chained, cell.dries, cell.wished, cell.dry_hold
    s_km, load_s, fen_km, back, yard = cell.s_km[m], cell.load_s[m], cell.fen_km[m], cell.back[m], cell.yard[m]
    place, work = place_of[p], work_s[p]
    wopen, wclose = state.wopen[m, p], wcloses[p]
    if chained and state.ready[p] > 0.0:
        wopen = max(wopen, _worked(start, cum, state.ready[p]))
    fixed = cell.work_fen[m, p]
    before, leaves, day = yard, 0.0, 0
    for k in range(n + 1):
        if k > 0:
            before = place_of[route[k - 1]]
            leaves = end[k - 1]
            day = end_day[k - 1]
        if leaves + work > wclose:
            break
        if blink > 0.0 and _uniform(rng) < blink:
            continue
        km = km_of[before, place]
        now = leaves + km * s_km + load_s if before != place else leaves
        now = max(now, wopen) + work
        if now > wclose:
            continue
        if dries and wet_t[p] > 0.0:
            now, day, _waited = _dried_end(cum, dry_t, hold_t, wet, waiting, wet_t[p], now, day, DRY_SPARE_T)
            if now > wclose:
                continue
        if k < n:
            after = place_of[route[k]]
            arrives = now + km_of[place, after] * s_km + load_s if after != place else now
            if arrives > latest[k] - ROUND_S:
                continue
            km += km_of[place, after] - km_of[before, after]
        elif back:
            if now + km_of[place, yard] * s_km + load_s > cum[len(cum) - 1]:
                continue
            km += km_of[place, yard] - km_of[before, yard]
        cost = fixed + km * fen_km
        if cost >= best:
            continue
        moment, day = _end_moment(start, cum, now, day)
        cost += value[p] * _late_share(late_s, share, slope, curve[p], moment - due_s[p])
        if wished:
            waits_fen = wait_fen_s[p] * max(0.0, moment - open_s[p])
            moved_s = moment - promised_end[p]
            cost += _wish_fen(waits_fen, promise_fen, promised_machine[p], m, promised_day[p], day, moved_s)
        here = place
        for i in range(k, n):
            if cost >= best:
                break
            q = route[i]
            there = place_of[q]
            if there != here:
                now += km_of[here, there] * s_km + load_s
            now = max(now, opens[i]) + work_s[q]
            if now <= end[i] + EPS_S:
                break
            moment, day = _end_moment(start, cum, now, day)
            if dries and day > end_day[i] and wet_t[q] > 0.0:
                now, day, _waited = _dried_end(cum, dry_t, hold_t, wet, waiting, wet_t[q], now, day, DRY_SPARE_T)
                if now > wcloses[q]:
                    cost = np.inf
                    break
                moment, day = _end_moment(start, cum, now, day)
            cost += value[q] * _late_share(late_s, share, slope, curve[q], moment - due_s[q]) - loss[i]
            if wished:
                waits_fen = wait_fen_s[q] * max(0.0, moment - open_s[q])
                moved_s = moment - promised_end[q]
                cost += _wish_fen(waits_fen, promise_fen, promised_machine[q], m, promised_day[q], day, moved_s)
            if chained:
                cost += _push_fen(cell, state, q, moment)
            here = there
        if cost < best:
            best, best_k = cost, k
    return best, best_k


@_kernel
def _push_fen(cell: Cell, state: State, p: int, end_s: float) -> float:
    """What it costs at least that the followers of a part are pushed by its later end: their own loss, no further."""
    j = cell.part_job[p]
    first, last = cell.next_first[j], cell.next_first[j + 1]
    if first == last:
        return 0.0
    fen = 0.0
    for i in range(first, last):
        f = cell.next_job[i]
        for q in range(cell.job_first[f], cell.job_first[f] + cell.job_parts[f]):
            late = end_s + cell.job_pause[f] - state.start_s[q]
            if state.on[q] >= 0 and late > 0.0:
                k, over = cell.curve[q], state.end_s[q] - cell.due_s[q]
                more = _late_share(cell.late_s, cell.share, cell.slope, k, over + late)
                fen += cell.value[q] * (more - _late_share(cell.late_s, cell.share, cell.slope, k, over))
    return fen


@njit(cache=True, nogil=True, inline="always")
def _take_at(cell: Cell, state: State, m: int, k: int) -> None:
    """Take one stop out of a route; the caller retimes."""
    n = state.length[m] - 1
    route, end_day = state.route[m], state.end_day[m]
    p = route[k]
    state.on[p] = -1
    state.load[m] -= cell.demand[p]
    if cell.dries:
        _count_wet(cell.dry_t, state.wet, state.waiting, state.wet_day, p, cell.wet_t[p], -1)
        state.wait_day[p] = -1
    for i in range(k, n):
        route[i] = route[i + 1]
        end_day[i] = end_day[i + 1]
    state.length[m] = n


@njit(cache=True, nogil=True, inline="always")
def _take_parts(cell: Cell, state: State, j: int, dirty: Bools) -> None:
    """Take all parts of a job out; marks the routes."""
    on, routes = state.on, state.route
    for p in range(cell.job_first[j], cell.job_first[j] + cell.job_parts[j]):
        m = on[p]
        if m < 0:
            continue
        k = 0
        while routes[m, k] != p:
            k += 1
        _take_at(cell, state, m, k)
        dirty[m] = True


@_kernel
def take_job(cell: Cell, state: State, j: int, dirty: Bools, out: Ints, count: int) -> int:
    """Take a job and all that follow it out, append them to `out`; answers its new length. The caller retimes."""
    if state.on[cell.job_first[j]] < 0:
        return count
    at = count
    out[count] = j
    count += 1
    _take_parts(cell, state, j, dirty)
    while at < count:
        now = out[at]
        at += 1
        for i in range(cell.next_first[now], cell.next_first[now + 1]):
            f = cell.next_job[i]
            if state.on[cell.job_first[f]] >= 0:
                _take_parts(cell, state, f, dirty)
                out[count] = f
                count += 1
    return count


@_kernel
def _job_end(cell: Cell, state: State, j: int) -> float:
    """Moment at which the last part of a job ends."""
    end_s = cell.job_end_out[j]
    for p in range(cell.job_first[j], cell.job_first[j] + cell.job_parts[j]):
        end_s = max(end_s, state.end_s[p])
    return float(end_s)


@_kernel
def _make_ready(cell: Cell, state: State, m: int, dirty: Bools) -> None:
    """Set the moments from which the followers of a route's jobs are ready; marks the routes on which that changes."""
    route, part_job, next_first, next_job = state.route[m], cell.part_job, cell.next_first, cell.next_job
    job_first, job_parts, pause, ready, on = cell.job_first, cell.job_parts, cell.job_pause, state.ready, state.on
    ends, end_out = state.end_s, cell.job_end_out
    for k in range(state.length[m]):
        j = part_job[route[k]]
        if next_first[j + 1] == next_first[j]:
            continue
        end_s = end_out[j]
        for p in range(job_first[j], job_first[j] + job_parts[j]):
            end_s = max(end_s, ends[p])
        for i in range(next_first[j], next_first[j + 1]):
            f = next_job[i]
            for q in range(job_first[f], job_first[f] + job_parts[f]):
                if abs(ready[q] - end_s - pause[f]) > 1e-6:
                    ready[q] = end_s + pause[f]
                    if on[q] >= 0:
                        dirty[on[q]] = True


@_kernel
def _propagate(cell: Cell, state: State, touched: Bools, dirty: Bools) -> tuple[int, int]:
    """Time all dirty routes, and those whose jobs get ready at another moment by it; answers a stop that fails."""
    machines = len(cell.yard)
    for _ in range(12 * machines + 24):
        m = -1
        for i in range(machines):
            if dirty[i]:
                m = i
                break
        if m < 0:
            return -1, -1
        dirty[m] = False
        touched[m] = True
        k = retime(cell, state, m)
        if k >= 0:
            return m, k
        if not cell.chained:
            continue
        _make_ready(cell, state, m, dirty)
    for m in range(machines):  # jobs that wait for each other in a circle
        if dirty[m]:
            for k in range(state.length[m]):
                if cell.job_after[cell.part_job[state.route[m, k]]] >= 0:
                    return m, k
    return -1, -1


@_kernel
def settle(cell: Cell, state: State, touched: Bools, dirty: Bools, out: Ints, count: int) -> int:
    """Retime dirty routes, taking out the jobs that they can no longer keep; answers the longer list of jobs out."""
    while True:
        m, k = _propagate(cell, state, touched, dirty)
        if m < 0:
            return count
        dirty[m] = True
        count = take_job(cell, state, cell.part_job[state.route[m, k]], dirty, out, count)


@njit(cache=True, nogil=True, inline="always")
def _put(cell: Cell, state: State, m: int, k: int, p: int, touched: Bools, dirty: Bools) -> bool:
    n, route = state.length[m], state.route[m]
    for i in range(n, k, -1):
        route[i] = route[i - 1]
    route[k] = p
    state.length[m] = n + 1
    state.on[p] = m
    state.load[m] += cell.demand[p]
    if not cell.chained:
        touched[m] = True
        return retime(cell, state, m) < 0
    dirty[m] = True
    return _propagate(cell, state, touched, dirty)[0] < 0


@_kernel
def put_job(
    cell: Cell, state: State, j: int, touched: Bools, dirty: Bools, rng: NDArray[np.uint64], blink: float, spill: Ints
) -> bool:
    """Insert all parts of a job where they cost least, if that gains value; else leave the state as it was.

    What could follow the job counts as gained: a harvest that does not pay may make room for a sowing that does.
    """
    cost_all, worth = 0.0, cell.job_value[j] + cell.job_hope[j]
    first, last = cell.job_first[j], cell.job_first[j] + cell.job_parts[j]
    work_s, length, machines, length_max = cell.work_s, state.length, len(cell.yard), state.route.shape[1]
    before = cell.job_after[j]
    if before >= 0:
        if state.on[cell.job_first[before]] < 0:
            return False
        ready = _job_end(cell, state, before) + cell.job_pause[j]
        for p in range(first, last):
            state.ready[p] = ready
    for p in range(first, last):
        best, best_m, best_k = worth - cost_all, -1, -1
        for m in range(machines):
            if work_s[m, p] == np.inf or length[m] >= length_max:
                continue
            cost, k = best_position(cell, state, m, p, best, rng, blink)
            if k >= 0:
                best, best_m, best_k = cost, m, k
        if best_m >= 0 and _put(cell, state, best_m, best_k, p, touched, dirty):
            cost_all += best
            continue
        for q in range(first, p + 1):
            m = state.on[q]
            if m < 0:
                continue
            k = 0
            while state.route[m, k] != q:
                k += 1
            _take_at(cell, state, m, k)
            dirty[m] = True
        settle(cell, state, touched, dirty, spill, 0)
        return False
    return True


@_kernel
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
        other.opens[m, k] = state.opens[m, k]
    other.load[m] = state.load[m]


@njit(cache=True, nogil=True, inline="always")
def _fill_from(target: NDArray[Any], source: NDArray[Any]) -> None:
    """`target[:] = source` without the copy that numba makes in case they overlap."""
    for i in range(len(source)):
        target[i] = source[i]


@_kernel
def _copy_rest(cell: Cell, state: State, other: State) -> None:
    """Copy what belongs to no single route."""
    _fill_from(other.on, state.on)
    if cell.chained:
        _fill_from(other.ready, state.ready)
        _fill_from(other.start_s, state.start_s)
        _fill_from(other.end_s, state.end_s)
        _fill_from(other.late_s, state.late_s)
    if cell.dries:
        _fill_from(other.wet_day, state.wet_day)
        _fill_from(other.wait_day, state.wait_day)
        _fill_from(other.wet, state.wet)
        _fill_from(other.waiting, state.waiting)


@_kernel
def _copy_crew(state: State, other: State, m: int) -> None:
    _fill_from(other.crew[m], state.crew[m])
    _fill_from(other.clock_start[m], state.clock_start[m])
    _fill_from(other.clock_cum[m], state.clock_cum[m])
    _fill_from(other.wopen[m], state.wopen[m])
    _fill_from(other.wclose[m], state.wclose[m])


@_kernel
def _ruin(
    cell: Cell,
    state: State,
    seed: int,
    near: Ints,
    dirty: Bools,
    out: Ints,
    count: int,
    picked: Ints,
    ruined: Bools,
    rng: NDArray[np.uint64],
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
    for m in range(machines):
        ruined[m] = False
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
            picked[chosen] = cell.part_job[state.route[m, i]]
            chosen += 1
        for i in range(chosen):
            count = take_job(cell, state, picked[i], dirty, out, count)
    return count


@_kernel
def _move_operator(
    cell: Cell, state: State, dirty: Bools, crew_touched: Bools, out: Ints, rng: NDArray[np.uint64]
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
        if not cell.may[o, b, d] or cell.crew_fixed[b, d]:
            continue
        a, other = state.drives[o, d], state.crew[b, d]
        if a == b or (a >= 0 and cell.crew_fixed[a, d]):
            continue
        state.crew[b, d] = o
        state.drives[o, d] = b
        crew_touched[b] = True
        changed = True
        if a >= 0:
            state.crew[a, d] = -1
            crew_touched[a] = True
            if clears:
                count = _take_day(cell, state, a, d, dirty, out, count)
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
            dirty[m] = True
            set_clock(cell, state, m)
    return b, count


@_kernel
def _take_day(cell: Cell, state: State, m: int, d: int, dirty: Bools, out: Ints, count: int) -> int:
    """Take out the jobs that a machine ends on a day; positions and end days move together."""
    k = 0
    while k < state.length[m]:
        if state.end_day[m, k] != d:
            k += 1
            continue
        count = take_job(cell, state, cell.part_job[state.route[m, k]], dirty, out, count)
        k = 0
    return count


@_kernel
def _sort_out(cell: Cell, out: Ints, count: int, key: Floats, rng: NDArray[np.uint64]) -> None:
    """Order the jobs to be put back by one of several rules, drawn at random; few, so by insertion."""
    order = _below(rng, ORDERS)
    for i in range(count):
        j = out[i]
        p = cell.job_first[j]
        noise = _uniform(rng)
        if order == 0:
            rank = noise
        elif order == 1:
            rank = -cell.job_value[j]
        elif order == 2:
            rank = cell.due_s[p]
        elif order == 3:
            rank = cell.close_s[p] - cell.open_s[p]
        elif order == 4:
            rank = cell.close_s[p]
        elif order == 5:
            rank = noise - 1.0 * cell.job_parts[j]
        else:
            rank = -cell.value[p] * (0.8 + 0.4 * noise) / _shortest_work(cell, p)
        k = i
        while k > 0 and key[k - 1] > rank:
            key[k], out[k] = key[k - 1], out[k - 1]
            k -= 1
        key[k], out[k] = rank, j


@_kernel
def _shortest_work(cell: Cell, p: int) -> float:
    best = np.inf
    for m in range(cell.work_s.shape[0]):
        best = min(best, cell.work_s[m, p])
    return best if best < np.inf else 1.0


@_kernel
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
        added = False
        while j >= 0 and state.on[cell.job_first[j]] < 0:  # with the jobs before it, if they are unserved too
            fresh = True
            for i in range(count):
                if out[i] == j:
                    fresh = False
            if fresh:
                out[count] = j
                count += 1
                added = True
            j = cell.job_after[j]
        joined += added
    return count


@njit(cache=True, nogil=True)
def load(cell: Cell, state: State) -> float:
    """Set clocks and times of a state whose crew, routes, lengths and wet days are given; answers its worth."""
    machines, days = cell.day_start.shape
    for m in range(machines):
        for d in range(days):
            if state.crew[m, d] >= 0:
                state.drives[state.crew[m, d], d] = m
        set_clock(cell, state, m)
    touched, dirty = np.zeros(machines, np.bool_), np.ones(machines, np.bool_)
    for p in range(len(cell.value)):
        if state.wet_day[p] >= 0:
            state.wet[state.wet_day[p]] += cell.wet_t[p]
    _fill_dryers(cell.dry_t, state.wet, state.waiting, 0)
    for m in range(machines):
        for k in range(state.length[m]):
            state.on[state.route[m, k]] = m
            state.load[m] += cell.demand[state.route[m, k]]
    out = np.empty(2 * len(cell.job_first) + 1, np.int64)
    for j in range(len(cell.job_first)):  # nobody follows an unserved job
        before = cell.job_after[j]
        if before >= 0 and state.on[cell.job_first[before]] < 0:
            take_job(cell, state, j, dirty, out, 0)
    settle(cell, state, touched, dirty, out, 0)
    total = 0.0
    for m in range(machines):
        total += state.worth[m]
    return total


@_kernel
def moments(cell: Cell, state: State, start_s: Floats, end_s: Floats) -> None:
    """(p,) moments of start and end of every served part; clocks are set from the crew first."""
    for m in range(len(cell.yard)):
        set_clock(cell, state, m)
        for k in range(state.length[m]):
            p = state.route[m, k]
            end_s[p], _day = _end_moment(state.clock_start[m], state.clock_cum[m], state.end[m, k], 0)
            start_s[p] = _begin_moment(state.clock_start[m], state.clock_cum[m], state.end[m, k] - cell.work_s[m, p])


@_kernel
def put_back(
    cell: Cell,
    state: State,
    out: Ints,
    count: int,
    touched: Bools,
    dirty: Bools,
    rng: NDArray[np.uint64],
    spill: Ints,
) -> None:
    """Insert jobs in the order given; who follows an unserved job is tried again once that one is in."""
    left = count
    while left > 0:
        kept, done = 0, False
        for i in range(left):
            j = out[i]
            if state.on[cell.job_first[j]] >= 0:
                continue
            before = cell.job_after[j]
            if before >= 0 and state.on[cell.job_first[before]] < 0:
                out[kept] = j
                kept += 1
                continue
            done = put_job(cell, state, j, touched, dirty, rng, BLINK, spill) or done
        left = kept if done and cell.chained else 0


@_kernel
def _step(
    cell: Cell,
    trial: State,
    touched: Bools,
    crew_touched: Bools,
    dirty: Bools,
    ruined: Bools,
    out: Ints,
    spill: Ints,
    picked: Ints,
    key: Floats,
    crew_share: float,
    rng: NDArray[np.uint64],
) -> None:
    """One ruin and recreate; marks the routes that changed."""
    count = 0
    seed = _below(rng, len(cell.job_first))
    if crew_share > 0.0 and _uniform(rng) < crew_share:
        m, count = _move_operator(cell, trial, dirty, crew_touched, out, rng)
        count = settle(cell, trial, touched, dirty, out, count)
        if m >= 0 and trial.length[m] > 0:
            seed = cell.part_job[trial.route[m, _below(rng, trial.length[m])]]
    near = cell.near_place if _uniform(rng) < 0.5 else cell.near_time
    count = _ruin(cell, trial, seed, near, dirty, out, count, picked, ruined, rng)
    count = settle(cell, trial, touched, dirty, out, count)
    count = _join_unserved(cell, trial, seed, near, out, count, rng)
    _sort_out(cell, out, count, key, rng)
    put_back(cell, trial, out, count, touched, dirty, rng, spill)


@_kernel
def _worth(state: State) -> float:
    worth = 0.0
    for m in range(len(state.worth)):
        worth += state.worth[m]
    return worth


@_kernel
def _copy_touched(cell: Cell, state: State, other: State, touched: Bools, crew_touched: Bools) -> None:
    """Copy what a step changed from `state` to `other`."""
    crews = False
    for m in range(len(touched)):
        if touched[m]:
            _copy_route(state, other, m)
        if crew_touched[m]:
            crews = True
            _copy_crew(state, other, m)
    if crews:
        for o in range(len(state.drives)):
            _fill_from(other.drives[o], state.drives[o])
    _copy_rest(cell, state, other)


@_kernel
def _copy_all(cell: Cell, state: State, other: State) -> None:
    """Copy routes and crew, clocks aside."""
    for m in range(len(cell.yard)):
        _copy_route(state, other, m)
        _fill_from(other.crew[m], state.crew[m])
    _copy_rest(cell, state, other)


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
    _copy_all(cell, state, trial)
    _copy_all(cell, state, best)
    for m in range(machines):
        _copy_crew(state, trial, m)
    trial.drives[:, :] = state.drives
    worth = best_worth = _worth(state)
    if jobs == 0 or machines == 0:
        return worth, best_worth
    touched = np.zeros(machines, np.bool_)
    crew_touched = np.zeros(machines, np.bool_)
    dirty = np.zeros(machines, np.bool_)
    ruined = np.zeros(machines, np.bool_)
    out, spill = np.empty(2 * len(cell.value) + 3 * jobs + 1, np.int64), np.empty(jobs + 1, np.int64)
    key = np.empty(len(out))
    picked = np.empty(trial.route.shape[1] + 1, np.int64)
    cooling = (cold_fen / hot_fen) ** (1.0 / max(1, steps))
    heat = hot_fen
    for _ in range(steps):
        heat *= cooling
        for m in range(machines):
            touched[m] = crew_touched[m] = False
        _step(cell, trial, touched, crew_touched, dirty, ruined, out, spill, picked, key, crew_share, rng)
        new = _worth(trial)
        if new > worth + heat * np.log(max(1e-300, _uniform(rng))):
            worth = new
            _copy_touched(cell, trial, state, touched, crew_touched)
            if new > best_worth + 1e-6:
                best_worth = new
                _copy_all(cell, state, best)
        else:
            _copy_touched(cell, state, trial, touched, crew_touched)
    return worth, best_worth
