"""Some parts of a problem as a problem of their own: nothing else changes, and every number still means the same."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dispatch.engines.drawn import tied_by_chance

from nongshi.dispatch.fairness import measure_waits, wait_wishes
from nongshi.dispatch.fill import fill_greedy
from nongshi.dispatch.problem import Problem, make_problem
from nongshi.dispatch.roster import make_roster
from nongshi.dispatch.solution import time_routes
from nongshi.dispatch.subset import take_parts

SEEDS = st.integers(0, 200)


def some_parts(problem: Problem, seed: int, share: float = 0.6) -> np.ndarray:
    return np.random.default_rng(seed).random(len(problem.part_job)) < share


def whole_jobs(problem: Problem, seed: int) -> np.ndarray:
    """Some jobs with all their parts, none without the job before it."""
    wanted = np.random.default_rng(seed).random(len(problem.job_first)) < 0.7
    for _ in wanted:
        wanted &= (problem.job_after < 0) | wanted[problem.job_after]
    return wanted[problem.part_job]


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS)
def test_every_part_keeps_what_it_is(seed: int) -> None:
    problem = make_problem(tied_by_chance(seed))
    subset = take_parts(problem, some_parts(problem, seed))
    small = subset.problem
    for name in (
        field.name for field in fields(Problem) if field.name.startswith("part_") and field.name != "part_job"
    ):
        assert (getattr(small, name) == getattr(problem, name)[subset.parts]).all(), name
    assert (small.work_s == problem.work_s[:, subset.parts]).all()
    assert (subset.jobs[small.part_job] == problem.part_job[subset.parts]).all()


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS)
def test_parts_of_a_job_stand_together_and_are_counted(seed: int) -> None:
    problem = make_problem(tied_by_chance(seed))
    small = take_parts(problem, some_parts(problem, seed)).problem
    for job, (first, count) in enumerate(zip(small.job_first, small.job_parts, strict=True)):
        assert count > 0
        assert (small.part_job[first : first + count] == job).all()
    assert small.job_parts.sum() == len(small.part_job)


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS)
def test_a_job_follows_whom_it_followed_or_nobody_where_that_job_is_gone(seed: int) -> None:
    problem = make_problem(tied_by_chance(seed))
    subset = take_parts(problem, some_parts(problem, seed))
    for job, before in zip(subset.jobs, subset.problem.job_after, strict=True):
        old = problem.job_after[job]
        assert before == -1 if old not in subset.jobs or old < 0 else subset.jobs[before] == old
    assert (subset.problem.job_after_s == problem.job_after_s[subset.jobs]).all()


@pytest.mark.parametrize("seed", range(4))
def test_routes_of_the_smaller_problem_are_timed_as_in_the_whole(seed: int) -> None:
    """Of whole jobs with the jobs before them, so that nothing outside is missed."""
    problem = make_problem(tied_by_chance(seed))
    subset = take_parts(problem, whole_jobs(problem, seed))
    found = fill_greedy(subset.problem, make_roster(subset.problem))
    small = time_routes(subset.problem, found)
    routes = tuple(tuple(int(subset.parts[p]) for p in route) for route in found.routes)
    end_day = np.full(len(problem.part_job), -1, np.int64)
    assert found.end_day is not None
    end_day[subset.parts] = found.end_day
    same = type(found)(crew=found.crew, routes=routes, end_day=end_day)
    for mine, theirs in zip(small, time_routes(problem, same), strict=True):
        assert [(subset.parts[s.part], s.start_s, s.end_s, s.km) for s in mine] == [
            (s.part, s.start_s, s.end_s, s.km) for s in theirs
        ]


def test_all_parts_are_the_problem_itself_and_none_an_empty_one() -> None:
    problem = make_problem(tied_by_chance(3))
    every = np.ones(len(problem.part_job), bool)
    same = take_parts(problem, every).problem
    for name in ("part_job", "job_first", "job_parts", "job_after", "job_after_s"):
        assert (getattr(same, name) == getattr(problem, name)).all(), name
    none = take_parts(problem, ~every)
    assert (len(none.parts), len(none.jobs), len(none.problem.job_first), none.problem.work_s.shape[1]) == (0, 0, 0, 0)


def test_wishes_go_with_their_parts() -> None:
    problem = make_problem(tied_by_chance(5))
    found = fill_greedy(problem, make_roster(problem))
    waits = measure_waits(problem, found)
    wishes = wait_wishes(problem, type(waits)(mean_d=0.0, small_d=9.0, remote_d=9.0, extra_d_max=1.0), 0)
    assert wishes is not None
    wished = type(problem)(**{f.name: getattr(problem, f.name) for f in fields(problem)} | {"wishes": wishes})
    subset = take_parts(wished, some_parts(problem, 5))
    kept = subset.problem.wishes
    assert kept is not None
    for name in ("keep_fen", "wait_fen_s", "promised_machine", "promised_start_s", "promised_end_s", "promised_day"):
        assert (getattr(kept, name) == getattr(wishes, name)[subset.parts]).all(), name
    assert kept.crew_fixed is wishes.crew_fixed
