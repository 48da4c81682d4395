"""Why a job is not as it was promised, in plain words: which event caused it, as far as can be told from two plans."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from nongshi.core.events import (
    DryerDown,
    Events,
    JobArea,
    JobCancelled,
    MachineArrived,
    MachineDown,
    OperatorIll,
    Rain,
    UrgentJob,
)
from nongshi.core.plan import Plan, Route, Stop
from nongshi.core.region import Job, Region
from nongshi.core.times import seconds_between, wall
from nongshi.core.units import SECONDS_PER_DAY, yuan

SAVED_FEN_MIN = 100.0  # assumption: nobody is called for less than a yuan


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The same sentence in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One stop as somebody is told of it."""

    part: int
    area_ha: float
    machine_id: str
    operator_id: str | None  # who begins it
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan by job."""

    stops: Mapping[str, tuple[Served, ...]]  # by hour
    routes: Mapping[str, Route]  # by machine
    texts: Mapping[str, Said] = field(default_factory=dict)  # why a job is left out


def planned(region: Region, plan: Plan) -> Planned:
    """Look a plan up by job and machine."""
    driver = {(crew.machine_id, crew.date): crew.operator_id for crew in plan.crews}
    stops: dict[str, list[Served]] = {}
    for route in plan.routes:
        for stop in route.stops:
            day = stop.start.astimezone(region.tz).date()
            served = Served(
                part=stop.part,
                area_ha=stop.area_ha,
                machine_id=route.machine_id,
                operator_id=driver.get((route.machine_id, day)),
                start=stop.start,
                end=stop.end,
            )
            stops.setdefault(stop.job_id, []).append(served)
    return Planned(
        stops={job_id: tuple(sorted(mine, key=lambda s: (s.start, s.part))) for job_id, mine in stops.items()},
        routes={route.machine_id: route for route in plan.routes},
        texts={out.job_id: Said(zh=out.text_zh or out.text, en=out.text) for out in plan.unserved},
    )


class Reasons:
    """Both plans and what happened between them."""

    def __init__(
        self, region_before: Region, before: Planned, region_after: Region, after: Planned, events: Events
    ) -> None:
        self.region_before, self.region, self.events = region_before, region_after, events
        self.before, self.after = before, after

    def reason(self, job_id: str) -> Said:
        """The likeliest reason: an event of the job itself, then of its machine and people, then room for others."""
        job = self.region.job_of.get(job_id) or self.region_before.job_of[job_id]
        old = self.before.stops.get(job_id, ())
        asked: tuple[Callable[[Job, Sequence[Served]], Said | None], ...] = (
            *(self._own, self._machine_down, self._rain, self._operator, self._dryer),
            *(self._job_before, self._arrived, self._room, self._left_out, self._saved),
        )
        found = (ask(job, old) for ask in asked)
        return next(
            (said for said in found if said is not None),
            Said(zh="其他改动之后，这样安排整体更好", en="after the other changes the whole is better this way"),
        )

    def _own(self, job: Job, old: Sequence[Served]) -> Said | None:
        for event in self.events:
            if isinstance(event, JobCancelled) and event.job_id == job.id:
                return Said(zh="农户取消了这项作业", en="the job was cancelled")
            if isinstance(event, JobArea) and event.job_id == job.id:
                mu = f"{event.area_ha * 15:.1f}"
                return Said(zh=f"面积改为 {mu} 亩", en=f"the job is {event.area_ha:g} ha now")
            if isinstance(event, UrgentJob) and event.job.id == job.id:
                return Said(zh="新来的急活", en="a new urgent job")
        if job.id not in self.region.job_of:
            before_id = job.after_job_id
            return Said(zh=f"前一项作业 {before_id} 已取消", en=f"job {before_id} before it was cancelled")
        return None

    def _machine_down(self, job: Job, old: Sequence[Served]) -> Said | None:
        for event in self.events:
            if isinstance(event, MachineDown):
                for served in old:
                    if served.machine_id == event.machine_id and _meets(served, event.since, event.until):
                        until = wall(event.until, seconds=False)
                        id_ = event.machine_id
                        return Said(zh=f"{id_} 坏了，要修到 {until}", en=f"{id_} is broken until {until}")
        return None

    def _rain(self, job: Job, old: Sequence[Served]) -> Said | None:
        for event in self.events:
            if isinstance(event, Rain):
                for served in old:
                    machine_class = self.region.machine_of[served.machine_id].machine_class
                    meets = event.machine_class in (None, machine_class) and _meets(served, event.since, event.until)
                    if meets:
                        until = wall(event.until, seconds=False)
                        return Said(zh=f"下雨，{until} 之前不能下田", en=f"rain, no field work before {until}")
        return None

    def _operator(self, job: Job, old: Sequence[Served]) -> Said | None:
        for event in self.events:
            if isinstance(event, OperatorIll):
                for served in old:
                    first, last = served.start.date(), served.end.date()
                    if served.operator_id == event.operator_id and first <= event.last and last >= event.first:
                        id_ = event.operator_id
                        return Said(zh=f"机手 {id_} 病了", en=f"operator {id_} is ill")
        return None

    def _dryer(self, job: Job, old: Sequence[Served]) -> Said | None:
        if not job.wet_t:
            return None
        for event in self.events:
            if isinstance(event, DryerDown) and any(event.first <= s.end.date() <= event.last for s in old):
                id_ = event.dryer_id
                return Said(zh=f"烘干机 {id_} 停了，湿粮要等", en=f"dryer {id_} is down, wet grain has to wait")
        return None

    def _job_before(self, job: Job, old: Sequence[Served]) -> Said | None:
        before_id = job.after_job_id
        if before_id is None or not old:
            return None
        was, now = self.before.stops.get(before_id, ()), self.after.stops.get(before_id, ())
        if was and not now:
            return Said(zh=f"前一项作业 {before_id} 没有排上", en=f"job {before_id} before it is left out")
        if was and now and max(s.end for s in now) > max(s.end for s in was):
            return Said(zh=f"前一项作业 {before_id} 推迟了", en=f"job {before_id} before it ends later")
        return None

    def _arrived(self, job: Job, old: Sequence[Served]) -> Said | None:
        arrived = {event.machine.id for event in self.events if isinstance(event, MachineArrived)}
        for served in self.after.stops.get(job.id, ()):
            if served.machine_id in arrived:
                id_ = served.machine_id
                return Said(zh=f"新到的 {id_} 来干", en=f"{id_} has arrived and takes it")
        return None

    def _room(self, job: Job, old: Sequence[Served]) -> Said | None:
        """What stands in its place now, on its machine, and did not before."""
        for served in old:
            had = {s.job_id for s in _stops(self.before, served.machine_id)}
            for stop in _stops(self.after, served.machine_id):
                if stop.job_id not in had and stop.depart < served.end and stop.end > served.start:
                    return Said(zh=f"给 {stop.job_id} 让位", en=f"to make room for {stop.job_id}")
        return self._pushed(old)

    def _pushed(self, old: Sequence[Served]) -> Said | None:
        """What came onto its machine before it, on the same day."""
        for served in old:
            had = {s.job_id for s in _stops(self.before, served.machine_id)}
            for stop in _stops(self.after, served.machine_id):
                if stop.job_id not in had and stop.start < served.start and stop.start.date() == served.start.date():
                    return Said(zh=f"{stop.job_id} 排到了前面", en=f"{stop.job_id} now comes before it")
        return None

    def _left_out(self, job: Job, old: Sequence[Served]) -> Said | None:
        return None if job.id in self.after.stops else self.after.texts.get(job.id)

    def _saved(self, job: Job, old: Sequence[Served]) -> Said | None:
        new = self.after.stops.get(job.id, ())
        if not old:
            return Said(zh="有机组空出来了", en="a crew has become free for it") if new else None
        saved_fen = self._lost_fen(self.region_before, job.id, old) - self._lost_fen(self.region, job.id, new)
        if new and saved_fen >= SAVED_FEN_MIN:
            amount = f"{yuan(saved_fen):,.0f}"
            return Said(zh=f"少误农时，省 {amount} 元", en=f"to save {amount} yuan of lateness")
        machines = {s.machine_id for s in (*old, *new)}
        saved_km = sum(_km(self.before, m) - _km(self.after, m) for m in machines)
        if saved_km >= 1:
            return Said(zh=f"少跑 {saved_km:.0f} 公里路", en=f"to save {saved_km:.0f} km of road")
        return None

    def _lost_fen(self, region: Region, job_id: str, served: Sequence[Served]) -> float:
        job = region.job_of[job_id]
        curve, per_ha = region.curve_of[job.loss_curve], job.value_fen / job.area_ha
        return sum(per_ha * s.area_ha * curve.share(seconds_between(job.due, s.end) / SECONDS_PER_DAY) for s in served)


def _stops(plan: Planned, machine_id: str) -> tuple[Stop, ...]:
    return plan.routes[machine_id].stops if machine_id in plan.routes else ()


def _km(plan: Planned, machine_id: str) -> float:
    return sum(stop.km for stop in _stops(plan, machine_id))


def _meets(served: Served, since: datetime, until: datetime) -> bool:
    """Whether a span touches the stop, or the day on which it begins before it."""
    same_day = since.date() <= served.start.date() <= until.date()
    return (served.start < until and served.end > since) or (same_day and since <= served.end)
