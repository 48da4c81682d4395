"""Whether two tracks are one drive: moved in space, delayed, turned, thinned or roughened a little.

What cannot be made twice is the jitter from fix to fix: receiver noise and the driver's hands. Its second differences
do not change when a track is moved or delayed, and only turn when it is turned; two honest tracks share none of them.
Two series of complex second differences are compared at every lag by FFT: the height of the best lag, in share of what
a perfect copy would reach, is about 1 for a copy, 0.1 for two honest drives of a thousand fixes.
The work grows with the square of the claims: some 0.1 ms a pair.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nongshi.claims.case import Case

Complex = NDArray[np.complex64]
Floats = NDArray[np.float64]
FIXES_MAX = 4096  # compared of a track; the busiest stretch of it
FIXES_MIN = 60  # fewer say nothing
TURN_MEDIANS = 4.0  # a second difference of more medians is a turn, not jitter
COPY_MIN = 0.15  # of a perfect copy: RTK roughened by five times its own noise still reaches 0.2
CHANCE = 6.5  # times 1 / root of the fixes compared; chance alone comes to 5 in 10^8 lags and pairs
THINNED_MAX = 10  # a copy with every tenth fix is looked for, no thinner one
BATCH = 64  # pairs transformed at a time


@dataclass(frozen=True, slots=True)
class Print:
    """A track's jitter at one step between fixes."""

    series: Complex
    spectrum: Complex


def find_copies(cases: Sequence[Case]) -> list[tuple[int, int, float]]:
    """Pairs (later, earlier) of one drive with their likeness, by time of the claim; likest first."""
    steps = [own_step_s(case) for case in cases]
    by_step: dict[int, list[int]] = defaultdict(list)
    for i, step_s in enumerate(steps):
        if step_s is not None:
            by_step[step_s].append(i)
    found: dict[tuple[int, int], float] = {}
    for step_s, coarse in by_step.items():
        own = [(i, made) for i in coarse if (made := _print(cases[i], step_s, 0)) is not None]
        for i, mine in _seen_at(cases, by_step, step_s):
            # two of one step meet once; a finer one is compared in each of its phases
            others = [(j, theirs) for j, theirs in own if steps[i] != step_s or j < i]
            for j, likeness in _alike(mine, others):
                pair = (i, j) if cases[i].claim.since >= cases[j].claim.since else (j, i)
                found[pair] = max(likeness, found.get(pair, 0.0))
    return sorted(((late, early, share) for (late, early), share in found.items()), key=lambda one: -one[2])


def own_step_s(case: Case) -> int | None:
    """Whole seconds between the track's fixes; None: too few to say anything."""
    if len(case.track) < FIXES_MIN:
        return None
    return max(1, round(float(np.median(np.diff(case.track.time_s)))))


def likeness(a: Case, b: Case) -> float:
    """Share of a perfect copy that two drives have in common, 0 where chance could have made it."""
    return max((share for _, _, share in find_copies([a, b])), default=0.0)


def _seen_at(cases: Sequence[Case], by_step: dict[int, list[int]], step_s: int) -> Iterator[tuple[int, Print]]:
    """Every track as a copy with one fix every `step_s` would show it, in each phase."""
    for own_s, members in by_step.items():
        if step_s % own_s or step_s // own_s > THINNED_MAX:
            continue
        for i in members:
            for phase in range(0, step_s, own_s):
                made = _print(cases[i], step_s, phase)
                if made is not None:
                    yield i, made


def _print(case: Case, step_s: int, phase: int) -> Print | None:
    series = _series(case.track.time_s, case.xy_m, step_s, phase)
    if series is None:
        return None
    return Print(series, np.fft.fft(series, 2 * FIXES_MAX).astype(np.complex64))


def _series(time_s: Floats, places: Floats, step_s: int, phase: int) -> Complex | None:
    """Second differences on an even grid of times; 0 where a fix is missing and in turns, which fields make alike."""
    at = np.round(time_s - time_s[0]).astype(np.int64) - phase
    on = (at >= 0) & (at % step_s == 0)
    slot = at[on] // step_s
    if len(slot) < FIXES_MIN:
        return None
    where = np.full(int(slot[-1]) + 1, np.nan + 0j)
    where[slot] = places[on, 0] + 1j * places[on, 1]
    bend = where[2:] - 2 * where[1:-1] + where[:-2]
    size = np.abs(bend)
    known = np.isfinite(size) & (size > 0)
    if not known.any():
        return None
    bend = np.where(known & (size <= TURN_MEDIANS * float(np.median(size[known]))), bend, 0.0)
    if len(bend) > FIXES_MAX:
        energy = np.convolve(np.abs(bend) ** 2, np.ones(FIXES_MAX), mode="valid")
        first = int(energy.argmax())
        bend = bend[first : first + FIXES_MAX]
    return np.asarray(bend, np.complex64)


def _alike(mine: Print, others: Sequence[tuple[int, Print]]) -> Iterator[tuple[int, float]]:
    """Others that are one drive with mine, with their likeness."""
    for first in range(0, len(others), BATCH):
        batch = others[first : first + BATCH]
        products = np.abs(np.fft.ifft(mine.spectrum * np.conj(np.stack([other.spectrum for _, other in batch]))))
        tops, lags = products.max(axis=1), products.argmax(axis=1)
        for (j, other), lag, top in zip(batch, lags.tolist(), tops.tolist(), strict=True):
            share, fixes = _share(mine.series, other.series, lag, top)
            if fixes >= FIXES_MIN and share >= max(COPY_MIN, CHANCE / np.sqrt(fixes)):
                yield j, share


def _share(a: Complex, b: Complex, lag: int, top: float) -> tuple[float, int]:
    """The best lag's height over what a perfect copy would reach where the two overlap, and the fixes compared."""
    lag = lag if lag < FIXES_MAX else lag - 2 * FIXES_MAX
    first, last = max(0, lag), min(len(a), len(b) + lag)
    of_a, of_b = a[first:last], b[first - lag : last - lag]
    norm = float(np.linalg.norm(of_a) * np.linalg.norm(of_b))
    fixes = int(((of_a != 0) & (of_b != 0)).sum())
    return (min(1.0, top / norm) if norm > 0 else 0.0), fixes
