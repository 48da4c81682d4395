"""The judge's sums: what the stops, as they are written, add up to."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

from nongshi.core.plan import Plan, Route, Stop, Totals
from nongshi.core.region import Region
from nongshi.core.said import say
from nongshi.verify.rules import HOUR_S, DistanceKm, loss_share, part_count, road_km
from nongshi.verify.verdict import KM, KM_ROUNDING, SUM_FEN, SUM_SHARE, Breach, Rule

GAP = 1e-4  # allowed on a written gap: it is shown to a hundredth of a percent; assumption


def score(region: Region, plan: Plan, *, distance_km: DistanceKm | None = None) -> Totals:
    """Totals of a plan from its times as written; distances, durations and parts by the rules, not as written.

    Stops of machines or jobs that the region does not know count nothing.
    """
    count = Counter(stop.job_id for route in plan.routes for stop in route.stops)
    value = loss = km = move = work = area_ha = 0.0
    for route, stop, stop_km in known_stops(region, plan, distance_km or partial(road_km, region)):
        job = region.job_of[stop.job_id]
        machine_class = region.class_of[region.machine_of[route.machine_id].machine_class]
        share = part_share(region, stop, count[stop.job_id])
        late_s = stop.end.timestamp() - job.due.timestamp()
        value += job.value_fen * share
        loss += job.value_fen * share * loss_share(region.curve_of[job.loss_curve], late_s)
        km += stop_km
        move += stop_km * machine_class.cost_fen_km
        work += machine_class.cost_fen_h * work_s(region, route.machine_id, stop, share) / HOUR_S
        area_ha += job.area_ha * share
    served = sum(job_id in region.job_of for job_id in count)
    return Totals(
        value_fen=value,
        loss_fen=loss,
        km=km,
        move_cost_fen=move,
        work_cost_fen=work,
        area_ha=area_ha,
        jobs_served=served,
        jobs_unserved=len(region.jobs) - served,
    )


def part_share(region: Region, stop: Stop, stops_of_job: int) -> float:
    """The stop's share of its job: 1 for a whole job, 1/n for one of n parts, else what is written."""
    job = region.job_of[stop.job_id]
    n = part_count(job)
    if stops_of_job == 1 and (n == 1 or stop.area_ha > job.area_ha * (1 - 0.5 / n)):
        return 1.0
    return 1.0 / n if stops_of_job == n else stop.area_ha / job.area_ha


def work_s(region: Region, machine_id: str, stop: Stop, share: float) -> float:
    """Working time of a stop; 0 where the class cannot do the operation."""
    job = region.job_of[stop.job_id]
    rate_ha_h = region.rate_ha_h.get((region.machine_of[machine_id].machine_class, job.operation))
    return 0.0 if rate_ha_h is None else job.area_ha * share / rate_ha_h * HOUR_S


def known_stops(region: Region, plan: Plan, way_km: DistanceKm) -> Iterator[tuple[Route, Stop, float]]:
    """Route, stop and its distance by the rules, of all stops whose ids are known."""
    for route in plan.routes:
        machine = region.machine_of.get(route.machine_id)
        if machine is None:
            continue
        here, field_id = (machine.yard_lon, machine.yard_lat), None
        for stop in route.stops:
            job = region.job_of.get(stop.job_id)
            if job is None:
                continue
            field = region.field_of[job.field_id]
            there = (field.gate_lon, field.gate_lat)
            yield route, stop, 0.0 if field.id == field_id else way_km(here, there)
            here, field_id = there, field.id


def check_sums(region: Region, plan: Plan, true: Totals) -> Iterator[Breach]:
    """Totals, objective and bound against what the stops add up to."""
    stops = sum(len(route.stops) for route in plan.routes)
    km_fen = max((c.cost_fen_km for c in region.machine_classes), default=0)
    slack_km = stops * KM_ROUNDING
    floors = {"value_fen": SUM_FEN, "loss_fen": SUM_FEN, "work_cost_fen": SUM_FEN}
    floors |= {"move_cost_fen": SUM_FEN + slack_km * km_fen, "km": KM + slack_km}
    floors |= {"area_ha": 1e-3, "jobs_served": 0.5, "jobs_unserved": 0.5}
    for name, floor in floors.items():
        said, is_ = getattr(plan.totals, name), getattr(true, name)
        share = 0.0 if name.startswith("jobs") else SUM_SHARE
        if not abs(said - is_) <= max(floor, share * abs(is_)):
            yield _sum_breach(Rule.TOTALS, name, said, is_)
    if not abs(plan.objective_fen - true.objective_fen) <= _objective_slack(true) + slack_km * km_fen:
        yield _sum_breach(Rule.OBJECTIVE, "objective_fen", plan.objective_fen, true.objective_fen)
    if plan.bound is not None and not plan.bound.bound_fen >= true.objective_fen - _objective_slack(true):
        text = say(
            "the plan is worth %(objective_fen)s fen, but its bound says at most %(bound_fen)s",
            objective_fen=f"{true.objective_fen:,.0f}",
            bound_fen=f"{plan.bound.bound_fen:,.0f}",
        )
        yield Breach(rule=Rule.BOUND, where="bound", text=text)


def check_figures(
    region: Region,
    plan: Plan,
    *,
    objective_fen: float | None = None,
    gap: float | None = None,
    distance_km: DistanceKm | None = None,
) -> tuple[Breach, ...]:
    """Check the objective and the gap that a file states beside its totals; None: the file states none."""
    true = score(region, plan, distance_km=distance_km)
    breaches = []
    if objective_fen is not None and not abs(objective_fen - true.objective_fen) <= _objective_slack(true):
        breaches.append(_sum_breach(Rule.OBJECTIVE, "objective_yuan", objective_fen, true.objective_fen))
    if gap is not None:
        known = plan.bound is not None and true.objective_fen > 0
        is_ = plan.bound.bound_fen / true.objective_fen - 1 if plan.bound is not None and known else None
        if is_ is None or not abs(gap - is_) <= GAP:
            text = say("the file says %(gap)s, but bound / objective - 1 cannot be known", gap=f"{gap:.6f}")
            if is_ is not None:
                text = say(
                    "the file says %(gap)s, but bound / objective - 1 is %(true)s", gap=f"{gap:.6f}", true=f"{is_:.6f}"
                )
            breaches.append(Breach(rule=Rule.GAP, where="gap", text=text))
    return tuple(breaches)


def _objective_slack(true: Totals) -> float:
    return max(SUM_FEN, SUM_SHARE * abs(true.objective_fen))


def _sum_breach(rule: Rule, name: str, said: float, is_: float) -> Breach:
    return Breach(
        rule=rule,
        where=name,
        text=say("the plan says %(said)s, but its stops add up to %(true)s", said=f"{said:,.3f}", true=f"{is_:,.3f}"),
    )
