"""check_plan: every rule of docs/formats.md, section 2, in the plainest Python."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import partial

from nongshi.core.plan import Crew, Plan, Reason, Stop
from nongshi.core.region import Job, Region
from nongshi.core.times import days, midnight, wall
from nongshi.verify.legs import check_route
from nongshi.verify.rules import HOUR_S, DistanceKm, Hours, crew_fault, dryer_nights, part_count, road_km
from nongshi.verify.sums import check_sums, part_share, score
from nongshi.verify.verdict import AREA_SHARE, TIME_S, Breach, Rule, Verdict

Stops = Mapping[str, list[Stop]]  # by job id


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
        text = f"the plan is for region {plan.region}, but it is checked against {region.name}"
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
            text = f"the region has no {noun} {id_!r}"
            yield Breach(rule=Rule.UNKNOWN_ID, where=f"{noun} {id_}", text=text)


def _check_crews(region: Region, plan: Plan) -> Iterator[Breach]:
    machines_of, crews_of = defaultdict(set), Counter[tuple[date, str]]()
    for crew in plan.crews:
        machines_of[crew.date, crew.operator_id].add(crew.machine_id)
        crews_of[crew.date, crew.machine_id] += 1
    for (day, operator_id), machines in machines_of.items():
        if len(machines) > 1:
            text = f"drives {len(machines)} machines on {day} ({', '.join(sorted(machines))}), but may drive 1"
            yield Breach(rule=Rule.CREW_TWO_MACHINES, where=f"operator {operator_id}", text=text)
    for (day, machine_id), count in crews_of.items():
        if count > 1:
            text = f"has {count} crews on {day}, but may have 1"
            yield Breach(rule=Rule.CREW_TWO_OPERATORS, where=f"machine {machine_id}", text=text)
    hours = Hours(region)
    for crew in plan.crews:
        if crew.machine_id in region.machine_of and crew.operator_id in region.operator_of:
            yield from _check_crew(region, hours, crew)


def _check_crew(region: Region, hours: Hours, crew: Crew) -> Iterator[Breach]:
    where = f"operator {crew.operator_id} on machine {crew.machine_id}, {crew.date}"
    machine, operator = region.machine_of[crew.machine_id], region.operator_of[crew.operator_id]
    if crew.date not in hours.dates:
        planned = days(region.start_date, region.horizon_days)
        text = f"crewed on {crew.date}, but planned are {planned[0]} to {planned[-1]}"
        yield Breach(rule=Rule.HORIZON, where=where, text=text)
    day = midnight(crew.date, region.tz)
    next_day = midnight(crew.date + timedelta(days=1), region.tz)
    since, until = machine.available_from or day, machine.available_to or next_day
    if since >= next_day or until <= day:
        text = f"crewed on {crew.date}, but the machine is there from {wall(since)} to {wall(until)}"
        yield Breach(rule=Rule.CREW_MACHINE_AWAY, where=where, text=text)
    fault = crew_fault(region, crew)
    if fault is not None:
        licence = region.class_of[machine.machine_class].licence
        held = ", ".join(f"{k} until {v}" for k, v in operator.licences.items()) or "none"
        text = {
            Rule.CREW_NO_LICENCE: f"the class needs licence {licence}, the operator holds {held}",
            Rule.CREW_LICENCE_EXPIRED: f"drives on {crew.date} with licence {licence}, the operator holds {held}",
            Rule.CREW_OFF_DAY: f"drives on {crew.date}, but that is an off day of the operator",
            Rule.CREW_OWNER: f"machine of {machine.owner_id}, operator of {operator.owner_id}, who is not shared",
        }[fault]
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
            text = f"has a second route of {len(route.stops)} stops, but may have 1 route"
            yield Breach(rule=Rule.ROUTE_TWICE, where=f"machine {machine.id}", text=text)
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
    where, numbers = f"job {job.id}", sorted(stop.part for stop in mine)
    whole = len(mine) == 1 and numbers == [1] and (n == 1 or mine[0].area_ha > job.area_ha * (1 - 0.5 / n))
    if len(set(numbers)) < len(numbers):
        text = f"is served in parts {numbers}, but each of its {n} part(s) may be served once"
        yield Breach(rule=Rule.JOB_TWICE, where=where, text=text)
    elif not whole and numbers != list(range(1, n + 1)):
        text = f"is served in parts {numbers}, but must be served whole or in parts 1 to {n}"
        yield Breach(rule=Rule.PARTS, where=where, text=text)
    else:
        wanted_ha = job.area_ha if whole else job.area_ha / n
        for stop in mine:
            if not abs(stop.area_ha - wanted_ha) <= AREA_SHARE * wanted_ha:
                text = f"part {stop.part} is written with {stop.area_ha:.4f} ha, but has {wanted_ha:.4f} ha"
                yield Breach(rule=Rule.PART_AREA, where=where, text=text)


def _check_chains(region: Region, stops: Stops) -> Iterator[Breach]:
    for job in region.jobs:
        if job.after_job_id is None or job.id not in stops:
            continue
        where = f"job {job.id} after job {job.after_job_id}"
        if job.after_job_id not in stops:
            text = f"job {job.id} is served, but job {job.after_job_id}, which comes first, is not"
            yield Breach(rule=Rule.AFTER_JOB, where=where, text=text)
            continue
        start = min((stop.start for stop in stops[job.id]), key=lambda t: t.timestamp())
        ended = max((stop.end for stop in stops[job.after_job_id]), key=lambda t: t.timestamp())
        if not start.timestamp() >= ended.timestamp() + job.after_h * HOUR_S - TIME_S:
            text = f"starts {wall(start)}, but must wait {job.after_h:g} h after {wall(ended)}"
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
            text = f"{waiting_t:.3f} t of wet grain wait over night, but the dryers hold {hold_t:.3f} t"
            yield Breach(rule=Rule.DRYER, where=f"dryers, {day}", text=text)


def _check_unserved(region: Region, plan: Plan, stops: Stops) -> Iterator[Breach]:
    listed = Counter(out.job_id for out in plan.unserved)
    for job in region.jobs:
        times = listed[job.id]
        if times != (0 if job.id in stops else 1):
            served = f"has {len(stops[job.id])} stop(s)" if job.id in stops else "has no stop"
            text = f"{served} and is listed as unserved {times} time(s)"
            yield Breach(rule=Rule.UNSERVED, where=f"job {job.id}", text=text)
    for out in plan.unserved:
        if out.reason not in set(Reason):
            known = ", ".join(Reason)
            text = f"is unserved for {str(out.reason)!r}, but the reasons are {known}"
            yield Breach(rule=Rule.REASON, where=f"job {out.job_id}", text=text)
