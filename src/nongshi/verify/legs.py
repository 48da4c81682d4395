"""The judge's look at one machine's route: every leg measured from the time it is written to begin."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from nongshi.core.plan import Route, Stop
from nongshi.core.region import Machine, Region
from nongshi.core.times import after_seconds, wall
from nongshi.verify.rules import HOUR_S, Clock, DistanceKm
from nongshi.verify.sums import part_share, work_s
from nongshi.verify.verdict import KM, ROUNDING_S, TIME_S, Breach, Rule


@dataclass(frozen=True, slots=True)
class _Leg:
    """One stop with what the rules say about it."""

    region: Region
    clock: Clock
    stop: Stop
    where: str
    km: float
    move_s: float
    work_s: float | None  # None: the class has no rate
    machine_class: str

    def breach(self, rule: Rule, text: str) -> Breach:
        """A breach at this stop."""
        return Breach(rule=rule, where=self.where, text=text)


def check_route(
    region: Region, route: Route, clock: Clock, stops_of_job: dict[str, int], way_km: DistanceKm
) -> Iterator[Breach]:
    """All breaches of one machine's route. A stop of an unknown job is passed over: it is named elsewhere."""
    machine = region.machine_of[route.machine_id]
    here, field_id, free_at = (machine.yard_lon, machine.yard_lat), "", None
    for stop in route.stops:
        job = region.job_of.get(stop.job_id)
        if job is None:
            continue
        field = region.field_of[job.field_id]
        there = (field.gate_lon, field.gate_lat)
        km = 0.0 if field.id == field_id else way_km(here, there)
        leg = _make_leg(region, machine, clock, stop, km, field.id != field_id, stops_of_job[stop.job_id])
        yield from _check_hours(leg)
        yield from _check_order(leg, free_at)
        yield from _check_move(leg)
        yield from _check_work(leg)
        here, field_id, free_at = there, field.id, stop.end


def _make_leg(
    region: Region, machine: Machine, clock: Clock, stop: Stop, km: float, moves: bool, stops_of_job: int
) -> _Leg:
    machine_class, job = region.class_of[machine.machine_class], region.job_of[stop.job_id]
    rated = (machine_class.id, job.operation) in region.rate_ha_h
    return _Leg(
        region=region,
        clock=clock,
        stop=stop,
        where=f"machine {machine.id}, job {stop.job_id} part {stop.part}",
        km=km,
        move_s=km / machine_class.road_km_h * HOUR_S + machine_class.load_min * 60 if moves else 0.0,
        work_s=work_s(region, machine.id, stop, part_share(region, stop, stops_of_job)) if rated else None,
        machine_class=machine_class.id,
    )


def _check_hours(leg: _Leg) -> Iterator[Breach]:
    """A machine sets out, and begins work, only while it can be used."""
    if not leg.clock.starts:
        yield leg.breach(Rule.WORK_HOURS, f"works at {wall(leg.stop.start)}, but has no crewed work hours at all")
        return
    if leg.move_s > 0 and not leg.clock.is_usable(leg.stop.depart.timestamp(), within_s=TIME_S):
        yield leg.breach(Rule.WORK_HOURS, f"departs {wall(leg.stop.depart)}, outside {_nearest(leg, leg.stop.depart)}")
    if not leg.clock.is_usable(leg.stop.start.timestamp(), within_s=TIME_S):
        yield leg.breach(Rule.WORK_HOURS, f"starts {wall(leg.stop.start)}, outside {_nearest(leg, leg.stop.start)}")


def _check_order(leg: _Leg, free_at: datetime | None) -> Iterator[Breach]:
    stop = leg.stop
    if free_at is not None and stop.depart.timestamp() < free_at.timestamp() - TIME_S:
        text = f"departs {wall(stop.depart)}, but the stop before ends {wall(free_at)}"
        yield leg.breach(Rule.LEAVES_EARLY, text)
    if stop.start.timestamp() < stop.arrive.timestamp() - TIME_S:
        text = f"starts {wall(stop.start)}, but arrives {wall(stop.arrive)}"
        yield leg.breach(Rule.STARTS_BEFORE_ARRIVAL, text)


def _check_move(leg: _Leg) -> Iterator[Breach]:
    if not abs(leg.stop.km - leg.km) <= KM:
        yield leg.breach(Rule.KM, f"is written with {leg.stop.km:.3f} km, but the way is {leg.km:.3f} km")
    fault = _leg_fault(leg, leg.stop.depart, leg.stop.arrive, leg.move_s)
    if fault is not None:
        yield leg.breach(Rule.MOVE_TIME, f"departs {wall(leg.stop.depart)}, arrives {fault}")


def _check_work(leg: _Leg) -> Iterator[Breach]:
    stop, job = leg.stop, leg.region.job_of[leg.stop.job_id]
    if leg.work_s is None:
        yield leg.breach(Rule.NO_RATE, f"class {leg.machine_class} has no work rate for {job.operation}")
    else:
        fault = _leg_fault(leg, stop.start, stop.end, leg.work_s)
        if fault is not None:
            yield leg.breach(Rule.WORK_TIME, f"starts {wall(stop.start)}, ends {fault}")
    if stop.start.timestamp() < job.open.timestamp() - TIME_S:
        yield leg.breach(Rule.OPEN, f"starts {wall(stop.start)}, but the window opens {wall(job.open)}")
    if stop.end.timestamp() > job.close.timestamp() + TIME_S:
        yield leg.breach(Rule.CLOSE, f"ends {wall(stop.end)}, but the window closes {wall(job.close)}")


def _leg_fault(leg: _Leg, begin: datetime, end: datetime, need_s: float) -> str | None:
    """What is wrong with a leg that begins and ends as written and needs so much usable time.

    A leg that ends with the day's work hours may be written to end there or as the next hours begin: rounding
    to the second can push it over the night. Beyond that, the written end must lie within TIME_S of the true one.
    """
    clock = leg.clock
    if not clock.starts:
        return None  # said once, by _check_hours
    used_s = clock.used_s(begin.timestamp()) + need_s
    if used_s > clock.total_s + TIME_S:
        return f"{wall(end)}, but its {need_s / HOUR_S:.3f} h do not end inside the machine's crewed work hours"
    low = clock.earliest(min(max(0.0, used_s - ROUNDING_S), clock.total_s))
    high = clock.latest(min(used_s + ROUNDING_S, clock.total_s))
    if low - TIME_S <= end.timestamp() <= high + TIME_S:
        return None
    true = after_seconds(begin, clock.earliest(min(used_s, clock.total_s)) - begin.timestamp(), leg.region.tz)
    return f"{wall(end)}, but {need_s / HOUR_S:.3f} h of working time from then end {wall(true)}"


def _nearest(leg: _Leg, moment: datetime) -> str:
    """The crewed hours next to a moment, for the sentence."""
    clock, at = leg.clock, moment.timestamp()
    i = min(range(len(clock.starts)), key=lambda k: max(clock.starts[k] - at, at - clock.ends[k]))
    opens, closes = (after_seconds(moment, t - at, leg.region.tz) for t in (clock.starts[i], clock.ends[i]))
    return f"the nearest crewed work hours {wall(opens)} to {wall(closes)}"
