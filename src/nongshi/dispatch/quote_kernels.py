"""The compiled heart of quotes: every position of every route tried for one new job, exactly.

A route stands as rows of numbers, one a stop (columns below), timed on its machine's working clock as in
`dispatch.ruin`: whether an insertion keeps the windows behind it is answered in O(1) from LATEST, and what it adds to
the losses behind it by a walk that ends where the delay is used up. `dispatch.quote_plain` says the same in plain
Python; the two must agree (tests/dispatch/test_quote.py).
"""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

import numpy as np
from numba import njit

from nongshi.dispatch.problem import Bools, Floats, Ints
from nongshi.geo.distance import EARTH_RADIUS_KM

# columns of a stop
LON, LAT, COS = 0, 1, 2  # radians, and the cosine of the latitude
FIELD = 3  # number of the field: no move between stops on the same
OPENS, CLOSES, WORK = 4, 5, 6  # working seconds: start not before, end not after, duration
WORK_FEN, VALUE, DUE, CURVE, WET = 7, 8, 9, 10, 11  # fen, fen, seconds after the origin, number, tonnes
LEG, END, DAY, LOSS, LATEST = 12, 13, 14, 15, 16  # km from the stop before; working time; day; fen; working time
PART = 17
WAITS = 18  # stops so far, itself included, that begin later than the machine is there
COLUMNS = 19

YARD, NOWHERE = -1.0, -2.0  # fields of a yard and of a new job on a field that has none yet
EPS_S = 1e-7  # slack of windows, so that rounding never turns a stop away (as dispatch.ruin)
ROUND_S = 1e-8
DRY_SPARE_T = 2e-6  # wet tonnes a day kept free of rounding (as dispatch.ruin)
WAIT_MARGIN_S = 120.0  # as dispatch.solution.WAIT_MARGIN_S


class Board(NamedTuple):
    """All routes of a plan, timed. m machines, l stops at most, d days."""

    rows: Floats  # (m, l, COLUMNS)
    length: Ints  # (m,)
    start: Floats  # (m, d) begin of usable hours
    cum: Floats  # (m, d + 1) working time before each day
    own_s: Floats  # (m,) working time before the days that only an idle operator could crew
    yard: Floats  # (m, 3) LON, LAT, COS
    s_km: Floats  # (m,) seconds a km
    load_s: Floats  # (m,)
    fen_km: Floats  # (m,)
    late_s: Floats  # (k, x) as Problem.curve_late_s
    share: Floats
    slope: Floats
    wet: Floats  # (d,) tonnes harvested
    dry_t: Floats  # (d,) tonnes dried
    hold_t: float
    dries: bool
    detour: float


class Wanted(NamedTuple):
    """A job to be quoted; its parts are equal."""

    spot: tuple[float, float, float]  # LON, LAT, COS
    field: float
    parts: int
    value: float  # fen a part
    due: float
    curve: int
    wet: float  # tonnes a part
    work: Floats  # (m,) working seconds a part; inf: cannot
    fen: Floats  # (m,) cost of a part's work
    opens: Floats  # (m,) working time
    closes: Floats  # (m,)
    first: Ints  # (m,) positions before this one would stand before the job that it must follow


class Room(NamedTuple):
    """Scratch room of one quote at a time."""

    rows: Floats  # (m, l, COLUMNS) a copy of the board's
    wet: Floats  # (d,) base of a scan
    wet_try: Floats
    waiting: Floats
    delay: Floats  # (l, l + 1) as quote_displace._delays, of one machine
    known: Bools  # (l,) which rows of it


@njit(cache=True, nogil=True, inline="always")
def km_between(lon1: float, lat1: float, cos1: float, lon2: float, lat2: float, cos2: float) -> float:
    """Haversine distance in km of places in radians; as geo.distance.km_between."""
    a = sin((lat2 - lat1) / 2) ** 2 + cos1 * cos2 * sin((lon2 - lon1) / 2) ** 2
    return float(2 * EARTH_RADIUS_KM * asin(sqrt(min(a, 1.0))))


def spot(lon: float, lat: float) -> tuple[float, float, float]:
    """LON, LAT and COS of a place in degrees."""
    return radians(lon), radians(lat), cos(radians(lat))


@njit(cache=True, nogil=True, inline="always")
def late_share(board: Board, curve: int, late: float) -> float:
    """Share lost of a part that ends so many seconds late."""
    if late <= 0.0:
        return 0.0
    i = 0
    while i + 1 < board.late_s.shape[1] and board.late_s[curve, i + 1] <= late:
        i += 1
    return float(min(1.0, board.share[curve, i] + board.slope[curve, i] * (late - board.late_s[curve, i])))


