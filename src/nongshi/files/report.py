"""report.html: one file that shows a plan to a dispatcher, on a desk or a phone, without any network.

The page's text, style and script lie in `report_page/`; the plan goes in as JSON. Times go in as minutes of wall
time since the first day's midnight, so that no browser ever converts a zone; positions as metres on a local plane.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from importlib.resources import files
from math import cos, radians
from pathlib import Path
from typing import Any

from nongshi.core.plan import Plan
from nongshi.core.region import MachineClass, Region
from nongshi.core.times import days
from nongshi.core.units import yuan
from nongshi.files.plan_rows import StopRow, crewed_spans, stop_rows, work_hours
from nongshi.files.report_words import REPORT_WORDS
from nongshi.files.texts import CLASSES, ENGINES, LICENCES, OPERATIONS, REASONS, Words
from nongshi.files.whole import write_whole

M_PER_DEGREE = 111_195.08  # pi / 180 x the contract's radius of 6371.0088 km; the map needs no better
SCRIPTS = ("common.js", "map.js", "gantt.js", "panels.js", "start.js")

Plane = tuple[float, float, float]  # west edge, north edge, metres per degree of longitude


def write_report(path: Path, region: Region, plan: Plan, *, baseline: Plan | None = None) -> None:
    """Write report.html; `baseline` is the phone dispatcher's plan, shown beside.

    Raises:
        OSError: the folder cannot be written to.
    """
    write_whole(path, make_report(region, plan, baseline=baseline))


def make_report(region: Region, plan: Plan, *, baseline: Plan | None = None) -> str:
    """The whole page as text."""
    page = files("nongshi.files") / "report_page"
    script = "\n".join((page / name).read_text(encoding="utf-8") for name in SCRIPTS)
    slots = {
        "/*STYLE*/": (page / "report.css").read_text(encoding="utf-8"),
        "/*DATA*/": _safe_json(report_data(region, plan, baseline=baseline)),
        "/*SCRIPT*/": script,
    }
    pieces = re.split(r"(/\*[A-Z]+\*/)", (page / "report.html").read_text(encoding="utf-8"))
    return "".join(slots.get(piece, piece) for piece in pieces)


def report_data(region: Region, plan: Plan, *, baseline: Plan | None = None) -> dict[str, Any]:
    """Everything that the page shows, as plain JSON values."""
    plane = _plane(region)
    rows = stop_rows(region, plan)
    number = {f.id: i for i, f in enumerate(region.fields)}
    return {
        "words": {key: list(pair) for key, pair in REPORT_WORDS.items()},
        "region": _region_data(region),
        "plan": _plan_data(plan),
        "base": None if baseline is None else _plan_data(baseline),
        "names": _names(region, plan),
        "fields": [
            [
                f.id,
                f.name,
                f.place,
                str(f.extra.get("town", "")),
                f.grower_id,
                f.area_ha,
                [[_xy(plane, *p) for p in ring] for polygon in f.polygons for ring in polygon],
                _xy(plane, f.gate_lon, f.gate_lat),
            ]
            for f in region.fields
        ],
        "classes": [_class_data(region, kind) for kind in region.machine_classes],
        "machines": _machine_data(region, plan, plane),
        "jobs": [
            [
                j.id,
                number[j.field_id],
                j.operation,
                j.area_ha,
                *(_minute(region, t) for t in (j.open, j.due, j.close)),
                yuan(j.value_fen),
            ]
            for j in region.jobs
        ],
        "stops": [_stop_data(region, row) for row in rows],
        "unserved": [[u.job_id, u.reason.value, u.text_zh or u.text, u.text] for u in plan.unserved],
        "rates": [[r.machine_class, r.operation, r.rate_ha_h, r.source] for r in region.work_rates],
        "curves": [[c.id, c.days_late, c.loss_share] for c in region.loss_curves],
        "assumptions": [_assumption(item) for item in region.extra.get("assumptions", []) if isinstance(item, Mapping)],
    }


def _region_data(region: Region) -> dict[str, Any]:
    return {
        "name": region.name,
        "days": [day.isoformat() for day in days(region.start_date, region.horizon_days)],
        "synthetic": region.synthetic,
        "detour": region.detour,
    }


def _plan_data(plan: Plan) -> dict[str, Any]:
    totals = {key: yuan(v) if key.endswith("_fen") else v for key, v in asdict(plan.totals).items()}
    data: dict[str, Any] = {key.replace("_fen", "_yuan"): v for key, v in totals.items()}
    data |= {"engine": plan.engine, "seed": plan.seed, "objective_yuan": yuan(plan.objective_fen), "gap": plan.gap}
    data["one_more"] = [
        [one["kind"], one["id"], None if one["price_fen"] is None else yuan(one["price_fen"]), yuan(one["gain_fen"])]
        for one in plan.extra.get("one_more", [])
    ]
    data |= {"bound_yuan": None, "machine_prices": [], "licence_prices": [], "method": ""}
    if plan.bound is not None:
        data |= {"bound_yuan": yuan(plan.bound.bound_fen), "method": plan.bound.method}
        data["machine_prices"] = [
            [p.machine_class, *_price(p.fen_h, p.fen_h_by_day)] for p in plan.bound.machine_prices
        ]
        data["licence_prices"] = [[p.licence, *_price(p.fen_h, p.fen_h_by_day)] for p in plan.bound.licence_prices]
    return data


def _price(fen_h: float, fen_h_by_day: Mapping[date, float]) -> tuple[float, dict[str, float]]:
    return yuan(fen_h), {day.isoformat(): yuan(v) for day, v in fen_h_by_day.items()}


def _names(region: Region, plan: Plan) -> dict[str, dict[str, tuple[str, str]]]:
    """Words of the ids that this region uses; the page falls back to the id."""

    def used(words: Words, ids: set[str]) -> dict[str, tuple[str, str]]:
        return {key: words[key] for key in sorted(ids) if key in words}

    return {
        "operation": used(OPERATIONS, {j.operation for j in region.jobs} | {r.operation for r in region.work_rates}),
        "licence": used(LICENCES, {c.licence for c in region.machine_classes if c.licence}),
        "reason": dict(REASONS),
        "engine": used(ENGINES, {plan.engine}),
    }


def _class_data(region: Region, kind: MachineClass) -> dict[str, Any]:
    hours = [work_hours(region, kind.id, day) for day in days(region.start_date, region.horizon_days)]
    return {
        "id": kind.id,
        "name": [CLASSES[kind.id][0] if kind.id in CLASSES else kind.name, kind.name],
        "licence": kind.licence,
        "count": sum(m.machine_class == kind.id for m in region.machines),
        "road": kind.road_km_h,
        "load": kind.load_min,
        "km": yuan(kind.cost_fen_km),
        "h": yuan(kind.cost_fen_h),
        "hours": [None if h is None else [_minute(region, t) for t in h] for h in hours],
    }


def _machine_data(region: Region, plan: Plan, plane: Plane) -> list[dict[str, Any]]:
    operator_of = {(crew.machine_id, crew.date): crew.operator_id for crew in plan.crews}
    first = region.start_date
    found = []
    for m in region.machines:
        spans = crewed_spans(region, m.id, operator_of)
        crew = {
            (day - first).days: [operator_of[m.id, day], *(_minute(region, t) for t in span)]
            for day, span in spans.items()
        }
        yard = _xy(plane, m.yard_lon, m.yard_lat)
        found.append({"id": m.id, "cls": m.machine_class, "owner": m.owner_id, "yard": yard, "crew": crew})
    return found


def _stop_data(region: Region, row: StopRow) -> dict[str, Any]:
    stop = row.stop
    times = [_minute(region, t) for t in (stop.depart, stop.arrive, stop.start, stop.end)]
    return {
        "m": row.machine.id,
        "n": row.order,
        "j": stop.job_id,
        "part": stop.part,
        "area": stop.area_ha,
        "t": times,
        "km": stop.km,
        "late": round(row.late_d, 2),
        "loss": yuan(row.loss_fen),
        "worked": [[_minute(region, a), _minute(region, b)] for a, b in row.worked.values()],
    }


def _assumption(item: Mapping[str, Any]) -> list[str]:
    return [str(item.get(key, "")) for key in ("name", "value", "unit", "source", "date")]


def _minute(region: Region, moment: datetime) -> int:
    """Minutes of wall time since midnight of the first day: for showing, never for pricing."""
    midnight = datetime.combine(region.start_date, datetime.min.time())
    return round((moment.astimezone(region.tz).replace(tzinfo=None) - midnight) / timedelta(minutes=1))


def _plane(region: Region) -> Plane:
    lons = [f.gate_lon for f in region.fields] + [m.yard_lon for m in region.machines] or [0.0]
    lats = [f.gate_lat for f in region.fields] + [m.yard_lat for m in region.machines] or [0.0]
    return min(lons), max(lats), M_PER_DEGREE * cos(radians((min(lats) + max(lats)) / 2))


def _xy(plane: Plane, lon: float, lat: float) -> tuple[int, int]:
    """Metres east of the west edge and south of the north edge."""
    west, north, m_per_degree_lon = plane
    return round((lon - west) * m_per_degree_lon), round((north - lat) * M_PER_DEGREE)


def _safe_json(data: object) -> str:
    """JSON that cannot close the script element it stands in, whatever a field is called."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    escapes: dict[str, int | str | None] = {
        "<": "\\u003c",
        ">": "\\u003e",
        "&": "\\u0026",
        "\u2028": "\\u2028",
        "\u2029": "\\u2029",
    }
    return text.translate(str.maketrans(escapes))
