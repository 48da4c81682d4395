"""Which begun and frozen stops can really stay: they are timed anew on the machines' clocks after the events."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import numpy as np

from nongshi.core.errors import NotPlannable
from nongshi.core.plan import Crew, Plan, Stop
from nongshi.core.region import Region
from nongshi.core.times import after_seconds, seconds_between
from nongshi.dispatch.from_plan import day_of
from nongshi.dispatch.problem import Bools, Floats, Ints, Problem, make_problem
from nongshi.dispatch.solution import TimedStop, make_clock, time_route

SLIP_S = 1800.0  # assumption: who is promised an hour does not mind half an hour
BEGUN_SLIP_S = 60.0  # what a written time may be off (docs/formats.md)
WET_EPS_T = 1e-6


class Why(StrEnum):
    """Why a stop cannot stand as promised."""

    MACHINE_DOWN = "machine_down"  # its machine is broken while it would be worked
    RAIN = "rain"
    OPERATOR_ILL = "operator_ill"  # its machine has lost its operator of the day
    JOB_AREA = "job_area"  # the job is split into other parts now
    JOB_BEFORE = "job_before"  # the job that it follows is not done in time any more
    LATE = "late"  # it would begin much later, or not end in its window
    DRYERS_FULL = "dryers_full"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStop:
    """A stop that stays where it is; its end may be later than written where rain interrupts it."""

    machine_id: str
    stop: Stop  # at the job's area as it is now
    begun: bool  # else frozen


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """A stop that cannot stand as promised; where it had begun, it is planned again whole."""

    machine_id: str
    stop: Stop
    begun: bool
    why: Why


def keep_possible(
    region: Region, plan: Plan, kept: Sequence[KeptStop], *, now: datetime
) -> tuple[list[KeptStop], list[Released], tuple[Crew, ...]]:
    """Those that can stay, at their times as they are now, and those that cannot; what has ended always stays.

    Third come the plan's crews without whoever cannot come; others stand in where work that stays needs a driver.

    Raises:
        NotPlannable: grain that is harvested already finds no room in the dryers.
    """
    keeper = _Keeper(region, plan, now)
    keeper.find_drivers(kept)
    stays, released = list(kept), list[Released]()
    while (found := keeper.find_impossible(stays)) is not None:
        one, why = found
        stays.remove(one)
        released.append(Released(machine_id=one.machine_id, stop=one.stop, begun=one.begun, why=why))
    return [keeper.timed(one) for one in stays], released, keeper.crews()


class _Keeper:
    """The region after the events in arrays, with the crews that are left."""

    def __init__(self, region: Region, plan: Plan, now: datetime) -> None:
        self.region, self.now = region, now
        self.problem = make_problem(region)
        self.machine = {machine.id: m for m, machine in enumerate(region.machines)}
        self.job = {job.id: j for j, job in enumerate(region.jobs)}
        self.today = day_of(self.problem, self._seconds(now))
        self.crew, self.had_crew = _crew_as_planned(self.problem, plan, self.today)
        self.span_s: dict[int, tuple[float, float]] = {}  # part -> start and end on the clocks after the events

    def find_drivers(self, kept: Sequence[KeptStop]) -> None:
        """Somebody for every machine on which unfinished work stays, on the days that it needs."""
        mine: dict[int, list[KeptStop]] = {}
        for one in kept:
            mine.setdefault(self.machine[one.machine_id], []).append(one)
        open_ = {m: [one.stop for one in stays if one.stop.end > self.now] for m, stays in mine.items()}
        wanted = {
            (m, d) for m, stops in open_.items() for stop in stops for d in self._days(stop) if self.had_crew[m, d]
        }
        for m, d in sorted(wanted):
            self._find_driver(m, d, wanted)
        for m in (m for m, stops in open_.items() if stops):
            for d in range(self.today, len(self.problem.dates)):
                if self._times(m, mine[m]) is not None:
                    break
                self._find_driver(m, d, wanted)

    def _days(self, stop: Stop) -> range:
        first, last = (day_of(self.problem, self._seconds(moment)) for moment in (stop.start, stop.end))
        return range(max(self.today, first), last + 1)

    def _find_driver(self, m: int, d: int, wanted: Set[tuple[int, int]]) -> None:
        """Where a machine has none: somebody idle, else from a machine on which nothing stays that day."""
        begins_s = self.problem.day_start_s[m, d]
        if self.crew[m, d] >= 0 or not (self.had_crew[m, d] or begins_s >= self._seconds(self.now)):
            return  # hours of a day that nobody worked are over, and the clock of a machine counts days whole
        machine_of = {int(o): other for other, o in enumerate(self.crew[:, d]) if o >= 0}
        fit = [o for o in range(len(self.region.operators)) if self.problem.may_drive(o, m, d)]
        free = [o for o in fit if o not in machine_of] or [o for o in fit if (machine_of[o], d) not in wanted]
        if free:
            if free[0] in machine_of:
                self.crew[machine_of[free[0]], d] = -1
            self.crew[m, d] = free[0]

    def crews(self) -> tuple[Crew, ...]:
        """Who drives what, day by day."""
        region = self.region
        return tuple(
            Crew(date=day, machine_id=machine.id, operator_id=region.operators[self.crew[m, d]].id)
            for d, day in enumerate(self.problem.dates)
            for m, machine in enumerate(region.machines)
            if self.crew[m, d] >= 0
        )

    def find_impossible(self, kept: Sequence[KeptStop]) -> tuple[KeptStop, Why] | None:
        """The first stop that cannot stay beside the others."""
        self.span_s = {}
        for machine_id in dict.fromkeys(one.machine_id for one in kept):
            mine = [one for one in kept if one.machine_id == machine_id]
            late = self._find_late(self.machine[machine_id], mine)
            if late is not None:
                return late, Why.LATE
        alone = self._find_unled(kept)
        if alone is not None:
            return alone, Why.JOB_BEFORE
        wet = self._find_undried(kept) if self.problem.dries else None
        return None if wet is None else (wet, Why.DRYERS_FULL)

    def timed(self, one: KeptStop) -> KeptStop:
        """The stop at its times as they are now; as written where it has ended, or nothing has moved it."""
        parts, stop = self._parts(one.stop), one.stop
        if stop.end <= self.now or parts[0] not in self.span_s:
            return one
        start_s, end_s = self.span_s[parts[0]][0], self.span_s[parts[-1]][1]
        moved_s = max(abs(start_s - self._seconds(stop.start)), abs(end_s - self._seconds(stop.end)))
        if moved_s <= BEGUN_SLIP_S:
            return one
        tz = self.region.tz
        start = stop.start if one.begun else after_seconds(self.problem.origin, start_s, tz)
        return replace(one, stop=replace(stop, start=start, end=after_seconds(self.problem.origin, end_s, tz)))

    def _find_late(self, m: int, mine: Sequence[KeptStop]) -> KeptStop | None:
        """The first stop of a machine that slips; notes when all parts end."""
        done = sum(one.stop.end <= self.now for one in mine)
        timed = self._times(m, mine)
        count = len(mine)
        if timed is None:
            count = next((n for n in range(done + 1, count + 1) if self._times(m, mine[:n]) is None), done)
            return mine[count - 1] if count > done else None
        self.span_s |= {stop.part: (stop.start_s, stop.end_s) for stop in timed}
        for one in mine[done:]:
            slip_s = self.span_s[self._parts(one.stop)[0]][0] - self._seconds(one.stop.start)
            if slip_s > (BEGUN_SLIP_S if one.begun else SLIP_S):
                return one
        return None

    def _times(self, m: int, mine: Sequence[KeptStop]) -> list[TimedStop] | None:
        ready_s: Floats = np.zeros(len(self.problem.part_job))
        route: list[int] = []
        for one in mine:
            parts = self._parts(one.stop)
            ready_s[parts[0]] = self._seconds(one.stop.start)
            route += parts
        clock = make_clock(self.problem, self.crew, m)
        return time_route(self.problem, clock, m, route, ready_s=ready_s) if len(clock.start_s) else None

    def _parts(self, stop: Stop) -> list[int]:
        """A stop of the whole job stands for all its parts in a row."""
        j = self.job[stop.job_id]
        first, count = int(self.problem.job_first[j]), int(self.problem.job_parts[j])
        if stop.area_ha > self.region.jobs[j].area_ha * (1 - 0.5 / count):
            return list(range(first, first + count))
        return [first + stop.part - 1]

    def _seconds(self, moment: datetime) -> float:
        return seconds_between(self.problem.origin, moment)

    def _find_unled(self, kept: Sequence[KeptStop]) -> KeptStop | None:
        """A stop whose job before is not, or not whole, among those that stay; begun, if a breakdown undid that job."""
        stays = {part for one in kept for part in self._parts(one.stop)}
        for one in kept:
            before = self.problem.job_after[self.job[one.stop.job_id]]
            if before >= 0:
                first = self.problem.job_first[before]
                if not stays.issuperset(range(first, first + self.problem.job_parts[before])):
                    return one
        return None

    def _find_undried(self, kept: Sequence[KeptStop]) -> KeptStop | None:
        """The last frozen stop whose grain the dryers cannot take with that of the others."""
        wet_t = np.zeros(len(self.problem.dates))
        for part, (_, end_s) in self.span_s.items():
            wet_t[day_of(self.problem, end_s)] += self.problem.part_wet_t[part]
        waiting_t = 0.0
        for d, fresh_t in enumerate(wet_t):
            waiting_t = max(0.0, waiting_t + fresh_t - self.problem.dry_t_day[d])
            if waiting_t > self.problem.dry_hold_t + WET_EPS_T:
                return self._last_frozen_wet(kept, d, waiting_t)
        return None

    def _last_frozen_wet(self, kept: Sequence[KeptStop], d: int, waiting_t: float) -> KeptStop:
        frozen = [one for one in kept if not one.begun and self.region.job_of[one.stop.job_id].wet_t]
        if not frozen:
            raise NotPlannable(
                f"after {self.problem.dates[d]}, {waiting_t:.1f} t of grain that is harvested or begun would wait at "
                f"dryers that hold {self.problem.dry_hold_t:.1f} t; raise hold_t in dryers.csv, or add a dryer"
            )
        return max(frozen, key=lambda one: one.stop.end)


def _crew_as_planned(problem: Problem, plan: Plan, today: int) -> tuple[Ints, Bools]:
    """(m, d) the planned operators, from today on without those who cannot come; and whether one was planned."""
    machines = {machine.id: m for m, machine in enumerate(problem.region.machines)}
    operators = {operator.id: o for o, operator in enumerate(problem.region.operators)}
    days = {day: d for d, day in enumerate(problem.dates)}
    crew = np.full((len(machines), len(days)), -1, np.int64)
    had_crew = np.zeros(crew.shape, bool)
    for one in plan.crews:
        m, o, d = machines[one.machine_id], operators[one.operator_id], days[one.date]
        had_crew[m, d] = True
        if d < today or problem.may_drive(o, m, d):
            crew[m, d] = o
    return crew, had_crew
