"""How a machine can come to a part: the nearest stops before it, each with its least minutes and its price.

A *mode* of a part is (class, stop before). The K nearest stops that could come before by the clock are modes of
their own; one last mode stands for all others, as near as the nearest of them.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from nongshi.dispatch.bound_grid import SLACK_S, Grid
from nongshi.dispatch.problem import Floats, Ints, Problem
from nongshi.geo.distance import EARTH_RADIUS_KM

NEAREST = 6  # assumption: stops before that get a price of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class Modes:
    """p parts, x modes in the order of their parts, n nodes: part * classes + class, then yards of a class."""

    first: Ints  # (p + 1,)
    machine_class: Ints  # (x,)
    move_s: Floats  # (x,)
    move_fen: Floats  # (x,)
    before: Ints  # (x,) node of the stop before; -1: any other
    ready_s: Floats  # (x,) moment before which the machine cannot have left the stop before
    node_limit: Floats  # (n,) machines that stand at a yard; 0 for parts, whose limit is whether they are served


def make_modes(problem: Problem, grid: Grid, *, nearest: int = NEAREST) -> Modes:
    """List the modes of every part.

    Left out is a stop before whose earliest end plus the move comes after the part's latest start, in the
    working time of the class with all days crewed (no crew can make that time longer), or whose job waits for
    the part's.
    """
    classes, parts = len(problem.class_ids), len(problem.part_job)
    done_w, last_w, ready_s = _clocks(problem, grid)
    yard_class, yard_place, yard_ready_s, yard_limit = _yards(problem, grid)
    lon, lat = np.radians(problem.place_lon), np.radians(problem.place_lat)
    unit = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
    move_km_s = problem.class_km_s / (problem.least_detour * EARTH_RADIUS_KM)
    shape = (parts, classes, nearest + 1)
    move, before, ready, found = np.zeros(shape), np.full(shape, -1), np.zeros(shape), np.zeros(shape[:2], np.int64)
    _nearest(
        problem.part_place, problem.part_job, problem.job_after, done_w, last_w, ready_s, unit, move_km_s,
        problem.class_load_s,
        yard_class, yard_place, yard_ready_s, parts * classes, move, before, ready, found,
    )  # fmt: skip
    used = np.arange(nearest + 1)[None, None, :] < found[:, :, None]
    part, c, _ = np.nonzero(used)
    move_s = move[used]
    away = np.maximum(move_s - problem.class_load_s[c], 0.0)
    return Modes(
        first=np.concatenate([[0], np.cumsum(np.bincount(part, minlength=parts))]).astype(np.int64),
        machine_class=c.astype(np.int64),
        move_s=move_s,
        move_fen=np.where(move_s > 0, away * problem.class_km_s[c] * problem.class_fen_km[c], 0.0),
        before=before[used].astype(np.int64),
        ready_s=ready[used],
        node_limit=np.concatenate([np.zeros(parts * classes), yard_limit]),
    )


def _clocks(problem: Problem, grid: Grid) -> tuple[Floats, Floats, Floats]:
    """(c, p) working time of the earliest end, of the latest start, and the moment of the earliest end."""
    shape = problem.work_s.shape
    done_w, last_w, ready_s = np.full(shape, np.inf), np.full(shape, -np.inf), np.zeros(shape)
    for c in range(shape[0]):
        if not (grid.len_s[c] > 0).any():
            continue
        done = grid.worked_s(c, problem.part_open_s) + problem.work_s[c]
        last = grid.worked_s(c, problem.part_close_s)
        fits = done <= last + SLACK_S
        done_w[c, fits] = done[fits]
        last_w[c, fits] = last[fits] - problem.work_s[c, fits]
        ready_s[c, fits] = grid.ends_s(c, done[fits])
    return done_w, last_w, ready_s


def _yards(problem: Problem, grid: Grid) -> tuple[Ints, Ints, Floats, Floats]:
    """Yards as stops before: class, place, first usable moment, machines; equal ones are one."""
    groups: dict[tuple[int, float, float], list[int]] = {}
    for m, c in enumerate(problem.machine_class):
        place = problem.yard0 + m
        if (problem.day_end_s[m] > problem.day_start_s[m]).any():
            groups.setdefault((int(c), problem.place_lon[place], problem.place_lat[place]), []).append(m)
    first_s = np.where(problem.day_end_s > problem.day_start_s, problem.day_start_s, np.inf).min(axis=1, initial=np.inf)
    members = list(groups.values())
    return (
        np.array([key[0] for key in groups], np.int64),
        np.array([problem.yard0 + ms[0] for ms in members], np.int64),
        np.array([first_s[ms].min() for ms in members], float),
        np.array([len(ms) for ms in members], float),
    )


@njit(cache=True, nogil=True)  # pragma: no cover - compiled
def _waits_for(later, job, job_after):  # type: ignore[no-untyped-def]
    """Whether a job must wait for another, through any number between; at most as many as there are jobs."""
    for _ in range(len(job_after)):
        later = job_after[later]
        if later == job:
            return True
        if later < 0:
            return False
    return False


@njit(cache=True, nogil=True)  # pragma: no cover - compiled
def _nearest(  # type: ignore[no-untyped-def]
    place, job, job_after, done_w, last_w, ready_s, unit, move_km_s, load_s, yard_class, yard_place, yard_ready_s,
    yard_node,
    move, before, ready, found,
):  # fmt: skip
    """Fill the nearest stops before every (part, class), nearest first; the last of a full list is 'any other'."""
    classes, parts = done_w.shape
    size = move.shape[2]
    away = np.empty(unit.shape[0])
    by_place = np.argsort(place, kind="mergesort")
    last_place = -1
    for j in by_place:
        if place[j] != last_place:
            last_place = place[j]
            for q in range(unit.shape[0]):
                chord = 0.0
                for axis in range(3):
                    chord += (unit[q, axis] - unit[last_place, axis]) ** 2
                away[q] = 2.0 * np.arcsin(min(1.0, 0.5 * np.sqrt(chord)))
        for c in range(classes):
            if last_w[c, j] == -np.inf:
                continue
            n = 0
            for i in range(parts + len(yard_class)):
                if i < parts:
                    if i == j or done_w[c, i] == np.inf:
                        continue
                    at, node, since_s, since_w = place[i], i * classes + c, ready_s[c, i], done_w[c, i]
                else:
                    if yard_class[i - parts] != c:
                        continue
                    y = i - parts
                    at, node, since_s, since_w = yard_place[y], yard_node + y, yard_ready_s[y], 0.0
                move_s = 0.0 if at == place[j] else away[at] / move_km_s[c] + load_s[c]
                if n == size and move_s >= move[j, c, size - 1]:
                    continue
                if since_w + move_s > last_w[c, j] + 1e-3:
                    continue
                if i < parts and _waits_for(job[i], job[j], job_after):
                    continue
                k = min(n, size - 1)
                while k > 0 and move[j, c, k - 1] > move_s:
                    move[j, c, k], before[j, c, k], ready[j, c, k] = (
                        move[j, c, k - 1], before[j, c, k - 1], ready[j, c, k - 1],
                    )  # fmt: skip
                    k -= 1
                move[j, c, k], before[j, c, k], ready[j, c, k] = move_s, node, since_s
                n = min(n + 1, size)
            found[j, c] = n
            if n == size:
                before[j, c, n - 1], ready[j, c, n - 1] = -1, 0.0
