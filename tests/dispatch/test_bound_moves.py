"""Stops before a part: near ones by name, the rest by the distance of the nearest of them."""

import numpy as np
import pytest

from nongshi.dispatch.bound_grid import make_grid
from nongshi.dispatch.bound_links import make_links
from nongshi.dispatch.bound_lp import start_prices
from nongshi.dispatch.bound_moves import make_modes
from nongshi.dispatch.problem import make_problem
from nongshi.dispatch.solution import road_km
from nongshi.verify.tiny import tiny_region


@pytest.mark.parametrize("seed", range(12))
def test_a_mode_never_moves_farther_or_dearer_than_the_road_it_stands_for(seed: int) -> None:
    problem = make_problem(tiny_region(seed))
    modes = make_modes(problem, make_grid(problem))
    classes = len(problem.class_ids)
    part = np.repeat(np.arange(len(problem.part_job)), np.diff(modes.first))
    for x, (p, c, before) in enumerate(zip(part, modes.machine_class, modes.before, strict=True)):
        if not 0 <= before < len(problem.part_job) * classes:
            continue
        here, there = int(problem.part_place[before // classes]), int(problem.part_place[p])
        km = road_km(problem, here, there)
        move_s = 0.0 if here == there else km / problem.class_km_s[c] + problem.class_load_s[c]
        assert before % classes == c
        assert modes.move_s[x] == pytest.approx(move_s, abs=1e-4)
        assert modes.move_fen[x] == pytest.approx(km * problem.class_fen_km[c], abs=1e-3)


def test_with_fewer_named_stops_before_the_last_mode_stands_for_all_others() -> None:
    problem = make_problem(tiny_region(2))
    grid = make_grid(problem)
    all_named, one_named = make_modes(problem, grid, nearest=20), make_modes(problem, grid, nearest=1)
    for p in range(len(problem.part_job)):
        for c in range(len(problem.class_ids)):
            full = _moves(all_named, p, c)
            short = _moves(one_named, p, c)
            assert short.tolist() == full[: len(short)].tolist()
    others = one_named.before == -1
    assert others.any()
    assert (one_named.ready_s[others] == 0).all()


def test_hours_in_want_are_priced_by_the_linear_program_and_idle_days_are_not() -> None:
    priced = 0
    for seed in range(40):
        problem = make_problem(tiny_region(seed))
        grid = make_grid(problem)
        prices, dry, link = start_prices(problem, grid, make_modes(problem, grid), make_links(problem, grid))
        assert not dry.any()
        assert not link.any()
        assert prices.shape == grid.len_s.shape
        assert (prices >= 0).all()
        assert (prices[grid.len_s == 0] == 0).all()
        priced += bool(prices.any())
    assert priced >= 3


def _moves(modes: object, p: int, c: int) -> np.ndarray:
    mine = slice(modes.first[p], modes.first[p + 1])  # type: ignore[attr-defined]
    return np.asarray(modes.move_s[mine][modes.machine_class[mine] == c])  # type: ignore[attr-defined]