@njit(cache=True, nogil=True)
def worked(board: Board, m: int, moment: float) -> float:
    """Working time of a machine that has passed at a moment."""
    start, cum = board.start[m], board.cum[m]
    for d in range(len(start) - 1, -1, -1):
        if cum[d + 1] > cum[d] and moment > start[d]:
            return float(cum[d] + min(moment - start[d], cum[d + 1] - cum[d]))
    return 0.0


@njit(cache=True, nogil=True)
def windows(board: Board, opens_s: float, closes_s: float, opens: Floats, closes: Floats) -> None:
    """The window of a job on every machine's clock."""
    for m in range(len(opens)):
        opens[m], closes[m] = worked(board, m, opens_s), worked(board, m, closes_s) + EPS_S


@njit(cache=True, nogil=True, inline="always")
def day_at(cum: Floats, now: float, day: int) -> int:
    """The day in which a working time is reached, looking from a day on."""
    while day < len(cum) - 2 and cum[day + 1] < now - EPS_S:
        day += 1
    return day


@njit(cache=True, nogil=True)
def _fill(board: Board, wet: Floats, waiting: Floats) -> None:
    """Grain that waits over night after each day."""
    before = 0.0
    for d in range(len(wet)):
        before = max(0.0, before + wet[d] - board.dry_t[d])
        waiting[d] = before


@njit(cache=True, nogil=True)
def _has_room(board: Board, wet: Floats, waiting: Floats, wet_t: float, day: int) -> bool:
    """Whether the dryers take so many tonnes more on a day."""
    before, extra = (waiting[day - 1] if day > 0 else 0.0), wet_t
    for d in range(day, len(wet)):
        before = max(0.0, before + wet[d] + extra - board.dry_t[d] + DRY_SPARE_T)
        extra = 0.0
        if before > board.hold_t:
            return False
        if before <= waiting[d]:
            break
    return True


@njit(cache=True, nogil=True)
def dried(board: Board, m: int, wet: Floats, waiting: Floats, wet_t: float, now: float, day: int) -> tuple[float, int]:
    """(working time, day) at which wet grain can end at the earliest, counting it there; time inf: never."""
    days, cum = len(wet), board.cum[m]
    _fill(board, wet, waiting)
    day = day_at(cum, now, day)
    for f in range(day, days):
        if f > day:
            if cum[f + 1] <= cum[f] or cum[f] + WAIT_MARGIN_S > cum[f + 1]:
                continue  # the machine stands still that day
            now = max(now, cum[f] + WAIT_MARGIN_S)
        if _has_room(board, wet, waiting, wet_t, f):
            wet[f] += wet_t
            return now, f
    return np.inf, day


@njit(cache=True, nogil=True)
def retime(board: Board, m: int, rows: Floats, n: int, k: int, wet: Floats, waiting: Floats) -> bool:
    """Earliest times from stop k on, and LATEST of all; False where a stop can no longer be kept."""
    cum, start = board.cum[m], board.start[m]
    now, day = (rows[k - 1, END], int(rows[k - 1, DAY])) if k > 0 else (0.0, 0)
    for i in range(k, n):
        row = rows[i]
        if i == 0 or rows[i - 1, FIELD] != row[FIELD]:
            now += row[LEG] * board.s_km[m] + board.load_s[m]
        now = max(now, row[OPENS]) + row[WORK]
        day = day_at(cum, now, day)
        if board.dries and row[WET] > 0.0 and day != int(row[DAY]):
            if row[DAY] >= 0.0:
                wet[int(row[DAY])] -= row[WET]
            now, day = dried(board, m, wet, waiting, row[WET], now, day)
        if now > row[CLOSES]:
            return False
        row[END], row[DAY] = now, day
        row[LOSS] = row[VALUE] * late_share(board, int(row[CURVE]), start[day] + now - cum[day] - row[DUE])
    latest = np.inf
    for i in range(n - 1, -1, -1):
        latest = min(latest, rows[i, CLOSES]) - rows[i, WORK]
        rows[i, LATEST] = latest
        if i > 0 and rows[i - 1, FIELD] != rows[i, FIELD]:
            latest -= rows[i, LEG] * board.s_km[m] + board.load_s[m]
    return True


