"""Writing and reading plan files (docs/formats.md, section 3).

Whether a plan keeps the rules of farming is for `nongshi.verify`; here only its form is judged, and whether
its objective and gap follow from its own sums, for the nouns have no place for a number that contradicts them.
"""

import json
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from nongshi.core.errors import NotFound
from nongshi.core.plan import (
    Bound,
    Crew,
    DryerPrice,
    LicencePrice,
    Lot,
    MachinePrice,
    Plan,
    Reason,
    Route,
    Stop,
    Totals,
    Unserved,
)
from nongshi.core.units import FEN_PER_YUAN
from nongshi.files.faults import Faults
from nongshi.files.plan_nodes import Node
from nongshi.files.plan_text import FORMAT, plan_json, rounded
from nongshi.files.rows import parse_day
from nongshi.files.tables import read_text
from nongshi.files.whole import write_whole

__all__ = ["parse_plan", "plan_json", "read_plan", "rounded", "write_plan"]

SUM_SLACK_FEN = 50.0  # docs/formats.md, section 2: 0.5 yuan or one part in 100,000
SUM_SLACK_SHARE = 1e-5
GAP_SLACK = 1e-6  # the gap is written to 6 decimals
_OWN_KEYS = frozenset(
    (
        *("format", "region", "engine", "seed", "cpu_s", "iterations", "objective_yuan", "bound_yuan", "bound_method"),
        *("gap", "totals", "prices", "crews", "routes", "unserved", "lots"),
    )
)


