"""check_plan: every rule of docs/formats.md, section 2, in the plainest Python."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import partial

from nongshi.core.plan import Crew, Plan, Reason, Stop
from nongshi.core.region import Job, Region
from nongshi.core.said import say
from nongshi.core.times import days, midnight, wall
from nongshi.verify.legs import check_route
from nongshi.verify.rules import HOUR_S, DistanceKm, Hours, crew_fault, dryer_nights, part_count, road_km
from nongshi.verify.sums import check_sums, part_share, score
from nongshi.verify.verdict import AREA_SHARE, TIME_S, Breach, Rule, Verdict

Stops = Mapping[str, list[Stop]]  # by job id

CREW_TEXTS = {
    Rule.CREW_NO_LICENCE: "the class needs licence %(licence)s, the operator holds %(held)s",
    Rule.CREW_LICENCE_EXPIRED: "drives on %(date)s with licence %(licence)s, the operator holds %(held)s",
    Rule.CREW_OFF_DAY: "drives on %(date)s, but that is an off day of the operator",
    Rule.CREW_OWNER: "machine of %(owner)s, operator of %(other)s, who is not shared",
}


def check_plan(region: Region, plan: Plan, *, distance_km: DistanceKm | None = None) -> Verdict:
    """Judge a plan against its region; never raises for a wrong plan, every breach is named.

    `distance_km` stands for the region's road network; None: detour x great circle.
    """
    way_km = distance_km or partial(road_km, region)
    stops: defaultdict[str, list[Stop]] = defaultdict(list)
    for route in plan.routes:
        for stop in route.stops:
            stops[stop.job_id].append(stop)
    totals = score(region, plan, distance_km=way_km)
    breaches = [
        *_check_ids(region, plan),
        *_check_crews(region, plan),
        *_check_routes(region, plan, stops, way_km),
        *_check_jobs(region, stops),
        *_check_chains(region, stops),
        *_check_dryers(region, stops),
        *_check_unserved(region, plan, stops),
        *check_sums(region, plan, totals),
    ]
    return Verdict(breaches=tuple(breaches), totals=totals)


def _check_ids(region: Region, plan: Plan) -> Iterator[Breach]:
    if plan.region != region.name:
        text = say(
            "the plan is for region %(region)s, but it is checked against %(name)s",
            region=plan.region,
            name=region.name,
        )
        yield Breach(rule=Rule.REGION, where="plan", text=text)
    used = [
        *(("machine", route.machine_id, route.machine_id in region.machine_of) for route in plan.routes),
        *(("job", s.job_id, s.job_id in region.job_of) for route in plan.routes for s in route.stops),
        *(("machine", crew.machine_id, crew.machine_id in region.machine_of) for crew in plan.crews),
        *(("operator", crew.operator_id, crew.operator_id in region.operator_of) for crew in plan.crews),
        *(("job", out.job_id, out.job_id in region.job_of) for out in plan.unserved),
    ]
    for noun, id_, known in dict.fromkeys(used):
        if not known:
            text = say("the region has no %(noun)s %(id)s", noun=noun, id=f"{id_!r}")
            yield Breach(rule=Rule.UNKNOWN_ID, where=say("%(noun)s %(id)s", noun=noun, id=id_), text=text)


def _check_crews(region: Region, plan: Plan) -> Iterator[Breach]:
    machines_of, crews_of = defaultdict(set), Counter[tuple[date, str]]()
    for crew in plan.crews:
        machines_of[crew.date, crew.operator_id].add(crew.machine_id)
        crews_of[crew.date, crew.machine_id] += 1
    for (day, operator_id), machines in machines_of.items():
        if len(machines) > 1:
            text = say(
                "drives %(count)s machines on %(day)s (%(names)s), but may drive 1",
                count=len(machines),
                day=day,
                names=", ".join(sorted(machines)),
            )
            yield Breach(
                rule=Rule.CREW_TWO_MACHINES, where=say("operator %(operator_id)s", operator_id=operator_id), text=text
            )
    for (day, machine_id), count in crews_of.items():
        if count > 1:
            text = say("has %(count)s crews on %(day)s, but may have 1", count=count, day=day)
            yield Breach(
                rule=Rule.CREW_TWO_OPERATORS, where=say("machine %(machine_id)s", machine_id=machine_id), text=text
            )
    hours = Hours(region)
    for crew in plan.crews:
        if crew.machine_id in region.machine_of and crew.operator_id in region.operator_of:
            yield from _check_crew(region, hours, crew)


def _check_crew(region: Region, hours: Hours, crew: Crew) -> Iterator[Breach]:
    where = say(
        "operator %(operator_id)s on machine %(machine_id)s, %(date)s",
        operator_id=crew.operator_id,
        machine_id=crew.machine_id,
        date=crew.date,
    )
    machine, operator = region.machine_of[crew.machine_id], region.operator_of[crew.operator_id]
    if crew.date not in hours.dates:
        planned = days(region.start_date, region.horizon_days)
        text = say(
            "crewed on %(date)s, but planned are %(value)s to %(value2)s",
            date=crew.date,
            value=planned[0],
            value2=planned[-1],
        )
        yield Breach(rule=Rule.HORIZON, where=where, text=text)
    day = midnight(crew.date, region.tz)
    next_day = midnight(crew.date + timedelta(days=1), region.tz)
    since, until = machine.available_from or day, machine.available_to or next_day
    if since >= next_day or until <= day:
        text = say(
            "crewed on %(date)s, but the machine is there from %(since)s to %(until)s",
            date=crew.date,
            since=wall(since),
            until=wall(until),
        )
        yield Breach(rule=Rule.CREW_MACHINE_AWAY, where=where, text=text)
    fault = crew_fault(region, crew)
    if fault is not None:
        licence = region.class_of[machine.machine_class].licence
        held = ", ".join(f"{k}:{v}" for k, v in operator.licences.items()) or "-"
        facts = {
            "date": crew.date, "licence": licence, "held": held, "owner": machine.owner_id, "other": operator.owner_id,
        }  # fmt: skip
        text = say(CREW_TEXTS[fault], **facts)
        yield Breach(rule=fault, where=where, text=text)


def _check_routes(region: Region, plan: Plan, stops: Stops, way_km: DistanceKm) -> Iterator[Breach]:
    hours, seen = Hours(region), set()
    crews_of: defaultdict[str, list[Crew]] = defaultdict(list)
    for crew in plan.crews:
        crews_of[crew.machine_id].append(crew)
    count = {job_id: len(mine) for job_id, mine in stops.items()}
    for route in plan.routes:
        machine = region.machine_of.get(route.machine_id)
        if machine is None:
            continue
        if machine.id in seen:
            text = say("has a second route of %(count)s stops, but may have 1 route", count=len(route.stops))
            yield Breach(rule=Rule.ROUTE_TWICE, where=say("machine %(machine_id)s", machine_id=machine.id), text=text)
            continue
        seen.add(machine.id)
        yield from check_route(region, route, hours.clock(machine, crews_of[machine.id]), count, way_km)


def _check_jobs(region: Region, stops: Stops) -> Iterator[Breach]:
    """Each job whole or in all its equal parts, each once."""
    for job_id, mine in stops.items():
        job = region.job_of.get(job_id)
        if job is not None:
            yield from _check_job(job, mine, part_count(job))


def _check_job(job: Job, mine: list[Stop], n: int) -> Iterator[Breach]:
    where, numbers = say("job %(job_id)s", job_id=job.id), sorted(stop.part for stop in mine)
    whole = len(mine) == 1 and numbers == [1] and (n == 1 or mine[0].area_ha > job.area_ha * (1 - 0.5 / n))
    if len(set(numbers)) < len(numbers):
        text = say(
            "is served in parts %(numbers)s, but each of its %(n)s part(s) may be served once", numbers=numbers, n=n
        )
        yield Breach(rule=Rule.JOB_TWICE, where=where, text=text)
    elif not whole and numbers != list(range(1, n + 1)):
        text = say(
            "is served in parts %(numbers)s, but must be served whole or in parts 1 to %(n)s", numbers=numbers, n=n
        )
        yield Breach(rule=Rule.PARTS, where=where, text=text)
    else:
        wanted_ha = job.area_ha if whole else job.area_ha / n
        for stop in mine:
            if not abs(stop.area_ha - wanted_ha) <= AREA_SHARE * wanted_ha:
                text = say(
                    "part %(part)s is written with %(area_ha)s ha, but has %(wanted_ha)s ha",
                    part=stop.part,
                    area_ha=f"{stop.area_ha:.4f}",
                    wanted_ha=f"{wanted_ha:.4f}",
                )
                yield Breach(rule=Rule.PART_AREA, where=where, text=text)


def _check_chains(region: Region, stops: Stops) -> Iterator[Breach]:
    for job in region.jobs:
        if job.after_job_id is None or job.id not in stops:
            continue
        where = say("job %(job_id)s after job %(after_job_id)s", job_id=job.id, after_job_id=job.after_job_id)
        if job.after_job_id not in stops:
            text = say(
                "job %(job_id)s is served, but job %(after_job_id)s, which comes first, is not",
                job_id=job.id,
                after_job_id=job.after_job_id,
            )
            yield Breach(rule=Rule.AFTER_JOB, where=where, text=text)
            continue
        start = min((stop.start for stop in stops[job.id]), key=lambda t: t.timestamp())
        ended = max((stop.end for stop in stops[job.after_job_id]), key=lambda t: t.timestamp())
        if not start.timestamp() >= ended.timestamp() + job.after_h * HOUR_S - TIME_S:
            text = say(
                "starts %(start)s, but must wait %(after_h)s h after %(ended)s",
                start=wall(start),
                after_h=f"{job.after_h:g}",
                ended=wall(ended),
            )
            yield Breach(rule=Rule.AFTER_JOB, where=where, text=text)


def _check_dryers(region: Region, stops: Stops) -> Iterator[Breach]:
    """Wet grain waiting over each night; the capacity of an idle day is lost."""
    if not region.dryers:
        return
    wet_t: defaultdict[date, float] = defaultdict(float)
    for job in region.jobs:
        for stop in stops.get(job.id, ()):
            share = part_share(region, stop, len(stops[job.id]))
            wet_t[stop.end.astimezone(region.tz).date()] += (job.wet_t or 0.0) * share
    hold_t = sum(d.hold_t for d in region.dryers)
    for day, waiting_t, fits in dryer_nights(region, wet_t, days(region.start_date, region.horizon_days)):
        if not fits:
            text = say(
                "%(waiting_t)s t of wet grain wait over night, but the dryers hold %(hold_t)s t",
                waiting_t=f"{waiting_t:.3f}",
                hold_t=f"{hold_t:.3f}",
            )
            yield Breach(rule=Rule.DRYER, where=say("dryers, %(day)s", day=day), text=text)


def _check_unserved(region: Region, plan: Plan, stops: Stops) -> Iterator[Breach]:
    listed = Counter(out.job_id for out in plan.unserved)
    for job in region.jobs:
        times = listed[job.id]
        if times != (0 if job.id in stops else 1):
            served = say("has %(count)s stop(s)", count=len(stops.get(job.id, ())))
            text = say("%(served)s and is listed as unserved %(times)s time(s)", served=served, times=times)
            yield Breach(rule=Rule.UNSERVED, where=say("job %(job_id)s", job_id=job.id), text=text)
    for out in plan.unserved:
        if out.reason not in set(Reason):
            known = ", ".join(Reason)
            text = say(
                "is unserved for %(reason)s, but the reasons are %(known)s", reason=f"{str(out.reason)!r}", known=known
            )
            yield Breach(rule=Rule.REASON, where=say("job %(job_id)s", job_id=out.job_id), text=text)
