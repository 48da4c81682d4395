"""Who and what goes into which piece of a problem: machines and open jobs by place, operators by where they drive.

A piece is some forty machines with what they need to be planned by themselves. Never a distance between all places.
"""

from dataclasses import dataclass

import numpy as np

from nongshi.dispatch.problem import Bools, Floats, Ints, Problem

PART_MACHINES = 40  # assumption: a piece is planned in seconds and fits any process; few jobs lie on its border
OWN_PIECE_SHARE = 0.5  # chance that an idle operator stays where he drives on other days (assumption)
WIDER_SHARE = 0.3  # chance that an idle shared operator goes beyond his owner's machines (assumption)
BLOCK = 10_000  # jobs compared with all pieces at a time


@dataclass(slots=True)
class Standing:
    """What holds before a round. on (p,): machine or -1. Moments (p,) only where there are chains or dryers."""

    crew: Ints
    routes: list[tuple[int, ...]]
    on: Ints
    end_day: Ints
    start_s: Floats
    end_s: Floats


def job_parts(problem: Problem, values: Ints | Bools | Floats, how: np.ufunc) -> Ints:
    """(j,) least, greatest, ... of a job's parts."""
    return np.asarray(how.reduceat(values, problem.job_first)) if len(problem.job_first) else np.zeros(0, np.int64)


def cut(
    machines_km: Floats, jobs_km: Floats, rng: np.random.Generator, size: int = PART_MACHINES, *, even: bool = False
) -> tuple[Ints, Ints, int]:
    """Pieces of about `size` machines by halving again and again, along a random angle and across it.

    Args:
        machines_km: (m, 2) where each machine's work lies.
        jobs_km: (j, 2) where the open jobs lie; each goes with the machines on its side of every cut.
        rng: draws the angle, and who comes first of machines at one yard.
        size: machines of a piece.
        even: jobs are halved as the machines are, wherever the border then lies: for machines still at few yards.

    Returns:
        (m,) piece of each machine, (j,) piece of each job, number of pieces.
    """
    count = max(1, round(len(machines_km) / size))
    piece_m, piece_j = np.zeros(len(machines_km), np.int64), np.zeros(len(jobs_km), np.int64)
    angle = rng.uniform(0.0, np.pi)
    open_cuts = [(rng.permutation(len(machines_km)), np.arange(len(jobs_km)), 0, count, angle)]
    while open_cuts:
        machines, jobs, first, pieces, angle = open_cuts.pop()
        if pieces == 1:
            piece_m[machines], piece_j[jobs] = first, first
            continue
        along = np.array([np.cos(angle), np.sin(angle)])
        left = pieces // 2
        at_km = machines_km[machines] @ along
        order = np.argsort(at_km, kind="stable")
        middle = round(len(machines) * left / pieces)
        jobs_at_km = jobs_km[jobs] @ along
        if even:
            low = np.zeros(len(jobs), bool)
            low[np.argsort(jobs_at_km, kind="stable")[: round(len(jobs) * left / pieces)]] = True
        else:
            low = jobs_at_km < (at_km[order[middle - 1]] + at_km[order[middle]]) / 2
        angle += np.pi / 2
        open_cuts.append((machines[order[:middle]], jobs[low], first, left, angle))
        open_cuts.append((machines[order[middle:]], jobs[~low], first + left, pieces - left, angle))
    return piece_m, piece_j, count


def places_km(problem: Problem) -> Floats:
    """(q, 2) east and north of the places' middle, in km; only neighbours are compared, so one latitude serves."""
    lon, lat = problem.place_lon, problem.place_lat
    if not len(lon):
        return np.zeros((0, 2))
    km_degree = np.pi / 180 * 6371.0
    east = (lon - lon.mean()) * km_degree * np.cos(np.radians(lat.mean()))
    return np.stack([east, (lat - lat.mean()) * km_degree], axis=1)


def work_centres(problem: Problem, standing: Standing, km: Floats) -> Floats:
    """(m, 2) middle of each machine's stops; of one without any, its yard."""
    served = np.flatnonzero(standing.on >= 0)
    machine, place = standing.on[served], problem.part_place[served]
    stops = np.bincount(machine, minlength=len(standing.routes))
    centres = km[problem.yard0 :].copy()
    for axis in range(2):
        sums = np.bincount(machine, weights=km[place, axis], minlength=len(standing.routes))
        centres[stops > 0, axis] = sums[stops > 0] / stops[stops > 0]
    return centres


