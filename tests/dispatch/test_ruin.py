"""The compiled search against the readable rules and against trying every place."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dispatch import drawn
from tests.dispatch.engines.drawn import by_chance

from nongshi.core.region import Region
from nongshi.dispatch import ruin
from nongshi.dispatch.cells import Loaded
from nongshi.dispatch.problem import Problem, make_problem
from nongshi.dispatch.solution import Solution, make_clock, price_solution, time_route
from nongshi.verify import tiny_region

SEEDS = st.integers(0, 10_000)
LAWS = settings(max_examples=150, deadline=None)
FEN = 1e-3  # of sums of up to a few million fen in another order
BETWEEN = 1.0  # s: far above rounding, far below any leg


@st.composite
def regions(draw: st.DrawFn) -> Region:
    """Tiny ones of every kind, and crowded ones with routes of ten stops."""
    seed = draw(SEEDS)
    return by_chance(seed, fields=14, machines=3) if draw(st.booleans()) else tiny_region(seed)


def random_words(seed: int = 7) -> np.ndarray:
    return np.array([seed * 2 + 1], np.uint64)


def scratch(cell: ruin.Cell) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Room that the kernels want: routes touched, routes to be timed, jobs out."""
    machines = len(cell.yard)
    return np.zeros(machines, bool), np.zeros(machines, bool), np.zeros(len(cell.job_first) + 1, np.int64)


def put_first(loaded: Loaded) -> bool:
    touched, dirty, spill = scratch(loaded.cell)
    return bool(ruin.put_job(loaded.cell, loaded.state, 0, touched, dirty, random_words(), 0.0, spill))


def kept(state: ruin.State) -> list[list[object]]:
    """All that a state says about routes and crews, without what stands behind the routes' ends."""
    arrays = (state.route, state.end, state.end_day, state.latest, state.loss)
    rows = [[a[m, : state.length[m]].tolist() for a in arrays] for m in range(len(state.length))]
    return [*rows, [a.tolist() for a in (state.length, state.worth, state.on, state.crew, state.drives)]]


def with_stop(loaded: Loaded, m: int, k: int, p: int) -> ruin.State | None:
    """A copy with part p put at place k and timed anew; None where that breaks a window."""
    state = ruin.copy_state(loaded.state)
    n = state.length[m]
    state.route[m, k + 1 : n + 1] = state.route[m, k:n].copy()
    state.route[m, k], state.length[m], state.on[p] = p, n + 1, m
    return state if ruin.retime(loaded.cell, state, m) < 0 else None


def unserved_places(loaded: Loaded) -> list[tuple[int, int]]:
    """(machine, part) of all parts that stand nowhere on all machines that could work them."""
    parts = np.flatnonzero(loaded.state.on < 0)
    machines = range(len(loaded.state.length))
    return [(m, int(p)) for p in parts for m in machines if np.isfinite(loaded.cell.work_s[m, p])]


@LAWS
@given(region=regions(), seed=SEEDS)
def test_compiled_times_and_worth_are_those_of_the_readable_rules(region: Region, seed: int) -> None:
    problem = make_problem(region)
    solution = drawn.at_random(problem, seed)
    loaded = drawn.whole(problem, solution)
    state = loaded.state

    for m, route in enumerate(solution.routes):
        timed = time_route(problem, make_clock(problem, solution.crew, m), m, route)
        n = state.length[m]
        day = state.end_day[m, :n]
        moment_s = state.clock_start[m][day] + state.end[m, :n] - state.clock_cum[m][day]
        assert timed is not None
        assert loaded.parts[state.route[m, :n]].tolist() == list(route)
        assert moment_s == pytest.approx([stop.end_s for stop in timed], abs=1e-5)
    assert state.worth.sum() == pytest.approx(price_solution(problem, solution), abs=FEN)


@LAWS
@given(region=regions(), seed=SEEDS)
def test_a_route_that_the_readable_rules_refuse_is_refused_at_a_stop(region: Region, seed: int) -> None:
    """Random orders of random parts, most of them impossible."""
    problem = make_problem(region)
    rng = np.random.default_rng(seed)
    crew = drawn.random_crew(problem, rng)
    empty = Solution(crew=crew, routes=tuple(() for _ in crew))
    loaded = drawn.whole(problem, empty)
    local = {int(p): i for i, p in enumerate(loaded.parts)}
    for m in range(len(crew)):
        able = [p for p in local if np.isfinite(loaded.cell.work_s[m, local[p]])]
        route = rng.permutation(able)[: rng.integers(len(able) + 1)].astype(int).tolist()
        loaded.state.route[m, : len(route)] = [local[p] for p in route]
        loaded.state.length[m] = len(route)
        first_bad = ruin.retime(loaded.cell, loaded.state, m)
        clock = make_clock(problem, crew, m)
        prefixes = [time_route(problem, clock, m, route[:n]) is None for n in range(len(route) + 1)]
        assert first_bad == (prefixes.index(True) - 1 if any(prefixes) else -1)


