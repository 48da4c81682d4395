"""The port: one function over many tasks, results in the order of the tasks whatever finishes first."""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, Self, TypeVar

from nongshi.core.errors import NongshiError

Task = TypeVar("Task")
Result = TypeVar("Result")

IN_FLIGHT_A_WORKER = 3  # tasks sent ahead, so that nobody waits while the first of them is still worked on (assumption)


class Pool(Protocol):
    """Whoever runs tasks. Used in a `with` block, so that no worker outlives its work."""

    workers: int  # how many tasks run at a time

    def map(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """Results in the order of the tasks; an error of a task is raised in its turn.

        Raises:
            WorkerDied: a task's worker died, and so did the fresh one that tried it again.
        """
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...


class WorkerDied(NongshiError):
    """A process died twice on the same task: out of memory, killed, or a fault of compiled code."""

    code = "worker_died"

    def __init__(self, task: int, *, where: str) -> None:
        self.task, self.where = task, where
        super().__init__(
            f"task {task}: its process on {where} died, and so did a fresh one; give fewer workers or more memory"
        )