def home_of_jobs(
    problem: Problem, standing: Standing, rng: np.random.Generator, size: int = PART_MACHINES
) -> tuple[Ints, Ints, int]:
    """(m,) piece of each machine, (p,) piece of each part or -1, number of pieces.

    A served part is where its machine is. An open job goes by its place, to a piece that can do it. An open job that
    follows another goes where that one is, or is left out (-1) where that one stands in several pieces or nowhere.
    """
    km = places_km(problem)
    served = standing.on[problem.job_first] >= 0
    roots = np.flatnonzero(~served & (problem.job_after < 0))
    roots_km = km[problem.part_place[problem.job_first[roots]]]
    centres = work_centres(problem, standing, km)
    piece_m, piece_j, pieces = cut(centres, roots_km, rng, size, even=not served.any())
    piece_j = _able(problem, piece_m, piece_j, pieces, centres, roots, roots_km)
    home = np.where(standing.on >= 0, piece_m[standing.on], -1) if len(piece_m) else np.full(len(standing.on), -1)
    low, high = job_parts(problem, home, np.minimum), job_parts(problem, home, np.maximum)
    job_home = np.where(low == high, low, -1)
    job_home[roots] = piece_j
    while True:  # one link of every chain of open jobs at a time
        follows = np.flatnonzero(~served & (problem.job_after >= 0) & (job_home < 0))
        follows = follows[job_home[problem.job_after[follows]] >= 0]
        if not len(follows):
            break
        job_home[follows] = job_home[problem.job_after[follows]]
    return piece_m, np.where(standing.on >= 0, home, job_home[problem.part_job]).astype(np.int64), pieces


def _able(
    problem: Problem, piece_m: Ints, piece_j: Ints, pieces: int, centres: Floats, jobs: Ints, jobs_km: Floats
) -> Ints:
    """The pieces of open jobs, with the nearest able one where a piece has no machine for the job; -1: nobody has."""
    has = np.zeros((pieces, len(problem.class_ids)), bool)
    has[piece_m, problem.machine_class] = True
    can = np.isfinite(problem.work_s[:, problem.job_first[jobs]])  # (c, j)
    lost = np.flatnonzero(~(has[piece_j] & can.T).any(axis=1))
    found = piece_j.copy()
    count = np.maximum(1, np.bincount(piece_m, minlength=pieces))
    middle = np.stack([np.bincount(piece_m, weights=axis, minlength=pieces) / count for axis in centres.T], axis=1)
    for begin in range(0, len(lost), BLOCK):
        some = lost[begin : begin + BLOCK]
        apart = ((jobs_km[some][:, None, :] - middle[None, :, :]) ** 2).sum(axis=2)
        apart = np.where(has.astype(float) @ can[:, some] > 0, apart.T, np.inf)
        found[some] = np.where(np.isfinite(apart.min(axis=0)), apart.argmin(axis=0), -1)
    return found


def home_of_operators(problem: Problem, standing: Standing, piece_m: Ints, rng: np.random.Generator) -> Ints:
    """(o, d) piece in which each operator may be placed on each day, or -1.

    Who drives stays in that machine's piece on that day. Idle days go to a piece where he drives on others, or to
    the piece of a machine that he may drive, drawn at random; who is shared mostly stays with his owner's.
    """
    operators, day_count = len(problem.operator_owner), len(problem.dates)
    home = np.full((operators, day_count), -1, np.int64)
    machine, day = np.nonzero(standing.crew >= 0)
    home[standing.crew[machine, day], day] = piece_m[machine]
    draws = rng.random((operators, 3))
    for o in range(operators):
        idle = home[o] < 0
        if not idle.any():
            continue
        drives = home[o, ~idle]
        if len(drives) and draws[o, 0] < OWN_PIECE_SHARE:
            home[o, idle] = drives[int(draws[o, 1] * len(drives))]
            continue
        held = problem.licensed[o].any(axis=1)[problem.machine_class]
        own = held & (problem.machine_owner == problem.operator_owner[o])
        wider = problem.operator_shared[o] and (not own.any() or draws[o, 2] < WIDER_SHARE)
        machines = np.flatnonzero(held if wider else own)
        if len(machines):
            home[o, idle] = piece_m[machines[int(draws[o, 1] * len(machines))]]
    return home