@LAWS
@given(region=regions(), seed=SEEDS)
def test_the_best_position_is_feasible_exactly_priced_and_the_cheapest_of_all(region: Region, seed: int) -> None:
    """Against timing the whole route anew for every position: no feasible one is turned away, no other let in."""
    problem = make_problem(region)
    loaded = drawn.whole(problem, drawn.at_random(problem, seed, full=False))
    cell, state = loaded.cell, loaded.state
    for m, p in unserved_places(loaded):
        trials = [with_stop(loaded, m, k, p) for k in range(state.length[m] + 1)]
        costs = {k: cell.value[p] - (t.worth[m] - state.worth[m]) for k, t in enumerate(trials) if t is not None}
        cost, k = ruin.best_position(cell, state, m, p, np.inf, random_words(), 0.0)
        assert (k >= 0) == bool(costs)
        if costs:
            assert k in costs
            assert cost == pytest.approx(costs[k], abs=FEN)
            assert cost == pytest.approx(min(costs.values()), abs=FEN)


@LAWS
@given(region=regions(), seed=SEEDS)
def test_a_position_dearer_than_allowed_is_not_answered(region: Region, seed: int) -> None:
    problem = make_problem(region)
    loaded = drawn.whole(problem, drawn.at_random(problem, seed, full=False))
    for m, p in unserved_places(loaded):
        cost, k = ruin.best_position(loaded.cell, loaded.state, m, p, np.inf, random_words(), 0.0)
        if k >= 0:
            below = ruin.best_position(loaded.cell, loaded.state, m, p, cost - 1.0, random_words(), 0.0)
            above = ruin.best_position(loaded.cell, loaded.state, m, p, cost + 1.0, random_words(), 0.0)
            assert below == (cost - 1.0, -1)
            assert above == (cost, k)


@LAWS
@given(region=regions(), seed=SEEDS)
def test_latest_is_the_last_arrival_from_which_the_rest_of_the_route_can_be_kept(region: Region, seed: int) -> None:
    problem = make_problem(region)
    loaded = drawn.whole(problem, drawn.at_random(problem, seed))

    def can_be_kept(m: int, k: int, arrive_s: float) -> bool:
        cell, state, now = loaded.cell, loaded.state, arrive_s
        for i in range(k, state.length[m]):
            p = state.route[m, i]
            if i > k:
                a, b = cell.place[state.route[m, i - 1]], cell.place[p]
                now += 0.0 if a == b else cell.km[a, b] * cell.s_km[m] + cell.load_s[m]
            now = max(now, state.wopen[m, p]) + cell.work_s[m, p]
            if now > state.wclose[m, p] + 1e-6:
                return False
        return True

    for m in range(len(loaded.state.length)):
        for k in range(loaded.state.length[m]):
            latest_s = loaded.state.latest[m, k]
            assert can_be_kept(m, k, latest_s)
            assert not can_be_kept(m, k, latest_s + BETWEEN)


@LAWS
@given(region=regions(), seed=SEEDS)
def test_a_job_that_cannot_be_put_leaves_everything_as_it_was_and_one_that_can_gains(region: Region, seed: int) -> None:
    problem = make_problem(region)
    loaded = drawn.whole(problem, drawn.at_random(problem, seed))
    cell, state = loaded.cell, loaded.state
    for j in np.flatnonzero(state.on[cell.job_first] < 0):
        before, worth = kept(state), state.worth.sum()
        touched, dirty, spill = scratch(cell)
        if ruin.put_job(cell, state, int(j), touched, dirty, random_words(), 0.0, spill):
            assert state.worth.sum() > worth
            assert (state.on[cell.job_first[j] :][: cell.job_parts[j]] >= 0).all()
            assert touched[state.on[cell.job_first[j]]]
        else:
            assert kept(state) == before


