"""One day in the field: what becomes of a morning's plan when machines break down and work takes longer.

Everybody follows the plan's order. A machine passes over a stop that cannot begin today and does the first one that
can; what is left of a field in the evening is left for the next morning's plan. Nobody looks ahead: every choice knows
only what has happened before it.
"""

import heapq
from dataclasses import dataclass

import numpy as np

from nongshi.core.region import Job
from nongshi.core.units import SECONDS_PER_DAY, SECONDS_PER_HOUR
from nongshi.dispatch.problem import Problem
from nongshi.dispatch.solution import Solution, make_clock
from nongshi.geo.distance import km_between
from nongshi.simulate.hazards import Hazards
from nongshi.simulate.standing import DONE_HA, Standing, numbers
from nongshi.simulate.truth import Truth

LOOK_AGAIN_S = 1800.0  # who waits for another machine asks again so much later (assumption)
PATIENCE_S = 3600.0  # a machine waits so long for its next stop before it takes a later one first (assumption)


@dataclass(frozen=True, slots=True)
class _Choice:
    """A stop that can begin today; season seconds."""

    part: int
    km: float
    move_s: float
    begin_s: float


class FieldDay:
    """One day of one season; changes the standing that it is given."""

    def __init__(
        self, standing: Standing, problem: Problem, solution: Solution, truth: Truth, hazards: Hazards, day: int
    ) -> None:
        self.standing, self.problem, self.truth, self.hazards = standing, problem, truth, hazards
        self.midnight_s = standing.seconds(problem.origin)
        self.number = numbers(standing.region)
        self.routes = [list(route) for route in solution.routes]
        self.room_t = self._room_t(problem)
        self.hours = [self._hours(solution, m, day) for m in range(len(problem.machine_class))]

    def run(self) -> None:
        """Work until the evening."""
        queue = [(hours[0], m) for m, hours in enumerate(self.hours) if hours is not None]
        heapq.heapify(queue)
        while queue:
            now_s, m = heapq.heappop(queue)
            again_s = self._act(m, now_s)
            if again_s is not None:
                heapq.heappush(queue, (again_s, m))
        self._dry()

    def _hours(self, solution: Solution, m: int, day: int) -> tuple[float, float, bool] | None:
        """Begin and end of the machine's day, and whether it ends by a breakdown."""
        if solution.crew[m, 0] < 0:
            return None
        clock = make_clock(self.problem, solution.crew, m)
        if not len(clock.start_s) or clock.start_s[0] >= self.problem.midnight_s[1]:
            return None
        begin_s, end_s = (float(x) + self.midnight_s for x in (clock.start_s[0], clock.end_s[0]))
        breaks_s = float(self.truth.breaks_s[m, day])
        return (begin_s, breaks_s, True) if begin_s < breaks_s < end_s else (begin_s, end_s, False)

    def _room_t(self, problem: Problem) -> float:
        """Wet tonnes that may still come in today."""
        return float(problem.dry_t_day[0] + problem.dry_hold_t - self.standing.held_t) if problem.dries else np.inf

    def _dry(self) -> None:
        if self.problem.dries:
            before_t = float(self.problem.dry_t_day[0]) + self.problem.dry_hold_t - self.standing.held_t
            came_t = before_t - self.room_t
            self.standing.held_t = max(0.0, self.standing.held_t + came_t - float(self.problem.dry_t_day[0]))

    def _act(self, m: int, now_s: float) -> float | None:
        """Do the next stop; answer when the machine is free again, None: not today."""
        hours = self.hours[m]
        assert hours is not None
        choice, hopes = self._choose(m, now_s, hours[1])
        if choice is None:
            again_s = now_s + LOOK_AGAIN_S
            return again_s if hopes and again_s < hours[1] else None
        return self._work(m, choice, now_s, *hours[1:])

    def _choose(self, m: int, now_s: float, end_s: float) -> tuple[_Choice | None, bool]:
        """The first stop of the route that can begin without a long wait, else the one that can begin first."""
        first: _Choice | None = None
        hopes = False
        for part in list(self.routes[m]):
            j = self._job(part)
            if self.standing.left_ha[j] <= DONE_HA:
                self.routes[m].remove(part)
                continue
            ready_s = self._ready_s(j, part, now_s)
            if ready_s is None:
                hopes = True
                continue
            km, move_s = self._way(m, part)
            begin_s = max(now_s + move_s, ready_s)
            mean_s = float(self.problem.work_s[self.problem.machine_class[m], part])
            closes_s = float(self.problem.part_close_s[part]) + self.midnight_s
            if begin_s >= end_s or begin_s + mean_s > closes_s or self.problem.part_wet_t[part] > self.room_t + 1e-6:
                continue
            choice = _Choice(part, km, move_s, begin_s)
            if begin_s - now_s - move_s <= PATIENCE_S:
                return choice, hopes
            if first is None or begin_s < first.begin_s:
                first = choice
        return first, hopes

    def _ready_s(self, j: int, part: int, now_s: float) -> float | None:
        """From when the part may be worked; None: what it follows is not done yet."""
        opens_s = float(self.problem.part_open_s[part]) + self.midnight_s
        before = self.problem.job_after[self.problem.part_job[part]]
        if before < 0:
            return opens_s
        ended_s = float(self.standing.ended_s[self._number(int(before))])
        if ended_s > now_s:
            return None
        return max(opens_s, ended_s + float(self.problem.job_after_s[self.problem.part_job[part]]))

    def _way(self, m: int, part: int) -> tuple[float, float]:
        """km and seconds to the part's field; none where the machine stands on it."""
        standing = self.standing
        field = standing.region.field_of[standing.region.jobs[self._job(part)].field_id]
        if standing.at_field[m] == field.id:
            return 0.0, 0.0
        problem, kind = self.problem, self.problem.machine_class[m]
        here, there = (standing.lon[m], standing.lat[m]), (field.gate_lon, field.gate_lat)
        km = float(km_between(*(np.array([x], float) for x in (*here, *there)))[0]) * problem.detour
        return km, km / float(problem.class_km_s[kind]) + float(problem.class_load_s[kind])

    def _work(self, m: int, choice: _Choice, now_s: float, end_s: float, breaks: bool) -> float | None:
        """Drive and work; what the evening or a breakdown leaves of the part stays."""
        standing, problem, part = self.standing, self.problem, choice.part
        j, kind = self._job(part), problem.machine_class[m]
        job = standing.region.jobs[j]
        arrive_s = now_s + choice.move_s
        standing.km += choice.km
        standing.cost_fen += choice.km * float(problem.class_fen_km[kind])
        if arrive_s > end_s and breaks:
            return None  # it broke down on its way; where it stands it is found again in its next yard
        field = standing.region.field_of[job.field_id]
        standing.lon[m], standing.lat[m], standing.at_field[m] = field.gate_lon, field.gate_lat, field.id
        work_s = float(problem.work_s[kind, part]) * float(self.truth.slowness[j])
        over_s = 0.0 if breaks else self.hazards.overtime_h_max * SECONDS_PER_HOUR
        last_s = end_s + over_s if choice.begin_s + work_s <= end_s + over_s else end_s
        worked_s = max(0.0, min(work_s, last_s - choice.begin_s))
        share = worked_s / work_s
        self._book(j, job, part, m, choice.begin_s, worked_s, share)
        standing.overtime_s += max(0.0, choice.begin_s + worked_s - end_s)
        if share >= 1.0:
            self.routes[m].remove(part)
        free_s = choice.begin_s + worked_s
        return free_s if free_s < end_s else None

    def _book(self, j: int, job: Job, part: int, m: int, begin_s: float, worked_s: float, share: float) -> None:
        standing, problem = self.standing, self.problem
        area_ha = min(share * float(problem.part_area_ha[part]), float(standing.left_ha[j]))
        ended_s = begin_s + worked_s
        late_d = (ended_s - standing.seconds(job.due)) / SECONDS_PER_DAY
        earned_fen = job.value_fen * area_ha / job.area_ha
        standing.earned_fen += earned_fen
        standing.late_fen += earned_fen * standing.region.curve_of[job.loss_curve].share(late_d)
        standing.cost_fen += worked_s * float(problem.class_fen_s[problem.machine_class[m]])
        standing.worked_ha += area_ha
        standing.left_ha[j] -= area_ha
        self.room_t -= share * float(problem.part_wet_t[part])
        standing.stops.append((standing.region.machines[m].id, job.id, begin_s, ended_s, area_ha))
        if standing.left_ha[j] <= DONE_HA:
            ends = [stop[3] for stop in standing.stops if stop[1] == job.id]
            standing.left_ha[j], standing.ended_s[j] = 0.0, max(ends)

    def _job(self, part: int) -> int:
        return self._number(int(self.problem.part_job[part]))

    def _number(self, job: int) -> int:
        """The season's number of one of this morning's jobs."""
        return self.number[self.problem.region.jobs[job].id]
