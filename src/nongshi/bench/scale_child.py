"""One province planned with one number of workers, in a process of its own: its CPU time and memory are then its own.

Reads a JSON object from the command line, writes one to stdout. Run by :mod:`nongshi.bench.scale`.
"""

import hashlib
import heapq
import json
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from nongshi.bench.child import peak_rss_mb
from nongshi.bench.scale import WORKERS_SHOWN
from nongshi.compute import Pool, open_pool
from nongshi.core.plan import Plan, Reason, Unserved
from nongshi.core.region import Region
from nongshi.core.units import yuan
from nongshi.dispatch.parts import solve_parts
from nongshi.dispatch.problem import Problem, make_problem
from nongshi.dispatch.solution import Solution, make_plan, price_solution, release_idle
from nongshi.dispatch.warm import smallest_problem
from nongshi.synthetic import make_province
from nongshi.verify import check_plan

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(slots=True)
class Meter:
    """A pool that notes what every task took. One list of CPU seconds for each round."""

    pool: Pool
    rounds_cpu_s: list[list[float]] = field(default_factory=list)
    worker_rss_mb: float = 0.0

    def map(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """As the pool's."""
        spent: list[float] = []
        self.rounds_cpu_s.append(spent)
        for result, cpu_s, rss_mb in self.pool.map(run_metered, ((function, task) for task in tasks)):
            spent.append(cpu_s)
            self.worker_rss_mb = max(self.worker_rss_mb, rss_mb)
            yield result


def run_metered(call: tuple[Callable[[Any], Any], Any]) -> tuple[Any, float, float]:
    """The result, CPU seconds, and peak memory of the process in MB."""
    function, task = call
    began_s = time.process_time()
    result = function(task)
    return result, time.process_time() - began_s, peak_rss_mb()


def run_child(
    *, jobs: int, workers: int, seed: int, season: str, iterations_per_job: float, check: bool
) -> dict[str, Any]:
    """Plan one province; what is measured is planning alone, from the arrays of the problem to the solution."""
    region = make_province(jobs, seed=seed, season=season)
    problem = make_problem(region)
    with open_pool() as own:  # compiling, or loading what was compiled, is not measured
        solve_parts(smallest_problem(), None, rounds=1, iterations_per_job=1, seed=1, pool=own)
    began_s, began_cpu_s, began_own_s = time.perf_counter(), cpu_s_of_all(), time.process_time()
    with open_pool(workers) as pool:
        meter = Meter(pool)
        solution = solve_parts(problem, None, iterations_per_job=iterations_per_job, seed=seed, pool=meter)
    wall_s, cpu_s = time.perf_counter() - began_s, cpu_s_of_all() - began_cpu_s
    tasks_here_s = sum(map(sum, meter.rounds_cpu_s)) if workers == 1 else 0.0
    serial_s = max(0.0, time.process_time() - began_own_s - tasks_here_s)  # with workers: sending and receiving too
    row = {
        "jobs": len(region.jobs),
        "machines": len(region.machines),
        "operators": len(region.operators),
        "workers": workers,
        "wall_s": wall_s,
        "cpu_s": cpu_s,
        "cpu_ms_job": 1000 * cpu_s / len(region.jobs),
        "rss_mb": peak_rss_mb(),  # before anything else grows it
        "worker_rss_mb": meter.worker_rss_mb,
        **shares(meter.rounds_cpu_s, serial_s),
        "digest": digest(solution),
    }
    value_fen = price_solution(problem, solution)
    served = {problem.part_job[part] for route in solution.routes for part in route}
    row |= {"value_yuan": yuan(value_fen), "served_share": len(served) / len(region.jobs), "accepted": None}
    if check:
        verdict = check_plan(region, as_plan(region, problem, solution, seed))
        row |= {"accepted": verdict.ok, "breaches": [str(breach) for breach in verdict.breaches[:5]]}
    return row


def cpu_s_of_all() -> float:
    """CPU seconds of this process and of all workers that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def shares(rounds_cpu_s: Sequence[Sequence[float]], serial_s: float) -> dict[str, Any]:
    """What cannot be shared out, and how many times faster so many workers would be, each as fast as this machine.

    Args:
        rounds_cpu_s: CPU seconds of each round's tasks; a round begins when the one before has ended.
        serial_s: CPU seconds outside the tasks: cutting, sending, putting together.
    """
    tasks_s = sum(map(sum, rounds_cpu_s))
    all_s = serial_s + tasks_s
    speed_up = {
        str(n): all_s / max(1e-9, serial_s + sum(makespan_s(spent, n) for spent in rounds_cpu_s)) for n in WORKERS_SHOWN
    }
    return {
        "pieces": max((len(spent) for spent in rounds_cpu_s), default=0),
        "serial_share": serial_s / max(1e-9, all_s),
        "longest_piece_s": max((max(spent, default=0.0) for spent in rounds_cpu_s), default=0.0),
        "speed_up": speed_up,
    }


def makespan_s(spent: Sequence[float], workers: int) -> float:
    """When the last task ends if each goes to the worker that is free first, in order.

    >>> makespan_s([3.0, 1.0, 1.0, 1.0], 2)
    3.0
    """
    free = [0.0] * workers
    for task_s in spent:
        heapq.heappush(free, heapq.heappop(free) + task_s)
    return max(free)


def digest(solution: Solution) -> str:
    """One number for crews, routes and waits: equal solutions have equal ones."""
    found = hashlib.sha256(solution.crew.tobytes())
    found.update(repr(solution.routes).encode())
    found.update(b"" if solution.end_day is None else solution.end_day.tobytes())
    return found.hexdigest()


def as_plan(region: Region, problem: Problem, solution: Solution, seed: int) -> Plan:
    """The plan for the verifier; why jobs are left out is not asked here."""
    served = {problem.part_job[part] for route in solution.routes for part in route}
    left = [
        Unserved(job_id=job.id, reason=Reason.NO_CAPACITY, text="")
        for number, job in enumerate(region.jobs)
        if number not in served
    ]
    released = release_idle(problem, solution)
    return make_plan(problem, released, engine="own", seed=seed, cpu_s=None, iterations=None, bound=None, unserved=left)


if __name__ == "__main__":
    print(json.dumps(run_child(**json.loads(sys.argv[1]))))
