"""Runs: stretches of a track with the tool at work, split at gaps and turns, as lines that a tool can be laid along."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.int8]

TURN, HOLE = 1, 2  # what can end a run between two fixes
TURN_DEG = 50.0  # measured on constructed fields, 2026-11-22: splitting there and lengthening is the greatest gain
STRAIGHT_DEG, STRAIGHT_SHARE = 15.0, 0.15  # assumption: a hole with less bend and lost way was a straight pass
NEAR_SHARE = 0.75  # assumption: speed changes less than that within one step of a straight pass
GAP_STEPS = 2.5  # two fixes further apart than so many usual steps have others missing between them


@dataclass(frozen=True, slots=True)
class Runs:
    """k runs; run i has the points `start[i]` to `start[i + 1]` (excluded), each a fix of the track."""

    x_m: Floats  # (n,)
    y_m: Floats
    fix: Ints  # (n,) index of the fix
    start: Ints  # (k + 1,)
    turned: NDArray[np.int8]  # (k, 2) begin and end: 1 where the tool stayed down across a turn there

    def __len__(self) -> int:
        return len(self.start) - 1


def make_runs(x_m: Floats, y_m: Floats, on: Flags, cut: Flags, *, base_m: float, move_m: float) -> Runs:
    """Split a track into runs.

    Args:
        x_m: (n,) metres.
        y_m: (n,) metres.
        on: (n,) 1 where the tool is at work.
        cut: (n,) what ends a run between this fix and the next: TURN (the tool stayed down) or HOLE (fixes missing).
        base_m: a heading is taken over at least this distance, so that noise makes no turns.
        move_m: a fix nearer to the last one kept is left out.
    """
    keep_x, keep_y, fix, start, turned = _split(x_m, y_m, on, cut, base_m, move_m, np.cos(np.radians(TURN_DEG)))
    return _doubled(Runs(keep_x, keep_y, fix, start, turned))


def thinned(runs: Runs, tolerance_m: float) -> Runs:
    """The same runs by fewer points: no point that is left out lies further than `tolerance_m` off."""
    keep = thin(runs.x_m, runs.y_m, runs.start, tolerance_m)
    start = np.concatenate([[0], np.cumsum(keep)])[runs.start]
    return Runs(runs.x_m[keep], runs.y_m[keep], runs.fix[keep], start, runs.turned)


def _doubled(runs: Runs) -> Runs:
    """Runs of one fix get a second point in the same place, so that both ends can be moved out."""
    counts = np.diff(runs.start)
    if not (counts == 1).any():
        return runs
    times = np.ones(len(runs.x_m), dtype=np.int64)
    times[runs.start[:-1][counts == 1]] = 2
    start = np.concatenate([[0], np.cumsum(np.maximum(counts, 2))])
    return Runs(runs.x_m.repeat(times), runs.y_m.repeat(times), runs.fix.repeat(times), start, runs.turned)


@njit(cache=True, nogil=True)
def _split(x_m, y_m, on, cut, base_m, move_m, cos_turn):  # type: ignore[no-untyped-def]
    count = len(x_m)
    keep = np.empty(count, np.int64)
    chain = np.empty(count + 1, np.int64)
    bent = np.zeros(count + 1, np.int8)  # whether the tool stayed down across a turn before this chain
    kept = chains = 0
    move2 = move_m * move_m
    before = -1
    for i in range(count):
        if on[i] != 1:
            before = -1
            continue
        if before < 0 or cut[i - 1] > 0:
            chain[chains] = kept
            bent[chains] = 1 if before >= 0 and cut[i - 1] == 1 else 0
            chains += 1
        else:
            last = keep[kept - 1]
            if (x_m[i] - x_m[last]) ** 2 + (y_m[i] - y_m[last]) ** 2 < move2:
                before = i
                continue
        keep[kept] = i
        kept += 1
        before = i
    chain[chains] = kept
    fix = np.empty(3 * kept + 3, np.int64)
    start = np.empty(3 * kept + 3, np.int64)
    turned = np.zeros((3 * kept + 3, 2), np.int8)
    points = runs = 0
    base2 = base_m * base_m
    for c in range(chains):
        first, end = chain[c], chain[c + 1]
        start[runs] = points
        if bent[c] == 1 and runs > 0:
            turned[runs, 0] = turned[runs - 1, 1] = 1
        i = first
        while i < end:
            fix[points] = keep[i]
            points += 1
            if i == first or i == end - 1:
                i += 1
                continue
            last = i  # the turn: a group of points at each of which the heading changes
            if _cos_at(x_m, y_m, keep, first, end, i, base2) < cos_turn:
                while last + 1 < end - 1 and _cos_at(x_m, y_m, keep, first, end, last + 1, base2) < cos_turn:
                    last += 1
            elif _cut_corner(x_m, y_m, keep, first, end, i, base2, cos_turn):
                last = i + 1
            else:
                i += 1
                continue
            turned[runs, 1] = 1
            runs += 1
            if last - i >= 2:  # driven with the tool down: ground of its own
                start[runs] = points
                for j in range(i, last + 1):
                    fix[points] = keep[j]
                    points += 1
                turned[runs, 0] = 2
                turned[runs, 1] = 2
                runs += 1
            start[runs] = points
            turned[runs, 0] = 1
            fix[points] = keep[last]
            points += 1
            i = last + 1
        runs += 1
    start[runs] = points
    fix = fix[:points].copy()
    return x_m[fix], y_m[fix], fix, start[: runs + 1].copy(), turned[:runs].copy()


@njit(cache=True, nogil=True)
def _cos_at(x_m, y_m, keep, first, end, i, base2):  # type: ignore[no-untyped-def]
    here = keep[i]
    j = i - 1
    while j > first and (x_m[keep[j]] - x_m[here]) ** 2 + (y_m[keep[j]] - y_m[here]) ** 2 < base2:
        j -= 1
    k = i + 1
    while k < end - 1 and (x_m[keep[k]] - x_m[here]) ** 2 + (y_m[keep[k]] - y_m[here]) ** 2 < base2:
        k += 1
    ax, ay = x_m[here] - x_m[keep[j]], y_m[here] - y_m[keep[j]]
    bx, by = x_m[keep[k]] - x_m[here], y_m[keep[k]] - y_m[here]
    size = np.sqrt((ax * ax + ay * ay) * (bx * bx + by * by))
    return 1.0 if size == 0.0 else (ax * bx + ay * by) / size


@njit(cache=True, nogil=True)
def _cut_corner(x_m, y_m, keep, first, end, i, base2, cos_turn):  # type: ignore[no-untyped-def]
    """Whether the way from point i to the next cuts a corner that lies between the two fixes."""
    if i + 2 >= end:
        return False
    here, there = keep[i], keep[i + 1]
    cx, cy = x_m[there] - x_m[here], y_m[there] - y_m[here]
    chord2 = cx * cx + cy * cy
    if chord2 < base2:
        return False
    ax, ay = x_m[here] - x_m[keep[i - 1]], y_m[here] - y_m[keep[i - 1]]
    bx, by = x_m[keep[i + 2]] - x_m[there], y_m[keep[i + 2]] - y_m[there]
    a2, b2 = ax * ax + ay * ay, bx * bx + by * by
    if a2 < base2 or b2 < base2:
        return False
    if ax * bx + ay * by >= cos_turn * np.sqrt(a2 * b2):
        return False
    slight = 0.94  # cosine of 20 degrees
    return ax * cx + ay * cy < slight * np.sqrt(a2 * chord2) and cx * bx + cy * by < slight * np.sqrt(chord2 * b2)


@njit(cache=True, nogil=True)
def thin(x_m, y_m, start, tolerance_m):  # type: ignore[no-untyped-def]
    """Which points of the runs to keep so that no other lies further than `tolerance_m` off (cone of directions)."""
    keep = np.zeros(len(x_m), np.bool_)
    for run in range(len(start) - 1):
        begin, end = start[run], start[run + 1]
        if begin == end:
            continue
        keep[begin] = True
        keep[end - 1] = True
        anchor = begin
        low, high = -1e9, 1e9  # bounds of the direction, as offset angles from the first
        turn_x = turn_y = 0.0
        i = begin + 1
        while i < end:
            dx, dy = x_m[i] - x_m[anchor], y_m[i] - y_m[anchor]
            far = np.sqrt(dx * dx + dy * dy)
            if far <= tolerance_m:
                i += 1
                continue
            if turn_x == 0.0 and turn_y == 0.0:
                turn_x, turn_y = dx / far, dy / far
            along, across = dx * turn_x + dy * turn_y, dy * turn_x - dx * turn_y
            if along <= 0.0:
                angle, spread = 9.0, 0.0
            else:
                angle, spread = across / along, tolerance_m / along * np.sqrt(1 + (across / along) ** 2)
            if low <= angle <= high and abs(angle) < 1.0:
                low, high = max(low, angle - spread), min(high, angle + spread)
                i += 1
                continue
            if i - 1 == anchor:
                i += 1
            else:
                anchor = i - 1
                keep[anchor] = True
            low, high, turn_x, turn_y = -1e9, 1e9, 0.0, 0.0
    return keep


def cuts_between(
    t_s: Floats,
    x_m: Floats,
    y_m: Floats,
    on: Flags,
    speed_m_s: Floats,
    course_deg: Floats,
    *,
    coarse_m: float,
    gap_s: float,
) -> Flags:
    """TURN where a machine at work must have turned between a fix and the next: it came less far than it drove, or its
    course is another; HOLE where fixes are missing, unless the machine just went straight on.

    Only steps of more than `coarse_m` are asked for turns; shorter ones show the turn themselves.

    Args:
        t_s: (n,) times.
        x_m: (n,) metres.
        y_m: (n,) metres.
        on: (n,) 1 where the tool is at work.
        speed_m_s: (n,) speed, nan where not known.
        course_deg: (n,) course, nan where not known.
        coarse_m: see above.
        gap_s: fixes further apart in time have others missing between them.
    """
    cut = np.zeros(len(t_s), dtype=np.int8)
    both = (on[:-1] == 1) & (on[1:] == 1)
    wait = np.diff(t_s)
    step_x, step_y = np.diff(x_m), np.diff(y_m)
    moved = np.hypot(step_x, step_y)
    hole = wait > gap_s
    at_work = moved[both & ~hole] / wait[both & ~hole]
    usual = float(np.percentile(at_work, 70)) if len(at_work) else 0.0
    speed = np.where(np.isfinite(speed_m_s), speed_m_s, usual)
    driven = (speed[:-1] + speed[1:]) / 2 * wait
    swung = np.abs((np.diff(course_deg) + 180) % 360 - 180)
    with np.errstate(invalid="ignore"):
        bent = (moved < NEAR_SHARE * driven) | (swung > TURN_DEG)
    cut[:-1][both & (driven > coarse_m) & bent & ~hole] = TURN
    cut[:-1][hole & ~(both & _went_straight(step_x, step_y, moved, driven, bent))] = HOLE
    return cut


def _went_straight(
    step_x: Floats, step_y: Floats, moved: Floats, driven: Floats, bent: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Whether the way over a hole is as long as was driven, and leads on as the steps before and after it."""
    size = np.where(moved > 0, moved, 1.0)
    x, y = step_x / size, step_y / size
    on = np.zeros(len(moved), dtype=bool)
    ahead = x[:-1] * x[1:] + y[:-1] * y[1:] > np.cos(np.radians(STRAIGHT_DEG))
    on[1:-1] = ahead[:-1] & ahead[1:]
    straight: NDArray[np.bool_] = on & ~bent & (moved > (1 - STRAIGHT_SHARE) * driven)
    return straight & (moved < (1 + STRAIGHT_SHARE) * driven)
