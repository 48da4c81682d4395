"""A plan made by hand: a table of who does which job in which order, timed as early as the rules allow."""

from bisect import bisect_left
from pathlib import Path

import numpy as np

from nongshi.core.errors import NotFound
from nongshi.core.plan import Plan
from nongshi.core.region import Region
from nongshi.dispatch.engines.edd import simple_roster
from nongshi.dispatch.explain import explain_unserved
from nongshi.dispatch.problem import Ints, Problem, make_problem
from nongshi.dispatch.solution import Solution, make_plan, release_idle, time_routes
from nongshi.files.faults import Faults
from nongshi.files.rows import Row
from nongshi.files.tables import read_table

Listed = dict[int, tuple[int, Row]]  # job: machine and row
COLUMNS = ("machine_id", "job_id", "operator_id")


def read_hand_plan(path: Path, region: Region) -> Plan:
    """Read `machine_id,job_id[,operator_id]`, each machine's jobs in their order, and time them.

    An operator named on a row drives that machine on every day on which he may; machines without one are crewed by
    the simple roster of the phone dispatcher.

    Raises:
        NotFound: there is no such file.
        BadFiles: unknown or repeated ids, or a job that cannot be done there; with row and mend.
    """
    if not path.is_file():
        raise NotFound(f"{path} is not a file; name the table of machine_id and job_id")
    faults = Faults()
    table = read_table(path.parent, path.stem, COLUMNS[:2], faults)
    faults.check()
    assert table is not None
    problem = make_problem(region)
    orders, named = _orders(problem, table.rows, faults)
    faults.check()
    solution = _timed(problem, _crew(problem, named), orders, faults)
    faults.check()
    return make_plan(
        problem,
        solution,
        engine="hand",
        seed=0,
        cpu_s=None,
        iterations=None,
        bound=None,
        unserved=explain_unserved(problem, solution),
    )


def _orders(problem: Problem, rows: tuple[Row, ...], faults: Faults) -> tuple[list[list[Row]], dict[int, int]]:
    """Each machine's rows in order, and the operator named for a machine."""
    region = problem.region
    machines = {machine.id: m for m, machine in enumerate(region.machines)}
    operators = {operator.id: o for o, operator in enumerate(region.operators)}
    orders: list[list[Row]] = [[] for _ in region.machines]
    named: dict[int, int] = {}
    seen: set[str] = set()
    for row in rows:
        machine_id = row.known("machine_id", machines, "machines.csv")
        job_id = row.known("job_id", region.job_of, "jobs.csv")
        if job_id in seen:
            row.fault("job_id", "stands twice", "keep the job on one machine")
        seen.add(job_id)
        operator_id = row.known("operator_id", operators, "operators.csv") if row.has("operator_id") else None
        if row.bad:
            continue
        orders[machines[machine_id]].append(row)
        if operator_id is not None:
            _name_operator(problem, row, machines[machine_id], operators[operator_id], named)
    return orders, named


def _name_operator(problem: Problem, row: Row, m: int, o: int, named: dict[int, int]) -> None:
    """Note who drives a machine, once; somebody else, or who may not, is a fault of the row."""
    other = next((machine for machine, operator in named.items() if operator == o and machine != m), None)
    if named.get(m, o) != o:
        row.fault("operator_id", "is another than on the machine's rows above", "name one operator for a machine")
    elif other is not None:
        problem_text = f"drives {problem.region.machines[other].id} on the rows above"
        row.fault("operator_id", problem_text, "name each operator for one machine, or leave the cell empty")
    elif m not in named and not any(problem.may_drive(o, m, d) for d in range(len(problem.dates))):
        mend = "name another one, or leave the cell empty; licences and off days stand in operators.csv"
        row.fault("operator_id", "may drive this machine on no day", mend)
    named.setdefault(m, o)


def _crew(problem: Problem, named: dict[int, int]) -> Ints:
    """(m, d) the operators named wherever they may drive; the other machines as the phone dispatcher crews them."""
    crew = simple_roster(problem)
    for m in named:
        crew[m] = -1
    for o in named.values():
        crew[crew == o] = -1
    for d in range(len(problem.dates)):
        for m, o in named.items():
            if problem.may_drive(o, m, d) and not (crew[:, d] == o).any():
                crew[m, d] = o
    return crew


def _timed(problem: Problem, crew: Ints, orders: list[list[Row]], faults: Faults) -> Solution:
    """The routes of all rows; a job that cannot be ended in its window there is a fault of its row."""
    job_of = {job.id: j for j, job in enumerate(problem.region.jobs)}
    listed = {job_of[row.cell("job_id")]: (m, row) for m, rows in enumerate(orders) for row in rows}
    for j, (m, row) in listed.items():
        if not np.isfinite(problem.work_s[problem.machine_class[m], problem.job_first[j]]):
            row.fault("machine_id", "cannot do this operation", "give the job to a machine with a rate for it")
        before = int(problem.job_after[j])
        if before >= 0 and before not in listed:
            first = problem.region.jobs[before].id
            row.fault("job_id", f"follows {first}, which is not in the table", f"add {first}, or leave the job out")
    solution = _routed(problem, crew, listed)
    if len(faults) == 0 and not _fits(problem, solution):
        row = _first_misfit(problem, crew, listed)
        mend = "change the order, give the job to another machine, or leave it out"
        row.fault("job_id", "cannot be ended in its window behind the rows before it", mend)
    return solution if len(faults) else release_idle(problem, solution)


def _routed(problem: Problem, crew: Ints, listed: Listed) -> Solution:
    """The listed jobs, on each machine in the order of their rows."""
    routes: list[list[int]] = [[] for _ in crew]
    for j, (m, _) in sorted(listed.items(), key=lambda item: item[1][1].number_in_file):
        routes[m] += range(int(problem.job_first[j]), int(problem.job_first[j] + problem.job_parts[j]))
    return Solution(crew=crew, routes=tuple(tuple(route) for route in routes))


def _fits(problem: Problem, solution: Solution) -> bool:
    try:
        time_routes(problem, solution)
    except ValueError:
        return False
    return True


def _first_misfit(problem: Problem, crew: Ints, listed: Listed) -> Row:
    """The row with which routes that could be kept so far no longer can; a job comes before those that follow it.

    Found by halving: a row more never makes any other work earlier.
    """
    order: list[int] = []
    waiting = sorted(listed, key=lambda j: listed[j][1].number_in_file)
    while waiting:
        ready = [j for j in waiting if problem.job_after[j] not in waiting] or waiting
        order.append(ready[0])
        waiting.remove(ready[0])

    def breaks(count: int) -> bool:
        return not _fits(problem, _routed(problem, crew, {j: listed[j] for j in order[:count]}))

    return listed[order[bisect_left(range(1, len(order) + 1), True, key=breaks)]][1]
