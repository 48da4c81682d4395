from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dispatch import drawn
from tests.dispatch.engines.drawn import by_chance

from nongshi.core.region import Region
from nongshi.dispatch import ruin
from nongshi.dispatch.cells import Draft, Loaded, load_cell, make_cells, share_operators, share_unserved, unload_cell
from nongshi.dispatch.problem import Ints, Problem, make_problem
from nongshi.dispatch.solution import Solution, price_solution

SEEDS = st.integers(0, 10_000)
LAWS = settings(max_examples=25, deadline=None)
SIZES = st.integers(1, 5)


@st.composite
def crowded(draw: st.DrawFn) -> Region:
    """Up to eight machines of two owners and two classes, one of which cannot do the work of some seeds."""
    seed = draw(SEEDS)
    region = by_chance(seed, fields=20, machines=2 + seed % 7)
    return replace(region, work_rates=region.work_rates[: 1 + seed % 2])


def cut(region: Region, seed: int, size: int) -> tuple[Problem, Draft, list[Ints]]:
    problem = make_problem(region)
    solution = drawn.at_random(problem, seed)
    draft = Draft.of(problem, solution)
    return problem, draft, make_cells(problem, draft, size, np.random.default_rng(seed))


def load_all(problem: Problem, draft: Draft, cells: list[Ints], seed: int) -> list[Loaded]:
    """All cells with their shares of unserved jobs and operators, before any is searched."""
    rng = np.random.default_rng(seed)
    jobs, people = share_unserved(problem, draft, cells, rng), share_operators(problem, draft, cells, rng)
    return [load_cell(problem, draft, *share) for share in zip(cells, jobs, people, strict=True)]


@LAWS
@given(region=crowded(), seed=SEEDS, size=SIZES)
def test_every_machine_is_in_exactly_one_cell(region: Region, seed: int, size: int) -> None:
    _, _, cells = cut(region, seed, size)
    assert sorted(np.concatenate(cells).tolist()) == list(range(len(region.machines)))
    assert all(len(cell) > 0 for cell in cells)


def test_neighbours_come_into_one_cell() -> None:
    machines = """
    machine  class    owner  km
    M1       combine  O       0
    M2       combine  O      80
    M3       combine  O       1
    M4       combine  O      81
    """
    for seed in range(5):
        _, _, cells = cut(replace(drawn.region(machines=machines), operators=()), seed, 2)
        assert sorted(cell.tolist() for cell in cells) == [[0, 2], [1, 3]]


@LAWS
@given(region=crowded(), seed=SEEDS, size=SIZES)
def test_every_unserved_job_goes_to_one_cell_that_can_do_it_or_to_none_if_none_can(
    region: Region, seed: int, size: int
) -> None:
    problem, draft, cells = cut(region, seed, size)
    given_jobs = share_unserved(problem, draft, cells, np.random.default_rng(seed))

    able = np.isfinite(problem.work_s[problem.machine_class]).any(axis=0)[problem.job_first]
    unserved = draft.on[problem.job_first] < 0
    assert sorted(np.concatenate(given_jobs).tolist()) == np.flatnonzero(unserved & able).tolist()
    for jobs, cell in zip(given_jobs, cells, strict=True):
        parts = problem.job_first[jobs]
        assert np.isfinite(problem.work_s[problem.machine_class[cell]][:, parts]).any(axis=0).all()


@LAWS
@given(region=crowded(), seed=SEEDS, size=SIZES)
def test_every_day_of_an_operator_is_one_cells_at_most_and_stays_where_he_drives(
    region: Region, seed: int, size: int
) -> None:
    problem, draft, cells = cut(region, seed, size)
    placeable = share_operators(problem, draft, cells, np.random.default_rng(seed))

    assert np.sum(placeable, axis=0).max(initial=0) <= 1
    for here, cell in zip(placeable, cells, strict=True):
        for m, d in np.argwhere(draft.crew[cell] >= 0):
            assert here[draft.crew[cell[m], d], d]
    for o in range(len(region.operators)):
        licensed = any(
            problem.may_drive(o, m, d) for m in range(len(region.machines)) for d in range(len(problem.dates))
        )
        assert not licensed or np.sum(placeable, axis=0)[o].all(), "an idle operator is lost to all cells"


