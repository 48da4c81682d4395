"""The compiled pricing against a slow, plain one that tries every chain of days at many moments."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from nongshi.dispatch.bound_grid import make_grid
from nongshi.dispatch.bound_relaxed import Relaxed
from nongshi.dispatch.bound_slots import dominate
from nongshi.dispatch.problem import Problem, make_problem
from nongshi.verify.tiny import tiny_region

STEP_S = 300.0


def loss_share(problem: Problem, part: int, end_s: float) -> float:
    curve = problem.region.curve_of[problem.region.jobs[problem.part_job[part]].loss_curve]
    return curve.share((end_s - problem.part_due_s[part]) / 86_400)


def blocks(
    relaxed: Relaxed, c: int, last: int, end_x: float, need_s: float
) -> Iterator[list[tuple[int, float, float]]]:
    """All ways to lay need_s of working time before offset end_x of a day: (day, from, to), backwards."""
    if need_s <= end_x:
        yield [(last, end_x - need_s, end_x)]
        return
    for day in range(last):
        for length in relaxed.grid.end_s[c, day, : relaxed.grid.ends[c, day]]:
            for rest in blocks(relaxed, c, day, float(length), need_s - end_x):
                yield [(last, 0.0, end_x), *rest]


def work_begins_s(relaxed: Relaxed, c: int, block: list[tuple[int, float, float]], work_s: float) -> float:
    for day, from_s, to_s in block:
        if work_s <= to_s - from_s + 1e-6:
            return float(relaxed.grid.start_s[c, day]) + to_s - work_s
        work_s -= to_s - from_s
    raise AssertionError("block shorter than its work")


def plain_worth(relaxed: Relaxed, price: np.ndarray, node: np.ndarray, part: int) -> float:
    """Best worth over moments STEP_S apart: never above the exact one."""
    problem, grid, modes = relaxed.problem, relaxed.grid, relaxed.modes
    classes, best = len(problem.class_ids), -np.inf
    for mode in range(modes.first[part], modes.first[part + 1]):
        c = int(modes.machine_class[mode])
        work_s = problem.work_s[c, part]
        cost = work_s * problem.class_fen_s[c] + modes.move_fen[mode] - node[part * classes + c]
        cost += node[modes.before[mode]] if modes.before[mode] >= 0 else 0.0
        for last in range(len(problem.dates)):
            for end_x in np.arange(STEP_S, grid.len_s[c, last] + 1, STEP_S):
                end_s = grid.start_s[c, last] + end_x
                if end_s > problem.part_close_s[part]:
                    break
                for block in blocks(relaxed, c, last, float(end_x), float(work_s + modes.move_s[mode])):
                    day, from_s, _ = block[-1]
                    if grid.start_s[c, day] + from_s < modes.ready_s[mode]:
                        continue
                    if work_begins_s(relaxed, c, block, float(work_s)) < problem.part_open_s[part]:
                        continue
                    paid = sum(spent(grid.slot_s, price[c, d], a, b) for d, a, b in block)
                    gain = problem.part_value_fen[part] * (1.0 - loss_share(problem, part, float(end_s)))
                    best = max(best, gain - cost - paid)
    return best


def spent(slot_s: float, price: np.ndarray, from_s: float, to_s: float) -> float:
    edge = np.arange(len(price)) * slot_s
    return float((np.clip(np.minimum(edge + slot_s, to_s) - np.maximum(edge, from_s), 0.0, None) * price).sum())


@pytest.mark.parametrize("seed", range(60))
def test_compiled_worth_is_the_plain_worth_and_a_little_more_between_its_moments(seed: int) -> None:
    relaxed = Relaxed(make_problem(tiny_region(seed)))
    problem, rng = relaxed.problem, np.random.default_rng(seed)
    by_day = rng.choice(
        [0.0, 0.0, 1.0, 4.0], (*relaxed.grid.shape[:2], 1)
    )  # free days tie: each must not hide the other
    price = by_day * rng.choice([1.0, rng.exponential(1.0)], relaxed.grid.shape)
    node = rng.exponential(500.0, len(relaxed.modes.node_limit)) * (rng.random(len(relaxed.modes.node_limit)) < 0.5)

    relaxed.at(replace(relaxed.zero_prices(), slot=price, node=node))
    exact = relaxed.part_worth

    for part in range(len(problem.part_job)):
        plain = plain_worth(relaxed, price, node, part)
        slack_fen = 2.0 * STEP_S * (float(price.max()) + problem.part_value_fen[part] * problem.curve_slope.max())
        assert exact[part] >= plain - 1e-3 * price.max() - 0.01
        if np.isfinite(plain):
            assert exact[part] <= plain + slack_fen


def test_a_day_that_nobody_can_crew_has_no_hours() -> None:
    problem = make_problem(tiny_region(0))
    grid = make_grid(problem)
    for c in range(len(problem.class_ids)):
        mine = problem.machine_class == c
        for d in range(len(problem.dates)):
            assert (grid.len_s[c, d] > 0) == bool(problem.may_drive_matrix(d)[:, mine].any())


def test_of_two_equal_days_only_the_earlier_is_skipped_and_none_for_a_dearer_one() -> None:
    hours = np.array([[[3600.0], [3600.0], [3600.0]]])
    cum = np.array([[[0.0, 1.0, 2.0], [0.0, 1.0, 2.0], [0.0, 3.0, 6.0]]])
    as_last, as_through = np.zeros((1, 3, 1), np.int64), np.zeros((1, 3, 1), np.int64)

    dominate(cum, hours, np.ones((1, 3), np.int64), 1800.0, as_last, as_through)

    assert as_last[0, :, 0].tolist() == [1, 3, 3]
    assert as_through[0, :, 0].tolist() == [1, 3, 3]
