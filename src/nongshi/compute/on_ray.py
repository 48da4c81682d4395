"""Workers of a Ray cluster; Ray itself runs a task again when its worker or machine is lost.

Ray lets anybody who reaches its ports run code, unless a token is asked for (RAY_AUTH_MODE=token, since Ray 2.52).
We ask for it unless the environment says otherwise; Ray reads the token from RAY_AUTH_TOKEN, from the file that
RAY_AUTH_TOKEN_PATH names, or from its own file
(https://docs.ray.io/en/latest/ray-security/token-auth.html, read 2026-11-24).
"""

import logging
import os
import socket
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self, TypeVar

from nongshi.compute.pool import IN_FLIGHT_A_WORKER, WorkerDied
from nongshi.core.errors import BadUsage, MissingExtra

Task = TypeVar("Task")
Result = TypeVar("Result")

LOCAL = "local"
REACH_S = 5.0  # to find out that nobody is at an address; Ray itself tries for minutes (assumption)
RETRIES_MAX = 1  # as the local pool: a lost task is tried once more


class RayPool:
    """Tasks on a cluster; every machine of it needs the same Nongshi installed."""

    def __init__(self, address: str, *, workers: int) -> None:
        self.address, self.workers = address, workers
        self._ray = _connect(address, workers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._ray.shutdown()

    def map(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """As :meth:`nongshi.compute.pool.Pool.map`."""
        remote = self._ray.remote(max_retries=RETRIES_MAX, num_cpus=1)(function)
        waiting: deque[tuple[int, Any]] = deque()
        for number, task in enumerate(tasks):
            waiting.append((number, remote.remote(task)))
            if len(waiting) >= IN_FLIGHT_A_WORKER * self.workers:
                yield self._result(*waiting.popleft())
        while waiting:
            yield self._result(*waiting.popleft())

    def _result(self, number: int, promised: Any) -> Any:
        try:
            return self._ray.get(promised)
        except (self._ray.exceptions.WorkerCrashedError, self._ray.exceptions.OutOfMemoryError) as fault:
            raise WorkerDied(number, where=f"Ray {self.address}") from fault


def _connect(address: str, workers: int) -> Any:
    os.environ.setdefault("RAY_AUTH_MODE", "token")  # before Ray is loaded, which reads it then
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody
    os.environ.setdefault("RAY_worker_niceness", "0")  # of a cluster started here: 15 starves beside any other work
    try:
        import ray
    except ImportError as fault:
        raise MissingExtra("ray", extra="ray") from fault
    _check_reachable(address)
    here = {"num_cpus": workers, "include_dashboard": False} if address == LOCAL else {"address": address}
    try:
        ray.init(**here, log_to_driver=False, logging_level=logging.ERROR)
    except Exception as fault:  # Ray raises many kinds: refused, no token, other version
        raise BadUsage(
            f"no Ray cluster at {address} ({type(fault).__name__}: {str(fault).splitlines()[0]}); "
            "check address, Ray version and RAY_AUTH_TOKEN, or leave --ray out"
        ) from fault
    return ray


def _check_reachable(address: str) -> None:
    """Refuse at once an address at which nobody answers; `local`, `auto` and names are left to Ray."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not (host and port.isdigit()):
        return
    try:
        socket.create_connection((host, int(port)), timeout=REACH_S).close()
    except (OSError, OverflowError) as fault:
        raise BadUsage(f"nobody answers at {address} ({fault}); check --ray, or start the cluster first") from fault