@LAWS
@given(region=crowded(), seed=SEEDS, size=SIZES)
def test_loading_and_unloading_without_a_step_changes_nothing(region: Region, seed: int, size: int) -> None:
    problem, draft, cells = cut(region, seed, size)
    before = Draft.of(problem, solution_of(draft))
    for loaded in load_all(problem, draft, cells, seed):
        ruin.load(loaded.cell, loaded.state)
        unload_cell(problem, draft, loaded, loaded.state)

    assert draft.routes == before.routes
    assert (draft.crew == before.crew).all()
    assert (draft.on == before.on).all()


@LAWS
@given(region=crowded(), seed=SEEDS, size=SIZES)
def test_the_cells_worth_without_bonuses_is_the_solutions(region: Region, seed: int, size: int) -> None:
    problem, draft, cells = cut(region, seed, size)
    worth = 0.0
    for loaded in load_all(problem, draft, cells, seed):
        ruin.load(loaded.cell, loaded.state)
        worth += loaded.state.worth.sum() - loaded.cell.keep[loaded.state.on >= 0].sum()
    assert worth == pytest.approx(price_solution(problem, solution_of(draft)), abs=1.0)  # 1e9 fen bonuses: 1e-6 each


@LAWS
@given(region=crowded(), seed=SEEDS, size=st.integers(1, 2))
def test_a_job_with_parts_in_two_cells_stays_whole_through_their_searches(region: Region, seed: int, size: int) -> None:
    """All cells are loaded before any is searched; each may move its own parts of the job, none may drop them."""
    problem, draft, cells = cut(region, seed, size)
    was_split = split_jobs(problem, draft, cells)
    worth = price_solution(problem, solution_of(draft))
    for loaded in load_all(problem, draft, cells, seed):
        ruin.load(loaded.cell, loaded.state)
        trial, best = ruin.copy_state(loaded.state), ruin.copy_state(loaded.state)
        words = np.array([2 * seed + 1], np.uint64)
        ruin.search_cell(loaded.cell, loaded.state, trial, best, words, 100, 50_000.0, 50.0, 0.3)
        unload_cell(problem, draft, loaded, best)

    served = draft.on >= 0
    of_job = [served[a : a + n].tolist() for a, n in zip(problem.job_first, problem.job_parts, strict=True)]
    assert all(len(set(parts)) == 1 for parts in of_job)
    assert all(served[problem.job_first[job]] for job in was_split)
    assert price_solution(problem, solution_of(draft)) >= worth - 1.0


def split_jobs(problem: Problem, draft: Draft, cells: list[Ints]) -> list[int]:
    """Jobs whose parts stand in more than one cell."""
    cell_of = {int(m): i for i, cell in enumerate(cells) for m in cell}
    homes: dict[int, set[int]] = {}
    for part in np.flatnonzero(draft.on >= 0):
        homes.setdefault(int(problem.part_job[part]), set()).add(cell_of[int(draft.on[part])])
    return [job for job, home in homes.items() if len(home) > 1]


def test_the_law_above_is_about_something() -> None:
    """Of thirty crowded regions most have a job whose parts stand in two cells."""
    regions = [by_chance(seed, fields=20, machines=4) for seed in range(30)]
    counts = [len(split_jobs(*cut(region, seed, 1))) for seed, region in enumerate(regions)]
    assert sum(count > 0 for count in counts) > 15


def solution_of(draft: Draft) -> Solution:
    return Solution(crew=draft.crew, routes=tuple(tuple(route) for route in draft.routes))