def test_a_job_of_which_one_part_fits_is_not_put_in_half() -> None:
    """10 h a day, 1 h of road: the first part of 6 ha ends in its window, the second does not."""
    jobs = """
    job  km  ha  open     due      close    yuan
    A    10  12  1T00:00  1T18:00  1T24:00  9000  part_max_ha=6
    """
    problem = make_problem(drawn.region(jobs))
    loaded = drawn.whole(problem, Solution(crew=np.zeros((1, 2), np.int64), routes=((),)))
    before = kept(loaded.state)
    one_part = ruin.best_position(loaded.cell, loaded.state, 0, 0, np.inf, random_words(), 0.0)

    assert one_part[1] == 0
    assert not put_first(loaded)
    assert kept(loaded.state) == before


@LAWS
@given(region=regions(), seed=SEEDS)
def test_taking_a_job_out_takes_all_its_parts_and_putting_it_back_keeps_the_worth(region: Region, seed: int) -> None:
    """The place it left is still open to it, so that putting it back where it costs least loses nothing."""
    problem = make_problem(region)
    loaded = drawn.whole(problem, drawn.at_random(problem, seed))
    cell, state = loaded.cell, loaded.state
    for j in np.flatnonzero((state.on[cell.job_first] >= 0) & (cell.job_parts == 1)):
        worth, (touched, dirty, spill) = state.worth.sum(), scratch(cell)
        assert ruin.take_job(cell, state, int(j), touched, spill, 0) == 1
        assert state.on[cell.job_first[j]] == -1
        for m in np.flatnonzero(touched):
            assert ruin.retime(cell, state, int(m)) == -1, "without a stop, no later one may come too late"
        without = state.worth.sum()
        ruin.put_job(cell, state, int(j), touched, dirty, random_words(), 0.0, spill)
        assert state.worth.sum() >= max(worth, without) - FEN


@LAWS
@given(region=regions(), seed=SEEDS)
def test_a_search_keeps_crew_rules_parts_together_and_its_own_books(region: Region, seed: int) -> None:
    """Half of the steps move operators; afterwards everything is recomputed from crew and routes alone."""
    problem = make_problem(region)
    loaded = drawn.whole(problem, drawn.at_random(problem, seed))
    if not len(loaded.cell.job_first):
        return
    trial, best = ruin.copy_state(loaded.state), ruin.copy_state(loaded.state)
    began = loaded.state.worth.sum()
    now, best_worth = ruin.search_cell(
        loaded.cell, loaded.state, trial, best, random_words(seed), 200, 50_000.0, 50.0, 0.5
    )

    assert best_worth >= max(began, now) - FEN
    check_crew(problem, loaded, best.crew)
    check_crew(problem, loaded, loaded.state.crew)
    check_drives(loaded.state)
    for state, worth in ((loaded.state, now), (best, best_worth)):
        check_parts_together(loaded, state)
        assert worth == pytest.approx(price_solution(problem, solution_of(loaded, state)), abs=FEN)


def solution_of(loaded: Loaded, state: ruin.State) -> Solution:
    routes = tuple(tuple(loaded.parts[row[:n]].tolist()) for row, n in zip(state.route, state.length, strict=True))
    crew = np.where(state.crew >= 0, loaded.operators[state.crew], -1)
    return Solution(crew=crew, routes=routes)


def check_crew(problem: Problem, loaded: Loaded, crew: np.ndarray) -> None:
    for d in range(crew.shape[1]):
        driving = crew[:, d][crew[:, d] >= 0]
        assert len(driving) == len(set(driving.tolist())), "one operator on two machines"
        for m in np.flatnonzero(crew[:, d] >= 0):
            assert problem.may_drive(int(loaded.operators[crew[m, d]]), int(m), d)


def check_drives(state: ruin.State) -> None:
    for o in range(state.drives.shape[0]):
        for d in range(state.drives.shape[1]):
            at = np.flatnonzero(state.crew[:, d] == o)
            assert state.drives[o, d] == (at[0] if len(at) else -1)


def check_parts_together(loaded: Loaded, state: ruin.State) -> None:
    served = np.zeros(len(loaded.parts), int)
    for row, n in zip(state.route, state.length, strict=True):
        np.add.at(served, row[:n], 1)
    for first, parts in zip(loaded.cell.job_first, loaded.cell.job_parts, strict=True):
        assert served[first : first + parts].tolist() in ([0] * parts, [1] * parts)
