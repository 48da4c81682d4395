"""Whether two tracks are one drive: moved in space, delayed, turned, thinned or roughened a little.

What cannot be made twice is the jitter from fix to fix: receiver noise and the driver's hands. Its second differences
do not change when a track is moved or delayed, and only turn when it is turned; two honest tracks share none of them.
Two series of complex second differences are compared at every lag by FFT: the height of the best lag, in share of what
a perfect copy would reach, is about 1 for a copy, 0.1 for two honest drives of a thousand fixes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nongshi.claims.case import Case

Complex = NDArray[np.complex64]
FIXES_MAX = 4096  # compared of a track; the busiest stretch of it
FIXES_MIN = 60  # fewer say nothing
CLIP = 3.0  # medians: a turn must not outweigh a thousand fixes
COPY_MIN = 0.30  # of a perfect copy
ALARM_SIGMA = 7.0  # and so many times what chance reaches at the lengths compared
LAGS_FREE = 2  # lags about the best that belong to it


@dataclass(frozen=True, slots=True)
class Print:
    """A track's jitter at one step between fixes."""

    step_s: int
    series: Complex
    spectrum: Complex


def find_copies(cases: Sequence[Case]) -> list[tuple[int, int, float]]:
    """Pairs (later, earlier) of one drive with their likeness, by time of the claim; likest first."""
    prints = [jitters(case) for case in cases]
    found = []
    for i in range(len(cases)):
        for j in range(i):
            likeness = max((alike(a, b) for a in prints[i] for b in prints[j] if a.step_s == b.step_s), default=0.0)
            if likeness >= COPY_MIN:
                late, early = (i, j) if cases[i].claim.since >= cases[j].claim.since else (j, i)
                found.append((late, early, likeness))
    return sorted(found, key=lambda pair: -pair[2])


def jitters(case: Case) -> list[Print]:
    """The jitter at the track's own step and at coarser ones, as a thinned copy would show it."""
    time_s, places = case.track.time_s, case.xy_m
    if len(time_s) < FIXES_MIN:
        return []
    own_s = max(1, round(float(np.median(np.diff(time_s)))))
    found = []
    for step_s in sorted({own_s, *(s for s in (2, 5, 10) if s > own_s and s % own_s == 0)}):
        for phase in range(0, step_s, own_s):
            series = _series(time_s, places, step_s, phase)
            if series is not None:
                found.append(Print(step_s, series, np.fft.fft(series, 2 * FIXES_MAX).astype(np.complex64)))
            if step_s == own_s:
                break
    return found


def _series(time_s: NDArray[np.float64], places: NDArray[np.float64], step_s: int, phase: int) -> Complex | None:
    """Second differences on an even grid of times, 0 where a fix is missing; scaled, clipped, of length 1."""
    at = np.round(time_s - time_s[0]).astype(np.int64) - phase
    on = (at >= 0) & (at % step_s == 0)
    slot = at[on] // step_s
    if len(slot) < FIXES_MIN:
        return None
    where = np.full(int(slot[-1]) + 1, np.nan + 0j)
    where[slot] = places[on, 0] + 1j * places[on, 1]
    bend = where[2:] - 2 * where[1:-1] + where[:-2]
    size = np.abs(bend)
    known = np.isfinite(size)
    usual = float(np.median(size[known & (size > 0)])) if (known & (size > 0)).any() else 0.0
    if usual == 0.0:
        return None
    limit = CLIP * usual
    bend = np.where(known, bend * np.minimum(1.0, limit / np.where(size > 0, size, 1.0)), 0.0)
    if len(bend) > FIXES_MAX:
        energy = np.convolve(np.abs(bend) ** 2, np.ones(FIXES_MAX), mode="valid")
        first = int(energy.argmax())
        bend = bend[first : first + FIXES_MAX]
    return np.asarray(bend, np.complex64)


def alike(a: Print, b: Print) -> float:
    """Likeness of two prints, 0 where chance could have made it."""
    product = np.abs(np.fft.ifft(a.spectrum * np.conj(b.spectrum)))
    best = int(product.argmax())
    top = float(product[best])
    lag = best if best < FIXES_MAX else best - 2 * FIXES_MAX
    first, last = max(0, lag), min(len(a.series), len(b.series) + lag)
    if last - first < FIXES_MIN:
        return 0.0
    of_a, of_b = a.series[first:last], b.series[first - lag : last - lag]
    norm = float(np.linalg.norm(of_a) * np.linalg.norm(of_b))
    by_chance = float(np.median(product)) / 0.83  # Rayleigh: median to root of mean square over root of 2
    if norm == 0.0 or top < ALARM_SIGMA * by_chance:
        return 0.0
    return top / norm
