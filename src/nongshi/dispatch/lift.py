"""Any job of one solution lifted out in turn: what each machine would take for it, answered while somebody drags.

The same answer as `Quoter.without`, many times as fast: the solution is timed once, and without a job only those
routes are timed again that its absence reaches (its own, and along chains those of jobs that may now begin earlier).
Times that follow from each other without a circle have one solution, so it does not matter where reckoning begins.
"""

from dataclasses import replace
from functools import cached_property

import numpy as np

from nongshi.core.errors import NotFound
from nongshi.core.plan import Plan
from nongshi.core.region import Region
from nongshi.dispatch.from_plan import day_of, solution_of
from nongshi.dispatch.problem import Floats, Problem, make_problem
from nongshi.dispatch.quote import Quoter
from nongshi.dispatch.solution import Solution, TimedStop, make_clock, price_route, time_route, time_routes

Timed = list[list[TimedStop]]


class Lifter:
    """One plan, timed and priced; not for several threads at a time."""

    def __init__(self, region: Region, plan: Plan) -> None:
        """Read a plan; wet grain is held to its planned days, as in :mod:`nongshi.dispatch.edit`.

        Raises:
            NotFound: the plan names what the region does not have.
            BadInput: the plan cannot be read into routes.
        """
        self.region, self.problem = region, make_problem(region)
        solution = solution_of(self.problem, plan)
        self.timed: Timed = time_routes(self.problem, solution)
        self.solution = with_days(self.problem, solution, self.timed)
        self._clocks = [make_clock(self.problem, self.solution.crew, m) for m in range(len(self.timed))]
        self._worth_fen = [price_route(self.problem, m, stops) for m, stops in enumerate(self.timed)]
        self._job = {job.id: j for j, job in enumerate(region.jobs)}
        self._machine_of = {stop.part: m for m, stops in enumerate(self.timed) for stop in stops}
        self._followers: dict[int, list[int]] = {}
        for follower in np.flatnonzero(self.problem.job_after >= 0).tolist():
            self._followers.setdefault(int(self.problem.job_after[follower]), []).append(follower)

    def lift(self, job_id: str) -> tuple[Quoter, float]:
        """(a quoter of the solution without a job, what the job brings where it stands; 0 where it is left out).

        Raises:
            NotFound: there is no such job.
        """
        if job_id not in self._job:
            raise NotFound(f"job {job_id} does not stand in the region; correct the id")
        problem, j = self.problem, self._job[job_id]
        parts = range(int(problem.job_first[j]), int(problem.job_first[j] + problem.job_parts[j]))
        mine = self._machines_of(j)
        if not mine:
            return self._whole, 0.0
        out = set(parts)
        routes = tuple(
            tuple(p for p in route if p not in out) if m in mine else route
            for m, route in enumerate(self.solution.routes)
        )
        rest = replace(self.solution, routes=routes)
        loose, needed = self._loosened(job_id, j)
        timed, changed = self._timed_again(loose, rest, mine)
        gain_fen = sum(self._worth_fen[m] - price_route(problem, m, timed[m]) for m in changed)
        like = self._whole, self._touched(problem, j, changed)
        return Quoter.timed(loose, rest, timed, needed, like), gain_fen

    @cached_property
    def _whole(self) -> Quoter:
        return Quoter.timed(self.problem, self.solution, self.timed)

    def _touched(self, problem: Problem, j: int, changed: set[int]) -> set[int]:
        """Machines whose rows read differently: timed anew, or with jobs before or behind those that are."""
        jobs = {j} | {int(problem.part_job[s.part]) for m in changed for s in self.timed[m]}
        beside = {int(problem.job_after[one]) for one in jobs if problem.job_after[one] >= 0}
        beside |= {follower for one in jobs for follower in self._followers.get(one, ())}
        return changed | {m for one in beside for m in self._machines_of(one)}

    def _machines_of(self, j: int) -> set[int]:
        first = int(self.problem.job_first[j])
        parts = range(first, first + int(self.problem.job_parts[j]))
        return {self._machine_of[p] for p in parts if p in self._machine_of}

    def _loosened(self, job_id: str, j: int) -> tuple[Problem, tuple[str, float] | None]:
        """Jobs that wait for this one stay where they are planned: they wait for nobody, and do not begin earlier."""
        problem = self.problem
        starts: dict[int, float] = {}
        for follower in self._followers.get(j, ()):
            first = int(problem.job_first[follower])
            parts = range(first, first + int(problem.job_parts[follower]))
            begins = [s.start_s for m in self._machines_of(follower) for s in self.timed[m] if s.part in parts]
            if begins:
                starts[follower] = min(begins)
        if not starts:
            return problem, None
        opens_s, after = problem.part_open_s.copy(), problem.job_after.copy()
        for follower, begins_s in starts.items():
            first = int(problem.job_first[follower])
            opens_s[first : first + int(problem.job_parts[follower])] = begins_s
            after[follower] = -1
        needed_s = min(begins_s - float(problem.job_after_s[f]) for f, begins_s in starts.items())
        return replace(problem, part_open_s=opens_s, job_after=after), (job_id, needed_s)

    def _timed_again(self, problem: Problem, rest: Solution, mine: set[int]) -> tuple[Timed, set[int]]:
        timed, changed, dirty = list(self.timed), set[int](), set(mine)
        rounds = len(problem.job_first) + 2
        while dirty and rounds:
            rounds -= 1
            changed |= dirty
            reached: set[int] = set()
            for m in sorted(dirty):
                ready_s = self._ready_s(problem, timed, rest.routes[m])
                stops = time_route(problem, self._clocks[m], m, rest.routes[m], ready_s=ready_s, end_day=rest.end_day)
                if stops is None:
                    raise ValueError(f"route of machine {problem.region.machines[m].id} breaks a window")
                reached |= self._reached(problem, timed[m], stops)
                timed[m] = stops
            dirty = reached
        return timed, changed

    def _ready_s(self, problem: Problem, timed: Timed, route: tuple[int, ...]) -> Floats:
        """(p,) moment from which parts of a route may begin by the jobs before them."""
        ready_s = np.zeros(len(problem.part_job))
        ends: dict[int, float] = {}
        for part in route:
            before = int(problem.job_after[problem.part_job[part]])
            if before < 0:
                continue
            if before not in ends:
                first = int(problem.job_first[before])
                parts = set(range(first, first + int(problem.job_parts[before])))
                ends[before] = max(
                    (s.end_s for m in self._machines_of(before) for s in timed[m] if s.part in parts), default=np.inf
                )
            ready_s[part] = ends[before] + problem.job_after_s[problem.part_job[part]]
        return ready_s

    def _reached(self, problem: Problem, was: list[TimedStop], now: list[TimedStop]) -> set[int]:
        """Machines with a job that waits for one whose end has moved."""
        old = {stop.part: stop.end_s for stop in was}
        moved = {int(problem.part_job[s.part]) for s in now if abs(old.get(s.part, -1.0) - s.end_s) > 1e-6}
        found: set[int] = set()
        for j in moved:
            for follower in self._followers.get(j, ()):
                if problem.job_after[follower] == j:
                    found |= self._machines_of(follower)
        return found


def with_days(problem: Problem, solution: Solution, timed: Timed) -> Solution:
    """The same, with wet grain held to its planned days: what moves up elsewhere must not fill a dryer's day."""
    if not problem.dries:
        return solution
    end_day = np.full(len(problem.part_job), -1, np.int64)
    for stop in (stop for route in timed for stop in route):
        if problem.part_wet_t[stop.part] > 0:
            end_day[stop.part] = day_of(problem, stop.end_s)
    return replace(solution, end_day=end_day)