def write_plan(path: Path, plan: Plan, *, zone: ZoneInfo | str) -> None:
    """Write a plan whole, its times in the region's zone; on any failure the old file stays.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    write_whole(Path(path), plan_json(plan, zone=zone))


def read_plan(path: Path, tz: ZoneInfo) -> Plan:
    """Read a plan file; its times are wall times of `tz`, the region's zone. Unknown keys are kept in `extra`.

    Raises:
        NotFound: there is no such file.
        BadFiles: all that is wrong, `column` naming the place as a JSON path.
    """
    path = Path(path)
    if not path.exists():
        raise NotFound(f"there is no plan file {path}; make one with: nongshi plan")
    faults = Faults()
    text = read_text(path, faults)
    faults.check()
    return parse_plan(text or "", tz, file=path.name)


def parse_plan(text: str, tz: ZoneInfo, *, file: str) -> Plan:
    """The plan that a text in the form of a plan file says; faults are told by the name `file`.

    Raises:
        BadFiles: all that is wrong, `column` naming the place as a JSON path.
    """
    faults = Faults()
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        faults.add(file, f"is no JSON: {error}", "make the plan again; the file may have been cut off")
        document = None
    faults.check()
    root = Node(file, "$", document, faults)
    if root.keys.get("format") != FORMAT:
        mend = f'make the plan again; it begins with "format": "{FORMAT}"'
        root.fault("format", f"is no plan of format {FORMAT}", mend)
    faults.check()
    plan = _plan(root, tz)
    faults.check()
    return plan


def _plan(root: Node, tz: ZoneInfo) -> Plan:
    plan = Plan(
        region=root.text("region"),
        engine=root.text("engine"),
        seed=root.whole("seed"),
        cpu_s=root.number_or_none("cpu_s"),
        iterations=root.whole("iterations", least=0) if root.given("iterations") else None,
        totals=_totals(root.node("totals")),
        bound=_bound(root),
        crews=tuple(_crew(node) for node in root.nodes("crews")),
        routes=tuple(_route(node, tz) for node in root.nodes("routes")),
        unserved=tuple(_unserved(node) for node in root.nodes("unserved")),
        lots=tuple(_lot(node) for node in root.nodes("lots", needed=False)),
        extra={key: value for key, value in root.keys.items() if key not in _OWN_KEYS},
    )
    _check_sums(root, plan)
    return plan


def _totals(node: Node) -> Totals:
    return Totals(
        value_fen=node.fen("value_yuan"),
        loss_fen=node.fen("loss_yuan"),
        km=node.number("km"),
        move_cost_fen=node.fen("move_cost_yuan"),
        work_cost_fen=node.fen("work_cost_yuan"),
        area_ha=node.number("area_ha"),
        jobs_served=node.whole("jobs_served", least=0),
        jobs_unserved=node.whole("jobs_unserved", least=0),
    )


def _bound(root: Node) -> Bound | None:
    """None where `bound_yuan` is null; prices are ours and may be left out."""
    bound_yuan = root.number_or_none("bound_yuan", least=None)
    if bound_yuan is None:
        return None
    prices = root.node("prices", needed=False)
    return Bound(
        bound_fen=round(bound_yuan * FEN_PER_YUAN) + 0.0,
        machine_prices=tuple(
            MachinePrice(
                machine_class=p.text("machine_class"), fen_h=p.fen("yuan_h", least=None), fen_h_by_day=_days(p)
            )
            for p in prices.nodes("machine_classes", needed=False)
        ),
        licence_prices=tuple(
            LicencePrice(licence=p.text("licence"), fen_h=p.fen("yuan_h", least=None), fen_h_by_day=_days(p))
            for p in prices.nodes("licences", needed=False)
        ),
        dryer_prices=tuple(
            DryerPrice(date=p.day("date"), fen_t=p.fen("yuan_t", least=None))
            for p in prices.nodes("dryers", needed=False)
        ),
        method=root.text("bound_method", default=""),
    )


def _days(price: Node) -> dict[date, float]:
    by_day = price.node("by_day")
    days = {}
    for key in by_day.keys:
        day = parse_day(key)
        if day is None:
            by_day.fault(key, "the key is not a date", "write it as YYYY-MM-DD")
        else:
            days[day] = by_day.fen(key, least=None)
    return days


def _crew(node: Node) -> Crew:
    return Crew(date=node.day("date"), machine_id=node.text("machine_id"), operator_id=node.text("operator_id"))


def _route(node: Node, tz: ZoneInfo) -> Route:
    return Route(machine_id=node.text("machine_id"), stops=tuple(_stop(stop, tz) for stop in node.nodes("stops")))


def _stop(node: Node, tz: ZoneInfo) -> Stop:
    return Stop(
        job_id=node.text("job_id"),
        part=node.whole("part", least=1),
        area_ha=node.number("area_ha"),
        depart=node.moment("depart", tz),
        arrive=node.moment("arrive", tz),
        start=node.moment("start", tz),
        end=node.moment("end", tz),
        km=node.number("km"),
    )


def _lot(node: Node) -> Lot:
    return Lot(
        job_id=node.text("job_id"),
        part=node.whole("part", least=1),
        harvested=node.day("harvested"),
        dryer_id=node.text("dryer_id"),
        dried=node.day("dried") if node.given("dried") else None,
        wet_t=node.number("wet_t"),
        km=node.number("km"),
    )


def _unserved(node: Node) -> Unserved:
    reason = node.text("reason")
    if reason and reason not in set(Reason):
        node.fault("reason", "is no known reason", f"use one of: {', '.join(Reason)}")
    return Unserved(
        job_id=node.text("job_id"),
        reason=Reason(reason) if reason in set(Reason) else Reason.NO_CAPACITY,
        text=node.text("text", default=""),
        text_zh=node.text("text_zh", default=""),
    )


def _check_sums(root: Node, plan: Plan) -> None:
    """The stated objective and gap must be those of the stated sums, within the slack that docs/formats.md allows."""
    stated_fen = root.fen("objective_yuan", least=None)
    gap = root.number_or_none("gap", least=None)
    if root.fault_count:
        return
    objective_fen = plan.objective_fen
    if abs(stated_fen - objective_fen) > _slack_fen(objective_fen):
        problem = f"is not value - loss - move_cost - work_cost = {objective_fen / FEN_PER_YUAN:.2f}"
        root.fault("objective_yuan", problem, "make the plan again; the file was changed by hand")
    elif gap is not None and plan.bound is None:
        root.fault("gap", "is given without a bound", "set gap to null, or make the plan again with a bound")
    elif gap is not None and plan.bound is not None and plan.gap is not None:
        slack = _slack_fen(plan.bound.bound_fen) + (1 + abs(plan.gap)) * _slack_fen(objective_fen)
        if abs(gap - plan.gap) > GAP_SLACK + slack / objective_fen:
            root.fault("gap", f"is not bound / objective - 1 = {plan.gap:.6f}", "make the plan again")


def _slack_fen(amount_fen: float) -> float:
    return max(SUM_SLACK_FEN, SUM_SLACK_SHARE * abs(amount_fen))
