"""The bound's clock: each class's work hours cut into slots, and where its days can end.

All lengths are seconds after the start of the class's shift of that day; a day that nobody can crew has length 0.
"""

from dataclasses import dataclass

import numpy as np

from nongshi.dispatch.problem import Floats, Ints, Problem

SLOT_S = 1800.0  # assumption: half an hour
SLACK_S = 1e-3  # rounding of clocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """c classes, d days, k slots of a day, n ends of a day, m machines, o operators."""

    slot_s: float
    start_s: Floats  # (c, d) start of the shift
    len_s: Floats  # (c, d) longest day that some operator can work on some machine; 0: none
    slots: Ints  # (c, d)
    end_s: Floats  # (c, d, n) the lengths that a day may have, ascending, padded
    ends: Ints  # (c, d) how many of them
    low_s: Floats  # (m, d) usable hours of a machine
    high_s: Floats  # (m, d)
    machines: Ints  # (c, d) machines that somebody may drive
    allowed: tuple[Floats, ...]  # per day (o, m): 1 where the operator may drive

    @property
    def shape(self) -> tuple[int, int, int]:
        """Shape of a price array (c, d, k)."""
        return (*self.slots.shape, int(max(1, self.slots.max(initial=1))))

    def width_s(self) -> Floats:
        """(c, d, k) length of each slot; the last of a day may be short, padding has none."""
        edge = np.arange(self.shape[2]) * self.slot_s
        return np.asarray(np.clip(self.len_s[:, :, None] - edge, 0.0, self.slot_s))

    def open_intervals(self, c: int) -> tuple[Floats, Floats]:
        """Start and end moments of the days that a class can work at all."""
        works = self.len_s[c] > 0
        return self.start_s[c][works], (self.start_s[c] + self.len_s[c])[works]

    def worked_s(self, c: int, at_s: Floats) -> Floats:
        """Working time of a class that has passed at some moments, every day as long as possible."""
        start_s, end_s = self.open_intervals(c)
        return np.asarray(np.clip(at_s[:, None] - start_s, 0.0, end_s - start_s).sum(axis=1))

    def ends_s(self, c: int, worked_s: Floats) -> Floats:
        """First moments at which so much working time of a class has passed; what ends with a day ends on that day."""
        start_s, end_s = self.open_intervals(c)
        before_s = np.concatenate([[0.0], np.cumsum(end_s - start_s)])
        day = np.clip(np.searchsorted(before_s, worked_s - SLACK_S, side="left") - 1, 0, len(start_s) - 1)
        return np.asarray(np.minimum(end_s[day], start_s[day] + worked_s - before_s[day]))


def make_grid(problem: Problem, *, slot_s: float = SLOT_S) -> Grid:
    """Lay slots over the work hours of every class."""
    classes, days = len(problem.class_ids), len(problem.dates)
    start_s, len_s = np.zeros((classes, days)), np.zeros((classes, days))
    low_s, high_s = problem.day_start_s - problem.shift_start_s, problem.day_end_s - problem.shift_start_s
    allowed = tuple(problem.may_drive_matrix(d).astype(float) for d in range(days))
    ends: dict[tuple[int, int], list[float]] = {}
    for c in range(classes):
        mine = problem.machine_class == c
        for d in range(days):
            start_s[c, d] = problem.shift_start_s[mine, d].min(initial=np.inf)
            ends[c, d] = _ends(problem, allowed[d][:, mine], high_s[mine, d])
            len_s[c, d] = ends[c, d][-1] if ends[c, d] else 0.0
    start_s[np.isinf(start_s)] = 0.0
    padded = np.zeros((classes, days, max(1, max((len(e) for e in ends.values()), default=1))))
    for (c, d), lengths in ends.items():
        padded[c, d, : len(lengths)] = lengths
    return Grid(
        slot_s=slot_s,
        start_s=start_s,
        len_s=len_s,
        slots=np.ceil(len_s / slot_s - 1e-9).astype(np.int64),
        end_s=padded,
        ends=np.array([[len(ends[c, d]) for d in range(days)] for c in range(classes)], np.int64).reshape(len_s.shape),
        low_s=low_s,
        high_s=high_s,
        machines=_machines(problem, allowed).reshape(len_s.shape),
        allowed=allowed,
    )


def _ends(problem: Problem, allowed: Floats, high_s: Floats) -> list[float]:
    """Distinct lengths of a day that some operator causes on some machine of a class."""
    lengths = np.minimum(high_s[None, :], problem.operator_hours_s[:, None])[allowed > 0]
    return sorted({float(x) for x in lengths if x > 0})


def _machines(problem: Problem, allowed: tuple[Floats, ...]) -> Ints:
    classes = len(problem.class_ids)
    rows = [np.bincount(problem.machine_class[a.any(axis=0)], minlength=classes) for a in allowed]
    return np.array(rows, np.int64).reshape(len(allowed), classes).T.copy()
