"""The text of a plan file (docs/formats.md, section 3): the same plan always gives the same bytes.

Money is written in yuan to the fen, km to the metre, areas to 4 decimals, times to the second. `rounded`
brings a plan to that precision and order; for such a plan, reading what was written gives the plan back.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from nongshi.core.plan import Bound, Lot, Plan, Stop, Totals
from nongshi.core.times import wall
from nongshi.core.units import yuan

FORMAT = "nongshi-plan/1"
AREA_DECIMALS = 6  # a third of a hectare keeps its value within one part in 100,000
KM_DECIMALS = 3
GAP_DECIMALS = 6
CPU_DECIMALS = 3
WET_DECIMALS = 6  # tonnes: parts of a lot still sum to it


def plan_json(plan: Plan, *, zone: ZoneInfo | str | None = None) -> str:
    """The text of a plan file; without a `zone`, each time stays in the zone it carries."""
    tz = ZoneInfo(zone) if isinstance(zone, str) else zone
    plan = rounded(plan)
    document = {"format": FORMAT, "region": plan.region, "engine": plan.engine, "seed": plan.seed}
    document |= {"cpu_s": plan.cpu_s, "iterations": plan.iterations}
    document |= _sums(plan)
    document |= {"prices": _prices(plan.bound), "crews": _crews(plan), "routes": _routes(plan, tz)}
    document["unserved"] = [
        {"job_id": u.job_id, "reason": u.reason.value, "text": u.text, "text_zh": u.text_zh} for u in plan.unserved
    ]
    if plan.lots:
        document["lots"] = [_lot(lot) for lot in plan.lots]
    document |= {key: value for key, value in plan.extra.items() if key not in document}
    return _lines(document)


def rounded(plan: Plan) -> Plan:
    """The plan at the precision and in the order of its file: sums, km, areas and prices rounded, lists sorted."""
    totals = plan.totals
    return replace(
        plan,
        cpu_s=None if plan.cpu_s is None else round(float(plan.cpu_s), CPU_DECIMALS),
        totals=Totals(
            value_fen=_whole(totals.value_fen),
            loss_fen=_whole(totals.loss_fen),
            km=round(totals.km, KM_DECIMALS),
            move_cost_fen=_whole(totals.move_cost_fen),
            work_cost_fen=_whole(totals.work_cost_fen),
            area_ha=round(totals.area_ha, AREA_DECIMALS),
            jobs_served=totals.jobs_served,
            jobs_unserved=totals.jobs_unserved,
        ),
        bound=None if plan.bound is None else _rounded_bound(plan.bound),
        crews=tuple(sorted(plan.crews, key=lambda crew: (crew.date, crew.machine_id, crew.operator_id))),
        routes=tuple(
            replace(route, stops=tuple(map(_rounded_stop, route.stops)))
            for route in sorted(plan.routes, key=lambda route: route.machine_id)
        ),
        unserved=tuple(sorted(plan.unserved, key=lambda unserved: unserved.job_id)),
        lots=tuple(sorted(map(_rounded_lot, plan.lots), key=_lot_order)),
    )


def _whole(amount_fen: float) -> float:
    """Whole fen; adding zero turns -0.0 into 0.0."""
    return round(float(amount_fen)) + 0.0


def _rounded_bound(bound: Bound) -> Bound:
    machines = sorted(bound.machine_prices, key=lambda price: price.machine_class)
    licences = sorted(bound.licence_prices, key=lambda price: price.licence)
    return Bound(
        bound_fen=_whole(bound.bound_fen),
        machine_prices=tuple(
            replace(p, fen_h=_whole(p.fen_h), fen_h_by_day=_rounded_days(p.fen_h_by_day)) for p in machines
        ),
        licence_prices=tuple(
            replace(p, fen_h=_whole(p.fen_h), fen_h_by_day=_rounded_days(p.fen_h_by_day)) for p in licences
        ),
        dryer_prices=tuple(
            replace(p, fen_t=_whole(p.fen_t)) for p in sorted(bound.dryer_prices, key=lambda price: price.date)
        ),
        method=bound.method,
    )


def _rounded_days(fen_h_by_day: Mapping[date, float]) -> dict[date, float]:
    return {day: _whole(fen_h_by_day[day]) for day in sorted(fen_h_by_day)}


def _rounded_stop(stop: Stop) -> Stop:
    return replace(stop, area_ha=round(float(stop.area_ha), AREA_DECIMALS), km=round(float(stop.km), KM_DECIMALS))


def _rounded_lot(lot: Lot) -> Lot:
    return replace(lot, wet_t=round(float(lot.wet_t), WET_DECIMALS), km=round(float(lot.km), KM_DECIMALS))


def _lot_order(lot: Lot) -> tuple[date, str, int, date, str]:
    return lot.harvested, lot.job_id, lot.part, lot.dried or date.max, lot.dryer_id


def _sums(plan: Plan) -> dict[str, Any]:
    """Objective, bound, gap and totals, of a rounded plan."""
    totals = plan.totals
    return {
        "objective_yuan": yuan(plan.objective_fen),
        "bound_yuan": None if plan.bound is None else yuan(plan.bound.bound_fen),
        "bound_method": None if plan.bound is None else plan.bound.method,
        "gap": None if plan.gap is None else round(plan.gap, GAP_DECIMALS),
        "totals": {
            "value_yuan": yuan(totals.value_fen),
            "loss_yuan": yuan(totals.loss_fen),
            "km": totals.km,
            "move_cost_yuan": yuan(totals.move_cost_fen),
            "work_cost_yuan": yuan(totals.work_cost_fen),
            "area_ha": totals.area_ha,
            "jobs_served": totals.jobs_served,
            "jobs_unserved": totals.jobs_unserved,
        },
    }


def _prices(bound: Bound | None) -> dict[str, list[dict[str, Any]]]:
    def days(fen_h_by_day: Mapping[date, float]) -> dict[str, float]:
        return {day.isoformat(): yuan(fen_h) for day, fen_h in fen_h_by_day.items()}

    machines = () if bound is None else bound.machine_prices
    licences = () if bound is None else bound.licence_prices
    dryers = () if bound is None else bound.dryer_prices
    prices: dict[str, list[dict[str, Any]]] = {
        "machine_classes": [
            {"machine_class": p.machine_class, "yuan_h": yuan(p.fen_h), "by_day": days(p.fen_h_by_day)}
            for p in machines
        ],
        "licences": [{"licence": p.licence, "yuan_h": yuan(p.fen_h), "by_day": days(p.fen_h_by_day)} for p in licences],
    }
    if dryers:
        prices["dryers"] = [{"date": p.date.isoformat(), "yuan_t": yuan(p.fen_t)} for p in dryers]
    return prices


def _crews(plan: Plan) -> list[dict[str, str]]:
    return [
        {"date": crew.date.isoformat(), "machine_id": crew.machine_id, "operator_id": crew.operator_id}
        for crew in plan.crews
    ]


def _routes(plan: Plan, tz: ZoneInfo | None) -> list[dict[str, Any]]:
    def at(moment: datetime) -> str:
        return wall(moment if tz is None else moment.astimezone(tz))

    return [
        {
            "machine_id": route.machine_id,
            "stops": [
                {
                    "job_id": stop.job_id,
                    "part": stop.part,
                    "area_ha": stop.area_ha,
                    "depart": at(stop.depart),
                    "arrive": at(stop.arrive),
                    "start": at(stop.start),
                    "end": at(stop.end),
                    "km": stop.km,
                }
                for stop in route.stops
            ],
        }
        for route in plan.routes
    ]


def _lot(lot: Lot) -> dict[str, Any]:
    return {
        "job_id": lot.job_id,
        "part": lot.part,
        "harvested": lot.harvested.isoformat(),
        "dryer_id": lot.dryer_id,
        "dried": None if lot.dried is None else lot.dried.isoformat(),
        "wet_t": lot.wet_t,
        "km": lot.km,
    }


def _lines(document: Mapping[str, Any]) -> str:
    """One line per crew, stop, price and unserved job: people compare plans line by line."""
    return "{\n" + ",\n".join(f"{_text(key)}: {_block(value)}" for key, value in document.items()) + "\n}\n"


def _block(value: Any) -> str:
    """Lists of mappings take a line for each item, and a route one for each stop; all else stands on one line."""
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return "[\n" + ",\n".join(map(_item, value)) + "\n]"
    return _text(value)


def _item(item: dict[str, Any]) -> str:
    if "stops" not in item:
        return _text(item)
    head = {key: value for key, value in item.items() if key != "stops"}
    stops = ",\n".join("  " + _text(stop) for stop in item["stops"])
    return _text(head)[:-1] + ', "stops": [' + (f"\n{stops}\n" if stops else "") + "]}"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
