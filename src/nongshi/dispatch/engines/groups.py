"""Machines and parts that can meet at all, and one clock for them: what OR-Tools and PyVRP are handed.

Both know one time axis for all vehicles. The nearest thing to each machine's own clock is the group's: all hours in
which at least one of its machines may work. What a machine lacks of it, absent days above all, is a gap.
"""

from dataclasses import dataclass

import numpy as np

from nongshi.dispatch.problem import Bools, Floats, Ints, Problem
from nongshi.dispatch.solution import Clock, make_clock


@dataclass(frozen=True, slots=True)
class Group:
    """Machines that share operations, the parts they can do, and the clock of all of them."""

    machines: Ints  # only those with a crew on some day
    parts: Ints
    classes: Ints
    clock: Clock
    own: tuple[tuple[tuple[float, float], ...], ...]  # each machine's working intervals on the group's clock


def list_groups(problem: Problem, crew: Ints) -> list[Group]:
    """Groups of classes that share an operation; they never compete for a part, so each is solved alone."""
    clocks = [make_clock(problem, crew, m) for m in range(len(problem.machine_class))]
    working = np.array([m for m, clock in enumerate(clocks) if len(clock.start_s)], np.int64)
    groups = []
    for classes in _components(np.isfinite(problem.work_s)):
        machines = working[np.isin(problem.machine_class[working], classes)]
        mine = np.unique(problem.machine_class[machines])
        parts = np.flatnonzero(np.isfinite(problem.work_s[mine]).any(axis=0)) if len(mine) else mine
        if len(parts):
            clock = _union([clocks[m] for m in machines])
            own = tuple(_own(clock, clocks[m]) for m in machines)
            groups.append(Group(machines, parts, mine, clock, own))
    return groups


def _components(can: Bools) -> list[list[int]]:
    """Classes joined by parts that both can do; can is (c, p)."""
    together = (can.astype(np.float32) @ can.T.astype(np.float32)) > 0
    left, found = set(range(len(can))), []
    while left:
        reached, fresh = set(), {min(left)}
        while fresh:
            reached |= fresh
            fresh = {int(b) for a in fresh for b in np.flatnonzero(together[a])} - reached
        left -= reached
        found.append(sorted(reached))
    return found


def _union(clocks: list[Clock]) -> Clock:
    spans = sorted((s, e) for c in clocks for s, e in zip(c.start_s.tolist(), c.end_s.tolist(), strict=True))
    merged: list[list[float]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    table = np.array(merged)
    length = table[:, 1] - table[:, 0]
    return Clock(table[:, 0], table[:, 1], np.concatenate([[0.0], np.cumsum(length)[:-1]]))


def _own(group: Clock, own: Clock) -> tuple[tuple[float, float], ...]:
    """A machine's intervals on the group's clock; those that touch there are one."""
    spans: list[tuple[float, float]] = []
    for start, end in zip(own.start_s, own.end_s, strict=True):
        begin, stop = group.worked_s(start), group.worked_s(end)
        if spans and begin - spans[-1][1] < 1.0:
            begin = spans.pop()[0]
        spans.append((begin, stop))
    return tuple(spans)


def worked_s(clock: Clock, moment_s: Floats) -> Floats:
    """(n,) working time that has passed at each moment."""
    passed = np.clip(moment_s[:, None] - clock.start_s, 0.0, clock.end_s - clock.start_s)
    return np.asarray(passed.sum(axis=1))


def part_km(problem: Problem, group: Group) -> Floats:
    """(n, n) road km between the group's parts, and after them its machines' yards."""
    place = np.concatenate([problem.part_place[group.parts], problem.yard0 + group.machines])
    return problem.km(place, place)


def arrival_s(problem: Problem, group: Group, machine_class: int, km: Floats) -> Floats:
    """(n, n) seconds of the move to a part and the work there, so that the time at a part is the end of its work."""
    place = np.concatenate([problem.part_place[group.parts], problem.yard0 + group.machines])
    away = place[:, None] != place[None, :]
    seconds = np.where(away, km / problem.class_km_s[machine_class] + problem.class_load_s[machine_class], 0.0)
    work_s = problem.work_s[machine_class, group.parts]
    seconds[:, : len(work_s)] += np.where(np.isfinite(work_s), work_s, 10.0 * problem.horizon_s)[None, :]
    return np.asarray(seconds)


def end_window_s(problem: Problem, group: Group) -> tuple[Floats, Floats, Floats]:
    """(n,) earliest end, due and close of each part on the group's clock, for the fastest class that can do it."""
    parts = group.parts
    fastest_s = problem.work_s[group.classes][:, parts].min(axis=0)
    earliest_s = worked_s(group.clock, problem.part_open_s[parts]) + fastest_s
    return (
        earliest_s,
        worked_s(group.clock, problem.part_due_s[parts]),
        worked_s(group.clock, problem.part_close_s[parts]),
    )


def share_between(problem: Problem, parts: Ints, late_s: Floats) -> Floats:
    """(n,) share of each part's value lost when it ends that late."""
    late_s = np.maximum(late_s, 0.0)
    knots, share, slope = problem.curve_late_s, problem.curve_share, problem.curve_slope
    k = problem.part_curve[parts]
    i = (knots[k] <= late_s[:, None]).sum(axis=1) - 1
    return np.asarray(np.minimum(1.0, share[k, i] + slope[k, i] * (late_s - knots[k, i])))
