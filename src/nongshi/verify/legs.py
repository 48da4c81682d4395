"""The judge's look at one machine's route: every leg measured from the time it is written to begin."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from nongshi.core.plan import Route, Stop
from nongshi.core.region import Machine, Region
from nongshi.core.said import say
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
        where=say(
            "machine %(machine_id)s, job %(job_id)s part %(part)s",
            machine_id=machine.id,
            job_id=stop.job_id,
            part=stop.part,
        ),
        km=km,
        move_s=km / machine_class.road_km_h * HOUR_S + machine_class.load_min * 60 if moves else 0.0,
        work_s=work_s(region, machine.id, stop, part_share(region, stop, stops_of_job)) if rated else None,
        machine_class=machine_class.id,
    )


def _check_hours(leg: _Leg) -> Iterator[Breach]:
    """A machine sets out, and begins work, only while it can be used."""
    if not leg.clock.starts:
        yield leg.breach(
            Rule.WORK_HOURS, say("works at %(start)s, but has no crewed work hours at all", start=wall(leg.stop.start))
        )
        return
    if leg.move_s > 0 and not leg.clock.is_usable(leg.stop.depart.timestamp(), within_s=TIME_S):
        yield leg.breach(
            Rule.WORK_HOURS,
            say(
                "departs %(depart)s, outside %(nearest)s",
                depart=wall(leg.stop.depart),
                nearest=_nearest(leg, leg.stop.depart),
            ),
        )
    if not leg.clock.is_usable(leg.stop.start.timestamp(), within_s=TIME_S):
        yield leg.breach(
            Rule.WORK_HOURS,
            say(
                "starts %(start)s, outside %(nearest)s",
                start=wall(leg.stop.start),
                nearest=_nearest(leg, leg.stop.start),
            ),
        )


def _check_order(leg: _Leg, free_at: datetime | None) -> Iterator[Breach]:
    stop = leg.stop
    if free_at is not None and stop.depart.timestamp() < free_at.timestamp() - TIME_S:
        text = say(
            "departs %(depart)s, but the stop before ends %(free_at)s", depart=wall(stop.depart), free_at=wall(free_at)
        )
        yield leg.breach(Rule.LEAVES_EARLY, text)
    if stop.start.timestamp() < stop.arrive.timestamp() - TIME_S:
        text = say("starts %(start)s, but arrives %(arrive)s", start=wall(stop.start), arrive=wall(stop.arrive))
        yield leg.breach(Rule.STARTS_BEFORE_ARRIVAL, text)


def _check_move(leg: _Leg) -> Iterator[Breach]:
    if not abs(leg.stop.km - leg.km) <= KM:
        yield leg.breach(
            Rule.KM,
            say("is written with %(km)s km, but the way is %(km2)s km", km=f"{leg.stop.km:.3f}", km2=f"{leg.km:.3f}"),
        )
    fault = _leg_fault(leg, leg.stop.depart, leg.stop.arrive, leg.move_s)
    if fault is not None:
        yield leg.breach(
            Rule.MOVE_TIME, say("departs %(depart)s, arrives %(fault)s", depart=wall(leg.stop.depart), fault=fault)
        )


def _check_work(leg: _Leg) -> Iterator[Breach]:
    stop, job = leg.stop, leg.region.job_of[leg.stop.job_id]
    if leg.work_s is None:
        yield leg.breach(
            Rule.NO_RATE,
            say(
                "class %(machine_class)s has no work rate for %(operation)s",
                machine_class=leg.machine_class,
                operation=job.operation,
            ),
        )
    else:
        fault = _leg_fault(leg, stop.start, stop.end, leg.work_s)
        if fault is not None:
            yield leg.breach(
                Rule.WORK_TIME, say("starts %(start)s, ends %(fault)s", start=wall(stop.start), fault=fault)
            )
    if stop.start.timestamp() < job.open.timestamp() - TIME_S:
        yield leg.breach(
            Rule.OPEN,
            say("starts %(start)s, but the window opens %(open)s", start=wall(stop.start), open=wall(job.open)),
        )
    if stop.end.timestamp() > job.close.timestamp() + TIME_S:
        yield leg.breach(
            Rule.CLOSE, say("ends %(end)s, but the window closes %(close)s", end=wall(stop.end), close=wall(job.close))
        )


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
        return say(
            "%(end)s, but its %(need_h)s h do not end inside the machine's crewed work hours",
            end=wall(end),
            need_h=f"{need_s / HOUR_S:.3f}",
        )
    low = clock.earliest(min(max(0.0, used_s - ROUNDING_S), clock.total_s))
    high = clock.latest(min(used_s + ROUNDING_S, clock.total_s))
    if low - TIME_S <= end.timestamp() <= high + TIME_S:
        return None
    true = after_seconds(begin, clock.earliest(min(used_s, clock.total_s)) - begin.timestamp(), leg.region.tz)
    return say(
        "%(end)s, but %(need_h)s h of working time from then end %(true)s",
        end=wall(end),
        need_h=f"{need_s / HOUR_S:.3f}",
        true=wall(true),
    )


def _nearest(leg: _Leg, moment: datetime) -> str:
    """The crewed hours next to a moment, for the sentence."""
    clock, at = leg.clock, moment.timestamp()
    i = min(range(len(clock.starts)), key=lambda k: max(clock.starts[k] - at, at - clock.ends[k]))
    opens, closes = (after_seconds(moment, t - at, leg.region.tz) for t in (clock.starts[i], clock.ends[i]))
    return say("the nearest crewed work hours %(opens)s to %(closes)s", opens=wall(opens), closes=wall(closes))