@njit(cache=True, nogil=True)
def measure(board: Board, m: int, wanted: Wanted, km: Floats) -> None:
    """km[0] from the yard to the job, km[k + 1] between stop k and the job."""
    x, y, c = wanted.spot[0], wanted.spot[1], wanted.spot[2]
    yard = board.yard[m]
    km[0] = board.detour * km_between(yard[0], yard[1], yard[2], x, y, c)
    for k in range(board.length[m]):
        row = board.rows[m, k]
        km[k + 1] = board.detour * km_between(row[LON], row[LAT], row[COS], x, y, c)


@njit(cache=True, nogil=True)
def try_at(
    board: Board,
    m: int,
    rows: Floats,
    n: int,
    k: int,
    a: int,
    b: int,
    wanted: Wanted,
    parts: int,
    km_to: float,
    km_on: float,
    limit_s: float,
    floor: float,
    room: Room,
) -> tuple[float, float, float, float, float]:
    """(gain in fen, km more, working time of start, of end, of the route's end) of so many parts in a row from stop k.

    Stops a .. b - 1 are passed over as if they were not there (a = b = -1: none). `floor`: nothing that gains no more
    is wanted (-inf is answered). `limit_s`: the route may work no longer.
    """
    none = (-np.inf, 0.0, 0.0, 0.0, 0.0)
    cum, start, work = board.cum[m], board.start[m], wanted.work[m]
    prev = (a if k == b else k) - 1
    now, day = (rows[prev, END], int(rows[prev, DAY])) if prev >= 0 else (0.0, 0)
    km = km_to
    if prev < 0 or rows[prev, FIELD] != wanted.field:
        now += km_to * board.s_km[m] + board.load_s[m]
    now = max(now, wanted.opens[m])
    end, onward = now + parts * work, 0.0
    if end > wanted.closes[m]:
        return none
    if k < n:
        if rows[k, FIELD] != wanted.field:
            onward = km_on * board.s_km[m] + board.load_s[m]
        if end + onward > rows[k, LATEST] - ROUND_S:
            return none
        km += km_on - rows[k, LEG]
    gain = parts * (wanted.value - wanted.fen[m]) - km * board.fen_km[m]
    if gain <= floor:
        return none
    begin, counted = now, False
    for i in range(parts):
        now += work
        day = day_at(cum, now, day)
        if board.dries and wanted.wet > 0.0:
            if not counted:
                room.wet_try[:] = room.wet
                counted = True
            now, day = dried(board, m, room.wet_try, room.waiting, wanted.wet, now, day)
            if now > wanted.closes[m]:
                return none
        if i == 0:
            begin = now - work
        gain -= wanted.value * late_share(board, wanted.curve, start[day] + now - cum[day] - wanted.due)
    if gain <= floor or now > limit_s:
        return none
    end, last = now, now if k == n else rows[n - 1 if b < n else a - 1, END]
    now += onward
    i, field = k, rows[k, FIELD] if k < n else 0.0
    while i < n:
        row = rows[i]
        if field != row[FIELD]:
            now += row[LEG] * board.s_km[m] + board.load_s[m]
        now = max(now, row[OPENS]) + row[WORK]
        if now <= row[END] + EPS_S:
            break
        day = day_at(cum, now, day)
        if board.dries and row[WET] > 0.0 and day > int(row[DAY]):
            if not counted:
                room.wet_try[:] = room.wet
                counted = True
            room.wet_try[int(row[DAY])] -= row[WET]
            now, day = dried(board, m, room.wet_try, room.waiting, row[WET], now, day)
        if now > row[CLOSES] or now > limit_s:
            return none
        late = start[day] + now - cum[day] - row[DUE]
        gain -= row[VALUE] * late_share(board, int(row[CURVE]), late) - row[LOSS]
        if gain <= floor:
            return none
        field = row[FIELD]
        i = b if i + 1 == a else i + 1
        if i >= n:
            last = now
    return gain, km, begin, end, last


@njit(cache=True, nogil=True)
def offers(board: Board, wanted: Wanted, room: Room, km: Floats, found: Floats) -> None:
    """Every position of every machine. km (m, l + 1) is filled, found (m, l + 1, 5) as try_at answers."""
    found[:, :, 0] = -np.inf
    room.wet[:] = board.wet
    for m in range(len(board.length)):
        measure(board, m, wanted, km[m])
        work = wanted.parts * wanted.work[m]
        if wanted.opens[m] + work > wanted.closes[m]:
            continue
        n = board.length[m]
        for k in range(wanted.first[m], n + 1):
            if k > 0 and board.rows[m, k - 1, END] + work > wanted.closes[m]:
                break
            one = try_at(
                board,
                m,
                board.rows[m],
                n,
                k,
                -1,
                -1,
                wanted,
                wanted.parts,
                km[m, k],
                km[m, k + 1],
                np.inf,
                -np.inf,
                room,
            )
            for i in range(5):
                found[m, k, i] = one[i]


