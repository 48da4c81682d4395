"""The same tests for both adapters: order, errors, a worker that dies."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.compute import work

from nongshi.compute import Pool, WorkerDied, open_pool
from nongshi.compute.local import LocalPool
from nongshi.core.errors import BadUsage, MissingExtra, NongshiError


@pytest.fixture(scope="module", params=["local", "ray"])
def pool(request: pytest.FixtureRequest) -> Iterator[Pool]:
    if request.param == "local":
        opened = open_pool(2)
    else:
        os.environ.setdefault("RAY_AUTH_TOKEN", "only-for-this-test-" + "0" * 40)
        os.environ.setdefault("PYTHONPATH", str(Path(__file__).parents[2]))  # Ray's workers look up the tests there
        try:
            opened = open_pool(2, ray="local")
        except (MissingExtra, BadUsage) as fault:
            pytest.skip(f"Ray does not start here: {fault}")
    with opened:
        yield opened


def test_results_come_in_the_order_of_tasks_whatever_finishes_first(pool: Pool) -> None:
    assert list(pool.map(work.slow_first, range(20))) == list(range(20))


def test_no_tasks_no_results(pool: Pool) -> None:
    assert list(pool.map(work.double, [])) == []


def test_arrays_are_sent_as_they_are(pool: Pool) -> None:
    tasks = [np.arange(1000.0), np.zeros(0)]
    assert list(pool.map(work.total, tasks)) == [499500.0, 0.0]


def test_work_is_done_elsewhere(pool: Pool) -> None:
    assert os.getpid() not in set(pool.map(work.process_id, range(4)))


def test_an_error_of_a_task_is_raised_in_its_turn(pool: Pool) -> None:
    results = pool.map(work.refuse_three, range(6))
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="three is refused"):
        next(results)


def test_a_worker_that_dies_once_costs_no_result(pool: Pool, tmp_path: Path) -> None:
    tasks = [(number, str(tmp_path / "mark")) for number in range(8)]
    assert list(pool.map(work.die_once, tasks)) == list(range(8))
    assert (tmp_path / "mark").exists()


def test_a_task_that_kills_twice_is_named_and_the_pool_goes_on(pool: Pool) -> None:
    results = pool.map(work.die_on_three, range(6))
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(WorkerDied, match="task 3"):
        next(results)
    assert list(pool.map(work.double, range(3))) == [0, 2, 4]


def test_one_worker_is_this_process() -> None:
    with LocalPool(1) as pool:
        assert list(pool.map(work.process_id, range(2))) == [os.getpid()] * 2


@pytest.mark.parametrize("workers", [0, -1])
def test_fewer_than_one_worker_is_refused(workers: int) -> None:
    with pytest.raises(NongshiError, match="at least 1 worker"):
        open_pool(workers)


def test_an_address_without_a_cluster_is_refused_at_once() -> None:
    pytest.importorskip("ray")
    with pytest.raises(BadUsage, match="nobody answers at 127"):
        open_pool(2, ray="127.0.0.1:1")
