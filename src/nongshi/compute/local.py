"""Processes of this machine. One worker is this process itself: nothing is sent, nothing can die apart."""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Self, TypeVar

from nongshi.compute.pool import IN_FLIGHT_A_WORKER, WorkerDied

Task = TypeVar("Task")
Result = TypeVar("Result")


class LocalPool:
    """`workers` processes, started afresh (spawn), so that a worker holds its tasks' memory and no more.

    When a worker dies, the system does not say over which task. Every task that was under way is then tried
    again alone in a fresh process; the one that kills that too is named.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)
            self._executor = None

    def map(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """As :meth:`nongshi.compute.pool.Pool.map`."""
        if self.workers == 1:
            yield from map(function, tasks)
            return
        waiting: deque[tuple[int, Task, Future[Result]]] = deque()
        numbered = enumerate(tasks)
        while True:
            while len(waiting) < IN_FLIGHT_A_WORKER * self.workers and (following := next(numbered, None)):
                waiting.append((*following, self._submit(function, following[1])))
            if not waiting:
                return
            number, task, future = waiting.popleft()
            try:
                yield future.result()
            except BrokenProcessPool:
                self._executor = None
                yield _alone(function, number, task)
                waiting = deque(self._again(function, entry) for entry in waiting)

    def _submit(self, function: Callable[[Task], Result], task: Task) -> Future[Result]:
        if self._executor is None:
            self._executor = _executor(self.workers)
        try:
            return self._executor.submit(function, task)
        except BrokenProcessPool as fault:  # told to whoever asks for the result, in the order of tasks
            broken: Future[Result] = Future()
            broken.set_exception(fault)
            return broken

    def _again(
        self, function: Callable[[Task], Result], entry: tuple[int, Task, Future[Result]]
    ) -> tuple[int, Task, Future[Result]]:
        """A task that was under way when a worker died, tried alone; one that was done before stays."""
        number, task, future = entry
        if not isinstance(future.exception(), BrokenProcessPool):
            return entry
        fresh: Future[Result] = Future()
        try:
            fresh.set_result(_alone(function, number, task))
        except Exception as fault:  # raised in the task's turn
            fresh.set_exception(fault)
        return number, task, fresh


def _alone(function: Callable[[Any], Result], number: int, task: object) -> Result:
    with _executor(1) as executor:
        try:
            return executor.submit(function, task).result()
        except BrokenProcessPool as fault:
            raise WorkerDied(number, where="this machine") from fault


def _executor(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))