@njit(cache=True, nogil=True)
def moments(board: Board, picked: Ints, begin_end: Floats, out: Floats) -> None:
    """Moments of working times: `begin_end` (n, 2) on the clocks of `picked` machines, `out` (n, 2)."""
    for i in range(len(picked)):
        cum, start = board.cum[picked[i]], board.start[picked[i]]
        last = 0
        for d in range(len(start)):  # the last moment of a working time: what begins with the night begins after it
            if cum[d + 1] > cum[d]:
                last = d
                if begin_end[i, 0] < cum[d + 1] - 1e-5:
                    break
        out[i, 0] = start[last] + begin_end[i, 0] - cum[last]
        day = day_at(cum, begin_end[i, 1], 0)
        out[i, 1] = start[day] + begin_end[i, 1] - cum[day]


@njit(cache=True, nogil=True)
def put(board: Board, m: int, k: int, wanted: Wanted, km_to: float, km_on: float, room: Room) -> bool:
    """Write one part of the job into a route and time it; the caller keeps what was there before."""
    n, rows = board.length[m], board.rows[m]
    if n + 1 >= rows.shape[0]:
        return False
    for i in range(n, k, -1):
        rows[i] = rows[i - 1]
    row = rows[k]
    row[LON], row[LAT], row[COS] = wanted.spot[0], wanted.spot[1], wanted.spot[2]
    row[FIELD], row[OPENS], row[CLOSES], row[WORK] = wanted.field, wanted.opens[m], wanted.closes[m], wanted.work[m]
    row[WORK_FEN], row[VALUE], row[DUE], row[CURVE] = wanted.fen[m], wanted.value, wanted.due, wanted.curve
    row[WET], row[LEG], row[DAY], row[PART] = wanted.wet, km_to, -1.0, -1.0
    if k < n:
        rows[k + 1, LEG] = km_on
    board.length[m] = n + 1
    return retime(board, m, rows, n + 1, k, room.wet, room.waiting)


@njit(cache=True, nogil=True)
def split(board: Board, wanted: Wanted, room: Room, km: Floats, pieces: Floats) -> float:
    """Gain of the parts put in one after the other, each where it gains most; -inf where one does not fit.

    The board is changed: the caller puts it back. An idle operator is given to one machine only. `pieces`
    (parts, 3): machine, working time of start and of end, in the order put.
    """
    machines, total, borrower = len(board.length), 0.0, -1
    room.wet[:] = board.wet
    for i in range(wanted.parts):
        best, best_m, best_k = -np.inf, -1, -1
        for m in range(machines):
            if wanted.opens[m] + wanted.work[m] > wanted.closes[m]:
                continue
            measure(board, m, wanted, km[m])
            limit_s = np.inf if borrower < 0 or borrower == m else board.own_s[m] + EPS_S
            n = board.length[m]
            for k in range(wanted.first[m], n + 1):
                if k > 0 and board.rows[m, k - 1, END] + wanted.work[m] > wanted.closes[m]:
                    break
                one = try_at(
                    board, m, board.rows[m], n, k, -1, -1, wanted, 1, km[m, k], km[m, k + 1], limit_s, best, room
                )
                if one[0] > best:
                    best, best_m, best_k = one[0], m, k
                    pieces[i, 1], pieces[i, 2] = one[2], one[3]
        pieces[i, 0] = best_m
        if best_m < 0 or not put(board, best_m, best_k, wanted, km[best_m, best_k], km[best_m, best_k + 1], room):
            return -np.inf
        total += best
        if board.rows[best_m, board.length[best_m] - 1, END] > board.own_s[best_m] + EPS_S:
            borrower = best_m
    return float(total)


def make_room(board: Board) -> Room:
    """Scratch room that fits a board."""
    return Room(
        rows=board.rows.copy(),
        wet=board.wet.copy(),
        wet_try=board.wet.copy(),
        waiting=np.zeros_like(board.wet),
        delay=np.zeros((board.rows.shape[1] + 1, board.rows.shape[1] + 2)),
        known=np.zeros(board.rows.shape[1] + 1, np.bool_),
    )
